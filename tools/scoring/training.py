"""Fits the composite at one date, and walks it through the past as it would have been refitted.

Everything a fit looks at lies before its date: inputs, outcomes whose windows have ended, and the
tilts of earlier refits, each with the sensitivities known then. The walk gives the out-of-sample
scores that the record is made of.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.scoring.alternative import signal_tilt, signal_weights
from tools.scoring.calibration import (
    CROSS_SECTION_WEIGHT,
    MEDIAN_PER_LOG_ODDS,
    PRIOR_SLOPE,
    Calibration,
    fit_logistic,
    robust_spread,
    rounded,
    shrunk_spread,
)
from tools.scoring.features import FEATURES, SIGNAL_INPUT, TILT_INPUT
from tools.scoring.model import Fit, InputFit, input_contributions, scores
from tools.scoring.sensitivities import macro_sensitivities, tilt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.scoring.panel import FeaturePanel

NORMAL_QUANTILE_90 = 1.2816
SPREAD_YEARS = 5
"""Trailing past that spreads and intervals are measured on."""
_MIN_ROWS = 30
"""Values of an input before its own centre and scale replace the nominal ones."""


@dataclass(frozen=True, kw_only=True)
class Walk:
    """The model as it was at every date of the past.

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


def walk(panel: FeaturePanel, refits: Sequence[int]) -> Walk:
    """Refit on schedule and score every row with the fit in force.

    Parameters
    ----------
    panel
        The market's panel.
    refits
        Rows on which the model is refitted, ascending, starting with 0; each fit sees the rows
        known before that day.
    """
    values = panel.values.copy()
    n_days = len(panel.days)
    out = np.full(panel.past.shape, np.nan)
    fit_of_row = np.zeros(n_days, dtype=np.int64)
    fits: list[Fit] = []
    for position, start in enumerate(refits):
        end = refits[position + 1] if position + 1 < len(refits) else n_days
        known = panel.rows_known_before(panel.days[start])
        betas = macro_sensitivities(panel, known)
        values[start:end, :, TILT_INPUT] = tilt(betas, panel.drivers[start:end])
        weights = signal_weights(panel, known)
        values[start:end, :, SIGNAL_INPUT] = signal_tilt(weights, panel.signals[start:end])
        fit = fit_composite(panel, values, known)
        fits.append(fit)
        out[start:end] = scores(fit, values[start:end])
        fit_of_row[start:end] = position
    return Walk(
        scores=np.where(panel.listed, out, np.nan),
        values=values,
        fit_of_row=fit_of_row,
        fits=tuple(fits),
    )


def fit_composite(panel: FeaturePanel, values: NDArray[np.float64], n_known: int) -> Fit:
    """Fit scales, calibration and spreads on the first `n_known` rows.

    Parameters
    ----------
    panel
        The market's panel.
    values
        Inputs with tilts, shape (n_days, n_sectors, n_inputs); later rows are not looked at.
    n_known
        Number of rows known before the refit.
    """
    grid = np.arange(0, n_known, panel.stride)
    past_inputs, forward = values[grid], panel.forward[grid].copy()
    # an outcome counts once the last day of its window was known
    forward[grid + panel.horizon_rows >= n_known] = np.nan
    labelled = np.isfinite(forward) & np.isfinite(past_inputs).any(axis=2)
    trained = int(labelled.any(axis=1).sum()) * panel.stride >= panel.year
    inputs = _scaled_inputs(past_inputs, trained=trained)
    raw = _with_coefficients(inputs, 1.0)
    composite = _composite(raw, past_inputs)
    spread_of_composite = float(np.std(composite[labelled])) if trained else 1.0
    if trained and spread_of_composite > 0:
        weight = CROSS_SECTION_WEIGHT * min(1.0, panel.stride / panel.horizon_rows)
        sample = composite[labelled] / spread_of_composite
        calibration = fit_logistic(
            sample, forward[labelled] > 0, np.full(sample.shape, weight, dtype=np.float64)
        )
    else:
        calibration, spread_of_composite = _prior(), 1.0
    unit = calibration.slope / spread_of_composite
    # how far returns scatter changes over decades; what predicts them hardly does
    labelled &= (grid >= n_known - SPREAD_YEARS * panel.year)[:, None]
    fitted = composite * unit + calibration.intercept
    return _assemble(
        panel, _with_coefficients(inputs, unit), calibration, trained, forward, labelled, fitted
    )


