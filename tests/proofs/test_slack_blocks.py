"""Slack's limits over many extreme briefs, and over the briefs that the shipped markets really give."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from agent.evaluation.corpus import briefs_of
from agent.slack.blocks import brief_messages, limits, problems
from agent.slack.blocks.parts import text_of
from tests.agent.slack_blocks.briefs import brief_of, extreme_requests
from tests.agent.slack_blocks.test_brief_messages import heat_of_markdown, heat_of_messages
from tools.desk import Desk
from tools.sources import open_market

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from agent.brains.base import ComposeRequest
    from agent.brief.model import Brief
    from agent.slack.blocks import SlackMessage

BRIEFS = 400
SHIPPED = {"industries": date(2010, 5, 31), "demo": date(2026, 9, 30)}


class Measured:
    """What was seen of many briefs as messages, and how near it came to the limits."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.most: Counter[str] = Counter()

    def see(self, brief: Brief) -> None:
        """Lay out one brief, and check it and its heatmap."""
        messages = brief_messages(brief)
        assert [found for message in messages for found in problems(message)] == []
        wanted = heat_of_markdown(brief)
        if wanted:
            assert Counter(heat_of_messages(messages, len(wanted[0]))) == Counter(wanted)
        self.counts["briefs"] += 1
        self.counts["messages"] += len(messages)
        self.counts["numbers of heatmaps, all found again"] += sum(map(len, wanted))
        self.counts["briefs with a file"] += messages[-1].file is not None
        self._measure(messages)

    def _measure(self, messages: Sequence[SlackMessage]) -> None:
        self._note("messages of a brief", len(messages), 5)
        for message in messages:
            text = sum(len(part) for block in message.blocks for part in text_of(block))
            self._note("blocks of a message", len(message.blocks), limits.BLOCKS_IN_MESSAGE)
            self._note("characters of a message's blocks", text, limits.BLOCKS_TEXT)
            for block in message.blocks:
                if block["type"] == "table":
                    size = sum(len(cell["text"]) for row in block["rows"] for cell in row)
                    self._note("characters of a table", size, limits.TABLE_TEXT)
                    self._note("rows of a table", len(block["rows"]), limits.TABLE_ROWS)
                    self._note("columns of a table", len(block["rows"][0]), limits.TABLE_COLUMNS)

    def _note(self, what: str, size: int, limit: int) -> None:
        key = f"{what}, of {limit:,} allowed"
        self.most[key] = max(self.most[key], size)

    def show(self) -> None:
        """Print both tables."""
        print("| seen | number |\n| --- | ---: |")
        for what, number in self.counts.items():
            print(f"| {what} | {number:,} |")
        print("\n| most | number |\n| --- | ---: |")
        for what, number in self.most.items():
            print(f"| {what} | {number:,} |")


@pytest.mark.proof
def test_slack_would_take_any_extreme_brief_and_no_number_is_lost() -> None:
    measured = Measured()

    @settings(max_examples=BRIEFS, deadline=None, suppress_health_check=list(HealthCheck))
    @given(extreme_requests())
    def seen(request: ComposeRequest) -> None:
        measured.see(brief_of(request))

    seen()
    measured.show()
    assert measured.counts["briefs"] >= BRIEFS


@pytest.mark.proof
def test_slack_would_take_the_briefs_of_the_shipped_markets(tmp_path: Path) -> None:
    measured = Measured()
    desks = [Desk(open_market(name), day, tmp_path) for name, day in SHIPPED.items()]
    for desk in desks:
        for found in briefs_of(desk):
            measured.see(brief_of(found.request))
    measured.show()
    assert measured.counts["briefs"] > len(desks)
