"""The limits on a real loopback port: what a client sees that may not, is too large, or too slow."""

from __future__ import annotations

import functools
import json
import socket
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import anyio
import httpx2
import pytest
from mcp import MCPError
from mcp.server.mcpserver import Context  # noqa: TC002 - the SDK reads the annotation
from mcp.server.mcpserver.tools import Tool

from tests.mcp_servers import ACCEPT, TOKEN, connected, serving
from tools.errors import UnusableInputError
from tools.mcp_server import new_server
from tools.serving.access import HttpAccess
from tools.serving.http import check_free

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
HELLO = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18", "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    },
}  # fmt: skip


def double(number: int) -> int:
    """Return twice a number."""
    return 2 * number


def long() -> str:
    """Return four megabytes of text."""
    return "x" * 4_000_000


class Waiting:
    """Counts who began to wait and who was told to stop."""

    def __init__(self) -> None:
        self.begun = 0
        self.stopped = 0

    async def wait(self, ctx: Context[Any, Any]) -> str:
        """Wait for a minute, telling of it."""
        self.begun += 1
        try:
            await ctx.report_progress(1.0, 2.0, "waiting")
            await anyio.sleep(60)
        except BaseException:
            self.stopped += 1
            raise
        return "done"


def toy_server(waiting: Waiting | None = None, token: str | None = None) -> Any:
    functions: list[Callable[..., Any]] = [double, long, (waiting or Waiting()).wait]
    return new_server(
        [Tool.from_function(one) for one in functions], token=token, page_size=100
    )  # fmt: skip


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    """Serve behind a token, with a small limit of size and of time."""
    access = HttpAccess(port=0, token=TOKEN, max_body_bytes=50_000, slowest_seconds=2.0)
    with serving(toy_server(token=TOKEN), access) as address:
        yield address


def post(address: str, message: object, **headers: str) -> httpx2.Response:
    return httpx2.post(address, json=message, headers={**ACCEPT, **headers}, timeout=60)


def bearing(token: str = TOKEN) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


class TestWho:
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"authorization": ""},
            {"authorization": "Bearer"},
            {"authorization": f"Basic {TOKEN}"},
            bearing("another-token-0123456789"),
            bearing(TOKEN[:-1]),
            bearing(f"{TOKEN} {TOKEN}"),
        ],
    )
    @pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
    def test_without_the_token_there_is_nothing_to_see(
        self, guarded: str, headers: dict[str, str], method: str
    ) -> None:
        answer = httpx2.request(method, guarded, headers={**ACCEPT, **headers}, json=HELLO)
        assert answer.status_code == 401
        assert "bearer" in answer.headers["www-authenticate"].lower()
        assert TOKEN not in answer.text

    async def test_the_official_client_with_the_token_is_answered(self, guarded: str) -> None:
        async with connected(guarded, token=TOKEN) as client:
            result = await client.call_tool("double", {"number": 21})
            assert result.structured_content == {"result": 42}

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"host": "evil.example"}, 421),
            ({"host": "127.0.0.1.evil.example:80"}, 421),
            ({"origin": "http://evil.example"}, 403),
            ({"origin": "http://localhost.evil.example"}, 403),
            ({"origin": "null"}, 403),
        ],
    )
    @pytest.mark.parametrize("message", [HELLO, LIST])
    def test_another_host_or_origin_is_refused_also_with_the_token(
        self, guarded: str, headers: dict[str, str], status: int, message: dict[str, Any]
    ) -> None:
        assert post(guarded, message, **bearing(), **headers).status_code == status

    def test_an_origin_of_this_machine_is_let_in(self, guarded: str) -> None:
        answer = post(guarded, HELLO, **bearing(), origin="http://localhost:6274")
        assert answer.status_code == 200

    async def test_a_session_is_of_no_use_without_the_token(self, guarded: str) -> None:
        session = post(guarded, HELLO, **bearing()).headers["mcp-session-id"]
        assert post(guarded, LIST, **{"mcp-session-id": session}).status_code == 401


