"""The small version runs with the suite on a busy machine; the proof holds the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.bench import gathered, markets, measure, measured, report

if TYPE_CHECKING:
    from pathlib import Path

COLD_SECONDS = 4.0
WARM_SECONDS = 0.5
DEFAULT_WARM_SECONDS = 0.3
"""On the default market."""
PEAK_MB = 700.0
GATHER_SECONDS = 0.3


def test_six_waiting_tools_are_gathered_side_by_side() -> None:
    assert gathered(runs=1) < 3 * 0.2


def test_one_question_is_measured(session_home: Path) -> None:
    row = measure("demo", runs=1, home=session_home)
    assert row.peak_mb < PEAK_MB
    # Processor time: what else the machine does must not fail this.
    assert row.cold_processor_s < 3 * COLD_SECONDS
    assert 0 < row.warm_s < 20 * WARM_SECONDS


def test_the_peak_is_that_of_the_measured_process_and_not_of_this_one(tmp_path: Path) -> None:
    held = bytearray(b"x" * 200_000_000)
    assert measured(["-c", "pass"], tmp_path).peak_mb < 100
    assert len(held) == 200_000_000


@pytest.mark.proof
def test_a_question_stays_within_its_limits() -> None:
    rows = [measure(market) for market in markets()]
    gather_s = gathered()
    print(report(rows, gather_s))
    assert gather_s <= GATHER_SECONDS
    for row in rows:
        assert row.cold_s <= COLD_SECONDS, row
        assert row.warm_s <= (DEFAULT_WARM_SECONDS if row.market == "demo" else WARM_SECONDS), row
        assert row.peak_mb <= PEAK_MB, row
