"""Whether the first facts call for one more look, and which: a fixed rule, not a brain's wish.

At most one call, for one of two reasons. Nothing came back because the market lacks what was asked,
and it does have the nearest thing to it; or a sector's foreign flow and its price plainly disagree,
and the size of its trading says which of them to believe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.brains.base import PlannedCall

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from agent.brief.model import Language
    from agent.state import CallOutcome, CallTask, Settled
    from tools.contracts import Fact, Vocabulary

FLOW_DISAGREES = 0.03
"""Net foreign trading as a fraction of the value traded: what is smaller is no opinion."""
PRICE_DISAGREES = 0.02
"""Relative return against that flow: what is smaller is noise."""
MOST_SECTORS = 2
"""A question about more of them asks for the whole picture, which no one sector changes."""
_FLOW, _WHALE = "get_foreign_flow", "get_whale_activity"
_REASONS: Mapping[str, Mapping[Language, str]] = {
    "disagrees": {
        "en": "foreign flow and price disagree, so the size of the trading was looked at too",
        "vi": "dòng tiền ngoại và giá trái chiều nhau nên xem thêm quy mô giao dịch",
    },
    "instead": {
        "en": "the market has no foreign flow data; unusual trading is the nearest it has",
        "vi": "thị trường này không có dữ liệu khối ngoại; giao dịch bất thường là dữ liệu gần nhất",
    },
}


def second_round(
    settled: Settled, outcomes: Iterable[CallOutcome], vocabulary: Vocabulary
) -> PlannedCall | None:
    """Return the one call that the first answers call for, None for most questions."""
    tasks = [task for task in (*settled.tasks, *settled.held) if task.side == "now"]
    flow = next((task for task in tasks if task.call.tool == _FLOW), None)
    if flow is None or "flow" not in (settled.draft.intent, *settled.draft.intents):
        return None
    if not vocabulary.has_trading or any(task.call.tool == _WHALE for task in tasks):
        return None
    answered = list(outcomes)
    if not vocabulary.has_flows:
        nothing = not any(outcome.facts for outcome in answered)
        return _call(flow, "instead", settled.language) if nothing else None
    facts = {fact.id: fact for outcome in answered for fact in outcome.facts}
    timeframe = flow.call.arguments.get("timeframe")
    asked = settled.draft.sectors[: MOST_SECTORS + 1]
    for sector in asked if len(asked) <= MOST_SECTORS else ():
        if _disagrees(facts, sector, timeframe):
            return _call(flow, "disagrees", settled.language, sector)
    return None


def _disagrees(facts: Mapping[str, Fact], sector: str, timeframe: object) -> bool:
    flow = _value(facts, f"{sector}.foreign_net_ratio.{timeframe}")
    price = _value(facts, f"{sector}.rel_return.{timeframe}")
    return flow * price < 0 and abs(flow) >= FLOW_DISAGREES and abs(price) >= PRICE_DISAGREES


def _value(facts: Mapping[str, Fact], name: str) -> float:
    fact = facts.get(name)
    return float(fact.value) if fact is not None and not isinstance(fact.value, str) else 0.0


def _call(
    flow: CallTask, reason: str, language: Language, sector: str | None = None
) -> PlannedCall:
    arguments: dict[str, Any] = {
        name: value
        for name, value in flow.call.arguments.items()
        if name in ("timeframe", "sector")
    }
    if sector is not None:
        arguments["sector"] = sector
    return PlannedCall(
        tool=_WHALE, arguments=arguments, reason=_REASONS[reason][language], origin="required"
    )
