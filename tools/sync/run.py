"""A sync: every feed of a live market asked for what is not yet known, and what came of it.

The process that syncs is the history's one writer. A kill at any moment costs the batch under way; the next sync goes
on behind the newest day of each feed and does not ask again for feeds that had come through.
"""

from __future__ import annotations

import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from tools.errors import SourceDownError
from tools.sources.base import FeedReport
from tools.sync.lanes import Delivery, Lane, LaneEnd, Outcome, Pause
from tools.sync.quota import QuotaBook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from tools.sources.feeds import Feed, LiveMarket
    from tools.store.history import HistoryStore
    from tools.sync.lanes import Post

_FIRST_TABLES = ("sectors", "universe")
_PRICES = "prices"
_PUBLISH_EVERY_SECONDS = 600.0


class Observer(Protocol):
    """Is told how a sync goes."""

    def planned(self, n_feeds: int) -> None:
        """Hear how many more feeds are to be asked."""

    def stored(self, feed_key: str, n_rows: int) -> None:
        """Hear that a batch of a feed is stored."""

    def ended(self, report: FeedReport) -> None:
        """Hear that a feed is through, failed or is skipped."""

    def paused(self, provider: str, seconds: float, why: str) -> None:
        """Hear that a provider is left alone for a while."""


@dataclass(frozen=True, kw_only=True)
class SyncReport:
    """What a sync got, and what it did not."""

    market_id: str
    started_at: datetime
    finished_at: datetime
    feeds: tuple[FeedReport, ...]
    n_resumed: int
    """Feeds that an earlier, cut-off sync of the day had brought already."""
    resumed_prices: bool = False
    """Whether one of those brought prices."""

    @property
    def came_through(self) -> bool:
        """Whether a feed of prices answered, with new days or, over a weekend, with none.

        Names, series and signals alone move no market on, and lists that come with the package always arrive.
        """
        return self.resumed_prices or any(
            report.status == "ok" and report.table == _PRICES for report in self.feeds
        )


@dataclass
class _Tally:
    """What one feed has brought so far."""

    n_seen: int = 0
    n_new: int = 0
    n_revised: int = 0
    n_quarantined: int = 0
    notes: dict[str, None] = field(default_factory=dict)


