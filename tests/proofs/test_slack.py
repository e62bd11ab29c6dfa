"""Slack at its worst: every question answered exactly once, none lost, none mixed up, the first sign at once."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from agent.settings import Settings
from agent.slack.answering import ConversationPool
from agent.slack.journal import Journal
from agent.slack.pace import Pace
from tests.agent.slack.desk import QuickAnswers, running, until
from tests.agent.slack.killing import app_process, kill_at
from tests.markets import write_market
from tests.slack_server import BOT, SlackServer, slack_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

THREADS = 50
SIGNS = ("agents.sessions.setStatus", "assistant.threads.setStatus", "chat.startStream")
KILLED_AT = (
    ("agents.sessions.setStatus", True), ("chat.startStream", False), ("chat.startStream", True),
    ("chat.appendStream", True), ("chat.stopStream", False), ("chat.stopStream", True),
    ("chat.postMessage", False), ("chat.postMessage", True),
    ("files.completeUploadExternal", False), ("files.completeUploadExternal", True),
)  # fmt: skip


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with slack_server() as server:
        yield server


def table(head: tuple[str, ...], *rows: tuple[object, ...]) -> str:
    """Return a table in Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in lines)


def verdict(slack: SlackServer, asked: dict[tuple[str, str], str]) -> tuple[int, int, int, int]:
    """Return how many questions were answered once, twice, never, and in the wrong place.

    `asked` has the thread and the words of every question.
    """
    found = Counter(
        (message.thread_ts, words)
        for message in slack.answers()
        for (thread, words) in asked
        if f"about {words} in" in message.shown and thread == message.thread_ts
    )
    once = sum(found[key] == 1 for key in asked)
    twice = sum(found[key] > 1 for key in asked)
    wrong = sum(
        not any(
            thread == message.thread_ts and f"about {words} in" in message.shown
            for (thread, words) in asked
        )
        for message in slack.answers()
    )
    return once, twice, len(asked) - once - twice, wrong


def at_percent(values: list[float], percent: float) -> float:
    """Return the value that so many percent stay below."""
    return sorted(values)[min(len(values) - 1, int(len(values) * percent / 100))]


async def signs_of(slack: SlackServer, count: int) -> tuple[list[float], list[float]]:
    """Ask one question after another; return the seconds to acknowledgement and to the first sign."""
    acks, signs = [], []
    for number in range(count):
        event = slack.say(f"<@{BOT}> question-{number}-", channel=f"C{number % 5}")
        root = event["event"]["ts"]
        envelope = slack.send(event)

        def first_sign(root: str = root) -> float:
            return next(
                (
                    call.at
                    for call in slack.calls
                    if call.method in SIGNS and call.arguments.get("thread_ts") == root
                ),
                0.0,
            )

        await until(lambda envelope=envelope: envelope in slack.acks)  # type: ignore[misc]
        await until(first_sign)
        acks.append(slack.acks[envelope] - slack.sent[envelope])
        signs.append(first_sign() - slack.sent[envelope])
        await asyncio.sleep(0.1)
    return acks, signs


def line(name: str, values: list[float]) -> tuple[object, ...]:
    shown = (median(values), at_percent(values, 95), max(values))
    return (name, len(values), *(f"{1000 * value:.0f}" for value in shown))


@pytest.mark.proof
async def test_the_first_sign_is_seen_within_a_second(slack: SlackServer, tmp_path: Path) -> None:
    async with running(slack, tmp_path / "quick", pace=Pace()):
        acks, signs = await signs_of(slack, 40)
        await until(lambda: len(slack.answers()) == 40, 120)
    market = write_market(tmp_path / "market" / "toy")
    home = tmp_path / "real"
    pool = ConversationPool(Settings(home=home, market=f"folder:{market}", brain="offline"))
    async with running(slack, home, pool, pace=Pace()):
        slack.send(slack.say(f"<@{BOT}> Which sectors lead?", channel="C9"))
        await asyncio.sleep(0.2)
        busy_acks, busy_signs = await signs_of(slack, 20)
        await until(lambda: not Journal(home).open_work(), 240)
    print(
        table(
            ("milliseconds", "questions", "median", "95 %", "slowest"),
            line("acknowledged", acks),
            line("first sign", signs),
            line("acknowledged, real conversations at work beside", busy_acks),
            line("first sign, real conversations at work beside", busy_signs),
        )
    )
    assert max(signs) < 1.0
    assert at_percent(busy_signs, 95) < 1.0


