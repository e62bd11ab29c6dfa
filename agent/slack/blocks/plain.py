"""A brief as one text, for a workspace or a moment that refuses its blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.remote import FENCE
from agent.slack.blocks.text import JOINER, neutralise
from agent.slack.blocks.words import word

if TYPE_CHECKING:
    from agent.brief.model import Brief

MOST_TEXT = 11_000
"""Characters of the text: a long post, and far from where Slack cuts."""
TICKS = "`" * 3


def plain_text(brief: Brief) -> str:
    """Return a brief as text in which nothing is live; tables and quotations stand in monospace.

    What would make it too long is left out at the end of a block, and the text says so.
    """
    shown: list[str] = []
    size = 0
    for block in brief.markdown.strip().split("\n\n"):
        text = _block(block.strip("\n"))
        size += len(text) + 2
        if size > MOST_TEXT:
            shown.append(word("short", brief.language))
            break
        shown.append(text)
    return "\n\n".join(shown) or JOINER


def _block(block: str) -> str:
    lines = block.split("\n")
    if all(line.startswith("|") for line in lines):
        return _monospace("\n".join(line for line in lines if set(line) - set("|-: ")))
    if lines[0].startswith(FENCE) and lines[-1] == FENCE:
        return _monospace("\n".join(lines[1:-1]))
    return neutralise(block.lstrip("#> ").replace("**", "*"))


def _monospace(text: str) -> str:
    inner = neutralise(text).replace(TICKS, f"`{JOINER}``")
    return f"{TICKS}\n{inner}\n{TICKS}"
