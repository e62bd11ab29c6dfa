"""Time and peak memory of one offline question, printed as a table by ``make bench``.

Cold is a new process with the scoring artefact and the simulated market present; first use is the
same in an empty home, where the one is trained and the other made. Warm is the second question of a
conversation. Cold and warm are the fastest of several runs, since whatever else the machine does
only adds time; processor time, user and system, stands beside the cold time for the same reason.
Markets beside `demo` and `industries` are measured where their folder is found
(``SECTORVANE_SHARED``, else ``../shared/data``).

``--sizes`` adds simulated markets of growing length and breadth.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("SECTORVANE_SHARED") or ROOT.parent / "shared" / "data")
SHIPPED = ("demo", "industries")
QUESTION = "Which sectors are rotating in this month, and what is driving them?"
FOLLOWING = "Which sectors are lagging, and how risky are they?"
RUNS = 3
SIZES = ((200, 20), (400, 20), (800, 20), (200, 100), (200, 400))
"""Days and shares of the simulated markets."""
N_SECTORS = 5
LAUNCH = """
import json, os, sys, time
quiet = [(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
started = time.perf_counter()
pid = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ, file_actions=quiet)
_, status, used = os.wait4(pid, 0)
seconds = time.perf_counter() - started
spent = [seconds, used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status)]
json.dump(spent, sys.stderr)
"""
"""A small process that starts the measured one: a process's peak memory begins with that of its parent."""


class Run(NamedTuple):
    """One process: how long it took, how much memory it held at most, and what it printed."""

    seconds: float
    processor_s: float
    peak_mb: float
    printed: str


class Row(NamedTuple):
    """One market's line of the table."""

    market: str
    first_use_s: float
    cold_s: float
    cold_processor_s: float
    warm_s: float
    peak_mb: float


def markets() -> list[str]:
    """Return the markets that can be measured here."""
    folders = [SHARED / "markets" / name for name in ("us", "id")]
    return [*SHIPPED, *(f"folder:{folder}" for folder in folders if folder.is_dir())]


def measured(arguments: list[str], home: Path) -> Run:
    """Run Python in a process of its own and take its time and its peak memory."""
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")
    } | {"SECTORVANE_HOME": str(home)}
    launched = subprocess.run(
        [sys.executable, "-S", "-c", LAUNCH, *arguments],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    seconds, processor_s, peak, status = json.loads(launched.stderr)
    if status:
        raise RuntimeError(f"{' '.join(arguments)} ended with status {status}")
    # Linux counts kilobytes, macOS bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Run(seconds, processor_s, peak / unit, launched.stdout)


def measure(market: str, *, runs: int = RUNS, home: Path | None = None) -> Row:
    """Return the numbers of one market, in a home of its own unless one is given."""
    one_shot = ["chat.py", QUESTION, "--market", market, "--brain", "offline", "--json"]
    with nullcontext(str(home)) if home else tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        first = measured(one_shot, home)
        cold = [measured(one_shot, home) for _ in range(runs)]
        warm = [measured(["-m", "tests.benchmarks.worker", "warm", market], home) for _ in cold]
    return Row(
        market=market if market in SHIPPED else Path(market).name,
        first_use_s=first.seconds,
        cold_s=min(run.seconds for run in cold),
        cold_processor_s=min(run.processor_s for run in cold),
        warm_s=min(json.loads(run.printed)["warm"] for run in warm),
        peak_mb=max(run.peak_mb for run in (first, *cold, *warm)),
    )


def measured_sizes(sizes: Sequence[tuple[int, int]] = SIZES) -> list[Row]:
    """Return the numbers of simulated markets, named by their days and shares."""
    from tests.markets import write_market

    rows = []
    for n_days, n_shares in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = write_market(
                Path(folder) / f"{n_days} days x {n_shares} shares",
                n_days=n_days,
                n_sectors=N_SECTORS,
                n_shares=n_shares // N_SECTORS,
            )
            rows.append(measure(f"folder:{path}", runs=1))
    return rows


def gathered(runs: int = RUNS) -> float:
    """Return the seconds in which six tools that wait 200 ms each are gathered."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["-m", "tests.benchmarks.worker", "gather"]
        found = [measured(command, Path(folder)) for _ in range(runs)]
    return min(float(json.loads(run.printed)["gather"]) for run in found)


def table(rows: list[Row]) -> str:
    """Return the numbers as a table in Markdown."""
    lines = [
        "| market | first use s | cold s | cold, processor s | warm s | peak MB |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {row.market} | {row.first_use_s:.2f} | {row.cold_s:.2f} | {row.cold_processor_s:.2f} "
            f"| {row.warm_s:.2f} | {row.peak_mb:.0f} |"
            for row in rows
        ),
    ]
    return "\n".join(lines)


def report(rows: list[Row], gather_s: float) -> str:
    """Return the table with the time of gathering and how busy the machine was."""
    lines = [
        table(rows),
        "",
        f"Six tools that wait 200 ms each are gathered in {gather_s * 1000:.0f} ms.",
        f"Cold and warm are the fastest of {RUNS}; {os.cpu_count()} cores",
    ]
    if hasattr(os, "getloadavg"):
        lines[-1] += f", load {os.getloadavg()[0]:.1f} at the end"
    return "\n".join(lines) + "."


def main(arguments: Sequence[str]) -> None:
    """Measure everything and print the table."""
    sys.stdout.write(report([measure(market) for market in markets()], gathered()) + "\n")
    if "--sizes" in arguments:
        sys.stdout.write("\n" + table(measured_sizes()) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
