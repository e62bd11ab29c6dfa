"""Which model serves: a fixed rule on the record of both before each refit, never whichever happens to exist."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from tools.scoring.record import mean_with_interval, rank_ic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tools.scoring.panel import FeaturePanel
    from tools.scoring.training import Model, Walk

ScorerName = Literal["auto", "composite", "ensemble"]
CHOICE_YEARS = 2
"""Years of both models' out-of-sample forecasts before the ensemble may serve."""


def serving(panel: FeaturePanel, walks: Mapping[Model, Walk], n_known: int) -> Model:
    """Return the model that `auto` serves from a refit that knows the first `n_known` rows.

    The ensemble begins as the composite and departs from it only as far as a market's past has shown it to, so it
    serves from the second year of out-of-sample forecasts on, unless their rank correlation has been below the
    composite's over all dates with a known outcome by more than chance (95 % interval, corrected for overlap).
    """
    grid = np.arange(0, max(0, n_known - panel.horizon_rows), panel.stride)
    if not len(grid):
        return "composite"
    fits = walks["ensemble"].fits
    trained = np.array([fit.trained for fit in fits])[walks["ensemble"].fit_of_row[grid]]
    grid = grid[trained]
    if len(grid) * panel.stride < CHOICE_YEARS * panel.year:
        return "composite"
    ensemble, composite = (
        rank_ic(walks[model].scores[grid], panel.forward[grid])
        for model in ("ensemble", "composite")
    )
    ahead = ensemble - composite
    ahead = ahead[np.isfinite(ahead)]
    if not ahead.size:
        return "composite"
    _mean, _, high = mean_with_interval(ahead, math.ceil(panel.horizon_rows / panel.stride))
    return "composite" if high < 0.0 else "ensemble"


def served(panel: FeaturePanel, walks: Mapping[Model, Walk], refits: Sequence[int]) -> Walk:
    """Return the walk of what `auto` would have served: at every refit the model that its past selected."""
    first = walks["composite"]
    scores, fits = first.scores.copy(), list(first.fits)
    for position, start in enumerate(refits):
        end = refits[position + 1] if position + 1 < len(refits) else len(panel.days)
        model = serving(panel, walks, panel.rows_known_before(panel.days[start]))
        scores[start:end] = walks[model].scores[start:end]
        fits[position] = walks[model].fits[position]
    return replace(first, scores=scores, fits=tuple(fits))
