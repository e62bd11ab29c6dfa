"""The inputs of the score, in one table, with what is believed of each before a market is looked at.

Every input is a fact of a sector, but for the tilts: the macro tilt multiplies a sector's measured sensitivities by
the latest changes, the macro response its measured answers to surprises and levels by where they stand, the signal
tilt what other signals have told before by how unusual they are now.

A weight is the information coefficient that the literature lets one expect of an input by itself: what one standard
deviation of it adds to the relative return that follows, in standard deviations of that return. They are the same in
every market and were set before any of them was fitted: momentum over a year without its last month has the longest
record, low specific volatility and the distance from the year's high have some, the last month helps only where prices
are monthly averages of many shares, the last day tends to be taken back. The *composite* believes the weights as they
are. The *ensemble* lets a market's past correct them by as much as `doubt` allows: little where the literature is
long, more where nobody knows (flows, signals, breadth).
"""

from __future__ import annotations

import math
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
MACRO_RESPONSE = "macro_response"
SIGNAL_TILT = "signal_tilt"
SMALLEST_DOUBT, PUBLISHED_DOUBT = 0.003, 0.75
FITTED: tuple[str, ...] = (MACRO_TILT, MACRO_RESPONSE, SIGNAL_TILT)
"""Metrics that need fitted parameters; their period is the horizon."""


@dataclass(frozen=True, kw_only=True)
class Input:
    """One input of the score."""

    group: Group
    metric: str
    period: str | None
    """Window of the fact; None: the metric has none, or (a fitted tilt) it is the horizon's."""
    weight: float
    """Relative return, in its own standard deviations, that one standard deviation is believed to add."""
    monthly: float | None = None
    """The same in monthly markets, where it differs."""
    doubt: float | None = None
    """Standard deviation of that belief; None: three quarters of it, because much of what is published fades."""
    centre: float = 0.0
    scale: float
    """Centre and scale used until a market has a year of its own past."""
    against_market: bool = False
    """The market's own value is subtracted first."""
    slow: bool = False
    """Whether it says the same of every day of the months to come: its weight grows with the root of the horizon."""
    learned: bool = False
    """Whether only the ensemble weighs it: what the composite believes was known before any market was looked at."""
    own_scale: bool = True
    """Whether its own past replaces centre and scale; not where its size already says what it is worth."""
    meaning: str

    def belief(self, *, monthly: bool, months: float = 1.0) -> float:
        """Return the weight for a horizon of so many months in a monthly or a daily market."""
        weight = self.monthly if monthly and self.monthly is not None else self.weight
        return weight * math.sqrt(months) if self.slow else weight

    def uncertainty(self, *, monthly: bool, months: float = 1.0) -> float:
        """Return the standard deviation of the belief."""
        if self.doubt is not None:
            return self.doubt
        return max(
            SMALLEST_DOUBT, PUBLISHED_DOUBT * abs(self.belief(monthly=monthly, months=months))
        )

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
        period="1D",
        weight=-0.01,
        monthly=0.0,
        scale=0.01,
        meaning="relative return over one day",
    ),
    Input(
        group="trend",
        metric="rel_return",
        period="1M",
        weight=0.0,
        monthly=0.02,
        scale=0.04,
        meaning="relative return over one month",
    ),
    Input(
        group="trend",
        metric="rel_return",
        slow=True,
        period="3M",
        weight=0.004,
        scale=0.07,
        meaning="relative return over three months",
    ),
    Input(
        group="trend",
        metric="momentum",
        slow=True,
        period="6M",
        weight=0.01,
        scale=0.1,
        meaning="relative growth over six months without the last",
    ),
    Input(
        group="trend",
        metric="momentum",
        slow=True,
        period="12M",
        weight=0.02,
        scale=0.15,
        meaning="relative growth over twelve months without the last",
    ),
    Input(
        group="trend",
        metric="rel_drawdown",
        slow=True,
        period="12M",
        weight=0.01,
        centre=-0.05,
        scale=0.06,
        meaning="distance of relative strength from its high of twelve months",
    ),
    Input(
        group="rotation",
        metric="rs_ratio",
        slow=True,
        period=None,
        weight=0.004,
        centre=100.0,
        scale=3.0,
        meaning="relative strength against its own mean",
    ),
    Input(
        group="rotation",
        metric="rs_momentum",
        period=None,
        weight=0.002,
        centre=100.0,
        scale=1.5,
        meaning="change of relative strength",
    ),
    Input(
        group="breadth",
        metric="breadth",
        period=None,
        weight=0.01,
        doubt=0.02,
        centre=0.5,
        scale=0.25,
        meaning="share of its shares above their 50-day mean",
    ),
    Input(
        group="risk",
        metric="rel_volatility",
        slow=True,
        period="3M",
        weight=-0.015,
        monthly=-0.01,
        centre=0.12,
        scale=0.05,
        meaning="volatility of its relative return",
    ),
    Input(
        group="risk",
        metric="drawdown",
        slow=True,
        period="3M",
        weight=0.004,
        scale=0.05,
        against_market=True,
        meaning="drawdown against the market's (higher is shallower)",
    ),
    Input(
        group="flow",
        metric="foreign_pressure",
        period=None,
        weight=0.015,
        doubt=0.03,
        scale=0.06,
        meaning="foreign net buying of the last days, fading",
    ),
    Input(
        group="flow",
        metric="foreign_net_ratio",
        period="1M",
        weight=0.004,
        doubt=0.03,
        scale=0.05,
        meaning="foreign net buying over a month",
    ),
    Input(
        group="activity",
        metric="whale_ratio",
        period="1W",
        weight=0.003,
        doubt=0.01,
        centre=1.0,
        scale=0.35,
        meaning="trading against its 20-day mean",
    ),
    Input(
        group="macro",
        metric=MACRO_TILT,
        period=None,
        weight=0.005,
        doubt=0.01,
        scale=0.01,
        meaning="its own measured macro sensitivities times the latest changes",
    ),
    Input(
        group="macro",
        metric=MACRO_RESPONSE,
        period=None,
        weight=0.8,
        doubt=0.4,
        learned=True,
        scale=1.0,
        own_scale=False,
        meaning="its own measured answers to macro surprises",
    ),
    Input(
        group="signals",
        metric=SIGNAL_TILT,
        period=None,
        weight=1.0,
        doubt=0.5,
        scale=1.0,
        own_scale=False,
        meaning="what its other signals have told before, times how unusual they are",
    ),
)
SIGNAL_INPUT = next(i for i, spec in enumerate(FEATURES) if spec.metric == SIGNAL_TILT)
RESPONSE_INPUT = next(i for i, spec in enumerate(FEATURES) if spec.metric == MACRO_RESPONSE)
TILT_INPUT = next(i for i, spec in enumerate(FEATURES) if spec.metric == MACRO_TILT)
VOLATILITY_INPUT = next(i for i, spec in enumerate(FEATURES) if spec.metric == "rel_volatility")
