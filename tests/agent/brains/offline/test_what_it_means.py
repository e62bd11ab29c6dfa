"""Which sector "it", "there" or a question that names nothing is about."""

from __future__ import annotations

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
        from datetime import date

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
