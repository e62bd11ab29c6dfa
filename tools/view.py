"""The market as it was known at the end of one day; the only door between a market's data and everything above.

Nothing published after `as_of` exists here. The whole market is laid out once (:mod:`tools.measures.panels`, causal
row by row) and every view is a cut of it, so that an earlier view costs almost nothing and agrees to the last bit
with what a copy of the data that ends there would give.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from tools.contracts import (
    MARKET_ENTITY,
    MONTHLY_ROWS,
    TRADING_DAYS,
    Gap,
    MarketStamp,
)
from tools.errors import UnusableInputError
from tools.fingerprint import add_rows
from tools.measures.calendar import (
    as_days,
    longest_rest,
    to_date,
    usable_from,
    weekdays_between,
)
from tools.measures.irregular import Irregular
from tools.measures.panels import Panels
from tools.measures.versions import known_at
from tools.vocabulary import vocabulary_of

if TYPE_CHECKING:
    from datetime import date

    import numpy.typing as npt

    from tools.contracts import Vocabulary
    from tools.measures.calendar import Days
    from tools.sources.base import FeedReport, Finding, Market, MarketData

STALE_WEEKDAYS = 5
STALE_DAYS_MONTHLY = 35


class AsOfView:
    """A market as it was known at the end of `as_of`.

    Parameters
    ----------
    market_data
        The whole market, as its source loaded it.
    as_of
        A day in the market's time zone; what was published on it counts.

    Raises
    ------
    UnusableInputError
        When no price was usable by `as_of`.
    """

    def __init__(self, market_data: MarketData, as_of: date) -> None:
        self._whole = market_data
        self._data = known_at(market_data, as_of)
        self.as_of = as_of
        self.memo: dict[object, object] = {}
        """What measures have worked out on this view."""
        self._panels = panels_of(self._data)
        lag = market_data.market.prices_days
        usable = usable_from(self._panels.days, lag)
        self._n_days = int(np.searchsorted(usable, np.datetime64(as_of, "D"), side="right"))
        if self._n_days == 0:
            first = to_date(usable[0]) if len(usable) else None
            raise UnusableInputError(
                f"an as-of date on or after {first}, when the data of {market_data.market.id} begin",
                as_of,
                "Choose a later date.",
            )
        self.last_day = to_date(self._panels.days[self._n_days - 1])

    def __repr__(self) -> str:
        return f"AsOfView({self.market.id!r}, {self.as_of})"

    def at(self, earlier: date) -> AsOfView:
        """Return the same market as it was known at an earlier date."""
        if earlier > self.as_of:
            raise ValueError(f"{earlier} is after {self.as_of}: a view cannot see ahead")
        return self if earlier == self.as_of else AsOfView(self._whole, earlier)

    @property
    def market(self) -> Market:
        """The market's settings."""
        return self._data.market

    @cached_property
    def stamp(self) -> MarketStamp:
        """Which market, as of when."""
        market = self.market
        return MarketStamp(
            id=market.id,
            name=market.name,
            as_of=self.as_of,
            last_day=self.last_day,
            benchmark=market.benchmark,
            currency=market.currency,
            simulated=market.simulated,
            monthly=market.monthly,
        )

    @cached_property
    def days(self) -> pd.DatetimeIndex:
        """Trading days whose price rows are usable."""
        return pd.DatetimeIndex(self._panels.days[: self._n_days], name="date")

    @cached_property
    def _last(self) -> np.datetime64:
        return cast("np.datetime64", self._panels.days[self._n_days - 1])

    @cached_property
    def _columns(self) -> npt.NDArray[np.intp]:
        """Positions of the entities that have a price by the last day."""
        return np.flatnonzero(self._panels.first_price <= self._last)

    @cached_property
    def entities(self) -> pd.Index:
        """Every symbol and sector with a price by the last day, and MARKET."""
        return self._panels.entities[self._columns]

    @cached_property
    def sector_codes(self) -> tuple[str, ...]:
        """Sectors with a price by the last day, in code order."""
        present = set(self.entities)
        return tuple(code for code in self._panels.codes if code in present)

    @cached_property
    def sectors(self) -> pd.DataFrame:
        """Every sector by code: `name`, `name_vi`, `proxy`, `thin`, `n_shares` (shares with a price by now)."""
        panels, table = self._panels, self._data.sectors.copy()
        priced = panels.first_price[: len(panels.symbols)] <= self._last
        sector = panels.sector_of[priced]
        counts = np.bincount(sector[sector >= 0], minlength=len(table))
        table["n_shares"] = counts
        table["thin"] = (counts < 3) & (table["proxy"] == "").to_numpy()
        return table

    @property
    def universe(self) -> pd.DataFrame:
        """Every symbol: `name`, `sector`, `kind`, `industry`."""
        return self._data.universe

    def _frame(self, panel: npt.NDArray[np.float64]) -> pd.DataFrame:
        values = panel[: self._n_days, self._columns]
        return pd.DataFrame(values, index=self.days, columns=self.entities)

    @cached_property
    def index(self) -> pd.DataFrame:
        """Compounded return index, days × entities; NaN before the first price, carried over halts."""
        return self._frame(self._panels.index)

    @cached_property
    def daily_returns(self) -> pd.DataFrame:
        """Simple daily returns, days × entities; NaN on days without an own row."""
        return self._frame(self._panels.returns)

    @cached_property
    def first_price(self) -> pd.Series:
        """Each entity's first day with a price."""
        first = self._panels.first_price[self._columns].astype("datetime64[us]")
        return pd.Series(first, index=self.entities)

    @cached_property
    def sparse_days(self) -> pd.DataFrame:
        """Days × sectors: fewer than half of the sector's listed shares had a price."""
        positions = [self._panels.codes.index(code) for code in self.sector_codes]
        values = self._panels.sparse[: self._n_days, positions]
        return pd.DataFrame(values, index=self.days, columns=pd.Index(self.sector_codes))

    @cached_property
    def breadth(self) -> pd.DataFrame:
        """Share of the shares priced that day above their 50-row mean, days × (sectors, MARKET)."""
        names = [*self._panels.codes, MARKET_ENTITY]
        values = self._panels.breadth[: self._n_days]
        frame = pd.DataFrame(values, index=self.days, columns=pd.Index(names))
        return frame[[*self.sector_codes, MARKET_ENTITY]]

    @cached_property
    def _symbol_columns(self) -> npt.NDArray[np.intp]:
        return self._columns[self._columns < len(self._panels.symbols)]

    def _symbol_frame(
        self, panel: npt.NDArray[np.float64] | None, n_days: int
    ) -> pd.DataFrame | None:
        if panel is None or not np.isfinite(panel[:n_days]).any():
            return None
        columns = self._symbol_columns
        values = panel[:n_days, columns]
        return pd.DataFrame(values, index=self.days[:n_days], columns=self._panels.symbols[columns])

    @cached_property
    def traded_value(self) -> pd.DataFrame | None:
        """Traded value, days × symbols; NaN without a row, None where the market has no volume."""
        return self._symbol_frame(self._panels.traded_value, self._n_days)

    @cached_property
    def value_unknown(self) -> npt.NDArray[np.bool_] | None:
        """Days × symbols of `traded_value`: traded, in a unit that cannot be used; None where never so."""
        panel = self._panels.value_unknown
        return None if panel is None else panel[: self._n_days, self._symbol_columns]

    @property
    def value_is_estimate(self) -> bool:
        """Whether traded values are closes times volumes."""
        return bool(self._panels.values_given[self._n_days - 1] == 0)

    @cached_property
    def n_flow_days(self) -> int:
        """How many of `days` have usable flow rows: flows may lag prices."""
        lag = self.market.flows_days
        usable = usable_from(self._panels.days[: self._n_days], lag)
        return int(np.searchsorted(usable, np.datetime64(self.as_of, "D"), side="right"))

    @property
    def flow_days(self) -> pd.DatetimeIndex:
        """Trading days whose flow rows are usable."""
        return self.days[: self.n_flow_days]

    @cached_property
    def flow_net(self) -> pd.DataFrame | None:
        """Foreign buying minus selling, flow days × symbols; a whole row of NaN where no flow is known."""
        return self._symbol_frame(self._panels.flow_net, self.n_flow_days)

    def members(self, entity: str) -> list[str]:
        """Return the symbols whose trading is summed for `entity`: its shares, else its proxy, or itself."""
        names = self._panels.symbols[self._symbol_columns[self.member_columns(entity)]]
        return [str(name) for name in names]

    def member_columns(self, entity: str) -> npt.NDArray[np.intp]:
        """Return where the members of `entity` stand among the columns of `traded_value` and `flow_net`."""
        known = self._columns_of_symbols[self._panels.members(entity)]
        return known[known >= 0]

    @cached_property
    def _columns_of_symbols(self) -> npt.NDArray[np.intp]:
        """Each symbol's column in a symbol frame of this view; -1 where it has no price yet."""
        columns = np.full(len(self._panels.symbols), -1, dtype=np.intp)
        columns[self._symbol_columns] = np.arange(len(self._symbol_columns))
        return columns

    @cached_property
    def macro(self) -> pd.DataFrame:
        """Used macro rows published by `as_of`, all vintages, sorted by series, observed_on, published_on."""
        macro = self._data.macro
        known = (macro["published_on"] <= pd.Timestamp(self.as_of)).to_numpy()
        return macro[known & ~self._panels.macro_quality.unused]

    @cached_property
    def signals(self) -> pd.DataFrame | None:
        """Used signal rows published by `as_of`, or None where there is none."""
        signals, quality = self._data.signals, self._panels.signal_quality
        if signals is None or quality is None:
            return None
        known = (signals["published_on"] <= pd.Timestamp(self.as_of)).to_numpy() & ~quality.unused
        return signals[known] if known.any() else None

    @cached_property
    def irregular(self) -> Irregular:
        """Rows up to `as_of` that are not used, and why."""
        last_flow = self.flow_days[-1].date() if self.n_flow_days else None
        return Irregular(
            self._data, self._panels, as_of=self.as_of, last_day=self.last_day, last_flow=last_flow
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Irregular rows up to `as_of` that are not used, oldest first."""
        return self.irregular.findings

    @cached_property
    def symbols(self) -> list[str]:
        """Symbols with a price by the last day."""
        return [str(name) for name in self._panels.symbols[self._symbol_columns]]

    @cached_property
    def feed_reports(self) -> tuple[FeedReport, ...]:
        """How each feed fared at the last sync, as far as that was over by `as_of`."""
        reports = self._data.feed_reports
        return tuple(row for row in reports if row.finished_at.date() <= self.as_of)

    def window_rows(self, period: str) -> int | None:
        """Return the rows of a window, or None where the market has no such window."""
        return (MONTHLY_ROWS if self.market.monthly else TRADING_DAYS).get(period)

    def published_on(self, day: date) -> date:
        """Return the first day on which the price row of `day` is usable."""
        days = as_days([day])
        return to_date(usable_from(days, self.market.prices_days)[0])

    def usable_day(self, as_of: date) -> pd.Timestamp:
        """Return the last day whose prices are usable at `as_of`, no later than this view's."""
        return pd.Timestamp(self.last_day if as_of >= self.as_of else self.at(as_of).last_day)

    @cached_property
    def knowledge_days(self) -> Days:
        """The day at whose end each row of `days` became usable: what else was known beside it."""
        return usable_from(self._panels.days[: self._n_days], self.market.prices_days)

    @cached_property
    def longest_rest(self) -> int:
        """Weekdays that the market has once been closed at this time of an earlier year."""
        return longest_rest(self.days.to_numpy(), self.as_of)

    @cached_property
    def staleness(self) -> Gap | None:
        """A gap when the newest usable price is old on `as_of`."""
        if self.market.monthly:
            is_old = (self.as_of - self.last_day).days > STALE_DAYS_MONTHLY
        else:
            behind = weekdays_between(self.last_day, self.as_of)
            is_old = behind > max(STALE_WEEKDAYS, self.longest_rest)
        if not is_old:
            return None
        last = self.last_day.isoformat()
        return Gap(
            what=f"prices after {last}",
            why=f"the newest price usable on {self.as_of.isoformat()} is of {last}",
            effect=f"windows end on {last}, so that newer moves are unknown",
        )

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Everything this market can be asked about."""
        return vocabulary_of(self)

    def fingerprint(self) -> str:
        """Return a hash of everything this view may use; the same in every process and row order."""
        known = self.memo.get("fingerprint")
        if known is None:
            known = self.memo["fingerprint"] = self._fingerprint()
        return cast("str", known)

    def _fingerprint(self) -> str:
        digest = hashlib.sha256()
        market = self.market
        settings = (market.id, market.currency, market.timezone, market.benchmark, market.monthly)
        lags = (market.prices_days, market.flows_days)
        digest.update(repr((settings, lags, sorted(market.macro_aliases.items()))).encode())
        for static in (self._data.sectors, self.universe):
            digest.update(static.reset_index().to_csv(index=False).encode())
        add_rows(digest, self._data.prices, self._data.prices["date"] <= pd.Timestamp(self._last))
        if self.flow_net is not None:
            flows = cast("pd.DataFrame", self._data.flows)
            add_rows(digest, flows, flows["date"] <= self.flow_days[-1])
        add_rows(digest, self.macro)
        if self.signals is not None:
            add_rows(digest, self.signals)
        return digest.hexdigest()


def panels_of(market_data: MarketData) -> Panels:
    """Return the panels of a whole market, laid out at the first call."""
    panels = market_data.memo.get("panels")
    if panels is None:
        panels = market_data.memo["panels"] = Panels(market_data)
    return cast("Panels", panels)


def check_as_of(market_data: MarketData, as_of: date | None, today: date) -> date:
    """Return the as-of date to use: the one given, or the market's last completed trading day.

    Raises
    ------
    UnusableInputError
        When the date is later than `today`, or no price was usable by then.
    """
    if as_of is None:
        as_of = _last_completed_day(market_data, today)
    if as_of > today:
        raise UnusableInputError(
            f"an as-of date up to today, {today.isoformat()}", as_of, "Choose a day that has ended."
        )
    return AsOfView(market_data, as_of).as_of


def _last_completed_day(market_data: MarketData, today: date) -> date:
    """Return the day on which the newest trading day up to `today` became usable, `today` at the latest."""
    days = panels_of(known_at(market_data, today)).days
    past = int(np.searchsorted(days, np.datetime64(today, "D"), side="right"))
    if past == 0:
        return today
    usable = usable_from(days[past - 1 : past], market_data.market.prices_days)
    return min(to_date(usable[0]), today)
