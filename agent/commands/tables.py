"""Tables in Markdown, as the subcommands print them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def markdown_table(
    heads: Sequence[str], rows: Sequence[Sequence[object]], *, numbers: bool = False
) -> str:
    """Return a table; with `numbers` every column but the first is aligned to the right."""
    rule = ["---", *("---:" if numbers else "---" for _ in heads[1:])]
    lines = [heads, rule, *rows]
    return "\n".join(f"| {' | '.join(_cell(value) for value in line)} |" for line in lines)


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", "\\|")
