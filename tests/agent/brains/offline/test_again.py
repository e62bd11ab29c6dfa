"""Follow-ups that change one thing of the call before: costs, size, maturity, width, or what moves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agent.brains.base import PlanRequest, Turn
from agent.brains.offline.planner import plan_question

DAY = date(2023, 6, 30)
ROTATION_5Y = {"strategy": "sector_rotation", "lookback": "5Y"}


def one(draft: Any, tool: str) -> dict[str, Any]:
    (call,) = [call for call in draft.calls if call.tool == tool]
    return dict(call.arguments)


@pytest.mark.parametrize(
    ("question", "costs"),
    [
        ("hmm that ignores my broker, he charges 40 bps", 40.0),
        ("now with 25 basis points", 25.0),
        ("and with fees of 0.2%", 20.0),
        ("bỏ phí đi thì sao", 0.0),
        ("without costs?", 0.0),
    ],
)
def test_a_cost_tests_the_same_rule_again(ask: Any, question: str, costs: float) -> None:
    draft = ask(question, "backtest sector rotation 5Y")
    assert one(draft, "run_backtest") == {**ROTATION_5Y, "costs_bp": costs}


@pytest.mark.parametrize(
    ("question", "before", "expected"),
    [
        (
            "who suffers if it climbs another 4%",
            "how did usd/vnd move this month",
            {"scenario": "currency_devaluation", "magnitude": 4.0, "unit": "percent"},
        ),
        (
            "what if it falls 15%",
            "oil price now",
            {"scenario": "oil_shock", "magnitude": -15.0, "unit": "percent"},
        ),
        (
            "còn giảm thì sao",
            "lãi suất tăng 1% thì sao",
            {"scenario": "rate_cut", "magnitude": 100.0, "unit": "bp"},
        ),
    ],
)
def test_a_move_of_what_was_shown_is_its_shock(
    ask: Any, question: str, before: str, expected: dict[str, Any]
) -> None:
    assert one(ask(question, before), "run_scenario") == expected


@pytest.mark.parametrize(
    "question", ["cả thị trường ấy, không riêng bank", "the whole market, not just banks"]
)
def test_the_whole_market_drops_the_sector(ask: Any, question: str) -> None:
    draft = ask(question, "foreign flow in banks this week")
    assert one(draft, "get_foreign_flow") == {"timeframe": "1W"}


def test_zooming_out_widens_the_window_and_keeps_the_sector(ask: Any) -> None:
    draft = ask("zoom out to the week", "block trades in banks today")
    assert one(draft, "get_whale_activity") == {"timeframe": "1W", "sector": "8300"}


def test_another_maturity_is_another_yield(askers: Any) -> None:
    words = askers["us"].vocabulary
    askers["us"].vocabulary = words.model_copy(update={"series": (*words.series, "UST_2Y")})
    draft = askers["us"]("2 year as well pls", "and the 10y?")
    assert one(draft, "get_macro_indicators") == {"indicator_list": ["UST_2Y"]}


def test_unaccented_oil_after_a_price_is_a_price(ask: Any) -> None:
    draft = ask("the con oil?", "gia vang the gioi nay bao nhieu")
    assert one(draft, "get_macro_indicators") == {"indicator_list": ["OIL"]}


def test_a_ranking_after_the_data_is_a_new_question(ask: Any) -> None:
    draft = ask("good. then who's on top for next week", "is everything up to date?")
    assert one(draft, "get_sector_forecast") == {"horizon": "1W"}


def test_tell_me_about_a_sector_is_about_the_sector(ask: Any) -> None:
    draft = ask("tell me about banks", "what if rates rise 100bp")
    assert not any(call.tool == "run_scenario" for call in draft.calls)
    assert one(draft, "explain_sector")["sector"] == "8300"


@pytest.mark.parametrize(
    "question", ["nói kỹ hơn về cái đứng đầu giùm", "tell me more about the top one"]
)
def test_the_top_one_is_the_first_of_the_ranking(ask: Any, question: str) -> None:
    before = "Which sectors rank best next month?"
    answered = ask(before)
    last = Turn(
        question=before,
        intent=answered.intent,
        intents=answered.intents,
        language=answered.language,
        horizon="1M",
        calls=answered.calls,
        sectors=answered.sectors,
        symbols=answered.symbols,
        ends=("8600", "5300"),
    )
    draft = plan_question(
        PlanRequest(
            question=question, vocabulary=ask.vocabulary, tools=(), history=(last,), as_of=DAY
        )
    )
    assert one(draft, "explain_sector") == {"sector": "8600", "horizon": "1M"}
    assert one(ask(question, before), "get_sector_forecast") == {"horizon": "1M"}


def test_why_keeps_the_horizon_through_two_questions(ask: Any) -> None:
    draft = ask(
        "hm and what would make you change your mind",
        "forecast for travel & leisure over the next week",
        "why",
    )
    assert one(draft, "explain_sector") == {"sector": "5700", "horizon": "1W"}


def test_the_record_asked_after_a_forecast_is_that_of_its_horizon(ask: Any) -> None:
    draft = ask("thế dự báo kiểu đó trước giờ đúng không đấy?", "Ba tháng tới nên chọn ngành nào?")
    assert (draft.intent, one(draft, "get_sector_forecast")) == ("track", {"horizon": "3M"})


@pytest.mark.parametrize("question", ["which sectors drove it", "ngành nào kéo"])
def test_what_moved_the_market_is_of_the_window_just_shown(ask: Any, question: str) -> None:
    draft = ask(question, "market today")
    assert one(draft, "get_sector_heatmap") == {"period": "daily"}
