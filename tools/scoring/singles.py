"""The best simple alternative: at every refit the one signal that had ranked best in the past known by then.

This is what a desk without a model would have done: look at every measured signal by itself, take the one with the
strongest record, in the direction that the record has, and go by it until the next refit. Nothing here is chosen with
hindsight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tools.scoring.features import FEATURES, FITTED
from tools.scoring.record import rank_ic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.scoring.panel import FeaturePanel

MIN_YEARS = 1
"""Years of outcomes before a signal's own record chooses; before that, the one believed in most."""


class Singles(NamedTuple):
    """The single signal chosen on the past, on the weekly grid (monthly in monthly markets)."""

    ic: NDArray[np.float64]
    """Rank correlation with what followed, shape (n_grid,); NaN where the signal or the outcome is missing."""
    now: str
    """Name of the input that would be chosen at the end, as in a fact id."""
    sign: int
    """Whether a high value of it is taken to lead (1) or to lag (-1)."""


def chosen_singles(panel: FeaturePanel, refits: Sequence[int], n_known: int) -> Singles | None:
    """Return the signal chosen at every refit, and the one that would be chosen now.

    Parameters
    ----------
    panel
        The market's panel.
    refits
        Rows on which the choice is made, ascending, starting with 0; each sees the rows known before that day.
    n_known
        Rows that the choice at the end looks at.

    Returns
    -------
    Singles or None
        None where the market has none of the signals.
    """
    grid = np.arange(0, len(panel.days), panel.stride)
    candidates = [i for i, spec in enumerate(FEATURES) if spec.metric not in FITTED]
    values, outcomes = panel.values[grid], panel.forward[grid]
    candidates = [i for i in candidates if np.isfinite(values[:, :, i]).any()]
    if not candidates or not len(grid):
        return None
    each = np.stack([rank_ic(values[:, :, i], outcomes) for i in candidates])
    belief = np.array([FEATURES[i].belief(monthly=panel.year == 12) for i in candidates])
    ic = np.full(len(grid), np.nan)
    for position, start in enumerate(refits):
        end = refits[position + 1] if position + 1 < len(refits) else len(panel.days)
        known = panel.rows_known_before(panel.days[start])
        best, sign = _best(each, belief, _dates(panel, known), panel)
        rows = (grid >= start) & (grid < end)
        ic[rows] = sign * each[best, rows]
    best, sign = _best(each, belief, _dates(panel, n_known), panel)
    return Singles(ic=ic, now=FEATURES[candidates[best]].name, sign=sign)


def _dates(panel: FeaturePanel, known: int) -> int:
    """Return how many dates of the grid had a known outcome."""
    return len(range(0, max(0, known - panel.horizon_rows), panel.stride))


def _best(
    each: NDArray[np.float64], belief: NDArray[np.float64], dates: int, panel: FeaturePanel
) -> tuple[int, int]:
    """Return which signal has ranked best over the first dates, and in which direction."""
    past = each[:, :dates]
    count = np.isfinite(past).sum(axis=1)
    enough = count * panel.stride >= MIN_YEARS * panel.year
    if not enough.any():
        best = int(np.argmax(np.abs(belief)))
        return best, 1 if belief[best] >= 0 else -1
    mean = np.where(enough, np.nansum(past, axis=1) / np.maximum(count, 1), 0.0)
    best = int(np.argmax(np.abs(mean)))
    return best, 1 if mean[best] >= 0 else -1
