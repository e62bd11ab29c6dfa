"""Alarms that go off where a forecast knows what it could not have known, in our pipeline or a trapped one.

The alarms know nothing of how a pipeline works. They change what was not yet known, or what a label must not depend
on, and look whether anything that is said changes by a bit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from tools.scoring.panel import FeaturePanel, feature_panel
from tools.scoring.schedule import refit_rows
from tools.scoring.training import MODELS, Walked, walk_models
from tools.view import AsOfView

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from numpy.typing import NDArray

    from tools.sources.base import MarketData

HORIZON: Literal["1M"] = "1M"


def panel_of(data: MarketData, as_of: date) -> FeaturePanel:
    """Return the inputs and labels that the product sees on that day."""
    return feature_panel(AsOfView(data, as_of), HORIZON)


def walk_of(panel: FeaturePanel) -> Walked:
    """Walk the product's models through a panel."""
    return walk_models(panel, refit_rows(panel.days, monthly=False))


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """From data to forecasts; a trap replaces one step."""

    prepared: Callable[[MarketData], MarketData] = lambda data: data
    panel: Callable[[MarketData, date], FeaturePanel] = panel_of
    walk: Callable[[FeaturePanel], Walked] = walk_of

    def said(self, data: MarketData, as_of: date) -> bytes:
        """Return everything that is said at a date: inputs, the scores of the past, and the fits in force."""
        panel = self.panel(self.prepared(data), as_of)
        walked = self.walk(panel)
        said = [getattr(panel, name).tobytes() for name in ("values", "past", "drivers", "states")]
        for model in MODELS:
            walk = walked.walks[model]
            said += [walk.scores.tobytes(), *(fit.model_dump_json().encode() for fit in walk.fits)]
            said.append(walked.now[model].model_dump_json().encode())
        return b"\n".join(said)


def alarms(pipeline: Pipeline, data: MarketData, as_of: date) -> set[str]:
    """Return which alarms go off."""
    return {name for name, goes_off in ALARMS.items() if goes_off(pipeline, data, as_of)}


def _future_shuffled(pipeline: Pipeline, data: MarketData, as_of: date) -> bool:
    return pipeline.said(shuffled_future(data, as_of), as_of) != pipeline.said(data, as_of)


def _future_deleted(pipeline: Pipeline, data: MarketData, as_of: date) -> bool:
    return pipeline.said(deleted_future(data, as_of), as_of) != pipeline.said(data, as_of)


def shuffled_future(data: MarketData, as_of: date, seed: int = 1) -> MarketData:
    """Return the market with everything that came later dealt out anew and blown up."""
    rng = np.random.default_rng(seed)

    def dealt(table: pd.DataFrame, later: NDArray[np.bool_]) -> pd.DataFrame:
        rows = np.flatnonzero(later)
        out = table.copy()
        for name in table.select_dtypes("float").columns:
            values = table[name].to_numpy(copy=True)
            values[rows] = values[rng.permutation(rows)] * np.exp(rng.normal(0, 1, len(rows)))
            out[name] = values
        return out

    return _changed(data, as_of, dealt)


def deleted_future(data: MarketData, as_of: date) -> MarketData:
    """Return the market as a copy that ends there."""
    return _changed(data, as_of, lambda table, later: table[~later].reset_index(drop=True))


def _changed(
    data: MarketData,
    as_of: date,
    change: Callable[[pd.DataFrame, NDArray[np.bool_]], pd.DataFrame],
) -> MarketData:
    def after(table: pd.DataFrame, column: str) -> NDArray[np.bool_]:
        return np.asarray(table[column] > pd.Timestamp(as_of))

    assert data.flows is not None
    return replace(
        data,
        prices=change(data.prices, after(data.prices, "date")),
        flows=change(data.flows, after(data.flows, "date")),
        macro=change(data.macro, after(data.macro, "published_on")),
        memo={},
    )


def _labels_contain_the_past(pipeline: Pipeline, data: MarketData, as_of: date) -> bool:
    """Change the return of one day for one sector: labels from that day on start after it and must stay."""
    panel = pipeline.panel(pipeline.prepared(data), as_of)
    row, column = len(panel.days) // 2, 0
    own = set(data.universe.index[data.universe["sector"] == panel.sectors[column]])
    prices = data.prices.copy()
    before = (prices["date"] < panel.days[row]) & prices["symbol"].isin(own)
    day = (prices["date"] == panel.days[row]) & prices["symbol"].isin(own)
    prices.loc[before, "close"] *= 1.1
    for name in prices.columns.intersection(["previous_close"]):
        prices.loc[before | day, name] *= 1.1
    other = pipeline.panel(pipeline.prepared(replace(data, prices=prices, memo={})), as_of)
    moved = other.past[row, column] != panel.past[row, column]
    assert moved, "the change must be seen by what looks back"
    # shares are weighted by their value of the day before, so the other sectors' benchmark may move by a bit
    return not np.allclose(panel.forward[row:], other.forward[row:], atol=1e-9, equal_nan=True)


def _fits_know_open_outcomes(pipeline: Pipeline, data: MarketData, as_of: date) -> bool:
    """Change every outcome that had not ended at a refit, and whatever came later: its fit must stay."""
    panel = pipeline.panel(pipeline.prepared(data), as_of)
    refits = refit_rows(panel.days, monthly=False)
    fits = pipeline.walk(panel).walks
    rng = np.random.default_rng(2)
    for position, start in list(enumerate(refits))[-2:]:
        known = panel.rows_known_before(panel.days[start])
        forward, past = panel.forward.copy(), panel.past.copy()
        open_rows = forward[known - panel.horizon_rows :]
        open_rows[:] = rng.normal(0, 1, open_rows.shape)
        past[known:] = rng.normal(0, 1, past[known:].shape)
        other = pipeline.walk(replace(panel, forward=forward, past=past)).walks
        for model in MODELS:
            if fits[model].fits[position] != other[model].fits[position]:
                return True
    return False


ALARMS: dict[str, Callable[[Pipeline, MarketData, date], bool]] = {
    "the future shuffled": _future_shuffled,
    "the future deleted": _future_deleted,
    "labels contain the past": _labels_contain_the_past,
    "fits know open outcomes": _fits_know_open_outcomes,
}
"""Name → whether it goes off."""
