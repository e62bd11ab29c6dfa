"""Which sector "it", "there" or a question that names nothing is about."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from agent.brains.base import PlanDraft, PlanRequest, Turn
from agent.brains.offline.planner import plan_question

if TYPE_CHECKING:
    from tools.contracts import Vocabulary

BANKS, RETAIL, PROPERTY = "8300", "5300", "8600"


@pytest.fixture
def after(ask: Any) -> Any:
    """Return a function: the plan of a question after one whose answer ranked property first, retail last."""

    def planned(question: str, before: str) -> PlanDraft:
        return plan_question(
            _request(question, ask.vocabulary, _answered(before, ask(before), (PROPERTY, RETAIL)))
        )

    def _request(question: str, vocabulary: Vocabulary, *history: Turn) -> PlanRequest:
        return PlanRequest(
            question=question,
            vocabulary=vocabulary,
            tools=(),
            history=history,
            as_of=date(2023, 6, 30),
        )

    return planned


def _answered(question: str, draft: PlanDraft, ends: tuple[str, ...]) -> Turn:
    return Turn(
        question=question,
        intent=draft.intent,
        intents=draft.intents,
        language=draft.language,
        horizon=draft.horizon or "1M",
        calls=draft.calls,
        sectors=draft.sectors,
        symbols=draft.symbols,
        ends=ends,
    )


@pytest.mark.parametrize(
    ("question", "before", "sector"),
    [
        ("why is it weak?", "Which sector is weakest this month?", RETAIL),
        ("why?", "outlook for banks", BANKS),
        ("vì sao nó yếu?", "Ngành nào yếu nhất tháng này?", RETAIL),
        ("vì sao ngành đó mạnh?", "Ngành nào mạnh nhất tháng này?", PROPERTY),
        ("why is it ahead?", "Which sector is strongest this month?", PROPERTY),
    ],
)
def test_it_is_the_end_of_the_ranking_that_was_asked_for(
    after: Any, question: str, before: str, sector: str
) -> None:
    draft = after(question, before)
    assert [call.arguments["sector"] for call in draft.calls if call.tool == "explain_sector"] == [
        sector
    ]
    assert draft.sectors == (sector,)


@pytest.mark.parametrize("question", ["and over 3 months?", "còn 3 tháng?"])
def test_a_bare_window_keeps_the_sector_that_was_explained(after: Any, question: str) -> None:
    draft = after(question, "Why is Banks ranked there?")
    assert draft.sectors == (BANKS,)
    assert {"sector": BANKS, "horizon": "3M"} in [call.arguments for call in draft.calls]


def _arguments(draft: PlanDraft, tool: str) -> list[dict[str, Any]]:
    return [call.arguments for call in draft.calls if call.tool == tool]


@pytest.mark.parametrize(
    ("question", "before", "sector", "window"),
    [
        ("what is the foreign flow there?", "Which sectors lead this month?", PROPERTY, "1M"),
        ("and foreigners?", "why does the ranking look like this over 1 month?", PROPERTY, "1M"),
        ("any foreign flow in it?", "outlook for banks next week", BANKS, "1W"),
    ],
)
def test_a_follow_up_on_flows_keeps_the_sector_and_the_window(
    after: Any, question: str, before: str, sector: str, window: str
) -> None:
    assert _arguments(after(question, before), "get_foreign_flow") == [
        {"timeframe": window, "sector": sector}
    ]


def test_what_a_figure_does_to_a_sector_keeps_the_figure(after: Any) -> None:
    draft = after("how does that affect banks?", "what is the CPI?")
    assert {call.tool for call in draft.calls} == {"get_macro_indicators", "explain_sector"}
    assert draft.sectors == (BANKS,)


@pytest.mark.parametrize(
    "question", ["Which sectors are weakest over 3 months?", "Ngành nào yếu nhất 3 tháng qua?"]
)
def test_three_months_behind_us_are_answered_as_three_months(ask: Any, question: str) -> None:
    draft = ask(question)
    assert {"timeframe": "3M"} in _arguments(draft, "get_market_overview")
    assert not any("not a window" in note or "Không có cửa sổ" in note for note in draft.notes)


@pytest.mark.parametrize(
    "question",
    ["Khối ngoại bán ở đâu?", "Khối ngoại mua ở đâu?", "Khối ngoại bán ở đâu nhiều nhất?"],
)
def test_where_foreigners_trade_is_a_question_about_flows(ask: Any, question: str) -> None:
    assert _arguments(ask(question), "get_foreign_flow") == [{"timeframe": "1W"}]


@pytest.mark.parametrize("question", ["iPhone mua ở đâu?", "sách cũ bán ở đâu?"])
def test_where_things_are_sold_stays_out_of_scope(ask: Any, question: str) -> None:
    assert ask(question).intent == "out_of_scope"


@pytest.mark.parametrize("question", ["Dữ liệu có đáng tin không?", "dữ liệu có chính xác không?"])
def test_whether_the_data_are_reliable_is_about_the_data(ask: Any, question: str) -> None:
    draft = ask(question)
    assert (draft.intent, draft.calls[0].tool) == ("health", "get_data_health")


def test_how_reliable_forecasts_are_stays_about_the_record(ask: Any) -> None:
    assert ask("dữ liệu dự báo của mô hình chính xác bao nhiêu?").intent == "track"


def test_an_earlier_week_is_not_passed_off_as_this_one(after: Any) -> None:
    draft = after("and the week before?", "Foreign flow in banks this week")
    assert draft.sectors == (BANKS,)
    assert any("ended before the as-of" in note and "--as-of" in note for note in draft.notes)