def _prior() -> Calibration:
    return Calibration(intercept=0.0, slope=PRIOR_SLOPE, floored=False)


def _scaled_inputs(past: NDArray[np.float64], *, trained: bool) -> list[tuple[float, float]]:
    """Return centre and scale of each input over all sectors and past dates."""
    scaled = []
    for index, spec in enumerate(FEATURES):
        column = past[:, :, index]
        column = column[np.isfinite(column)]
        centre, scale = spec.centre, spec.scale
        if trained and spec.own_scale and column.size >= _MIN_ROWS:
            # quartiles: one day of hundredfold trading must not hide every later one
            lower, middle, upper = (float(q) for q in np.quantile(column, [0.25, 0.5, 0.75]))
            if upper > lower:
                centre, scale = rounded(middle), rounded((upper - lower) / 1.349)
        scaled.append((centre, scale))
    return scaled


def _with_coefficients(scaled: list[tuple[float, float]], unit: float) -> tuple[InputFit, ...]:
    return tuple(
        InputFit(
            name=spec.name, centre=centre, scale=scale, coefficient=rounded(unit * spec.weight)
        )
        for spec, (centre, scale) in zip(FEATURES, scaled, strict=True)
    )


def _composite(inputs: tuple[InputFit, ...], past: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weighted sum of the standardised inputs, shape (n_dates, n_sectors)."""
    carrier = Fit(
        intercept=0.0,
        slope=1.0,
        slope_floored=False,
        trained=False,
        inputs=inputs,
        spread=1.0,
        spreads={},
        low_residual=0.0,
        high_residual=0.0,
    )
    total: NDArray[np.float64] = np.nansum(input_contributions(carrier, past), axis=2)
    return total


def _assemble(
    panel: FeaturePanel,
    inputs: tuple[InputFit, ...],
    calibration: Calibration,
    trained: bool,  # noqa: FBT001  (one of several results handed over)
    forward: NDArray[np.float64],
    labelled: NDArray[np.bool_],
    fitted: NDArray[np.float64],
) -> Fit:
    pooled = robust_spread(forward[labelled])
    if not math.isfinite(pooled) or pooled <= 0:
        # no outcome yet: the nominal monthly spread, by the square root of time
        pooled = 0.04 * math.sqrt(panel.horizon_rows / (panel.year / 12))
    spreads = {}
    overlap = min(1.0, panel.stride / panel.horizon_rows)
    for column, sector in enumerate(panel.sectors):
        own = forward[:, column][labelled[:, column]]
        spread = shrunk_spread(robust_spread(own), overlap * own.size, pooled)
        spreads[sector] = rounded(spread)
    low, high = -NORMAL_QUANTILE_90, NORMAL_QUANTILE_90
    if trained:
        scale = np.array([spreads[sector] for sector in panel.sectors])
        missed = (forward / scale - MEDIAN_PER_LOG_ODDS * fitted)[labelled]
        low, high = (float(value) for value in np.quantile(missed, [0.1, 0.9]))
    return Fit(
        intercept=calibration.intercept,
        slope=calibration.slope,
        slope_floored=calibration.floored,
        trained=trained,
        inputs=inputs,
        spread=rounded(pooled),
        spreads=spreads,
        low_residual=rounded(min(low, 0.0)),
        high_residual=rounded(max(high, 0.0)),
    )
