"""Who came first and last in an answer, so that "it" can mean one of them in the next question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.evidence import Evidence

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest

_METRICS = {
    "get_foreign_flow": "foreign_net_value",
    "get_whale_activity": "whale_ratio",
    "get_sector_heatmap": "rel_return",
}
"""Tool → the metric that its answer ranks sectors by."""


def ends_of(request: ComposeRequest) -> tuple[str, ...]:
    """Return the codes of the first and the last sector of what was ranked; empty where nothing was.

    What the plan asked for first decides: money, trading or returns over the window of the question,
    else the score.
    """
    evidence = Evidence(request)
    planned = [call for call in request.plan if call.origin == "brain"]
    for call in planned:
        if call.tool == "get_sector_forecast":
            break
        metric = _METRICS.get(call.tool)
        if metric is not None:
            ranked = evidence.ranked(metric, evidence.window_of(metric))
            return _both([fact.entity for fact in ranked])
    return _both([row.sector for row in evidence.scores])


def _both(order: list[str]) -> tuple[str, ...]:
    """Return the first and the last of an order of two or more."""
    return (order[0], order[-1]) if len(order) > 1 else ()
