"""How good predictions were, said with the uncertainty that overlapping windows leave."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tools.backtest.baselines import ALWAYS_OUTPERFORM
from tools.contracts import Frozen
from tools.scoring.panel import FeaturePanel, feature_panel
from tools.scoring.record import HitRate, hit_rate, mean_with_interval, newey_west_error, rank_ic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.contracts import Horizon
    from tools.view import AsOfView


class Measures(Frozen):
    """One model's record over a walk-forward."""

    model: str
    dates: int
    """Dates whose outcome is known."""
    predictions: int
    mean_ic: float | None
    """Mean rank correlation with the relative return that followed."""
    ic_low: float | None
    ic_high: float | None
    ic_t: float | None
    """t of the mean, Newey-West over the overlap."""
    base_rate: float
    """Share of all predictions whose sector beat the benchmark."""
    call_share: float | None
    hits: HitRate | None
    """Over calls; None without calls or without enough independent windows."""
    brier: float | None
    brier_half: float | None
    """Brier score of a constant one half on the same rows."""
    coverage: float | None
    """Share of outcomes inside the 80 % interval."""


def measures(predictions: pd.DataFrame, view: AsOfView, horizon: Horizon) -> tuple[Measures, ...]:
    """Measure every model of a prediction frame against what followed.

    Parameters
    ----------
    predictions
        The frame of :func:`tools.backtest.walk_forward.predictions`.
    view
        A view late enough to know the outcomes; later ones are left out.
    horizon
        Window of the forecast.
    """
    panel = feature_panel(view, horizon)
    at = {pd.Timestamp(day): row for row, day in enumerate(panel.known_from)}
    return tuple(
        _measure(panel, str(name), group, at)
        for name, group in predictions.groupby("model", sort=False)
    )


def _measure(
    panel: FeaturePanel, name: str, group: pd.DataFrame, at: dict[pd.Timestamp, int]
) -> Measures:
    dates = pd.DatetimeIndex(group["date"].unique())
    rows = np.array([at[day] for day in dates], dtype=np.int64)
    wide = {
        column: _wide(group, column, dates, panel.sectors)
        for column in ("score", "probability", "low", "high")
    }
    outcome = np.where(np.isfinite(wide["score"]), panel.forward[rows], np.nan)
    known = np.isfinite(outcome)
    spacing = float(np.median(np.diff(rows))) if rows.size > 1 else float(panel.horizon_rows)
    overlap = max(1, math.ceil(panel.horizon_rows / max(spacing, 1.0) - 1e-9))
    mean, low, high, t = _information(rank_ic(wide["score"], outcome), overlap)
    beat = outcome > 0
    probability = np.full(outcome.shape, 1.0) if name == ALWAYS_OUTPERFORM else wide["probability"]
    rated = known & np.isfinite(probability)
    called = rated & (probability != 0.5)
    blocks = np.broadcast_to((rows // panel.horizon_rows)[:, None], outcome.shape)
    right = (probability > 0.5) == beat
    scored = rated & (name != ALWAYS_OUTPERFORM)
    inside = (outcome >= wide["low"]) & (outcome <= wide["high"])
    return Measures(
        model=name,
        dates=int(known.any(axis=1).sum()),
        predictions=int(known.sum()),
        mean_ic=mean,
        ic_low=low,
        ic_high=high,
        ic_t=t,
        base_rate=_mean(beat[known]) or 0.0,
        call_share=_mean(called[rated]),
        hits=hit_rate(right[called], beat[called], blocks[called]) if called.any() else None,
        brier=_mean((probability[scored] - beat[scored]) ** 2),
        brier_half=_mean((0.5 - beat[scored]) ** 2),
        coverage=_mean(inside[scored]),
    )


def _information(
    ic: NDArray[np.float64], overlap: int
) -> tuple[float | None, float | None, float | None, float | None]:
    series = ic[np.isfinite(ic)]
    if series.size < 3:
        return None, None, None, None
    mean, low, high = mean_with_interval(series, overlap)
    error = newey_west_error(series - mean, overlap - 1)
    return mean, low, high, mean / error if error > 0 else None


def _wide(
    group: pd.DataFrame, column: str, dates: pd.DatetimeIndex, sectors: tuple[str, ...]
) -> NDArray[np.float64]:
    table = group.pivot_table(index="date", columns="sector", values=column, dropna=False)
    return table.reindex(index=dates, columns=list(sectors)).to_numpy(dtype=np.float64)


def _mean(values: NDArray[Any]) -> float | None:
    return float(np.mean(values)) if values.size else None
