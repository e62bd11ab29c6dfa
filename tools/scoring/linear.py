"""The linear part of the score: beliefs about every input, corrected by the market's own past where it is allowed to.

A ridge regression that shrinks towards the table's weights instead of nothing. With little data it is the beliefs,
with much it is the data, and how much is much is what the table's doubts say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.scoring.calibration import rounded
from tools.scoring.features import FEATURES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.scoring.panel import FeaturePanel

CLIP = 3.0
"""Standard deviations beyond which an input says no more."""
HALF_LIFE_YEARS = 15
"""Age at which an outcome counts half."""
_MIN_ROWS = 30
"""Values of an input before its own centre and scale replace the nominal ones."""


def beliefs(panel: FeaturePanel) -> NDArray[np.float64]:
    """Return the table's weights for this kind of market, shape (n_inputs,)."""
    months = panel.horizon_rows * 12 / panel.year
    return np.array([spec.belief(monthly=panel.year == 12, months=months) for spec in FEATURES])


def doubts(panel: FeaturePanel) -> NDArray[np.float64]:
    """Return the standard deviation of each belief, shape (n_inputs,)."""
    months = panel.horizon_rows * 12 / panel.year
    return np.array(
        [spec.uncertainty(monthly=panel.year == 12, months=months) for spec in FEATURES]
    )


def scaled_inputs(past: NDArray[np.float64], *, trained: bool) -> list[tuple[float, float]]:
    """Return centre and scale of each input over all sectors and past dates, shape of `past` (…, n_inputs)."""
    scaled = []
    for index, spec in enumerate(FEATURES):
        column = past[..., index]
        column = column[np.isfinite(column)]
        centre, scale = spec.centre, spec.scale
        if trained and spec.own_scale and column.size >= _MIN_ROWS:
            # quartiles: one day of hundredfold trading must not hide every later one
            lower, middle, upper = (float(q) for q in np.quantile(column, [0.25, 0.5, 0.75]))
            if upper > lower:
                centre, scale = rounded(middle), rounded((upper - lower) / 1.349)
        scaled.append((centre, scale))
    return scaled


def standardised(
    values: NDArray[np.float64], scaled: list[tuple[float, float]]
) -> NDArray[np.float64]:
    """Return inputs in standard deviations from their centre, clipped; NaN where missing."""
    centre, scale = np.array(scaled).T
    return np.asarray(np.clip((values - centre) / scale, -CLIP, CLIP), dtype=np.float64)


def relative_target(forward: NDArray[np.float64], known: slice) -> NDArray[np.float64]:
    """Return what followed against the mean of its date, in standard deviations of the known ones, clipped.

    Parameters
    ----------
    forward
        Relative returns over the horizon that followed, shape (n_days, n_sectors).
    known
        The rows whose outcomes are known: the scale is theirs, and all others are NaN.
    """
    out = np.full_like(forward, np.nan)
    part = forward[known]
    seen = np.isfinite(part)
    count = seen.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(seen, part, 0.0).sum(axis=1, keepdims=True) / count
        centred = np.where(count > 1, part - mean, np.nan)
    flat = centred[np.isfinite(centred)]
    if flat.size < _MIN_ROWS:
        return out
    lower, upper = np.quantile(flat, [0.25, 0.75])
    if upper > lower:
        out[known] = np.clip(centred * 1.349 / (upper - lower), -CLIP, CLIP)
    return out


def age_weights(
    rows: NDArray[np.int64], n_known: int, panel: FeaturePanel, stride: int
) -> NDArray[np.float64]:
    """Return what a date counts: less with age, and its share of a window where windows overlap.

    Parameters
    ----------
    rows
        The dates, `stride` rows apart, shape (n_dates,).
    n_known
        Rows known: age is counted from there.
    """
    age = (n_known - rows) / (HALF_LIFE_YEARS * panel.year)
    return np.asarray(min(1.0, stride / panel.horizon_rows) * 0.5**age)


def learning_stride(panel: FeaturePanel) -> int:
    """Return the rows between the dates that weights are learned from: two within a horizon where it is short.

    Windows that overlap by half still tell more together than one of them, because inputs change within a window.
    """
    return min(panel.stride, max(1, panel.horizon_rows // 2))


def posterior(
    standard: NDArray[np.float64],
    target: NDArray[np.float64],
    weights: NDArray[np.float64],
    prior: NDArray[np.float64],
    doubt: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the weights that the beliefs and the past together give.

    Parameters
    ----------
    standard
        Standardised inputs, shape (n_samples, n_inputs); NaN where missing.
    target
        Relative returns in standard deviations, shape (n_samples,).
    weights
        What each sample counts, shape (n_samples,).
    prior
        The beliefs, shape (n_inputs,).
    """
    inputs = np.nan_to_num(standard)
    weighted = inputs * weights[:, None]
    # einsum without optimisation sums in a fixed order whatever the number of threads
    gram = np.einsum("ni,nj->ij", weighted, inputs) + np.diag(doubt**-2)
    moment = np.einsum("ni,n->i", weighted, target - np.einsum("ni,i->n", inputs, prior))
    return prior + np.linalg.solve(gram, moment)


def evidence(
    said: NDArray[np.float64], left: NDArray[np.float64], weights: NDArray[np.float64]
) -> float:
    """Return how much of a member's forecasts its own past ones earn it, between 0 and 1.

    Past out-of-sample forecasts are regressed on what the rest left over. The slope is shrunk by what its error leaves
    of it (positive-part James-Stein), with dates as the unit, because sectors of one date lean on each other.

    Parameters
    ----------
    said, left
        Shape (n_dates, n_sectors); NaN where missing.
    weights
        What each date counts, shape (n_dates,).
    """
    both = np.isfinite(said) & np.isfinite(left)
    x, y = np.where(both, said, 0.0), np.where(both, left, 0.0)
    size = float((weights[:, None] * x * x).sum())
    if size == 0.0 or int(both.any(axis=1).sum()) < _MIN_ROWS:
        return 0.0
    slope = float((weights[:, None] * x * y).sum()) / size
    misses = (x * (y - slope * x)).sum(axis=1)
    error = float(np.sqrt((weights * misses * misses).sum())) / size
    if slope <= error or error == 0.0:
        return 0.0
    return rounded(min(1.0, slope * (1.0 - (error / slope) ** 2)))
