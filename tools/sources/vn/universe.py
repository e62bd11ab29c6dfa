"""Feeds of the sectors and of the shares in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.errors import SourceDownError
from tools.sources.feeds import Batch
from tools.sources.vn.answers import neither
from tools.sources.vn.listing import (
    Listing,
    Tree,
    merge_names,
    read_companies,
    read_stocks,
    read_tree,
)
from tools.sources.vn.sectors import SECTORS, index_rows, sector_rows
from tools.sources.vn.vietcap import PROVIDER
from tools.sources.vn.vndirect import PROVIDER as SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import pandas as pd

    from tools.sources.vn.vietcap import Vietcap
    from tools.sources.vn.vndirect import VnDirect

LEAST_LISTED = 0.5
"""A listing of fewer shares than this fraction of those known before is cut short, not a wave of delistings."""


@dataclass(frozen=True)
class SectorFeed:
    """The nineteen sectors of ICB level 2, which are a standard and need no request.

    A sector beyond them would change what is compared with what, so that none is learnt from an answer: its shares
    are listed without a sector, and a note says so.
    """

    provider: str = PROVIDER
    key: str = "vietcap/sectors/icb2"

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:  # noqa: ARG002 - a table without days
        """Bring the sectors."""
        yield Batch(table="sectors", rows=sector_rows())


@dataclass(frozen=True)
class UniverseFeed:
    """The indices, and the shares of one floor with their sectors and industries.

    Where Vietcap does not answer, VNDirect's list stands in for a market that knows no share yet; it knows sectors by
    name at best, so that it never replaces what is known.
    """

    vietcap: Vietcap
    vndirect: VnDirect
    floor: str
    industry_level: int
    known: frozenset[str]
    provider: str = PROVIDER

    @property
    def key(self) -> str:
        """Unique and stable."""
        return f"vietcap/universe/{self.floor}"

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:  # noqa: ARG002 - a table without days
        """Bring every instrument.

        Raises
        ------
        SourceDownError
            When no listing can be had; the indices have been brought by then.
        """
        yield Batch(table="universe", rows=index_rows())
        try:
            listing = self._vietcap()
        except SourceDownError as error:
            if self.known:
                raise
            listing = self._second(error)
        taken = {code: one.name for code, one in SECTORS.items()}
        taken |= dict(index_rows().set_index("symbol")["name"])
        yield Batch(table="universe", rows=merge_names(listing.rows, taken), notes=listing.notes)

    def _vietcap(self) -> Listing:
        fetcher = self.vietcap.iq
        notes: tuple[str, ...] = ()
        try:
            tree = read_tree(self.vietcap.tree())
        except SourceDownError as error:
            tree, notes = Tree({}), (f"Industries are named as the listing does: {error}",)
        listing = read_companies(
            self.vietcap.companies(),
            tree,
            floor=self.floor,
            industry_level=self.industry_level,
        )
        rows = listing.rows
        if rows.empty or (rows["sector"] == "").mean() > 0.5:
            raise fetcher.down(f"a listing without shares of {self.floor} in sectors")
        if len(rows) < LEAST_LISTED * len(self.known):
            raise fetcher.down(f"a listing of {len(rows)} shares where {len(self.known)} are known")
        return Listing(rows, notes + listing.notes)

    def _second(self, error: SourceDownError) -> Listing:
        try:
            records = self.vndirect.stocks(self.floor)
            listing = read_stocks(records, floor=self.floor)
            if listing.rows.empty:
                raise self.vndirect.finfo.down(f"no share of {self.floor}")
        except SourceDownError as second:
            raise neither(error, second) from second
        return Listing(listing.rows, (f"Shares from {SECOND}, since {error}", *listing.notes))


def shares_of(universe: pd.DataFrame | None) -> list[str]:
    """Return the shares of a stored universe in order, none where it is empty."""
    if universe is None:
        return []
    table = (
        universe if "symbol" in universe.columns else universe.rename_axis("symbol").reset_index()
    )
    return sorted(table["symbol"][table["kind"] == "stock"].astype(str))
