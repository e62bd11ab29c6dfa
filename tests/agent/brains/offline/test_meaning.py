"""Questions told by what they are about: outside the market, unknown names, narrow asks."""

from __future__ import annotations

from typing import Any

import pytest

from agent.brains.offline.outside import is_outside


class TestOutside:
    @pytest.mark.parametrize(
        "question",
        [
            "Where does the chairman of Hoa Phat live?",
            "what stocks does my colleague Minh own?",
            "bị công ty chứng khoán lừa thì kiện ở đâu",
            "help me write a cover letter for a bank job",
            "cài stoploss 22 cho HPG giùm",
            "close all my positions",
            "cam kết lãi 10% một tháng được không",
        ],
    )
    def test_a_name_of_the_market_makes_no_market_question(
        self, question: str, askers: Any
    ) -> None:
        assert is_outside(question)
        draft = askers["vn"](question)
        assert (draft.intent, draft.calls) == ("out_of_scope", ())

    @pytest.mark.parametrize(
        "question",
        [
            "my boss asked for the outlook of banks",
            "should I sell my HPG?",
            "nếu khối ngoại rút 5.000 tỷ",
            "what are the owners of property stocks facing this month",
        ],
    )
    def test_people_and_money_alone_lead_nowhere_else(self, question: str) -> None:
        assert not is_outside(question)


class TestUnknownNames:
    @pytest.mark.parametrize(
        "question", ["How is the Banana sector doing?", "ngành Chuối thế nào", "the mango names"]
    )
    def test_an_unknown_sector_is_answered_with_the_nearest(
        self, question: str, askers: Any
    ) -> None:
        draft = askers["vn"](question)
        assert (draft.intent, draft.calls) == ("clarify", ())
        assert len(draft.clarification.choices) == 3

    def test_an_unknown_ticker_beside_known_ones_is_noted(self, askers: Any) -> None:
        draft = askers["vn"]("hpg, qqx and vcb please")
        assert [call.arguments["symbol"] for call in draft.calls] == ["HPG", "VCB"]
        assert any("QQX" in note for note in draft.notes)


class TestNarrowAsks:
    @pytest.mark.parametrize(
        ("question", "tool"),
        [
            ("How is the market today?", "get_market_overview"),
            ("Thị trường hôm nay thế nào?", "get_market_overview"),
            ("Which sectors did best this week?", "get_sector_heatmap"),
            ("Ngành nào tăng mạnh nhất tuần này?", "get_sector_heatmap"),
        ],
    )
    def test_nothing_is_added_to_what_was_asked(
        self, question: str, tool: str, askers: Any
    ) -> None:
        draft = askers["vn"](question)
        assert draft.complete
        assert [call.tool for call in draft.calls] == [tool]

    def test_a_ranking_is_the_forecast_alone(self, askers: Any) -> None:
        draft = askers["vn"]("rank the sectors for next month")
        assert draft.complete
        assert [call.tool for call in draft.calls] == ["get_sector_forecast"]

    def test_leaders_are_told_with_the_scorecard(self, askers: Any) -> None:
        assert not askers["vn"]("which sectors are rotating in").complete


class TestTrimming:
    def test_a_plan_says_in_the_questions_language_what_it_leaves_out(self, askers: Any) -> None:
        names = "VCB BID CTG TCB VPB MBB ACB"
        assert any("first 6" in note for note in askers["vn"](f"analyse {names}").notes)
        assert any("6 tên" in note for note in askers["vn"](f"phân tích mã {names}").notes)
