"""Fits the models at one date, and walks them through the past as they would have been refitted.

Everything a fit looks at lies before its date: inputs, outcomes whose windows have ended, and the forecasts of earlier
refits, each made with what was known then. The walk gives the out-of-sample scores that calibration, the weights of
the ensemble's members and the record are made of.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from tools.scoring.alternative import signal_tilt, signal_weights
from tools.scoring.calibration import (
    CROSS_SECTION_WEIGHT,
    MEDIAN_PER_LOG_ODDS,
    Calibration,
    fit_logistic,
    robust_spread,
    rounded,
    shrunk_spread,
)
from tools.scoring.features import (
    FEATURES,
    GROUPS,
    RESPONSE_INPUT,
    SIGNAL_INPUT,
    TILT_INPUT,
    VOLATILITY_INPUT,
)
from tools.scoring.linear import (
    age_weights,
    beliefs,
    doubts,
    evidence,
    learning_stride,
    posterior,
    relative_target,
    scaled_inputs,
    standardised,
)
from tools.scoring.model import Fit, InputFit, scores, volatility_ratio
from tools.scoring.responses import respond, responses
from tools.scoring.sensitivities import macro_sensitivities, tilt
from tools.scoring.trees import TreeSum, fit_trees

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.scoring.panel import FeaturePanel

Model = Literal["composite", "ensemble"]
MODELS: tuple[Model, ...] = ("composite", "ensemble")
NORMAL_QUANTILE_90 = 1.2816
SPREAD_YEARS = 5
"""Trailing past that spreads and intervals are measured on."""
TREE_YEARS = 5
"""Years of outcomes before trees are grown."""
TREE_MEMBERS = ("forest", "boosting")


@dataclass(frozen=True, kw_only=True)
class Walk:
    """One model as it was at every date of the past.

    Attributes
    ----------
    scores
        Out-of-sample scores, shape (n_days, n_sectors); NaN where a sector is not listed.
    values
        The inputs with the tilts of their time, shape (n_days, n_sectors, n_inputs).
    fit_of_row
        Position in `fits` of the fit in force on each row, shape (n_days,).
    fits
        One fit a refit.
    """

    scores: NDArray[np.float64]
    values: NDArray[np.float64]
    fit_of_row: NDArray[np.int64]
    fits: tuple[Fit, ...]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the tilts are made with.

    Attributes
    ----------
    sensitivities
        Shape (n_sectors, n_drivers).
    signal_weights
        Shape (n_signals,).
    answers
        Sectors' answers to macro news, shape (n_sectors, n_states).
    """

    sensitivities: NDArray[np.float64]
    signal_weights: NDArray[np.float64]
    answers: NDArray[np.float64]


@dataclass
class _Path:
    """What one model has forecast so far, out of sample, in standard deviations of the relative return."""

    said: NDArray[np.float64]
    linear: NDArray[np.float64]
    """Without the trees."""
    missed: NDArray[np.float64]
    """What the median forecasts missed, in the spreads of their time."""
    members: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    trees: tuple[TreeSum, ...] = ()
    grown_in: int = -1


