"""One model's predictions beside what followed, laid out as dates × sectors for every measure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.backtest.baselines import ALWAYS_OUTPERFORM

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.scoring.panel import FeaturePanel

_COLUMNS = ("score", "probability", "expected", "low", "high")


@dataclass(frozen=True, kw_only=True)
class Laid:
    """What one model said, and what came.

    Attributes
    ----------
    model
        Its name.
    dates
        Dates of the predictions, shape (n_dates,).
    rows
        The panel's rows they were made on, shape (n_dates,).
    overlap
        Dates that the window of one forecast spans.
    windows
        Number of the non-overlapping window each date falls into, shape (n_dates,).
    score, probability, expected, low, high
        Shape (n_dates, n_sectors); NaN where nothing was said.
    outcome
        Relative return over the horizon that followed, shape (n_dates, n_sectors); NaN where it is not known yet or
        nothing was predicted.
    known_rate
        Share of all sectors that had beaten the benchmark over the windows that had ended by each date, one half before
        any had, shape (n_dates,).
    """

    model: str
    dates: pd.DatetimeIndex
    rows: NDArray[np.int64]
    overlap: int
    windows: NDArray[np.int64]
    score: NDArray[np.float64]
    probability: NDArray[np.float64]
    expected: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    outcome: NDArray[np.float64]
    known_rate: NDArray[np.float64]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where the outcome is known."""
        return np.isfinite(self.outcome)

    @property
    def beat(self) -> NDArray[np.bool_]:
        """Where the sector beat the benchmark."""
        return np.asarray(self.outcome > 0.0, dtype=bool)

    @property
    def rated(self) -> NDArray[np.bool_]:
        """Where a probability meets a known outcome."""
        return self.known & np.isfinite(self.probability)

    @property
    def called(self) -> NDArray[np.bool_]:
        """Where a call meets a known outcome."""
        return np.asarray(self.rated & (self.probability != 0.5), dtype=bool)


def lay_out(predictions: pd.DataFrame, panel: FeaturePanel) -> tuple[Laid, ...]:
    """Lay every model of a prediction frame out beside the outcomes.

    Parameters
    ----------
    predictions
        The frame of :func:`tools.backtest.walk_forward.predictions`.
    panel
        The panel of the same market and horizon, late enough to know the outcomes.
    """
    rates = known_rates(panel)
    # the last row usable on a date: a Saturday's may become usable with the Friday's
    dates = pd.DatetimeIndex(predictions["date"])
    day = np.searchsorted(panel.known_from.to_numpy(), dates.to_numpy(), side="right") - 1
    sector = pd.Index(panel.sectors).get_indexer(pd.Index(predictions["sector"]))
    groups = predictions.groupby("model", sort=False).indices
    return tuple(
        _lay(str(name), predictions.iloc[at], day[at], sector[at], panel, rates)
        for name, at in groups.items()
    )


def _lay(
    name: str,
    group: pd.DataFrame,
    day: NDArray[np.int64],
    sector: NDArray[np.int64],
    panel: FeaturePanel,
    rates: NDArray[np.float64],
) -> Laid:
    rows, position = np.unique(day, return_inverse=True)
    wide = {}
    for column in _COLUMNS:
        table = np.full((rows.size, len(panel.sectors)), np.nan)
        table[position, sector] = group[column].to_numpy(dtype=np.float64)
        wide[column] = table
    if name == ALWAYS_OUTPERFORM:
        # it has no probability, but it calls: measured as calls alone
        wide["probability"] = np.where(np.isfinite(wide["score"]), 1.0, np.nan)
    spacing = float(np.median(np.diff(rows))) if rows.size > 1 else float(panel.horizon_rows)
    return Laid(
        model=name,
        dates=panel.known_from[rows],
        rows=rows,
        overlap=max(1, math.ceil(panel.horizon_rows / max(spacing, 1.0) - 1e-9)),
        windows=rows // panel.horizon_rows,
        outcome=np.where(np.isfinite(wide["score"]), panel.forward[rows], np.nan),
        known_rate=rates[rows],
        **wide,
    )


def known_rates(panel: FeaturePanel) -> NDArray[np.float64]:
    """Return the base rate as it was known on each day, shape (n_days,); one half before any outcome."""
    grid = np.arange(0, len(panel.days), panel.stride)
    forward = panel.forward[grid]
    beats = np.cumsum((forward > 0).sum(axis=1))
    counts = np.cumsum(np.isfinite(forward).sum(axis=1))
    # the window of a grid row has ended on the row a horizon later
    ended = np.searchsorted(grid + panel.horizon_rows, np.arange(len(panel.days)), side="right")
    rates = np.full(len(panel.days), 0.5)
    some = ended > 0
    last = ended[some] - 1
    rates[some] = np.where(counts[last] > 0, beats[last] / np.maximum(counts[last], 1), 0.5)
    return rates
