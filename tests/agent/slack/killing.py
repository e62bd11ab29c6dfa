"""Starting and killing the Slack app as a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.slack_server import SlackServer

ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def app_process(
    server: SlackServer, home: Path, seconds: float = 0.3
) -> Iterator[subprocess.Popen[bytes]]:
    """Run the app in a process of its own until the context ends."""
    home.mkdir(parents=True, exist_ok=True)
    command = ["-m", "tests.agent.slack.slack_process", str(home), server.api_url, str(seconds)]
    with (home / "log.txt").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            stderr=log,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def kill_at(
    server: SlackServer, process: subprocess.Popen[bytes], method: str, *, is_done: bool
) -> threading.Event:
    """Kill the process at its next call of a method, before or after Slack carried it out."""
    killed = threading.Event()

    def kill(called: str, done: bool) -> None:
        if called == method and done is is_done and not killed.is_set():
            process.kill()
            process.wait()
            killed.set()

    server.on_call = kill
    return killed
