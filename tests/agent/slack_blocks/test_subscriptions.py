"""Subscriptions: kept once, posted once, by one process, and caught up once after a rest."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from agent.slack.schedules import WEEKDAYS, Schedule, TradingCalendar, calendar_of
from agent.slack.subscriptions import (
    CLAIM_SECONDS,
    LEASE_SECONDS,
    MOST_ATTEMPTS,
    MOST_IN_CHANNEL,
    Place,
    Subscriptions,
    confirmation,
    listing,
)
from agent.slack.timer import LATE, RETRY_SECONDS, Timer, lateness
from tools.errors import SourceDownError, UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from agent.slack.subscriptions import Due, Subscription

PLACE = Place("T1", "C1")
PLAN = Schedule(weekdays=WEEKDAYS, hour=8, minute=45, timezone="UTC")
OPEN = TradingCalendar()


@dataclass
class Clock:
    """A clock that a test sets."""

    now: datetime = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
    """A Friday."""

    def __call__(self) -> float:
        return self.now.timestamp()

    def set(self, text: str) -> None:
        self.now = datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass
class Channel:
    """Takes posts, and fails as often as it is told to."""

    posts: list[Due] = field(default_factory=list)
    failing: int = 0

    async def post(self, due: Due) -> None:
        await asyncio.sleep(0)
        if self.failing:
            self.failing -= 1
            raise SourceDownError("Slack is away")
        self.posts.append(due)

    @property
    def at(self) -> list[str]:
        return [f"{due.at:%m-%d %H:%M}" for due in self.posts]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(tmp_path: Path, clock: Clock) -> Subscriptions:
    return Subscriptions(tmp_path, clock)


def added(
    kept: Subscriptions, question: str = "Which sectors lead?", plan: Schedule = PLAN
) -> Subscription:
    return kept.add(PLACE, "U1", plan, question, "en")


def timer(kept: Subscriptions, channel: Channel, calendar: TradingCalendar = OPEN) -> Timer:
    return Timer(kept, lambda: calendar, channel.post)


class TestKeeping:
    def test_a_subscription_is_listed_where_it_is_and_for_who_asked(
        self, kept: Subscriptions
    ) -> None:
        one = added(kept)
        assert kept.in_channel(PLACE) == [one]
        assert kept.of_reader("T1", "U1") == [one]
        assert kept.in_channel(Place("T1", "C2")) == []
        assert kept.of_reader("T2", "U1") == []

    def test_the_same_wish_twice_is_one_subscription(self, kept: Subscriptions) -> None:
        assert added(kept) == added(kept)
        assert len(kept.in_channel(PLACE)) == 1

    def test_it_survives_a_restart(self, kept: Subscriptions, tmp_path: Path) -> None:
        one = added(kept)
        assert Subscriptions(tmp_path).in_channel(PLACE) == [one]

    def test_a_deleted_subscription_is_gone(self, kept: Subscriptions) -> None:
        one = added(kept)
        assert kept.delete("T2", one.id) is None
        assert kept.delete("T1", one.id) == one
        assert kept.delete("T1", one.id) is None
        assert kept.in_channel(PLACE) == []

    def test_a_number_is_never_given_twice(self, kept: Subscriptions) -> None:
        first = added(kept)
        kept.delete("T1", first.id)
        assert added(kept).id != first.id

    def test_a_channel_has_a_limit(self, kept: Subscriptions) -> None:
        for at in range(MOST_IN_CHANNEL):
            added(kept, f"question {at}")
        with pytest.raises(UnusableInputError, match="Delete one first"):
            added(kept, "one more")

    def test_an_endless_question_is_refused(self, kept: Subscriptions) -> None:
        with pytest.raises(UnusableInputError, match="shorter"):
            added(kept, "x" * 2_000)

    def test_it_is_said_back_with_its_zone_and_its_first_day(
        self, kept: Subscriptions, clock: Clock
    ) -> None:
        said = confirmation(added(kept), OPEN, clock())
        assert said.startswith(
            "Subscribed, number 1: every weekday at 08:45 (UTC time), “Which sectors lead?”. "
            "First on 2026-11-20 08:45."
        )
        assert "holidays without a fixed date are not known" in said

    def test_a_list_has_a_line_each_with_its_number(self, kept: Subscriptions) -> None:
        added(kept)
        assert listing(kept.in_channel(PLACE), "en") == (
            "1 · every weekday at 08:45 (UTC time): Which sectors lead?"
        )
        assert listing([], "vi") == "Kênh này chưa có đăng ký nào."

    def test_a_file_that_is_no_database_is_named(self, tmp_path: Path) -> None:
        (tmp_path / Subscriptions.place).parent.mkdir()
        (tmp_path / Subscriptions.place).write_text("nothing of the kind" * 100, encoding="utf-8")
        with pytest.raises(SourceDownError, match="subscriptions cannot be kept"):
            Subscriptions(tmp_path).in_channel(PLACE)


class TestPosting:
    async def test_a_post_is_made_when_it_is_due_and_once(
        self, kept: Subscriptions, clock: Clock
    ) -> None:
        added(kept)
        channel = Channel()
        runner = timer(kept, channel)
        for moment in ("08:44:59", "08:45:00", "08:45:10", "09:00:00", "23:59:59"):
            clock.set(f"2026-11-20T{moment}")
            await runner.look()
        assert channel.at == ["11-20 08:45"]

    async def test_a_week_has_five_posts(self, kept: Subscriptions, clock: Clock) -> None:
        added(kept)
        channel = Channel()
        runner = timer(kept, channel)
        for _ in range(7 * 8):
            clock.now += timedelta(hours=3)
            await runner.look()
        assert [at[:5] for at in channel.at] == ["11-20", "11-23", "11-24", "11-25", "11-26"]

    async def test_nothing_is_posted_on_a_holiday(self, kept: Subscriptions, clock: Clock) -> None:
        days = [datetime(2026, 11, 2, tzinfo=UTC).date() + timedelta(days=at) for at in range(28)]
        closed = datetime(2026, 11, 24, tzinfo=UTC).date()
        calendar = calendar_of(day for day in days if day.weekday() < 5 and day != closed)
        added(kept)
        channel = Channel()
        runner = timer(kept, channel, calendar)
        for _ in range(6 * 8):
            clock.now += timedelta(hours=3)
            await runner.look()
        assert [at[:5] for at in channel.at] == ["11-20", "11-23", "11-25"]

    async def test_what_a_rest_missed_is_caught_up_once(
        self, kept: Subscriptions, clock: Clock, tmp_path: Path
    ) -> None:
        added(kept)
        channel = Channel()
        await timer(kept, channel).look()
        clock.set("2026-12-02T15:00:00")
        restarted = Subscriptions(tmp_path, clock)
        clock.now += timedelta(seconds=LEASE_SECONDS)
        for _ in range(3):
            await timer(restarted, channel).look()
        assert channel.at == ["12-02 08:45"]
        assert lateness(channel.posts[0], clock()) == timedelta(hours=6, minutes=16)

    async def test_a_post_in_time_is_not_late(self, kept: Subscriptions, clock: Clock) -> None:
        added(kept)
        channel = Channel()
        clock.set("2026-11-20T08:45:09")
        await timer(kept, channel).look()
        assert lateness(channel.posts[0], clock()) is None
        assert lateness(channel.posts[0], clock() + LATE.total_seconds()) is not None

    async def test_what_was_due_before_the_subscription_is_not_posted(
        self, kept: Subscriptions, clock: Clock
    ) -> None:
        clock.set("2026-11-20T08:46:00")
        added(kept)
        channel = Channel()
        await timer(kept, channel).look()
        assert channel.posts == []

    async def test_what_was_deleted_is_not_posted(self, kept: Subscriptions, clock: Clock) -> None:
        one, other = added(kept), added(kept, "Where are the flows?")
        kept.delete("T1", one.id)
        channel = Channel()
        clock.set("2026-11-20T08:45:00")
        await timer(kept, channel).look()
        assert [due.subscription.id for due in channel.posts] == [other.id]

    async def test_a_post_that_fails_is_made_a_minute_later(
        self, kept: Subscriptions, clock: Clock, caplog: pytest.LogCaptureFixture
    ) -> None:
        one, channel = added(kept), Channel(failing=1)
        added(kept, "Where are the flows?")
        runner = timer(kept, channel)
        clock.set("2026-11-20T08:45:00")
        with caplog.at_level(logging.WARNING):
            assert await runner.look() == 1
        assert "Slack is away" in caplog.text
        assert await runner.look() == 0
        clock.now += timedelta(seconds=RETRY_SECONDS)
        assert await runner.look() == 1
        assert {due.attempt for due in channel.posts} == {1, 2}
        assert channel.posts[1].key == f"subscription:{one.id}:20261120T0845"

    async def test_a_post_that_keeps_failing_is_left_out_and_the_next_day_is_not(
        self, kept: Subscriptions, clock: Clock, caplog: pytest.LogCaptureFixture
    ) -> None:
        added(kept)
        channel = Channel(failing=MOST_ATTEMPTS)
        runner = timer(kept, channel)
        clock.set("2026-11-20T08:45:00")
        for _ in range(2 * MOST_ATTEMPTS):
            await runner.look()
            clock.now += timedelta(seconds=RETRY_SECONDS)
        assert (channel.failing, channel.posts) == (0, [])
        assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING", "ERROR"]
        assert caplog.records[-1].message.endswith("is left out: Slack is away")
        clock.set("2026-11-23T08:45:00")
        await runner.look()
        assert channel.at == ["11-23 08:45"]


class TestOneInstance:
    async def test_only_one_of_two_processes_posts(self, kept: Subscriptions, clock: Clock) -> None:
        added(kept)
        channel = Channel()
        first, second = timer(kept, channel), timer(kept, channel)
        for moment in ("08:44:50", "08:45:00", "08:45:10"):
            clock.set(f"2026-11-20T{moment}")
            await asyncio.gather(first.look(), second.look())
        assert channel.at == ["11-20 08:45"]

    async def test_another_takes_over_when_one_is_gone(
        self, kept: Subscriptions, clock: Clock
    ) -> None:
        added(kept)
        channel = Channel()
        await timer(kept, channel).look()
        other = timer(kept, channel)
        clock.now += timedelta(seconds=LEASE_SECONDS - 1)
        assert not kept.lease("nobody")
        clock.set("2026-11-20T08:45:00")
        await other.look()
        assert channel.at == ["11-20 08:45"]

    async def test_one_that_stops_gives_way_at_once(self, kept: Subscriptions) -> None:
        runner = timer(kept, Channel())
        await runner.look()
        assert not kept.lease("another")
        await runner.stop()
        assert kept.lease("another")

    def test_a_post_over_which_a_process_died_is_made_by_another(
        self, kept: Subscriptions, clock: Clock
    ) -> None:
        added(kept)
        clock.set("2026-11-20T08:45:00")
        assert [due.attempt for due in kept.claim("dead", OPEN)] == [1]
        assert kept.claim("alive", OPEN) == []
        clock.now += timedelta(seconds=CLAIM_SECONDS)
        assert [due.attempt for due in kept.claim("alive", OPEN)] == [2]

    def test_a_post_that_kills_whoever_makes_it_is_given_up(
        self, kept: Subscriptions, clock: Clock
    ) -> None:
        added(kept)
        clock.set("2026-11-20T08:45:00")
        attempts = []
        for _ in range(MOST_ATTEMPTS + 2):
            attempts += [due.attempt for due in kept.claim("doomed", OPEN)]
            clock.now += timedelta(seconds=CLAIM_SECONDS)
        assert attempts == list(range(1, MOST_ATTEMPTS + 1))

    def test_two_processes_claim_each_post_once(self, kept: Subscriptions, tmp_path: Path) -> None:
        for at in range(MOST_IN_CHANNEL):
            added(kept, f"question {at}")
        due = datetime(2026, 11, 20, 8, 45, tzinfo=UTC).timestamp()
        spawning = multiprocessing.get_context("spawn")
        with spawning.Pool(2) as pool:
            claimed = pool.starmap(claims, [(tmp_path, due, str(at)) for at in range(4)])
        assert sorted(number for one in claimed for number in one) == list(
            range(1, MOST_IN_CHANNEL + 1)
        )

    def test_the_file_is_shared_by_whoever_opens_it(
        self, kept: Subscriptions, tmp_path: Path
    ) -> None:
        added(kept)
        with sqlite3.connect(tmp_path / Subscriptions.place) as file:
            assert file.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        file.close()


def claims(home: Path, now: float, holder: str) -> list[int]:
    """Claim whatever is due, as a process of its own does."""
    return [due.subscription.id for due in Subscriptions(home, lambda: now).claim(holder, OPEN)]


class TestRunning:
    async def test_it_looks_by_itself_until_it_is_stopped(
        self, kept: Subscriptions, clock: Clock
    ) -> None:
        pytest.importorskip("apscheduler")
        added(kept)
        channel = Channel()
        clock.set("2026-11-20T08:45:00")
        runner = timer(kept, channel)
        await runner.start()
        await until(lambda: bool(channel.posts))
        await runner.stop()
        assert channel.at == ["11-20 08:45"]


async def until(done: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(30):
        while not done():
            await asyncio.sleep(0.01)
