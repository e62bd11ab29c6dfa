"""Vietnam's listed shares from public web endpoints, as feeds of a live market; may not import storage.

Prices and the ICB tree come from Vietcap, foreign trading from VNDirect, consumer prices from vi.money, the dollar
from Vietcombank. None of them is promised by contract: each may change or refuse on any day, and what it then gives is
told as a gap. Everything leaves here in dong, points and days of the exchange.

Sectors are ICB level 2, built from their shares; the HOSE sector indices are instruments. Prices older than the last
corporate action are levels of the day they were asked for; returns rest on `previous_close` and do not change.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tools.sources.base import Market
from tools.sources.feeds import Quota
from tools.sources.http import Fetcher
from tools.sources.vn import answers, cpi, dollar, vietcap, vndirect
from tools.sources.vn.cpi import CpiFeed
from tools.sources.vn.dollar import DollarFeed
from tools.sources.vn.flows import BlockFeed, FlowFeed, FlowSources, NewestFlowFeed
from tools.sources.vn.prices import PriceFeed, PriceSources, RecentBars
from tools.sources.vn.sectors import BENCHMARK, INDICES
from tools.sources.vn.sessions import Sessions
from tools.sources.vn.universe import SectorFeed, UniverseFeed, shares_of
from tools.sources.vn.vietcap import Vietcap
from tools.sources.vn.vndirect import VnDirect

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    import pandas as pd

    from tools.sources.feeds import Feed

    FetcherMaker = Callable[[str, str, Mapping[str, str]], Fetcher]

__all__ = ["Addresses", "VnMarket", "vn_market"]

HISTORY_YEARS = 10
INDUSTRY_LEVEL = 3
QUOTAS: Mapping[str, Quota] = {
    vietcap.PROVIDER: Quota(per_minute=120),
    vndirect.PROVIDER: Quota(per_minute=60),
    cpi.PROVIDER: Quota(per_minute=10),
    dollar.PROVIDER: Quota(per_minute=30),
}
"""No provider states a limit: these keep a full history within an hour and are polite."""


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where each provider is asked."""

    trading: str = vietcap.TRADING_URL
    iq: str = vietcap.IQ_URL
    finfo: str = vndirect.FINFO_URL
    dchart: str = vndirect.DCHART_URL
    vimoney: str = cpi.URL
    vietcombank: str = dollar.URL


@dataclass(frozen=True, kw_only=True)
class VnMarket:
    """The live market; made by :func:`vn_market`."""

    market: Market
    vietcap: Vietcap
    vndirect: VnDirect
    macro_feeds: Sequence[Feed]
    floor: str
    history_years: int
    industry_level: int
    last_closes: Mapping[str, float]
    now: Callable[[], datetime]
    quotas: Mapping[str, Quota] = field(default_factory=lambda: dict(QUOTAS))

    def feeds(self, universe: pd.DataFrame | None) -> Sequence[Feed]:
        """List sectors, instruments and indices; then the trading of the shares that are known, and macro series."""
        shares = shares_of(universe) if universe is not None and len(universe) else []
        listing = UniverseFeed(
            vietcap=self.vietcap,
            vndirect=self.vndirect,
            floor=self.floor,
            industry_level=self.industry_level,
            known=frozenset(shares),
        )
        sessions = Sessions(self.vietcap, self.floor, self.now)
        prices = PriceSources(
            vietcap=self.vietcap,
            vndirect=self.vndirect,
            sessions=sessions,
            recent=RecentBars(self.vietcap, [*INDICES, *shares]),
            now=self.now,
            history_years=self.history_years,
            last_closes=self.last_closes,
        )
        found: list[Feed] = [SectorFeed(), listing]
        found += [PriceFeed(symbol, prices) for symbol in INDICES]
        if shares:
            found += self._trading(shares, sessions)
            found += [PriceFeed(symbol, prices) for symbol in shares]
        return [*found, *self.macro_feeds]

    def _trading(self, shares: Sequence[str], sessions: Sessions) -> list[Feed]:
        sources = FlowSources(
            vndirect=self.vndirect,
            vietcap=self.vietcap,
            sessions=sessions,
            symbols=shares,
            floor=self.floor,
            now=self.now,
            history_years=self.history_years,
        )
        return [FlowFeed(sources), NewestFlowFeed(sources), BlockFeed(sources)]


