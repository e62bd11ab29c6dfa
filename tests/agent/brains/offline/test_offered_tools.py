"""Tools that not every server has are planned where they are offered, and follow-ups in long sentences."""

from __future__ import annotations

from typing import Any

import pytest

from agent.brains.base import ToolSpec

NEWS = ToolSpec(
    name="get_news_sentiment",
    description="",
    input_schema={"properties": {"timeframe": {}, "sector": {}}},
)
CARD = ToolSpec(name="get_signal_card", description="", input_schema={"properties": {}})


class TestNews:
    @pytest.mark.parametrize(
        ("question", "arguments"),
        [
            (
                "what is the news sentiment on banks this week",
                {"timeframe": "1W", "sector": "8300"},
            ),
            ("báo chí tháng này khen hay chê ngân hàng", {"timeframe": "1M", "sector": "8300"}),
            ("are today's headlines good or bad", {"timeframe": "1D"}),
        ],
    )
    def test_its_tone_is_looked_up(
        self, question: str, arguments: dict[str, str], askers: Any
    ) -> None:
        draft = askers["vn"](question, tools=(NEWS,))
        assert [(c.tool, c.arguments) for c in draft.calls] == [(NEWS.name, arguments)]
        assert draft.complete

    def test_it_follows_the_sector_spoken_of(self, askers: Any) -> None:
        before = "foreign flow in banks this month"
        (call,) = askers["vn"]("and the news?", before, tools=(NEWS,)).calls
        assert call.arguments["sector"] == "8300"

    def test_it_is_not_planned_where_it_is_not_offered(self, askers: Any) -> None:
        draft = askers["vn"]("what is the news sentiment on banks this week")
        assert NEWS.name not in {call.tool for call in draft.calls}


class TestRecord:
    @pytest.mark.parametrize(
        "question",
        [
            "how good is your record",
            "how good are you?",
            "do you beat simple momentum?",
            "mô hình này dự báo trúng bao nhiêu phần trăm",
            "bạn dự báo có tốt không",
            "bạn có giỏi không?",
        ],
    )
    def test_the_signal_card_tells_of_it(self, question: str, askers: Any) -> None:
        draft = askers["vn"](question, tools=(CARD,))
        assert draft.intent == "track"
        assert draft.calls[0].tool == CARD.name


class TestLongFollowUps:
    def test_the_same_is_asked_of_another_sector(self, askers: Any) -> None:
        before = "Could you show unusual large trading in banks this week, please?"
        question = (
            "Thank you, that is splendid; and might we have the same for insurance companies?"
        )
        (call,) = askers["vn"](question, before).calls
        assert (call.tool, call.arguments["sector"]) == ("get_whale_activity", "8500")

    @pytest.mark.parametrize(
        ("question", "scenario", "magnitude"),
        [
            ("Xin lỗi anh, ý sếp em là giảm chứ không phải tăng ạ", "rate_cut", 100.0),
            ("halve the shock", "rate_hike", 50.0),
        ],
    )
    def test_a_shock_is_turned_or_scaled(
        self, question: str, scenario: str, magnitude: float, askers: Any
    ) -> None:
        (call,) = askers["vn"](question, "what if rates rise 100 bp").calls
        assert call.arguments["scenario"] == scenario
        assert call.arguments["magnitude"] == magnitude

    def test_two_shocks_have_their_own_sizes(self, askers: Any) -> None:
        draft = askers["vn"]("dầu +30% và fed giảm 50bp, chạy cả hai")
        sizes = {c.arguments["scenario"]: c.arguments["magnitude"] for c in draft.calls}
        assert sizes == {"oil_shock": 30.0, "rate_cut": 50.0}
