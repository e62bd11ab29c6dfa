"""The history store at full size: killed a hundred times, read while it is written, and ten years of 1,700 shares."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.tools.store.test_readers import (
    test_two_processes_read_whole_generations_while_one_writes,
)
from tests.tools.sync.bar_provider import BarServer, bar_server
from tests.tools.sync.killed import kill_syncs

pytestmark = pytest.mark.proof

ROOT = Path(__file__).resolve().parents[2]
N_SHARES = 1700
N_DAYS = 2520
MOST_SECONDS, MOST_RSS_MB, MOST_FILE_MB, MOST_READ_SECONDS = 180.0, 1024.0, 300.0, 1.0
READ = """
import json, resource, sys, time
from datetime import date
from pathlib import Path
from tests.tools.sync.bar_provider import BarMarket
from tools.measures.returns import window_return
from tools.store.history import HistoryStore
from tools.view import AsOfView
rows = []
for _ in range(7):
    started, cpu = time.perf_counter(), time.process_time()
    with HistoryStore.at(Path(sys.argv[1]), BarMarket("").market) as history:
        data = history.market_data()
    loaded = time.perf_counter()
    view = AsOfView(data, date(2022, 6, 1))
    viewed, cpu = time.perf_counter(), time.process_time() - cpu
    window_return(view, "1M")
    measured = time.perf_counter()
    rows.append((loaded - started, viewed - loaded, cpu, measured - viewed))
    n_rows = len(data.prices)
    del data, view
rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"rows": rows, "n_rows": n_rows, "rss_mb": rss}))
"""


def test_a_hundred_syncs_killed_at_random_points_lose_and_double_nothing(tmp_path: Path) -> None:
    found, n_bars = kill_syncs(tmp_path, n_kills=100, n_shares=24, seed=11)
    print("| what | times |\n|---|---:|")
    for what, times in sorted(found.items()):
        print(f"| {what} | {times} |")
    print(
        f"\nAfter the last sync {n_bars} bars of 24 shares, each once, none missing, none changed."
    )
    assert found["storing"] + found["publishing"] == 100
    assert found["publishing"] > 5


@pytest.mark.parametrize("run", range(5))
def test_two_processes_read_while_one_writes(tmp_path: Path, run: int) -> None:
    test_two_processes_read_whole_generations_while_one_writes(tmp_path)
    print("Both readers saw whole generations only, in their order, and the last one at the end.")


def test_ten_years_of_1700_shares(tmp_path: Path) -> None:
    with bar_server() as server:
        first = _synced(server, tmp_path, "2026-02-26")
        next_day = _synced(server, tmp_path, "2026-02-27")
    folder = tmp_path / "history" / "bars"
    sizes = [path.stat().st_size / 1e6 for path in sorted(folder.glob("history-*"))]
    read = json.loads(_run("-c", READ, str(tmp_path)))
    loads, views, cpus, measures = (sorted(column) for column in zip(*read["rows"], strict=True))
    totals = sorted(load + view for load, view, _, _ in read["rows"])
    rows = [
        ("bars", f"{first['new']:,}", f"{N_SHARES * N_DAYS:,}"),
        ("first sync, seconds", f"{first['seconds']:.0f}", f"{MOST_SECONDS:.0f}"),
        ("first sync, processor seconds", f"{first['processor_seconds']:.0f}", ""),
        ("first sync, largest resident memory, MB", f"{first['rss_mb']:.0f}", f"{MOST_RSS_MB:.0f}"),
        ("next sync, seconds", f"{next_day['seconds']:.0f}", ""),
        ("next sync, largest resident memory, MB", f"{next_day['rss_mb']:.0f}", ""),
        ("file, MB", f"{sizes[-1]:.0f}", f"{MOST_FILE_MB:.0f}"),
        (
            "as-of view: load and view, seconds, best",
            f"{totals[0]:.2f}",
            f"{MOST_READ_SECONDS:.1f}",
        ),
        ("as-of view: load and view, seconds, median", f"{totals[3]:.2f}", ""),
        ("of which loading, median", f"{loads[3]:.2f}", ""),
        ("of which the view, median", f"{views[3]:.2f}", ""),
        ("processor seconds of both, median", f"{cpus[3]:.2f}", ""),
        ("then the first month's returns of every sector, median", f"{measures[3]:.2f}", ""),
        ("reader, largest resident memory, MB", f"{read['rss_mb']:.0f}", ""),
    ]
    busy = os.getloadavg()[1] / (os.cpu_count() or 1)
    print(f"Load of the machine over the last five minutes, per core: {busy:.1f}.\n")
    print("| what | measured | at most |\n|---|---:|---:|")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    assert first["new"] == N_SHARES * N_DAYS == read["n_rows"]
    assert first["failed"] == next_day["failed"] == next_day["new"] == 0
    assert first["seconds"] <= MOST_SECONDS
    assert first["rss_mb"] <= MOST_RSS_MB
    assert sizes[-1] <= MOST_FILE_MB
    assert totals[0] <= MOST_READ_SECONDS


def _synced(server: BarServer, home: Path, day: str) -> Any:
    said = _run(
        "-m", "tests.tools.sync.sync_process", server.url, str(home), str(N_SHARES), "1", day
    )
    return json.loads(said)


def _run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
