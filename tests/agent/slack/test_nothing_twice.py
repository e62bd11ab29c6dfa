"""Whatever Slack or the network does: every question is answered once, and none is lost."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from typing import TYPE_CHECKING

import pytest

from agent.slack.command_text import LONGEST_QUESTION
from agent.slack.journal import SCHEMA, Journal
from agent.slack.pace import Limit, Pace
from tests.agent.slack.desk import QuickAnswers, running, until
from tests.slack_server import BOT, SlackServer

if TYPE_CHECKING:
    from pathlib import Path

    from agent.brains.base import Progress
    from agent.brief.model import Brief
    from agent.slack.journal import Work


def answered_once(slack: SlackServer, questions: dict[str, str]) -> None:
    """Assert that every thread has one answer, to its own question."""
    found = {message.thread_ts: message for message in slack.answers()}
    assert len(slack.answers()) == len(questions)
    assert {ts: question in found[ts].shown for ts, question in questions.items()} == dict.fromkeys(
        questions, True
    )
    assert slack.faults == []


async def test_an_event_that_comes_again_is_answered_once(slack: SlackServer, home: Path) -> None:
    event = slack.say(f"<@{BOT}> first")
    async with running(slack, home):
        for _ in range(3):
            slack.send(event)
        await until(slack.answers)
    async with running(slack, home):
        again = slack.send(event)
        await until(lambda: again in slack.acks)
        await asyncio.sleep(0.05)
    answered_once(slack, {event["event"]["ts"]: "first"})


async def test_one_message_that_comes_as_several_events_is_answered_once(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home):
        ts = slack.new_ts()
        for kind in ("message", "app_mention", "app_mention"):
            slack.send(slack.say(f"<@{BOT}> first", ts=ts, kind=kind))
        await until(slack.answers)
        await asyncio.sleep(0.05)
    answered_once(slack, {ts: "first"})


async def test_a_reply_that_comes_before_its_mention_is_not_lost(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home) as answers:
        mention = slack.say(f"<@{BOT}> first")
        root = mention["event"]["ts"]
        reply = slack.send(slack.say("second", thread_ts=root))
        await until(lambda: reply in slack.acks)
        slack.send(mention)
        await until(lambda: len(slack.answers()) == 2)
    assert [question for _, question in answers.asked] == ["first", "second"]


async def test_what_people_wrote_to_each_other_before_a_mention_is_not_answered(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home) as answers:
        root = slack.new_ts()
        for said in ("lunch?", "stop"):
            chatter = slack.send(slack.say(said, thread_ts=root))
            await until(lambda chatter=chatter: chatter in slack.acks)  # type: ignore[misc]
        slack.send(slack.say(f"<@{BOT}> first", thread_ts=root))
        await until(slack.answers)
        await asyncio.sleep(0.1)
    assert [question for _, question in answers.asked] == ["first"]


async def test_waiting_questions_of_a_thread_are_taken_in_the_order_they_were_written(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home) as answers:
        answers.gate.clear()
        mention = slack.say(f"<@{BOT}> first")
        root = mention["event"]["ts"]
        second, third = (slack.say(text, thread_ts=root) for text in ("second", "third"))
        slack.send(mention)
        await until(lambda: answers.asked)
        for event in (third, second):
            envelope = slack.send(event)
            await until(lambda envelope=envelope: envelope in slack.acks)  # type: ignore[misc]
        answers.gate.set()
        await until(lambda: len(slack.answers()) == 3)
    assert [question for _, question in answers.asked] == ["first", "second", "third"]


async def test_a_reply_to_a_command_at_once_waits_for_its_answer(
    slack: SlackServer, home: Path
) -> None:
    slack.latency_seconds = 0.3
    async with running(slack, home) as answers:
        answers.gate.clear()
        slack.command("first")
        await until(lambda: slack.messages)
        (root,) = slack.messages.values()
        # Our own post is known to us a moment later than it stands there.
        await until(lambda: slack.count()["agents.sessions.setStatus"])
        reply = slack.send(slack.say("second", thread_ts=root.ts))
        await until(lambda: reply in slack.acks)
        await until(lambda: answers.asked)
        await asyncio.sleep(0.5)
        assert [question for _, question in answers.asked] == ["first"]
        answers.gate.set()
        await until(lambda: len(answers.asked) == 2)
        await until(lambda: not Journal(home).open_work())


async def test_a_stream_that_expires_is_begun_anew_with_all_that_it_showed(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home) as answers:
        answers.gate.clear()
        event = slack.say(f"<@{BOT}> first")
        slack.send(event)
        await until(lambda: slack.count()["chat.startStream"])
        await until(lambda: any(message.tasks for message in slack.messages.values()))
        slack.expire_streams()
        answers.gate.set()
        await until(slack.answers)
    (answer,) = slack.answers()
    answered_once(slack, {event["event"]["ts"]: "first"})
    told = slack.in_thread("C1", event["event"]["ts"])
    assert "first" in answer.shown
    assert all(not message.streaming for message in told)


async def test_a_stream_that_expires_during_a_long_run_is_followed_by_another(
    slack: SlackServer, home: Path
) -> None:
    class InSteps(QuickAnswers):
        async def answer(self, work: Work, progress: Progress) -> Brief:
            progress("plan", {"calls": [{"tool": "get_macro"}], "keys": ["k1"], "held": []})
            await until(lambda: slack.count()["chat.startStream"] == 1)
            await until(lambda: any(message.tasks for message in slack.messages.values()))
            slack.expire_streams()
            progress("call", {"key": "k1", "tool": "get_macro", "status": "ok", "ms": 3.0})
            await until(lambda: slack.count()["chat.startStream"] == 2)
            return await super().answer(work, lambda *_: None)

    async with running(slack, home, InSteps()):
        event = slack.say(f"<@{BOT}> first")
        slack.send(event)
        await until(slack.answers)
    old, new = slack.in_thread("C1", event["event"]["ts"])
    answered_once(slack, {event["event"]["ts"]: "first"})
    assert new.part == "main"
    assert [task["status"] for task in new.tasks.values()] == ["complete"]
    assert "Goes on below" in old.shown


@pytest.mark.parametrize("method", ["chat.stopStream", "chat.postMessage"])
async def test_refused_blocks_leave_the_answer_as_text(
    slack: SlackServer, home: Path, method: str
) -> None:
    if method == "chat.postMessage":
        slack.refuse("chat.startStream", "channel_type_not_supported", times=9)
    slack.refuse(method, "invalid_blocks", when=lambda given: bool(given.get("blocks")))
    async with running(slack, home):
        event = slack.say(f"<@{BOT}> first")
        slack.send(event)
        await until(slack.answers)
        await until(lambda: slack.count()["chat.postMessage"])
    (answer,) = slack.answers()
    assert answer.part == "plain"
    assert answer.blocks == []
    assert "first" in answer.text


@pytest.mark.parametrize(
    "method",
    [
        "agents.sessions.setStatus",
        "chat.startStream",
        "chat.appendStream",
        "chat.stopStream",
        "chat.postMessage",
    ],
)
async def test_a_method_that_is_held_back_is_called_again_when_slack_allows(
    slack: SlackServer, home: Path, method: str
) -> None:
    if method == "chat.postMessage":
        slack.refuse("chat.startStream", "channel_type_not_supported", times=9)
    slack.refuse(method, "ratelimited", status=429, retry_after="1")
    async with running(slack, home):
        event = slack.say(f"<@{BOT}> first")
        slack.send(event)
        await until(slack.answers)
    answered_once(slack, {event["event"]["ts"]: "first"})
    calls = [call.at for call in slack.calls if call.method == method]
    assert all(later - earlier >= 0.99 for earlier, later in itertools.pairwise(calls))


@pytest.mark.parametrize(("status", "stands"), [(503, True), (403, False)])
async def test_a_file_that_is_lost_on_its_way_is_sent_again(
    slack: SlackServer, home: Path, status: int, stands: bool
) -> None:
    slack.refuse("upload", "", status=status)
    answers = QuickAnswers()
    answers.is_long = True
    async with running(slack, home, answers):
        slack.send(slack.say(f"<@{BOT}> first"))
        await until(lambda: answers.asked and not Journal(home).open_work())
    assert bool([message for message in slack.messages.values() if message.files]) == stands


@pytest.mark.parametrize("carried_out", [True, False])
async def test_a_post_whose_answer_is_lost_is_looked_for_before_it_is_sent_again(
    slack: SlackServer, home: Path, carried_out: bool
) -> None:
    slack.refuse("chat.startStream", "channel_type_not_supported", times=9)
    slack.refuse("chat.postMessage", "internal_error", status=500, carried_out=carried_out)
    async with running(slack, home):
        event = slack.say(f"<@{BOT}> first")
        slack.send(event)
        await until(lambda: slack.count()["conversations.replies"])
        await until(slack.answers)
        await until(lambda: not Journal(home).open_work())
    answered_once(slack, {event["event"]["ts"]: "first"})
    assert slack.count()["chat.postMessage"] == (1 if carried_out else 2)


@pytest.mark.parametrize("text", ["command", "message"])
async def test_while_slack_itself_fails_an_answer_is_tried_again(
    slack: SlackServer, home: Path, text: str
) -> None:
    slack.refuse("chat.startStream", "not_allowed", times=99)
    slack.refuse("chat.postMessage", "service_unavailable", times=1)
    slack.refuse("conversations.replies", "not_allowed", times=1)
    async with running(slack, home) as answers:
        if text == "command":
            slack.command("first")
        else:
            slack.send(slack.say(f"<@{BOT}> first"))
        await until(slack.answers)
        await until(lambda: not Journal(home).open_work())
    assert len(slack.answers()) == 1
    assert len(answers.asked) == 1
    assert slack.repeated() == []


async def test_every_question_that_is_too_long_is_refused_however_many_there_are(
    slack: SlackServer, home: Path
) -> None:
    pace = Pace({"chat.postMessage": Limit(600, 1, by_channel=True)})
    async with running(slack, home, pace=pace):
        for _ in range(3):
            slack.send(slack.say(f"<@{BOT}> {'long ' * LONGEST_QUESTION}"))
        await until(lambda: slack.count()["chat.postMessage"] == 3)


@pytest.mark.parametrize("how", ["disconnect", "close"])
async def test_a_socket_that_is_taken_away_is_opened_again_and_nothing_is_lost(
    slack: SlackServer, home: Path, how: str
) -> None:
    slack.ack_seconds = 1.0
    questions = {}
    async with running(slack, home):
        for number in range(6):
            event = slack.say(f"<@{BOT}> question {number}")
            questions[event["event"]["ts"]] = f"question {number}"
            slack.send(event)
            if number == 2:
                await asyncio.to_thread(
                    slack.disconnect if how == "disconnect" else slack.close_sockets
                )
        await until(lambda: slack.sockets_opened >= 2)
        await until(lambda: len(slack.answers()) == 6)
    answered_once(slack, questions)


async def test_a_question_that_could_not_be_written_down_is_not_acknowledged(
    slack: SlackServer, home: Path
) -> None:
    slack.ack_seconds = 0.3
    async with running(slack, home):
        event = slack.say(f"<@{BOT}> first")
        with sqlite3.connect(home / "slack" / "journal.sqlite", isolation_level=None) as other:
            other.execute("DROP TABLE work")
            envelope = slack.send(event)
            await asyncio.sleep(0.2)
            assert envelope not in slack.acks
            other.executescript(SCHEMA)
        other.close()
        await until(slack.answers)
    answered_once(slack, {event["event"]["ts"]: "first"})


async def test_what_was_open_when_the_app_was_stopped_is_answered_by_the_next_start(
    slack: SlackServer, home: Path
) -> None:
    questions = {}
    waiting = QuickAnswers()
    waiting.gate.clear()
    async with running(slack, home, waiting, grace_seconds=0.0, at_once=1):
        for number in range(3):
            event = slack.say(f"<@{BOT}> question {number}")
            questions[event["event"]["ts"]] = f"question {number}"
            slack.send(event)
        await until(lambda: waiting.asked)
        await until(lambda: len(slack.acks) == 3)
    assert slack.answers() == []
    assert len(Journal(home).open_work()) == 3
    async with running(slack, home):
        await until(lambda: len(slack.answers()) == 3)
    answered_once(slack, questions)


async def test_stopping_waits_for_an_answer_that_is_on_its_way(
    slack: SlackServer, home: Path
) -> None:
    answers = QuickAnswers(seconds=0.3)
    async with running(slack, home, answers):
        event = slack.say(f"<@{BOT}> first")
        slack.send(event)
        await until(lambda: answers.asked)
    answered_once(slack, {event["event"]["ts"]: "first"})
    assert Journal(home).open_work() == []


async def test_a_question_that_ends_every_process_is_given_up(
    slack: SlackServer, home: Path
) -> None:
    waiting = QuickAnswers()
    waiting.gate.clear()
    event = slack.say(f"<@{BOT}> first")
    for number in range(3):
        async with running(slack, home, waiting, grace_seconds=0.0):
            if number == 0:
                slack.send(event)
            await until(lambda number=number: len(waiting.asked) == number + 1)  # type: ignore[misc]
    async with running(slack, home, waiting):
        await until(slack.answers)
    assert "went wrong" in slack.answers()[0].shown
    assert len(waiting.asked) == 3


async def test_fifty_threads_at_once_get_each_their_own_answer(
    slack: SlackServer, home: Path
) -> None:
    questions = {}
    async with running(slack, home, QuickAnswers(seconds=0.05), at_once=8):
        for number in range(50):
            event = slack.say(f"<@{BOT}> question-{number}-", channel=f"C{number % 7}")
            questions[event["event"]["ts"]] = f"question-{number}-"
            slack.send(event)
            slack.send(event)
        await until(lambda: len(slack.answers()) == 50)
        await asyncio.sleep(0.1)
    answered_once(slack, questions)
