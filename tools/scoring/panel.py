"""The inputs of every sector on every day: one panel for live use, training and back-tests.

Row ``t`` uses nothing that was unknown when the prices of day ``t`` became usable; lagging flows
are shown on the day on which they were known. The last row of a view's panel are its live facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from tools.contracts import MARKET_ENTITY, Horizon
from tools.measures import macro, returns, rotation, signals, trading
from tools.scoring.features import FEATURES, FITTED, Input
from tools.scoring.responses import macro_states

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.view import AsOfView


@dataclass(frozen=True, kw_only=True)
class FeaturePanel:
    """Every input of every sector on every day, with what the model is to predict.

    Attributes
    ----------
    days
        Trading days, shape (n_days,).
    known_from
        First day on which each row may be used, shape (n_days,).
    sectors
        Sector codes.
    values
        Shape (n_days, n_sectors, n_inputs), in the facts' own units, the market's value already
        subtracted where the table says so; NaN where there is no fact. The tilts are NaN here:
        they need fitted parameters.
    reference
        The market's value that was subtracted, 0 where none, shape (n_days, n_inputs).
    past
        Relative return over the horizon that ends on each day, shape (n_days, n_sectors).
    forward
        Relative return over the horizon that follows each day; NaN where it has not ended.
    drivers
        Changes of the market-priced macro series over the horizon, shape (n_days, n_drivers).
    driver_names
        Names of the series.
    driving
        Whether a series counted as market-priced on each day, shape (n_days, n_drivers): one that is revised later no
        longer does.
    signals
        Signals of the sectors against their own past year, in standard deviations, shape
        (n_days, n_sectors, n_signals); NaN where there is none.
    signal_names
        Names of the signals.
    states
        Fading surprises and standardised levels of the macro series, shape (n_days, n_states).
    state_names
        Names of the states.
    listed
        Whether a sector has a price by that day, shape (n_days, n_sectors).
    horizon_rows
        Length of the horizon in rows.
    stride
        Rows between two training dates: a week in daily markets, one row in monthly ones.
    year
        Rows in a year.
    """

    days: pd.DatetimeIndex
    known_from: pd.DatetimeIndex
    sectors: tuple[str, ...]
    values: NDArray[np.float64]
    reference: NDArray[np.float64]
    past: NDArray[np.float64]
    forward: NDArray[np.float64]
    drivers: NDArray[np.float64]
    driver_names: tuple[str, ...]
    driving: NDArray[np.bool_]
    signals: NDArray[np.float64]
    signal_names: tuple[str, ...]
    states: NDArray[np.float64]
    state_names: tuple[str, ...]
    listed: NDArray[np.bool_]
    horizon_rows: int
    stride: int
    year: int

    def rows_known_before(self, day: pd.Timestamp) -> int:
        """Return how many rows were usable strictly before `day`."""
        return int(np.searchsorted(self.known_from.to_numpy(), day.to_datetime64(), side="left"))


def horizon_exists(view: AsOfView, horizon: Horizon) -> bool:
    """Return whether the market has such a window: monthly markets have no week."""
    return view.window_rows(horizon) is not None


def feature_panel(view: AsOfView, horizon: Horizon) -> FeaturePanel:
    """Compute every input on every day of the view.

    Parameters
    ----------
    view
        The market as it was known.
    horizon
        Window of the forecast.

    Returns
    -------
    FeaturePanel
        Computed once per view and horizon.
    """
    key = ("feature_panel", horizon)
    if key not in view.memo:
        view.memo[key] = _build(view, horizon)
    return cast("FeaturePanel", view.memo[key])


def _build(view: AsOfView, horizon: Horizon) -> FeaturePanel:
    rows = view.window_rows(horizon)
    if rows is None:
        raise ValueError(f"this market has no window of {horizon}")
    days, sectors = view.days, tuple(view.sector_codes)
    past = _aligned(returns.rel_return(view, horizon), days, sectors)
    forward = np.full_like(past, np.nan)
    if rows < len(days):
        forward[:-rows] = past[rows:]
    changes = macro.driver_changes(view, horizon)
    values, reference = _static_values(view, sectors)
    names, states = signals.sector_signals(view), macro_states(view)
    first = view.first_price.reindex(sectors).to_numpy(dtype="datetime64[ns]")
    return FeaturePanel(
        days=days,
        known_from=pd.DatetimeIndex(view.knowledge_days),
        sectors=sectors,
        values=values,
        reference=reference,
        past=past,
        forward=forward,
        drivers=changes.to_numpy(dtype=np.float64),
        driver_names=tuple(str(name) for name in changes.columns),
        driving=macro.market_days(view).to_numpy(dtype=bool),
        signals=_signals(view, names, sectors),
        signal_names=names,
        states=states.to_numpy(dtype=np.float64),
        state_names=tuple(str(name) for name in states.columns),
        listed=days.to_numpy(dtype="datetime64[ns]")[:, None] >= first[None, :],
        horizon_rows=rows,
        stride=1 if view.market.monthly else 5,
        year=12 if view.market.monthly else 252,
    )


def _signals(
    view: AsOfView, names: tuple[str, ...], sectors: tuple[str, ...]
) -> NDArray[np.float64]:
    """Return every signal's unusual levels; they are the same at every horizon."""
    if "feature_signals" not in view.memo:
        out = np.full((len(view.days), len(sectors), len(names)), np.nan)
        for index, name in enumerate(names):
            out[:, :, index] = _aligned(signals.unusual_level(view, name), view.days, sectors)
        view.memo["feature_signals"] = out
    return cast("NDArray[np.float64]", view.memo["feature_signals"])


