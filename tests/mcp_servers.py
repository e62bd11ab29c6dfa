"""MCP servers for tests: the toy tools over a real loopback port, and ``sectorvane mcp`` as a process."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx2
import uvicorn
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tests.conftest import ROOT, clean_environment
from tools.serving.http import server_config

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from mcp.server.mcpserver import MCPServer

    from tools.serving.access import HttpAccess

TOKEN = "a-token-for-tests-0123456789"  # noqa: S105 - guards nothing
ACCEPT = {"accept": "application/json, text/event-stream", "content-type": "application/json"}


@contextmanager
def serving(server: MCPServer[Any], access: HttpAccess) -> Iterator[str]:
    """Serve in a thread, on a free port whatever `access` says, and yield the address."""
    access = replace(access, port=free_port())
    running = uvicorn.Server(server_config(server, access))
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        until = time.monotonic() + 300
        while not running.started and time.monotonic() < until:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{access.port}/mcp"
    finally:
        running.should_exit = True
        thread.join(300)


@contextmanager
def command(
    *arguments: str, home: Path, token: str | None = None
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run ``sectorvane mcp --http`` and yield its address and process."""
    port = free_port()
    environ = {**clean_environment(), "SECTORVANE_HOME": str(home)}
    if token:
        environ["SECTORVANE_MCP_TOKEN"] = token
    program = [sys.executable, str(ROOT / "chat.py"), "mcp", "--http", str(port), *arguments]
    with (
        (home / "stderr.txt").open("w") as said,
        subprocess.Popen(program, cwd=home, env=environ, stderr=said) as process,
    ):
        try:
            _wait_for(port, process, home / "stderr.txt")
            yield f"http://127.0.0.1:{port}/mcp", process
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes], said: Path) -> None:
    for _ in range(3000):
        if process.poll() is not None:
            raise RuntimeError(said.read_text(encoding="utf-8"))
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not open its port")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def connected(
    address: str, *, token: str | None = None, mode: str = "auto", **headers: str
) -> AsyncIterator[Client]:
    """Connect the official client, with a token and further headers."""
    if token:
        headers["authorization"] = f"Bearer {token}"
    async with (
        httpx2.AsyncClient(headers=headers, timeout=300) as speaking,
        Client(streamable_http_client(address, http_client=speaking), mode=mode) as client,
    ):
        yield client
