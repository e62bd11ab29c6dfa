"""A server as streamable HTTP: with sessions, so that a call can be cancelled and report progress."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Any

import anyio

from tools.errors import UnusableInputError
from tools.serving.access import HTTP_PATH, HttpAccess
from tools.serving.limits import Deadline, RateLimit

if TYPE_CHECKING:
    import uvicorn
    from mcp.server.mcpserver import MCPServer
    from starlette.types import ASGIApp

SESSION_SECONDS = 30 * 60.0
"""A session without a request in flight for so long is forgotten; its client begins another."""
MOST_SESSIONS = 512
_LAST_SECONDS = 3
"""Seconds that open streams are given when the server is stopped."""


def http_app(server: MCPServer[Any], access: HttpAccess) -> ASGIApp:
    """Return `server` as an ASGI application behind its limits.

    The rate limit is outermost, so that a token cannot be guessed at any speed; then the
    deadline, the token, the size of a request, and the host and origin.
    """
    app: ASGIApp = server.streamable_http_app(
        streamable_http_path=HTTP_PATH,
        max_request_body_size=access.max_body_bytes,
        session_idle_timeout=SESSION_SECONDS,
        max_sessions=MOST_SESSIONS,
        transport_security=access.security,
        host=access.host,
    )
    app = Deadline(app, access.slowest_seconds)
    if access.calls_per_minute:
        app = RateLimit(app, access.calls_per_minute, clock=time.monotonic)
    return app


def serve_http(server: MCPServer[Any], access: HttpAccess) -> None:
    """Serve under ``/mcp`` until interrupted.

    A server is asked for the token of `access` only if it was built with it
    (:func:`tools.mcp_server.new_server`).

    Raises
    ------
    UnusableInputError
        When the port is taken.
    """
    import uvicorn

    check_free(access.host, access.port)
    anyio.run(uvicorn.Server(server_config(server, access)).serve)


def server_config(server: MCPServer[Any], access: HttpAccess) -> uvicorn.Config:
    """Return what uvicorn is to do for a server."""
    import uvicorn

    # A forwarded address would let any client choose whose share it uses up.
    return uvicorn.Config(
        http_app(server, access),
        host=access.host,
        port=access.port,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        limit_concurrency=access.max_connections,
        timeout_graceful_shutdown=_LAST_SECONDS,
    )


def check_free(host: str, port: int) -> None:
    """See that nothing listens there yet.

    Raises
    ------
    UnusableInputError
        When the port cannot be opened.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise UnusableInputError(
                "an address and a port that can be opened",
                f"{host}:{port}",
                "Choose another port.",
            ) from error
