"""Feeds of daily bars: Vietcap's, and VNDirect's charts where Vietcap does not answer.

Days that are stored are not brought again: both providers rewrite the levels of older bars after a corporate action,
and a level that was true when it was stored is no mistake. The bar before the first new one is asked for all the
same, since it gives that bar's `previous_close` on the level of the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.errors import SourceDownError
from tools.sources.feeds import Batch
from tools.sources.vn import answers, units, vietcap, vndirect
from tools.sources.vn.bars import WIDEST_DAY, Chart, read_chart
from tools.sources.vn.sectors import BENCHMARK, INDICES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from tools.sources.http import Fetcher
    from tools.sources.vn.answers import Record
    from tools.sources.vn.sessions import Sessions
    from tools.sources.vn.vietcap import Vietcap
    from tools.sources.vn.vndirect import VnDirect

BLOCK = 50
"""Shares asked for at once when only a few days are missing."""
RECENT = timedelta(days=40)
MARGIN_BARS = 5
FAILURES_IN_A_ROW = 4
"""Instruments without bars before the second source is asked at once; one alone may be new or suspended."""
EARLIER = timedelta(days=20)
"""Reaches the bar before any holiday."""
CHARTED_INDICES = frozenset({BENCHMARK, "VN30", "VN100"})
"""Indices that the second source charts under the same code."""


class RecentBars:
    """The newest bars of many shares, asked for block by block and kept until the next block is wanted."""

    def __init__(self, vietcap: Vietcap, symbols: Sequence[str]) -> None:
        self._vietcap = vietcap
        self._block_of = {symbol: i // BLOCK for i, symbol in enumerate(symbols)}
        self._symbols = list(symbols)
        self._key: tuple[int, date, int] | None = None
        self._kept: dict[str, Record] | SourceDownError = {}

    def of(self, symbol: str, to: date, count: int) -> Record | None:
        """Return the bars of one share; None where its block was answered without it.

        Raises
        ------
        SourceDownError
            When the block cannot be had; for all of it, so that no share of it asks again.
        """
        block = self._block_of.get(symbol)
        if block is None:
            return None
        if self._key != (block, to, count):
            self._key = (block, to, count)
            members = self._symbols[block * BLOCK : (block + 1) * BLOCK]
            try:
                self._kept = self._vietcap.bars(members, to, count)
            except SourceDownError as error:
                self._kept = error
        if isinstance(self._kept, SourceDownError):
            raise self._kept.with_traceback(None)
        return self._kept.get(symbol)


class FirstSource:
    """Whether Vietcap is worth asking for bars: not after several instruments in a row went without."""

    def __init__(self) -> None:
        self._failures: list[SourceDownError] = []

    def require(self) -> None:
        """Refuse at once what has been refused often enough.

        Raises
        ------
        SourceDownError
            The newest failure.
        """
        if len(self._failures) >= FAILURES_IN_A_ROW:
            raise self._failures[-1].with_traceback(None)

    def failed(self, error: SourceDownError) -> None:
        """Remember a failure."""
        self._failures.append(error)

    def answered(self) -> None:
        """Forget the failures before."""
        self._failures.clear()


@dataclass(frozen=True)
class PriceSources:
    """What every feed of bars asks."""

    vietcap: Vietcap
    vndirect: VnDirect
    sessions: Sessions
    recent: RecentBars
    first: FirstSource
    now: Callable[[], datetime]
    history_years: float
    last_closes: Mapping[str, float]


@dataclass(frozen=True)
class PriceFeed:
    """The daily bars of one share or index."""

    symbol: str
    sources: PriceSources
    provider: str = vietcap.PROVIDER

    @property
    def key(self) -> str:
        """Unique and stable."""
        return f"vietcap/prices/{self.symbol}"

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:
        """Bring the bars after `since`, of finished sessions only.

        Raises
        ------
        SourceDownError
            When neither provider can be used; the message names both.
        """
        until = min(until, answers.last_finished_day(self.sources.now()))
        if since is not None and since >= until:
            return
        first = since or until - timedelta(days=round(365.25 * self.sources.history_years))
        try:
            self.sources.first.require()
            chart = self._vietcap(first, until, whole=since is None)
            self.sources.first.answered()
        except SourceDownError as error:
            self.sources.first.failed(error)
            chart = self._second(first, until, error)
        rows = _after(chart, since or first - timedelta(days=1))
        if not rows.empty or chart.notes:
            yield Batch(table="prices", rows=self._referenced(rows), notes=chart.notes)

    def _vietcap(self, first: date, until: date, *, whole: bool) -> Chart:
        fetcher = self.sources.vietcap.trading
        raw: Record | None = None
        bars = int(np.busday_count(first, until)) + MARGIN_BARS
        if not whole and until - first <= RECENT:
            # One count for all shares of a block, so that shares synced a day apart share an answer.
            raw = self.sources.recent.of(self.symbol, until, -(-bars // 10) * 10)
        if raw is None:
            raw = self._pages(first, until, bars)
        return self._read(raw, until, fetcher)

    def _pages(self, first: date, until: date, bars: int) -> Record:
        """Return bars back to `first`, older pages before newer ones."""
        fetcher, to, left = self.sources.vietcap.trading, until, bars
        whole: dict[str, list[object]] = {}
        while left > 0:
            raw = self.sources.vietcap.bars([self.symbol], to, min(left, vietcap.PAGE))
            if self.symbol not in raw:
                raise fetcher.down(f"no bars of {self.symbol}")
            page = {
                key: _list(raw[self.symbol], key) for key in ("t", *"ohlcv", "accumulatedValue")
            }
            oldest = _oldest(page["t"])
            whole = {key: page[key] + whole.get(key, []) for key in page}
            left -= vietcap.PAGE
            if oldest is None or oldest <= first or len(page["t"]) < vietcap.PAGE:
                break
            to = oldest - timedelta(days=1)
        return {key: found for key, found in whole.items() if found or key == "t"}

    def _second(self, first: date, until: date, error: SourceDownError) -> Chart:
        """Return the bars of VNDirect's chart."""
        if self.symbol in INDICES and self.symbol not in CHARTED_INDICES:
            raise error
        source = self.sources.vndirect
        try:
            # A bar more, for the first new one's previous close.
            raw = source.chart(self.symbol, first - EARLIER, until)
            chart = self._read(raw, until, source.dchart)
        except SourceDownError as second:
            raise answers.neither(error, second) from second
        note = f"{self.symbol}: bars from {vndirect.PROVIDER}, since {error}"
        return chart._replace(notes=(note, *chart.notes))

    def _read(self, raw: Record, until: date, fetcher: Fetcher) -> Chart:
        charted = fetcher is self.sources.vndirect.dchart
        return read_chart(
            raw,
            symbol=self.symbol,
            until=until,
            fetcher=fetcher,
            share_unit=vndirect.CHART_UNIT if charted else 1.0,
            known_close=self.sources.last_closes.get(self.symbol),
        )

    def _referenced(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows with the newest session's reference price as its previous close, where it is known.

        On a day of a corporate action the exchange's reference price is the close before, adjusted: it holds even
        where a chart is not.
        """
        if rows.empty or self.symbol in INDICES:
            return rows
        try:
            session = self.sources.sessions.newest()
        except SourceDownError:
            return rows
        newest = rows["observed_on"].iloc[-1]
        if (
            session is None
            or newest.date() != session.day
            or self.symbol not in session.heatmap.rows.index
        ):
            return rows
        shown = session.heatmap.rows.loc[[self.symbol]].iloc[0].astype("float64").to_dict()
        mine = rows[["close", "volume"]].iloc[-1].astype("float64").to_dict()
        reference = shown["reference"] or np.nan
        volumes = mine["volume"] / (shown["volume"] or np.nan)
        if units.thousands(np.asarray([mine["close"] / shown["price"], volumes])).any():
            raise self.sources.vietcap.trading.down(
                f"a chart and a heatmap of {self.symbol} in different units"
            )
        if not 1 / WIDEST_DAY < mine["close"] / reference < WIDEST_DAY:
            return rows
        last = rows["observed_on"] == newest
        return rows.assign(previous_close=rows["previous_close"].mask(last, reference))


def _oldest(stamps: list[object]) -> date | None:
    """Return the first session among stamps, None where there is none."""
    days = answers.session_days(stamps)
    known: list[date] = days[~np.isnat(days)].tolist()
    return min(known, default=None)


def _list(raw: Record, key: str) -> list[object]:
    found = raw.get(key)
    return list(found) if isinstance(found, list) else []


def _after(chart: Chart, since: date) -> pd.DataFrame:
    """Return the rows after `since`.

    Where a bar between the first of them and the one before it was left out, that one's close is not the close before.
    """
    rows = chart.rows
    known = rows[rows["observed_on"] <= pd.Timestamp(since)]
    new = rows[rows["observed_on"] > pd.Timestamp(since)].reset_index(drop=True)
    before = known["observed_on"].iloc[-1].date() if len(known) else date.min
    if len(new) and any(before < day <= since for day in chart.left_out):
        new.loc[0, "previous_close"] = np.nan
    return new
