"""How far a number over overlapping, leaning windows might have come out otherwise.

Dates are drawn in blocks with replacement (circular moving blocks; Künsch 1989, Politis and Romano 1992), each with all
of its sectors, so that what hangs together across sectors and over time stays together. A block is twice as long as a
forecast's window, or the cube root of the number of dates where that is longer.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tools.contracts import Frozen
from tools.scoring.calibration import rounded
from tools.scoring.record import mean_with_interval, overlap_error

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_DRAWS = 1000
SEED = 20_190_401
FEWEST_DATES, FEWEST_WINDOWS = 3, 2
"""Dates before there is a mean, and windows that they must span before there is an interval."""


class Estimate(Frozen):
    """A number with its 95 % interval."""

    value: float
    low: float | None
    """None where there are too few dates to say."""
    high: float | None


class Spread(Frozen):
    """A measure beside the 95 % range that a perfectly calibrated forecaster would show on the same dates."""

    value: float
    low: float | None
    high: float | None


def block_length(n_dates: int, overlap: int) -> int:
    """Return how many dates are drawn together."""
    wanted = max(2 * overlap, math.ceil(math.cbrt(n_dates)))
    return max(1, min(wanted, n_dates // 2))


def drawn_dates(
    n_dates: int, overlap: int, n_draws: int = N_DRAWS, seed: int = SEED
) -> NDArray[np.int64]:
    """Return positions of dates drawn in circular blocks, shape (n_draws, n_dates)."""
    block = block_length(n_dates, overlap)
    n_blocks = math.ceil(n_dates / block)
    starts = np.random.default_rng(seed).integers(0, n_dates, size=(n_draws, n_blocks))
    drawn = (starts[:, :, None] + np.arange(block)) % n_dates
    return drawn.reshape(n_draws, -1)[:, :n_dates]


def draw_counts(
    n_dates: int, overlap: int, n_draws: int = N_DRAWS, seed: int = SEED
) -> NDArray[np.float64]:
    """Return how often each date was drawn, shape (n_draws, n_dates)."""
    drawn = drawn_dates(n_dates, overlap, n_draws, seed)
    offset = np.arange(n_draws)[:, None] * n_dates
    counts = np.bincount((drawn + offset).ravel(), minlength=n_draws * n_dates)
    return counts.reshape(n_draws, n_dates).astype(np.float64)


def middle(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 2.5 and 97.5 % quantiles of what was drawn."""
    low, high = np.quantile(values[np.isfinite(values)], [0.025, 0.975])
    return rounded(float(low)), rounded(float(high))


def ratio(
    numerator: NDArray[np.float64], denominator: NDArray[np.float64], overlap: int
) -> Estimate | None:
    """Return a ratio of two sums over dates, and what it comes to over blocks of dates drawn anew.

    Parameters
    ----------
    numerator, denominator
        One addend a date, shape (n_dates,), no NaN.
    overlap
        Dates that one window spans.

    Returns
    -------
    Estimate or None
        None where the denominator adds up to nothing; no interval with fewer than four blocks.

    Examples
    --------
    >>> import numpy as np
    >>> ratio(np.array([1.0, 0.0]), np.ones(2), 1).value
    0.5
    """
    total = float(denominator.sum())
    if total <= 0.0:
        return None
    value = rounded(float(numerator.sum()) / total)
    n = numerator.size
    if n < 4 * block_length(n, overlap):
        return Estimate(value=value, low=None, high=None)
    counts = draw_counts(n, overlap)
    below = counts @ denominator
    usable = below > 0.0
    low, high = middle((counts @ numerator)[usable] / below[usable])
    return Estimate(value=value, low=low, high=high)


def mean_over_dates(series: NDArray[np.float64], overlap: int) -> Estimate | None:
    """Return the mean over dates, NaN left out, with its interval."""
    known = series[np.isfinite(series)]
    return ratio(known, np.ones(known.size), overlap)


class Information(NamedTuple):
    """A mean rank correlation, how far it may be out, and its t; None where there are too few dates to say."""

    mean: float | None
    low: float | None
    high: float | None
    t: float | None


def information(ic: NDArray[np.float64], overlap: int) -> Information:
    """Return the mean rank correlation over dates, NaN left out, with its 95 % interval (Newey-West).

    Within one window overlapping outcomes are nearly the same, and that they agree says nothing: without two windows
    there is no interval and no t.
    """
    series = ic[np.isfinite(ic)]
    if series.size < FEWEST_DATES:
        return Information(None, None, None, None)
    mean, low, high = mean_with_interval(series, overlap)
    if series.size < FEWEST_WINDOWS * overlap:
        return Information(rounded(mean), None, None, None)
    error = overlap_error(series - mean, overlap)
    t = rounded(mean / error) if error > 0 else None
    return Information(rounded(mean), rounded(low), rounded(high), t)
