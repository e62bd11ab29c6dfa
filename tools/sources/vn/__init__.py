"""Vietnam's listed shares from public web endpoints, as feeds of a live market; may not import storage.

Prices and the ICB tree come from Vietcap, foreign trading from VNDirect, consumer prices from vi.money, the dollar
from Vietcombank, the world's series from FRED. What the Vietnamese ones answer is promised by no contract: each may
change or refuse on any day, and what it then gives is told as a gap. Everything leaves here in dong, points and days
of the exchange.

Sectors are ICB level 2, built from their shares; the HOSE sector indices are instruments. Prices older than the last
corporate action are levels of the day they were asked for; returns rest on `previous_close` and do not change.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from tools.sources.base import Market
from tools.sources.vn.addresses import (
    QUOTAS,
    TIMEZONE,
    VI_MONEY,
    VIETCOMBANK,
    Addresses,
)
from tools.sources.vn.sectors import BENCHMARK, INDICES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from tools.sources.feeds import Feed, Quota
    from tools.sources.http import Fetcher
    from tools.sources.us import Secret
    from tools.sources.vn.sessions import Sessions
    from tools.sources.vn.vietcap import Vietcap
    from tools.sources.vn.vndirect import VnDirect

    FetcherMaker = Callable[..., Fetcher]

__all__ = ["Addresses", "VnMarket", "vn_market"]

HISTORY_YEARS = 10
INDUSTRY_LEVEL = 3


def vn_market(
    *,
    addresses: Addresses | None = None,
    floor: str = "HOSE",
    history_years: float = HISTORY_YEARS,
    industry_level: int = INDUSTRY_LEVEL,
    last_closes: Mapping[str, float] | None = None,
    fred_key: Secret | None = None,
    quotas: Mapping[str, Quota] | None = None,
    make_fetcher: FetcherMaker | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
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
    fred_key
        With it the world's series come with their vintages.
    quotas
        Provider → what it allows; None: :data:`QUOTAS`.
    make_fetcher
        Makes the edge to one provider as :class:`tools.sources.http.Fetcher` does, which it is by default.
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
    return VnMarket(
        addresses=addresses or Addresses(),
        floor=floor,
        history_years=history_years,
        industry_level=industry_level,
        last_closes=dict(last_closes or {}),
        fred_key=fred_key,
        quotas=QUOTAS if quotas is None else quotas,
        make_fetcher=make_fetcher,
        now=now,
    )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class VnMarket:
    """The live market; see :func:`vn_market`. Its connections are made when feeds are listed, not for its settings."""

    addresses: Addresses
    floor: str
    history_years: float
    industry_level: int
    last_closes: Mapping[str, float]
    fred_key: Secret | None
    quotas: Mapping[str, Quota]
    make_fetcher: FetcherMaker | None
    now: Callable[[], datetime]

    def __repr__(self) -> str:
        return f"VnMarket({self.floor!r})"

    @cached_property
    def market(self) -> Market:
        """Its settings."""
        return _market(self.floor)

    def feeds(self, universe: pd.DataFrame | None) -> Sequence[Feed]:
        """List sectors, instruments and the benchmark, then the shares that are known, then what goes with them.

        Bars that a second source has come before those that only Vietcap has, so that they are brought even where it
        refuses.
        """
        from tools.sources.vn.prices import FirstSource, PriceFeed, PriceSources, RecentBars
        from tools.sources.vn.sessions import Sessions
        from tools.sources.vn.universe import SectorFeed, UniverseFeed, shares_of

        shares = shares_of(universe)
        others = [symbol for symbol in INDICES if symbol != BENCHMARK]
        sessions = Sessions(self._vietcap, self.floor, self.now)
        prices = PriceSources(
            vietcap=self._vietcap,
            vndirect=self._vndirect,
            sessions=sessions,
            recent=RecentBars(self._vietcap, [BENCHMARK, *shares, *others]),
            first=FirstSource(),
            now=self.now,
            history_years=self.history_years,
            last_closes=self.last_closes,
        )
        listing = UniverseFeed(
            vietcap=self._vietcap,
            vndirect=self._vndirect,
            floor=self.floor,
            industry_level=self.industry_level,
            known=frozenset(shares),
        )
        return [
            SectorFeed(),
            listing,
            *(PriceFeed(symbol, prices) for symbol in (BENCHMARK, *shares)),
            *(self._trading(shares, sessions) if shares else ()),
            *(PriceFeed(symbol, prices) for symbol in others),
            *self._macro(),
        ]

    def _trading(self, shares: Sequence[str], sessions: Sessions) -> tuple[Feed, ...]:
        from tools.sources.vn.flows import BlockFeed, FlowFeed, FlowSources, NewestFlowFeed

        sources = FlowSources(
            vndirect=self._vndirect,
            vietcap=self._vietcap,
            sessions=sessions,
            symbols=shares,
            floor=self.floor,
            now=self.now,
            history_years=self.history_years,
        )
        return (FlowFeed(sources), NewestFlowFeed(sources), BlockFeed(sources))

    def _macro(self) -> tuple[Feed, ...]:
        from tools.sources.vn.cpi import CpiFeed
        from tools.sources.vn.dollar import DollarFeed
        from tools.sources.vn.world import API_URL, CSV_URL, PROVIDER, world_feeds

        where, key = self.addresses, self.fred_key
        if key is None:
            fred = self._fetcher(PROVIDER, where.fred_csv or CSV_URL)
        else:
            secrets = {"api_key": key.get_secret_value()}
            fred = self._fetcher(PROVIDER, where.fred_api or API_URL, secrets=secrets)
        dollars = self._fetcher(VIETCOMBANK, where.vietcombank)
        return (
            CpiFeed(self._fetcher(VI_MONEY, where.vimoney), self.now),
            DollarFeed(dollars, self.now, self.history_years),
            *world_feeds(fred, vintages=key is not None, now=self.now()),
        )

    @cached_property
    def _vietcap(self) -> Vietcap:
        from tools.sources.vn.vietcap import HEADERS, PROVIDER, Vietcap

        return Vietcap(
            trading=self._fetcher(PROVIDER, self.addresses.trading, headers=HEADERS),
            iq=self._fetcher(PROVIDER, self.addresses.iq, headers=HEADERS),
        )

    @cached_property
    def _vndirect(self) -> VnDirect:
        from tools.sources.vn.vndirect import HEADERS, PROVIDER, VnDirect

        return VnDirect(
            finfo=self._fetcher(PROVIDER, self.addresses.finfo, headers=HEADERS),
            dchart=self._fetcher(PROVIDER, self.addresses.dchart, headers=HEADERS),
        )

    def _fetcher(
        self,
        provider: str,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
    ) -> Fetcher:
        from tools.sources.http import Fetcher

        return (self.make_fetcher or Fetcher)(provider, address, headers=headers, secrets=secrets)


def _market(floor: str) -> Market:
    return Market(
        id="vn",
        name=f"Vietnam, shares of {floor}",
        currency="VND",
        timezone=TIMEZONE,
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
        files={
            "prices": "vietcap+vndirect",
            "flows": "vndirect+vietcap",
            "signals": "vietcap",
            "macro": "fred",
            **{f"macro.{series}": "vi.money" for series in ("CPI_YOY", "CPI_MOM", "CPI_INDEX")},
            "macro.USDVND": "vietcombank",
        },
    )