def vn_market(
    *,
    addresses: Addresses | None = None,
    floor: str = "HOSE",
    history_years: int = HISTORY_YEARS,
    industry_level: int = INDUSTRY_LEVEL,
    last_closes: Mapping[str, float] | None = None,
    more_macro: Sequence[Feed] = (),
    make_fetcher: FetcherMaker | None = None,
    now: Callable[[], datetime] = answers.utc_now,
) -> VnMarket:
    """Return the live market of Vietnam; nothing is asked before a feed is fetched.

    Parameters
    ----------
    addresses
        Where the providers are, for a proxy or a test.
    floor
        The exchange whose shares are listed: HOSE, HNX or UPCOM.
    history_years
        How far back a first sync goes.
    industry_level
        The ICB level of `industry` in the universe, 3 or 4.
    last_closes
        Symbol → its newest stored close: a price a thousandfold from it is in another unit.
    more_macro
        Feeds of the world's series (oil, rates, volatility), from whoever has them.
    make_fetcher
        Makes the edge to one provider from its name, address and headers.
    now
        The time now, with a time zone.

    Raises
    ------
    ValueError
        When the floor or the level does not exist.
    """
    if floor not in ("HOSE", "HNX", "UPCOM"):
        raise ValueError(f"{floor!r} is no floor: HOSE, HNX or UPCOM")
    if industry_level not in (3, 4):
        raise ValueError(f"{industry_level!r} is no level of industries: 3 or 4")
    where = addresses or Addresses()
    make = make_fetcher or _fetcher
    own: tuple[Feed, ...] = (
        CpiFeed(make(cpi.PROVIDER, where.vimoney, {}), now),
        DollarFeed(make(dollar.PROVIDER, where.vietcombank, {}), now, history_years),
    )
    return VnMarket(
        market=_market(floor),
        vietcap=Vietcap(
            trading=make(vietcap.PROVIDER, where.trading, vietcap.HEADERS),
            iq=make(vietcap.PROVIDER, where.iq, vietcap.HEADERS),
        ),
        vndirect=VnDirect(
            finfo=make(vndirect.PROVIDER, where.finfo, vndirect.HEADERS),
            dchart=make(vndirect.PROVIDER, where.dchart, vndirect.HEADERS),
        ),
        macro_feeds=(*own, *more_macro),
        floor=floor,
        history_years=history_years,
        industry_level=industry_level,
        last_closes=dict(last_closes or {}),
        now=now,
    )


def _fetcher(provider: str, url: str, headers: Mapping[str, str]) -> Fetcher:
    return Fetcher(provider, url, headers=headers)


def _market(floor: str) -> Market:
    return Market(
        id="vn",
        name=f"Vietnam, shares of {floor}",
        currency="VND",
        timezone=answers.TIMEZONE,
        benchmark=BENCHMARK,
        sector_scheme="ICB level 2",
        simulated=False,
        source="Vietcap, VNDirect, vi.money, Vietcombank (public web endpoints)",
        licence="the providers' own terms; not for redistribution",
        notes="shares listed today, so that sectors of the past hold no share that was delisted since; "
        "levels before a corporate action are those of the day of asking, returns are not affected; "
        "traded values are closes times volumes where the provider states none",
        macro_aliases={
            "CPI": "CPI_YOY",
            "USD_VND": "USDVND",
            "US10Y": "UST_10Y",
            "OIL": "WTI",
        },
        storage_key=hashlib.sha256(f"live|vn|{floor}".encode()).hexdigest()[:16],
        files={"prices": "prices", "flows": "flows", "macro": "macro", "signals": "signals"},
    )
