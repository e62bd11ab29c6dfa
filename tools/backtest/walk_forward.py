"""Predictions as they would have been made: refitted on schedule, on what was usable then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
import pandas as pd

from tools.backtest.baselines import ALWAYS_OUTPERFORM, baseline_scores
from tools.backtest.past_chosen import PAST_CHOSEN, past_chosen
from tools.errors import UnusableInputError
from tools.scoring.choice import served
from tools.scoring.features import FEATURES, FITTED, VOLATILITY_INPUT
from tools.scoring.model import expected_interval, probability_of
from tools.scoring.panel import FeaturePanel, feature_panel
from tools.scoring.schedule import refit_rows
from tools.scoring.training import Walk, walk_models

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from tools.backtest.past_chosen import Chosen
    from tools.contracts import Horizon
    from tools.view import AsOfView

Every = Literal["1W", "1M"]
PRODUCT_MODELS = ("composite", "ensemble", "sectorvane")
"""Both models, and what ``auto`` serves: at each refit the one that the record before it selects."""
COLUMNS = (
    "date", "sector", "horizon", "model", "score", "probability", "expected", "low", "high",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Rankings:
    """What every model ranks by, on every day.

    Attributes
    ----------
    walks
        The product's models; empty where none was asked for.
    baselines
        Name → scores of shape (n_days, n_sectors), the signal chosen on the past among them.
    candidates
        The baselines that the signal chosen on the past is chosen among.
    chosen
        Which signal that was; None where no baseline was asked for.
    """

    walks: Mapping[str, Walk]
    baselines: Mapping[str, NDArray[np.float64]]
    candidates: Mapping[str, NDArray[np.float64]]
    chosen: Chosen | None

    @property
    def names(self) -> tuple[str, ...]:
        """Every model, the product's first."""
        return (*self.walks, *self.baselines)

    def scores(self, name: str) -> NDArray[np.float64]:
        """Return one model's scores, shape (n_days, n_sectors)."""
        return self.walks[name].scores if name in self.walks else self.baselines[name]


