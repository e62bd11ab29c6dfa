"""A process killed in the middle of gathering loses nothing that had been answered."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.fakes import FACTS

ROOT = Path(__file__).parents[2]


def start(home: Path, action: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.agent.interrupted_run", str(home), action],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def wait_for_calls(log: Path, count: int) -> None:
    deadline = time.monotonic() + 60
    while not log.exists() or len(log.read_text(encoding="utf-8").splitlines()) < count:
        assert time.monotonic() < deadline, "the run did not reach its tools"
        time.sleep(0.05)


def test_a_killed_run_resumes_and_calls_only_the_tool_that_had_not_answered(tmp_path: Path) -> None:
    log = tmp_path / "calls.log"
    with start(tmp_path, "ask") as killed:
        wait_for_calls(log, 6)
        time.sleep(0.5)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    log.unlink()
    with start(tmp_path, "resume") as resumed:
        output, _ = resumed.communicate(timeout=60)
    assert resumed.returncode == 0
    assert log.read_text(encoding="utf-8").splitlines() == ["get_whale_activity"]
    gathered = {fact.id for facts in FACTS.values() for fact in facts}
    assert gathered <= set(output.strip().split(","))
