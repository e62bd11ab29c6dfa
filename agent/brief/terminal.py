"""A brief on a terminal: its Markdown with coloured tables, wrapped to the window.

Everything shown comes from the brief's Markdown, so that the terminal says nothing that a file
would not. Cells with a mark (``▲▲ ▲ · ▼ ▼▼``) are coloured on a blue and orange scale that
colour-blind readers can tell apart; the marks stay, for terminals without colour. The heatmap is
set tightly, so that a market of sixteen sectors keeps a line a sector in a hundred columns.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from agent.brief.lexicon import CALLS, TIGHT_CALLS
from agent.brief.tables import BREAK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console

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


def print_brief(brief: Brief, console: Console) -> None:
    """Print a brief, coloured on a terminal; elsewhere print its Markdown as it is."""
    if not console.is_terminal:
        console.file.write(brief.markdown)
        return
    for block in blocks(brief.markdown):
        console.print(_rendered(block, console.width))
        console.print()


def blocks(markdown: str) -> Iterator[str]:
    """Yield the parts of a Markdown text that blank lines separate."""
    for block in markdown.strip().split("\n\n"):
        if block.strip():
            yield block.strip("\n")


def _rendered(block: str, width: int) -> Table | Text:
    lines = block.split("\n")
    if len(lines) > 2 and all(line.startswith("|") for line in lines):
        head, rule, *rows = (_cells(line) for line in lines)
        return table(head, rule, rows, width)
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


def table(head: list[str], rule: list[str], rows: list[list[str]], width: int) -> Table:
    """Return a Markdown table as one of the terminal; names and headings may wrap."""
    widths = (max(cell_len(row[at]) for row in (head, *rows)) for at in range(len(head)))
    wide = sum(widths) + ROOMY * len(head) > width
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
        shown.add_column(
            title.replace(" ", "\n") if right and cell_len(title) > widest else title,
            justify="right" if right else "left",
            min_width=widest if right else None,
            vertical="bottom",
        )
    for row in cells:
        shown.add_row(*row)
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
