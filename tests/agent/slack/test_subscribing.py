"""Subscriptions and the Home tab as people meet them in Slack."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from agent.slack.answering import Calendar
from agent.slack.blocks import view_problems
from agent.slack.extras import CALENDAR_SECONDS, Extras
from agent.slack.schedule_text import parse_subscription
from agent.slack.schedules import TradingCalendar
from agent.slack.subscriptions import Due, Place, Subscriptions
from tests.agent.slack.desk import QuickAnswers, running, until
from tests.fakes import Clock
from tests.slack_server import TEAM, SlackServer
from tools.errors import SourceDownError

if TYPE_CHECKING:
    from pathlib import Path

WISH = "subscribe every weekday 8:45 in this channel: which sectors lead?"


async def acked(slack: SlackServer, envelope: str) -> str:
    await until(lambda: envelope in slack.acks)
    return str((slack.ack_payloads[envelope] or {}).get("text", ""))


async def test_a_channel_is_subscribed_listed_and_unsubscribed_by_command(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home) as answers:
        told = await acked(slack, slack.command(WISH))
        listed = await acked(slack, slack.command("list"))
        elsewhere = await acked(slack, slack.command("list", channel="C2", user="U2"))
        foreign = await acked(slack, slack.command("unsubscribe 1", channel="C2", user="U2"))
        gone = await acked(slack, slack.command("unsubscribe 1"))
        after = await acked(slack, slack.command("list"))
    assert "08:45" in told
    assert "which sectors lead?" in listed
    assert "which sectors lead?" not in elsewhere + foreign + after
    assert "will not be posted" in gone
    assert answers.asked == []
    said = [message for message in slack.messages.values() if "Subscribed" in message.text]
    assert [message.channel for message in said] == ["C1"]


async def test_a_wish_that_names_no_time_is_answered_with_how_to_say_it(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home):
        told = await acked(slack, slack.command("subscribe which sectors lead?"))
    assert "a time of day" in told
    assert Subscriptions(home).in_channel(Place(TEAM, "C1")) == []


async def test_a_channel_that_we_are_not_in_is_not_subscribed(
    slack: SlackServer, home: Path
) -> None:
    slack.refuse("chat.postMessage", "not_in_channel")
    async with running(slack, home):
        await acked(slack, slack.command(WISH))
        await until(lambda: any("/invite" in one.text for one in slack.messages.values()))
    (told,) = slack.messages.values()
    assert told.channel == "D100"
    assert "<#C1>" in told.text
    assert Subscriptions(home).in_channel(Place(TEAM, "C1")) == []


async def test_a_repeat_that_cannot_be_announced_leaves_the_subscription_as_it_is(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home):
        await acked(slack, slack.command(WISH))
        await until(lambda: len(slack.messages) == 1)
        slack.refuse("chat.postMessage", "not_in_channel")
        await acked(slack, slack.command(WISH))
        await until(lambda: any("/invite" in one.text for one in slack.messages.values()))
    assert [one.id for one in Subscriptions(home).in_channel(Place(TEAM, "C1"))] == [1]


async def test_a_command_is_acknowledged_while_slack_lets_the_announcement_wait(
    slack: SlackServer, home: Path
) -> None:
    slack.refuse("chat.postMessage", "ratelimited", status=429, retry_after="4")
    async with running(slack, home, grace_seconds=0.1):
        began = time.monotonic()
        told = await acked(slack, slack.command(WISH))
        assert time.monotonic() - began < 3.0
    assert "08:45" in told


async def test_a_number_too_long_for_a_number_is_no_subscription(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home):
        await acked(slack, slack.command(WISH))
        told = await acked(slack, slack.command(f"unsubscribe {'1' * 5_000}"))
    assert "which sectors lead?" in told


async def test_a_post_that_was_missed_comes_once_and_says_that_it_is_late(
    slack: SlackServer, home: Path
) -> None:
    # Three hours ago, whatever the time is now, or on the weekday before.
    at = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")) - timedelta(hours=3)
    async with running(slack, home):
        await acked(slack, slack.command(WISH.replace("8:45", f"{at:%H:%M}")))
    with Subscriptions(home)._file() as file:
        file.execute("UPDATE subscriptions SET told = told - ?", (4.5 * 86_400,))
    for _ in range(2):
        async with running(slack, home) as answers:
            await until(slack.answers)
    assert answers.asked == []
    (answer,) = slack.answers()
    root = slack.messages["C1", answer.thread_ts]
    assert root.text.startswith("which sectors lead?")
    assert "late" in root.text
    assert not answer.was_streamed


async def test_the_home_tab_shows_a_persons_own_subscriptions_and_ends_one(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home):
        await acked(slack, slack.command(WISH))
        for user in ("U100", "U2"):
            opened = {"type": "app_home_opened", "tab": "home", "user": user, "channel": "D1"}
            slack.send(slack.event(opened))
        await until(lambda: {"U100", "U2"} <= slack.views.keys())
        assert "8:45" in str(slack.views["U100"])
        assert "8:45" not in str(slack.views["U2"]).replace("weekday 8:45", "")
        slack.press("unsubscribe_1", "1", next(iter(slack.messages.values())))
        await until(lambda: "08:45" not in str(slack.views["U100"]))
    assert Subscriptions(home).of_reader(TEAM, "U100") == []
    assert [view_problems(view) for view in slack.views.values()] == [[], []]


async def test_a_calendar_that_could_not_be_read_is_read_at_the_next_post(home: Path) -> None:
    class Down(QuickAnswers):
        """Its market cannot be read at first."""

        reads = 0

        async def calendar(self) -> Calendar:
            self.reads += 1
            if self.reads == 1:
                raise SourceDownError("the market is being written")
            return Calendar("America/New_York", TradingCalendar())

    asked: list[str] = []

    class Handler:
        """Counts what is asked for."""

        def ask_for(self, place: Place, question: str, key: str, *, is_late: bool) -> bool:
            asked.append(key)
            return True

    home.mkdir(parents=True, exist_ok=True)
    clock, answers, nobody = Clock(0.0), Down(), cast("Any", None)
    handler = cast("Any", Handler())
    before = Calendar("Asia/Ho_Chi_Minh", TradingCalendar())
    extras = Extras(home, handler, nobody, nobody, answers, before, clock=clock)
    wish = parse_subscription(
        WISH.removeprefix("subscribe "), timezone=before.timezone, language="en"
    )
    kept = extras.subscriptions.add(Place(TEAM, "C1"), "U1", wish.schedule, wish.question, "en")
    posts = [Due(kept, datetime(2026, 1, day, tzinfo=UTC), 1) for day in (1, 2, 3)]
    clock.seconds = CALENDAR_SECONDS + 1.0
    for due in posts:
        await extras._post(due)
    assert answers.reads == 2
    assert extras._calendar.timezone == "America/New_York"
    assert asked == [due.key for due in posts]
