"""A question that is stopped or has no answer is closed, and its person hears of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from agent.errors import CannotAnswerError
from agent.slack.delivering import TRIES, Delivery
from agent.slack.journal import Journal, Work
from agent.slack.pace import Pace
from agent.slack.runs import Runs
from agent.slack.sending import Sender
from tests.agent.slack.desk import QuickAnswers, until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.slack_server import SlackServer


@pytest.mark.parametrize("n_turns", range(8))
async def test_a_question_stopped_in_any_turn_of_the_loop_is_not_asked_again(
    slack: SlackServer, home: Path, n_turns: int
) -> None:
    journal, answers = Journal(home), QuickAnswers()
    answers.gate.clear()
    work = Work(
        id="w1", kind="message", team="T1", channel="C1", thread_ts="1.1", ts="1.1", user="U1",
        question="first", accepted_at=journal.wall(),
    )  # fmt: skip
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient("xoxb-1", slack.api_url, session=session, retry_handlers=[])
        sender = Sender(client, Pace({}))
        runs = Runs(journal, sender, Delivery(sender, journal), answers, every=0.01)
        assert runs.accept(work, ("event",))
        for _ in range(n_turns):
            await asyncio.sleep(0)
        assert runs.stop(work.thread)
        assert await runs.close(5.0) == 0
    kept = journal.work("w1")
    assert kept is not None
    assert kept.state == "stopped"
    journal.close()


async def test_why_there_is_no_answer_is_told_again_while_slack_itself_fails(
    slack: SlackServer, home: Path
) -> None:
    async def at_once(_seconds: float) -> None:
        """Wait for nothing."""

    journal, answers = Journal(home), QuickAnswers()
    answers.error = CannotAnswerError("There is no such sector.")
    slack.refuse("chat.startStream", "not_allowed", times=9)
    slack.refuse("chat.postMessage", "service_unavailable", times=TRIES + 2)
    work = Work(
        id="w1", kind="message", team="T1", channel="C1", thread_ts="1.1", ts="1.1", user="U1",
        question="first", accepted_at=journal.wall(),
    )  # fmt: skip
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient("xoxb-1", slack.api_url, session=session, retry_handlers=[])
        sender = Sender(client, Pace({}))
        delivery = Delivery(sender, journal, sleep=at_once)
        runs = Runs(journal, sender, delivery, answers, every=0.01, sleep=at_once)
        assert runs.accept(work, ("event",))
        await until(lambda: not journal.open_work())
        assert await runs.close(5.0) == 0
    (message,) = slack.answers()
    assert "There is no such sector" in message.shown
    assert len(answers.asked) == 1
    journal.close()
