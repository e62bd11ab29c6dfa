"""The whole market laid out as days by entities, worked out once and cut to each view.

Everything here is causal: a row uses rows of its own day and earlier ones only, and sums run in an order that later
rows cannot change. Cutting the panels at a day therefore gives, to the last bit, what the market's rows up to that
day give alone.

An entity's return index runs over its own rows and is then put on the trading days, so that a price on a day when
the benchmark rested moves the index too. It is 1 at the entity's first price.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.contracts import MARKET_ENTITY
from tools.measures.calendar import as_days, numbered
from tools.measures.published import judge_published
from tools.measures.quality import column, first_rows, judge_flows, judge_prices

if TYPE_CHECKING:
    import numpy.typing as npt

    from tools.measures.calendar import Days
    from tools.measures.published import PublishedQuality
    from tools.measures.quality import FlowQuality, PriceQuality
    from tools.sources.base import Finding, MarketData

    Bools = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.intp]

BREADTH_ROWS = 50
TIE = 1e-9
"""Relative distance within which an index is at its mean: a share that rests is not above it by rounding."""


@dataclass(frozen=True)
class Rows:
    """The used price rows in long form, sorted by symbol and day; every field has one value a row."""

    code: Integers
    """Position of the symbol in the universe."""
    day: Integers
    """Position of the date in the calendar."""
    first: Bools
    returns: Floats
    """Simple daily return; NaN on a first row without a previous close, and across a jump."""
    weight: Floats
    """`previous_close` (else the last earlier close) × `listed_shares`; NaN where not known."""
    index: Floats
    """Compounded return index, 1 at the symbol's first row."""


