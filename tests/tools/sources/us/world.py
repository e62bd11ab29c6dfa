"""Nearly two years of the American market on loopback: every provider, from one seed."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.providers import Providers
from tests.tools.sources.us.services import (
    KEY,
    Archive,
    Bar,
    FundDay,
    Release,
    at,
    fred,
    fred_csv,
    ssga,
    weekdays,
    yahoo,
)
from tools.sources.us import Addresses, UsMarket, us_market
from tools.sources.us.funds import BENCHMARK, SECTORS
from tools.sources.us.series import SERIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FIRST, LAST = date(2022, 6, 1), date(2024, 3, 28)
LATE_FUND, LATE_FROM = "XLC", date(2023, 3, 1)
"""A sector whose fund begins in the middle."""
SPLIT_FUND, SPLIT_ON = "XLK", date(2023, 12, 5)


class Key:
    """A secret that shows itself when asked."""

    def get_secret_value(self) -> str:
        return KEY


@dataclass
class World:
    """The providers' numbers, and a server that speaks for them."""

    server: Providers
    bars: dict[str, list[Bar]]
    archive: Archive
    funds: dict[str, list[FundDay]]
    now: Callable[[], datetime]

    def market(self, cache: str, *, key: bool = True, seconds: float = 5.0) -> UsMarket:
        addresses = Addresses(
            yahoo=self.server.url("yahoo"), fred_api=self.server.url("fred"),
            fred_csv=self.server.url("csv"), ssga=self.server.url("ssga"),
        )  # fmt: skip
        return us_market(
            fred_key=Key() if key else None, addresses=addresses, timeout_seconds=seconds,
            attempts=1, cache_folder=cache, now=self.now,
        )  # fmt: skip


def bars(seed: int = 7) -> dict[str, list[Bar]]:
    """Return correlated prices with quarterly dividends, a split and a fund that begins late."""
    rng = np.random.default_rng(seed)
    days = weekdays(FIRST, LAST)
    common = rng.normal(0.0003, 0.009, len(days))
    made = {}
    for symbol in (BENCHMARK, *(sector.fund for sector in SECTORS)):
        own = rng.normal(0.0, 0.004 if symbol != BENCHMARK else 0.0005, len(days))
        close = 100.0 * np.exp(np.cumsum(common + own))
        begin = days.index(LATE_FROM) if symbol == LATE_FUND else 0
        halved = np.array(
            [2.0 if symbol == SPLIT_FUND and day >= SPLIT_ON else 1.0 for day in days]
        )
        made[symbol] = [
            Bar(
                day=day,
                close=round(float(close[i] / halved[i]), 2),
                volume=float(1_000_000 + 1_000 * (i % 7)),
                dividend=0.4 if i % 63 == 50 else 0.0,
                split=2.0 if symbol == SPLIT_FUND and day == SPLIT_ON else 1.0,
            )
            for i, day in enumerate(days)
            if i >= begin
        ]
    return made


def releases(seed: int = 7) -> Archive:
    """Return every series: market rates the next day, estimates on the 12th with a correction after."""
    rng = np.random.default_rng(seed)
    known: dict[str, list[Release]] = {}
    for series in SERIES:
        middle = sum(series.usual) / 2.0
        days = (
            [day.date() for day in pd.date_range(FIRST, LAST, freq="MS")]
            if series.monthly
            else weekdays(FIRST, LAST)[:: 1 if not series.revised else 5]
        )
        values = middle * (1.0 + 0.02 * np.cumsum(rng.normal(0.0, 0.1, len(days))))
        known[series.fred_id] = [
            release
            for day, value in zip(days, values, strict=True)
            for release in _published(
                day, float(value), monthly=series.monthly, revised=series.revised
            )
        ]
    units = {series.fred_id: series.their_unit for series in SERIES}
    return Archive(releases=known, units=units, today=LAST)


def _published(day: date, value: float, *, monthly: bool, revised: bool) -> list[Release]:
    out = (pd.Timestamp(day) + pd.DateOffset(months=1, days=11)).date() if monthly else day
    out = out if monthly else (pd.Timestamp(day) + pd.offsets.BDay(4 if revised else 1)).date()
    first = Release(day=day, published=out, value=f"{value:.3f}")
    later = replace(first, published=out + timedelta(days=30), value=f"{value * 1.001:.3f}")
    return [r for r in ([first, later] if revised else [first]) if r.published <= LAST]


def funds(prices: dict[str, list[Bar]], seed: int = 7) -> dict[str, list[FundDay]]:
    """Return each fund's value and shares; a split shows in both."""
    rng = np.random.default_rng(seed)
    made = {}
    for symbol, rows in prices.items():
        change = rng.normal(0.0, 0.004, len(rows))
        shares = 1e8 * np.cumprod((1.0 + change) * [bar.split for bar in rows])
        made[symbol] = [
            FundDay(day=bar.day, nav=bar.close, shares=round(float(n), 0))
            for bar, n in zip(rows, shares, strict=True)
        ]
    return made


@contextmanager
def world(until: date = LAST) -> Iterator[World]:
    """Serve the market as it stands in the evening of a day; `now` may be moved on."""
    prices = bars()
    moments = {"now": at(until)}
    services = {
        "yahoo": yahoo(prices, moments["now"]),
        "ssga": ssga(funds(prices)),
    }
    archive = releases()
    services |= {"fred": fred(archive), "csv": fred_csv(archive)}
    with Providers(services) as server:
        yield World(
            server=server, bars=prices, archive=archive, funds=funds(prices),
            now=moments["now"],
        )  # fmt: skip
