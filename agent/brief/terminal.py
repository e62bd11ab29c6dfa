"""A brief on a terminal: its Markdown with coloured tables, wrapped to the window.

Every word and number comes from the brief's Markdown, so that the terminal says nothing that a file
would not; beside them it draws, from the answers the brief was made of, the paths of the sectors and
the plane of relative rotation. Cells with a mark (``▲▲ ▲ · ▼ ▼▼``) are coloured on a blue and orange scale that
colour-blind readers can tell apart; the marks stay, for terminals without colour. The heatmap is
set tightly, so that a market of sixteen sectors keeps a line a sector in a hundred columns.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from rich import box
from rich.align import Align
from rich.cells import cell_len
from rich.console import Group
from rich.table import Table
from rich.text import Text

from agent.brief.labels import label
from agent.brief.lexicon import CALLS, TIGHT_CALLS
from agent.brief.tables import BREAK
from agent.brief.terminal_charts import (
    Charts,
    charts_of,
    paths_alone,
    paths_beside,
    rotation_chart,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console, RenderableType

    from agent.brains.base import ComposeRequest
    from agent.brief.model import Brief

MARKED = re.compile(r"(?P<number>.*\S)\s+(?P<mark>▲▲|▲|·|▼▼|▼)")
STYLES = {
    "▲▲": "bold #ffffff on #1f6f9f",
    "▲": "#0b2b3d on #a6cfe3",
    "·": "",
    "▼": "#3d2004 on #f5c99a",
    "▼▼": "bold #ffffff on #b3500b",
}
"""Mark → the style of its cell."""
CALL_STYLES = {"outperform": "#1f6f9f", "underperform": "#b3500b", "none": "dim"}
ROOMY = 3
"""Cells between two columns of a table that is not set tightly."""
HEADING = "bold #1f6f9f"
ITEM = re.compile(r"(-|\d+\.) (.+)")
FENCE = "```"
"""Begins and ends a quotation, which is shown as it stands."""
PARTS = re.compile(r"(\*\*.+?\*\*|\*[^*]+\*)")


AFTER_CHARTS = ("rationale", "comparison", "card", "risks", "watch", "gaps", "sources", "notes")
"""Headings that charts stand before."""


def print_brief(brief: Brief, console: Console, request: ComposeRequest | None = None) -> None:
    """Print a brief, coloured on a terminal; elsewhere print its Markdown as it is.

    Parameters
    ----------
    brief
        The answer.
    console
        Where to.
    request
        What the brief was written from, for the charts; None draws none.
    """
    if not console.is_terminal:
        console.file.write(brief.markdown)
        return
    for shown in _with_charts(brief, charts_of(request), console.width):
        console.print(shown)
        console.print()


def _with_charts(brief: Brief, charts: Charts | None, width: int) -> Iterator[RenderableType]:
    """Yield the parts of a brief with its charts where they belong."""
    language, ranked = brief.language, False
    later = {f"## {label(key, language)}" for key in AFTER_CHARTS}
    waiting = [] if charts is None else _plane(charts, width)
    for block in blocks(brief.markdown):
        if block in later or (block.startswith("*") and not block.startswith("**")):
            yield from waiting
            waiting = []
        if block.startswith("## "):
            ranked = block == f"## {label('ranking', language)}"
        if ranked and charts is not None and block.startswith("|"):
            shown, below = _ranking(block, charts, width)
            waiting = [*below, *waiting]
            yield shown
        else:
            yield _rendered(block, width)
    yield from waiting


def _plane(charts: Charts, width: int) -> list[RenderableType]:
    chart = rotation_chart(charts, width)
    return [] if chart is None else [Text(label("plane", charts.language), style=HEADING), chart]


def _ranking(
    block: str, charts: Charts, width: int
) -> tuple[RenderableType, tuple[RenderableType, ...]]:
    """Return the ranking with each sector's path beside it, and what stands below where the window is too narrow."""
    head, rule, *rows = (_cells(line) for line in block.split("\n"))
    drawn = paths_beside(rows, charts, width - _wide([head, *rows]) - ROOMY * (len(head) + 1))
    if drawn:
        note = Text(label("path_note", charts.language), style="italic")
        return table(head, rule, rows, width, (label("path", charts.language), drawn)), (note,)
    alone = paths_alone(charts, [cell for row in rows for cell in row], width)
    return table(head, rule, rows, width), () if alone is None else (alone,)


def blocks(markdown: str) -> Iterator[str]:
    """Yield the parts of a Markdown text that blank lines separate."""
    for block in markdown.strip().split("\n\n"):
        if block.strip():
            yield block.strip("\n")


def _rendered(block: str, width: int) -> RenderableType:
    lines = block.split("\n")
    if len(lines) > 2 and all(line.startswith("|") for line in lines):
        head, rule, *rows = (_cells(line) for line in lines)
        return _whole(head, rule, rows, width)
    if lines[0].startswith(FENCE) and lines[-1] == FENCE:
        return Text("\n".join(lines[1:-1]), style="dim")
    items = [ITEM.fullmatch(line) for line in lines]
    if all(items):
        return _list([item.groups() for item in items if item is not None])
    if block.startswith("# "):
        return Text(block[2:], style="bold underline")
    if block.startswith("## "):
        return Text(block[3:], style=HEADING)
    if block.startswith("> "):
        return _inline(block[2:], "bold reverse")
    return _inline(" ".join(lines))


