"""A connection that is cancelled while it closes never keeps its process busy."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from agent.closing import break_cycle, closed_soundly


class Cyclic:
    """Raises, on closing, an exception that is its own context, as nested exit stacks make one."""

    async def __aenter__(self) -> str:
        return "open"

    async def __aexit__(self, *exc_info: object) -> None:
        error = asyncio.CancelledError("cancelled")
        try:
            raise error
        except asyncio.CancelledError:
            # Raising it here would have no effect on its context; setting it is what a stack does.
            error.__context__ = error
            raise


async def test_an_exit_stack_around_it_comes_to_an_end() -> None:
    stack = AsyncExitStack()
    assert await stack.enter_async_context(closed_soundly(Cyclic())) == "open"
    with pytest.raises(asyncio.CancelledError):
        await stack.aclose()


def test_a_cycle_is_cut_wherever_it_closes() -> None:
    first, second, third = ValueError("1"), ValueError("2"), ValueError("3")
    first.__context__, second.__context__, third.__context__ = second, third, second
    break_cycle(first)
    assert first.__context__ is second
    assert second.__context__ is third
    assert third.__context__ is None


def test_a_sound_chain_is_left_as_it_is() -> None:
    first, second = ValueError("1"), ValueError("2")
    first.__context__ = second
    break_cycle(first)
    assert first.__context__ is second
    assert second.__context__ is None
