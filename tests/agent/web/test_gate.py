"""Only this machine's reader, in a page that the server sent, is let in."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import httpx2
import pytest
from starlette.responses import JSONResponse

from agent.web.gate import ASK_THE_TERMINAL, POLICY, TOKEN, Gate, Keys
from agent.web.serving import HOST, listen
from tests.agent.web.served import SECONDS, Reader, Served, served
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture
def stranger(server: Served) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=server.address, timeout=SECONDS) as client:
        yield client


@pytest.fixture
def reader(server: Served) -> Iterator[Reader]:
    found = Reader(server)
    yield found
    found.close()


class TestTheToken:
    @pytest.mark.parametrize("token", [None, "", "wrong", "é" * 43, "A" * 100_00])
    def test_without_the_token_nothing_is_shown(
        self, server: Served, stranger: httpx2.Client, token: str | None
    ) -> None:
        answer = stranger.get("/", params={} if token is None else {TOKEN: token})
        assert answer.status_code == 403
        assert ASK_THE_TERMINAL in answer.text
        assert server.keys.token not in answer.text
        assert "set-cookie" not in answer.headers

    @pytest.mark.parametrize(
        "path",
        ["/api/conversations", "/api/desk", "/static/page.js", "/charts/plotly.min.js", "/nothing"],
    )
    def test_without_a_cookie_nothing_else_is_served_either(
        self, stranger: httpx2.Client, path: str
    ) -> None:
        assert stranger.get(path).status_code == 403

    def test_the_token_is_exchanged_for_a_strict_cookie_and_leaves_the_address(
        self, server: Served, stranger: httpx2.Client
    ) -> None:
        answer = stranger.get("/", params={TOKEN: server.keys.token})
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert answer.headers["refresh"] == "0;url=/"
        assert server.keys.token not in cookie + answer.text
        assert "<textarea" in stranger.get("/").text

    def test_the_conversation_in_the_address_stays(
        self, server: Served, stranger: httpx2.Client
    ) -> None:
        answer = stranger.get("/c/my%0d%0atalk", params={TOKEN: server.keys.token})
        assert answer.headers["refresh"] == "0;url=/c/my%0D%0Atalk"

    @pytest.mark.parametrize("path", ["/api/desk", "//elsewhere.example/", "/static/page.js"])
    def test_the_token_leads_nowhere_else(
        self, server: Served, stranger: httpx2.Client, path: str
    ) -> None:
        answer = stranger.get(f"{server.address}{path}", params={TOKEN: server.keys.token})
        assert answer.headers["refresh"] == "0;url=/"

    def test_a_token_does_not_open_a_changing_request(
        self, server: Served, stranger: httpx2.Client
    ) -> None:
        headers = {"origin": server.address}
        answer = stranger.post(
            "/api/questions", params={TOKEN: server.keys.token}, headers=headers, json={}
        )
        assert answer.status_code == 403

    def test_another_servers_cookie_is_of_no_use(
        self, stranger: httpx2.Client, server: Served
    ) -> None:
        stranger.cookies.set(f"sectorvane-{server.port}", server.keys.token)
        assert stranger.get("/api/conversations").status_code == 403


class TestWhereARequestComesFrom:
    @pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost", ""])
    def test_another_host_is_refused(self, reader: Reader, host: str) -> None:
        answer = reader.client.get("/api/conversations", headers={"host": host})
        assert answer.status_code == 421

    def test_the_name_of_the_loopback_address_is_its_own(self, reader: Reader) -> None:
        name = f"localhost:{reader.server.port}"
        headers = {"host": name, "origin": f"http://{name}"}
        assert reader.client.get("/api/conversations", headers=headers).status_code == 200

    @pytest.mark.parametrize(
        "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://{host}", "{host}"]
    )
    def test_another_origin_is_refused(self, reader: Reader, origin: str) -> None:
        headers = {"origin": origin.format(host=f"{HOST}:{reader.server.port}")}
        asked = {"question": "hello"}
        assert reader.client.get("/api/conversations", headers=headers).status_code == 403
        answer = reader.client.post("/api/questions", headers=headers, json=asked)
        assert answer.status_code == 403
        assert "sentence" in answer.json()

    def test_a_change_needs_an_origin(self, reader: Reader) -> None:
        del reader.client.headers["origin"]
        assert reader.post("/api/questions", {"question": "hello"}).status_code == 403

    def test_another_page_may_not_load_what_is_ours(self, reader: Reader) -> None:
        del reader.client.headers["origin"]
        headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
        assert reader.client.get("/static/page.js", headers=headers).status_code == 403
        opened = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
        assert reader.client.get("/", headers=opened).status_code == 200


class TestWhatEveryAnswerCarries:
    @pytest.mark.parametrize("path", ["/", "/static/page.css", "/api/conversations", "/nothing"])
    def test_a_policy_that_allows_this_server_alone(self, reader: Reader, path: str) -> None:
        answer = reader.client.get(path)
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "traceback" not in answer.text.lower()

    def test_the_policy_knows_no_exception(self) -> None:
        assert POLICY.startswith("default-src 'none'")
        assert "unsafe" not in POLICY
        assert "http" not in POLICY

    def test_what_was_said_is_kept_by_no_cache(self, reader: Reader) -> None:
        assert reader.client.get("/api/conversations").headers["cache-control"] == "no-store"
        assert reader.client.get("/static/page.js").headers["cache-control"] == "no-cache"


class TestTheDoor:
    @pytest.mark.parametrize(("port", "status"), [(80, 403), (8080, 421)])
    async def test_a_browser_leaves_out_the_usual_port(self, port: int, status: int) -> None:
        gate = Gate(JSONResponse({}), port=port, keys=Keys.new())
        transport = httpx2.ASGITransport(app=gate)
        async with httpx2.AsyncClient(transport=transport, base_url=f"http://{HOST}") as browser:
            assert (await browser.get("/")).status_code == status

    def test_a_port_that_is_taken_is_refused_in_one_sentence(self, server: Served) -> None:
        with pytest.raises(UnusableInputError, match=r"already in use.*--port"):
            listen(server.port)

    def test_only_the_loopback_address_listens(self) -> None:
        with listen(None) as door:
            assert door.getsockname()[0] == HOST

    def test_the_files_of_the_package_are_not_served(self, reader: Reader) -> None:
        for path in ("/static/../gate.py", "/static/%2e%2e/gate.py", "/charts/../page.py"):
            with socket.create_connection((HOST, reader.server.port)) as raw:
                cookies = "; ".join(f"{k}={v}" for k, v in reader.client.cookies.items())
                head = f"GET {path} HTTP/1.1\r\nHost: {HOST}:{reader.server.port}\r\n"
                raw.sendall(f"{head}Cookie: {cookies}\r\nConnection: close\r\n\r\n".encode())
                assert raw.recv(64).startswith(b"HTTP/1.1 404")


def test_the_command_refuses_what_a_page_cannot_do(cli: object, tmp_path: Path) -> None:
    finished = cli("chat", "hello", "--web", "--json")  # type: ignore[operator]
    assert finished.returncode == 2
    assert finished.stderr.count("\n") == 1
    assert "--web alone" in finished.stderr


@pytest.mark.parametrize("flags", [("--port", "8080"), ("--no-browser",)])
def test_the_command_says_that_a_port_without_a_page_is_of_no_use(
    cli: object, flags: tuple[str, ...]
) -> None:
    finished = cli("chat", "hello", *flags)  # type: ignore[operator]
    assert finished.returncode == 2
    assert "Add --web" in finished.stderr


@pytest.mark.parametrize("flags", [("--as-of", "2999-01-01"), ("--market", "folder:/nowhere")])
def test_the_command_opens_no_page_that_could_not_answer(
    cli: object, flags: tuple[str, ...]
) -> None:
    finished = cli("chat", "--web", "--no-browser", *flags)  # type: ignore[operator]
    assert finished.returncode == 2
    assert finished.stderr.startswith("Wanted ")
