from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.retry import (
    StreamCutError,
    is_transport_failure,
    may_pass_by_itself,
    model_retry,
    retry_after,
    tool_retry,
)

NOW = datetime(2020, 1, 1, tzinfo=UTC)
REQUEST = httpx2.Request("POST", "http://127.0.0.1/v1/chat/completions")


def status_error(status: int, headers: dict[str, str] | None = None) -> openai.APIStatusError:
    response = httpx2.Response(status, headers=headers, request=REQUEST)
    return openai.APIStatusError("no", response=response, body=None)


# vcrpy's own name, which is how such an error is told.
class CannotOverwriteExistingCassetteException(Exception):  # noqa: N818
    """Stands for vcrpy's, which is told by its name."""


class Scripted:
    """Raises its errors in turn, then returns ``done``; keeps what was slept."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0
        self.slept: list[float] = []

    async def __call__(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 529])
async def test_a_failure_that_may_pass_is_tried_again(status: int) -> None:
    call = Scripted(status_error(status), status_error(status))
    assert await model_retry(call, sleep=call.sleep) == "done"
    assert call.calls == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422])
async def test_a_refusal_is_never_sent_twice(status: int) -> None:
    call = Scripted(status_error(status))
    with pytest.raises(openai.APIStatusError):
        await model_retry(call, sleep=call.sleep)
    assert (call.calls, call.slept) == (1, [])


@pytest.mark.parametrize(
    "error",
    [
        openai.APIConnectionError(request=REQUEST),
        openai.APITimeoutError(request=REQUEST),
        httpx2.RemoteProtocolError("cut"),
        TimeoutError(),
        ConnectionResetError(),
        StreamCutError(),
    ],
)
async def test_a_broken_connection_is_tried_again(error: Exception) -> None:
    call = Scripted(error)
    assert await model_retry(call, sleep=call.sleep) == "done"


@pytest.mark.parametrize("wrapped", [False, True])
async def test_a_request_that_a_cassette_does_not_hold_is_never_tried_again(wrapped: bool) -> None:
    error: Exception = CannotOverwriteExistingCassetteException()
    if wrapped:
        outer = openai.APIConnectionError(request=REQUEST)
        outer.__cause__ = error
        error = outer
    call = Scripted(error)
    with pytest.raises(type(error)):
        await model_retry(call, sleep=call.sleep)
    assert call.calls == 1
    assert not is_transport_failure(error)


async def test_attempts_are_capped_and_the_last_error_is_the_one_raised() -> None:
    errors = [status_error(500) for _ in range(9)]
    last = errors[2]
    call = Scripted(*errors)
    with pytest.raises(openai.APIStatusError) as caught:
        await model_retry(call, attempts=3, sleep=call.sleep)
    assert caught.value is last
    assert call.calls == 3


async def test_a_wait_that_asks_for_more_time_than_is_left_fails_at_once() -> None:
    call = Scripted(status_error(429, {"Retry-After": "3600"}))
    with pytest.raises(openai.APIStatusError):
        await model_retry(call, max_seconds=60, sleep=call.sleep)
    assert call.slept == []


async def test_retry_after_is_honoured_in_seconds_and_as_a_date() -> None:
    call = Scripted(
        status_error(429, {"Retry-After": "7"}),
        status_error(503, {"Retry-After": "Wed, 01 Jan 2020 00:00:09 GMT"}),
    )
    await model_retry(call, sleep=call.sleep, now=lambda: NOW)
    assert call.slept == [7.0, 9.0]


async def test_without_retry_after_waits_grow_and_stay_bounded() -> None:
    call = Scripted(*(status_error(500) for _ in range(7)))
    await model_retry(call, attempts=8, sleep=call.sleep, max_seconds=1000)
    assert call.slept == sorted(call.slept)
    assert max(call.slept) <= 8.0


@given(st.text(max_size=40))
def test_no_header_makes_the_wait_negative_or_fails(raw: str) -> None:
    error = SimpleNamespace(response=SimpleNamespace(headers={"retry-after": raw}))
    seconds = retry_after(error, NOW)  # type: ignore[arg-type]
    assert seconds is None or not seconds < 0


async def test_a_tool_is_tried_again_only_when_the_way_to_it_failed() -> None:
    lost = Scripted(TimeoutError())
    assert await tool_retry(lost, sleep=lost.sleep) == "done"
    wrong = Scripted(ValueError("a wrong argument"))
    with pytest.raises(ValueError, match="wrong argument"):
        await tool_retry(wrong, sleep=wrong.sleep)
    assert wrong.calls == 1


def test_a_programming_error_is_not_worth_another_attempt() -> None:
    assert not may_pass_by_itself(KeyError("x"))
