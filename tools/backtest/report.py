"""The walk-forward of one market and horizon: measures, paper portfolios and predictions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.backtest.measures import Measures, measures
from tools.backtest.portfolio import Performance, hold, performance, top_weights
from tools.backtest.strategies import trade_delay
from tools.backtest.walk_forward import MODELS, Every, predictions
from tools.contracts import MARKET_ENTITY
from tools.scoring.panel import FeaturePanel, feature_panel
from tools.view import AsOfView

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd
    from numpy.typing import NDArray

    from tools.contracts import Horizon
    from tools.sources.base import MarketData

SCHEMA = "sectorvane.backtest/1"
TOP = 3
"""Sectors that the paper portfolio of each model holds."""
DEFAULT_COSTS_BP = 10.0


@dataclass(frozen=True, kw_only=True)
class WalkForwardReport:
    """What a walk-forward found."""

    market: str
    as_of: date
    horizon: Horizon
    every: Every
    costs_bp: float
    first: date
    last: date
    models: tuple[Measures, ...]
    portfolios: dict[str, Performance]
    """Equal weights in the model's top three, and the benchmark under ``benchmark``."""
    notes: tuple[str, ...]
    predictions: pd.DataFrame
    simulated: bool = False
    """Whether the market's data are generated, which every rendering says."""

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
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "models": [entry.model_dump(mode="json") for entry in self.models],
            "portfolios": {name: vars(entry) for name, entry in self.portfolios.items()},
            "notes": list(self.notes),
        }


def run_walk_forward(
    market_data: MarketData,
    *,
    as_of: date,
    horizon: Horizon,
    start: date | None = None,
    end: date | None = None,
    every: Every = "1M",
    costs_bp: float = DEFAULT_COSTS_BP,
    models: Sequence[str] = MODELS,
) -> WalkForwardReport:
    """Walk the model and its baselines through a market's past.

    Parameters
    ----------
    market_data
        The whole market.
    as_of
        Nothing published later is used, outcomes included.
    horizon, start, end, every, models
        As in :func:`tools.backtest.walk_forward.predictions`.
    costs_bp
        Cost of each unit traded, in basis points.
    """
    view = AsOfView(market_data, as_of)
    frame = predictions(view, horizon, start=start, end=end, every=every, models=models)
    panel = feature_panel(view, horizon)
    delay = trade_delay(view)
    portfolios = {
        str(name): entry
        for name, group in frame.groupby("model", sort=False)
        if (entry := _portfolio(view, panel, group, delay, costs_bp)) is not None
    }
    benchmark = _benchmark(view, panel, frame, delay)
    if benchmark is not None:
        portfolios["benchmark"] = benchmark
    return WalkForwardReport(
        market=view.market.id,
        as_of=as_of,
        horizon=horizon,
        every=every,
        costs_bp=costs_bp,
        first=frame["date"].min().date(),
        last=frame["date"].max().date(),
        models=measures(frame, view, horizon),
        portfolios=portfolios,
        notes=(
            "Hits are counted over calls; beside them stand the share of calls and the base rate.",
            "Intervals and t are corrected for overlapping windows.",
            _trading_note(view),
            "Each unit traded bears the costs; the benchmark bears none.",
            "Only sectors and shares that the market's files hold are in the test: those that left "
            "before are not.",
        ),
        predictions=frame,
        simulated=view.market.simulated,
    )


def _trading_note(view: AsOfView) -> str:
    if view.market.monthly:
        return (
            "Prices are monthly: trades are taken at the close they are decided on, which flatters."
        )
    return "What is decided on a day is traded at the close of the next."


def _portfolio(
    view: AsOfView, panel: FeaturePanel, group: pd.DataFrame, delay: int, costs_bp: float
) -> Performance | None:
    table = group.pivot_table(index="date", columns="sector", values="score", dropna=False)
    scores = table.reindex(columns=list(panel.sectors)).to_numpy(dtype=float)
    rows = panel.known_from.get_indexer(table.index)
    index = view.index.reindex(columns=list(panel.sectors)).to_numpy(dtype=float)
    trades: dict[int, NDArray[np.float64]] = {}
    for row, score in zip(rows, scores, strict=True):
        # equal scores say nothing: the portfolio is then the equal-weighted sectors
        count = TOP if len(set(score[score == score])) > 1 else len(score)
        weights = top_weights(score, panel.listed[row], count)
        if row + delay < len(panel.days) and weights.any():
            trades[int(row) + delay] = weights
    if not trades or min(trades) > len(panel.days) - 3:
        return None
    return performance(hold(index, trades, costs_bp), panel.year)


def _benchmark(
    view: AsOfView, panel: FeaturePanel, frame: pd.DataFrame, delay: int
) -> Performance | None:
    first = (
        int(np.searchsorted(panel.known_from.to_numpy(), frame["date"].min().to_datetime64()))
        + delay
    )
    if first > len(panel.days) - 3:
        return None
    index = view.index[[MARKET_ENTITY]].to_numpy(dtype=float)
    return performance(hold(index, {first: np.ones(1)}, 0.0), panel.year)