def _list(items: list[tuple[str, ...]]) -> Table:
    """Return a list with hanging indents."""
    shown = Table.grid(padding=(0, 1, 0, 0))
    for mark, text in items:
        shown.add_row("•" if mark == "-" else mark, _inline(text))
    return shown


def _inline(text: str, style: str = "") -> Text:
    """Return a text with its bold and italic parts."""
    shown = Text(style=style)
    for part in PARTS.split(text):
        if part.startswith("**") and part.endswith("**") and len(part) > 4:
            shown.append(part[2:-2], style="bold")
        elif part.startswith("*") and part.endswith("*") and len(part) > 2:
            shown.append(part[1:-1], style="italic")
        else:
            shown.append(part)
    return shown


def _whole(head: list[str], rule: list[str], rows: list[list[str]], width: int) -> RenderableType:
    """Return a table in one piece, or in two where its names would need three lines or more beside all numbers."""
    numbers = [at for at, dashes in enumerate(rule) if dashes.endswith(":")]
    texts = [at for at in range(len(head)) if at not in numbers]
    if not texts or len(numbers) < 2:
        return table(head, rule, rows, width)
    name = texts[0]
    needed = max(_in_two(row[name]) for row in rows)
    needed += sum(max(cell_len(_tightly(row[at])) for row in rows) for at in (*numbers, *texts[1:]))
    if needed + len(head) - 1 <= width:
        return table(head, rule, rows, width)
    first = numbers[len(numbers) // 2]
    parts = [range(first), (name, *range(first, len(head)))]
    cut = [
        table(
            [head[at] for at in part],
            [rule[at] for at in part],
            [[row[at] for at in part] for row in rows],
            width,
        )
        for part in parts
    ]
    return Group(cut[0], Text(""), cut[1])


def _in_two(text: str) -> int:
    """Return how wide a column must be for a text to take two lines at most."""
    words = text.split() or [""]
    return min(
        max(cell_len(" ".join(words[:at])), cell_len(" ".join(words[at:])))
        for at in range(1, len(words) + 1)
    )


def _tightly(text: str) -> str:
    """Return a cell as it is set in a tight table: its mark right behind the number."""
    marked = MARKED.fullmatch(text)
    return text if marked is None else f"{marked['number']}{marked['mark']}"


def _wide(rows: list[list[str]]) -> int:
    """Return how wide the columns of some rows are together."""
    return sum(max(cell_len(row[at]) for row in rows) for at in range(len(rows[0])))


def table(
    head: list[str],
    rule: list[str],
    rows: list[list[str]],
    width: int,
    drawn: tuple[str, dict[str, Text]] | None = None,
) -> Table:
    """Return a Markdown table as one of the terminal; names and headings may wrap.

    Parameters
    ----------
    head, rule, rows
        Cells of the heading, the dashes below it, and the rows.
    width
        Of the window.
    drawn
        Heading of one more column, and what it shows for a row that has a cell of that text.
    """
    wide = _wide([head, *rows]) + ROOMY * len(head) > width
    tight = wide or any(MARKED.fullmatch(cell) for row in rows for cell in row)
    shown = Table(
        box=None if tight else box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        padding=(0, 1, 0, 0) if tight else (0, 1),
        header_style="bold",
    )
    marks = [_mark_width(row[at] for row in rows) for at in range(len(head))]
    cells = [[_cell(text, marks[at]) for at, text in enumerate(row)] for row in rows]
    for at, (title, dashes) in enumerate(zip(head, rule, strict=True)):
        widest = max((cell_len(row[at].plain) for row in cells), default=0)
        right = dashes.endswith(":")
        broken = title.replace(" ", "\n") if right and cell_len(title) > widest else title
        side: Literal["left", "right"] = "right" if right else "left"
        # Headings stand on the rows; the rows begin at their first line, however long one cell is.
        shown.add_column(
            Align(broken, side, vertical="bottom"),
            justify=side,
            min_width=widest if right else None,
        )
    if drawn is not None:
        shown.add_column(Align(drawn[0], vertical="bottom"), no_wrap=True)
    for row, texts in zip(cells, rows, strict=True):
        more = (
            [] if drawn is None else [next((drawn[1][t] for t in texts if t in drawn[1]), Text())]
        )
        shown.add_row(*row, *more)
    return shown


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in BREAK.split(line.strip())[1:-1]]


def _mark_width(cells: Iterable[str]) -> int:
    """Return how wide the marks of a column are."""
    marked = (MARKED.fullmatch(cell) for cell in cells)
    return max((len(match["mark"]) for match in marked if match is not None), default=0)


def _cell(text: str, mark_width: int) -> Text:
    marked = MARKED.fullmatch(text)
    if marked is not None:
        mark = marked["mark"]
        return Text(marked["number"] + mark.ljust(mark_width), style=STYLES[mark])
    for language, calls in CALLS.items():
        for call, forms in calls.items():
            if text == forms[0]:
                return Text(TIGHT_CALLS[language][call], style=CALL_STYLES[call])
    return Text(text)
