"""How sectors have moved with one driver, with standard errors that know windows overlap."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_WINDOWS = 12
"""Non-overlapping windows below which nothing is estimated."""


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """The slope of a regression on one driver.

    Attributes
    ----------
    slope
        Change of the response per unit of the driver.
    error
        Newey-West standard error of the slope.
    windows
        Non-overlapping windows in the sample.
    largest
        Largest absolute change of the driver in it.
    """

    slope: float
    error: float
    windows: int
    largest: float


def sensitivity(
    change: NDArray[np.float64], response: NDArray[np.float64], *, overlap: int
) -> Sensitivity | None:
    """Regress a response on a driver's change over the same windows.

    Parameters
    ----------
    change, response
        Shape (n_windows,), one value for each window's end, in order of time; NaN is left out.
    overlap
        Window ends that one window spans; 1 where windows do not overlap.

    Returns
    -------
    Sensitivity or None
        None with fewer than `MIN_WINDOWS` non-overlapping windows, or a driver that stood still.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.arange(24.0)
    >>> round(sensitivity(x, 2 * x, overlap=1).slope, 6)
    2.0
    """
    keep = np.isfinite(change) & np.isfinite(response)
    x, y = change[keep], response[keep]
    windows = x.size // overlap
    if windows < MIN_WINDOWS:
        return None
    x = x - float(np.mean(x))
    spread = float(np.sum(x * x))
    if spread <= 1e-18 * x.size:
        return None
    slope = float(np.sum(x * y)) / spread
    residual = y - float(np.mean(y)) - slope * x
    return Sensitivity(
        slope=slope,
        error=_hac(x * residual, overlap - 1, windows) / spread,
        windows=windows,
        largest=float(np.max(np.abs(change[keep]))),
    )


def _hac(moment: NDArray[np.float64], lags: int, windows: int) -> float:
    """Return the root of the long-run variance of a sum, with a small-sample correction."""
    variance = float(np.sum(moment * moment))
    for lag in range(1, min(lags, moment.size - 1) + 1):
        weight = 1.0 - lag / (lags + 1)
        variance += 2.0 * weight * float(np.sum(moment[lag:] * moment[:-lag]))
    return math.sqrt(max(variance, 0.0) * windows / max(windows - 2, 1))
