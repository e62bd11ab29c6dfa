"""Fits one quarter's artefact from the view known before it, or reads it where it was fitted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from tools.contracts import HORIZONS, Horizon
from tools.scoring.artefact import (
    Artefact,
    HorizonFit,
    InputPast,
    ModelFit,
    artefact_key,
    artefact_path,
    load,
    save,
)
from tools.scoring.calibration import rounded
from tools.scoring.choice import served, serving
from tools.scoring.features import FEATURES, GROUPS
from tools.scoring.panel import FeaturePanel, feature_panel, horizon_exists
from tools.scoring.record import record_of
from tools.scoring.schedule import refit_rows
from tools.scoring.singles import chosen_singles
from tools.scoring.training import MODELS, walk_models

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray

    from tools.view import AsOfView

_MIN_PAST = 30
"""Weekly (monthly) values of an input before its own range counts as known."""


def refit_day(view: AsOfView) -> date:
    """Return the day on which the model in force at the view's end was fitted."""
    row = refit_rows(view.days, monthly=view.market.monthly)[-1]
    return view.days[row].date()


def artefact_of(view: AsOfView, home: Path | None) -> Artefact:
    """Return the artefact in force at the end of the view.

    Parameters
    ----------
    view
        The market as it is known.
    home
        Where artefacts are kept; None keeps nothing.
    """
    refit_on = refit_day(view)
    before = refit_on - timedelta(days=1)
    if before < view.published_on(view.days[0].date()):
        # the market's first quarter: nothing was known before it, the priors speak
        return fit_artefact(view, refit_on, n_known=0)
    then = view.at(before)
    if home is None:
        return fit_artefact(then, refit_on)
    key = artefact_key(then.fingerprint(), refit_on)
    path = artefact_path(home, view.market.storage_key, key)
    artefact = load(path, key)
    if artefact is None:
        artefact = fit_artefact(then, refit_on)
        save(artefact, path, key)
    return artefact


def fit_artefact(view: AsOfView, refit_on: date, *, n_known: int | None = None) -> Artefact:
    """Fit every horizon on the view.

    Parameters
    ----------
    view
        The market as known before `refit_on`.
    refit_on
        Day of the refit.
    n_known
        Rows to look at; None: all.
    """
    fits = {
        str(horizon): _fit_horizon(view, horizon, n_known, refit_on.year)
        for horizon in HORIZONS
        if horizon_exists(view, horizon)
    }
    return Artefact(refit_on=refit_on, horizons=fits)


def _fit_horizon(view: AsOfView, horizon: Horizon, n_known: int | None, year: int) -> HorizonFit:
    panel = feature_panel(view, horizon)
    known = len(panel.days) if n_known is None else n_known
    refits = refit_rows(panel.days, monthly=view.market.monthly)
    walked = walk_models(panel, refits, n_known=known, year=year)
    singles = chosen_singles(panel, refits, known)
    values = walked.walks["composite"].values[:known]
    groups = {spec.group for i, spec in enumerate(FEATURES) if np.isfinite(values[:, :, i]).any()}
    return HorizonFit(
        models={
            str(model): ModelFit(
                fit=walked.now[model], record=record_of(panel, walked.walks[model], singles)
            )
            for model in MODELS
        },
        choice=serving(panel, walked.walks, known),
        record=record_of(panel, served(panel, walked.walks, refits), singles),
        groups=tuple(group for group in GROUPS if group in groups),
        sensitivities=_by_sector(panel.sectors, panel.driver_names, walked.measured.sensitivities),
        answers=_by_sector(panel.sectors, panel.state_names, walked.measured.answers),
        signal_weights=dict(
            zip(panel.signal_names, walked.measured.signal_weights.tolist(), strict=True)
        ),
        pasts=_pasts(panel, values),
    )


def _by_sector(
    sectors: tuple[str, ...], names: tuple[str, ...], measured: NDArray[np.float64]
) -> dict[str, dict[str, float]]:
    return {
        sector: {
            name: rounded(float(value))
            for name, value in zip(names, measured[row], strict=True)
            if np.isfinite(value) and value != 0.0
        }
        for row, sector in enumerate(sectors)
    }


def _pasts(panel: FeaturePanel, values: NDArray[np.float64]) -> dict[str, dict[str, InputPast]]:
    """Return each input's standard deviation and range over time, by sector."""
    pasts: dict[str, dict[str, InputPast]] = {}
    for row, sector in enumerate(panel.sectors):
        pasts[sector] = {}
        for index, spec in enumerate(FEATURES):
            past = (values[:, row, index] + panel.reference[: len(values), index])[:: panel.stride]
            past = past[np.isfinite(past)]
            if past.size < _MIN_PAST or float(np.std(past)) <= 0:
                continue
            low, high = (rounded(float(q)) for q in np.quantile(past, [0.01, 0.99]))
            pasts[sector][spec.name] = InputPast(
                sd=rounded(float(np.std(past, ddof=1))), low=low, high=high
            )
    return pasts
