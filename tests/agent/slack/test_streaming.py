"""The plan as it is shown: what it costs Slack, how it ends, and that it never holds an answer up."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from agent.slack.journal import Journal, Work
from agent.slack.pace import Limit, Pace
from agent.slack.sending import Sender, SlackRefusedError, SlackUnknownError
from agent.slack.streaming import STREAM_SECONDS, RunView
from tests.agent.slack.desk import until
from tests.fakes import Clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.slack_server import SlackServer

CALL = {"tool": "get_foreign_flow", "arguments": {"timeframe": "1W", "sector": None}}
PLAN = {"calls": [CALL, {"tool": "get_macro", "arguments": {}}], "keys": ["a", "b"], "held": ["b"]}


def work_of(**changes: Any) -> Work:
    known = {
        "id": "w1", "kind": "message", "team": "T1", "channel": "C1", "thread_ts": "1.1",
        "ts": "1.1", "user": "U1", "question": "why <!here>?", "accepted_at": 0.0,
    }  # fmt: skip
    return Work(**{**known, **changes})


@pytest.fixture
async def client(slack: SlackServer) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient("xoxb-1", slack.api_url, session=session, retry_handlers=[])


def view_of(client: AsyncWebClient, home: Path, pace: Pace | None = None, **more: Any) -> RunView:
    journal = Journal(home)
    work = more.pop("work", work_of())
    journal.accept(work, ("event",))
    return RunView(Sender(client, pace or Pace({})), journal, work, every=0.01, **more)


def shown_in(slack: SlackServer) -> dict[str, str]:
    (message,) = [one for one in slack.messages.values() if one.was_streamed and one.tasks]
    return {task["title"]: task["status"] for task in message.tasks.values()}


async def test_calls_tick_off_with_their_arguments_and_failures_show(
    slack: SlackServer, client: AsyncWebClient, home: Path
) -> None:
    view = view_of(client, home)
    view.take("plan", PLAN)
    await until(lambda: slack.count()["chat.startStream"])
    view.take("call", {"key": "a", "tool": "get_foreign_flow", "status": "failed", "ms": 12.4})
    view.take("token", {"text": "ignored"})
    view.take("compose", {"repair": False})
    view.take("review", {"problems": []})
    await view.show("main", "the answer")
    assert shown_in(slack) == {
        "Foreign flow: 1W": "error",
        "Macro": "complete",
        "Writing": "complete",
        "Checking every number": "complete",
    }
    assert view.work.stream_ts


async def test_without_room_there_is_no_stream_and_the_answer_is_posted(
    slack: SlackServer, client: AsyncWebClient, home: Path
) -> None:
    pace = Pace({"chat.startStream": Limit(1, 1)})
    await pace.turn("chat.startStream")
    view = view_of(client, home, pace)
    began = time.monotonic()
    view.take("plan", PLAN)
    await view.show("main", "the answer")
    assert slack.count() == {"chat.postMessage": 1}
    assert time.monotonic() - began < 5.0


async def test_a_subscription_has_nobody_to_stream_to(
    slack: SlackServer, client: AsyncWebClient, home: Path
) -> None:
    view = view_of(client, home, work=work_of(user="", kind="subscription"))
    view.take("plan", PLAN)
    await view.show("main", "the answer")
    assert slack.count() == {"chat.postMessage": 1}


async def test_a_stream_is_begun_anew_before_slack_closes_it(
    slack: SlackServer, client: AsyncWebClient, home: Path
) -> None:
    clock = Clock()
    view = view_of(client, home, clock=clock)
    view.take("plan", PLAN)
    await until(lambda: slack.count()["chat.startStream"] == 1)
    await until(lambda: view.work.stream_ts)
    first = view.work.stream_ts
    clock.seconds += STREAM_SECONDS + 1.0
    view.take("score", {"model": "toy"})
    await until(lambda: slack.count()["chat.startStream"] == 2)
    await view.show("main", "the answer")
    old, new = (slack.messages["C1", ts] for ts in (first, view.work.stream_ts))
    assert not old.streaming
    assert "Goes on below" in old.shown
    assert len(new.tasks) == 3
    assert new.part == "main"


async def test_an_expired_stream_takes_the_answer_as_an_update_of_its_message(
    slack: SlackServer, client: AsyncWebClient, home: Path
) -> None:
    view = view_of(client, home)
    view.take("plan", PLAN)
    await until(lambda: view.work.stream_ts)
    slack.expire_streams()
    await view.show("main", "the answer")
    await view.show("main", "the answer")
    (answer,) = slack.answers()
    assert answer.ts == view.work.stream_ts
    assert "the answer" in answer.shown


async def test_a_refusal_that_is_no_expiry_is_the_callers_to_handle(
    slack: SlackServer, client: AsyncWebClient, home: Path
) -> None:
    view = view_of(client, home)
    view.take("plan", PLAN)
    await until(lambda: view.work.stream_ts)
    slack.refuse("chat.stopStream", "invalid_blocks")
    with pytest.raises(SlackRefusedError, match="invalid_blocks"):
        await view.show("main", "the answer")


async def test_the_status_is_a_session_and_shows_the_question_without_calling_anybody(
    slack: SlackServer, client: AsyncWebClient, home: Path
) -> None:
    view = view_of(client, home)
    await view.greet()
    (call,) = slack.calls
    assert (call.method, call.arguments["status"]) == ("agents.sessions.setStatus", "processing")
    assert "<!here>" not in call.arguments["title"]


@pytest.mark.parametrize(
    ("code", "n_sessions"),
    [("channel_not_found", 2), ("invalid_thread_ts", 2), ("unknown_method", 1)],
)
async def test_only_a_refusal_of_the_method_as_such_ends_sessions_for_good(
    slack: SlackServer, client: AsyncWebClient, home: Path, code: str, n_sessions: int
) -> None:
    view = view_of(client, home)
    slack.refuse("agents.sessions.setStatus", code)
    await view.greet()
    assert slack.count()["assistant.threads.setStatus"] == 1
    await view.greet()
    assert slack.count()["agents.sessions.setStatus"] == n_sessions


async def test_a_call_that_waits_longer_than_it_is_worth_is_of_unknown_outcome(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    slack.refuse("chat.postMessage", "ratelimited", status=429, retry_after="60")
    sender = Sender(client, Pace({}))
    with pytest.raises(SlackUnknownError):
        await sender.call("chat.postMessage", patience=1.0, channel="C1", text="hi")
    assert not sender.has_room("chat.postMessage")


async def test_the_error_of_a_call_never_shows_the_token(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    slack.refuse("auth.test", "invalid_auth")
    with pytest.raises(SlackRefusedError) as refused:
        await Sender(client, Pace({})).call("auth.test")
    assert "xoxb" not in str(refused.value)
