"""``sectorvane mcp``: the tools, briefs and prompts of a market for other programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from agent.settings import Settings


class Serving(NamedTuple):
    """How the command was asked to serve."""

    port: int | None
    """None: standard input and output."""
    host: str = "127.0.0.1"
    allow_hosts: tuple[str, ...] = ()
    rate: int = 600
    """Requests a minute for one client; 0: no limit."""


def mcp(settings: Settings, serving: Serving) -> int:
    """Serve a market on stdio, or as streamable HTTP."""
    from agent.mcp.server import build_front
    from tools.mcp_server import serve_stdio

    if serving.port is None:
        serve_stdio(build_front(settings))
        return 0
    from tools.serving.access import HttpAccess
    from tools.serving.http import check_free, serve_http

    token = settings.mcp_token.get_secret_value() if settings.mcp_token else None
    access = HttpAccess(
        port=serving.port,
        host=serving.host,
        token=token,
        allow_hosts=serving.allow_hosts,
        calls_per_minute=serving.rate,
    )
    check_free(access.host, access.port)
    server = build_front(settings, token=token)
    asked = "with the token" if token else "without a token"
    sys.stderr.write(f"Serving {settings.market} on {access.address}, {asked}\n")
    serve_http(server, access)
    return 0
