"""How each sector has moved with the macro series: ridge regressions of relative returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.scoring.calibration import rounded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.scoring.panel import FeaturePanel

YEARS = 5
"""Trailing past that a sensitivity is measured on."""
PRIOR_CORRELATION = 0.15
"""Prior standard deviation of a standardised coefficient; its inverse square is the ridge."""


def macro_sensitivities(panel: FeaturePanel, n_known: int) -> NDArray[np.float64]:
    """Measure every sector's response to every driver on the trailing five years.

    Windows that end on the same day are compared: the sector's relative return and the drivers'
    changes over the horizon. Overlapping windows count by their share of a window.

    Parameters
    ----------
    panel
        The market's panel; rows from `n_known` on are not looked at.
    n_known
        Number of rows known.

    Returns
    -------
    ndarray of shape (n_sectors, n_drivers)
        Relative return per unit of change; NaN for a driver or a sector with less than a year of
        windows.
    """
    n_sectors, n_drivers = panel.past.shape[1], panel.drivers.shape[1]
    betas = np.full((n_sectors, n_drivers), np.nan)
    start = max(0, n_known - YEARS * panel.year)
    rows = np.arange(start + (-start) % panel.stride, n_known, panel.stride)
    needed = panel.year // panel.stride
    changes, relative = panel.drivers[rows], panel.past[rows]
    usable = np.isfinite(changes).sum(axis=0) >= needed
    usable &= np.nanmax(np.where(np.isfinite(changes), np.abs(changes), 0.0), axis=0, initial=0) > 0
    # a series that has been revised by then was never a price, whatever it was taken for before
    usable &= panel.driving[max(n_known, 1) - 1]
    if not usable.any():
        return betas
    changes = changes[:, usable]
    complete = np.isfinite(changes).all(axis=1)
    weight = min(1.0, panel.stride / panel.horizon_rows)
    for sector in range(n_sectors):
        keep = complete & np.isfinite(relative[:, sector])
        if int(keep.sum()) >= needed:
            betas[sector, usable] = _ridge(changes[keep], relative[keep, sector], weight)
    return betas


def _ridge(
    changes: NDArray[np.float64], relative: NDArray[np.float64], weight: float
) -> NDArray[np.float64]:
    """Return coefficients per unit of change, shape (n_drivers,)."""
    centred = changes - changes.mean(axis=0)
    scale = np.sqrt((centred * centred).mean(axis=0))
    # a driver that stood still throughout has no measurable effect
    scale = np.where(scale > 0, scale, np.inf)
    standard = centred / scale
    target = relative - relative.mean()
    # einsum without optimisation sums in a fixed order whatever the number of threads
    gram = weight * np.einsum("ti,tj->ij", standard, standard)
    gram += np.eye(gram.shape[0]) * PRIOR_CORRELATION**-2
    moment = weight * np.einsum("ti,t->i", standard, target)
    solved = np.linalg.solve(gram, moment) / scale
    return np.array([rounded(float(value)) for value in solved])


def tilt(betas: NDArray[np.float64], changes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return sensitivities times changes, summed over the drivers that have both.

    Parameters
    ----------
    betas
        Shape (n_sectors, n_drivers).
    changes
        Shape (n_days, n_drivers).

    Returns
    -------
    ndarray of shape (n_days, n_sectors)
        NaN where no driver has both.
    """
    total = np.zeros((changes.shape[0], betas.shape[0]))
    seen = np.zeros(total.shape, dtype=bool)
    for driver in range(betas.shape[1]):
        part = changes[:, driver, None] * betas[None, :, driver]
        known = np.isfinite(part)
        total += np.where(known, part, 0.0)
        seen |= known
    return np.where(seen, total, np.nan)
