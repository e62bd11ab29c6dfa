"""Blocks shared out over as few messages as Slack's limits allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.slack.blocks import limits
from agent.slack.blocks.parts import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agent.slack.blocks.model import Block

MOST_BLOCKS = limits.BLOCKS_IN_MESSAGE - 5
"""Leaves room for the line on top of a continued message and for what stands below the last."""
MOST_TEXT = 9_500
"""Stays well below :data:`limits.BLOCKS_TEXT`, because Slack counts containers too."""


def packed(groups: Iterable[Sequence[Block]]) -> list[list[Block]]:
    """Return the blocks of each message; the blocks of a group stay together."""
    messages: list[list[Block]] = []
    for group in groups:
        if not messages or not _fits([*messages[-1], *group]):
            messages.append([])
        messages[-1].extend(group)
    return messages


def _fits(blocks: Sequence[Block]) -> bool:
    tables = sum(block["type"] == "table" for block in blocks)
    text = sum(len(part) for block in blocks for part in text_of(block))
    return tables <= limits.TABLES_IN_MESSAGE and len(blocks) <= MOST_BLOCKS and text <= MOST_TEXT
