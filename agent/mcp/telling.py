"""How a question goes on, as progress notifications: steps done, steps in all, and one line.

Each notification counts further than the one before it, as the protocol wants, also while one
step takes long.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import anyio

from tools.mcp_server import wants_progress

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from mcp.server.mcpserver import Context

    from agent.brains.base import Progress

_STAGES = {"score": "scoring", "compose": "writing", "review": "checking every number"}
_AROUND = 4
"""Steps beside the calls: planning, scoring, writing and checking."""
_PATIENCE_SECONDS = 2.0
_TASTE = 0.9
"""Part of a step that waiting may count for at most."""


class Teller:
    """Turns the events of a run into notifications.

    Parameters
    ----------
    context
        Of the call that is told about.
    waits_for
        Says what a step has to wait for, where it is known.
    """

    def __init__(self, context: Context[Any, Any], waits_for: Callable[[], str]) -> None:
        self._context = context
        self._waits_for = waits_for
        self._events: asyncio.Queue[str] = asyncio.Queue()
        self._done = 0
        self._steps = _AROUND
        self._said = "reading the question"

    def __call__(self, event: str, details: dict[str, Any]) -> None:
        """Take in one event of a run."""
        if event == "plan":
            waiting = len(details.get("calls", ())) - len(details.get("held", ()))
            self._steps = max(self._steps, self._done + waiting + _AROUND)
            self._step(f"plan: {waiting} call{'' if waiting == 1 else 's'} to make")
        elif event == "call":
            self._step(f"{details.get('tool')}: {details.get('status', 'ok')}")
        elif event in _STAGES:
            self._step(_STAGES[event])

    def _step(self, said: str) -> None:
        self._events.put_nowait(said)

    async def tell(self) -> None:
        """Send what there is to tell until cancelled; a caller who left is told no more."""
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            waited = 0.0
            while True:
                try:
                    async with asyncio.timeout(_PATIENCE_SECONDS):
                        self._said = await self._events.get()
                except TimeoutError:
                    waited += _PATIENCE_SECONDS
                    part = _TASTE * waited / (waited + 10.0)
                    await self._send(
                        self._done + part, f"{self._waits_for() or self._said} ({waited:.0f} s)"
                    )
                else:
                    waited = 0.0
                    await self._send_step()

    async def tell_the_rest(self) -> None:
        """Send what was taken in and is not sent yet."""
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            while not self._events.empty():
                self._said = self._events.get_nowait()
                await self._send_step()

    async def _send_step(self) -> None:
        self._done += 1
        self._steps = max(self._steps, self._done)
        await self._send(float(self._done), self._said)

    async def _send(self, done: float, said: str) -> None:
        await self._context.report_progress(done, float(self._steps), said)


@asynccontextmanager
async def telling(
    context: Context[Any, Any], waits_for: Callable[[], str]
) -> AsyncIterator[Progress | None]:
    """Yield what a run may report to, where the caller asked to be told; else None."""
    if not wants_progress(context):
        yield None
        return
    teller = Teller(context, waits_for)
    sending = asyncio.create_task(teller.tell())
    try:
        yield teller
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    await teller.tell_the_rest()
