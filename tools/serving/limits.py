"""What one client may take: so many requests a minute, and so long for each part of one.

ASGI middleware, because both are decided before anything of a request is understood.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio
from starlette.datastructures import Headers
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SESSION_HEADER = "mcp-session-id"
MOST_CLIENTS = 4096
"""Clients and sessions remembered; the ones unseen for longest are forgotten first."""
SHORTEST_BURST = 30
"""Requests at once that any client may make: a start lists everything."""


@dataclass
class _Bucket:
    """What a client may still ask, as of when."""

    left: float
    seen: float


class RateLimit:
    """Refuses a client's requests with 429 once it has used up its share.

    A client is its session where this server gave it one, else its address: a session id that a
    request merely claims would be a way around the limit, and so would a forwarded address. Only
    requests count that reach further than this, so an answered 429 costs nothing.

    Parameters
    ----------
    app
        What is behind the limit.
    calls_per_minute
        Requests a client may make in the long run; a fifth of it at once.
    clock
        Monotonic seconds.
    """

    def __init__(self, app: ASGIApp, calls_per_minute: int, *, clock: Callable[[], float]) -> None:
        self._app = app
        self._clock = clock
        self._per_second = calls_per_minute / 60.0
        self._burst = float(max(SHORTEST_BURST, calls_per_minute // 5))
        self._said = f"Too many requests: at most {calls_per_minute} a minute for one client"
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._sessions: OrderedDict[str, None] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with 429."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wait = self._take(self._client(scope))
        if wait > 0:
            await refuse(429, f"{self._said}.", retry_after=wait)(scope, receive, send)
            return

        async def noticing(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._notice(Headers(raw=message["headers"]).get(SESSION_HEADER))
            await send(message)

        await self._app(scope, receive, noticing)

    def _client(self, scope: Scope) -> str:
        session = Headers(scope=scope).get(SESSION_HEADER)
        if session is not None and session in self._sessions:
            self._sessions.move_to_end(session)
            return f"session {session}"
        address = scope.get("client")
        return f"address {address[0] if address else 'unknown'}"

    def _notice(self, session: str | None) -> None:
        if session is None:
            return
        self._sessions[session] = None
        if len(self._sessions) > MOST_CLIENTS:
            self._sessions.popitem(last=False)

    def _take(self, client: str) -> float:
        """Take one request from a client's share; return the seconds to wait where none is left."""
        now = self._clock()
        bucket = self._buckets.setdefault(client, _Bucket(self._burst, now))
        self._buckets.move_to_end(client)
        if len(self._buckets) > MOST_CLIENTS:
            self._buckets.popitem(last=False)
        refilled = bucket.left + (now - bucket.seen) * self._per_second
        bucket.left, bucket.seen = min(self._burst, refilled), now
        if bucket.left < 1.0:
            return (1.0 - bucket.left) / self._per_second
        bucket.left -= 1.0
        return 0.0


class _TooSlow(Exception):  # noqa: N818 - it ends a request, nobody sees it
    """A client took too long."""


class Deadline:
    """Ends a request with 408 whose client takes too long to send it.

    Nothing is done about a client that takes in its answer slowly: it holds up nobody but itself.

    Parameters
    ----------
    app
        What is behind the deadline.
    seconds
        For the whole of a request to arrive.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on under its deadline."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = _Request(receive, send, anyio.current_time() + self._seconds)
        try:
            await self._app(scope, request.receive, request.send)
        except* _TooSlow:
            said = f"The request did not arrive within {self._seconds:g} seconds."
            await refuse(408, said)(scope, receive, send)


class _Request:
    """One request that has to be there by a time."""

    def __init__(self, receive: Receive, send: Send, deadline: float) -> None:
        self._receive = receive
        self._send = send
        self._deadline = deadline
        self._complete = False
        self._too_slow = False

    async def receive(self) -> Message:
        """Return the next part; raise where it is too late for the last one."""
        if self._complete:
            return await self._receive()
        with anyio.CancelScope(deadline=self._deadline):
            message = await self._receive()
            self._complete = not message.get("more_body", False)
            return message
        self._too_slow = True
        raise _TooSlow

    async def send(self, message: Message) -> None:
        """Hand on an answer, unless one of our own is about to be given."""
        if not self._too_slow:
            await self._send(message)


def refuse(status: int, said: str, *, retry_after: float | None = None) -> JSONResponse:
    """Return a refusal as a JSON-RPC error, which clients show their readers."""
    headers = {"connection": "close"} if status == 408 else {}
    if retry_after is not None:
        seconds = max(1, math.ceil(retry_after))
        said = f"{said} Try again in {seconds} s."
        headers["retry-after"] = str(seconds)
    error = {"code": -32000, "message": said}
    return JSONResponse(
        {"jsonrpc": "2.0", "id": None, "error": error}, status_code=status, headers=headers
    )