class Panels:
    """Days by entities of one whole market; see the module's invariant."""

    def __init__(self, market_data: MarketData) -> None:
        self._data = market_data
        prices = market_data.prices
        self.symbols = pd.Index(prices["symbol"].cat.categories, dtype=object)
        self.codes = list(market_data.sectors.index)
        days = as_days(prices["date"].to_numpy())
        self.calendar, self._positions = numbered(days)
        self.trading = self._trading_positions(self._positions)
        self.days: Days = self.calendar[self.trading]

    @cached_property
    def quality(self) -> PriceQuality:
        """Which price rows are not used."""
        return judge_prices(self._data.prices, self._data.universe["kind"])

    @cached_property
    def prices(self) -> pd.DataFrame:
        """The price rows that are used."""
        return self._data.prices[~self.quality.unused]

    @cached_property
    def rows(self) -> Rows:
        """The used price rows in long form."""
        used = ~self.quality.unused
        return _long(
            self.prices,
            self._positions[used],
            rebased=self.quality.rebased[used],
            unweighed=self.quality.unweighed[used],
        )

    @cached_property
    def share(self) -> Bools:
        """Whether each symbol of the universe is a share."""
        return np.asarray(self._data.universe["kind"].reindex(self.symbols) == "stock")

    @cached_property
    def sector_of(self) -> Integers:
        """Position of each share's sector among the codes; -1 for what is no share of a sector."""
        sectors = self._data.universe["sector"].reindex(self.symbols)
        found = pd.Index(self.codes).get_indexer(pd.Index(sectors))
        return np.where(self.share, found, -1)

    def members(self, entity: str) -> Integers:
        """Return the symbols summed for trading and flows: an entity's shares, else its proxy, or itself."""
        if entity == MARKET_ENTITY:
            own, proxy = np.flatnonzero(self.share), self._data.market.benchmark
        elif entity in self.codes:
            own = np.flatnonzero(self.sector_of == self.codes.index(entity))
            proxy = str(self._data.sectors.loc[entity, "proxy"])
        else:
            return np.asarray([self.symbols.get_loc(entity)])
        if len(own) or not proxy:
            return own
        return np.asarray([self.symbols.get_loc(proxy)])

    def _trading_positions(self, positions: Integers) -> Integers:
        """Return the benchmark's days, else every day on which a share has a row, believed or not.

        A price that cannot be believed still shows that the market was open; without its day all windows would grow.
        """
        codes = self._data.prices["symbol"].cat.codes.to_numpy()
        benchmark = self._data.market.benchmark
        own = codes == self.symbols.get_loc(benchmark) if benchmark else self.share[codes]
        return np.flatnonzero(np.bincount(positions[own], minlength=1))

    @cached_property
    def entities(self) -> pd.Index:
        """Every symbol of the universe, then the sector codes, then MARKET."""
        return pd.Index([*self.symbols, *self.codes, MARKET_ENTITY], dtype=object)

    @cached_property
    def _calendar_panels(self) -> tuple[Floats, Floats]:
        """Own returns (NaN where none) and the index (NaN before the first price), calendar × entities."""
        rows, shape = self.rows, (len(self.calendar), len(self.symbols))
        returns, index = np.full(shape, np.nan), np.full(shape, np.nan)
        returns[rows.day, rows.code] = rows.returns
        index[rows.day, rows.code] = rows.index
        index = _fill_forward(index)
        groups = [self._sector_panel(position) for position in range(len(self.codes))]
        groups.append(self._market_panel())
        all_returns = np.column_stack([returns, *[group[0] for group in groups]])
        return all_returns, np.column_stack([index, *[group[1] for group in groups]])

    def _symbol_panel(self, symbol: str) -> tuple[Floats, Floats]:
        mine = self.rows.code == self.symbols.get_loc(symbol)
        returns, index = np.full((2, len(self.calendar)), np.nan)
        returns[self.rows.day[mine]] = self.rows.returns[mine]
        index[self.rows.day[mine]] = self.rows.index[mine]
        return returns, _fill_forward(index[:, None])[:, 0]

    def _sector_panel(self, position: int) -> tuple[Floats, Floats]:
        proxy = str(self._data.sectors["proxy"].iloc[position])
        if proxy:
            return self._symbol_panel(proxy)
        return self._group_panel(self.sector_of[self.rows.code] == position)

    def _market_panel(self) -> tuple[Floats, Floats]:
        if self._data.market.benchmark:
            return self._symbol_panel(self._data.market.benchmark)
        return self._group_panel(self.share[self.rows.code])

    def _group_panel(self, chosen: Bools) -> tuple[Floats, Floats]:
        """Return the weighted mean return of the chosen rows by day, and its index from the first price on."""
        n_days = len(self.calendar)
        priced = np.bincount(self.rows.day[chosen], minlength=n_days) > 0
        part = chosen & np.isfinite(self.rows.returns)
        day, move = self.rows.day[part], self.rows.returns[part]
        weight = self.rows.weight[part]
        count = np.bincount(day, minlength=n_days)
        # One unknown weight makes the day equally weighted: a share must not vanish for want of a number.
        known = np.bincount(day, weights=np.isfinite(weight), minlength=n_days)
        weight = np.where(known[day] == count[day], weight, 1.0)
        total = np.bincount(day, weights=weight, minlength=n_days)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.bincount(day, weights=weight * move, minlength=n_days) / total
        returns = np.where(count > 0, mean, np.nan)
        if not priced.any():
            return returns, np.full(n_days, np.nan)
        start = int(np.argmax(priced))
        growth: Floats = np.where(np.isfinite(returns), 1.0 + returns, 1.0)
        growth[: start + 1] = 1.0
        index: Floats = growth.cumprod()
        index[:start] = np.nan
        return returns, index

    @cached_property
    def index(self) -> Floats:
        """Compounded return index, trading days × entities."""
        return self._calendar_panels[1][self.trading]

    @cached_property
    def returns(self) -> Floats:
        """Daily returns on trading days × entities; NaN where an entity has no row since the last trading day.

        A move on a day that is no trading day falls on the next trading day.
        """
        returns, index = self._calendar_panels
        own = returns[self.trading]
        gaps = np.flatnonzero(np.diff(self.trading, prepend=-1) > 1)
        for row in gaps[gaps > 0]:
            now, before = self.trading[row], self.trading[row - 1]
            between = np.isfinite(returns[before + 1 : now]).any(axis=0)
            between &= np.isfinite(index[before])
            own[row] = np.where(between, index[now] / index[before] - 1.0, own[row])
        return own

    @cached_property
    def first_price(self) -> Days:
        """Each entity's first day with a price; NaT where none."""
        index = self._calendar_panels[1]
        has = np.isfinite(index)
        first: Days = self.calendar[has.argmax(axis=0)].copy()
        first[~has.any(axis=0)] = np.datetime64("NaT")
        return first

    @cached_property
    def sparse(self) -> Bools:
        """Trading days × sectors: fewer than half of the shares listed by then have a price."""
        marks = np.zeros((len(self.days), len(self.codes)), dtype=bool)
        for position, code in enumerate(self.codes):
            if str(self._data.sectors.loc[code, "proxy"]):
                continue
            mine = self.sector_of[self.rows.code] == position
            n_days = len(self.calendar)
            priced = np.bincount(self.rows.day[mine], minlength=n_days)
            listed = np.cumsum(np.bincount(self.rows.day[mine & self.rows.first], minlength=n_days))
            marks[:, position] = (2 * priced < listed)[self.trading]
        return marks

    @cached_property
    def breadth(self) -> Floats:
        """Trading days × (sectors, MARKET): share of the shares priced that day above their 50-row mean."""
        rows = self.rows
        above, counted = _above_mean(rows)
        out = np.full((len(self.days), len(self.codes) + 1), np.nan)
        for position in range(len(self.codes) + 1):
            sector = self.sector_of[rows.code]
            group = sector == position if position < len(self.codes) else self.share[rows.code]
            chosen = group & counted
            n_days = len(self.calendar)
            n = np.bincount(rows.day[chosen], minlength=n_days)[self.trading]
            up = np.bincount(rows.day[chosen & above], minlength=n_days)[self.trading]
            out[:, position] = np.where(n > 0, up / np.maximum(n, 1), np.nan)
        return out

    @cached_property
    def values_given(self) -> Integers:
        """How many used rows up to each trading day state their traded value."""
        given = np.isfinite(column(self.prices, "value"))
        by_day = np.bincount(self.rows.day[given], minlength=len(self.calendar))
        return np.cumsum(by_day)[self.trading]

    @cached_property
    def traded_value(self) -> Floats | None:
        """Traded value, trading days × symbols; NaN where a symbol has no row; None without any volume."""
        value, volume = column(self.prices, "value"), column(self.prices, "volume")
        traded = np.where(np.isfinite(value), value, column(self.prices, "close") * volume)
        if not np.isfinite(traded).any():
            return None
        traded[self.quality.untraded[~self.quality.unused]] = np.nan
        panel = np.full((len(self.calendar), len(self.symbols)), np.nan)
        panel[self.rows.day, self.rows.code] = traded
        return panel[self.trading]

    @cached_property
    def value_unknown(self) -> Bools | None:
        """Trading days × symbols: something was traded, but not in a unit that can be used; None where never so."""
        unknown = self.quality.untraded[~self.quality.unused]
        if not unknown.any():
            return None
        panel = np.zeros((len(self.calendar), len(self.symbols)), dtype=bool)
        panel[self.rows.day[unknown], self.rows.code[unknown]] = True
        return panel[self.trading]

    @cached_property
    def flow_quality(self) -> FlowQuality | None:
        """Which flow rows are not used; None where the market has no flow data."""
        flows = self._data.flows
        return None if flows is None or flows.empty else judge_flows(flows, self._data.prices)

    @cached_property
    def macro_quality(self) -> PublishedQuality:
        """Which macro rows are not used."""
        return judge_published(self._data.macro, ("series",))

    @cached_property
    def signal_quality(self) -> PublishedQuality | None:
        """Which signal rows are not used; None where the market has no signals."""
        signals = self._data.signals
        return None if signals is None else judge_published(signals, ("name", "entity"))

    @property
    def flow_findings(self) -> tuple[Finding, ...]:
        """Flow rows that are not used."""
        return () if self.flow_quality is None else self.flow_quality.findings

    @cached_property
    def flow_net(self) -> Floats | None:
        """Foreign buying minus selling, trading days × symbols; NaN on days on which no symbol has a flow row."""
        flows, quality = self._data.flows, self.flow_quality
        if flows is None or quality is None:
            return None
        days = as_days(flows["date"].to_numpy())
        position = np.searchsorted(self.days, days)
        on_day = self.days[np.minimum(position, len(self.days) - 1)] == days
        panel = np.full((len(self.days), len(self.symbols)), np.nan)
        panel[position[on_day]] = 0.0
        kept = on_day & ~quality.unused
        net = column(flows, "foreign_buy_value") - column(flows, "foreign_sell_value")
        panel[position[kept], flows["symbol"].cat.codes.to_numpy()[kept]] = net[kept]
        panel[np.isin(self.days, quality.unknown_days)] = np.nan
        return panel


