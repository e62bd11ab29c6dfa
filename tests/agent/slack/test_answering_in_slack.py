"""What people see who ask in Slack: in channels, threads and direct messages."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest

from agent.errors import CannotAnswerError
from tests.agent.slack.desk import QuickAnswers, running, until
from tests.slack_messages import Message
from tests.slack_server import BOT, BOT_ID, TEAM, SlackServer

if TYPE_CHECKING:
    from pathlib import Path


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


async def test_a_direct_message_is_a_conversation_of_its_own(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home):
        slack.send(slack.say("Which sectors lead?", channel="D1"))
        slack.send(slack.say("Where does money go?", channel="D1"))
        await until(lambda: len(slack.answers()) == 2)
    assert len({answer.thread_ts for answer in slack.answers()}) == 2


async def test_the_older_surface_of_assistants_ends_in_the_same_answer(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home):
        root = slack.new_ts()
        thread = {"user_id": "U100", "channel_id": "D1", "thread_ts": root, "context": {}}
        slack.send(slack.event({"type": "assistant_thread_started", "assistant_thread": thread}))
        await until(lambda: slack.count()["assistant.threads.setSuggestedPrompts"])
        slack.send(slack.say("Which sectors lead?", channel="D1", thread_ts=root))
        await until(slack.answers)
    (prompts,) = [c for c in slack.calls if c.method == "assistant.threads.setSuggestedPrompts"]
    assert prompts.arguments["thread_ts"] == root
    assert slack.answers()[0].thread_ts == root


async def test_opening_the_messages_tab_suggests_questions_without_a_thread(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home):
        opened = {"type": "app_home_opened", "tab": "messages", "user": "U100", "channel": "D1"}
        slack.send(slack.event(opened))
        await until(lambda: slack.count()["assistant.threads.setSuggestedPrompts"])
    (call,) = [c for c in slack.calls if c.method == "assistant.threads.setSuggestedPrompts"]
    assert "thread_ts" not in call.arguments
    assert 1 <= len(call.arguments["prompts"]) <= 4


UNANSWERED: dict[str, dict[str, Any]] = {
    "talk in a channel": {"text": "Which sectors lead?"},
    "a reply in a thread of others": {"text": "I think so", "thread_ts": "1.1"},
    "a bot": {"text": f"<@{BOT}> hello", "bot_id": "B1", "kind": "message"},
    "ourselves": {"text": f"<@{BOT}> hello", "user": BOT, "bot_id": BOT_ID},
    "an edit": {"text": f"<@{BOT}> hello", "subtype": "message_changed", "kind": "message"},
    "an edited mention": {"text": f"<@{BOT}> hello", "edited": {"user": "U100", "ts": "1"}},
    "a deletion": {"text": "", "subtype": "message_deleted", "kind": "message", "channel": "D1"},
    "somebody who joins": {"text": f"<@{BOT}>", "subtype": "channel_join", "kind": "message"},
    "a person of another workspace": {"text": f"<@{BOT}> hello", "user_team": "T777"},
}


@pytest.mark.parametrize("event", UNANSWERED.values(), ids=UNANSWERED.keys())
async def test_nobody_is_answered_who_did_not_ask(
    slack: SlackServer, home: Path, event: dict[str, Any]
) -> None:
    async with running(slack, home) as answers:
        said = dict(event)
        envelope = slack.send(slack.say(said.pop("text"), **said))
        await until(lambda: envelope in slack.acks)
        slack.send(slack.say("Which sectors lead?", channel="D2"))
        await until(slack.answers)
    assert [question for _, question in answers.asked] == ["Which sectors lead?"]


async def test_what_people_say_to_each_other_in_our_thread_is_left_alone(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home) as answers:
        first = slack.say(f"<@{BOT}> Which sectors lead?")
        slack.send(first)
        await until(slack.answers)
        root = first["event"]["ts"]
        envelope = slack.send(slack.say("<@U200> what do you think?", thread_ts=root))
        await until(lambda: envelope in slack.acks)
    assert len(answers.asked) == 1


async def test_only_listed_channels_and_direct_messages_are_answered(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home, channels=("C700",)) as answers:
        slack.send(slack.say(f"<@{BOT}> one", channel="C1"))
        slack.send(slack.say(f"<@{BOT}> two", channel="C700"))
        slack.send(slack.say("three", channel="D1"))
        await until(lambda: len(slack.answers()) == 2)
    assert {question for _, question in answers.asked} == {"two", "three"}


async def test_a_second_question_of_a_thread_waits_and_is_told_so(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home) as answers:
        answers.gate.clear()
        first = slack.say(f"<@{BOT}> first")
        slack.send(first)
        await until(lambda: answers.asked)
        slack.send(slack.say("second", thread_ts=first["event"]["ts"]))
        await until(lambda: slack.ephemeral)
        assert len(answers.asked) == 1
        answers.gate.set()
        await until(lambda: len(slack.answers()) == 2)
    assert "as soon as" in slack.ephemeral[0]["text"]
    assert [question for _, question in answers.asked] == ["first", "second"]
    first_answer, second_answer = sorted(slack.answers(), key=lambda message: message.ts)
    assert "first" in first_answer.shown
    assert "second" in second_answer.shown


@pytest.mark.parametrize("how", ["word", "button"])
async def test_a_running_answer_is_stopped_by_a_word_and_by_slacks_button(
    slack: SlackServer, home: Path, how: str
) -> None:
    async with running(slack, home) as answers:
        answers.gate.clear()
        first = slack.say(f"<@{BOT}> first")
        root = first["event"]["ts"]
        slack.send(first)
        await until(lambda: answers.asked)
        if how == "word":
            slack.send(slack.say("Dừng lại!", thread_ts=root))
        else:
            slack.expire_streams()
            stop = {"type": "agent_session_stopped", "channel": "C1", "thread_ts": root}
            slack.send(slack.event({**stop, "user": "U100", "streaming_message_ts": []}))
        await until(slack.answers)
        answers.gate.set()
        slack.send(slack.say(f"<@{BOT}> second", thread_ts=root))
        await until(lambda: len(slack.answers()) == 2)
    shown = [message.shown for message in sorted(slack.answers(), key=lambda one: one.ts)]
    assert "Stopped" in shown[0]
    assert "second" in shown[1]


async def test_a_stop_said_in_direct_messages_stops_what_runs_there(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home) as answers:
        answers.gate.clear()
        slack.send(slack.say("first", channel="D1"))
        await until(lambda: answers.asked)
        slack.send(slack.say("stop", channel="D1"))
        await until(slack.answers)
        slack.send(slack.say("stop", channel="D1"))
        await until(lambda: any("nothing running" in m.text for m in slack.messages.values()))
    assert "Stopped" in slack.answers()[0].shown


async def test_a_button_on_the_home_tab_is_answered_in_direct_messages(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home):
        slack.press("ask_0", "Which sectors lead?", Message("", "", ""))
        await until(slack.answers)
    (answer,) = slack.answers()
    assert answer.channel == "D100"
    assert "Which sectors lead?" in slack.messages["D100", answer.thread_ts].text


async def test_a_question_that_cannot_be_answered_is_told_why_without_live_links(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home) as answers:
        answers.error = CannotAnswerError("the model <!channel> is down")
        slack.send(slack.say(f"<@{BOT}> hello"))
        await until(slack.answers)
    (answer,) = slack.answers()
    assert "is down" in answer.shown
    assert "<!channel>" not in answer.shown


async def test_a_fault_of_ours_is_answered_plainly_and_ends_nothing(
    slack: SlackServer, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(slack, home) as answers:
        answers.error = ZeroDivisionError("a secret detail")
        slack.send(slack.say(f"<@{BOT}> hello"))
        await until(slack.answers)
        answers.error = None
        slack.send(slack.say(f"<@{BOT}> again"))
        await until(lambda: len(slack.answers()) == 2)
    shown = [message.shown for message in sorted(slack.answers(), key=lambda one: one.ts)]
    assert "went wrong" in shown[0]
    assert "secret" not in shown[0]
    logged = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert any("ZeroDivisionError" in record.getMessage() for record in logged)
    assert not any("secret" in f"{record.getMessage()} {record.exc_info}" for record in logged)
    assert "again" in shown[1]


async def test_a_follow_up_button_asks_in_the_thread_and_shows_what_was_asked(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home) as answers:
        slack.send(slack.say(f"<@{BOT}> first"))
        await until(slack.answers)
        (answer,) = slack.answers()
        answers.gate.clear()
        slack.press("ask_0", "Why <!here>?", answer)
        await until(lambda: len(answers.asked) == 2)
        slack.press("ask_0", "Why <!here>?", answer)
        await until(lambda: any("already" in note["text"] for note in slack.ephemeral))
        answers.gate.set()
        await until(lambda: len(slack.answers()) == 2)
    assert len(answers.asked) == 2
    said = [message for message in slack.messages.values() if message.part == "question"]
    assert len(said) == 1
    assert "<!here>" not in said[0].shown


async def test_a_vote_is_kept_once_and_thanked_for(slack: SlackServer, home: Path) -> None:
    from agent.slack.feedback import Votes

    async with running(slack, home) as answers:
        slack.send(slack.say(f"<@{BOT}> first"))
        await until(slack.answers)
        (answer,) = slack.answers()
        (run_id,) = answers.made
        for _ in range(2):
            slack.press("feedback", f"up {run_id}", answer, type="feedback_buttons")
        await until(lambda: slack.ephemeral)
    assert Votes(home).of_run(run_id) == (1, 0)
    assert len(slack.ephemeral) == 1


async def test_a_command_asks_in_the_channel_and_help_stays_private(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home) as answers:
        envelope = slack.command("which sectors lead?")
        helped = slack.command("help")
        await until(slack.answers)
        await until(lambda: helped in slack.acks)
    (answer,) = slack.answers()
    root = slack.messages["C1", answer.thread_ts]
    assert root.part == "root"
    assert "which sectors lead?" in root.text
    assert answers.asked == [(f"{TEAM}:C1:{root.ts}", "which sectors lead?")]
    assert "I am on it" in slack.ack_payloads[envelope]["text"]
    assert "/sectorvane subscribe" in slack.ack_payloads[helped]["text"]


async def test_a_command_where_we_are_no_member_is_answered_directly(
    slack: SlackServer, home: Path
) -> None:
    slack.refuse(
        "chat.postMessage", "not_in_channel", times=99, when=lambda given: given["channel"] == "C1"
    )
    async with running(slack, home):
        slack.command("which sectors lead?")
        await until(slack.answers)
    (answer,) = slack.answers()
    assert answer.channel == "D100"
    assert "/invite" in slack.messages["D100", answer.thread_ts].text


async def test_a_command_of_another_workspace_gets_nothing_but_a_word(
    slack: SlackServer, home: Path
) -> None:
    async with running(slack, home) as answers:
        envelope = slack.command("which sectors lead?", team="T777")
        await until(lambda: envelope in slack.acks)
    assert answers.asked == []
    assert "do not answer here" in slack.ack_payloads[envelope]["text"]


async def test_a_question_too_long_to_be_one_is_declined(slack: SlackServer, home: Path) -> None:
    async with running(slack, home) as answers:
        slack.send(slack.say("why " * 2000, channel="D1"))
        await until(lambda: slack.count()["chat.postMessage"])
    assert answers.asked == []


async def test_an_app_that_is_no_agent_shows_the_older_status(
    slack: SlackServer, home: Path
) -> None:
    slack.has_sessions = False
    async with running(slack, home):
        slack.send(slack.say(f"<@{BOT}> first"))
        await until(slack.answers)
        slack.send(slack.say(f"<@{BOT}> second"))
        await until(lambda: len(slack.answers()) == 2)
        await asyncio.sleep(0.05)
    assert slack.count()["agents.sessions.setStatus"] == 1
    assert slack.count()["assistant.threads.setStatus"] >= 2


async def test_a_mention_without_a_question_is_helped(slack: SlackServer, home: Path) -> None:
    async with running(slack, home, QuickAnswers()) as answers:
        slack.send(slack.say(f"<@{BOT}>"))
        await until(slack.answers)
    assert [question for _, question in answers.asked] == ["help"]