@pytest.mark.proof
async def test_fifty_threads_at_once_at_slacks_own_pace(slack: SlackServer, tmp_path: Path) -> None:
    chance = random.Random(3)
    asked: dict[tuple[str, str], str] = {}
    events: list[tuple[float, Any]] = []
    for number in range(THREADS):
        mention = slack.say(f"<@{BOT}> first-{number}-", channel=f"C{number % 10}")
        root = mention["event"]["ts"]
        reply = slack.say(f"second-{number}-", channel=f"C{number % 10}", thread_ts=root)
        for event, words in ((mention, f"first-{number}-"), (reply, f"second-{number}-")):
            asked[root, words] = event["event"]["channel"]
            again = {**event, "event_id": f"{event['event_id']}-again"}
            doubled = [event, event, again] + (
                [{**again, "event_id": f"{event['event_id']}-m",
                  "event": {**event["event"], "type": "message"}}] if event is mention else []
            )  # fmt: skip
            events += [(chance.random(), one) for one in doubled]
    began = time.monotonic()
    async with running(slack, tmp_path / "home", QuickAnswers(0.2), pace=Pace(), at_once=8):
        for _, event in sorted(events, key=lambda pair: pair[0]):
            slack.send(event)
        await until(lambda: len(slack.answers()) >= len(asked), 240)
        await asyncio.sleep(1.0)
    seconds = time.monotonic() - began
    once, twice, never, wrong = verdict(slack, asked)
    count = slack.count()
    print(
        f"{THREADS} threads of two questions, {len(events)} events in any order: each event twice, "
        f"once more with a new id, and mentions as messages too. {seconds:.0f} s at Slack's limits.\n"
    )
    print(table(("once", "twice", "never", "misplaced"), (once, twice, never, wrong)))
    print()
    print(table(("method", "calls"), *sorted(count.items())))
    assert (once, twice, never, wrong) == (len(asked), 0, 0, 0)
    assert slack.faults == []


def plague(slack: SlackServer, chance: random.Random) -> None:
    """Let about every tenth call go wrong in one of the ways that Slack's calls do."""
    ways: tuple[tuple[str, dict[str, Any]], ...] = (
        ("ratelimited", {"status": 429, "retry_after": "1"}),
        ("internal_error", {"status": 500}),
        ("internal_error", {"status": 500, "carried_out": True}),
        ("internal_error", {"status": 503, "carried_out": True}),
    )
    for method in (
        "chat.postMessage", "chat.stopStream", "chat.startStream", "chat.appendStream",
        "chat.update", "conversations.replies", "agents.sessions.setStatus",
        "files.getUploadURLExternal", "files.completeUploadExternal",
    ):  # fmt: skip
        for error, details in ways:
            slack.refuse(method, error, times=4, when=lambda _: chance.random() < 0.1, **details)
    slack.refuse("chat.stopStream", "invalid_blocks", times=3, when=lambda _: chance.random() < 0.1)


