"""A sync asks each feed for what is missing, keeps to quotas, and says what it did not get."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.tools.sync.bar_provider import BarMarket, Trouble, bar_server, symbols
from tools.sources.feeds import Quota
from tools.store.history import HistoryStore
from tools.sync.run import Sync

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.tools.sync.bar_provider import BarServer
    from tools.sync.run import SyncReport

MORNING = datetime(2018, 3, 2, 11, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[BarServer]:
    with bar_server() as running:
        yield running


def synced(live: BarMarket, home: Path, when: datetime = MORNING, **more: Any) -> SyncReport:
    with HistoryStore.at(home, live.market, write=True) as store:
        return Sync(live, store, home, now=lambda: when, **more).run()


def n_prices(live: BarMarket, home: Path) -> int:
    with HistoryStore.at(home, live.market) as store:
        return len(store.market_data().prices)


def test_a_first_sync_learns_the_shares_and_then_their_bars(server: BarServer, home: Path) -> None:
    live = BarMarket(server.url)
    report = synced(live, home)
    assert [feed.status for feed in report.feeds] == ["ok"] * 8
    assert report.feeds[0].table == "sectors"
    assert sum(feed.n_new for feed in report.feeds if feed.table == "prices") == n_prices(
        live, home
    )
    assert {feed.observed_to for feed in report.feeds if feed.table == "prices"} == {
        date(2018, 3, 2)
    }


def test_the_next_sync_asks_only_for_what_is_missing(server: BarServer, home: Path) -> None:
    live = BarMarket(server.url)
    synced(live, home)
    known = n_prices(live, home)
    server.asked.clear()
    report = synced(live, home, MORNING.replace(day=6))
    assert {one.split()[1] for one in server.asked} == {"2018-03-02"}
    assert n_prices(live, home) == known + 6 * 2
    assert sum(feed.n_revised for feed in report.feeds) == 0


def test_since_asks_again_and_stores_nothing_twice(server: BarServer, home: Path) -> None:
    live = BarMarket(server.url)
    synced(live, home)
    known = n_prices(live, home)
    server.asked.clear()
    report = synced(live, home, MORNING, since=date(2018, 1, 1))
    assert {one.split()[1] for one in server.asked} == {"2017-12-31"}
    assert sum(feed.n_seen for feed in report.feeds if feed.table == "prices") > 200
    assert n_prices(live, home) == known


def test_a_share_that_fails_keeps_nobody_else_away(home: Path) -> None:
    with bar_server(Trouble(statuses={"AAC": 500})) as server:
        live = BarMarket(server.url)
        report = synced(live, home)
    failed = [feed for feed in report.feeds if feed.status != "ok"]
    assert [feed.feed_key for feed in failed] == ["Loopback/prices/AAC"]
    assert "Loopback gave no usable answer" in failed[0].message
    assert report.came_through
    with HistoryStore.at(home, live.market) as store:
        data = store.market_data()
    kept = {feed.feed_key: feed for feed in data.feed_reports}["Loopback/prices/AAC"]
    assert (kept.status, kept.succeeded_at, kept.observed_to) == ("failed", None, None)


def test_a_provider_that_says_no_is_not_asked_again(home: Path) -> None:
    with bar_server(Trouble(statuses=dict.fromkeys(symbols(6), 401))) as server:
        report = synced(BarMarket(server.url), home)
        assert len(server.asked) == 1
    statuses = [feed.status for feed in report.feeds if feed.table == "prices"]
    assert statuses == ["failed"] + ["skipped"] * 5
    assert "not asked any more after it said no" in report.feeds[-1].message
    # The names came, since they come from no server: without a price that is no sync.
    assert "ok" in {feed.status for feed in report.feeds}
    assert not report.came_through


def test_a_sync_that_finds_no_new_day_came_through(server: BarServer, home: Path) -> None:
    live = BarMarket(server.url)
    synced(live, home)
    known = n_prices(live, home)
    report = synced(live, home, MORNING.replace(hour=MORNING.hour + 1), since=MORNING.date())
    assert sum(feed.n_new for feed in report.feeds if feed.table == "prices") == 0
    assert n_prices(live, home) == known
    assert report.came_through


def test_a_provider_that_wants_a_long_pause_is_left_alone(home: Path) -> None:
    with bar_server(Trouble(refused_after=2, headers={"Retry-After": "3600"})) as server:
        live = BarMarket(server.url)
        report = synced(live, home)
        assert len(server.asked) == 3
    assert [feed.status for feed in report.feeds if feed.table == "prices"] == [
        "ok", "ok", "failed", "skipped", "skipped", "skipped",
    ]  # fmt: skip
    assert n_prices(live, home) > 0


def test_other_providers_go_on_when_one_says_no(server: BarServer, home: Path) -> None:
    with bar_server(Trouble(statuses=dict.fromkeys(symbols(3), 403))) as other:
        live = TwoProviders(BarMarket(server.url, 3), BarMarket(other.url, 3))
        report = synced(live, home)  # type: ignore[arg-type]
    came = {(feed.provider, feed.status) for feed in report.feeds if feed.table == "prices"}
    assert came == {("Loopback", "ok"), ("Other", "failed"), ("Other", "skipped")}


class TwoProviders:
    """The same shares from two servers."""

    def __init__(self, first: BarMarket, second: BarMarket) -> None:
        self._first, self._second = first, second
        self.market = first.market
        self.quotas: dict[str, Quota] = {}

    def feeds(self, universe: Any) -> list[Any]:
        again = [
            replace(cast("Any", feed), provider="Other")
            for feed in self._second.feeds(universe)
            if feed.key.split("/")[1] == "prices"
        ]
        return [*self._first.feeds(universe), *again]


def test_the_day_s_quota_is_kept_by_the_next_process_too(server: BarServer, home: Path) -> None:
    live = BarMarket(server.url, quotas={"Loopback": Quota(per_day=5)})
    report = synced(live, home)
    # Two lists of names and three shares; the names come from no server and are counted all the same.
    assert len(server.asked) == 3
    assert [feed.status for feed in report.feeds].count("skipped") == 3
    assert "allows 5 calls a day" in report.feeds[-1].message
    again = synced(live, home)
    assert len(server.asked) == 3
    assert {feed.status for feed in again.feeds} == {"skipped"}
    assert not again.came_through


def test_a_sync_that_was_cut_off_does_not_ask_again_for_what_came(
    server: BarServer, home: Path
) -> None:
    live = BarMarket(server.url)

    class Cut:
        """Ends a sync after a number of feeds, as a kill would."""

        def __init__(self) -> None:
            self.left = 5

        def planned(self, n_feeds: int) -> None: ...
        def stored(self, feed_key: str, n_rows: int) -> None: ...
        def paused(self, provider: str, seconds: float, why: str) -> None: ...

        def ended(self, report: Any) -> None:
            self.left -= 1
            if not self.left:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        synced(live, home, observer=Cut())
    first = list(server.asked)
    report = synced(live, home)
    assert report.n_resumed == 5
    # What was under way may be asked for twice, what had come through is not.
    assert len(server.asked) - len(first) == 8 - 5
    assert n_prices(live, home) == 6 * 436
