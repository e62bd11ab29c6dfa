from __future__ import annotations

import json
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from agent.doctor import Finding, examine
from agent.settings import load_settings
from tests.remote_servers import State, serve_http

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = "a-key-that-must-never-be-shown"


class Models(BaseHTTPRequestHandler):
    """Lists one model to whoever has the key."""

    def do_GET(self) -> None:
        allowed = self.headers["Authorization"] == f"Bearer {KEY}"
        body = json.dumps({"object": "list", "data": [{"id": "small", "object": "model"}]}).encode()
        self.send_response(200 if allowed else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture
def models() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Models) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def found(home: Path, **environ: str) -> dict[str, Finding]:
    settings = load_settings({}, {"SECTORVANE_HOME": str(home), **environ}, home)
    return {finding.what: finding for finding in examine(settings)}


def test_a_fresh_machine_is_in_order(home: Path) -> None:
    findings = found(home)
    assert {finding.verdict for finding in findings.values()} <= {"ok", "warning"}
    assert "12" in findings["market"].says
    assert "offline" in findings["brain"].says


def test_keys_are_said_to_be_set_and_never_shown(home: Path, models: str) -> None:
    findings = found(home, OPENAI_API_KEY=KEY, OPENAI_BASE_URL=models, FRED_API_KEY=KEY)
    assert findings["OPENAI_API_KEY"].says == "set"
    assert findings["VIMO_API_KEY"].says == "not set"
    assert not any(KEY in finding.says for finding in findings.values())


def test_a_model_server_is_reached(home: Path, models: str) -> None:
    assert found(home, OPENAI_API_KEY=KEY, OPENAI_BASE_URL=models)["brain"].verdict == "ok"


def test_a_model_that_the_server_does_not_list_is_a_warning(home: Path, models: str) -> None:
    environ = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": models, "SECTORVANE_MODEL": "large"}
    brain = found(home, **environ)["brain"]
    assert brain.verdict == "warning"
    assert "large" in brain.says


def test_a_refused_key_is_a_failure(home: Path, models: str) -> None:
    brain = found(home, OPENAI_API_KEY="wrong", OPENAI_BASE_URL=models)["brain"]
    assert (brain.verdict, "401" in brain.says) == ("failed", True)


def test_a_server_that_is_not_there_is_a_failure(home: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    brain = found(home, OPENAI_BASE_URL=f"http://127.0.0.1:{port}/v1")["brain"]
    assert brain.verdict == "failed"
    assert "not reached" in brain.says


def with_remote(home: Path, text: str, **environ: str) -> Finding:
    (home / "sectorvane.toml").write_text(f"[remote.vimo]\n{text}", encoding="utf-8")
    return found(home, **environ)["remote vimo"]


def test_a_remote_server_is_reached_and_spends_no_call(home: Path) -> None:
    state = State()
    with serve_http("vimo", state) as url:
        remote = with_remote(home, f'url = "{url}"\nper_minute = 3', VIMO_API_KEY=KEY)
    assert remote.verdict == "ok"
    assert "35 tools, near to 7 of our 7" in remote.says
    assert "VIMO_API_KEY set" in remote.says
    assert "3 calls may be made now" in remote.says
    assert KEY not in remote.says
    assert state.calls == []


def test_a_mapped_tool_that_a_remote_server_does_not_serve_is_named(home: Path) -> None:
    with serve_http("vimo", State()) as url:
        text = f'url = "{url}"\n[remote.vimo.tools.get_weather]\nprose = true'
        remote = with_remote(home, text)
    assert "does not serve: get_weather" in remote.says
    assert "VIMO_API_KEY not set" in remote.says


def test_a_remote_server_that_is_away_is_a_warning(home: Path) -> None:
    remote = with_remote(home, 'command = ["no-such-program-here"]')
    assert remote.verdict == "warning"
    assert "cannot be reached" in remote.says


def test_a_home_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = load_settings({}, {"SECTORVANE_HOME": str(tmp_path / "file" / "home")}, tmp_path)
    findings = {finding.what: finding for finding in examine(settings)}
    assert findings["home"].verdict == "failed"
    assert findings["brain"].verdict == "ok", "later findings do not depend on earlier ones"
