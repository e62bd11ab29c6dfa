"""What a live market offers to its history store: feeds, each of which fetches rows of one table since a day.

A feed knows its provider's protocol and units and nothing of storage; :mod:`tools.store` keeps what feeds bring and
knows nothing of providers. Values are converted to the market's own units before they leave a feed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import pandas as pd

    from tools.sources.base import Market

Table = Literal["sectors", "universe", "prices", "flows", "macro", "signals"]

KEYS: dict[Table, tuple[str, ...]] = {
    "sectors": ("sector",),
    "universe": ("symbol",),
    "prices": ("symbol", "observed_on"),
    "flows": ("symbol", "observed_on"),
    "macro": ("series", "observed_on"),
    "signals": ("name", "entity", "observed_on"),
}
"""What names one observation of a table; rows that share it and differ are its revisions."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Rows of one table, as one provider answered.

    Attributes
    ----------
    table
        Which table the rows belong to.
    rows
        The columns of the table in a market folder, with `observed_on` and `published_on` (days without a time) for
        dated tables. `published_on` may be NaT or absent: the store then takes the market's publication lag for the
        first version of an observation of prices and flows, and the day of retrieval for a revision, and for every
        version of macro and signals, of which no lag is known. A missing number says nothing: what is known stays.
    notes
        What a reader should know of these rows: a latest-revision series, a row that was left out and why.
    """

    table: Table
    rows: pd.DataFrame
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Quota:
    """What a provider allows; None is no limit."""

    per_minute: float | None = None
    per_day: int | None = None


class Feed(Protocol):
    """Brings one thing (a share's bars, a series' vintages) from one provider."""

    @property
    def key(self) -> str:
        """Unique and stable, ``provider/table/item``: what the store remembers progress under."""
        ...

    @property
    def provider(self) -> str:
        """Who answers: quotas, pauses and gaps are said per provider."""
        ...

    def fetch(self, since: date | None, until: date) -> Iterable[Batch]:
        """Bring what was observed after `since` (None: everything) up to `until`.

        Every batch is stored before the next is asked for, so that a kill costs one batch at most; batches therefore
        come oldest first, since the newest day stored is where the next sync goes on. A few observations
        before `since` may be brought again: unchanged rows are not stored twice, changed ones become revisions.
        Calls that go through :class:`tools.sources.http.Fetcher` are counted against the quota of whom they go to;
        a feed that goes its own way is counted as one call a batch.

        Raises
        ------
        SourceDownError
            When the provider cannot be reached or its answer cannot be used; the message names the provider.
        """
        ...


class LiveMarket(Protocol):
    """A market that is synced from providers into a history store."""

    @property
    def market(self) -> Market:
        """Its settings; `storage_key` names the store's file."""
        ...

    @property
    def quotas(self) -> Mapping[str, Quota]:
        """Provider → what it allows."""
        ...

    def feeds(self, universe: pd.DataFrame | None) -> Sequence[Feed]:
        """List what to bring, most useful first; `universe` is what the store knows already, None when it is empty.

        Called again once the sectors and the universe have been stored, so that a market may learn its shares first.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class StaticMarket:
    """A live market from a list of feeds, for markets whose universe is known beforehand."""

    market: Market
    static_feeds: Sequence[Feed]
    quotas: Mapping[str, Quota] = field(default_factory=dict)

    def feeds(self, universe: pd.DataFrame | None) -> Sequence[Feed]:  # noqa: ARG002 - the universe is known
        """All feeds."""
        return self.static_feeds
