"""Many MCP clients at once, each checking that every answer is the one to its own call."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio

from tests.mcp_servers import connected

if TYPE_CHECKING:
    import subprocess

    from mcp import Client

SECTORS = ("Energy", "Materials", "Financials", "Consumer Staples")
PERIODS = {"daily": "1D", "weekly": "1W", "monthly": "1M"}


@dataclass
class Found:
    """What the clients saw."""

    milliseconds: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @property
    def n_calls(self) -> int:
        return sum(len(times) for times in self.milliseconds.values())

    def row(self, tool: str) -> str:
        times = sorted(self.milliseconds[tool])
        p50, p95 = (times[int(share * (len(times) - 1))] for share in (0.5, 0.95))
        return f"| {tool} | {len(times)} | {p50:.0f} | {p95:.0f} | {times[-1]:.0f} |"


async def load(address: str, token: str, *, n_clients: int, calls_each: int) -> Found:
    """Let clients call tools at once and return what they saw."""
    found = Found()
    async with anyio.create_task_group() as group:
        for number in range(n_clients):
            group.start_soon(_client, address, token, number, calls_each, found)
    return found


async def _client(address: str, token: str, number: int, calls: int, found: Found) -> None:
    mode = "legacy" if number % 2 else "auto"
    async with connected(address, token=token, mode=mode) as client:
        for turn in range(calls):
            await _call(client, number + turn, found)


async def _call(client: Client, number: int, found: Found) -> None:
    """Call one of four tools with arguments that its answer must echo."""
    sector = SECTORS[number % len(SECTORS)]
    period = list(PERIODS)[number % len(PERIODS)]
    calls: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("explain_sector", {"sector": sector, "horizon": "1M"}, sector),
        ("get_sector_heatmap", {"period": period}, PERIODS[period]),
        ("search_instruments", {"query": sector}, sector),
        ("get_sector_forecast", {"horizon": ("1W", "1M", "3M")[number % 3]}, ""),
    )
    tool, arguments, wanted = calls[number % 4]
    started = time.perf_counter()
    result = await client.call_tool(tool, arguments)
    found.milliseconds.setdefault(tool, []).append((time.perf_counter() - started) * 1000.0)
    got = _echo(tool, result.structured_content or {})
    expected = wanted or str(arguments["horizon"])
    if result.is_error or got != expected:
        found.wrong.append(f"{tool} {arguments}: {got!r}")


def _echo(tool: str, content: dict[str, Any]) -> str:
    """Return the part of an answer that says what it was asked."""
    if content.get("tool") != tool:
        return f"an answer of {content.get('tool')}"
    match tool:
        case "explain_sector":
            return str(content["row"]["name"])
        case "get_sector_heatmap":
            return str(content["ranked_by"])
        case "search_instruments":
            return str(content["query"])
        case _:
            return str(content["scorecard"]["horizon"])


def resident_mb(process: subprocess.Popen[bytes]) -> float:
    """Return the memory a process holds now."""
    for line in Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024.0
    raise RuntimeError("the process is gone")
