"""The inputs of the composite, in one table.

Every input is a contract fact of a sector, but for two tilts: the macro tilt multiplies a sector's
measured sensitivities by the latest changes, the signal tilt what other signals have told before by
how unusual they are now.

The weights are priors, fixed and the same for every market, because tuning them on the markets at
hand would flatter the past. Momentum over six and twelve months has the longest record and weighs
most; the month and the rotation coordinates say much the same over shorter windows and weigh less;
breadth, low risk and foreign buying have some record; unusual trading and macro tilts have the
least.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tools.contracts import Horizon

Group = Literal["trend", "rotation", "breadth", "risk", "flow", "activity", "macro", "signals"]
GROUPS: tuple[Group, ...] = (
    "trend",
    "rotation",
    "breadth",
    "risk",
    "flow",
    "activity",
    "macro",
    "signals",
)
"""In the order in which contributions are added."""
OPTIONAL_GROUPS: tuple[Group, ...] = ("signals",)
"""Not missed in a market that never had one."""
MAIN_GROUPS: tuple[Group, ...] = ("trend", "rotation", "risk")
"""Without one of these no call deserves more than low confidence."""
MACRO_TILT = "macro_tilt"
SIGNAL_TILT = "signal_tilt"
FITTED: tuple[str, ...] = (MACRO_TILT, SIGNAL_TILT)
"""Metrics that need fitted parameters; their period is the horizon."""


@dataclass(frozen=True, kw_only=True)
class Input:
    """One input of the composite."""

    group: Group
    metric: str
    period: str | None
    """Window of the fact; None: the metric has none, or (a fitted tilt) it is the horizon's."""
    weight: float
    """Prior weight of one standard deviation, the same in every market."""
    centre: float
    scale: float
    """Centre and scale used until a market has a year of its own past."""
    against_market: bool = False
    """The market's own value is subtracted first."""
    own_scale: bool = True
    """Whether its own past replaces centre and scale; not where its size already says what it is worth."""
    meaning: str

    @property
    def name(self) -> str:
        """Metric and window, as in a fact id."""
        return self.metric if self.period is None else f"{self.metric}.{self.period}"

    def fact_id(self, entity: str, horizon: Horizon) -> str:
        """Return the id of the fact of `entity` that feeds this input."""
        if self.metric in FITTED:
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
    Input(
        group="signals",
        metric=SIGNAL_TILT,
        period=None,
        weight=0.25,
        centre=0.0,
        scale=0.05,
        own_scale=False,
        meaning="what its other signals have told before, times how unusual they are",
    ),
)
SIGNAL_INPUT = next(i for i, spec in enumerate(FEATURES) if spec.metric == SIGNAL_TILT)
TILT_INPUT = next(i for i, spec in enumerate(FEATURES) if spec.metric == MACRO_TILT)
