"""What the walk-forward of one market and horizon found, ready for JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from tools.contracts import Frozen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pandas as pd

    from tools.backtest.layout import Laid
    from tools.backtest.lead import Lead
    from tools.backtest.measures import Measures
    from tools.backtest.paper import Trade
    from tools.backtest.performance import Performance
    from tools.backtest.walk_forward import Every
    from tools.contracts import Horizon

SCHEMA = "sectorvane.backtest/1"


class Ceiling(Frozen):
    """The single signal that ranked best over the very dates measured: nobody could have known it."""

    model: str
    """A minus before the name: its reverse."""
    mean_ic: float


@dataclass(frozen=True, kw_only=True)
class WalkForwardReport:
    """What a walk-forward found."""

    market: str
    as_of: date
    horizon: Horizon
    every: Every
    costs_bp: float
    trade: Trade
    """Price of the next day at which is traded."""
    largest_tilt: float
    first: date
    last: date
    models: tuple[Measures, ...]
    portfolios: dict[str, Performance]
    """Equal weights in the model's top three, and the benchmark under ``benchmark``."""
    tilts: dict[str, Performance]
    """Equal weights moved by at most the mandate's largest tilt."""
    long_short: dict[str, Performance]
    """The top three less the bottom three."""
    leads: dict[str, Lead]
    ceiling: Ceiling | None
    chosen: dict[str, float]
    """Share of the dates on which each single signal was the one chosen on the past."""
    notes: tuple[str, ...]
    predictions: pd.DataFrame
    laid: tuple[Laid, ...]
    """Every model's predictions beside the outcomes."""
    simulated: bool = False
    """Whether the market's data are generated, which every rendering says."""

    def of(self, model: str) -> Measures:
        """Return one model's measures."""
        return next(entry for entry in self.models if entry.model == model)

    def to_json(self) -> dict[str, object]:
        """Return the report without its predictions, ready for JSON."""
        return {
            "schema": SCHEMA,
            "market": self.market,
            "simulated": self.simulated,
            "as_of": self.as_of.isoformat(),
            "horizon": self.horizon,
            "every": self.every,
            "costs_bp": self.costs_bp,
            "trade": self.trade,
            "largest_tilt": self.largest_tilt,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "models": [entry.model_dump(mode="json") for entry in self.models],
            "ceiling": self.ceiling.model_dump() if self.ceiling else None,
            "past_chosen": self.chosen,
            "portfolios": _rows(self.portfolios),
            "tilts": _rows(self.tilts),
            "long_short": _rows(self.long_short),
            "leads": {name: entry.model_dump() for name, entry in self.leads.items()},
            "notes": list(self.notes),
        }


def _rows(found: Mapping[str, Performance]) -> dict[str, object]:
    return {name: asdict(entry) for name, entry in found.items()}


def notes(trade: Trade, *, monthly: bool, missing: tuple[str, ...]) -> tuple[str, ...]:
    """Return what to hold of a walk-forward's numbers."""
    left_out = tuple(
        f"Left out: {name}, because the market's macro series tell no phase of the cycle, or its table knows too few "
        "of the sectors by name."
        for name in missing
    )
    return (
        "Hits are counted over calls; beside them stand the share of calls and the base rate.",
        "Intervals and t are corrected for overlapping windows.",
        _trading_note(trade, monthly=monthly),
        "Each unit traded bears the costs; the benchmark bears none; borrowing for the short side is free.",
        "Only sectors and shares that the market's files hold are in the test: those that left before are not.",
        "past_chosen holds at each date the single signal, or its reverse, that had ranked best by then: the bar. The "
        "ceiling is the best single signal with hindsight, which nobody could have held.",
        *left_out,
    )


def _trading_note(trade: Trade, *, monthly: bool) -> str:
    if monthly:
        return (
            "Prices are monthly: trades are taken at the close they are decided on, which flatters."
        )
    return f"What is decided on a day is traded at the {trade} of the next."