def _static_values(
    view: AsOfView, sectors: tuple[str, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the inputs that do not depend on the horizon, and what was subtracted from them."""
    if "feature_values" not in view.memo:
        values = np.full((len(view.days), len(sectors), len(FEATURES)), np.nan)
        reference = np.zeros((len(view.days), len(FEATURES)))
        for index, spec in enumerate(FEATURES):
            frame = _measure(view, spec)
            if frame is None:
                continue
            values[:, :, index] = _aligned(frame, view.days, sectors)
            if spec.against_market:
                reference[:, index] = _aligned(frame, view.days, (MARKET_ENTITY,))[:, 0]
                values[:, :, index] -= reference[:, index, None]
        view.memo["feature_values"] = (values, reference)
    return cast("tuple[NDArray[np.float64], NDArray[np.float64]]", view.memo["feature_values"])


def _measure(view: AsOfView, spec: Input) -> pd.DataFrame | None:
    """Return the contract's measure on every day, or None where the market cannot have it."""
    if spec.metric in FITTED:
        return None
    if spec.period is not None and view.window_rows(spec.period) is None:
        return None
    vocabulary = view.vocabulary
    match spec.metric:
        case "rs_ratio":
            return rotation.rs_ratio(view)
        case "rs_momentum":
            return rotation.rs_momentum(view)
        case "breadth":
            return returns.breadth(view) if vocabulary.has_shares else None
        case "foreign_pressure":
            daily = vocabulary.has_flows and not view.market.monthly
            return trading.foreign_pressure(view) if daily else None
        case "foreign_net_ratio":
            return (
                trading.foreign_net_ratio(view, str(spec.period)) if vocabulary.has_flows else None
            )
        case "whale_ratio":
            return trading.whale_ratio(view, str(spec.period)) if vocabulary.has_trading else None
    windowed = {
        "rel_return": returns.rel_return,
        "volatility": returns.volatility,
        "drawdown": returns.drawdown,
        "momentum": returns.momentum,
        "rel_drawdown": returns.rel_drawdown,
        "rel_volatility": returns.rel_volatility,
    }
    return windowed[spec.metric](view, str(spec.period))


def _aligned(
    frame: pd.DataFrame, days: pd.DatetimeIndex, columns: tuple[str, ...]
) -> NDArray[np.float64]:
    """Return the frame's values on the given days and columns; what it lacks is NaN."""
    return frame.reindex(index=days, columns=list(columns)).to_numpy(dtype=np.float64, copy=True)
