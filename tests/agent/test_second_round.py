"""A second look is taken rarely, once, and with its reason shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from agent.brains.base import PlanDraft, PlannedCall
from agent.second_round import second_round
from agent.state import CallOutcome, CallTask, Settled
from tests.agent.harness import HONEST, thread
from tests.fakes import FACTS, STAMP, VOCABULARY, ScriptedBrain, ToolServer, fact

if TYPE_CHECKING:
    from tools.contracts import Fact

FLOW_CALL = PlannedCall(tool="get_foreign_flow", arguments={"timeframe": "1M"})
DRAFT = PlanDraft(intent="flow", calls=(FLOW_CALL,), sectors=("10",))


def settled(*calls: PlannedCall, **changes: Any) -> Settled:
    tasks = tuple(CallTask(key=call.tool, call=call) for call in (calls or (FLOW_CALL,)))
    draft = DRAFT.model_copy(update=changes)
    return Settled(draft=draft, horizon="1M", language="en", tasks=tasks)


def came(*facts: Fact) -> list[CallOutcome]:
    return [
        CallOutcome(
            key="k", tool="get_foreign_flow", arguments={}, status="ok", market=STAMP, facts=facts
        )
    ]


def flow(ratio: float, price: float, sector: str = "10") -> list[CallOutcome]:
    return came(
        fact(f"{sector}.foreign_net_ratio.1M", ratio), fact(f"{sector}.rel_return.1M", price)
    )


@pytest.mark.parametrize(("ratio", "price"), [(0.05, -0.04), (-0.05, 0.04)])
def test_flow_against_price_asks_for_the_size_of_the_trading(ratio: float, price: float) -> None:
    call = second_round(settled(), flow(ratio, price), VOCABULARY)
    assert call is not None
    assert (call.tool, call.arguments) == (
        "get_whale_activity", {"timeframe": "1M", "sector": "10"},
    )  # fmt: skip
    assert call.origin == "required"
    assert "disagree" in call.reason


@pytest.mark.parametrize(
    ("plan", "outcomes"),
    [
        (settled(), flow(0.05, 0.04)),
        (settled(), flow(0.01, -0.04)),
        (settled(), flow(0.05, -0.01)),
        (settled(), flow(0.05, -0.04, sector="40")),
        (settled(), came()),
        (settled(sectors=()), flow(0.05, -0.04)),
        (settled(sectors=("10", "40", "50")), flow(0.05, -0.04)),
        (settled(intent="brief"), flow(0.05, -0.04)),
        (settled(FLOW_CALL, PlannedCall(tool="get_whale_activity")), flow(0.05, -0.04)),
        (settled(PlannedCall(tool="get_sector_heatmap")), flow(0.05, -0.04)),
    ],
)
def test_most_questions_get_no_second_look(plan: Settled, outcomes: list[CallOutcome]) -> None:
    assert second_round(plan, outcomes, VOCABULARY) is None


def test_a_market_without_flows_offers_its_unusual_trading_instead() -> None:
    bare = VOCABULARY.model_copy(update={"has_flows": False})
    call = second_round(settled(sectors=()), came(), bare)
    assert call is not None
    assert (call.tool, call.arguments) == ("get_whale_activity", {"timeframe": "1M"})
    assert second_round(settled(), flow(0.05, -0.04), bare) is None
    assert second_round(settled(), came(), bare.model_copy(update={"has_trading": False})) is None


async def test_the_second_look_is_made_once_and_its_reason_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    apart = (fact("10.foreign_net_ratio.1M", 0.05), fact("10.rel_return.1M", -0.04))
    monkeypatch.setitem(FACTS, "get_foreign_flow", apart)
    server = ToolServer()
    async with thread(ScriptedBrain([DRAFT], [HONEST]), server) as conversation:
        first = await conversation.ask()
        again = await conversation.ask()
    assert dict(server.calls) == {"get_foreign_flow": 1, "get_whale_activity": 1}
    for state in (first, again):
        tools = [entry.tool for entry in state["brief"].plan]
        assert sorted(tools) == ["get_foreign_flow", "get_whale_activity"]
        assert "Foreign flow and price disagree" in state["brief"].markdown
        assert "10.whale_ratio.1M" in state["brief"].facts
