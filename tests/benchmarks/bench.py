"""Time and peak memory of one offline question, printed as a table by ``make bench``.

Cold is a new process with the scoring artefact present; first use is the same in an empty home,
where the artefact is trained. Warm is the second question of a conversation. Markets beside
`industries` are measured where their folder is found (``SECTORVANE_SHARED``, else
``../shared/data``).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("SECTORVANE_SHARED") or ROOT.parent / "shared" / "data")
QUESTION = "Which sectors are rotating in this month, and what is driving them?"
FOLLOWING = "Which sectors are lagging, and how risky are they?"
COLD_RUNS = 3


class Run(NamedTuple):
    """One process: how long it took, how much memory it held at most, and what it printed."""

    seconds: float
    peak_mb: float
    printed: str


class Row(NamedTuple):
    """One market's line of the table."""

    market: str
    first_use_s: float
    cold_s: float
    warm_s: float
    peak_mb: float


def markets() -> list[str]:
    """Return the markets that can be measured here."""
    folders = [SHARED / "markets" / name for name in ("us", "id")]
    return ["industries", *(f"folder:{folder}" for folder in folders if folder.is_dir())]


def measured(arguments: list[str], home: Path) -> Run:
    """Run Python in a process of its own and take its time and its peak memory."""
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")
    } | {"SECTORVANE_HOME": str(home)}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environ,
            stdout=out,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        printed = out.read()
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with status {process.returncode}")
    # Linux counts kilobytes, macOS bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Run(seconds, usage.ru_maxrss / unit, printed)


def measure(market: str, *, cold_runs: int = COLD_RUNS) -> Row:
    """Return the numbers of one market, in a home of its own."""
    one_shot = ["chat.py", QUESTION, "--market", market, "--brain", "offline", "--json"]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        first = measured(one_shot, home)
        cold = [measured(one_shot, home) for _ in range(cold_runs)]
        warm = measured(["-m", "tests.benchmarks.worker", "warm", market], home)
    peak = max(run.peak_mb for run in (first, *cold, warm))
    return Row(
        market if market == "industries" else Path(market).name,
        first.seconds,
        statistics.median(run.seconds for run in cold),
        json.loads(warm.printed)["warm"],
        peak,
    )


def gathered() -> float:
    """Return the seconds in which six tools that wait 200 ms each are gathered."""
    with tempfile.TemporaryDirectory() as folder:
        run = measured(["-m", "tests.benchmarks.worker", "gather"], Path(folder))
    seconds: float = json.loads(run.printed)["gather"]
    return seconds


def table(rows: list[Row], gather_s: float) -> str:
    """Return the numbers as a table in Markdown."""
    lines = [
        "| market | first use s | cold s | warm s | peak MB |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| {row.market} | {row.first_use_s:.2f} | {row.cold_s:.2f} | {row.warm_s:.2f} "
            f"| {row.peak_mb:.0f} |"
            for row in rows
        ),
        "",
        f"Six tools that wait 200 ms each are gathered in {gather_s * 1000:.0f} ms.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure everything and print the table."""
    print(table([measure(market) for market in markets()], gathered()))


if __name__ == "__main__":
    main()
