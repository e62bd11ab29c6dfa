"""Two processes read a history while a third writes it."""

from __future__ import annotations

import json
import multiprocessing
import time
from typing import TYPE_CHECKING

from tests.tools.store.history_rows import a_market, bars, fill
from tests.tools.store.reading_process import read_until
from tools.store.history import HistoryStore

if TYPE_CHECKING:
    from pathlib import Path

ROWS_A_GENERATION = 40


def write_generations(folder: Path, n_generations: int) -> None:
    """Append, in many transactions, and publish, so many times."""
    with HistoryStore.open(folder, a_market(), write=True) as store:
        for number in range(1, n_generations + 1):
            for symbol in ("AAA", "BBB"):
                for part in range(4):
                    n_days = (number - 1) * ROWS_A_GENERATION // 2 + 5 * (part + 1)
                    fill(store, bars(symbol, n_days=n_days))
            store.publish()


def test_two_processes_read_whole_generations_while_one_writes(tmp_path: Path) -> None:
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.tools.store.reading_process"])
    folder, stop = tmp_path / "history", tmp_path / "stop"
    reports = [tmp_path / f"reader-{number}.json" for number in range(2)]
    readers = [
        processes.Process(target=read_until, args=(stop, folder, report)) for report in reports
    ]
    for reader in readers:
        reader.start()
    write_generations(folder, 4)
    time.sleep(0.3)
    stop.touch()
    for reader, report in zip(readers, reports, strict=True):
        reader.join(60)
        assert reader.exitcode == 0
        seen = json.loads(report.read_text())
        assert seen == sorted(seen)
        assert set(seen) <= {ROWS_A_GENERATION * number for number in range(1, 5)}
        assert seen[-1] == 4 * ROWS_A_GENERATION