@pytest.mark.proof
@pytest.mark.parametrize("seed", [5, 6, 7])
async def test_fifty_threads_while_everything_fails_now_and_then(
    slack: SlackServer, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    slack.ack_seconds = 1.0
    plague(slack, chance)
    asked = {}
    broken: Counter[str] = Counter()
    answers = QuickAnswers(0.3)
    answers.is_long = True
    async with running(slack, tmp_path / "home", answers, at_once=8):
        for number in range(THREADS):
            event = slack.say(f"<@{BOT}> first-{number}-", channel=f"C{number % 10}")
            asked[event["event"]["ts"], f"first-{number}-"] = "C"
            slack.send(event)
            if number % 10 == 5:
                slack.expire_streams()
                broken["streams expired"] += 1
            if number % 20 == 8:
                await asyncio.to_thread(slack.disconnect)
                broken["disconnect messages"] += 1
            if number % 20 == 16:
                await asyncio.to_thread(slack.close_sockets)
                broken["sockets closed"] += 1
            await asyncio.sleep(0.05)
        await until(lambda: not Journal(tmp_path / "home").open_work(), 240)
        await until(lambda: len(slack.answers()) >= len(asked), 240)
    for method, refusals in slack.refusals.items():
        for refusal, most in zip(refusals, (4, 4, 4, 4, 3), strict=False):
            lost = ", carried out" if refusal.carried_out else ""
            broken[f"{method}: {refusal.error} {refusal.status}{lost}"] += most - refusal.times
    once, twice, never, wrong = verdict(slack, asked)
    print(table(("once", "twice", "never", "misplaced"), (once, twice, never, wrong)))
    print()
    print(table(("what went wrong", "times"), *((k, v) for k, v in broken.items() if v)))
    print(f"\nSockets opened: {slack.sockets_opened}.")
    assert (once, twice, never, wrong) == (len(asked), 0, 0, 0)
    assert slack.repeated() == []


@pytest.mark.proof
def test_processes_killed_at_every_step(tmp_path: Path) -> None:
    rows = []
    for place, (method, is_done) in enumerate(KILLED_AT):
        with slack_server() as slack:
            slack.ack_seconds = 1.0
            home = tmp_path / f"step-{place}"
            asked = _killed_and_started(slack, home, method, is_done=is_done)
            when = "after" if is_done else "before"
            files = sum(len(message.files) for message in slack.messages.values())
            found = (*verdict(slack, asked), len(slack.repeated()), len(asked) - files)
            rows.append((f"{when} {method}", len(asked), *found))
    head = (
        "killed (SIGKILL)", "questions", "once", "twice", "never", "misplaced",
        "parts repeated", "files missing",
    )  # fmt: skip
    print("Every answer is a plan, two messages and a file.\n")
    print(table(head, *rows))
    assert all(row[2:] == (row[1], 0, 0, 0, 0, 0) for row in rows)


def _killed_and_started(
    slack: SlackServer, home: Path, method: str, *, is_done: bool
) -> dict[tuple[str, str], str]:
    asked = {}
    with app_process(slack, home) as process:
        slack.wait_for(lambda: slack.sockets_opened, 60)
        killed = kill_at(slack, process, method, is_done=is_done)
        for number in range(8):
            event = slack.say(f"<@{BOT}> first-{number}-", channel=f"C{number}")
            asked[event["event"]["ts"], f"first-{number}-"] = "C"
            slack.send(event)
        slack.wait_for(killed.is_set, 60)
    with app_process(slack, home):
        slack.wait_for(lambda: len(slack.answers()) >= len(asked), 60)
        slack.wait_for(lambda: not Journal(home).open_work(), 60)
    return asked


@pytest.mark.proof
def test_processes_killed_at_any_moment(slack: SlackServer, tmp_path: Path) -> None:
    chance = random.Random(11)
    slack.ack_seconds = 1.0
    home = tmp_path / "home"
    asked: dict[tuple[str, str], str] = {}
    moments = []
    for round_ in range(6):
        opened = slack.sockets_opened
        with app_process(slack, home) as process:
            slack.wait_for(lambda opened=opened: slack.sockets_opened > opened, 60)  # type: ignore[misc]
            for number in range(10):
                event = slack.say(f"<@{BOT}> first-{round_}-{number}-", channel=f"C{number}")
                asked[event["event"]["ts"], f"first-{round_}-{number}-"] = "C"
                slack.send(event)
            moments.append(chance.uniform(0.05, 1.2))
            time.sleep(moments[-1])
            process.kill()
            process.wait()
    with app_process(slack, home):
        slack.wait_for(lambda: len(slack.answers()) >= len(asked), 90)
        slack.wait_for(lambda: not Journal(home).open_work(), 60)
    shown = ", ".join(f"{moment:.2f}" for moment in moments)
    print(f"Ten questions a round, the process killed {shown} s after them, and started again.\n")
    result = (*verdict(slack, asked), len(slack.repeated()))
    print(table(("once", "twice", "never", "misplaced", "parts repeated"), result))
    assert result == (len(asked), 0, 0, 0, 0)
