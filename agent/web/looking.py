"""What the page shows beside a running question: the market, the conversations, old answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio

from agent.web.words import PAGE

if TYPE_CHECKING:
    from pathlib import Path

    from agent.memory.threads import ThreadLine
    from agent.records import RunRecord
    from agent.settings import Settings

MOST_LISTED = 200
MOST_TURNS = 20
"""Newest questions of a conversation that are shown again."""


async def look(settings: Settings) -> dict[str, Any]:
    """Return what the market is and the day it is seen at; this loads what an answer will need."""
    return await anyio.to_thread.run_sync(_look, settings)


def _look(settings: Settings) -> dict[str, Any]:
    from agent.brief.gaps import note_text
    from agent.commands.desk import open_desk
    from agent.conversation import Conversation  # noqa: F401 - so that the first question need not

    stamp = open_desk(settings).stamp
    return {
        "market": {language: note_text(stamp.name, language) for language in PAGE},
        "as_of": stamp.as_of.isoformat(),
        "simulated": stamp.simulated,
        "model": None if settings.brain_in_use == "offline" else settings.model,
    }


async def listed(home: Path) -> list[dict[str, Any]]:
    """Return the conversations of a home, the newest first."""
    from agent.memory.threads import open_threads

    async with open_threads(home) as threads:
        lines = await threads.all()
    return [_line(line) for line in lines[:MOST_LISTED]]


async def remembered(settings: Settings, wanted: str) -> dict[str, Any]:
    """Return the answers of a conversation by its name or id, oldest first.

    Raises
    ------
    UnusableInputError
        When there is no such conversation.
    """
    from agent.memory.threads import open_threads

    async with open_threads(settings.home) as threads:
        line = await threads.find(wanted)
    return await anyio.to_thread.run_sync(_remembered, settings.home, line)


def _remembered(home: Path, line: ThreadLine) -> dict[str, Any]:
    from agent.records import records_of

    records = records_of(home, line.thread_id)
    return {
        "thread": line.thread_id,
        "title": line.name or line.first_question,
        "turns": [_turn(record) for record in records[-MOST_TURNS:]],
        "left_out": max(0, len(records) - MOST_TURNS),
    }


def _turn(record: RunRecord) -> dict[str, Any]:
    from agent.web.markup import blocks
    from agent.web.telling import answered

    return {"blocks": blocks(record.brief), "answered": answered(record)}


def _line(line: ThreadLine) -> dict[str, Any]:
    return {
        "thread": line.thread_id,
        "title": line.name or line.first_question,
        "last_at": line.last_at.isoformat(),
        "questions": line.questions,
    }
