"""The threads that calls are computed in: so many at once, however their callers leave.

A caller that hangs up ends its wait and not the work, which Python cannot break off. So the place
of a call is given back when its thread ends, not when its caller does.
"""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, TypeVar

import anyio
from anyio.lowlevel import RunVar

from tools.errors import SourceDownError

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyio import CapacityLimiter

AT_ONCE = 32
"""Calls computed at the same time in one event loop, abandoned ones among them."""
MOST_WAITING = 256
"""Calls that wait for a thread; further ones are refused at once."""

Value = TypeVar("Value")

_places: RunVar[CapacityLimiter] = RunVar("sectorvane_call_threads")


async def in_thread(compute: Callable[[], Value]) -> Value:
    """Return what `compute` returns, computed in a thread.

    Cancelling ends the wait at once. What was begun goes on to its end and keeps its place among
    :data:`AT_ONCE`; what was not begun never is.

    Raises
    ------
    SourceDownError
        When :data:`MOST_WAITING` calls wait already.
    """
    places = _of_this_loop()
    if places.statistics().tasks_waiting >= MOST_WAITING:
        raise SourceDownError("the server is busy with earlier calls; ask again in a minute")
    place = object()
    await places.acquire_on_behalf_of(place)
    # The limit is ours: the one of the thread pool would be given back when the caller leaves.
    unlimited = anyio.CapacityLimiter(math.inf)
    begun = asyncio.create_task(anyio.to_thread.run_sync(compute, limiter=unlimited))

    def end(ended: asyncio.Task[Value]) -> None:
        places.release_on_behalf_of(place)
        if not ended.cancelled():
            # Where nobody waits any more, nobody else asks for it, and the loop would complain.
            ended.exception()

    begun.add_done_callback(end)
    await asyncio.wait({begun})
    return begun.result()


def _of_this_loop() -> CapacityLimiter:
    try:
        return _places.get()
    except LookupError:
        places = anyio.CapacityLimiter(AT_ONCE)
        _places.set(places)
        return places
