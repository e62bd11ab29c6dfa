"""Whole questions under a mandate: its sectors alone are ranked and shown, and everything still passes the review."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from agent import aask
from agent.settings import load_settings
from tests.markets import write_market
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path

    from agent.brief.model import Brief

AS_OF = date(2023, 3, 15)
NAMES = {
    "0500": ("Energy", "Năng lượng"),
    "1500": ("Materials", "Nguyên vật liệu"),
    "3000": ("Consumer Staples", "Hàng tiêu dùng thiết yếu"),
    "4000": ("Financials", "Tài chính"),
    "4500": ("Information Technology", "Công nghệ thông tin"),
}
QUESTIONS = {
    "en": (
        "Which sectors should I hold over the next month?",
        "How should I tilt my portfolio?",
        "Give me a full brief",
        "What are foreigners buying this month?",
        "Where is unusual trading?",
        "What would a rate hike do?",
    ),
    "vi": (
        "Nên nắm giữ ngành nào trong tháng tới?",
        "Tôi nên phân bổ danh mục thế nào?",
        "Khối ngoại mua gì tháng này?",
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_market(tmp_path_factory.mktemp("market") / "toy", n_days=650)


async def ask(question: str, folder: Path, home: Path, toml: str = "", **flags: Any) -> Brief:
    (home / "sectorvane.toml").write_text(toml, encoding="utf-8")
    flags = {"market": f"folder:{folder}", "as_of": AS_OF, "home": home / "kept", **flags}
    return await aask(question, settings=load_settings({"brain": "offline", **flags}, {}, home))


def mandate(*sectors: str, **limits: object) -> str:
    lines = [f"{name} = {value!r}".replace("'", '"') for name, value in limits.items()]
    listed = ", ".join(f'"{name}"' for name in sectors)
    return "\n".join(["[mandate]", f"sectors = [{listed}]", *lines])


class TestScope:
    @pytest.mark.parametrize("sectors", [("4000",), ("4000", "0500"), ("0500", "1500", "4500")])
    @pytest.mark.parametrize("language", ["en", "vi"])
    async def test_only_its_sectors_are_told(
        self, sectors: tuple[str, ...], language: str, folder: Path, tmp_path: Path
    ) -> None:
        for question in QUESTIONS[language]:
            brief = await ask(question, folder, tmp_path, mandate(*sectors))
            assert (brief.review.passed, brief.review.fallback) == (True, False), question
            assert brief.intent != "clarify"
            for code, names in NAMES.items():
                shown = any(name in brief.markdown for name in names)
                assert shown <= (code in sectors), (question, code)

    async def test_ranks_are_among_them_and_the_scorecard_stays_whole(
        self, folder: Path, tmp_path: Path
    ) -> None:
        question = QUESTIONS["en"][0]
        brief = await ask(question, folder, tmp_path, mandate("Tài chính", "Energy"))
        free = await ask(question, folder, tmp_path)
        assert brief.scorecard == free.scorecard
        assert brief.scorecard is not None
        assert len(brief.scorecard.sectors) == len(NAMES)
        assert free.mandate is None
        assert brief.mandate is not None
        assert brief.mandate.sectors == ("0500", "4000")
        for row in brief.scorecard.sectors:
            assert brief.facts[f"{row.sector}.rank.1M"].value == row.rank
        within = [row for row in brief.scorecard.sectors if row.sector in brief.mandate.sectors]
        for place, row in enumerate(sorted(within, key=lambda one: one.rank), 1):
            name = NAMES[row.sector][0]
            assert f"|   {place}. | {name} " in brief.markdown
            if place != row.rank:
                assert brief.facts[f"{row.sector}.mandate_rank.1M"].value == place
        assert "only these are ranked and shown" in brief.markdown

    async def test_a_sector_outside_is_answered_when_asked_and_said_to_be_outside(
        self, folder: Path, tmp_path: Path
    ) -> None:
        question = "Compare Materials with Energy over the next month"
        brief = await ask(question, folder, tmp_path, mandate("Energy"))
        assert brief.review.passed
        assert "Outside your mandate, and here only because you asked: Materials." in brief.markdown
        assert "Financials" not in brief.markdown


class TestTilts:
    async def test_a_portfolio_shows_tilts_that_are_facts_and_sum_to_zero(
        self, folder: Path, tmp_path: Path
    ) -> None:
        toml = mandate(risk_tolerance="high", largest_tilt=0.02)
        brief = await ask(QUESTIONS["en"][1], folder, tmp_path, toml)
        assert brief.intent == "portfolio"
        found = {key: fact.value for key, fact in brief.facts.items() if fact.metric == "tilt"}
        assert sum(map(float, found.values())) == pytest.approx(0.0, abs=1e-12)
        assert all(abs(float(size)) <= 0.02 for size in found.values())
        assert "## Tilts within the mandate" in brief.markdown
        if found:
            assert "2.0% of the portfolio" in brief.markdown
        else:
            assert "No call is firm enough for a tilt" in brief.markdown

    async def test_other_questions_show_none(self, folder: Path, tmp_path: Path) -> None:
        brief = await ask(QUESTIONS["en"][0], folder, tmp_path, mandate("Energy", "Materials"))
        assert brief.intent != "portfolio"
        assert not [key for key, fact in brief.facts.items() if fact.metric == "tilt"]

    async def test_without_a_mandate_the_usual_limits_hold_and_are_called_so(
        self, folder: Path, tmp_path: Path
    ) -> None:
        brief = await ask(QUESTIONS["en"][1], folder, tmp_path)
        assert "## Suggested tilts" in brief.markdown
        assert brief.mandate is not None
        assert (brief.mandate.said, brief.mandate.largest_tilt) == (False, 0.05)


class TestSettings:
    async def test_its_horizon_is_that_of_a_question_that_names_none(
        self, folder: Path, tmp_path: Path
    ) -> None:
        toml = mandate(horizon="3M")
        assert (await ask("Which sectors should I hold?", folder, tmp_path, toml)).horizon == "3M"
        asked = await ask(QUESTIONS["en"][0], folder, tmp_path, toml)
        assert asked.horizon == "1M"

    async def test_an_unknown_sector_stops_the_question_and_names_the_nearest(
        self, folder: Path, tmp_path: Path
    ) -> None:
        with pytest.raises(UnusableInputError, match="Financials"):
            await ask(QUESTIONS["en"][0], folder, tmp_path, mandate("Finanzials"))

    async def test_notions_of_the_desk_and_parents_are_understood(
        self, folder: Path, tmp_path: Path
    ) -> None:
        brief = await ask(QUESTIONS["en"][0], folder, tmp_path, mandate("banking"))
        assert brief.mandate is not None
        assert brief.mandate.sectors == ("4000",)
        finer = await ask(
            "How should I tilt my portfolio?", folder, tmp_path, mandate("Banks"),
            market="demo", as_of=date(2020, 6, 30), level="industry",
        )  # fmt: skip
        assert finer.mandate is not None
        assert finer.mandate.sectors == ("large-banks", "regional-banks")
        assert finer.review.passed
