"""Markdown tables whose columns line up in a monospace font, in any script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


BREAK = re.compile(r"(?<!\\)\|")
"""What ends a cell."""


def table(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()
) -> str:
    """Return a Markdown table; `right` are the indexes of right-aligned columns.

    Widths are measured in terminal cells, so that Vietnamese letters and wide characters line up.
    """
    body = [[escape(cell) for cell in row] for row in rows]
    head = [escape(cell) for cell in header]
    aligned = set(right)
    widths = [max(3, *(cell_len(row[i]) for row in (head, *body))) for i in range(len(head))]
    rule = [
        "-" * (width - 1) + ":" if i in aligned else "-" * width for i, width in enumerate(widths)
    ]
    return "\n".join(_line(row, widths, aligned) for row in (head, rule, *body))


def escape(cell: str) -> str:
    """Return a cell's text on one line, with bars that do not end the cell."""
    return " ".join(cell.split()).replace("|", "\\|")


def _line(cells: Sequence[str], widths: Sequence[int], right: set[int]) -> str:
    padded = [
        _pad(cell, width, left=i in right)
        for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join(padded)} |"


def _pad(cell: str, width: int, *, left: bool) -> str:
    space = " " * (width - cell_len(cell))
    return space + cell if left else cell + space


def align(values: Sequence[tuple[str, str]]) -> list[str]:
    """Return number and mark as one text each, the numbers right-aligned among themselves."""
    numbers = max((cell_len(number) for number, _ in values), default=0)
    marks = max((cell_len(mark) for _, mark in values), default=0)
    return [
        f"{_pad(number, numbers, left=True)} {_pad(mark, marks, left=False)}".rstrip()
        if mark or number
        else ""
        for number, mark in values
    ]
