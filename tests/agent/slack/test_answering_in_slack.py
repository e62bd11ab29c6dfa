"""What people see who ask in Slack: in channels, threads and direct messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.agent.slack.desk import running, until
from tests.slack_server import BOT, TEAM, SlackServer, slack_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with slack_server() as server:
        yield server


async def test_a_mention_is_answered_in_its_thread_with_the_plan_ticked_off(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home) as answers:
        event = slack.say(f"<@{BOT}> Which sectors lead?")
        slack.send(event)
        await until(slack.answers)
    (answer,) = slack.answers()
    assert answer.thread_ts == event["event"]["ts"]
    assert "Which sectors lead?" in answer.shown
    assert [task["status"] for task in answer.tasks.values()] == ["complete", "complete"]
    assert answers.asked == [(f"{TEAM}:C1:{answer.thread_ts}", "Which sectors lead?")]
    assert slack.faults == []


async def test_a_follow_up_in_the_thread_needs_no_mention(slack: SlackServer, home: Path) -> None:
    async with running(slack, home) as answers:
        first = slack.say(f"<@{BOT}> Which sectors lead?")
        slack.send(first)
        await until(slack.answers)
        slack.send(slack.say("And last month?", thread_ts=first["event"]["ts"]))
        await until(lambda: len(slack.answers()) == 2)
    assert {thread for thread, _ in answers.asked} == {f"{TEAM}:C1:{first['event']['ts']}"}
