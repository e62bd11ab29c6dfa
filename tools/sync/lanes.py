"""One lane a provider: its feeds in their order, at its pace, until it says no.

Lanes run side by side in threads and touch nothing that they share but the post to the one thread that stores. Within
a lane a feed's next batch is asked for when the last one is stored.
"""

from __future__ import annotations

import queue
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tools.errors import SectorvaneError, SourceDownError
from tools.sync.quota import QuotaSpentError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from tools.sources.feeds import Batch, Feed, Quota
    from tools.store.appending import Appended
    from tools.sync.quota import QuotaBook

FAILURES_IN_A_ROW = 5
"""Feeds that fail one after the other before a provider is left alone: it is the provider then, not the feeds."""
ATTEMPTS = 3
"""How often a feed is asked whose provider wants a pause."""
LONGEST_PAUSE_SECONDS = 120.0
"""The longest pause that is worth waiting for in a sync."""
_BACK_OFF_SECONDS = 1.0


class StoppedError(Exception):
    """The sync ends before this lane has."""


@dataclass
class Delivery:
    """A batch on its way to the store, and what became of it."""

    feed: Feed
    batch: Batch
    stored: queue.Queue[Appended | SourceDownError] = field(
        default_factory=lambda: queue.Queue(maxsize=1)
    )


class Outcome(NamedTuple):
    """How a feed ended."""

    feed: Feed
    status: str
    message: str


class Pause(NamedTuple):
    """A lane that waits."""

    provider: str
    seconds: float
    why: str


class LaneEnd(NamedTuple):
    """A lane that is through."""

    provider: str


Post = Delivery | Outcome | Pause | LaneEnd


class Lane:
    """Asks the feeds of one provider, one after the other.

    Parameters
    ----------
    provider, feeds
        Whose, and which, in their order.
    quota, book
        What it allows, and where its calls are counted.
    span
        Feed → the days to ask for.
    post
        Where batches and outcomes go.
    stop
        Set when the sync ends early.
    """

    def __init__(
        self,
        provider: str,
        feeds: Sequence[Feed],
        *,
        quota: Quota,
        book: QuotaBook,
        span: Callable[[Feed], tuple[date | None, date]],
        post: queue.SimpleQueue[Post],
        stop: threading.Event,
    ) -> None:
        self._provider, self._feeds = provider, feeds
        self._quota, self._book = quota, book
        self._span, self._post, self._stop = span, post, stop
        self._failures = 0
        self._refusal = ""
        """Why the provider is not asked any more; empty: it is."""

    def run(self) -> None:
        """Go through all feeds and post what becomes of each."""
        try:
            for feed in self._feeds:
                self._post.put(self._ask(feed))
        except StoppedError:
            return
        finally:
            self._post.put(LaneEnd(self._provider))

    def _ask(self, feed: Feed) -> Outcome:
        if self._refusal:
            return Outcome(feed, "skipped", self._refusal)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._bring(feed)
            except SourceDownError as error:
                pause = error.retry_after
                if pause is None or pause > LONGEST_PAUSE_SECONDS or attempt == ATTEMPTS:
                    return self._failed(feed, error)
                self._wait(pause, str(error))
            except SectorvaneError as error:
                return self._failed(feed, SourceDownError(str(error)))
            else:
                self._failures = 0
                return Outcome(feed, "ok", "")
        raise AssertionError

    def _failed(self, feed: Feed, error: SourceDownError) -> Outcome:
        self._failures += 1
        told = str(error)
        long_pause = (error.retry_after or 0.0) > LONGEST_PAUSE_SECONDS
        if error.refused or long_pause:
            self._refusal = f"{self._provider} was not asked any more after it said no: {told}"
        elif self._failures >= FAILURES_IN_A_ROW:
            self._refusal = f"{self._provider} was not asked any more after {self._failures} failures in a row: {told}"
        else:
            self._wait(_BACK_OFF_SECONDS * 2 ** (self._failures - 1), told)
        status = "skipped" if isinstance(error, QuotaSpentError) else "failed"
        return Outcome(feed, status, told)

    def _bring(self, feed: Feed) -> None:
        since, until = self._span(feed)
        for batch in self._counted(iter(feed.fetch(since, until))):
            delivery = Delivery(feed, batch)
            self._post.put(delivery)
            became = self._answer(delivery)
            if isinstance(became, SourceDownError):
                raise became

    def _counted(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """Yield the batches of a feed, each counted as one call to the provider before it is asked for."""
        while True:
            while (seconds := self._book.take(self._provider, self._quota)) > 0.0:
                self._wait(
                    seconds, f"{self._provider} allows {self._quota.per_minute:g} calls a minute"
                )
            try:
                batch = next(batches)
            except StopIteration:
                self._book.give_back(self._provider, self._quota)
                return
            yield batch

    def _answer(self, delivery: Delivery) -> Appended | SourceDownError:
        while not self._stop.is_set():
            try:
                return delivery.stored.get(timeout=0.5)
            except queue.Empty:
                continue
        raise StoppedError

    def _wait(self, seconds: float, why: str) -> None:
        self._post.put(Pause(self._provider, seconds, why))
        if self._stop.wait(seconds):
            raise StoppedError
