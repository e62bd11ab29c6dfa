from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.cassette import cassette_info, record, replay
from agent.errors import CassetteMissError
from tests.agent.brains.openai.desk import KEY, brain, prose, question
from tests.scripted_model import Reply, ScriptedModel, call, fail, write
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path

    from agent.brains.base import Draft, PlanDraft

SCRIPT = [
    call(("get_foreign_flow", {"timeframe": "1W"})),
    fail(429, retry_after="0"),
    write("Công nghệ tăng {{45.rel_return.1M|abs}}.", ["Vốn ngoại mua ròng."]),
]


async def talk(base_url: str) -> tuple[PlanDraft, Draft]:
    speaker = brain(base_url)
    return await speaker.plan(question()), await speaker.compose(prose(language="vi"))


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    path = tmp_path / "talk.yaml"
    with ScriptedModel(SCRIPT) as server, record(path, secrets=[KEY]):
        asyncio.run(talk(server.base_url))
    return path


def test_a_conversation_is_played_again_without_a_server_and_gives_the_same(tmp_path: Path) -> None:
    path = tmp_path / "talk.yaml"
    with ScriptedModel(SCRIPT) as server, record(path):
        live = asyncio.run(talk(server.base_url))
    with replay(path) as known:
        assert known.base_url is not None
        assert asyncio.run(talk(known.base_url)) == live


def test_a_cassette_says_what_answered_and_how_to_play_it(recorded: Path) -> None:
    known = cassette_info(recorded)
    assert known.model == "scripted"
    assert known.base_url is not None
    assert known.base_url.endswith("/v1")
    assert known.requests == 3
    assert "SCRIPTED" in known.label
    assert recorded.read_text(encoding="utf-8").startswith("# Answered by: a SCRIPTED server")


def test_bodies_are_readable_and_headers_are_kept_by_allow_list(recorded: Path) -> None:
    text = recorded.read_text(encoding="utf-8")
    assert "Which sectors lead?" in text
    assert "Vốn ngoại mua ròng." in text
    for header in ("authorization", "user-agent", "x-stainless", "server:", "date:"):
        assert header not in text.lower()


def test_a_request_that_was_not_recorded_is_refused_at_once(recorded: Path) -> None:
    async def other(base_url: str) -> None:
        await brain(base_url).plan(question("Something else?"))

    base_url = cassette_info(recorded).base_url or ""
    with pytest.raises(CassetteMissError, match="that was not recorded"), replay(recorded):
        asyncio.run(other(base_url))


def test_a_request_of_any_other_client_is_refused_too(recorded: Path) -> None:
    with pytest.raises(CassetteMissError), replay(recorded):
        httpx2.get("http://127.0.0.1:9/elsewhere")


def test_a_cassette_must_be_played_whole(recorded: Path) -> None:
    async def half(base_url: str) -> None:
        await brain(base_url).plan(question())

    base_url = cassette_info(recorded).base_url or ""
    with pytest.raises(CassetteMissError, match="1 of 3 requests"), replay(recorded):
        asyncio.run(half(base_url))


def test_a_run_that_fails_leaves_no_file_and_no_rest_of_one(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), record(tmp_path / "talk.yaml"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_recording_again_replaces_the_file_and_leaves_nothing_beside_it(recorded: Path) -> None:
    before = cassette_info(recorded).requests
    with ScriptedModel(SCRIPT) as server, record(recorded):
        asyncio.run(talk(server.base_url))
    assert cassette_info(recorded).requests == before
    assert list(recorded.parent.iterdir()) == [recorded]


def test_the_order_of_fields_and_the_spacing_of_a_body_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "body.yaml"
    with ScriptedModel([Reply(text="yes")]) as server:
        address = f"{server.base_url}/chat/completions"
        with record(path):
            httpx2.post(address, content='{"model": "m", "messages": []}')
    with replay(path):
        assert httpx2.post(address, content='{"messages":[],"model":"m"}').status_code == 200


@pytest.mark.parametrize("text", ["", "interactions: 3", "- a", "{", "\x00"])
def test_a_file_that_is_no_cassette_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "no.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnusableInputError, match="Record one with --record"):
        cassette_info(path)


def test_a_missing_file_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError, match="a cassette"), replay(tmp_path / "none.yaml"):
        pass
    with pytest.raises(UnusableInputError, match="folder"), record(tmp_path / "no" / "x.yaml"):
        pass


@given(st.from_regex(r"Zq9[A-Za-z0-9_-]{5,40}", fullmatch=True))
@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_no_secret_reaches_a_cassette(tmp_path: Path, secret: str) -> None:
    path = tmp_path / "secret.yaml"
    answer = Reply(text=f"your key is {secret}", headers=(("Set-Cookie", secret),))
    with ScriptedModel([answer]) as server, record(path, secrets=[secret]):
        httpx2.post(
            f"{server.base_url}/chat/completions?api_key={secret}&x=1",
            json={"messages": [{"role": "user", "content": secret}], "api_key": secret},
            headers={"Authorization": f"Bearer {secret}", "X-Api-Key": secret},
        )
    text = path.read_text(encoding="utf-8")
    assert text.count(secret) == "interactions HIDDEN scripted completions application".count(
        secret
    )


def test_secrets_are_known_by_name_and_by_shape_where_their_value_is_not(tmp_path: Path) -> None:
    path = tmp_path / "secret.yaml"
    key = "sk-" + "z" * 30
    with ScriptedModel([Reply(text=f"try {key}")]) as server, record(path):
        body = {"messages": [], "api_key": "plain-secret", "note": f"Bearer {'q' * 20}"}
        httpx2.post(
            f"{server.base_url}/chat/completions?token=plain-secret", content=json.dumps(body)
        )
    text = path.read_text(encoding="utf-8")
    assert key not in text
    assert "plain-secret" not in text
    assert "q" * 20 not in text