class Walker:
    """Takes both models through the past, refit by refit."""

    def __init__(self, panel: FeaturePanel) -> None:
        self.panel = panel
        self.values = panel.values.copy()
        self.paths = {model: self._path() for model in MODELS}
        self.prior, self.doubt = beliefs(panel), doubts(panel)

    def _path(self) -> _Path:
        shape = self.panel.past.shape
        return _Path(
            said=np.full(shape, np.nan),
            linear=np.full(shape, np.nan),
            missed=np.full(shape, np.nan),
            members={name: np.full(shape, np.nan) for name in TREE_MEMBERS},
        )

    def fill(self, start: int, end: int, known: int) -> Measured:
        """Write the tilts of rows from `start` to `end`, measured on the first `known`; return what was measured."""
        panel, rows = self.panel, slice(start, end)
        betas = macro_sensitivities(panel, known)
        weights = signal_weights(panel, known)
        target = relative_target(panel.forward, self._outcomes(known))
        measured = responses(panel, target, known)
        self.values[rows, :, TILT_INPUT] = tilt(betas, panel.drivers[rows])
        self.values[rows, :, SIGNAL_INPUT] = signal_tilt(weights, panel.signals[rows])
        if measured.size:
            self.values[rows, :, RESPONSE_INPUT] = respond(measured, panel.states[rows])
        return Measured(sensitivities=betas, signal_weights=weights, answers=measured)

    def _outcomes(self, known: int) -> slice:
        """Return the rows whose outcome was known: the last day of its window was."""
        return slice(0, max(0, known - self.panel.horizon_rows))

    def _grid(self, known: int) -> NDArray[np.int64]:
        return np.arange(0, max(0, known - self.panel.horizon_rows), self.panel.stride)

    def fit(self, model: Model, known: int, year: int) -> Fit:
        """Fit one model on the first `known` rows."""
        panel, path, grid = self.panel, self.paths[model], self._grid(known)
        target = relative_target(panel.forward, self._outcomes(known))[grid]
        inputs = self.values[grid]
        labelled = np.isfinite(target) & np.isfinite(inputs).any(axis=2)
        trained = int(labelled.any(axis=1).sum()) * panel.stride >= panel.year
        scaled = scaled_inputs(inputs, trained=trained)
        standard = standardised(inputs, scaled)
        ages = age_weights(grid, known, panel, panel.stride)
        per_sample = np.broadcast_to(ages[:, None], labelled.shape)[labelled]
        weights = np.where([spec.learned for spec in FEATURES], 0.0, self.prior)
        if model == "ensemble" and trained:
            weights = self._learned(scaled, known)
            self._grow(path, standard, target, labelled, per_sample, weights, year)
        earned = self._earned(path, grid, target, ages) if path.trees else {}
        said = path.said[grid]
        calibration = self._calibrated(said, grid, trained=trained)
        return self._assemble(calibration, scaled, weights, path, earned, known, trained=trained)

    def _learned(self, scaled: list[tuple[float, float]], known: int) -> NDArray[np.float64]:
        """Return the weights that beliefs and the past give, from dates as close as the horizon allows."""
        panel, stride = self.panel, learning_stride(self.panel)
        rows = np.arange(0, max(0, known - panel.horizon_rows), stride)
        target = relative_target(panel.forward, self._outcomes(known))[rows]
        standard = standardised(self.values[rows], scaled)
        labelled = np.isfinite(target) & np.isfinite(standard).any(axis=2)
        ages = age_weights(rows, known, panel, stride)
        counts = np.broadcast_to(ages[:, None], labelled.shape)[labelled]
        return posterior(standard[labelled], target[labelled], counts, self.prior, self.doubt)

    def _grow(
        self,
        path: _Path,
        standard: NDArray[np.float64],
        target: NDArray[np.float64],
        labelled: NDArray[np.bool_],
        per_sample: NDArray[np.float64],
        weights: NDArray[np.float64],
        year: int,
    ) -> None:
        """Grow the trees anew at the first refit of every even year; they need many outcomes and change slowly."""
        dates = int(labelled.any(axis=1).sum()) * self.panel.stride
        due = not path.trees or (year % 2 == 0 and year != path.grown_in)
        if not due or dates < TREE_YEARS * self.panel.year:
            return
        left = target[labelled] - np.einsum("ni,i->n", np.nan_to_num(standard[labelled]), weights)
        groups = [(g, [i for i, spec in enumerate(FEATURES) if spec.group == g]) for g in GROUPS]
        path.trees = fit_trees(standard[labelled], left, per_sample, groups)
        path.grown_in = year

    def _earned(
        self,
        path: _Path,
        grid: NDArray[np.int64],
        target: NDArray[np.float64],
        ages: NDArray[np.float64],
    ) -> dict[str, float]:
        """Return what each member's past forecasts earn it of what the linear part left over."""
        left = target - path.linear[grid]
        return {
            name: evidence(path.members[name][grid], left, ages) / len(TREE_MEMBERS)
            for name in TREE_MEMBERS
        }

    def _calibrated(
        self, said: NDArray[np.float64], grid: NDArray[np.int64], *, trained: bool
    ) -> Calibration:
        forward = self.panel.forward[grid]
        known = np.isfinite(said) & np.isfinite(forward) if trained else np.zeros(said.shape, bool)
        weight = CROSS_SECTION_WEIGHT * min(1.0, self.panel.stride / self.panel.horizon_rows)
        sample = said[known]
        return fit_logistic(sample, forward[known] > 0, np.full(sample.shape, weight))

    def _assemble(
        self,
        calibration: Calibration,
        scaled: list[tuple[float, float]],
        weights: NDArray[np.float64],
        path: _Path,
        earned: dict[str, float],
        known: int,
        *,
        trained: bool,
    ) -> Fit:
        panel, slope = self.panel, calibration.slope
        inputs = tuple(
            InputFit(
                name=spec.name, centre=centre, scale=scale, coefficient=rounded(slope * weight)
            )
            for spec, (centre, scale), weight in zip(FEATURES, scaled, weights, strict=True)
        )
        kept = tuple(tree for tree in path.trees if earned.get(tree.member))
        bare = Fit(
            intercept=calibration.intercept,
            slope=slope,
            slope_floored=calibration.floored,
            trained=trained,
            inputs=inputs,
            trees=kept,
            tree_weights=tuple(rounded(slope * earned[tree.member]) for tree in kept),
            spread=1.0,
            spreads={},
            usual_volatility={},
            low_residual=-NORMAL_QUANTILE_90,
            high_residual=NORMAL_QUANTILE_90,
        )
        return bare.model_copy(update=_intervals(panel, self.values, bare, path.missed, known))

    def say(self, model: Model, fit: Fit, rows: slice) -> NDArray[np.float64]:
        """Note what a fit forecasts for some rows, out of sample, and return their scores."""
        path, values = self.paths[model], self.values[rows]
        out = scores(fit, values)
        linear = scores(fit.model_copy(update={"trees": (), "tree_weights": ()}), values)
        path.said[rows] = (out - fit.intercept) / fit.slope
        path.linear[rows] = (linear - fit.intercept) / fit.slope
        scaled = [(entry.centre, entry.scale) for entry in fit.inputs]
        standard = standardised(values, scaled) if path.trees else None
        usual = np.array([fit.usual_volatility[sector] for sector in self.panel.sectors])
        scale = np.array([fit.spreads[sector] for sector in self.panel.sectors])
        scale = scale * volatility_ratio(values[:, :, VOLATILITY_INPUT], usual)
        if fit.trained:
            path.missed[rows] = self.panel.forward[rows] / scale - MEDIAN_PER_LOG_ODDS * out
        for name in TREE_MEMBERS:
            own = [tree for tree in path.trees if tree.member == name]
            if own and standard is not None:
                path.members[name][rows] = sum(tree.predict(standard) for tree in own)
        return np.where(self.panel.listed[rows], out, np.nan)


