"""What a brief can be written from: the facts of a request, by entity, metric and window.

Nothing here is worded. Everything is ordered by value and then by id, so that the same facts
always give the same brief.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from tools.contracts import HEATMAP_WINDOW, MACRO_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agent.brains.base import ComposeRequest
    from tools.contracts import Fact, SectorScore

EXPLAIN = "explain_sector"
"""Tool that says why a sector ranks where it does."""
WINDOW_ORDER = ("1D", "1W", "1M", "3M", "6M", "12M")


class Evidence:
    """The facts of one request."""

    def __init__(self, request: ComposeRequest) -> None:
        self.request = request
        self.facts = request.facts
        self.language = request.language

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Codes of the market's sectors."""
        return tuple(sector.code for sector in self.request.vocabulary.sectors)

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """Sectors the question is about, those only of which something is known."""
        named = self.request.sectors or self._explained()
        return tuple(code for code in named if code in self.codes)

    def _explained(self) -> tuple[str, ...]:
        """Return the one sector that a plan explains, where a follow-up does not name it again."""
        if self.request.intent != "explain":
            return ()
        named = {call.arguments.get("sector") for call in self.request.plan if call.tool == EXPLAIN}
        return (str(*named),) if len(named) == 1 else ()

    @cached_property
    def window(self) -> str:
        """The window the question is about: as planned, else the horizon, else one with facts."""
        wanted = [*self._planned_windows(), self.request.horizon, "1M", "3M", "1W", "1D"]
        metrics = ("rel_return", "return", "foreign_net_value", "whale_ratio", "change")
        known = {fact.period for fact in self.facts.values() if fact.metric in metrics}
        return next((period for period in wanted if period in known), self.request.horizon)

    def _planned_windows(self) -> list[str]:
        """Return the windows that the plan asks for, the reader's own and those of sectors first."""
        found: list[str] = []
        calls = sorted(
            self.request.plan,
            key=lambda call: (call.origin != "brain", call.tool == "get_market_overview"),
        )
        for call in calls:
            for key in ("timeframe", "period"):
                value = str(call.arguments.get(key, ""))
                period = HEATMAP_WINDOW.get(value, value)
                if period in WINDOW_ORDER:
                    found.append(period)
        # A heatmap is ordered by a month at most: three months are asked for by the overview beside it.
        return ["3M", *found] if found == ["1M", "3M"] else found

    def window_of(self, metric: str) -> str | None:
        """Return the window that is shown of a metric: the question's, else the longest known."""
        known = {fact.period for fact in self.facts.values() if fact.metric == metric}
        if self.window in known:
            return self.window
        return next((period for period in reversed(WINDOW_ORDER) if period in known), None)

    def fact(self, entity: str, metric: str, period: str | None = None) -> Fact | None:
        """Return a fact with a numeric value, or None."""
        fact = self.facts.get(".".join(part for part in (entity, metric, period) if part))
        return fact if fact is not None and isinstance(fact.value, int | float) else None

    def value(self, entity: str, metric: str, period: str | None = None) -> float | None:
        """Return a fact's number, or None."""
        fact = self.fact(entity, metric, period)
        return None if fact is None else number(fact)

    def label(self, entity: str, metric: str) -> str | None:
        """Return a fact's word, such as a quadrant, or None."""
        fact = self.facts.get(f"{entity}.{metric}")
        return fact.value if fact is not None and isinstance(fact.value, str) else None

    def ranked(
        self, metric: str, period: str | None, entities: Iterable[str] | None = None
    ) -> list[Fact]:
        """Return the facts of one metric and window over the sectors, largest first."""
        found = [self.fact(code, metric, period) for code in entities or self.codes]
        return sorted((f for f in found if f is not None), key=lambda f: (-number(f), f.id))

    def of_metric(self, metric: str) -> list[Fact]:
        """Return every fact of a metric, in id order."""
        return sorted((f for f in self.facts.values() if f.metric == metric), key=lambda f: f.id)

    def series(self) -> list[str]:
        """Return the macro entities of which something is known, as first met."""
        return list(
            dict.fromkeys(
                f.entity for f in self.facts.values() if f.entity.startswith(MACRO_PREFIX)
            )
        )

    @cached_property
    def scores(self) -> tuple[SectorScore, ...]:
        """The scorecard's rows, best first, whose numbers are all there as facts."""
        card = self.request.scorecard
        if card is None:
            return ()
        horizon = card.horizon
        return tuple(
            row
            for row in sorted(card.sectors, key=lambda row: row.rank)
            if all(self.fact(row.sector, metric, horizon) for metric in ("score", "probability"))
        )

    def score_of(self, sector: str) -> SectorScore | None:
        """Return a sector's row of the scorecard, or None."""
        return next((row for row in self.scores if row.sector == sector), None)

    def contributions(self, sector: str, horizon: str) -> list[Fact]:
        """Return a sector's contributions, largest in size first."""
        found = [
            fact
            for fact in self.facts.values()
            if fact.entity == sector
            and fact.period == horizon
            and fact.metric.startswith("contribution.")
        ]
        return sorted(found, key=lambda f: (-abs(number(f)), f.id))

    def shows(self, sector: str) -> bool:
        """Whether the tables show a sector: those the question is about, or all of them."""
        return not self.asked or sector in self.asked


def number(fact: Fact) -> float:
    """Return the value of a numeric fact."""
    return float(fact.value)