def _long(used: pd.DataFrame, day: Integers, *, rebased: Bools, unweighed: Bools) -> Rows:
    code = used["symbol"].cat.codes.to_numpy().astype(np.intp)
    first = first_rows(code)
    close, previous = column(used, "close"), column(used, "previous_close")
    earlier = np.where(first, np.nan, np.roll(close, 1)) if len(close) else close
    base = np.where(np.isfinite(previous), previous, earlier)
    returns = close / base - 1.0
    returns[rebased] = np.nan
    listed = column(used, "listed_shares")
    weight = base * np.where((listed > 0) & ~unweighed, listed, np.nan)
    growth = np.where(np.isfinite(returns) & ~first, 1.0 + returns, 1.0)
    index = np.empty_like(growth)
    starts = np.append(np.flatnonzero(first), len(growth))
    for start, end in pairwise(starts):
        np.cumprod(growth[start:end], out=index[start:end])
    return Rows(code, day, first, returns, weight, index)


def _above_mean(rows: Rows) -> tuple[Bools, Bools]:
    """Return whether each row's index is above the mean of its symbol's last 50 rows, and has 50 rows."""
    total = np.zeros(len(rows.index))
    for back in range(BREADTH_ROWS):
        total += np.roll(rows.index, back)
    mean = total / BREADTH_ROWS
    position = np.arange(len(rows.index))
    start = np.maximum.accumulate(np.where(rows.first, position, 0))
    return rows.index > mean * (1.0 + TIE), position - start >= BREADTH_ROWS - 1


def _fill_forward(panel: Floats) -> Floats:
    """Carry the last value of each column down over missing rows."""
    position = np.where(np.isfinite(panel), np.arange(len(panel))[:, None], 0)
    np.maximum.accumulate(position, axis=0, out=position)
    return np.take_along_axis(panel, position, axis=0)