@dataclass(frozen=True, kw_only=True)
class Walked:
    """Both models' ways through the past, and each fit as it would be at the end of it."""

    walks: dict[Model, Walk]
    now: dict[Model, Fit]
    measured: Measured


def walk_models(
    panel: FeaturePanel,
    refits: Sequence[int],
    *,
    n_known: int | None = None,
    year: int | None = None,
) -> Walked:
    """Refit both models on schedule and score every row with the fit in force.

    Parameters
    ----------
    panel
        The market's panel.
    refits
        Rows on which the models are refitted, ascending, starting with 0; each fit sees the rows known before that day.
    n_known
        Rows that the last fit looks at; None: all.
    year
        Year of the refit that follows the panel; None: that of its last day.
    """
    walker = Walker(panel)
    n_days = len(panel.days)
    out = {model: np.full(panel.past.shape, np.nan) for model in MODELS}
    fit_of_row = np.zeros(n_days, dtype=np.int64)
    fits: dict[Model, list[Fit]] = {model: [] for model in MODELS}
    for position, start in enumerate(refits):
        end = refits[position + 1] if position + 1 < len(refits) else n_days
        known = panel.rows_known_before(panel.days[start])
        walker.fill(start, end, known)
        for model in MODELS:
            fit = walker.fit(model, known, panel.days[start].year)
            fits[model].append(fit)
            out[model][start:end] = walker.say(model, fit, slice(start, end))
        fit_of_row[start:end] = position
    known = n_days if n_known is None else n_known
    measured = walker.fill(n_days, n_days, known)
    # trees are grown anew at the first refit of a year, which may be the one that follows the panel
    grown_for = panel.days[-1].year if year is None else year
    now = {model: walker.fit(model, known, grown_for) for model in MODELS}
    return Walked(
        walks={
            model: Walk(
                scores=out[model],
                values=walker.values,
                fit_of_row=fit_of_row,
                fits=tuple(fits[model]),
            )
            for model in MODELS
        },
        now=now,
        measured=measured,
    )


