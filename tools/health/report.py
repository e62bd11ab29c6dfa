"""The audit of a market's data as a value: feeds, series, irregularities, syncs, and what tools can answer."""

from __future__ import annotations

from datetime import date
from typing import Literal

from tools.contracts import Frozen, ToolResult

FeedName = Literal["prices", "flows", "macro", "signals"]
Freshness = Literal["fresh", "stale", "missing"]


class FeedHealth(Frozen):
    """One feed: how far it reaches, whether that is late, and what is wrong with it."""

    feed: FeedName
    status: Freshness
    source: str = ""
    """Market id and files; empty where the feed is missing."""
    first_day: date | None = None
    last_day: date | None = None
    expected_last: date | None = None
    """The newest day that should be there, were no day since a holiday."""
    rows: int = 0
    """Rows that are used."""
    gaps: int = 0
    """Prices of symbols missing in the last 63 trading days; trading days without flows; releases missing."""
    jumps: int = 0
    flat_lines: int = 0
    repeated_days: int = 0
    unit_changes: int = 0
    impossible: int = 0
    """Flows above the whole traded value."""
    quarantined: int = 0
    """Rows that are not used."""
    revisions: int = 0
    failing: bool = False
    """Whether it fails its checks: then it is named in every answer and lowers confidence."""


class SeriesHealth(Frozen):
    """One macro series or signal: its newest observation and release."""

    series: str
    status: Freshness
    observed_on: date
    published_on: date
    first_day: date | None = None
    expected_by: date | None = None
    """The day by which the next release should have come."""
    rows: int = 0
    missed: int = 0
    """Observations missing between the first and the newest."""
    revisions: int = 0


class FindingRow(Frozen):
    """One named irregularity; the rows it names are not used."""

    name: str
    entity: str
    observed_on: str
    detail: str


class MissingPrices(Frozen):
    """A symbol without prices on days on which the market traded."""

    symbol: str
    missing: int
    of: int
    """Trading days, the newest 63 at most."""


class ToolCoverage(Frozen):
    """How much of what it may be asked a tool can answer."""

    tool: str
    answerable: int
    of: int
    kind: str
    """What is counted: sectors, symbols, series or windows of the market."""


class SyncedFeed(Frozen):
    """How the feeds of one provider fared when the market was last brought up to date."""

    provider: str
    table: str
    ok: int
    failed: int
    skipped: int
    finished_on: date
    observed_to: date | None
    new: int
    revised: int
    quarantined: int
    message: str = ""
    """Why the first that did not come through did not."""


class DataHealth(ToolResult):
    """The state of every feed at the as-of."""

    feeds: tuple[FeedHealth, ...]
    series: tuple[SeriesHealth, ...] = ()
    signals: tuple[SeriesHealth, ...] = ()
    coverage: tuple[ToolCoverage, ...] = ()
    missing: tuple[MissingPrices, ...] = ()
    """The symbols that lack most prices of the last 63 trading days."""
    synced: tuple[SyncedFeed, ...] = ()
    findings: tuple[FindingRow, ...] = ()
    """The newest irregularities; `MARKET.findings` counts all of them."""
    thin_sectors: tuple[str, ...] = ()
    """Sectors of fewer than three shares and no fund: their confidence is low."""
