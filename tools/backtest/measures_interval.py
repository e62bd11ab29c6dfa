"""Whether eight in ten outcomes fall into the 80 % interval, as often as they would for a calibrated forecaster.

That forecaster's range is simulated as for probabilities (:mod:`tools.backtest.measures_probability`): what each
outcome missed the median by, in widths of its interval, is ranked within its sector; whole dates of ranks are drawn in
blocks; an outcome is inside where its rank lies between 0.1 and 0.9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.backtest.measures_probability import drawn_ranks, uniform_ranks
from tools.backtest.resampling import SEED, Spread, middle
from tools.contracts import Frozen
from tools.scoring.calibration import rounded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tools.backtest.layout import Laid


class IntervalMeasures(Frozen):
    """One model's 80 % intervals against what followed."""

    n: int
    coverage: Spread
    """Share of outcomes inside, beside the range of a forecaster who covers 80 %."""
    below: float
    """Share of outcomes under the interval; 0.1 is meant."""
    above: float
    width: float
    """Mean width, a fraction."""


def interval_measures(laid: Laid) -> IntervalMeasures | None:
    """Measure the intervals of one model; None where it has none."""
    rated = bounded(laid)
    if not rated.any():
        return None
    outcome, low, high = laid.outcome[rated], laid.low[rated], laid.high[rated]
    below, above = outcome < low, outcome > high
    value = rounded(1.0 - float(np.mean(below)) - float(np.mean(above)))
    drawn = [inside.mean(axis=1) for inside in calibrated_insides(laid)]
    least, most = middle(np.concatenate(drawn)) if drawn else (None, None)
    return IntervalMeasures(
        n=int(rated.sum()),
        coverage=Spread(value=value, low=least, high=most),
        below=rounded(float(np.mean(below))),
        above=rounded(float(np.mean(above))),
        width=rounded(float(np.mean(high - low))),
    )


def bounded(laid: Laid) -> NDArray[np.bool_]:
    """Return where an interval meets a known outcome, shape (n_dates, n_sectors)."""
    return laid.known & np.isfinite(laid.low) & np.isfinite(laid.high)


def calibrated_insides(laid: Laid, seed: int = SEED) -> Iterator[NDArray[np.float64]]:
    """Yield, draw by draw, whether each outcome would lie inside for a calibrated forecaster, (n_draws, n_rated)."""
    rated = bounded(laid)
    dated = rated.any(axis=1)
    width = np.where(rated, laid.high - laid.low, np.nan)
    missed = (laid.outcome - laid.expected) / np.where(width > 0, width, np.nan)
    ranks = uniform_ranks(np.where(rated, missed, np.nan))[dated]
    for rank in drawn_ranks(ranks, rated[dated], laid.overlap, seed):
        yield ((rank >= 0.1) & (rank <= 0.9)).astype(np.float64)