def _intervals(
    panel: FeaturePanel,
    values: NDArray[np.float64],
    fit: Fit,
    missed: NDArray[np.float64],
    n_known: int,
) -> dict[str, object]:
    """Return spreads by sector and the quantiles of what the median forecast missed, over the trailing years.

    What earlier refits missed is taken as they missed it, in the spreads of their time: intervals that were too narrow
    widen (online conformal prediction). Where there is too little of that, this fit's own misses stand in.
    """
    first = max(0, n_known - SPREAD_YEARS * panel.year)
    grid = np.arange(
        first + (-first) % panel.stride, max(0, n_known - panel.horizon_rows), panel.stride
    )
    forward = panel.forward[grid]
    known = np.isfinite(forward)
    pooled = robust_spread(forward[known])
    if not math.isfinite(pooled) or pooled <= 0:
        # no outcome yet: the nominal monthly spread, by the square root of time
        pooled = 0.04 * math.sqrt(panel.horizon_rows / (panel.year / 12))
    overlap = min(1.0, panel.stride / panel.horizon_rows)
    spreads, usual = {}, {}
    for column, sector in enumerate(panel.sectors):
        own = forward[:, column][known[:, column]]
        spreads[sector] = rounded(shrunk_spread(robust_spread(own), overlap * own.size, pooled))
        past = values[grid, column, :][:, VOLATILITY_INPUT]
        past = past[np.isfinite(past)]
        usual[sector] = rounded(float(np.median(past))) if past.size else 0.0
    low, high = -NORMAL_QUANTILE_90, NORMAL_QUANTILE_90
    if fit.trained and known.any():
        scale = np.array([spreads[s] for s in panel.sectors]) * volatility_ratio(
            values[grid][:, :, VOLATILITY_INPUT], np.array([usual[s] for s in panel.sectors])
        )
        own_misses = forward / scale - MEDIAN_PER_LOG_ODDS * scores(fit, values[grid])
        then = missed[grid]
        # own misses look better than they were: they only fill what was not forecast yet
        misses = np.where(np.isfinite(then), then, own_misses)[known]
        low, high = (float(value) for value in np.quantile(misses, [0.1, 0.9]))
    return {
        "spread": rounded(pooled),
        "spreads": spreads,
        "usual_volatility": usual,
        "low_residual": rounded(min(low, 0.0)),
        "high_residual": rounded(max(high, 0.0)),
    }
