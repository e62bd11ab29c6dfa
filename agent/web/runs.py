"""One question on its way, as numbered events that a page may follow, leave and come back to."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

EventName = Literal[
    "asked", "stage", "plan", "call", "writing", "block", "answered", "failed", "stopped"
]
LAST: frozenset[EventName] = frozenset({"answered", "failed", "stopped"})
"""Events after which no other comes; a run has exactly one of them."""


class Event(NamedTuple):
    """One thing that happened; its number is its place in the run, from 1."""

    number: int
    name: EventName
    content: dict[str, Any]


class Run:
    """The events of one question. It belongs to one event loop; nothing of it is thread-safe."""

    def __init__(self, thread_id: str, question: str) -> None:
        self.run_id = secrets.token_hex(8)
        self.thread_id = thread_id
        self.question = question
        self._events: list[Event] = []
        self._news = asyncio.Event()

    @property
    def over(self) -> bool:
        """Whether the last event has come."""
        return bool(self._events) and self._events[-1].name in LAST

    def add(self, name: EventName, content: dict[str, Any]) -> None:
        """Take one more event; what comes after the last one is dropped."""
        if self.over:
            return
        self._events.append(Event(len(self._events) + 1, name, content))
        self._news.set()
        self._news = asyncio.Event()

    async def follow(self, after: int = 0) -> AsyncIterator[Event]:
        """Yield the events after a number, those still to come too, until the last."""
        place = min(max(0, after), len(self._events))
        while True:
            news = self._news
            for event in self._events[place:]:
                yield event
                place = event.number
            if self.over:
                return
            if place == len(self._events):
                await news.wait()
