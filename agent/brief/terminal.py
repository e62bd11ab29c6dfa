"""A brief on a terminal: its Markdown with coloured tables, wrapped to the window.

Everything shown comes from the brief's Markdown, so that the terminal says nothing that a file would not. Cells
with a mark (``▲▲ ▲ · ▼ ▼▼``) are coloured on a blue and orange scale that colour-blind readers can tell apart; the
marks stay, for terminals without colour.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich import box
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from agent.brief.model import Brief

MARK = re.compile(r"(▲▲|▲|·|▼▼|▼)$")
STYLES = {
    "▲▲": "bold #ffffff on #1f6f9f",
    "▲": "#0b2b3d on #a6cfe3",
    "·": "dim",
    "▼": "#3d2004 on #f5c99a",
    "▼▼": "bold #ffffff on #b3500b",
}
"""Mark → the style of its cell."""
BREAK = re.compile(r"(?<!\\)\|")
BOLD = re.compile(r"\*\*(.+?)\*\*")
NARROW = 90
"""Columns of a window below which a table drops its frame."""


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


def _rendered(block: str, width: int) -> Table | Text | Markdown | Padding:
    lines = block.split("\n")
    if len(lines) > 2 and lines[0].startswith("|") and lines[1].startswith("|"):
        return table(lines, width)
    if block.startswith("# "):
        return Text(block[2:], style="bold underline")
    if block.startswith("## "):
        return Text(block[3:], style="bold #1f6f9f")
    if block.startswith("> "):
        return Text(BOLD.sub(r"\1", block[2:]), style="bold reverse")
    return Markdown(block)


def table(lines: list[str], width: int) -> Table:
    """Return a Markdown table as one of the terminal."""
    head, rule, *rows = [_cells(line) for line in lines]
    shown = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1) if width >= NARROW else (0, 0),
        expand=False,
    )
    for title, dashes in zip(head, rule, strict=True):
        right = dashes.endswith(":")
        shown.add_column(
            title,
            justify="right" if right else "left",
            no_wrap=right,
            overflow="fold",
            header_style="bold",
        )
    for row in rows:
        shown.add_row(*(_cell(cell) for cell in row))
    return shown


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in BREAK.split(line.strip())[1:-1]]


def _cell(text: str) -> Text:
    mark = MARK.search(text)
    if mark is None:
        return Text(text)
    return Text(text, style=STYLES[mark.group()])
