"""Fits one quarter's artefact from the view known before it, or reads it where it was fitted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tools.contracts import HORIZONS, Horizon
from tools.scoring.artefact import (
    Artefact,
    HorizonFit,
    InputPast,
    ModelFit,
    Origin,
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
from tools.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray

    from tools.view import AsOfView

_MIN_PAST = 30
"""Weekly (monthly) values of an input before its own range counts as known."""


class Trained(NamedTuple):
    """How far a training is; the first report comes before any horizon is done."""

    done: int
    of: int
    horizon: Horizon | None
    """The one that was just done."""


@dataclass(frozen=True, kw_only=True)
class Training:
    """How an artefact is trained where none is at hand.

    Attributes
    ----------
    workers
        Who does it; the horizons are independent of each other.
    tell
        Is told before the first horizon and after each.
    """

    workers: Workers = field(default_factory=Workers)
    tell: Callable[[Trained], None] = lambda _: None


HERE = Training()
"""In this process, telling nobody."""


def refit_day(view: AsOfView) -> date:
    """Return the day on which the model in force at the view's end was fitted."""
    row = refit_rows(view.days, monthly=view.market.monthly)[-1]
    return view.days[row].date()


def artefact_of(view: AsOfView, home: Path | None, training: Training = HERE) -> Artefact:
    """Return the artefact in force at the end of the view.

    Parameters
    ----------
    view
        The market as it is known.
    home
        Where artefacts are kept; None keeps nothing.
    training
        How it is trained where none is at hand.
    """
    refit_on = refit_day(view)
    before = refit_on - timedelta(days=1)
    if before < view.published_on(view.days[0].date()):
        # the market's first quarter: nothing was known before it, the priors speak
        return fit_artefact(view, refit_on, n_known=0)
    then = view.at(before)
    if home is None:
        return fit_artefact(then, refit_on, training=training)
    origin = Origin(
        data=then.fingerprint(),
        refit_on=refit_on,
        first_day=then.days[0].date(),
        last_day=then.last_day,
    )
    path = artefact_path(home, view.market.storage_key, origin)
    artefact = load(path, origin)
    if artefact is None:
        artefact = fit_artefact(then, refit_on, training=training)
        save(artefact, path, origin)
    return artefact


def fit_artefact(
    view: AsOfView, refit_on: date, *, n_known: int | None = None, training: Training = HERE
) -> Artefact:
    """Fit every horizon on the view.

    Parameters
    ----------
    view
        The market as known before `refit_on`.
    refit_on
        Day of the refit.
    n_known
        Rows to look at; None: all.
    training
        Who does it, and who is told.
    """
    horizons = [horizon for horizon in HORIZONS if horizon_exists(view, horizon)]
    tasks = [
        _Task(feature_panel(view, horizon), view.market.monthly, n_known, refit_on.year)
        for horizon in horizons
    ]
    training.tell(Trained(0, len(tasks), None))
    fits: dict[str, HorizonFit] = {}
    for horizon, fit in zip(horizons, training.workers.each(_fit_horizon, tasks), strict=True):
        fits[horizon] = fit
        training.tell(Trained(len(fits), len(tasks), horizon))
    return Artefact(refit_on=refit_on, horizons=fits)


class _Task(NamedTuple):
    """What one horizon is fitted on: plain data, so that any process can do it."""

    panel: FeaturePanel
    monthly: bool
    n_known: int | None
    year: int


def _fit_horizon(task: _Task) -> HorizonFit:
    panel = task.panel
    known = len(panel.days) if task.n_known is None else task.n_known
    refits = refit_rows(panel.days, monthly=task.monthly)
    walked = walk_models(panel, refits, n_known=known, year=task.year)
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
