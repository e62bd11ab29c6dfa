"""What a source hands over: one market, whole and checked, with publication dates on every row.

Nothing here knows an as-of. Only :class:`tools.view.AsOfView` decides what was usable, and everything above a view
sees nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Market:
    """The settings of a market."""

    id: str
    name: str
    currency: str
    timezone: str
    """IANA name; `as_of` is the end of a calendar day there."""
    benchmark: str
    """Symbol of the benchmark; empty: the weighted universe."""
    sector_scheme: str
    simulated: bool
    source: str
    licence: str = ""
    notes: str = ""
    prices_days: int = 0
    """Monday-to-Friday days after its date at which a price row may be used."""
    flows_days: int = 0
    monthly: bool = False
    macro_aliases: Mapping[str, str] = field(default_factory=dict)
    history_note: str = ""
    """Said in every rendering where the data are simulated or historical demo data; empty otherwise."""
    signals_left_out: Mapping[str, date] = field(default_factory=dict)
    """Signals about sectors that this level of the market has no place for → the day of their first publication."""
    storage_key: str = ""
    """Scheme, id and, for folders, the resolved path, hashed: what artefacts and caches are stored under."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Table → the file it came from, e.g. ``{"prices": "prices.parquet"}``; cited as ``<id>/<file>``."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A named irregularity of the data; the rows it names are not used."""

    name: str
    """``flow_above_value``, ``jump``, ``flat_line`` …"""
    entity: str
    observed_on: str
    detail: str


FeedStatus = Literal["ok", "failed", "skipped"]


@dataclass(frozen=True, kw_only=True)
class FeedReport:
    """How one feed of a live market fared when its history was last brought up to date."""

    feed_key: str
    """``provider/table/item``."""
    provider: str
    table: str
    status: FeedStatus
    """``skipped``: not asked, because its provider had said no or its quota was spent."""
    message: str = ""
    """Why it failed or was skipped, in a sentence that may stand in a brief."""
    notes: tuple[str, ...] = ()
    """What the feed says of its rows, such as that only the latest revision is known."""
    finished_at: datetime
    succeeded_at: datetime | None = None
    """When the feed last came through; None: never."""
    observed_to: date | None = None
    """The newest day that it has ever brought; None for tables without days."""
    n_seen: int = 0
    n_new: int = 0
    """Observations that were not known before."""
    n_revised: int = 0
    """Observations that are known with another value now."""
    n_quarantined: int = 0
    """Rows or values that cannot be right and are not used."""


@dataclass(frozen=True, kw_only=True)
class MarketData:
    """A whole market as its source knows it, validated; rows sorted, so that their order in a file never matters.

    Attributes
    ----------
    sectors
        Indexed by `sector` (text): `name`, `name_vi`, `proxy`.
    universe
        Indexed by `symbol`: `name`, `sector` (empty text where none), `kind`, `industry`.
    prices
        `date`, `symbol`, `open`, `high`, `low`, `close`, `volume`, and where the market has them `value`,
        `previous_close`, `listed_shares` (absent column: not known). Sorted by symbol and date. With a column
        `published_on` a day may have several versions, sorted by it, each usable from that day on and not before
        the market's own lag; without, every row is usable after the lag.
    flows
        `date`, `symbol`, `foreign_buy_value`, `foreign_sell_value`, `published_on` as in `prices`, or None where
        the market has no flow data.
    macro
        `series`, `observed_on`, `published_on`, `value`, `unit`, revisions included.
    signals
        `name`, `entity`, `observed_on`, `published_on`, `value`, `unit`, or None.
    feed_reports
        How each feed fared at the last sync; empty where the market is not synced.
    memo
        What views have worked out from the whole market, kept because every view of it needs the same.
    """

    market: Market
    sectors: pd.DataFrame
    universe: pd.DataFrame
    prices: pd.DataFrame
    flows: pd.DataFrame | None
    macro: pd.DataFrame
    signals: pd.DataFrame | None = None
    feed_reports: tuple[FeedReport, ...] = ()
    memo: dict[str, object] = field(default_factory=dict, compare=False, repr=False)


class Source(Protocol):
    """Reads one provider."""

    def load(self) -> MarketData:
        """Return the whole market.

        Raises
        ------
        UnusableInputError
            When the input breaks the layout.
        SourceDownError
            When the provider cannot be reached now.
        """
        ...
