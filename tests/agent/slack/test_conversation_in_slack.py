"""The real conversation behind Slack: a small market, the offline brain, threads that remember."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from agent.settings import Settings
from agent.slack.answering import ConversationPool
from agent.slack.blocks import view_problems
from agent.slack.journal import Journal, Work
from tests.agent.slack.desk import running, until
from tests.markets import write_market
from tests.slack_server import BOT, SlackServer

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_market(tmp_path_factory.mktemp("market") / "toy")


def settings_of(home: Path, market: Path) -> Settings:
    return Settings(home=home, market=f"folder:{market}", brain="offline")


def work_of(question: str, thread_ts: str = "1.1", **changes: object) -> Work:
    known = {
        "id": "w1", "kind": "message", "team": "T1", "channel": "C1", "thread_ts": thread_ts,
        "ts": thread_ts, "user": "U1", "question": question, "accepted_at": 0.0,
    }  # fmt: skip
    return Work(**{**known, **changes})  # type: ignore[arg-type]


async def test_threads_remember_and_show_a_whole_brief_with_its_chart(
    slack: SlackServer, session_home: Path, market: Path
) -> None:
    pool = ConversationPool(settings_of(session_home, market))
    async with running(slack, session_home, pool, at_once=2):
        first = slack.say(f"<@{BOT}> Which sectors are rotating in?", channel="C1")
        other = slack.say(f"<@{BOT}> Where did foreign money go?", channel="C2")
        for event in (first, other):
            slack.send(event)
        await until(lambda: len(slack.answers()) == 2, 120)
        slack.send(slack.say("And over three months?", thread_ts=first["event"]["ts"]))
        await until(lambda: len(slack.answers()) == 3, 120)
        await until(lambda: not Journal(session_home).open_work(), 60)
        home = {"type": "app_home_opened", "tab": "home", "user": "U7", "channel": "D7"}
        slack.send(slack.event(home))
        await until(lambda: "Financials" in str(slack.views.get("U7")), 60)
    assert slack.faults == []
    in_first = slack.in_thread("C1", first["event"]["ts"])
    answers = [message for message in in_first if message.part == "main"]
    assert [bool(message.tasks) for message in answers] == [True, True]
    assert "3M" in answers[1].shown
    assert any("table" in message.shown for message in in_first)
    in_other = slack.in_thread("C2", other["event"]["ts"])
    assert not ({one.work for one in in_first} & {one.work for one in in_other}) - {""}
    if find_spec("matplotlib"):
        files = [name for message in in_first for name in message.files]
        assert len(files) == 2
        assert all(name.startswith("heatmap-") for name in files)
        assert all(body.startswith(b"\x89PNG") for _, body in slack.files.values())
    assert view_problems(slack.views["U7"]) == []


async def test_an_answer_that_a_killed_process_had_made_is_not_made_again(
    home: Path, market: Path
) -> None:
    told: list[str] = []

    def progress(event: str, _details: dict[str, object]) -> None:
        told.append(event)

    pool = ConversationPool(settings_of(home, market))
    try:
        work = work_of("Which sectors lead?", attempts=1)
        brief = await pool.answer(work, progress)
        told.clear()
        again = await pool.answer(work_of("Which sectors lead?", attempts=2), progress)
        later = await pool.answer(
            work_of("Which sectors lead?", attempts=2, accepted_at=4e9), progress
        )
        recalled = await pool.recall(work_of("Which sectors lead?", run_id=brief.run_id))
    finally:
        await pool.close()
    assert again.run_id == brief.run_id
    assert later.run_id != brief.run_id
    assert recalled == brief
    assert "plan" in told


async def test_a_cancelled_question_frees_its_conversation(home: Path, market: Path) -> None:
    pool = ConversationPool(settings_of(home, market))
    started = asyncio.Event()
    try:
        running = asyncio.create_task(
            pool.answer(work_of("Which sectors lead?"), lambda *_: started.set())
        )
        await asyncio.wait_for(started.wait(), 60)
        running.cancel()
        await asyncio.wait({running})
        brief = await pool.answer(work_of("Where did money go?", "2.2"), lambda *_: None)
    finally:
        await pool.close()
    assert brief.question == "Where did money go?"
