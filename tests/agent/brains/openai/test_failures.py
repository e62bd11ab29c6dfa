from __future__ import annotations

import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.brains.openai import DEFAULT_MODEL, OpenAIBrain
from agent.errors import ModelDownError
from tests.agent.brains.openai.desk import KEY, Planner, brain, no_wait, prose, question
from tests.scripted_model import Reply, ScriptedModel, call, fail, write


async def test_a_429_with_retry_after_is_followed_by_success() -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    with ScriptedModel([fail(429, retry_after="3"), call(("get_foreign_flow", {}))]) as server:
        thinker = OpenAIBrain(
            model="scripted", api_key=KEY, base_url=server.base_url, planner=Planner(), sleep=sleep
        )
        assert (await thinker.plan(question())).model_calls == 1
    assert waited == [3.0]


async def test_a_server_that_keeps_failing_is_asked_as_often_as_agreed() -> None:
    with (
        ScriptedModel([fail(500)] * 9) as server,
        pytest.raises(ModelDownError, match="kept failing"),
    ):
        await brain(server.base_url, attempts=3).plan(question())
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "OPENAI_API_KEY"),
        (403, "OPENAI_API_KEY"),
        (404, "does not know this model"),
        (410, "refuses"),
    ],
)
async def test_a_refusal_is_said_plainly_and_not_repeated(status: int, said: str) -> None:
    with ScriptedModel([fail(status)] * 9) as server, pytest.raises(ModelDownError, match=said):
        await brain(server.base_url).plan(question())
    assert len(server.requests) == 1


async def test_a_server_that_is_not_there_is_said_plainly() -> None:
    with pytest.raises(ModelDownError, match="cannot be reached"):
        await brain("http://127.0.0.1:9/v1", attempts=2).plan(question())


async def test_a_server_that_is_too_slow_is_said_plainly() -> None:
    with (
        ScriptedModel([Reply(text="late", delay_seconds=0.4)] * 2) as server,
        pytest.raises(ModelDownError, match="in time"),
    ):
        await brain(server.base_url, attempts=1, timeout_seconds=0.1).plan(question())


@pytest.mark.parametrize(
    "body", ["<html>busy</html>", "{", "[]", '{"choices": []}', '{"choices": null}']
)
async def test_an_answer_that_is_no_completion_ends_in_a_plan_or_in_a_plain_error(
    body: str,
) -> None:
    with ScriptedModel([Reply(raw=body)] * 3) as server:
        try:
            draft = await brain(server.base_url).plan(question())
        except ModelDownError:
            return
    assert draft.calls


@pytest.mark.parametrize(
    "body", ["<html>busy</html>", 'data: {"choices": null}\n\n', "data: {\n\n"]
)
async def test_a_stream_that_is_no_completion_ends_in_a_plain_error(body: str) -> None:
    with ScriptedModel([Reply(raw=body)] * 9) as server, pytest.raises(ModelDownError):
        await brain(server.base_url, attempts=2).compose(prose())


@given(st.from_regex(r"Zq9[A-Za-z0-9_-]{9,40}", fullmatch=True))
@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
async def test_no_key_appears_in_an_error_a_log_or_a_prompt(
    caplog: pytest.LogCaptureFixture, key: str
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    with ScriptedModel([fail(401, f"Incorrect API key provided: {key}")]) as server:
        thinker = OpenAIBrain(
            model="scripted",
            api_key=key,
            base_url=server.base_url,
            planner=Planner(),
            sleep=no_wait,
        )
        with pytest.raises(ModelDownError) as caught:
            await thinker.plan(question())
    (seen,) = server.requests
    assert seen.headers["authorization"] == f"Bearer {key}"
    assert key not in str(seen.body)
    assert key not in f"{caught.value}{caught.value.__cause__}"
    assert not any(
        key in record.getMessage() for record in caplog.records if record.name.startswith("agent")
    )


def test_the_reason_that_stands_in_a_brief_holds_no_numeral() -> None:
    from agent.brains.openai_client import _sentence

    errors = [type("Status", (Exception,), {"status_code": s})() for s in (401, 404, 418, 429, 500)]
    for error in [*errors, TimeoutError(), ConnectionError("127.0.0.1:9")]:
        text = _sentence(error, getattr(error, "status_code", None))
        assert not any(character.isdigit() for character in text)


async def test_a_server_without_a_key_is_asked_without_one() -> None:
    with ScriptedModel([write("It rose {{45.rel_return.1M|abs}}.")]) as server:
        thinker = OpenAIBrain(base_url=server.base_url + "/", planner=Planner())
        await thinker.compose(prose())
    (seen,) = server.requests
    assert seen.headers["authorization"] == "Bearer no-key-needed"
    assert seen.body["model"] == DEFAULT_MODEL
    assert seen.path == "/v1/chat/completions"


def test_a_known_model_has_a_cautious_price_and_a_local_one_costs_nothing() -> None:
    hosted = OpenAIBrain(model="gpt-4.1-mini", api_key=KEY)
    assert hosted.usd_per_call is not None
    assert 0 < hosted.usd_per_call < 0.1
    assert OpenAIBrain(model="a-new-one", api_key=KEY).usd_per_call is None
    assert OpenAIBrain(model="gpt-4.1-mini", base_url="http://127.0.0.1:1/v1").usd_per_call == 0.0
