"""A Slack app running against the loopback Slack, with answers that come at once."""

from __future__ import annotations

import asyncio
import secrets
import time
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from agent.brief.model import Brief, BriefMarket
from agent.settings import Settings
from agent.slack.answering import Calendar, Front
from agent.slack.app import Parts, serve
from agent.slack.pace import Pace
from agent.slack.schedules import TradingCalendar
from agent.slack.settings import SlackSettings, Tokens

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from agent.brains.base import Progress
    from agent.slack.journal import Work
    from tests.slack_server import SlackServer

TOKENS = Tokens(SecretStr("xoxb-1"), SecretStr("xapp-1"))


MORE = "".join(f"\n\nParagraph {place} says more about money and sectors." for place in range(200))
"""What makes a brief two messages and a file."""


def brief_of(question: str, thread: str, run_id: str = "", *, is_long: bool = False) -> Brief:
    """Return a brief whose words name its question."""
    return Brief(
        run_id=run_id or f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}",
        thread_id=thread,
        question=question,
        language="en",
        intent="help",
        market=BriefMarket(
            id="toy", name="Toy", as_of=date(2020, 6, 30), benchmark="TOY", simulated=True
        ),
        horizon="1M",
        markdown=f"You asked about {question} in {thread}.{MORE if is_long else ''}",
    )


class QuickAnswers:
    """Answers at once, or as slowly as it is told, and remembers what it was asked."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.is_long = False
        self.asked: list[tuple[str, str]] = []
        self.made: dict[str, Brief] = {}
        self.error: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    async def answer(self, work: Work, progress: Progress) -> Brief:
        """Answer."""
        self.asked.append((work.thread, work.question))
        calls = [{"tool": "get_sector_heatmap", "arguments": {"period": "daily"}}]
        progress("plan", {"calls": calls, "keys": ["k1"], "held": []})
        await asyncio.sleep(self.seconds)
        await self.gate.wait()
        progress("call", {"key": "k1", "tool": "get_sector_heatmap", "status": "ok", "ms": 3.0})
        progress("compose", {"repair": False})
        if self.error is not None:
            raise self.error
        brief = brief_of(work.question, work.thread, is_long=self.is_long)
        self.made[brief.run_id] = brief
        return brief

    async def recall(self, work: Work) -> Brief | None:
        """Return what was answered."""
        return self.made.get(work.run_id)

    async def calendar(self) -> Calendar:
        """Trade on every weekday."""
        return Calendar("Asia/Ho_Chi_Minh", TradingCalendar())

    async def front(self) -> Front:
        """Show nothing of a market."""
        return Front()

    async def close(self) -> None:
        """Hold nothing."""


@asynccontextmanager
async def running(
    server: SlackServer,
    home: Path,
    answers: Any = None,
    *,
    pace: Pace | None = None,
    grace_seconds: float = 5.0,
    **slack: Any,
) -> AsyncIterator[QuickAnswers]:
    """Run the app until the context ends."""
    home.mkdir(parents=True, exist_ok=True)
    answering = answers or QuickAnswers()
    stop, ready = asyncio.Event(), asyncio.Event()
    wanted = SlackSettings(api_url=server.api_url, grace_seconds=grace_seconds, **slack)
    parts = Parts(
        answering=answering,
        pace=pace or Pace({}),
        every=0.02,
        again_seconds=0.05,
        ping_seconds=0.3,
        ready=ready.set,
    )
    app = asyncio.create_task(
        serve(Settings(home=home, brain="offline"), wanted, TOKENS, parts=parts, stop=stop)
    )
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({app, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if not ready.is_set():
        waiting.cancel()
        await app
    try:
        yield answering
    finally:
        stop.set()
        await app


async def until(what: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come about in time"
        await asyncio.sleep(0.01)
