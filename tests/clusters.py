"""A real Dask cluster on the loopback address: a scheduler and two workers, each a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120.0
"""Seconds that a process may take to start on a slow machine."""


@contextmanager
def two_workers() -> Iterator[str]:
    """Start a scheduler and two workers, and yield the scheduler's address; skips without the extra scale."""
    if find_spec("distributed") is None:
        pytest.skip("the extra scale is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    quiet = ("--no-dashboard", "--host", "127.0.0.1")
    with ExitStack() as stack:
        stack.enter_context(_process("scheduler", "--port", str(port), *quiet))
        for _ in range(2):
            worker = (address, "--nthreads", "1", "--no-nanny", *quiet)
            stack.enter_context(_process("worker", *worker))
        _wait(port)
        yield address


@contextmanager
def _process(part: str, *arguments: str) -> Iterator[None]:
    running = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", f"distributed.cli.dask_{part}", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        running.terminate()
        try:
            running.wait(timeout=20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _wait(port: int) -> None:
    """Wait until the scheduler listens; its workers join when they can, and jobs wait for them."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"no scheduler on port {port} after {PATIENCE:g} seconds")
