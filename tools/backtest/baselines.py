"""The simple rules that any model has to stand beside; higher is better, NaN has no value.

Every input of the model stands alone as ``feature.NAME`` and every other signal of the market as ``signal.NAME``, each
in the direction that the feature table believes in.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from tools.backtest.business_cycle import cycle_scores
from tools.measures import returns, rotation
from tools.scoring.features import FEATURES, FITTED

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from tools.scoring.panel import FeaturePanel
    from tools.view import AsOfView

RANDOM_SEED = 20_190_401
ALWAYS_OUTPERFORM = "always_outperform"
"""Calls every sector on every date; its hit rate is the base rate."""
BUSINESS_CYCLE = "business_cycle"
NO_SIGNAL = ("equal_weight", "random")
"""Rules that hold no view."""


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


def relative_strength(view: AsOfView) -> NDArray[np.float64]:
    """Return relative strength against its own mean, shape (n_days, n_sectors)."""
    return _values(view, rotation.rs_ratio(view))


def _random(view: AsOfView) -> NDArray[np.float64]:
    """Return noise that depends on nothing but the day and the sector's code."""
    out = np.empty((len(view.days), len(view.sector_codes)))
    for column, code in enumerate(view.sector_codes):
        for row, day in enumerate(view.days):
            named = f"{RANDOM_SEED}|{day.date()}|{code}".encode()
            out[row, column] = int.from_bytes(blake2b(named, digest_size=4).digest()) / 2**32
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
    "relative_strength": relative_strength,
    "random": _random,
}
"""Name → scores of shape (n_days, n_sectors)."""


def baseline_scores(view: AsOfView, panel: FeaturePanel) -> dict[str, NDArray[np.float64]]:
    """Return what every baseline ranks by, each of shape (n_days, n_sectors).

    Left out are the business-cycle table where the market's macro tells no phase, and features and signals that the
    market has no value of.
    """
    found = {name: make(view) for name, make in BASELINES.items()}
    cycle = cycle_scores(view)
    if cycle is not None:
        found[BUSINESS_CYCLE] = cycle
    return found | single_features(panel)


def single_features(panel: FeaturePanel) -> dict[str, NDArray[np.float64]]:
    """Return every feature and every other signal by itself, in the direction believed in."""
    monthly = panel.year == 12
    found = {}
    for index, spec in enumerate(FEATURES):
        values = panel.values[:, :, index]
        if spec.metric not in FITTED and np.isfinite(values).any():
            direction = -1.0 if spec.belief(monthly=monthly) < 0.0 else 1.0
            found[f"feature.{spec.name}"] = direction * values
    for index, name in enumerate(panel.signal_names):
        found[f"signal.{name}"] = panel.signals[:, :, index]
    return found
