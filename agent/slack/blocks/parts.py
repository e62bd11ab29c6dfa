"""The blocks that a brief is made of, each within its own limits.

What a reader reads stands in rich text, plain text and table cells, in none of which Slack looks
for markup: a name with asterisks or a mention in a quotation is shown as it is and does nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from rich.cells import cell_len

from agent.slack.blocks import limits
from agent.slack.blocks.text import pieces, shortened, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from agent.slack.blocks.model import Block

CELL_TEXT = 120
"""Characters of one cell; a longer name is cut."""
TABLE_BUDGET = 8_000
"""Characters of a table that leave room for the text of its message."""
BLANK = "\N{NO-BREAK SPACE}"
"""Stands in an empty cell, which Slack refuses."""


class Run(NamedTuple):
    """Some words of rich text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


class Grid(NamedTuple):
    """A table of texts; `right` are the indexes of right-aligned columns."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()


def header(text: str) -> Block:
    """Return a heading."""
    shown = shortened(text, limits.HEADER_TEXT) or BLANK
    return {"type": "header", "text": {"type": "plain_text", "text": shown, "emoji": False}}


def rich(*elements: Block) -> Block:
    """Return rich text of sections, lists and quotations."""
    return {"type": "rich_text", "elements": list(elements)}


def section(*runs: Run) -> Block:
    """Return one paragraph of rich text."""
    return {"type": "rich_text_section", "elements": [_run(run) for run in runs if run.text]}


def heading(text: str) -> Block:
    """Return a heading inside a message, smaller than :func:`header`."""
    return rich(section(Run(visible(text), bold=True)))


def paragraph(text: str, *, bold: bool = False) -> Iterator[Block]:
    """Yield a paragraph; a very long one in parts."""
    for part in pieces(visible(text), limits.SECTION_TEXT):
        yield rich(section(Run(part, bold=bold)))


def bullets(items: Iterable[Sequence[Run]], *, style: str = "bullet", indent: int = 0) -> Block:
    """Return a list element of rich text, an item a line."""
    found = {
        "type": "rich_text_list",
        "style": style,
        "elements": [section(*item) for item in items],
    }
    return found | ({"indent": indent} if indent else {})


def quotation(text: str) -> Block:
    """Return a text in monospace, exactly as it stands."""
    element = {"type": "text", "text": visible(text) or BLANK}
    return rich({"type": "rich_text_preformatted", "elements": [element]})


def context(*texts: str) -> Block:
    """Return small print, a text an element."""
    elements = [
        {"type": "plain_text", "text": shortened(text, limits.TEXT_OBJECT), "emoji": False}
        for text in texts
        if text.strip()
    ]
    return {"type": "context", "elements": elements[: limits.CONTEXT_ELEMENTS]}


def tables(grid: Grid) -> Iterator[Block]:
    """Yield a table, in several where one may not hold all of its columns, rows or characters.

    The first column stands in each of them, and so does the heading.
    """
    width = limits.TABLE_COLUMNS - 1
    for start in range(1, max(len(grid.header), 2), width):
        columns = [0, *range(start, min(start + width, len(grid.header)))]
        head = [_cell(grid.header[at]) for at in columns]
        settings = [_column(at in grid.right, first=at == 0) for at in columns]
        body = ([_cell(row[at]) for at in columns] for row in grid.rows)
        for rows in _chunks(body, _size(head)):
            yield {"type": "table", "column_settings": settings, "rows": [head, *rows]}


def aligned(grid: Grid) -> str:
    """Return a table as lines of monospace text, its columns lined up in any script."""
    rows = [[shortened(cell, CELL_TEXT) for cell in row] for row in (grid.header, *grid.rows)]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            _padded(cell, widths[at], at in grid.right) for at, cell in enumerate(row)
        ).rstrip()
        for row in rows
    )


def _padded(text: str, width: int, right: bool) -> str:  # noqa: FBT001 - an alignment
    space = " " * (width - cell_len(text))
    return space + text if right else text + space


def button(text: str, action_id: str, value: str, *, style: str = "") -> Block:
    """Return a button."""
    label = {
        "type": "plain_text",
        "text": shortened(text, limits.BUTTON_TEXT) or BLANK,
        "emoji": False,
    }
    found = {"type": "button", "text": label, "action_id": action_id}
    found["value"] = shortened(value, limits.BUTTON_VALUE) or BLANK
    return found | ({"style": style} if style else {})


def actions(buttons: Sequence[Block]) -> Block:
    """Return a row of buttons."""
    return {"type": "actions", "elements": list(buttons[: limits.ACTIONS])}


def text_of(block: Block) -> Iterator[str]:
    """Yield every text of a block that a reader may see."""
    for key, value in block.items():
        if key == "text" and isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from text_of(value)
        elif isinstance(value, list):
            yield from _texts(value)


def _texts(values: list[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, dict):
            yield from text_of(value)
        elif isinstance(value, list):
            yield from _texts(value)


def _run(run: Run) -> Block:
    found: Block = {"type": "text", "text": visible(run.text)}
    style = {name: True for name in ("bold", "italic") if getattr(run, name)}
    return found | ({"style": style} if style else {})


def _cell(text: str) -> Block:
    return {"type": "raw_text", "text": shortened(text, CELL_TEXT) or BLANK}


def _column(right: bool, *, first: bool) -> Block:  # noqa: FBT001 - an alignment
    return {"align": "right" if right else "left", "is_wrapped": first}


def _chunks(rows: Iterable[list[Block]], taken: int) -> Iterator[list[list[Block]]]:
    held: list[list[Block]] = []
    size = taken
    for row in rows:
        more = _size(row)
        if held and (len(held) + 1 >= limits.TABLE_ROWS or size + more > TABLE_BUDGET):
            yield held
            held, size = [], taken
        held.append(row)
        size += more
    if held:
        yield held


def _size(row: Iterable[Block]) -> int:
    return sum(len(cell["text"]) for cell in row)
