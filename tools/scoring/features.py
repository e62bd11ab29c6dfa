"""The inputs of the composite: one table, and one panel for live use, training and back-tests.

Every input is a contract fact of a sector, but for the macro tilt, which multiplies a sector's
measured sensitivities by the latest changes. Row ``t`` of the panel uses nothing that was unknown
when the prices of day ``t`` became usable: lagging flows are shown on the day on which they were
known.

The weights are priors, fixed and the same for every market, because tuning them on the markets at
hand would flatter the past. Momentum over six and twelve months has the longest record and weighs
most; the month and the rotation coordinates say much the same over shorter windows and weigh less;
breadth, low risk and foreign buying have some record; unusual trading and macro tilts have the
least.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
import pandas as pd

from tools.contracts import MARKET_ENTITY, Horizon
from tools.measures import macro, returns, rotation, trading

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.view import AsOfView

Group = Literal["trend", "rotation", "breadth", "risk", "flow", "activity", "macro"]
GROUPS: tuple[Group, ...] = (
    "trend",
    "rotation",
    "breadth",
    "risk",
    "flow",
    "activity",
    "macro",
)
"""In the order in which contributions are added."""
MAIN_GROUPS: tuple[Group, ...] = ("trend", "rotation", "risk")
"""Without one of these no call deserves more than low confidence."""
MACRO_TILT = "macro_tilt"


@dataclass(frozen=True, kw_only=True)
class Input:
    """One input of the composite."""

    group: Group
    metric: str
    period: str | None
    """Window of the fact; None: the metric has none, or (macro tilt) it is the horizon's."""
    weight: float
    """Prior weight of one standard deviation, the same in every market."""
    centre: float
    scale: float
    """Centre and scale used until a market has a year of its own past."""
    against_market: bool = False
    """The market's own value is subtracted first."""
    meaning: str

    @property
    def name(self) -> str:
        """Metric and window, as in a fact id."""
        return self.metric if self.period is None else f"{self.metric}.{self.period}"

    def fact_id(self, entity: str, horizon: Horizon) -> str:
        """Return the id of the fact of `entity` that feeds this input."""
        if self.metric == MACRO_TILT:
            return f"{entity}.{self.metric}.{horizon}"
        return f"{entity}.{self.name}"


FEATURES: tuple[Input, ...] = (
    Input(
        group="trend",
        metric="rel_return",
        period="1M",
        weight=0.1,
        centre=0.0,
        scale=0.04,
        meaning="relative return over one month",
    ),
    Input(
        group="trend",
        metric="rel_return",
        period="3M",
        weight=0.2,
        centre=0.0,
        scale=0.07,
        meaning="relative return over three months",
    ),
    Input(
        group="trend",
        metric="rel_return",
        period="6M",
        weight=0.35,
        centre=0.0,
        scale=0.10,
        meaning="relative return over six months",
    ),
    Input(
        group="trend",
        metric="rel_return",
        period="12M",
        weight=0.35,
        centre=0.0,
        scale=0.15,
        meaning="relative return over twelve months",
    ),
    Input(
        group="rotation",
        metric="rs_ratio",
        period=None,
        weight=0.15,
        centre=100.0,
        scale=3.0,
        meaning="relative strength against its own mean",
    ),
    Input(
        group="rotation",
        metric="rs_momentum",
        period=None,
        weight=0.15,
        centre=100.0,
        scale=1.5,
        meaning="change of relative strength",
    ),
    Input(
        group="breadth",
        metric="breadth",
        period=None,
        weight=0.5,
        centre=0.5,
        scale=0.25,
        meaning="share of its shares above their 50-day mean",
    ),
    Input(
        group="risk",
        metric="volatility",
        period="3M",
        weight=-0.5,
        centre=0.0,
        scale=0.06,
        against_market=True,
        meaning="volatility above the market's",
    ),
    Input(
        group="risk",
        metric="drawdown",
        period="3M",
        weight=0.25,
        centre=0.0,
        scale=0.05,
        against_market=True,
        meaning="drawdown against the market's (higher is shallower)",
    ),
    Input(
        group="flow",
        metric="foreign_net_ratio",
        period="1W",
        weight=0.25,
        centre=0.0,
        scale=0.05,
        meaning="foreign net buying over a week",
    ),
    Input(
        group="flow",
        metric="foreign_net_ratio",
        period="1M",
        weight=0.25,
        centre=0.0,
        scale=0.05,
        meaning="foreign net buying over a month",
    ),
    Input(
        group="activity",
        metric="whale_ratio",
        period="1W",
        weight=0.25,
        centre=1.0,
        scale=0.35,
        meaning="trading against its 20-day mean",
    ),
    Input(
        group="macro",
        metric=MACRO_TILT,
        period=None,
        weight=0.25,
        centre=0.0,
        scale=0.01,
        meaning="its own measured macro sensitivities times the latest changes",
    ),
)
TILT_INPUT = next(i for i, spec in enumerate(FEATURES) if spec.metric == MACRO_TILT)


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
        subtracted where the table says so; NaN where there is no fact. The macro tilt is NaN here:
        it needs fitted sensitivities.
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
    changes = driver_changes(view, horizon)
    values, reference = _static_values(view, sectors)
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
        listed=days.to_numpy(dtype="datetime64[ns]")[:, None] >= first[None, :],
        horizon_rows=rows,
        stride=1 if view.market.monthly else 5,
        year=12 if view.market.monthly else 252,
    )


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
    if spec.metric == MACRO_TILT:
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
    }
    return windowed[spec.metric](view, str(spec.period))


def driver_changes(view: AsOfView, horizon: Horizon) -> pd.DataFrame:
    """Return the change of each market-priced series over the horizon, days × series.

    A difference for rates and spreads, a fraction for prices and indices; NaN where a price is not
    above zero at both ends, so that one day of negative oil cannot turn every fraction of the past
    into a difference.
    """
    key = ("feature_drivers", horizon)
    if key not in view.memo:
        rows = view.window_rows(horizon)
        view.memo[key] = pd.DataFrame(
            {name: _driver_change(view, name, rows) for name in macro.market_series(view)},
            index=view.days,
        )
    return cast("pd.DataFrame", view.memo[key])


def _driver_change(view: AsOfView, name: str, rows: int | None) -> pd.Series:
    level = macro.in_force(view, name)
    if rows is None:
        return level * np.nan
    if macro.vintages(view, name).unit in macro.DIFFERENCED_UNITS:
        return level - level.shift(rows)
    positive = level.where(level > 0)
    return positive / positive.shift(rows) - 1.0


def _aligned(
    frame: pd.DataFrame, days: pd.DatetimeIndex, columns: tuple[str, ...]
) -> NDArray[np.float64]:
    """Return the frame's values on the given days and columns; what it lacks is NaN."""
    return frame.reindex(index=days, columns=list(columns)).to_numpy(dtype=np.float64, copy=True)
