"""The market's state as it was known on each day, and measures within each state and year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.backtest.resampling import information
from tools.contracts import MARKET_ENTITY, Frozen
from tools.measures import returns
from tools.scoring.calibration import rounded
from tools.scoring.record import rank_ic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.backtest.layout import Laid
    from tools.view import AsOfView

UP, DOWN = "market above its trend", "market below its trend"
ROUGH, CALM = "volatility high", "volatility low"
REGIMES = (UP, DOWN, ROUGH, CALM)
TREND_ROWS, TREND_ROWS_MONTHLY = 200, 10


class Slice(Frozen):
    """One model's record within one state of the market, or one year."""

    name: str
    dates: int
    mean_ic: float | None
    ic_low: float | None
    ic_high: float | None
    hit_rate: float | None
    """Over calls; None without any."""
    base_rate: float
    """What the better of two constant calls would have hit on the same dates."""
    call_share: float | None


def market_states(view: AsOfView) -> dict[str, NDArray[np.bool_]]:
    """Return on which days each regime held, each of shape (n_days,); neither of a pair before it can be told.

    The trend is the mean of the benchmark's index over its last 200 rows (ten months); volatility, over three months (a
    year where rows are months), is high above the median of its own past.
    """
    monthly = view.market.monthly
    level = view.index[MARKET_ENTITY]
    trend = level.rolling(TREND_ROWS_MONTHLY if monthly else TREND_ROWS).mean()
    rough = returns.volatility(view, "12M" if monthly else "3M")[MARKET_ENTITY]
    usual = rough.expanding(min_periods=12 if monthly else 252).median()
    said = {
        UP: level >= trend,
        DOWN: level < trend,
        ROUGH: rough > usual,
        CALM: rough <= usual,
    }
    return {name: np.asarray(state, dtype=bool) for name, state in said.items()}


def by_regime(laid: Laid, states: dict[str, NDArray[np.bool_]]) -> tuple[Slice, ...]:
    """Return the record within each regime that held on any date with an outcome."""
    held = {name: states[name][laid.rows] for name in REGIMES}
    return _slices(laid, held)


def by_year(laid: Laid) -> tuple[Slice, ...]:
    """Return the record of each year in which forecasts were made."""
    years = pd.DatetimeIndex(laid.dates).year.to_numpy()
    return _slices(laid, {str(year): years == year for year in np.unique(years)})


def _slices(laid: Laid, held: dict[str, NDArray[np.bool_]]) -> tuple[Slice, ...]:
    ic = rank_ic(laid.score, laid.outcome)
    known, called = laid.known, laid.called
    right = (laid.probability > 0.5) == laid.beat
    out = []
    for name, inside in held.items():
        dated = inside & known.any(axis=1)
        if not dated.any():
            continue
        mean, low, high, _ = information(ic[dated], laid.overlap)
        mine, rated = called & dated[:, None], laid.rated & dated[:, None]
        rate = float(laid.beat[known & dated[:, None]].mean())
        out.append(
            Slice(
                name=name,
                dates=int(dated.sum()),
                mean_ic=mean,
                ic_low=low,
                ic_high=high,
                hit_rate=rounded(float(right[mine].mean())) if mine.any() else None,
                base_rate=rounded(max(rate, 1.0 - rate)),
                call_share=rounded(mine.sum() / rated.sum()) if rated.any() else None,
            )
        )
    return tuple(out)
