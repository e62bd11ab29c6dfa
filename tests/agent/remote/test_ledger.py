"""The count of calls is one for all processes, and a killed one leaves it right."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from agent.remote.ledger import DAY, FILE, Ledger
from agent.remote.settings import RemoteServer
from tests.conftest import ROOT
from tools.errors import SourceDownError

if TYPE_CHECKING:
    from pathlib import Path

DEMO = RemoteServer(url="http://127.0.0.1:1/", per_minute=3, per_day=5)
TAKER = """
import sys
from pathlib import Path
from agent.remote.ledger import Ledger
from agent.remote.settings import RemoteServer
server = RemoteServer(url="http://127.0.0.1:1/", per_minute=7)
ledger = Ledger(Path(sys.argv[1]), wall=lambda: 1e9)
taken = sum(ledger.take("vimo", server) is None for _ in range(6))
print(taken, flush=True)
import os
os._exit(9)
"""


def at(home: Path, seconds: float) -> Ledger:
    return Ledger(home, wall=lambda: 1e9 + seconds)


def test_a_minute_and_a_day_are_kept_across_openings(home: Path) -> None:
    seconds = (0, 1, 2, 3, 61, 62.5, 200, DAY + 0.5)
    limits = []
    for second in seconds:
        ledger = at(home, second)
        limits.append(ledger.take("vimo", DEMO))
        ledger.close()
    assert limits == [None, None, None, "minute", None, None, "day", None]


def test_processes_share_one_count_and_a_killed_one_leaves_it(home: Path) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", TAKER, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    taken = [int(process.communicate(timeout=60)[0]) for process in running]
    assert [process.returncode for process in running] == [9, 9]
    assert sum(taken) == 7, "together they took what one might"
    left = at(home, 1)
    assert left.room("vimo", DEMO) == 0, "what they took is counted"
    left.close()


def test_servers_have_counts_of_their_own(home: Path) -> None:
    ledger = at(home, 0)
    assert [ledger.take("a", DEMO) for _ in range(4)][-1] == "minute"
    assert ledger.take("b", DEMO) is None
    assert ledger.room("b", DEMO) == 2
    ledger.close()


def test_without_a_quota_there_is_always_room_unless_the_server_asked_to_wait(home: Path) -> None:
    free = RemoteServer(url="http://127.0.0.1:1/")
    ledger = at(home, 0)
    assert ledger.room("vimo", free) is None
    ledger.pause("vimo", None)
    assert ledger.room("vimo", free) == 0
    assert ledger.take("vimo", free) == "pause"
    ledger.close()
    later = at(home, 61)
    assert later.take("vimo", free) is None
    later.close()


def test_a_file_that_is_no_ledger_is_said_plainly(home: Path) -> None:
    (home / FILE).parent.mkdir()
    (home / FILE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(SourceDownError, match=r"remote/ledger\.sqlite"):
        at(home, 0).room("vimo", DEMO)


def test_a_new_ledger_may_be_opened_by_many_at_the_same_moment(tmp_path: Path) -> None:
    """Laying out the file is where SQLite refuses to wait; one opening in a hundred met it."""

    def room_in(place: Path) -> int | None:
        ledger = at(place, 0)
        left = ledger.room("vimo", DEMO)
        ledger.close()
        return left

    with ThreadPoolExecutor(16) as pool:
        for attempt in range(25):
            rooms = list(pool.map(room_in, [tmp_path / str(attempt)] * 16))
            assert rooms == [3] * 16
