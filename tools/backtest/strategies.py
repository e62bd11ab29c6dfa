"""The named strategies as paper portfolios: decided monthly, traded at the next close, costed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from tools.backtest.baselines import momentum_12_1
from tools.backtest.performance import Performance, performance
from tools.backtest.portfolio import hold, top_weights
from tools.backtest.walk_forward import product_walks
from tools.contracts import MARKET_ENTITY
from tools.measures import returns
from tools.scoring.panel import FeaturePanel, feature_panel

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from tools.view import AsOfView

Strategy = Literal["sector_rotation", "momentum", "mean_reversion", "buy_and_hold"]
HELD = 3


@dataclass(frozen=True, kw_only=True)
class StrategyRun:
    """A strategy beside its benchmark."""

    strategy: Performance
    benchmark: Performance
    first: date
    """Day of the first trade."""
    last: date
    rebalances: int


def trade_delay(view: AsOfView) -> int:
    """Return the rows between the row a decision looks at and the close at which it is traded.

    A monthly market has no next day; there the decision's own close is used, and said.
    """
    return 0 if view.market.monthly else 1 + view.market.prices_days


def run_strategy(
    view: AsOfView, strategy: Strategy, lookback_rows: int, costs_bp: float
) -> StrategyRun | None:
    """Run a strategy over the last rows of the view.

    Parameters
    ----------
    view
        The market as it is known.
    strategy
        What decides the weights.
    lookback_rows
        Rows to follow the portfolio for.
    costs_bp
        Cost of each unit traded, in basis points.

    Returns
    -------
    StrategyRun or None
        None where the sectors' history is shorter than the lookback.
    """
    panel = feature_panel(view, "1M")
    scores = _scores(view, panel, strategy)
    delay = trade_delay(view)
    # the first portfolio is bought at the close that the lookback starts from
    begin = len(panel.days) - 1 - lookback_rows
    decided = begin - delay
    if decided < 0 or not (np.isfinite(scores[decided]) & panel.listed[decided]).any():
        return None
    rows = [decided, *_monthly_after(panel, decided, delay)]
    market = view.index[[MARKET_ENTITY]].to_numpy(dtype=np.float64)
    if strategy == "buy_and_hold":
        index, trades = market, {begin: np.ones(1)}
    else:
        index = view.index.reindex(columns=list(panel.sectors)).to_numpy(dtype=np.float64)
        trades = {}
        for row in rows:
            weights = top_weights(scores[row], panel.listed[row], HELD)
            if weights.any():
                trades[row + delay] = weights
    return StrategyRun(
        strategy=performance(hold(index, trades, costs_bp), panel.year),
        benchmark=performance(hold(market, {begin: np.ones(1)}, 0.0), panel.year),
        first=panel.days[begin].date(),
        last=panel.days[-1].date(),
        rebalances=len(trades),
    )


def _monthly_after(panel: FeaturePanel, decided: int, delay: int) -> list[int]:
    """Return the month ends after a row whose trade still falls inside the data."""
    rows = month_ends(panel)
    return [int(row) for row in rows if row > decided and row + delay < len(panel.days) - 1]


def month_ends(panel: FeaturePanel) -> NDArray[np.int64]:
    """Return the last row of each month."""
    names = panel.days.to_period("M")
    return np.flatnonzero(np.append(names[:-1] != names[1:], True))


def _scores(view: AsOfView, panel: FeaturePanel, strategy: Strategy) -> NDArray[np.float64]:
    """Return what a strategy ranks by, shape (n_days, n_sectors)."""
    match strategy:
        case "sector_rotation":
            return product_walks(view, panel)["sectorvane"].scores
        case "momentum":
            return momentum_12_1(view)
        case "mean_reversion":
            losers = returns.rel_return(view, "1M")
            values = losers.reindex(index=view.days, columns=list(panel.sectors))
            return -values.to_numpy(dtype=np.float64)
        case "buy_and_hold":
            return np.zeros(panel.past.shape)
