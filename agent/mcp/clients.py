"""What the settings of other programs need so that they find this server, each in its own form.

A program with windows starts without a terminal's search path, so the command is written whole. A
token is never written: its place is taken by whatever the program puts a secret in with.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from agent.mcp.shelf import market_place
from agent.settings import default_home

if TYPE_CHECKING:
    from agent.settings import Settings

ClientName = Literal["claude", "cursor", "vscode", "zed"]
PLACES: dict[ClientName, str] = {
    "claude": "claude_desktop_config.json",
    "cursor": ".cursor/mcp.json",
    "vscode": ".vscode/mcp.json",
    "zed": "settings.json",
}
"""Where each program keeps it."""
_NAME = "sectorvane"
_TOKEN_ID = "sectorvane-token"  # noqa: S105 - what a program asks for its secret by


def started_by(client: ClientName, settings: Settings) -> str:
    """Return the JSON with which a program starts the server itself."""
    command, *first = _command()
    entry: dict[str, Any] = {"command": command, "args": [*first, "mcp", *_flags(settings)]}
    if settings.home != default_home():
        entry["env"] = {"SECTORVANE_HOME": str(settings.home)}
    match client:
        case "vscode":
            content: dict[str, Any] = {"servers": {_NAME: {"type": "stdio", **entry}}}
        case "zed":
            content = {"context_servers": {_NAME: entry}}
        case _:
            content = {"mcpServers": {_NAME: entry}}
    return json.dumps(content, indent=2, ensure_ascii=False)


def found_at(client: ClientName, address: str, *, token: bool) -> str:
    """Return the JSON with which a program finds a server that runs already.

    Parameters
    ----------
    token
        Whether the server asks for one.
    """
    match client:
        case "claude":
            content: dict[str, Any] = {"mcpServers": {_NAME: _bridged(address, token=token)}}
        case "cursor":
            headers = _headers("${env:SECTORVANE_MCP_TOKEN}") if token else {}
            content = {"mcpServers": {_NAME: {"url": address, **headers}}}
        case "vscode":
            headers = _headers(f"${{input:{_TOKEN_ID}}}") if token else {}
            content = {"servers": {_NAME: {"type": "http", "url": address, **headers}}}
            if token:
                asked = {"type": "promptString", "id": _TOKEN_ID, "password": True}
                content = {"inputs": [{**asked, "description": "Token"}], **content}
        case "zed":
            headers = _headers("YOUR TOKEN") if token else {}
            content = {"context_servers": {_NAME: {"url": address, **headers}}}
    return json.dumps(content, indent=2, ensure_ascii=False)


def _bridged(address: str, *, token: bool) -> dict[str, Any]:
    """Return how a program that only starts servers itself reaches one over HTTP."""
    entry: dict[str, Any] = {"command": "npx", "args": ["-y", "mcp-remote", address]}
    if token:
        # A space within an argument is lost on some systems, so it stands in the variable.
        entry["args"] += ["--header", "Authorization:${AUTHORIZATION}"]
        entry["env"] = {"AUTHORIZATION": "Bearer YOUR TOKEN"}
    return entry


def _headers(token: str) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Bearer {token}"}}


def _command() -> list[str]:
    """Return what starts this program, from anywhere."""
    installed = shutil.which(_NAME)
    if installed is not None:
        return [installed]
    return [sys.executable, str(Path(__file__).parents[2] / "chat.py")]


def _flags(settings: Settings) -> list[str]:
    """Return the flags that say what the settings say."""
    # A program starts the server in a working folder of its own.
    flags = ["--market", market_place(settings.market)]
    if settings.as_of is not None:
        flags += ["--as-of", settings.as_of.isoformat()]
    if settings.level != "sector":
        flags += ["--level", settings.level]
    if settings.brain != "offline":
        flags += ["--brain", settings.brain]
    if settings.brain != "offline" and settings.model is not None:
        flags += ["--model", settings.model]
    if settings.lang != "auto":
        flags += ["--lang", settings.lang]
    if settings.scorer != "auto":
        flags += ["--scorer", settings.scorer]
    return flags
