"""The MCP server under load, and in the hands of another framework's own adapters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT, clean_environment
from tests.markets import write_market
from tests.mcp_servers import TOKEN, command
from tests.proofs.langgraph_agent import AGENT
from tests.proofs.mcp_load import load, resident_mb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.proof

N_CLIENTS, CALLS_EACH = 20, 50
MOST_GROWTH_MB = 150.0
OTHER_PYTHON = os.environ.get("LANGGRAPH_PYTHON", "")
"""A Python that has langgraph and langchain-mcp-adapters, which needs an older MCP library."""
SCRIPT: list[list[Any]] = [
    ["get_sector_heatmap", {"period": "weekly"}],
    ["explain_sector", {"sector": "Enrgy", "horizon": "1M"}],
    ["explain_sector", {"sector": "Energy", "horizon": "1M"}],
    ["ask", {"question": "Which sectors are rotating in?"}],
]


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"folder:{write_market(tmp_path_factory.mktemp('proof') / 'toy')}"


@pytest.fixture(scope="module")
def served(
    market: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    home = tmp_path_factory.mktemp("home")
    with command("--market", market, "--rate", "0", home=home, token=TOKEN) as running:
        yield running


async def test_a_thousand_calls_by_twenty_clients_are_each_answered_rightly(
    served: tuple[str, subprocess.Popen[bytes]],
) -> None:
    address, process = served
    await load(address, TOKEN, n_clients=2, calls_each=4)
    before = resident_mb(process)
    started = time.perf_counter()
    found = await load(address, TOKEN, n_clients=N_CLIENTS, calls_each=CALLS_EACH)
    seconds = time.perf_counter() - started
    after = resident_mb(process)
    print(f"{found.n_calls} calls by {N_CLIENTS} clients at once, half of them with sessions, in ")
    print(f"{seconds:.1f} s; {len(found.wrong)} wrong. Load per core: {load_per_core():.1f}.\n")
    print("| tool | calls | p50, ms | p95, ms | longest, ms |\n|---|---:|---:|---:|---:|")
    for tool in sorted(found.milliseconds):
        print(found.row(tool))
    print(f"\nResident memory of the server: {before:.0f} MB before, {after:.0f} MB after.")
    assert found.wrong == []
    assert found.n_calls == N_CLIENTS * CALLS_EACH
    assert after - before < MOST_GROWTH_MB


@pytest.mark.parametrize("transport", ["stdio", "streamable_http"])
def test_an_agent_of_langgraph_uses_the_tools_through_its_own_adapters(
    transport: str,
    market: str,
    served: tuple[str, subprocess.Popen[bytes]],
    tmp_path: Path,
) -> None:
    if not OTHER_PYTHON:
        pytest.skip("LANGGRAPH_PYTHON names no Python with langchain-mcp-adapters")
    address, _ = served
    connection: dict[str, Any] = {
        "transport": transport,
        "url": address,
        "headers": {"Authorization": f"Bearer {TOKEN}"},
    }
    if transport == "stdio":
        connection = {
            "transport": transport,
            "command": sys.executable,
            "args": [str(ROOT / "chat.py"), "mcp", "--market", market],
            "env": {**clean_environment(), "SECTORVANE_HOME": str(tmp_path)},
        }
    program = [OTHER_PYTHON, "-c", AGENT]
    done = subprocess.run(
        [*program, json.dumps(connection), json.dumps(SCRIPT)],
        capture_output=True, text=True, check=False, timeout=300, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    statuses = [(name, status) for name, status, _ in found["answers"]]
    print("| tool | status | structured |\n|---|---|---|")
    for (name, status), structured in zip(statuses, found["structured"], strict=True):
        print(f"| {name} | {status} | {'yes' if structured else 'no'} |")
    assert [name for name, _ in statuses] == [name for name, _ in SCRIPT]
    assert [status for _, status in statuses] == ["success", "error", "success", "success"]
    assert "Nearest: Energy" in found["answers"][1][2]
    assert set(found["bound"]) >= {"ask", "get_sector_heatmap"}
    assert found["last"].startswith("# ")
    assert "| Energy " in found["heatmap"]
    assert "Toy market toy" in found["prompt"]


def load_per_core() -> float:
    return os.getloadavg()[0] / (os.cpu_count() or 1)
