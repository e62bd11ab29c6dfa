"""What callers that hang up leave behind stays within bounds."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import anyio
import pytest

from tools.errors import SourceDownError
from tools.serving.threads import AT_ONCE, MOST_WAITING, in_thread

if TYPE_CHECKING:
    from collections.abc import Callable


class Work:
    """Calls that compute until they are let go, counted."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.lock = threading.Lock()
        self.begun = 0

    def __call__(self) -> None:
        with self.lock:
            self.begun += 1
        if not self.gate.wait(120):
            raise RuntimeError("nobody let go")


async def asked_and_left(work: Callable[[], None], n_calls: int) -> None:
    async with anyio.create_task_group() as calls:
        for _ in range(n_calls):
            calls.start_soon(in_thread, work)
        await anyio.sleep(0.3)
        calls.cancel_scope.cancel()


async def test_a_caller_who_leaves_takes_no_place_with_him_until_the_thread_ends() -> None:
    work = Work()
    try:
        for _ in range(3):
            await asked_and_left(work, AT_ONCE)
        assert work.begun == AT_ONCE
    finally:
        work.gate.set()
    await in_thread(work)
    assert work.begun == AT_ONCE + 1


async def test_what_waits_is_bounded_and_the_next_is_refused_in_one_sentence() -> None:
    work = Work()
    calls = [asyncio.create_task(in_thread(work)) for _ in range(AT_ONCE + MOST_WAITING)]
    try:
        while work.begun < AT_ONCE:
            await anyio.sleep(0.01)
        with pytest.raises(SourceDownError, match="busy"):
            await in_thread(work)
    finally:
        work.gate.set()
    await asyncio.gather(*calls)
    assert work.begun == AT_ONCE + MOST_WAITING


async def test_what_a_thread_raises_reaches_its_caller() -> None:
    def fail() -> None:
        raise SourceDownError("the feed does not answer")

    with pytest.raises(SourceDownError, match="feed"):
        await in_thread(fail)
