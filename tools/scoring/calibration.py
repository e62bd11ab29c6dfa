"""From an expected return to a probability and an interval, on the market's own past only.

Relative strength predicts sectors weakly: information coefficients of 0.02 are normal, and a year
of overlapping windows hardly moves the estimate. The calibration is therefore a maximum a
posteriori fit: the prior says "a little skill, no bias", the past may move it as far as its
effective sample allows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PRIOR_INTERCEPT_SD = 0.05
"""Sectors beat their benchmark about half the time, give or take a point or two by market."""
PRIOR_SLOPE = 1.6
"""Log-odds per standard deviation of expected relative return: a normal variable's, if forecasts keep their word."""
PRIOR_SLOPE_SD = 0.8
SLOPE_FLOOR = 0.1
"""A slope below it would leave the ranking undefined."""
CROSS_SECTION_WEIGHT = 0.5
"""Sectors of one date are not independent: their relative returns nearly add up to zero."""
MEDIAN_PER_LOG_ODDS = math.sqrt(math.pi / 8)
"""Median of a normal relative return, in its own spread, per log-odds of its being positive."""
SIGNIFICANT_DIGITS = 10
_NEWTON_STEPS, _LONGEST_STEP = 60, 1.0


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Log-odds of beating the benchmark: ``intercept + slope × expected``."""

    intercept: float
    slope: float
    floored: bool
    """Whether the past said less than nothing, so that the floor holds the ranking up."""


def rounded(value: float) -> float:
    """Return `value` at ten significant digits: the last bits of a sum never reach an artefact."""
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def fit_logistic(
    expected: NDArray[np.float64], beat: NDArray[np.bool_], weights: NDArray[np.float64]
) -> Calibration:
    """Fit intercept and slope under their priors.

    Parameters
    ----------
    expected
        Expected relative returns in their own standard deviations, shape (n_samples,), no NaN.
    beat
        Whether the benchmark was beaten over the horizon, shape (n_samples,).
    weights
        Shape (n_samples,), what each sample counts after overlap.

    Returns
    -------
    Calibration
        The prior itself where there is no sample.

    Examples
    --------
    >>> import numpy as np
    >>> nothing = np.zeros(0)
    >>> fit_logistic(nothing, nothing.astype(bool), nothing).slope
    1.6
    """
    intercept, slope = 0.0, PRIOR_SLOPE
    precision_a, precision_b = PRIOR_INTERCEPT_SD**-2, PRIOR_SLOPE_SD**-2
    outcome = beat.astype(np.float64)
    for _ in range(_NEWTON_STEPS):
        chance = 0.5 * (1.0 + np.tanh(0.5 * (intercept + slope * expected)))
        miss = weights * (outcome - chance)
        curve = weights * chance * (1.0 - chance)
        grad_a = float(np.sum(miss)) - precision_a * intercept
        grad_b = float(np.sum(miss * expected)) - precision_b * (slope - PRIOR_SLOPE)
        h_aa = float(np.sum(curve)) + precision_a
        h_ab = float(np.sum(curve * expected))
        h_bb = float(np.sum(curve * expected * expected)) + precision_b
        determinant = h_aa * h_bb - h_ab * h_ab
        step_a = (h_bb * grad_a - h_ab * grad_b) / determinant
        step_b = (h_aa * grad_b - h_ab * grad_a) / determinant
        # a bounded step: far from the maximum the curve says little of how far it lies
        shorter = min(1.0, _LONGEST_STEP / max(abs(step_a), abs(step_b), 1e-300))
        intercept, slope = intercept + shorter * step_a, slope + shorter * step_b
        if abs(step_a) + abs(step_b) < 1e-13:
            break
    return Calibration(
        intercept=rounded(intercept),
        slope=max(rounded(slope), SLOPE_FLOOR),
        floored=slope < SLOPE_FLOOR,
    )


def robust_spread(returns: NDArray[np.float64]) -> float:
    """Return the interquartile range as a standard deviation; NaN without at least four values."""
    finite = returns[np.isfinite(returns)]
    if finite.size < 4:
        return math.nan
    lower, upper = np.quantile(finite, [0.25, 0.75])
    return float(upper - lower) / 1.349


def shrunk_spread(own: float, n_own: float, pooled: float, n_prior: float = 24.0) -> float:
    """Return a sector's spread, drawn to the pooled one as if `n_prior` windows had been seen."""
    if not math.isfinite(own):
        return pooled
    return math.sqrt((n_own * own * own + n_prior * pooled * pooled) / (n_own + n_prior))
