"""What could not be measured, put into words once for each reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tools.contracts import FactId, Gap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

METRIC_NAMES = {
    "return": "return",
    "rel_return": "relative return",
    "volatility": "volatility",
    "drawdown": "drawdown",
    "breadth": "breadth",
    "rs_ratio": "relative strength",
    "rs_momentum": "relative momentum",
    "quadrant": "quadrant",
    "whale_ratio": "unusual trading",
    "foreign_net_value": "foreign flow",
    "foreign_net_ratio": "foreign flow",
    "foreign_pressure": "foreign flow",
    "latest": "latest value",
    "yoy": "growth over a year",
}
WHOLE_MARKET = {
    "this market has no foreign flow data": "what foreigners buy and sell is unknown",
    "this market has no volume or traded value": "unusual trading cannot be seen",
    "this market has no share prices below its sectors": (
        "how many shares carry a sector's move is unknown"
    ),
}
"""Reasons that hold for every entity: the gap names the measure alone. Reason → effect."""
EFFECTS = {"the market is monthly": "shorter windows do not exist here"}
LEFT_OUT = "left out, and nothing stands in for it"
MOST_NAMED = 4


class Missing(NamedTuple):
    """One fact that there is none of, and why."""

    wanted: FactId
    why: str


def merge(missing: Iterable[Missing], name: Callable[[str], str]) -> tuple[Gap, ...]:
    """Return one gap for each reason, in the order the reasons came; `name` gives an entity's name."""
    reasons: dict[str, list[FactId]] = {}
    for item in missing:
        reasons.setdefault(item.why, []).append(item.wanted)
    return tuple(
        Gap(
            what=_what(why, wanted, name),
            why=why,
            effect=WHOLE_MARKET.get(why) or EFFECTS.get(why, LEFT_OUT),
        )
        for why, wanted in reasons.items()
    )


def _what(why: str, wanted: list[FactId], name: Callable[[str], str]) -> str:
    metrics = _listed(METRIC_NAMES.get(item.metric, item.metric) for item in wanted)
    if why in WHOLE_MARKET:
        return metrics
    periods = _listed(item.period for item in wanted if item.period)
    entities = list(dict.fromkeys(name(item.entity) for item in wanted))
    several = ", ".join(entities[:MOST_NAMED]) + (
        " and others" if len(entities) > MOST_NAMED else ""
    )
    return f"{metrics} {periods} of {several}" if periods else f"{metrics} of {several}"


def _listed(words: Iterable[str | None]) -> str:
    return ", ".join(word for word in dict.fromkeys(words) if word)
