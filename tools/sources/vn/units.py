"""Whether prices and values are in the unit they are taken for.

Providers of the same market state prices in dong or in thousands of dong, and values in dong or in millions. A daily
price moves by a few percent at most, so that a step of about a thousand or a million between two neighbours, or
between a price and one known before, is a changed unit and never a move of the market.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.intp]

SPREAD = 0.75
"""Decades around 10³, 10⁶ and 10⁹ that still count as such a step: a factor of 5.6 either way."""


TOLERANCE = 5.0
"""How far a value may be from price times volume: trades of a day lie within its price limits."""
SMALL_VND = 1e6


class Range(NamedTuple):
    """What a newest price may lie between where no earlier one is known."""

    low: float
    high: float


SHARE_VND = Range(500.0, 2_000_000.0)
"""Shares of HOSE: the cheapest trade above a thousand dong, the dearest ever below a million and a half."""
INDEX_POINTS = Range(20.0, 20_000.0)
"""Indices of the exchange began at 100, 560 or 1,000 points."""


def thousands(ratio: Floats | float) -> Integers:
    """Return how many factors of a thousand lie in each ratio: 0 for an ordinary one, 1 near 1,000, −2 near 10⁻⁶.

    NaN, zero and negative ratios count as ordinary: they are somebody else's to judge.
    """
    values = np.asarray(ratio, dtype=np.float64)
    usable = np.isfinite(values) & (values > 0)
    decades = np.log10(np.where(usable, values, 1.0))
    steps = np.rint(decades / 3.0)
    near = (np.abs(decades - 3.0 * steps) <= SPREAD) & (np.abs(steps) <= 3)
    return np.where(near, steps, 0.0).astype(np.intp)


def in_one_unit(close: Floats, usual: Range, known: float | None = None) -> Bools:
    """Mark the closes that are in the unit wanted.

    Parameters
    ----------
    close
        Closes of one instrument, shape (n_days,), oldest first, positive.
    usual
        Where the newest close lies when it is in the unit wanted.
    known
        An earlier close that was in the unit wanted; where there is one, `usual` is not asked.

    Returns
    -------
    Bools
        Shape (n_days,): True for every row of the unit that fits, all False where none does.
    """
    if not len(close):
        return np.zeros(0, dtype=bool)
    with np.errstate(over="ignore", under="ignore"):
        steps = thousands(close[1:] / close[:-1])
    level = np.concatenate([[0], np.cumsum(steps)])
    for newest in range(len(close) - 1, -1, -1):
        last_of_level = not (level[newest + 1 :] == level[newest]).any()
        if last_of_level and _fits(float(close[newest]), usual, known):
            return np.asarray(level == level[newest])
    return np.zeros(len(close), dtype=bool)


def _fits(close: float, usual: Range, known: float | None) -> bool:
    if known is not None and np.isfinite(known) and known > 0:
        return not thousands(close / known).any()
    return usual.low <= close <= usual.high


def agree(value: Floats, price: Floats, volume: Floats) -> Bools:
    """Tell where a traded value can be `volume` shares at about `price`, all in one unit.

    What is not known agrees, and so does a value of zero for trades too small to show in it.
    """
    known = np.isfinite(value) & np.isfinite(price) & np.isfinite(volume)
    with np.errstate(over="ignore", invalid="ignore"):
        implied = np.where(known, price * volume, np.nan)
        positive = known & (implied > 0) & (value > 0)
        ratio = np.divide(value, implied, out=np.ones_like(implied), where=positive)
    near = (ratio >= 1 / TOLERANCE) & (ratio <= TOLERANCE)
    nothing = (value == 0) & (implied >= 0) & (implied < SMALL_VND)
    return np.asarray(~known | np.where(positive, near, nothing))
