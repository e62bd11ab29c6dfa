"""A conversation as a document: every question with its answer, from the run records."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from agent.records import records_of, write_atomically
from agent.terminal.output import TEXT_KINDS, check_out
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from agent.memory.threads import ThreadLine
    from agent.records import RunRecord

SCHEMA = "sectorvane.conversation/1"


def export(home: Path, line: ThreadLine, path: Path) -> int:
    """Write a conversation to a file that ends in .md or .json; return how many answers it holds.

    Raises
    ------
    UnusableInputError
        For another ending, a folder that is not there, or a conversation without run records.
    """
    check_out(path, TEXT_KINDS)
    records = records_of(home, line.thread_id)
    if not records:
        raise UnusableInputError(
            "a conversation with run records", f"{line.called!r}, which has none", "Ask it again."
        )
    text = as_json(line, records) if path.suffix.lower() == ".json" else as_markdown(line, records)
    write_atomically(path, text)
    return len(records)


def as_markdown(line: ThreadLine, records: Sequence[RunRecord]) -> str:
    """Return a conversation as Markdown, a heading a question."""
    parts = [f"# {line.name or line.first_question}"]
    for record in records:
        brief = record.brief
        asked = f"{record.started_at.astimezone():%Y-%m-%d %H:%M}"
        quoted = "\n".join(f"> {part}" for part in brief.question.splitlines())
        where = f"*{asked}, {brief.market.name}, as of {brief.market.as_of}*"
        parts += [quoted, where, brief.markdown.strip(), "---"]
    return "\n\n".join(parts[:-1]) + "\n"


def as_json(line: ThreadLine, records: Sequence[RunRecord]) -> str:
    """Return a conversation as JSON (``sectorvane.conversation/1``)."""
    document = {
        "schema": SCHEMA,
        "thread_id": line.thread_id,
        "name": line.name,
        "turns": [
            {
                "asked_at": record.started_at.isoformat(),
                "market": record.market_name.partition(":")[0],
                "brief": record.brief.model_dump(mode="json"),
            }
            for record in records
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
