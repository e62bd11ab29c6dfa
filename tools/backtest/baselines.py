"""The simple rules that any model has to stand beside; higher is better, NaN has no value."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

from tools.measures import returns

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from tools.view import AsOfView

RANDOM_SEED = 20_190_401


def _equal(view: AsOfView) -> NDArray[np.float64]:
    return np.zeros((len(view.days), len(view.sector_codes)))


def _momentum(period: str) -> Callable[[AsOfView], NDArray[np.float64]]:
    return lambda view: _values(view, returns.rel_return(view, period))


def momentum_12_1(view: AsOfView) -> NDArray[np.float64]:
    """Return growth over twelve months without the last one, shape (n_days, n_sectors)."""
    year = _values(view, returns.window_return(view, "12M"))
    month = _values(view, returns.window_return(view, "1M"))
    return (1.0 + year) / (1.0 + month) - 1.0


def reversal(view: AsOfView) -> NDArray[np.float64]:
    """Return minus the relative return of the last week, in monthly markets of the last month."""
    period = "1M" if view.market.monthly else "1W"
    return -_values(view, returns.rel_return(view, period))


def _low_volatility(view: AsOfView) -> NDArray[np.float64]:
    return -_values(view, returns.volatility(view, "3M"))


def _random(view: AsOfView) -> NDArray[np.float64]:
    """Return noise that depends on nothing but the day and the sector's code."""
    out = np.empty((len(view.days), len(view.sector_codes)))
    for column, code in enumerate(view.sector_codes):
        for row, day in enumerate(view.days):
            out[row, column] = zlib.crc32(f"{RANDOM_SEED}|{day.date()}|{code}".encode()) / 2**32
    return out


def _values(view: AsOfView, frame: pd.DataFrame) -> NDArray[np.float64]:
    aligned = frame.reindex(index=view.days, columns=list(view.sector_codes))
    return aligned.to_numpy(dtype=np.float64)


BASELINES: dict[str, Callable[[AsOfView], NDArray[np.float64]]] = {
    "equal_weight": _equal,
    "momentum_1m": _momentum("1M"),
    "momentum_6m": _momentum("6M"),
    "momentum_12_1": momentum_12_1,
    "reversal": reversal,
    "low_volatility": _low_volatility,
    "random": _random,
}
"""Name → scores of shape (n_days, n_sectors)."""
ALWAYS_OUTPERFORM = "always_outperform"
"""Calls every sector on every date; its hit rate is the base rate."""
