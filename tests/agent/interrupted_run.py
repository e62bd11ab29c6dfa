"""A run on the fakes in a process that a test may kill: ``interrupted_run.py HOME ask|resume``."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from pathlib import Path

import aiosqlite
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from tests.agent.harness import HONEST, serde, thread
from tests.agent.test_graph import SIX
from tests.fakes import ScriptedBrain, ToolServer


class LoggedCalls(Counter[str]):
    """Counts calls and writes each to a file, so that they can be seen after a kill."""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self.log = log

    def __setitem__(self, tool: str, count: int) -> None:
        super().__setitem__(tool, count)
        with self.log.open("a", encoding="utf-8") as file:
            file.write(f"{tool}\n")


async def main(home: Path, action: str) -> None:
    server = ToolServer(calls=LoggedCalls(home / "calls.log"))
    if action == "ask":
        server.down.add("get_whale_activity")
    async with aiosqlite.connect(home / "thread.sqlite") as connection:
        saver = AsyncSqliteSaver(connection, serde=serde())
        await saver.setup()
        async with thread(ScriptedBrain([SIX], [HONEST]), server, saver=saver) as conversation:
            state = await (conversation.ask() if action == "ask" else conversation.resume())
    print(",".join(sorted(state["brief"].facts)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
