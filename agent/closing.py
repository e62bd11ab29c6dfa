"""Closing what is open while the run that opened it is being cancelled.

Where a context manager inside an exit stack raises the very exception that is already on its way, the
standard library makes that exception its own context, and the next
exit stack around it walks the chain for ever. A cancelled connection to an MCP server does just that.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager

T = TypeVar("T")


@asynccontextmanager
async def closed_soundly(manager: AbstractAsyncContextManager[T]) -> AsyncIterator[T]:
    """Enter a context manager; what it raises when it closes has an end to its chain of contexts."""
    try:
        async with manager as opened:
            yield opened
    except BaseException as error:
        break_cycle(error)
        raise


def break_cycle(error: BaseException) -> None:
    """Cut the chain of an exception's contexts where it comes back to itself."""
    seen = {id(error)}
    link = error
    while link.__context__ is not None:
        if id(link.__context__) in seen:
            link.__context__ = None
            return
        link = link.__context__
        seen.add(id(link))
