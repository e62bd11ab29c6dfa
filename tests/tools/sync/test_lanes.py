"""A lane asks one provider at its pace, waits as it is told to, and knows when to stop."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from tests.tools.store.history_rows import a_market, bars
from tests.tools.sync.bar_provider import BarMarket, Trouble, bar_server
from tools.errors import SourceDownError, UnusableInputError
from tools.sources.feeds import Batch, Quota, StaticMarket
from tools.store.appending import Appended
from tools.store.history import HistoryStore
from tools.sync.lanes import FAILURES_IN_A_ROW, Delivery, Lane, LaneEnd, Outcome, Pause
from tools.sync.quota import QuotaBook
from tools.sync.run import Sync

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tools.sync.lanes import Post


@dataclass
class ScriptedFeed:
    """Fails as told, one error a call, and then brings batches."""

    name: str
    errors: list[Exception] = field(default_factory=list)
    n_batches: int = 1
    provider: str = "scripted"

    @property
    def key(self) -> str:
        return f"{self.provider}/prices/{self.name}"

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:
        if self.errors:
            raise self.errors.pop(0)
        for number in range(self.n_batches):
            yield bars(self.name, n_days=number + 1)


def through(
    home: Path, feeds: Sequence[ScriptedFeed], quota: Quota | None = None
) -> list[Outcome | Pause]:
    """Run a lane with a store that takes everything, and return what it said."""
    post: queue.SimpleQueue[Post] = queue.SimpleQueue()
    lane = Lane(
        "scripted",
        feeds,
        quotas={"scripted": quota or Quota()},
        book=QuotaBook(home),
        span=lambda _: (None, date(2024, 6, 28)),
        post=post,
        stop=threading.Event(),
        back_off_seconds=0.0,
    )
    thread = threading.Thread(target=lane.run)
    thread.start()
    said: list[Outcome | Pause] = []
    while not isinstance(posted := post.get(timeout=30), LaneEnd):
        if isinstance(posted, Delivery):
            posted.stored.put(Appended(1, 1, 0, 0, None))
        else:
            said.append(posted)
    thread.join()
    return said


def statuses(said: list[Outcome | Pause]) -> list[str]:
    return [one.status for one in said if isinstance(one, Outcome)]


def test_a_short_pause_that_is_asked_for_is_made_and_the_feed_asked_again(home: Path) -> None:
    busy = SourceDownError("scripted is busy.", retry_after=0.01)
    said = through(home, [ScriptedFeed("AAA", [busy, busy])])
    assert [one.seconds for one in said if isinstance(one, Pause)] == [0.01, 0.01]
    assert statuses(said) == ["ok"]


def test_a_provider_that_stays_busy_is_given_up_for_this_feed(home: Path) -> None:
    busy = [SourceDownError("scripted is busy.", retry_after=0.01) for _ in range(9)]
    assert statuses(through(home, [ScriptedFeed("AAA", list(busy)), ScriptedFeed("BBB")])) == [
        "failed", "ok",
    ]  # fmt: skip


def test_failures_in_a_row_end_the_lane_and_others_do_not(home: Path) -> None:
    def down() -> list[Exception]:
        return [SourceDownError("scripted gave no usable answer: no connection.")]

    apart = [ScriptedFeed(str(n), down() if n % 2 else []) for n in range(4 * FAILURES_IN_A_ROW)]
    assert "skipped" not in statuses(through(home, apart))
    in_a_row = [ScriptedFeed(str(n), down()) for n in range(FAILURES_IN_A_ROW + 2)]
    said = through(home, in_a_row)
    assert statuses(said) == ["failed"] * FAILURES_IN_A_ROW + ["skipped"] * 2
    last = [one for one in said if isinstance(one, Outcome)][-1]
    assert "scripted was not asked any more after 5 failures in a row" in last.message


def test_an_error_of_ours_is_a_failure_of_that_feed(home: Path) -> None:
    ours = UnusableInputError("a share", "nothing", "Correct it.")
    said = through(home, [ScriptedFeed("AAA", [ours]), ScriptedFeed("BBB")])
    assert statuses(said) == ["failed", "ok"]


def test_a_feed_that_goes_its_own_way_is_counted_a_batch(home: Path) -> None:
    through(home, [ScriptedFeed("AAA", n_batches=3), ScriptedFeed("BBB")], Quota(per_day=9))
    assert QuotaBook(home).made_today("scripted") == 4


def test_calls_over_http_are_counted_as_they_are_made(home: Path) -> None:
    with bar_server(Trouble(statuses={"AAB": 500})) as server:
        live = BarMarket(server.url, 3, 2, quotas={"Loopback": Quota(per_day=99)}, attempts=2)
        with HistoryStore.at(home, live.market, write=True) as store:
            Sync(live, store, home, now=lambda: datetime(2017, 3, 2, 11, tzinfo=UTC)).run()
        # Three shares, one of them asked twice, and the two lists of names.
        assert len(server.asked) == 4
    assert QuotaBook(home).made_today("Loopback") == 4 + 2


def test_what_nobody_expected_ends_the_sync_and_is_not_hidden(home: Path) -> None:
    feeds = [ScriptedFeed("AAA", [ZeroDivisionError("a bug")]), ScriptedFeed("BBB", provider="b")]
    live = StaticMarket(market=a_market(), static_feeds=feeds)
    with (
        HistoryStore.at(home, live.market, write=True) as store,
        pytest.raises(ZeroDivisionError, match="a bug"),
    ):
        Sync(live, store, home).run()
