"""The values that cross the edge of ``tools``: facts, gaps, scorecards and the results of tool calls.

Every number leaves as a :class:`Fact` with unit, dates and source, so that a brief can cite it by id. All values
are frozen and refuse unknown fields. Fractions stay fractions; percent exists only where a brief is rendered.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

Timeframe = Literal["1D", "1W", "1M", "3M"]
FlowTimeframe = Literal["1D", "1W", "1M"]
HeatmapPeriod = Literal["daily", "weekly", "monthly"]
Horizon = Literal["1W", "1M", "3M"]
Period = Literal["1D", "1W", "1M", "3M", "6M", "12M", "1Y", "3Y", "5Y"]
Quadrant = Literal["leading", "weakening", "lagging", "improving"]
Call = Literal["outperform", "underperform", "none"]
Confidence = Literal["high", "medium", "low"]

HORIZONS: tuple[Horizon, ...] = ("1W", "1M", "3M")
PERIODS: tuple[Period, ...] = ("1D", "1W", "1M", "3M", "6M", "12M", "1Y", "3Y", "5Y")
TRADING_DAYS: dict[str, int] = {"1D": 1, "1W": 5, "1M": 21, "3M": 63, "6M": 126, "12M": 252}
"""Rows of a daily market in each window."""
MONTHLY_ROWS: dict[str, int] = {"1M": 1, "3M": 3, "6M": 6, "12M": 12}
"""Rows of a monthly market in each window; 1D and 1W do not exist there."""
HEATMAP_WINDOW: dict[str, Timeframe] = {"daily": "1D", "weekly": "1W", "monthly": "1M"}
MARKET_ENTITY = "MARKET"
MACRO_PREFIX = "MACRO."


class Frozen(BaseModel):
    """A value: frozen, and it refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FactId(NamedTuple):
    """A fact id taken apart: ``45.rel_return.1W`` is ("45", "rel_return", "1W")."""

    entity: str
    metric: str
    period: str | None

    def __str__(self) -> str:
        return ".".join(part for part in self if part is not None)


def parse_fact_id(text: str) -> FactId:
    """Take a fact id apart from the right: a period if it is one, then the metric, the rest is the entity.

    ``contribution.<group>`` counts as one metric.

    Raises
    ------
    ValueError
        When entity or metric is missing.
    """
    parts = text.split(".")
    period = parts.pop() if len(parts) > 2 and parts[-1] in PERIODS else None
    metric = parts.pop()
    if parts and parts[-1] == "contribution":
        metric = f"{parts.pop()}.{metric}"
    entity = ".".join(parts)
    if not entity or not metric:
        raise ValueError(f"a fact id is ENTITY.metric[.period], got {text!r}")
    return FactId(entity, metric, period)


class Fact(Frozen):
    """One citable value."""

    id: str
    value: float | str
    """A finite number, or a label such as a quadrant."""
    unit: str
    """``fraction``, ``index``, ``ratio``, ``log-odds``, ``rank``, ``label``, a currency code or a series' own unit."""
    entity: str
    metric: str
    period: str | None = None
    observed_on: date
    """Last day of the window, or the day the value describes."""
    published_on: date
    """First day on which all of its inputs were known."""
    source: str
    """Market id and file, for example ``us/prices.parquet``; never a path."""


class Gap(Frozen):
    """Something wanted that is missing: what, why, and what that does to the answer."""

    what: str
    why: str
    effect: str


class MarketStamp(Frozen):
    """Which market an answer is about, and as of when."""

    id: str
    name: str
    as_of: date
    """The date asked for; the market's own last usable trading day is `last_day`."""
    last_day: date
    benchmark: str
    """Symbol of the benchmark, or empty where it is built from the shares."""
    currency: str
    simulated: bool
    monthly: bool = False


class Flip(Frozen):
    """The smallest single-input move that changes a call."""

    input: str
    """Fact id of the input that moves."""
    from_: Annotated[float, Field(alias="from", serialization_alias="from")]
    to: float
    sd: float
    """Size of the move in the input's own standard deviations."""
    new_call: Call

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True
    )


class SectorScore(Frozen):
    """One sector's row of the scorecard at one horizon."""

    sector: str
    name: str
    rank: Annotated[int, Field(ge=1)]
    score: float
    """Log-odds of beating the benchmark before abstention: base value plus the sum of `contributions`."""
    probability: Annotated[float, Field(gt=0, lt=1)]
    """Calibrated chance of beating the benchmark over the horizon; exactly 0.5 where the model makes no call."""
    expected: float
    """Median predicted relative return over the horizon, a fraction."""
    low: float
    high: float
    """10 and 90 % quantiles of the predicted relative return."""
    call: Call
    confidence: Confidence
    quadrant: Quadrant | None
    contributions: dict[str, float]
    """Log-odds by group; a group that is missing is absent, not zero."""
    flip: Flip | None
    flip_reason: str | None = None
    """Why there is no flip, where there is none."""


class Scorecard(Frozen):
    """Facts in, ranking out: one row a sector, best first."""

    model: str
    artefact: str
    """Content hash of the fitted parameters."""
    base_value: float
    horizon: Horizon
    missing_groups: tuple[str, ...] = ()
    """Groups this market has no facts for at all."""
    sectors: tuple[SectorScore, ...]


class SectorName(Frozen):
    """How a sector may be called."""

    code: str
    name: str
    name_vi: str = ""
    proxy: str = ""
    thin: bool = False
    """Fewer than three shares and no proxy: its confidence is low."""


class SymbolName(Frozen):
    """How a symbol may be called."""

    symbol: str
    name: str
    sector: str = ""
    kind: Literal["stock", "sector", "index", "benchmark"] = "stock"


class Vocabulary(Frozen):
    """Everything a market can be asked about; what planners and completions know of it."""

    market_id: str
    market_name: str
    currency: str
    monthly: bool
    sectors: tuple[SectorName, ...]
    symbols: tuple[SymbolName, ...]
    series: tuple[str, ...]
    """Macro series the market has."""
    series_aliases: dict[str, str]
    """Other name → series, as the market declares."""
    has_flows: bool
    has_shares: bool
    has_trading: bool
    """Whether volume or traded value is known, so that unusual trading can be seen."""
    signals: tuple[str, ...] = ()


class ToolResult(Frozen):
    """What every tool returns: its facts, and what it could not say."""

    tool: str
    market: MarketStamp
    facts: tuple[Fact, ...] = ()
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()
    """Plain sentences a reader should know, for example that a traded value is an estimate."""