class Sync:
    """Brings one market's history up to date.

    Parameters
    ----------
    live
        The market and its feeds.
    store
        Its history, open for writing; published, and no longer open, at the end.
    home
        Where the book of quotas is.
    since
        Ask for everything from this day on again; None: what is not yet known.
    jobs
        Providers that are asked at the same time.
    observer
        Is told how it goes.
    now
        The time, with a time zone.
    """

    def __init__(
        self,
        live: LiveMarket,
        store: HistoryStore,
        home: Path,
        *,
        since: date | None = None,
        jobs: int = 4,
        observer: Observer | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._live, self._store = live, store
        self._book = QuotaBook(home)
        self._since, self._jobs = since, max(1, jobs)
        self._observer, self._now = observer, now
        self._number = store.current_sync()
        self._tallies: dict[str, _Tally] = {}
        self._reports: list[FeedReport] = []
        self._published_at = now()

    def run(self) -> SyncReport:
        """Ask every feed and publish what came.

        Raises
        ------
        SectorvaneError
            When the history cannot be written.
        """
        started = self._now()
        done = self._done_today()
        asked: set[str] = set(done)
        # A market may learn its shares first and only then list their feeds.
        for tables in (_FIRST_TABLES, None):
            feeds = [
                feed
                for feed in self._live.feeds(self._store.universe())
                if feed.key not in asked and (tables is None or _table_of(feed.key) in tables)
            ]
            asked |= {feed.key for feed in feeds}
            self._ask(feeds)
        self._store.finish_sync(self._number, self._now())
        self._store.publish(go_on=False)
        return SyncReport(
            market_id=self._live.market.id,
            started_at=started,
            finished_at=self._now(),
            feeds=tuple(self._reports),
            n_resumed=len(done),
            resumed_prices=any(_table_of(key) == _PRICES for key in done),
        )

    def _done_today(self) -> set[str]:
        today = self._today()
        done = self._store.done_in(self._number) if self._since is None else {}
        return {key for key, when in done.items() if when.astimezone(self._zone).date() == today}

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._live.market.timezone)

    def _today(self) -> date:
        return self._now().astimezone(self._zone).date()

    def _span(self, feed: Feed) -> tuple[date | None, date]:
        """Return the day behind which a feed is asked, and the last one."""
        mark = self._store.progress(feed.key)
        if self._since is not None:
            before = date.fromordinal(self._since.toordinal() - 1)
            mark = before if mark is None else min(mark, before)
        return mark, self._today()

    def _ask(self, feeds: Sequence[Feed]) -> None:
        """Run one lane a provider, so many at a time, and store what they post."""
        if self._observer is not None:
            self._observer.planned(len(feeds))
        lanes = _by_provider(feeds)
        # Without a limit of its own: a lane has one batch under way, and must never wait for a reader that is gone.
        post: queue.SimpleQueue[Post] = queue.SimpleQueue()
        stop = threading.Event()
        pool = ThreadPoolExecutor(self._jobs, thread_name_prefix="sync")
        try:
            running = {
                provider: pool.submit(self._lane(provider, own, post, stop).run)
                for provider, own in lanes.items()
            }
            while running:
                posted = post.get()
                if isinstance(posted, LaneEnd):
                    # What nobody expected in a lane is raised here.
                    running.pop(posted.provider).result()
                else:
                    self._receive(posted)
        finally:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)

    def _lane(
        self,
        provider: str,
        feeds: Sequence[Feed],
        post: queue.SimpleQueue[Post],
        stop: threading.Event,
    ) -> Lane:
        return Lane(
            provider,
            feeds,
            quotas=self._live.quotas,
            book=self._book,
            span=self._span,
            post=post,
            stop=stop,
        )

    def _receive(self, posted: Delivery | Outcome | Pause) -> None:
        if isinstance(posted, Delivery):
            self._keep(posted)
        elif isinstance(posted, Outcome):
            self._end(posted)
        elif self._observer is not None:
            self._observer.paused(posted.provider, posted.seconds, posted.why)

    def _keep(self, delivery: Delivery) -> None:
        key = delivery.feed.key
        try:
            became = self._store.append(delivery.batch, feed_key=key, retrieved_at=self._now())
        except SourceDownError as error:
            delivery.stored.put(error)
            return
        tally = self._tallies.setdefault(key, _Tally())
        tally.n_seen += became.n_seen
        tally.n_new += became.n_new
        tally.n_revised += became.n_revised
        tally.n_quarantined += became.n_quarantined
        tally.notes |= dict.fromkeys(delivery.batch.notes)
        delivery.stored.put(became)
        if self._observer is not None:
            self._observer.stored(key, became.n_seen)

    def _end(self, outcome: Outcome) -> None:
        feed, tally = outcome.feed, self._tallies.pop(outcome.feed.key, _Tally())
        moment = self._now()
        came = outcome.status == "ok"
        report = FeedReport(
            feed_key=feed.key,
            provider=feed.provider,
            table=_table_of(feed.key),
            status=outcome.status,  # type: ignore[arg-type]
            message=outcome.message,
            notes=tuple(tally.notes),
            finished_at=moment,
            succeeded_at=moment if came else None,
            observed_to=self._store.progress(feed.key),
            n_seen=tally.n_seen,
            n_new=tally.n_new,
            n_revised=tally.n_revised,
            n_quarantined=tally.n_quarantined,
        )
        self._store.record(self._number, report)
        self._reports.append(report)
        if self._observer is not None:
            self._observer.ended(report)
        if (moment - self._published_at).total_seconds() > _PUBLISH_EVERY_SECONDS:
            self._store.publish()
            self._published_at = self._now()


def _table_of(key: str) -> str:
    return key.split("/")[1] if "/" in key else ""


def _by_provider(feeds: Iterable[Feed]) -> dict[str, list[Feed]]:
    lanes: dict[str, list[Feed]] = {}
    for feed in feeds:
        lanes.setdefault(feed.provider, []).append(feed)
    return lanes
