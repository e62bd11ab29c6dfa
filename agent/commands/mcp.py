"""``sectorvane mcp``: the tools, briefs and prompts of a market for other programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from agent.mcp.clients import ClientName
    from agent.settings import Settings
    from tools.serving.access import HttpAccess


HOST = "127.0.0.1"


class Serving(NamedTuple):
    """How the command was asked to serve."""

    port: int | None
    """None: standard input and output."""
    host: str = HOST
    allow_hosts: tuple[str, ...] = ()
    rate: int = 600
    """Requests a minute for one client; 0: no limit, nor one on guesses at the token."""
    config: ClientName | None = None
    """A program to print the settings of instead of serving."""


def mcp(settings: Settings, serving: Serving) -> int:
    """Serve a market on stdio or as streamable HTTP, or tell how a program finds it there.

    Raises
    ------
    UnusableInputError
        Where a host is named and no port, because nothing would listen there.
    """
    if serving.port is None:
        if serving.host != HOST or serving.allow_hosts:
            raise UnusableInputError(
                "--http PORT beside --host or --allow-host",
                "a host alone, which standard input and output have no use for",
                "Add a port, such as --http 8765.",
            )
        return _on_stdio(settings, serving)
    from tools.serving.access import HttpAccess

    token = settings.mcp_token.get_secret_value() if settings.mcp_token else None
    access = HttpAccess(
        port=serving.port,
        host=serving.host,
        token=token,
        allow_hosts=serving.allow_hosts,
        calls_per_minute=serving.rate,
    )
    return _on_http(settings, serving, access)


def _on_stdio(settings: Settings, serving: Serving) -> int:
    if serving.config is not None:
        from agent.mcp.clients import started_by

        return _shown(serving.config, started_by(serving.config, settings))
    from agent.mcp.server import build_front
    from tools.mcp_server import serve_stdio

    serve_stdio(build_front(settings))
    return 0


def _on_http(settings: Settings, serving: Serving, access: HttpAccess) -> int:
    if serving.config is not None:
        from agent.mcp.clients import found_at

        token = access.token is not None
        return _shown(serving.config, found_at(serving.config, access.address, token=token))
    from agent.mcp.server import build_front
    from tools.serving.http import check_free, serve_http

    check_free(access.host, access.port)
    server = build_front(settings, token=access.token)
    asked = "with the token" if access.token else "without a token"
    sys.stderr.write(f"Serving {settings.market} on {access.address}, {asked}\n")
    serve_http(server, access)
    return 0


def _shown(client: ClientName, config: str) -> int:
    from agent.mcp.clients import PLACES

    sys.stderr.write(f"For {PLACES[client]}:\n")
    sys.stdout.write(f"{config}\n")
    return 0
