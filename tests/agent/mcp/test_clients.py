"""What is written into the settings of other programs starts and finds the server."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
from mcp import Client, StdioServerParameters

from agent.mcp.clients import PLACES, ClientName, found_at, started_by
from agent.settings import Settings, default_home
from tests.conftest import ROOT, clean_environment
from tests.mcp_servers import TOKEN, command, connected
from tools.serving.access import HttpAccess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Cli

NAMES: tuple[ClientName, ...] = get_args(ClientName)
ROOTS = ("mcpServers", "servers", "context_servers")
"""Under which the programs keep their servers."""
README = (ROOT / "README.md").read_text(encoding="utf-8")


def entry(text: str) -> dict[str, Any]:
    """Return the one server that a program's settings name."""
    content = json.loads(text)
    root = next(key for key in ROOTS if key in content)
    (server,) = content[root].values()
    return dict(server)


def shown_in_readme() -> Iterator[dict[str, Any]]:
    """Yield every server of the README's JSON blocks."""
    for block in re.findall(r"```json\n(.*?)```", README, re.DOTALL):
        content = json.loads(block)
        for key in ROOTS:
            yield from content.get(key, {}).values()


async def answers(server: dict[str, Any], home: Path) -> set[str]:
    """Start a server as a program would and return the names of its tools."""
    arguments = StdioServerParameters(
        command=server["command"],
        args=server["args"],
        env={**clean_environment(), "SECTORVANE_HOME": str(home), **server.get("env", {})},
        cwd=home,
    )
    async with Client(arguments, mode="legacy") as client:
        return {tool.name for tool in (await client.list_tools()).tools}


class TestStarting:
    @pytest.mark.parametrize("client", NAMES)
    def test_every_program_is_told_the_same_command(self, client: ClientName, home: Path) -> None:
        server = entry(started_by(client, Settings(home=home, market="demo", brain="offline")))
        assert Path(server["command"]).is_absolute()
        assert server["args"][-3:] == ["mcp", "--market", "demo"]
        assert server["env"] == {"SECTORVANE_HOME": str(home)}

    async def test_the_command_starts_a_server_that_answers(self, home: Path, folder: Path) -> None:
        settings = Settings(
            home=home, market=f"folder:{folder}", brain="offline", lang="vi", scorer="composite"
        )
        server = entry(started_by("claude", settings))
        assert "ask" in await answers(server, home)

    def test_a_folder_is_found_from_any_working_folder(self, home: Path) -> None:
        server = entry(
            started_by("zed", Settings(home=home, market="folder:mine", brain="offline"))
        )
        assert server["args"][-1] == f"folder:{Path.cwd() / 'mine'}"

    def test_the_model_goes_with_its_brain(self, home: Path) -> None:
        settings = Settings(home=home, brain="openai", model="small")
        assert entry(started_by("zed", settings))["args"][-2:] == ["--model", "small"]

    def test_the_usual_home_is_not_written(self) -> None:
        settings = Settings(home=default_home(), brain="offline")
        assert "env" not in entry(started_by("zed", settings))

    @pytest.mark.parametrize("server", [one for one in shown_in_readme() if "command" in one])
    async def test_the_readmes_own_start_a_server_that_answers(
        self, server: dict[str, Any], home: Path
    ) -> None:
        if server["command"] != "sectorvane":
            pytest.skip("a bridge from outside of this repository")
        program = {"command": sys.executable, "args": [str(ROOT / "chat.py"), *server["args"]]}
        assert "get_sector_heatmap" in await answers(program, home)


class TestFinding:
    async def test_address_and_header_find_a_server_that_answers(
        self, home: Path, folder: Path
    ) -> None:
        with command("--market", f"folder:{folder}", home=home, token=TOKEN) as (address, _):
            server = entry(found_at("cursor", address, token=True))
            bearer = server["headers"]["Authorization"].removeprefix("Bearer ")
            assert bearer == "${env:SECTORVANE_MCP_TOKEN}"
            async with connected(server["url"], token=TOKEN) as client:
                assert "ask" in {tool.name for tool in (await client.list_tools()).tools}

    @pytest.mark.parametrize("client", NAMES)
    def test_no_header_is_written_where_none_is_asked_for(self, client: ClientName) -> None:
        text = found_at(client, HttpAccess(port=8765).address, token=False)
        assert "http://127.0.0.1:8765/mcp" in text
        assert "uthorization" not in text
        assert "uthorization" in found_at(client, "http://x/mcp", token=True)


class TestTheCommand:
    @pytest.mark.parametrize("client", NAMES)
    def test_it_prints_what_a_program_needs_and_never_the_token(
        self, cli: Cli, client: ClientName
    ) -> None:
        done = cli("mcp", "--config", client, "--http", "8765", env={"SECTORVANE_MCP_TOKEN": TOKEN})
        assert done.returncode == 0, done.stderr
        assert "127.0.0.1:8765/mcp" in done.stdout
        assert TOKEN not in done.stdout
        assert PLACES[client] in done.stderr
        assert json.loads(done.stdout)

    @pytest.mark.parametrize("given", [("--host", "::1"), ("--allow-host", "me.example")])
    def test_a_host_without_a_port_is_refused(self, cli: Cli, given: tuple[str, str]) -> None:
        done = cli("mcp", *given)
        assert done.returncode == 2
        assert "Add a port" in done.stderr

    def test_another_address_without_a_token_is_refused(self, cli: Cli) -> None:
        done = cli("mcp", "--http", "8765", "--host", "0.0.0.0")  # noqa: S104
        assert done.returncode == 2
        assert "SECTORVANE_MCP_TOKEN" in done.stderr

    def test_a_short_token_is_refused_and_not_repeated(self, cli: Cli) -> None:
        done = cli("mcp", "--http", "8765", env={"SECTORVANE_MCP_TOKEN": "hunter2"})
        assert done.returncode == 2
        assert "hunter2" not in done.stdout + done.stderr
