"""``sectorvane conversations``: listed, named, exported and deleted."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, NamedTuple

from agent.commands.tables import markdown_table
from agent.memory.threads import ThreadLine, open_threads
from agent.terminal.slash_memory import thread_cells, told_of_deletion

if TYPE_CHECKING:
    from pathlib import Path

    from agent.settings import Settings

_HEADS = ("conversation", "name", "questions", "last", "market", "began with")


class Wanted(NamedTuple):
    """What to do; nothing lists the conversations."""

    name: tuple[str, str] | None = None
    delete: str | None = None
    export: tuple[str, Path] | None = None
    as_json: bool = False


def conversations(settings: Settings, wanted: Wanted) -> int:
    """Do what is wanted with the conversations of a home."""
    return asyncio.run(_conversations(settings.home, wanted))


async def _conversations(home: Path, wanted: Wanted) -> int:
    from agent.memory.export import export

    async with open_threads(home) as threads:
        if wanted.name:
            line = await threads.rename(*wanted.name)
            _say(f"{line.thread_id} is called {line.name!r} now.")
        if wanted.export:
            line = await threads.find(wanted.export[0])
            count = export(home, line, wanted.export[1])
            answers = "answer" if count == 1 else "answers"
            _say(f"Exported {count} {answers} to {wanted.export[1]}.")
        if wanted.delete:
            line, records = await threads.delete(wanted.delete)
            _say(told_of_deletion(line, records))
        if not (wanted.name or wanted.export or wanted.delete):
            _list(home, await threads.all(), as_json=wanted.as_json)
    return 0


def _list(home: Path, lines: list[ThreadLine], *, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                **line._asdict(),
                "started_at": line.started_at.isoformat(),
                "last_at": line.last_at.isoformat(),
            }
            for line in lines
        ]
        _say(json.dumps(rows, ensure_ascii=False, indent=2))
    elif lines:
        _say(markdown_table(_HEADS, [thread_cells(line)[1:] for line in lines]))
    else:
        _say(f"No conversations in {home} yet.")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
