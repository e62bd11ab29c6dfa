"""Which model serves: a fixed rule on the record of both before each refit, never whichever happens to exist."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from tools.contracts import Frozen
from tools.scoring.calibration import rounded
from tools.scoring.record import mean_with_interval, rank_ic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tools.scoring.panel import FeaturePanel
    from tools.scoring.training import Model, Walk

ScorerName = Literal["auto", "composite", "ensemble"]
CHOICE_YEARS = 2
"""Years of both models' out-of-sample forecasts before the ensemble may serve."""


class Choice(Frozen):
    """Which model serves, and what the rule went by."""

    model: Literal["composite", "ensemble"]
    reason: Literal["young", "not_behind", "behind"]
    """Too little of a past to compare; the ensemble has not been worse by more than chance; it has been."""
    gap: float | None = None
    """Mean rank correlation of the ensemble less that of the composite; None where nothing was compared."""
    gap_low: float | None = None
    """95 % interval, corrected for overlap."""
    gap_high: float | None = None


def serving(panel: FeaturePanel, walks: Mapping[Model, Walk], n_known: int) -> Choice:
    """Return the model that `auto` serves from a refit that knows the first `n_known` rows.

    The ensemble begins as the composite and departs from it only as far as a market's past has shown it to, so it
    serves from the second year of out-of-sample forecasts on, unless their rank correlation has been below the
    composite's over all dates with a known outcome by more than chance (95 % interval, corrected for overlap).
    """
    return _chosen(panel, *_compared(panel, walks), n_known)


def _compared(
    panel: FeaturePanel, walks: Mapping[Model, Walk]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the weekly rows with a trained model, and by how much the ensemble ranked better on each."""
    grid = np.arange(0, len(panel.days), panel.stride)
    fits = walks["ensemble"].fits
    trained = np.array([fit.trained for fit in fits])[walks["ensemble"].fit_of_row[grid]]
    grid = grid[trained]
    ensemble, composite = (
        rank_ic(walks[model].scores[grid], panel.forward[grid])
        for model in ("ensemble", "composite")
    )
    return grid, ensemble - composite


def _chosen(
    panel: FeaturePanel, grid: NDArray[np.int64], ahead: NDArray[np.float64], n_known: int
) -> Choice:
    """Apply the rule to what was known of the comparison."""
    ahead = ahead[grid < n_known - panel.horizon_rows]
    enough = len(ahead) * panel.stride >= CHOICE_YEARS * panel.year
    ahead = ahead[np.isfinite(ahead)]
    if not enough or not ahead.size:
        return Choice(model="composite", reason="young")
    gap, low, high = mean_with_interval(ahead, math.ceil(panel.horizon_rows / panel.stride))
    behind = high < 0.0
    return Choice(
        model="composite" if behind else "ensemble",
        reason="behind" if behind else "not_behind",
        gap=rounded(gap),
        gap_low=rounded(low),
        gap_high=rounded(high),
    )


def served(panel: FeaturePanel, walks: Mapping[Model, Walk], refits: Sequence[int]) -> Walk:
    """Return the walk of what `auto` would have served: at every refit the model that its past selected."""
    first = walks["composite"]
    scores, fits = first.scores.copy(), list(first.fits)
    grid, ahead = _compared(panel, walks)
    for position, start in enumerate(refits):
        end = refits[position + 1] if position + 1 < len(refits) else len(panel.days)
        known = panel.rows_known_before(panel.days[start])
        model = _chosen(panel, grid, ahead, known).model
        scores[start:end] = walks[model].scores[start:end]
        fits[position] = walks[model].fits[position]
    return replace(first, scores=scores, fits=tuple(fits))
