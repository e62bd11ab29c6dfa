"""What one client may take, on a clock of the test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse

from tools.serving import limits
from tools.serving.limits import RateLimit

if TYPE_CHECKING:
    import pytest
    from starlette.types import Message, Receive, Scope, Send


class Door:
    """Sends requests through a limit; the application behind gives sessions to those it is told to."""

    def __init__(self, calls_per_minute: int) -> None:
        self.now = 0.0
        self.gives: str | None = None
        self.limit = RateLimit(self.app, calls_per_minute, clock=lambda: self.now)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {"mcp-session-id": self.gives} if self.gives else {}
        await PlainTextResponse("ok", headers=headers)(scope, receive, send)

    async def ask(self, address: str = "10.0.0.1", session: str | None = None) -> Message:
        started: list[Message] = []

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        headers = [(b"mcp-session-id", session.encode())] if session else []
        scope: dict[str, Any] = {
            "type": "http", "method": "POST", "client": (address, 5), "headers": headers,
        }  # fmt: skip
        await self.limit(scope, receive, send)
        return started[0]

    async def allowed(self, times: int, **who: Any) -> int:
        return sum([(await self.ask(**who))["status"] == 200 for _ in range(times)])


def header(answer: Message, name: bytes) -> str:
    return str(next(value for key, value in answer["headers"] if key == name).decode())


class TestShares:
    async def test_a_client_gets_its_burst_and_then_its_rate(self) -> None:
        door = Door(600)
        assert await door.allowed(200) == 120
        door.now = 1.0
        assert await door.allowed(200) == 10

    async def test_a_refusal_says_when_to_come_back_and_keeps_the_promise(self) -> None:
        door = Door(60)
        await door.allowed(30)
        refused = await door.ask()
        assert refused["status"] == 429
        door.now += float(header(refused, b"retry-after"))
        assert (await door.ask())["status"] == 200

    async def test_another_address_has_a_share_of_its_own(self) -> None:
        door = Door(60)
        assert await door.allowed(40) == 30
        assert await door.allowed(40, address="10.0.0.2") == 30

    async def test_a_session_the_server_gave_has_a_share_of_its_own(self) -> None:
        door = Door(60)
        door.gives = "s-1"
        await door.ask()
        assert await door.allowed(40, session="s-1") == 30

    async def test_a_session_that_is_only_claimed_is_its_address(self) -> None:
        door = Door(60)
        allowed = [await door.allowed(1, session=f"made-up-{i}") for i in range(50)]
        assert sum(allowed) == 30

    @given(pauses=st.lists(st.floats(0.0, 5.0), min_size=1, max_size=40))
    async def test_no_rhythm_of_asking_gets_more_than_burst_and_rate(
        self, pauses: list[float]
    ) -> None:
        door = Door(120)
        allowed = 0
        for pause in pauses:
            door.now += pause
            allowed += await door.allowed(20)
        assert allowed <= 30 + door.now * 2.0 + 1e-6

    async def test_what_is_remembered_of_clients_is_bounded(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        door = Door(600)
        for i in range(limits.MOST_CLIENTS + 50):
            door.gives = f"s-{i}"
            await door.ask(address=f"10.0.{i // 250}.{i % 250}")
        assert len(door.limit._buckets) == limits.MOST_CLIENTS
        assert len(door.limit._sessions) == limits.MOST_CLIENTS
