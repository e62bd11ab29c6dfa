"""The level of industries from a flag, the environment or the settings file, and what a conversation makes of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from agent.conversation import Conversation
from agent.settings import load_settings
from tests.markets import write_market
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path

FILE = "sectorvane.toml"


def test_a_flag_beats_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    assert load_settings({}, {}, tmp_path).level == "sector"
    (tmp_path / FILE).write_text('level = "industry"\n', encoding="utf-8")
    assert load_settings({}, {}, tmp_path).level == "industry"
    sector = {"SECTORVANE_LEVEL": "sector"}
    assert load_settings({}, sector, tmp_path).level == "sector"
    assert load_settings({"level": "industry"}, sector, tmp_path).level == "industry"


def test_another_level_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError, match="a level, sector or industry"):
        load_settings({"level": "company"}, {}, tmp_path)


async def test_a_conversation_speaks_of_industries_and_its_record_says_so(home: Path) -> None:
    settings = load_settings(
        {"market": "demo", "level": "industry", "as_of": date(2020, 6, 30), "home": home,
         "brain": "offline"},
        {}, home,
    )  # fmt: skip
    async with Conversation(settings) as conversation:
        names = {sector.code: sector for sector in conversation.vocabulary.sectors}
        assert names["packaging"].thin
        assert not names["steel"].thin
        brief = await conversation.ask("Which sectors should I hold over the next month?")
        record = conversation.record
    assert brief.review.passed
    assert not brief.review.fallback
    assert brief.scorecard is not None
    assert {row.sector for row in brief.scorecard.sectors} <= set(names)
    assert next(r for r in brief.scorecard.sectors if r.sector == "packaging").confidence == "low"
    assert record is not None
    assert record.settings["level"] == "industry"
    assert "by industry" in brief.market.name


async def test_a_market_without_industries_stops_the_question(home: Path, tmp_path: Path) -> None:
    folder = write_market(tmp_path / "toy")
    flags = {"market": f"folder:{folder}", "level": "industry", "home": home, "brain": "offline"}
    async with Conversation(load_settings(flags, {}, home)) as conversation:
        with pytest.raises(UnusableInputError, match="Use --level sector"):
            await conversation.ask("Which sectors lead?")
