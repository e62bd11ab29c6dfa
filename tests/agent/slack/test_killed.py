"""A process killed in the middle of an answer: the next one answers, once."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from agent.slack.journal import Journal
from tests.agent.slack.killing import app_process, kill_at
from tests.slack_server import BOT, SlackServer

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("method", "is_done"),
    [("chat.stopStream", True), ("files.completeUploadExternal", True)],
)
def test_a_killed_process_answers_exactly_once_after_it_is_started_again(
    slack: SlackServer, home: Path, method: str, is_done: bool
) -> None:
    slack.ack_seconds = 1.0
    questions = {}
    with app_process(slack, home) as process:
        slack.wait_for(lambda: slack.sockets_opened)
        killed = kill_at(slack, process, method, is_done=is_done)
        for number in range(3):
            event = slack.say(f"<@{BOT}> question {number}", channel=f"C{number}")
            questions[event["event"]["ts"]] = f"question {number}"
            slack.send(event)
        slack.wait_for(killed.is_set)
    with app_process(slack, home):
        slack.wait_for(lambda: len({one.thread_ts for one in slack.answers()}) == 3)
        slack.wait_for(lambda: not Journal(home).open_work())
    assert len(slack.answers()) == 3
    assert slack.repeated() == []
    parts = [len(slack.in_thread(one.channel, one.thread_ts)) for one in slack.answers()]
    assert all(count >= 3 for count in parts)
    for answer in slack.answers():
        assert questions[answer.thread_ts] in answer.shown
    assert slack.faults == []


def test_an_interrupted_process_hands_its_answers_over_and_leaves_in_peace(
    slack: SlackServer, home: Path
) -> None:
    with app_process(slack, home, seconds=1.0) as process:
        slack.wait_for(lambda: slack.sockets_opened)
        event = slack.say(f"<@{BOT}> first")
        slack.send(event)
        slack.wait_for((home / "asked.log").exists)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert [answer.thread_ts for answer in slack.answers()] == [event["event"]["ts"]]
    assert Journal(home).open_work() == []
    assert "Traceback" not in (home / "log.txt").read_text(encoding="utf-8")
