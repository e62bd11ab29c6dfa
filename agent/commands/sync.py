"""``sectorvane sync``: a live market's history brought up to date, taken from a folder, looked through or mended.

The remote servers that the settings name are asked behind the feeds, of any market that they know.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

from agent.commands.tables import markdown_table
from agent.settings import parse_day, prepare_home
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from agent.commands.sync_remote import RemoteRow
    from agent.settings import Settings
    from tools.sources.base import FeedReport, Market, MarketData
    from tools.sources.feeds import LiveMarket
    from tools.sources.us import Secret
    from tools.store.appending import Appended
    from tools.sync.run import SyncReport

SCHEMA = "sectorvane.sync/1"
_HEADS = (
    "provider",
    "table",
    "feeds",
    "failed",
    "not asked",
    "new",
    "revised",
    "set aside",
    "up to",
)
_SHOWN_FAILURES = 12


class Syncing(NamedTuple):
    """What to do; nothing brings the history up to date."""

    since: str | None = None
    jobs: int = 4
    as_json: bool = False
    folder: Path | None = None
    """A market folder to import."""
    check: bool = False
    repair: bool = False


def sync(settings: Settings, keys: Mapping[str, Secret], wanted: Syncing) -> int:
    """Do what is wanted with the history of a live market, and ask the remote servers of the settings.

    The status is 1 where no feed of prices answered, or the history is not sound; of a market
    without feeds, where no remote server gave anything. A weekend without a new day is 0.

    Raises
    ------
    UnusableInputError
        For a market that is neither synced nor known to a remote server, a day that is none, or a
        folder that breaks the layout.
    """
    from tools.sources import live_market
    from tools.store import history_folder

    beside = _market_of_remotes(settings, wanted)
    if beside is not None:
        return _remotes_alone(settings, beside, as_json=wanted.as_json)
    live = live_market(settings.market, keys)
    home = prepare_home(settings.home)
    since = _day(wanted.since)
    folder = history_folder(home, live.market.storage_key)
    if wanted.check or wanted.repair:
        return _mend(folder, live.market, repair=wanted.repair, as_json=wanted.as_json)
    if wanted.folder is not None:
        return _import(home, live.market, wanted.folder, as_json=wanted.as_json)
    return bring(
        settings, lambda closes: live_market(settings.market, keys, closes), wanted, since=since
    )


def bring(
    settings: Settings,
    live_at: Callable[[Mapping[str, float] | None], LiveMarket],
    wanted: Syncing,
    *,
    since: date | None = None,
) -> int:
    """Bring a live market's history up to date, then ask the remote servers that know the market.

    Parameters
    ----------
    settings
        Name the home and the remote servers.
    live_at
        Stored closes, or None → the live market.
    wanted
        How many providers at the same time, and how it is told.
    since
        Ask for everything from this day on again.
    """
    from agent.commands.sync_progress import progress_of
    from tools.store import open_history
    from tools.sync.run import Sync

    home, market = prepare_home(settings.home), live_at(None).market
    with (
        open_history(home, market, write=True) as store,
        progress_of(sys.stderr, market.id) as progress,
    ):
        live = live_at(store.last_closes())
        report = Sync(live, store, home, since=since, jobs=wanted.jobs, observer=progress).run()

    def load() -> MarketData:
        from tools.sources.levels import at_level

        with open_history(home, market) as kept:
            market_data = kept.market_data()
        return market_data if settings.level == "sector" else at_level(market_data, settings.level)

    remote: tuple[RemoteRow, ...] = ()
    try:
        remote = _remotes(settings, market, load)
    finally:
        # Whoever interrupts the servers still hears what the feeds brought.
        _say(_as_json(report, remote) if wanted.as_json else as_markdown(report, remote))
    return 0 if report.came_through else 1


def _remotes(
    settings: Settings, market: Market, load: Callable[[], MarketData]
) -> tuple[RemoteRow, ...]:
    """Ask the remote servers of the settings; without one nothing of theirs is loaded."""
    if not settings.remote:
        return ()
    from agent.commands.sync_remote import ask_remotes

    return ask_remotes(settings, market, load)


def _market_of_remotes(settings: Settings, wanted: Syncing) -> MarketData | None:
    """Return a market without feeds that a remote server can be asked about, else None."""
    from tools.sources import KNOWN_MARKETS, LIVE_MARKETS, open_market

    kinds = {name.partition(":")[0] for name in KNOWN_MARKETS} - set(LIVE_MARKETS)
    of_history = wanted.check or wanted.repair or wanted.folder or wanted.since
    if not settings.remote or of_history or settings.market.partition(":")[0] not in kinds:
        return None
    from agent.commands.sync_remote import servers_for

    market_data = open_market(settings.market, prepare_home(settings.home), settings.level)
    return market_data if servers_for(settings, market_data.market) else None


def _remotes_alone(settings: Settings, market_data: MarketData, *, as_json: bool) -> int:
    from tools.sync.run import SyncReport

    started = datetime.now(UTC)
    remote = _remotes(settings, market_data.market, lambda: market_data)
    report = SyncReport(
        market_id=market_data.market.id,
        started_at=started,
        finished_at=datetime.now(UTC),
        feeds=(),
        n_resumed=0,
    )
    _say(_as_json(report, remote) if as_json else as_markdown(report, remote))
    return 0 if any(row.status == "ok" for row in remote) else 1


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = parse_day(text)
    except ValueError as error:
        raise UnusableInputError(
            "a date as YYYY-MM-DD for --since", repr(text), "Change --since."
        ) from error
    if day > datetime.now(UTC).astimezone().date():
        raise UnusableInputError("a day that has begun for --since", text, "Change --since.")
    return day


def _mend(folder: Path, market: Market, *, repair: bool, as_json: bool) -> int:
    from tools.store import mending

    told = mending.repair(folder, market) if repair else mending.check(folder, market)
    if as_json:
        _say(json.dumps({"schema": SCHEMA, "market": market.id, "told": told}, ensure_ascii=False))
    else:
        _say("\n".join(told) or f"The history of market {market.id} is sound.")
    return int(bool(told) and not repair)


def _import(home: Path, market: Market, folder: Path, *, as_json: bool) -> int:
    from tools.store import open_history
    from tools.store.importing import import_folder

    with open_history(home, market, write=True) as store:
        totals = import_folder(store, folder, retrieved_at=datetime.now(UTC))
        store.publish(go_on=False)
    if as_json:
        tables = {name: _counts(became) for name, became in totals.items()}
        _say(json.dumps({"schema": SCHEMA, "market": market.id, "imported": tables}))
        return 0
    rows = [(name, *_counts(became).values()) for name, became in totals.items()]
    heads = ("table", "rows", "new", "revised", "set aside")
    _say(f"# {folder.name}, imported into the history of market {market.id}\n")
    _say(markdown_table(heads, rows, numbers=True))
    return 0


def _counts(became: Appended) -> dict[str, int]:
    return {
        "n_seen": became.n_seen,
        "n_new": became.n_new,
        "n_revised": became.n_revised,
        "n_quarantined": became.n_quarantined,
    }


def as_markdown(report: SyncReport, remote: Sequence[RemoteRow] = ()) -> str:
    """Return what a sync got and what it did not: a table by provider, then every kind of failure, then the remotes."""
    seconds = (report.finished_at - report.started_at).total_seconds()
    parts = [f"# Sync of market {report.market_id} ({seconds:.0f} s)"]
    if report.n_resumed:
        parts.append(
            f"{_many(report.n_resumed, 'feed')} had come through before this sync was cut off."
        )
    groups: dict[tuple[str, str], list[FeedReport]] = {}
    for feed in report.feeds:
        groups.setdefault((feed.provider, feed.table), []).append(feed)
    if groups:
        rows = [(*group, *_totals(feeds)) for group, feeds in groups.items()]
        parts.append(markdown_table(_HEADS, rows))
    parts += _failures(report.feeds)
    notes = dict.fromkeys(
        f"- {feed.provider}: {note}" for feed in report.feeds for note in feed.notes
    )
    if notes:
        parts.append("\n".join(list(notes)[:_SHOWN_FAILURES]))
    if remote:
        from agent.commands.sync_remote import as_table

        parts.append(as_table(remote))
    return "\n\n".join(parts)


def _totals(feeds: Sequence[FeedReport]) -> tuple[object, ...]:
    days = [feed.observed_to for feed in feeds if feed.observed_to is not None]
    return (
        len(feeds),
        sum(feed.status == "failed" for feed in feeds),
        sum(feed.status == "skipped" for feed in feeds),
        sum(feed.n_new for feed in feeds),
        sum(feed.n_revised for feed in feeds),
        sum(feed.n_quarantined for feed in feeds),
        max(days, default=None),
    )


def _failures(feeds: Sequence[FeedReport]) -> list[str]:
    """Return what did not come, each reason once with the feeds that it kept away."""
    reasons: dict[str, list[str]] = {}
    for feed in feeds:
        if feed.status != "ok":
            reasons.setdefault(feed.message, []).append(feed.feed_key)
    if not reasons:
        return []
    lines = [
        f"- {reason} ({_many(len(keys), 'feed')}: {', '.join(keys[:3])}{', …' if len(keys) > 3 else ''})"
        for reason, keys in list(reasons.items())[:_SHOWN_FAILURES]
    ]
    if len(reasons) > _SHOWN_FAILURES:
        lines.append(f"- and {len(reasons) - _SHOWN_FAILURES} more reasons; --json has them all")
    return ["Not brought:", "\n".join(lines)]


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _as_json(report: SyncReport, remote: Sequence[RemoteRow] = ()) -> str:
    beside: dict[str, object] = {}
    if remote:
        from agent.commands.sync_remote import as_dicts

        beside["remote"] = as_dicts(remote)
    return json.dumps(
        {
            "schema": SCHEMA,
            "market": report.market_id,
            "started_at": report.started_at.isoformat(),
            "finished_at": report.finished_at.isoformat(),
            "resumed": report.n_resumed,
            "feeds": [
                {
                    "feed": feed.feed_key,
                    "provider": feed.provider,
                    "table": feed.table,
                    "status": feed.status,
                    "message": feed.message,
                    "notes": list(feed.notes),
                    "observed_to": feed.observed_to and feed.observed_to.isoformat(),
                    "seen": feed.n_seen,
                    "new": feed.n_new,
                    "revised": feed.n_revised,
                    "set_aside": feed.n_quarantined,
                }
                for feed in report.feeds
            ],
            **beside,
        },
        ensure_ascii=False,
        indent=2,
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
