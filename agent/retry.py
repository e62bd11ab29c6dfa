"""The one place that retries: what is tried again, how often, how long, and what never is.

Only what may go away by itself is tried again: a connection that breaks, a time-out, and the
statuses 408, 409, 429 and 5xx. A request that the server understood and refused is never sent
twice, and neither is one that a cassette does not hold. ``Retry-After`` is honoured in both its
forms; where it asks for more time than is left, the call fails at once, because waiting in vain
helps nobody.
"""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar

from tenacity import (
    AsyncRetrying,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
    stop_before_delay,
    wait_exponential,
    wait_random,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tenacity import RetryCallState

    Sleep = Callable[[float], Awaitable[None]]

T = TypeVar("T")
S = TypeVar("S")

RETRIED_STATUSES = frozenset({408, 409, 429})
"""Beside every status of 500 and above."""
MODEL_ATTEMPTS = 4
MODEL_SECONDS = 90.0
TOOL_ATTEMPTS = 2
TOOL_SECONDS = 60.0
CASSETTE_MISS = "CannotOverwriteExistingCassetteException"
"""Name of vcrpy's exception for a request that a cassette does not hold; vcrpy itself is not
imported here."""


class StreamCutError(ConnectionError):
    """A stream of tokens that ended before the model said that it was done."""


async def model_retry(
    call: Callable[[], Awaitable[T]],
    *,
    attempts: int = MODEL_ATTEMPTS,
    max_seconds: float = MODEL_SECONDS,
    sleep: Sleep = asyncio.sleep,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> T:
    """Call a model until it answers, refuses, or attempts or seconds are spent.

    Parameters
    ----------
    call
        One attempt.
    attempts
        How often at most, the first included.
    max_seconds
        No attempt begins later than this after the first.
    sleep
        Waits; a test passes one that does not.
    now
        The time an HTTP date in ``Retry-After`` is measured from.
    """
    retrying = AsyncRetrying(
        retry=retry_if_exception(may_pass_by_itself),
        stop=stop_after_attempt(attempts) | stop_before_delay(max_seconds),
        wait=_as_asked(now),
        sleep=sleep,
        reraise=True,
    )
    return await retrying(call)


def _as_asked(now: Callable[[], datetime]) -> Callable[[RetryCallState], float]:
    """Return how long to wait after a refusal: as long as it asks for, else twice as long each time."""
    backoff = wait_exponential(multiplier=0.5, max=8.0)

    def wait(state: RetryCallState) -> float:
        asked = retry_after(_error_of(state), now())
        return backoff(state) if asked is None else asked

    return wait


async def tool_retry(
    call: Callable[[], Awaitable[T]],
    *,
    attempts: int = TOOL_ATTEMPTS,
    max_seconds: float = TOOL_SECONDS,
    sleep: Sleep = asyncio.sleep,
) -> T:
    """Call a tool again when the way to it failed; what the tool itself says is final."""
    retrying = AsyncRetrying(
        retry=retry_if_exception(is_transport_failure),
        stop=stop_after_attempt(attempts) | stop_before_delay(max_seconds),
        wait=wait_exponential(multiplier=0.2, max=2.0),
        sleep=sleep,
        reraise=True,
    )
    return await retrying(call)


async def allowed_retry(
    call: Callable[[], Awaitable[T]],
    *,
    again: Callable[[BaseException], bool],
    max_seconds: float,
    sleep: Sleep = asyncio.sleep,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> T:
    """Call a server until it lets the call through, as long after each refusal as it asks.

    Parameters
    ----------
    call
        One attempt.
    again
        Whether an error is one after which the call may be made again.
    max_seconds
        How long is waited in all; a refusal that asks for more is final.
    sleep
        Waits; a test passes one that does not.
    now
        The time an HTTP date in ``Retry-After`` is measured from.
    """
    retrying = AsyncRetrying(
        retry=retry_if_exception(again),
        stop=stop_before_delay(max_seconds),
        wait=_as_asked(now),
        sleep=sleep,
        reraise=True,
    )
    return await retrying(call)


def once_unlocked(call: Callable[[S], None], file: S, max_seconds: float) -> None:
    """Call with an SQLite file until nobody else locks it, for so many seconds at most."""
    Retrying(**until_unlocked(max_seconds))(call, file)


async def set_up_unlocked(call: Callable[[], Awaitable[None]], max_seconds: float) -> None:
    """Await what lays out an SQLite file until nobody else locks it, for so many seconds at most."""
    await AsyncRetrying(**until_unlocked(max_seconds))(call)


def until_unlocked(max_seconds: float) -> dict[str, Any]:
    """Return tenacity's settings for laying out an SQLite file that others open at the same time.

    SQLite does not wait, whatever its timeout, where two connections both change to the write-ahead
    log or both turn from reading to writing: one of them is told "locked" at once.
    """
    return {
        "retry": retry_if_exception(_is_locked),
        "wait": wait_random(0.01, 0.1),
        "stop": stop_after_delay(max_seconds),
        "reraise": True,
    }


def may_pass_by_itself(error: BaseException) -> bool:
    """Return whether a failed model call is worth another attempt."""
    if is_cassette_miss(error):
        return False
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return status in RETRIED_STATUSES or status >= 500
    return is_transport_failure(error)


def is_transport_failure(error: BaseException) -> bool:
    """Return whether a connection broke, was refused or took too long."""
    if is_cassette_miss(error):
        return False
    if isinstance(error, (TimeoutError, ConnectionError)):
        return True
    names = {f"{kind.__module__.partition('.')[0]}.{kind.__name__}" for kind in type(error).__mro__}
    return not names.isdisjoint(_TRANSPORT_ERRORS)


def is_cassette_miss(error: BaseException) -> bool:
    """Return whether a request failed because the cassette that is played does not hold it."""
    link: BaseException | None = error
    while link is not None:
        if type(link).__name__ == CASSETTE_MISS:
            return True
        link = link.__cause__
    return False


def retry_after(error: BaseException | None, now: datetime) -> float | None:
    """Return the seconds a server asked to wait, None where it asked nothing."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    raw = headers.get("retry-after") if headers is not None else None
    if not raw:
        return None
    try:
        return max(0.0, float(raw))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(raw)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


_TRANSPORT_ERRORS = frozenset(
    {
        "openai.APIConnectionError",
        "httpx2.TransportError",
        "httpx.TransportError",
        "anyio.BrokenResourceError",
        "anyio.ClosedResourceError",
        "anyio.EndOfStream",
    }
)
"""By name, so that none of these packages is imported only to be compared with."""


def _is_locked(error: BaseException) -> bool:
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)


def _error_of(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome is not None else None
