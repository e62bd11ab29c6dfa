"""The American market, live: eleven sector funds against SPY, macro series with their vintages, and fund flows.

Prices come from Yahoo (:mod:`tools.sources.us.yahoo`), macro from FRED (:mod:`tools.sources.us.fred`), flows from the
funds' own sponsor (:mod:`tools.sources.us.flows`). It imports nothing that knows an as-of; the history store keeps
what the feeds bring. A question needs the settings alone, so the providers are imported when feeds are listed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from tools.contracts import MARKET_ENTITY
from tools.sources.base import Market
from tools.sources.feeds import Quota
from tools.sources.us.funds import BENCHMARK, SECTORS, StaticFeed, sectors, symbols
from tools.sources.us.series import ALIASES, SERIES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from tools.sources.feeds import Feed
    from tools.sources.http import Fetcher
    from tools.sources.us.yahoo import Yahoo

__all__ = ["Addresses", "UsMarket", "us_market"]

TIMEZONE = "America/New_York"
CURRENCY = "USD"
TIMEOUT_SECONDS = 30.0
NOTES = (
    "sector funds stand for their sectors: nine from December 1998, real estate from October 2015, communication "
    "services from June 2018; fund flow is not foreign flow; no survey of purchasing managers is freely published"
)
QUOTAS: Mapping[str, Quota] = {
    "Yahoo": Quota(per_minute=30),
    "FRED": Quota(per_minute=100),
    "SSGA": Quota(per_minute=30),
}
"""FRED allows 120 calls a minute; the others say nothing, and are asked politely."""


class Secret(Protocol):
    """A key that shows itself only when asked, such as pydantic's `SecretStr`."""

    def get_secret_value(self) -> str:
        """Return the key."""
        ...


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where the providers are; empty: where they are known to be."""

    yahoo: str = ""
    fred_api: str = ""
    fred_csv: str = ""
    ssga: str = ""


def us_market(
    *,
    fred_key: Secret | None = None,
    addresses: Addresses | None = None,
    timeout_seconds: float = TIMEOUT_SECONDS,
    attempts: int = 3,
    cache_folder: str = "",
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> UsMarket:
    """Return the live American market; nothing is asked before a feed is fetched.

    Parameters
    ----------
    fred_key
        With it macro comes with its vintages; without it, as it stands on the day it is read.
    addresses
        Of the providers.
    timeout_seconds, attempts
        For one request.
    cache_folder
        Where yfinance keeps its cookie; empty: its own choice.
    now
        The time: a session that is still open is left out.
    """
    return UsMarket(
        fred_key=fred_key,
        addresses=addresses or Addresses(),
        timeout_seconds=timeout_seconds,
        attempts=attempts,
        cache_folder=cache_folder,
        now=now,
    )


class UsMarket:
    """The live American market; see :func:`us_market`."""

    def __init__(
        self,
        *,
        fred_key: Secret | None,
        addresses: Addresses,
        timeout_seconds: float,
        attempts: int,
        cache_folder: str,
        now: Callable[[], datetime],
    ) -> None:
        self._fred_key = fred_key
        self._addresses = addresses
        self._timeout_seconds, self._attempts = timeout_seconds, attempts
        self._cache_folder = cache_folder
        self._now = now

    def __repr__(self) -> str:
        return f"UsMarket(vintages={self._fred_key is not None})"

    @cached_property
    def market(self) -> Market:
        """Its settings."""
        return Market(
            id="us",
            name="United States, Select Sector SPDR funds",
            currency=CURRENCY,
            timezone=TIMEZONE,
            benchmark=BENCHMARK,
            sector_scheme="GICS",
            simulated=False,
            source="Yahoo daily bars; FRED; State Street fund data",
            licence="each provider's terms; not for redistribution",
            notes=NOTES,
            macro_aliases=ALIASES,
            storage_key=hashlib.sha256(b"live|us").hexdigest()[:16],
            files={"prices": "yahoo", "macro": "fred", "signals": "ssga"},
        )

    @property
    def quotas(self) -> Mapping[str, Quota]:
        """Provider → what it allows."""
        return QUOTAS

    def feeds(self, universe: pd.DataFrame | None) -> Sequence[Feed]:  # noqa: ARG002 - it is written down
        """List the feeds: what the market is, its prices, macro, fund flows."""
        return [
            StaticFeed(table="sectors", rows=sectors()),
            StaticFeed(table="universe", rows=symbols()),
            *self._bars([BENCHMARK, *(sector.fund for sector in SECTORS)]),
            *self._macro(),
            *self._flows({**{s.fund: s.code for s in SECTORS}, BENCHMARK: MARKET_ENTITY}),
        ]

    def _bars(self, symbols: Sequence[str]) -> list[Feed]:
        from tools.sources.us.yahoo import BarsFeed

        return [
            BarsFeed(symbol=symbol, currency=CURRENCY, timezone=TIMEZONE, yahoo=self._yahoo)
            for symbol in symbols
        ]

    def _macro(self) -> list[Feed]:
        from tools.sources.us import fred

        today = self._now().astimezone(ZoneInfo(TIMEZONE)).date()
        key = "" if self._fred_key is None else self._fred_key.get_secret_value()
        if not key:
            site = self._fetcher(fred.PROVIDER, self._addresses.fred_csv or fred.CSV_URL)
            return [fred.LatestFeed(series=series, site=site, today=today) for series in SERIES]
        address = self._addresses.fred_api or fred.API_URL
        api = self._fetcher(fred.PROVIDER, address, {"api_key": key})
        return [fred.VintagesFeed(series=series, api=api, today=today) for series in SERIES]

    def _flows(self, entities: Mapping[str, str]) -> list[Feed]:
        from tools.sources.us import flows

        site = self._fetcher(flows.PROVIDER, self._addresses.ssga or flows.URL)
        return [
            flows.FundFlowFeed(symbol=symbol, entity=entity, site=site)
            for symbol, entity in entities.items()
        ]

    @cached_property
    def _yahoo(self) -> Yahoo:
        from tools.sources.us.yahoo import Yahoo

        return Yahoo(
            self._addresses.yahoo,
            timeout_seconds=self._timeout_seconds,
            cache_folder=self._cache_folder,
            now=self._now,
        )

    def _fetcher(
        self, provider: str, address: str, secrets: Mapping[str, str] | None = None
    ) -> Fetcher:
        from tools.sources.http import Fetcher

        return Fetcher(
            provider,
            address,
            secrets=secrets,
            timeout_seconds=self._timeout_seconds,
            attempts=self._attempts,
            now=self._now,
        )