class TestHowMuch:
    @pytest.mark.parametrize("declared", [True, False])
    def test_huge_arguments_are_refused(self, guarded: str, declared: bool) -> None:
        body = json.dumps(
            {**LIST, "method": "tools/call", "params": {"name": "double", "junk": "x" * 60_000}}
        ).encode()
        content = body if declared else (body[i : i + 7000] for i in range(0, len(body), 7000))
        answer = httpx2.post(guarded, content=content, headers={**ACCEPT, **bearing()})
        assert answer.status_code == 413

    @pytest.mark.parametrize(
        "body", [b"[" * 20_000, b'{"a":' * 8_000, b"9" * 30_000, b"\xff\xfe", b"", b"null", b"[]"]
    )
    @pytest.mark.parametrize("version", ["2025-06-18", "2026-07-28"])
    def test_nonsense_is_refused_in_the_words_of_the_protocol(
        self, guarded: str, body: bytes, version: str
    ) -> None:
        headers = {**ACCEPT, **bearing(), "mcp-protocol-version": version}
        answer = httpx2.post(guarded, content=body, headers=headers)
        assert 400 <= answer.status_code < 500
        assert "Traceback" not in answer.text
        assert 'File "' not in answer.text

    def test_a_client_that_asks_too_fast_is_told_when_to_come_back(self) -> None:
        with (
            serving(toy_server(), HttpAccess(port=0, calls_per_minute=1)) as address,
            httpx2.Client(headers=ACCEPT, timeout=60) as client,
        ):
            answers = [client.post(address, json=HELLO) for _ in range(40)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert len(refused) >= 5
        assert all(0 < int(answer.headers["retry-after"]) <= 60 for answer in refused)
        assert "at most 1 a minute" in refused[0].json()["error"]["message"]

    async def test_the_official_client_hears_of_the_limit_as_an_error(self) -> None:
        with serving(toy_server(), HttpAccess(port=0, calls_per_minute=1)) as address:
            async with connected(address) as client:
                calls = (client.call_tool("double", {"number": 1}) for _ in range(40))
                with pytest.raises(MCPError, match="Too many requests"):
                    await in_turn(calls)

    def test_a_forwarded_address_is_no_way_around_the_limit(self) -> None:
        forwarded = [{"x-forwarded-for": f"10.0.0.{i}"} for i in range(40)]
        with (
            serving(toy_server(), HttpAccess(port=0, calls_per_minute=1)) as address,
            httpx2.Client(headers=ACCEPT, timeout=60) as client,
        ):
            statuses = [
                client.post(address, json=HELLO, headers=one).status_code for one in forwarded
            ]
        assert 429 in statuses


class TestHowSlow:
    def test_a_request_that_trickles_is_ended_and_nobody_else_waits(self, guarded: str) -> None:
        with trickling(guarded) as slow:
            started = time.monotonic()
            assert post(guarded, HELLO, **bearing()).status_code == 200
            slow.settimeout(120)
            answer = slow.recv(4000).decode()
        assert " 408 " in answer.splitlines()[0]
        assert "did not arrive within" in answer
        assert time.monotonic() - started < 120

    def test_a_client_that_takes_nothing_in_holds_up_nobody(self, guarded: str) -> None:
        session = post(guarded, HELLO, **bearing()).headers["mcp-session-id"]
        call = {**LIST, "method": "tools/call", "params": {"name": "long", "arguments": {}}}
        with sending(guarded, call, {**bearing(), "mcp-session-id": session}):
            for _ in range(10):
                started = time.monotonic()
                assert post(guarded, HELLO, **bearing()).status_code == 200
                assert time.monotonic() - started < 60


class TestStopping:
    @pytest.mark.parametrize("mode", ["legacy", "auto"])
    async def test_a_call_that_is_given_up_is_stopped(self, mode: str) -> None:
        waiting = Waiting()
        with serving(toy_server(waiting), HttpAccess(port=0)) as address:
            async with connected(address, mode=mode) as client:
                async with anyio.create_task_group() as calling:
                    calling.start_soon(client.call_tool, "wait", {})
                    await until(lambda: waiting.begun == 1)
                    calling.cancel_scope.cancel()
                await until(lambda: waiting.stopped == 1)
                assert (waiting.begun, waiting.stopped) == (1, 1)
                result = await client.call_tool("double", {"number": 2})
                assert result.structured_content == {"result": 4}

    @pytest.mark.parametrize("mode", ["legacy", "auto"])
    async def test_progress_arrives_while_a_call_goes_on(self, mode: str) -> None:
        told: list[tuple[float, float | None, str | None]] = []

        async def note(progress: float, total: float | None, message: str | None) -> None:
            told.append((progress, total, message))

        with serving(toy_server(), HttpAccess(port=0)) as address:
            async with (
                connected(address, mode=mode) as client,
                anyio.create_task_group() as calling,
            ):
                wait = functools.partial(client.call_tool, "wait", {}, progress_callback=note)
                calling.start_soon(wait)
                await until(lambda: bool(told))
                calling.cancel_scope.cancel()
        assert told == [(1.0, 2.0, "waiting")]


async def until(came: Callable[[], bool]) -> None:
    with anyio.fail_after(120):
        while not came():
            await anyio.sleep(0.02)


async def in_turn(calls: Iterable[Awaitable[Any]]) -> None:
    for one in calls:
        await one


def test_a_port_that_is_taken_is_refused_in_plain_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UnusableInputError, match="Choose another port"):
            check_free("127.0.0.1", taken.getsockname()[1])


def trickling(address: str) -> socket.socket:
    """Open a connection that has sent the head of a request and the first byte of its body."""
    head = "\r\n".join(
        f"{name}: {value}"
        for name, value in {**ACCEPT, **bearing(), "content-length": "90"}.items()
    )
    return opened(address, f"POST /mcp HTTP/1.1\r\nhost: 127.0.0.1:1\r\n{head}\r\n\r\n{{".encode())


def sending(address: str, message: dict[str, Any], headers: dict[str, str]) -> socket.socket:
    """Open a connection that has sent a whole request and reads nothing."""
    body = json.dumps(message).encode()
    head = "\r\n".join(
        f"{name}: {value}"
        for name, value in {**ACCEPT, **headers, "content-length": str(len(body))}.items()
    )
    raw = f"POST /mcp HTTP/1.1\r\nhost: 127.0.0.1:1\r\n{head}\r\n\r\n".encode() + body
    return opened(address, raw)


def opened(address: str, raw: bytes) -> socket.socket:
    place = urlsplit(address)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect((place.hostname, place.port))
    connection.sendall(raw)
    return connection