def predictions(
    view: AsOfView,
    horizon: Horizon,
    *,
    start: date | None = None,
    end: date | None = None,
    every: Every = "1M",
    models: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Predict every eligible sector on every date, with every model.

    Parameters
    ----------
    view
        The market; each row uses only what was usable at the end of its date.
    horizon
        Window of the forecast.
    start, end
        First and last date; by default from 252 trading days (60 months) after two sectors have prices: one alone
        cannot be ranked.
    every
        The last trading day of each week or month. Monthly markets know months only.
    models
        Names of models; None: all that the market can have.

    Returns
    -------
    DataFrame
        Columns of :data:`COLUMNS`; baselines have no probability and no interval.

    Raises
    ------
    UnusableInputError
        For an unknown model, or when no date is left.
    """
    panel = feature_panel(view, horizon)
    rows = dates_to_predict(panel, start=start, end=end, every=every)
    return as_frame(panel, rankings(view, horizon, models), rows, horizon)


def dates_to_predict(
    panel: FeaturePanel, *, start: date | None, end: date | None, every: Every
) -> NDArray[np.int64]:
    """Return the rows on which a prediction is made, at least one."""
    span = f"{start or 'the first'} to {end or 'the last'}"
    if start is not None and end is not None and start > end:
        raise UnusableInputError("a start before the end", span, "Exchange the two dates.")
    rows = decision_rows(panel, start=start, end=end, every=every)
    if rows.size == 0:
        raise UnusableInputError(
            "dates with enough history before them and data on them",
            f"{span} in data from {panel.days[0].date()} to {panel.days[-1].date()}",
            "Choose other dates or a longer market; predictions start a year (60 months where data are monthly) after "
            "there are prices of two sectors, and end with the data.",
        )
    return rows


def rankings(view: AsOfView, horizon: Horizon, models: Sequence[str] | None = None) -> Rankings:
    """Return what the wanted models rank by, all of them by default.

    Raises
    ------
    UnusableInputError
        For a model that the market cannot have.
    """
    panel = feature_panel(view, horizon)
    asked = None if models is None else set(models)
    walks: dict[str, Walk] = {}
    if asked is None or asked & {*PRODUCT_MODELS}:
        walks = product_walks(view, panel)
    baselines: dict[str, NDArray[np.float64]] = {}
    chosen = None
    if asked is None or asked - {*PRODUCT_MODELS}:
        singles = baseline_scores(view, panel)
        chosen = past_chosen(panel, singles)
        baselines = {
            PAST_CHOSEN: chosen.scores,
            ALWAYS_OUTPERFORM: np.ones(panel.past.shape),
            **singles,
            **_fitted_features(walks),
        }
    else:
        singles = {}
    found = Rankings(walks=walks, baselines=baselines, candidates=singles, chosen=chosen)
    if models is None:
        return found
    unknown = [name for name in models if name not in found.names]
    if unknown:
        known = ", ".join((*PRODUCT_MODELS, *baselines))
        raise UnusableInputError("a model to evaluate", unknown[0], f"Known here: {known}.")
    return replace(
        found,
        walks={name: walks[name] for name in models if name in walks},
        baselines={name: baselines[name] for name in models if name in baselines},
    )


def _fitted_features(walks: Mapping[str, Walk]) -> dict[str, NDArray[np.float64]]:
    """Return the features that need fitted parameters, as they were fitted at the time."""
    walk = next(iter(walks.values()), None)
    if walk is None:
        return {}
    found = {
        f"feature.{spec.name}": walk.values[:, :, index]
        for index, spec in enumerate(FEATURES)
        if spec.metric in FITTED
    }
    return {name: values for name, values in found.items() if np.nan_to_num(values).any()}


def as_frame(
    panel: FeaturePanel, found: Rankings, rows: NDArray[np.int64], horizon: Horizon
) -> pd.DataFrame:
    """Return rankings as predictions, the columns of :data:`COLUMNS`."""
    frames = [_product_rows(panel, walk, rows, name) for name, walk in found.walks.items()]
    frames += [
        _baseline_rows(panel, scores, rows, name) for name, scores in found.baselines.items()
    ]
    frame = pd.concat(frames, ignore_index=True)
    frame.insert(2, "horizon", horizon)
    return frame.loc[:, list(COLUMNS)]


def product_walks(view: AsOfView, panel: FeaturePanel) -> dict[str, Walk]:
    """Return the walks of both models and of what `auto` would have served; worked out once for each horizon."""
    key = ("product walks", panel.horizon_rows)
    if key not in view.memo:
        refits = refit_rows(panel.days, monthly=view.market.monthly)
        walks = walk_models(panel, refits).walks
        named: dict[str, Walk] = {str(model): walk for model, walk in walks.items()}
        view.memo[key] = named | {"sectorvane": served(panel, walks, refits)}
    return cast("dict[str, Walk]", view.memo[key])


def decision_rows(
    panel: FeaturePanel, *, start: date | None, end: date | None, every: Every
) -> NDArray[np.int64]:
    """Return the rows on which a prediction is made: the last of each week or month."""
    first_listed = int(np.argmax(panel.listed.sum(axis=1) >= 2))
    warm_up = 60 if panel.year == 12 else panel.year
    # a row is predicted from on the day it became usable
    days = panel.known_from
    names = days.to_period("W" if every == "1W" and panel.year != 12 else "M")
    last = np.append(names[:-1] != names[1:], True)
    keep = last & (np.arange(len(days)) >= first_listed + warm_up)
    if start is not None:
        keep &= np.asarray(days >= pd.Timestamp(start))
    if end is not None:
        keep &= np.asarray(days <= pd.Timestamp(end))
    return np.flatnonzero(keep)


def _product_rows(
    panel: FeaturePanel, walked: Walk, rows: NDArray[np.int64], name: str
) -> pd.DataFrame:
    records = []
    for row in rows:
        fit = walked.fits[int(walked.fit_of_row[row])]
        for column in np.flatnonzero(panel.listed[row]):
            score, sector = float(walked.scores[row, column]), panel.sectors[column]
            volatility = float(walked.values[row, column, VOLATILITY_INPUT])
            expected, low, high = expected_interval(fit, sector, score, volatility)
            records.append(
                (
                    panel.known_from[row],
                    sector,
                    name,
                    score,
                    probability_of(score, fit.intercept),
                    expected,
                    low,
                    high,
                )
            )
    columns = ["date", "sector", "model", "score", "probability", "expected", "low", "high"]
    return pd.DataFrame.from_records(records, columns=columns)


def _baseline_rows(
    panel: FeaturePanel, scores: NDArray[np.float64], rows: NDArray[np.int64], name: str
) -> pd.DataFrame:
    """Return a baseline's rows; a sector without a value is scored like the middle of its date."""
    scores = np.where(panel.listed, scores, np.nan)[rows]
    known = np.isfinite(scores).any(axis=1)
    middle = np.zeros(len(rows))
    middle[known] = np.nanmedian(scores[known], axis=1)
    at, column = np.nonzero(panel.listed[rows])
    value = scores[at, column]
    return pd.DataFrame(
        {
            "date": panel.known_from[rows[at]],
            "sector": np.array(panel.sectors, dtype=object)[column],
            "model": name,
            "score": np.where(np.isfinite(value), value, middle[at]),
            "probability": np.nan,
            "expected": np.nan,
            "low": np.nan,
            "high": np.nan,
        }
    )
