"""A hundred questions in one conversation: what comes after costs what the second ten did."""

from __future__ import annotations

import gc
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import pytest

from agent.conversation import Conversation
from agent.memory.checkpoints import DATABASE
from agent.settings import load_settings
from tests.markets import write_market

if TYPE_CHECKING:
    from collections.abc import Callable

QUESTIONS = (
    "Which sectors lead this month?",
    "why is energy there?",
    "and financials?",
    "what about foreign flows?",
    "dự báo 3 tháng tới thế nào?",
    "còn tuần trước?",
    "any unusual trading this week?",
    "how is technology doing?",
    "give me the full brief",
    "thanks",
)
MOST = 1.3
LONG = 100
STATM = Path("/proc/self/statm")
PAGE = 4096


class Turn(NamedTuple):
    """What one question took."""

    seconds: float
    cpu_seconds: float
    """Of this process: what other work on the machine cannot lengthen."""
    resident: int
    database: int


async def ask(conversation: Conversation, place: int) -> Turn:
    """Ask the question of a place in the conversation, and measure it."""
    began, cpu = time.perf_counter(), time.process_time()
    await conversation.ask(QUESTIONS[place % len(QUESTIONS)])
    seconds, spent = time.perf_counter() - began, time.process_time() - cpu
    gc.collect()
    resident = int(STATM.read_text().split()[1]) * PAGE
    home = conversation.settings.home
    size = sum(path.stat().st_size for path in home.glob(f"{DATABASE}*"))
    return Turn(seconds, spent, resident, size)


def shown(measured: list[Turn]) -> str:
    """Return a line for every ten turns."""
    lines = ["turns     median ms  slowest ms      cpu ms  resident MB  database MB"]
    for first in range(0, len(measured), 10):
        part = measured[first : first + 10]
        lines.append(
            f"{first + 1:>3}–{first + len(part):<3}  "
            f"{1000 * median(turn.seconds for turn in part):10.0f}"
            f"{1000 * max(turn.seconds for turn in part):12.0f}"
            f"{1000 * median(turn.cpu_seconds for turn in part):12.0f}"
            f"{part[-1].resident / 1e6:13.1f}{part[-1].database / 1e6:13.2f}"
        )
    return "\n".join(lines)


@pytest.mark.proof
@pytest.mark.skipif(not STATM.exists(), reason="resident memory is read from /proc")
@pytest.mark.parametrize("name", ["toy", "us", "id"])
async def test_the_turns_after_ninety_cost_what_the_second_ten_do(
    tmp_path: Path,
    name: str,
    shared_market: Callable[[str], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A long and a young conversation are asked by turns, so that a busy machine slows both."""
    folder = write_market(tmp_path / "toy") if name == "toy" else shared_market(name)
    home = tmp_path / "home"
    home.mkdir()
    settings = load_settings({"market": f"folder:{folder}", "home": home}, {}, home)
    async with Conversation(settings) as long, Conversation(settings) as young:
        measured = [await ask(long, place) for place in range(LONG)]
        for place in range(10):
            await ask(young, place)
        pairs = [(await ask(long, place), await ask(young, place)) for place in range(10, 20)]
    late, second = zip(*pairs, strict=True)
    cpu = sum(t.cpu_seconds for t in late) / sum(t.cpu_seconds for t in second)
    wall = sum(t.seconds for t in late) / sum(t.seconds for t in second)
    memory = measured[-1].resident / measured[19].resident
    with capsys.disabled():
        print(f"\n{name}\n{shown(measured)}")
        print(f"turns after {LONG} beside turns 11–20: cpu × {cpu:.2f}, wall × {wall:.2f}")
        print(f"resident memory after turn {LONG} beside turn 20: × {memory:.2f}")
    assert cpu <= MOST
    assert memory <= MOST
    assert measured[-1].database <= MOST * max(turn.database for turn in measured[10:20])
    assert min(turn.seconds for turn in late) <= 0.5
