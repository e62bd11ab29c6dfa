"""The page's real server on the loopback address, and a reader's client of it."""

from __future__ import annotations

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from threading import Event as Flag
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

import anyio
import httpx2

from agent.brains.offline import OfflineBrain
from agent.conversation import Conversation
from agent.records import RunRecord, save_record
from agent.settings import Settings
from agent.web.app import build_app
from agent.web.gate import TOKEN, Keys
from agent.web.rooms import Rooms
from agent.web.serving import HOST, listen, server_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from agent.brains.base import Brain, ComposeRequest, Draft, Progress
    from tests.agent.reports.briefs import Made

SECONDS = 60.0
"""Longest wait for anything, on a machine that is busy with other tests."""


class Served(NamedTuple):
    """A server that runs."""

    port: int
    keys: Keys
    home: Path

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def opening(self) -> str:
        """The address that the terminal would show."""
        return f"{self.address}/?{TOKEN}={self.keys.token}"


@contextmanager
def served(home: Path, *, brain: Brain | None = None, lang: str = "auto") -> Iterator[Served]:
    """Serve the page of a home until the block ends."""
    settings = Settings(home=home, lang=lang, brain="offline")
    open_conversation = partial(_opened, settings, brain)
    keys = Keys.new()
    with listen(None) as door:
        port = int(door.getsockname()[1])
        app = build_app(Rooms(settings, open_conversation=open_conversation), port=port, keys=keys)
        server = server_of(app)
        thread = Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        wait_until(lambda: server.started)
        try:
            yield Served(port, keys, home)
        finally:
            server.should_exit = True
            thread.join(SECONDS)


def _opened(
    settings: Settings,
    brain: Brain | None,
    thread_id: str,
    progress: Callable[[str, dict[str, Any]], None],
) -> Conversation:
    return Conversation(settings, thread=thread_id, progress=progress, brain=brain)


def wait_until(true: Callable[[], object]) -> None:
    """Wait for something that will be true soon."""
    latest = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < latest
        time.sleep(0.02)


class Told(NamedTuple):
    """One event as it came over the wire."""

    number: int
    name: str
    content: dict[str, Any]


class Reader:
    """A browser's requests, without a browser."""

    def __init__(self, server: Served) -> None:
        self.server = server
        self.client = httpx2.Client(base_url=server.address, timeout=SECONDS)
        assert self.client.get("/", params={TOKEN: server.keys.token}).status_code == 200
        self.client.headers["origin"] = server.address

    def close(self) -> None:
        self.client.close()

    def post(self, path: str, content: object = None) -> httpx2.Response:
        return self.client.post(path, json=content if content is not None else {})

    def ask(self, question: str, thread: str | None = None) -> dict[str, Any]:
        """Ask, and return what the server said at once."""
        answer = self.post("/api/questions", {"question": question, "thread": thread})
        assert answer.status_code == 202, answer.text
        return dict(answer.json())

    def follow(self, run: str, *, after: int = 0) -> Iterator[Told]:
        """Yield the events of a run as they come."""
        headers = {"last-event-id": str(after)} if after else {}
        with self.client.stream("GET", f"/api/runs/{run}/events", headers=headers) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            told: dict[str, str] = {}
            for line in answer.iter_lines():
                if line:
                    name, _, value = line.partition(": ")
                    told[name] = value
                elif "event" in told:
                    yield Told(int(told["id"]), told["event"], json.loads(told["data"]))
                    told = {}

    def answered(self, question: str, thread: str | None = None) -> list[Told]:
        """Ask, and return every event."""
        return list(self.follow(self.ask(question, thread)["run"]))


class HeldBrain(OfflineBrain):
    """Writes only when it may: what a test does in the middle of a run, it does until then."""

    def __init__(self) -> None:
        self.reached = Flag()
        self.may_go_on = Flag()

    async def compose(
        self,
        request: ComposeRequest,
        *,
        problems: tuple[str, ...] = (),
        progress: Progress | None = None,
    ) -> Draft:
        self.reached.set()
        with anyio.fail_after(SECONDS):
            while not self.may_go_on.is_set():
                await anyio.sleep(0.01)
        return await super().compose(request, problems=problems, progress=progress)


class BrokenBrain(OfflineBrain):
    """Raises what it was given, for questions that say so."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def compose(
        self,
        request: ComposeRequest,
        *,
        problems: tuple[str, ...] = (),
        progress: Progress | None = None,
    ) -> Draft:
        if "hello" in request.question:
            raise self.error
        return await super().compose(request, problems=problems, progress=progress)


def keep(home: Path, made: Made) -> None:
    """Put an answer into a home as if it had been asked there."""
    # On a thread of its own: one that drives a browser has an event loop that runs already.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(_keep(home, made))).result()


async def _keep(home: Path, made: Made) -> None:
    from agent.memory.threads import Asked, open_threads

    brief = made.brief
    save_record(
        home,
        RunRecord(
            run_id=brief.run_id,
            thread_id=brief.thread_id,
            started_at=datetime(2022, 12, 31, 12, tzinfo=UTC),
            market_name="demo",
            view_key="v",
            request=made.request,
            draft=await OfflineBrain().compose(made.request),
            brief=brief,
        ),
    )
    async with open_threads(home) as threads:
        await threads.note(Asked(brief.thread_id, "demo", brief.question, brief.usage))
