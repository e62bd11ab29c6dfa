"""Conversations held beside the server's own loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self, cast

from agent.settings import Settings
from agent.web.rooms import Rooms

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from agent.conversation import Conversation


class SlowConversation:
    """Takes longer to open than any reader waits."""

    record = None

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.may_open = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Open when told to."""
        await self.may_open.wait()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Hold nothing."""

    async def ask(self, question: str) -> None:
        """Remember a question."""
        self.asked.append(question)
        raise RuntimeError


async def test_a_question_is_stopped_before_its_conversation_is_open(home: Path) -> None:
    opened: list[SlowConversation] = []

    def open_slowly(_thread: str, _progress: Callable[[str, dict[str, Any]], None]) -> Conversation:
        opened.append(SlowConversation())
        return cast("Conversation", opened[0])

    async def go_on() -> None:
        opened[0].may_open.set()

    settings = Settings(home=home, brain="offline")
    async with Rooms(settings, open_conversation=open_slowly) as rooms:
        first = rooms.ask("t1", "first")
        rooms.stop(first)
        await rooms.beside(go_on)
        assert [event.name async for event in first.follow()] == ["asked", "stopped"]
        second = rooms.ask("t1", "second")
        assert [event.name async for event in second.follow()] == ["asked", "failed"]
    assert opened[0].asked == ["second"]
