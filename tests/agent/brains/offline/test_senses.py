"""Words that mean by their company: roles, trades, courtesies, numbers in words, foreign topics."""

from __future__ import annotations

from typing import Any

import pytest

from agent.brains.offline.phrasing import plainly
from agent.brains.offline.senses import sensed
from agent.brains.offline.text import fold


def cues_of(text: str) -> frozenset[str]:
    return sensed(text, fold(text), frozenset())


class TestRoles:
    @pytest.mark.parametrize(
        ("text", "cue"),
        [
            ("did people from other countries put money in", "flow"),
            ("mấy anh nước ngoài mua hay bán", "flow"),
            ("is anything trading way above its normal size", "whale"),
            ("có đại gia nào lén mua ngân hàng", "whale"),
            ("credit markets seize up", "credit_word"),
            ("our money becomes worth 10% less", "devalue_word"),
            ("had we bought the shares and never sold", "strategy_buy_and_hold"),
            ("what are the papers saying", "news_strong"),
            ("better than tossing a coin", "track"),
        ],
    )
    def test_a_role_is_told_in_words_no_table_holds(self, text: str, cue: str) -> None:
        assert cue in cues_of(text)

    @pytest.mark.parametrize("text", ["banks look cheap", "lên mua thép", "people like steel"])
    def test_half_of_a_role_says_nothing(self, text: str) -> None:
        assert not cues_of(text) & {"flow", "whale", "up", "down"}


class TestTrades:
    @pytest.mark.parametrize(
        ("question", "sector"),
        [
            ("are computer companies a good bet next month", "9500"),
            ("outlook of the hospital companies next month", "4500"),
            ("công ty xây nhà tháng tới thế nào", "8600"),
        ],
    )
    def test_a_trade_beside_businesses_is_their_sector(
        self, question: str, sector: str, askers: Any
    ) -> None:
        assert askers["vn"](question).sectors == (sector,)

    def test_an_allocation_is_no_fertiliser(self, askers: Any) -> None:
        assert askers["vn"]("nên phân bổ vốn vào ngành nào tháng tới").sectors == ()

    def test_an_oil_shock_hits_every_sector(self, askers: Any) -> None:
        draft = askers["vn"]("if oil jumps 20% which sectors suffer")
        assert draft.sectors == ()
        assert draft.calls[0].arguments["scenario"] == "oil_shock"


class TestPlainWords:
    @pytest.mark.parametrize(
        ("text", "plain"),
        [
            ("I should be grateful if you would rank the sectors", "rank the sectors"),
            ("if oil rises forty percent", "if oil rises 40 percent"),
            ("lãi suất tăng một trăm điểm cơ bản", "lãi suất tăng 100 điểm cơ bản"),
            ("I meant a cut, not a hike", "I meant a cut"),
            ("20 nghìn tỷ", "20 nghìn tỷ"),
        ],
    )
    def test_courtesy_goes_and_numbers_become_digits(self, text: str, plain: str) -> None:
        assert plainly(text) == plain

    def test_a_question_of_courtesies_alone_stays(self) -> None:
        assert plainly("quick question") == "quick question"


class TestFamilies:
    @pytest.mark.parametrize(
        "question",
        [
            "bà ngoại tôi nằm viện thì phải làm sao",
            "does the CFO of FPT have kids",
            "mẹ tôi giữ bao nhiêu cổ VCB",
            "what withholding tax applies to foreign funds",
            "tick by tick prints of HPG",
        ],
    )
    def test_what_is_near_a_market_and_not_in_its_prices_is_outside(
        self, question: str, askers: Any
    ) -> None:
        draft = askers["vn"](question)
        assert (draft.intent, draft.calls) == ("out_of_scope", ())

    @pytest.mark.parametrize(
        "question",
        ["my uncle bought VNM, should he worry", "có đại gia nào lén mua ngân hàng hôm nay"],
    )
    def test_a_relative_makes_no_question_private(self, question: str, askers: Any) -> None:
        assert askers["vn"](question).calls


class TestUnknownSectors:
    @pytest.mark.parametrize(
        ("question", "near"),
        [
            ("How is the Vibranium sector doing?", "Basic Resources"),
            ("Vibranium sector outlook", "Basic Resources"),
            ("the durian sector", "Food & Beverage"),
        ],
    )
    def test_the_nearest_in_meaning_is_offered_first(
        self, question: str, near: str, askers: Any
    ) -> None:
        draft = askers["vn"](question)
        assert draft.intent == "clarify"
        assert near in draft.clarification.choices[0]


class TestLeftOut:
    @pytest.mark.parametrize(
        "question", ["bỏ dòng tiền ra rồi xếp hạng lại", "rank again without the money flows"]
    )
    def test_flows_are_left_out_of_the_ranking(self, question: str, askers: Any) -> None:
        assert askers["vn"](question).exclude_groups == ("flow",)

    def test_money_that_leaves_a_sector_is_a_rotation(self, askers: Any) -> None:
        assert askers["vn"]("dòng tiền bỏ nhóm nào").exclude_groups == ()
