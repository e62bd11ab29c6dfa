"""How much each signal of alternative data has told of a market's sectors: shrunk rank-free correlations.

Nobody can know beforehand what a new signal is worth or which sign it has, so both are measured, on past dates only
and pooled over sectors, and what cannot be told from chance weighs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.scoring.calibration import rounded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.scoring.panel import FeaturePanel

MIN_SECTORS = 4
"""Sectors with the signal on a date before the date says anything of it."""


def signal_weights(panel: FeaturePanel, n_known: int) -> NDArray[np.float64]:
    """Measure every signal's mean correlation with the relative returns that followed it.

    On each training date the sectors' unusual levels are correlated with their relative returns over the next
    horizon. The mean over dates is shrunk by what its own error leaves of it (positive-part James-Stein); dates whose
    windows overlap count by their share of a window.

    Parameters
    ----------
    panel
        The market's panel; rows from `n_known` on are not looked at, nor outcomes that end there.
    n_known
        Number of rows known.

    Returns
    -------
    ndarray of shape (n_signals,)
        Correlations; zero for a signal with less than a year of dates, or none that stands out from chance.
    """
    grid = np.arange(0, max(0, n_known - panel.horizon_rows), panel.stride)
    forward = panel.forward[grid]
    overlap = min(1.0, panel.stride / panel.horizon_rows)
    weights = np.zeros(panel.signals.shape[2])
    for index in range(len(weights)):
        found = _correlations(panel.signals[grid, :, index], forward)
        if len(found) * panel.stride >= panel.year:
            weights[index] = rounded(_shrunk(found, overlap))
    return weights


def _correlations(levels: NDArray[np.float64], forward: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the correlation across sectors on every date that has enough of them."""
    known = np.isfinite(levels) & np.isfinite(forward)
    n = known.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        x = np.where(known, levels - (np.where(known, levels, 0.0).sum(axis=1) / n)[:, None], 0.0)
        y = np.where(known, forward - (np.where(known, forward, 0.0).sum(axis=1) / n)[:, None], 0.0)
        found = (x * y).sum(axis=1) / np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1))
    usable = (n >= MIN_SECTORS) & np.isfinite(found)
    return np.asarray(found[usable], dtype=np.float64)


def _shrunk(found: NDArray[np.float64], overlap: float) -> float:
    mean, spread = float(found.mean()), float(found.std(ddof=1))
    error = spread / np.sqrt(overlap * len(found))
    if error == 0.0 or abs(mean) <= error:
        return 0.0
    return float(mean * (1.0 - (error / mean) ** 2))


def signal_tilt(weights: NDArray[np.float64], levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return weights times unusual levels, summed over the signals a sector has.

    Parameters
    ----------
    weights
        Shape (n_signals,).
    levels
        Shape (..., n_signals).

    Returns
    -------
    ndarray of shape (...)
        NaN where a sector has no signal.
    """
    total = np.zeros(levels.shape[:-1])
    seen = np.zeros(total.shape, dtype=bool)
    for index, weight in enumerate(weights):
        known = np.isfinite(levels[..., index])
        total += np.where(known, weight * levels[..., index], 0.0)
        seen |= known
    return np.where(seen, total, np.nan)
