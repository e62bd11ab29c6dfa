"""One measurement in a process of its own; prints its numbers as JSON on stdout.

``warm MARKET`` asks two questions in one conversation; ``gather`` lets six tools wait 200 ms each.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.bench import FOLLOWING, QUESTION

WAIT_SECONDS = 0.2


async def warm(market: str) -> dict[str, float]:
    """Return the seconds of a first and of a following question of one conversation."""
    from agent.conversation import Conversation
    from agent.settings import load_settings

    settings = load_settings({"market": market, "brain": "offline"}, os.environ, Path.cwd())
    seconds = []
    async with Conversation(settings) as conversation:
        for question in (QUESTION, FOLLOWING):
            started = time.perf_counter()
            await conversation.ask(question)
            seconds.append(time.perf_counter() - started)
    return {"first": seconds[0], "warm": seconds[1]}


async def gather() -> dict[str, float]:
    """Return the seconds between plan and score when six tools wait side by side."""
    from agent.brains.base import PlanDraft, PlannedCall
    from tests.agent.harness import HONEST, thread
    from tests.fakes import ScriptedBrain, ToolServer

    arguments: dict[str, dict[str, Any]] = {
        "get_market_overview": {"timeframe": "1M"},
        "get_sector_heatmap": {"period": "monthly"},
        "get_macro_indicators": {"indicator_list": ["CPI"]},
        "get_foreign_flow": {"timeframe": "1M"},
        "get_whale_activity": {"timeframe": "1M"},
        "get_sector_forecast": {"horizon": "1M"},
    }
    calls = tuple(PlannedCall(tool=tool, arguments=given) for tool, given in arguments.items())
    brain = ScriptedBrain([PlanDraft(intent="brief", calls=calls)], [HONEST])
    times: dict[str, float] = {}
    async with thread(brain, ToolServer(wait_seconds=WAIT_SECONDS)) as conversation:
        conversation.events = _Clocked(times)
        await conversation.ask(QUESTION)
    return {"gather": times["call"] - times["plan"], "calls": float(len(calls))}


class _Clocked(list[tuple[str, dict[str, Any]]]):
    """A list of events that notes when the latest of each name came."""

    def __init__(self, times: dict[str, float]) -> None:
        super().__init__()
        self._times = times

    def append(self, event: tuple[str, dict[str, Any]]) -> None:
        self._times[event[0]] = time.perf_counter()


def main(arguments: list[str]) -> None:
    """Run the measurement that is named first."""
    numbers = asyncio.run(gather() if arguments[0] == "gather" else warm(arguments[1]))
    sys.stdout.write(json.dumps(numbers) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
