"""One lane a provider: its feeds in their order, at its pace, until it says no.

Lanes run side by side in threads and touch nothing that they share but the post to the one thread that stores. Within
a lane a feed's next batch is asked for when the last one is stored.
"""

from __future__ import annotations

import queue
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tools.errors import SectorvaneError, SourceDownError
from tools.sources.feeds import Quota
from tools.sources.http import BEFORE_CALL
from tools.sync.quota import QuotaSpentError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from tools.sources.feeds import Batch, Feed
    from tools.store.appending import Appended
    from tools.sync.quota import QuotaBook

FAILURES_IN_A_ROW = 5
"""Feeds that fail one after the other before a provider is left alone: it is the provider then, not the feeds."""
ATTEMPTS = 3
"""How often a feed is asked whose provider wants a pause."""
LONGEST_PAUSE_SECONDS = 120.0
"""The longest pause that is worth waiting for in a sync."""
BACK_OFF_SECONDS = 1.0
"""After a failure, doubled with each further one in a row."""


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


class _Calls:
    """Counts the calls of one lane before they are made.

    A feed begins with one call to its lane's provider. The first that it makes over HTTP is that one and each further
    one is counted by itself; a feed that makes none that is seen here counts one for every batch.
    """

    def __init__(
        self,
        provider: str,
        quotas: Mapping[str, Quota],
        book: QuotaBook,
        wait: Callable[[float, str], None],
    ) -> None:
        self._provider, self._quotas, self._book, self._wait = provider, quotas, book, wait
        self._begun = self._seen = False
        self._n_batches = 0

    def begin(self) -> None:
        """Count the first call of a feed."""
        self._begun, self._seen, self._n_batches = True, False, 0
        self._take(self._provider)

    def about_to_call(self, provider: str) -> None:
        """Count a call over HTTP."""
        if provider == self._provider:
            self._seen = True
            if self._begun:
                self._begun = False
                return
        self._take(provider)

    def batch_came(self) -> None:
        """Count the call behind a batch that came some other way."""
        self._n_batches += 1
        if not self._seen and self._n_batches > 1:
            self._take(self._provider)

    def _take(self, provider: str) -> None:
        quota = self._quotas.get(provider, Quota())
        while (seconds := self._book.take(provider, quota)) > 0.0:
            self._wait(seconds, f"{provider} allows {quota.per_minute:g} calls a minute")


class Lane:
    """Asks the feeds of one provider, one after the other.

    Parameters
    ----------
    provider, feeds
        Whose, and which, in their order.
    quotas, book
        What each provider allows, and where calls are counted: a feed may ask a second provider.
    span
        Feed → the days to ask for.
    post
        Where batches and outcomes go.
    stop
        Set when the sync ends early.
    back_off_seconds
        The pause after a failure.
    """

    def __init__(
        self,
        provider: str,
        feeds: Sequence[Feed],
        *,
        quotas: Mapping[str, Quota],
        book: QuotaBook,
        span: Callable[[Feed], tuple[date | None, date]],
        post: queue.SimpleQueue[Post],
        stop: threading.Event,
        back_off_seconds: float = BACK_OFF_SECONDS,
    ) -> None:
        self._provider, self._feeds = provider, feeds
        self._span, self._post, self._stop = span, post, stop
        self._calls = _Calls(provider, quotas, book, self._wait)
        self._back_off_seconds = back_off_seconds
        self._failures = 0
        self._refusal = ""
        """Why the provider is not asked any more; empty: it is."""

    def run(self) -> None:
        """Go through all feeds and post what becomes of each."""
        token = BEFORE_CALL.set(self._calls.about_to_call)
        try:
            for feed in self._feeds:
                self._post.put(self._ask(feed))
        except StoppedError:
            return
        finally:
            BEFORE_CALL.reset(token)
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
            self._wait(self._back_off_seconds * 2 ** (self._failures - 1), told)
        status = "skipped" if isinstance(error, QuotaSpentError) else "failed"
        return Outcome(feed, status, told)

    def _bring(self, feed: Feed) -> None:
        since, until = self._span(feed)
        self._calls.begin()
        for batch in feed.fetch(since, until):
            self._calls.batch_came()
            delivery = Delivery(feed, batch)
            self._post.put(delivery)
            became = self._answer(delivery)
            if isinstance(became, SourceDownError):
                raise became

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
