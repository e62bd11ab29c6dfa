"""Run records: everything about one run in one JSON file, written atomically.

A record holds what prose was made of and the draft itself, so that rendering it again needs neither
the market nor a model; and no secret, because settings go in by allow-list.
"""

from __future__ import annotations

import json
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import ConfigDict, Field, ValidationError

from agent.brains.base import ComposeRequest, Draft
from agent.brief.model import Brief
from tools.contracts import Frozen
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORD_SUFFIX = ".json"
VOTES_FILE = "runs/votes.sqlite"
"""Votes on answers, beside the records of a home."""


class RunRecord(Frozen):
    """Everything about one run (``sectorvane.run/1``)."""

    schema_: Literal["sectorvane.run/1"] = Field(default="sectorvane.run/1", alias="schema")
    run_id: str
    thread_id: str
    started_at: datetime
    market_name: str
    """As it was asked for: ``demo``, ``folder:…``."""
    view_key: str
    """Content hash of the as-of view that the run saw."""
    settings: dict[str, Any] = Field(default_factory=dict)
    versions: dict[str, str] = Field(default_factory=dict)
    prompt_hashes: dict[str, str] = Field(default_factory=dict)
    request: ComposeRequest
    draft: Draft
    brief: Brief

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True
    )


class RecordLine(NamedTuple):
    """One run in a list."""

    run_id: str
    started_at: datetime
    market: str
    as_of: str
    intent: str
    question: str


def save_record(home: Path, record: RunRecord) -> Path:
    """Write a record whole or not at all, and return its path."""
    folder = records_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{record.run_id}{RECORD_SUFFIX}"
    write_atomically(target, record.model_dump_json())
    return target


def write_atomically(target: Path, content: str | bytes) -> None:
    """Write beside `target` and move into place, so that no reader sees half a file."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def records_folder(home: Path) -> Path:
    """Return where a home keeps its run records."""
    return home / "runs"


def has_votes(home: Path) -> bool:
    """Return whether anybody ever voted on an answer of a home."""
    return (home / VOTES_FILE).exists()


def list_records(home: Path) -> Iterator[RecordLine]:
    """Yield the runs of a home, newest first; a file that is no record is passed over."""
    for path in sorted(records_folder(home).glob(f"*{RECORD_SUFFIX}"), reverse=True):
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            brief = raw["brief"]
            yield RecordLine(
                raw["run_id"],
                datetime.fromisoformat(raw["started_at"]),
                brief["market"]["id"],
                brief["market"]["as_of"],
                brief["intent"],
                brief["question"],
            )
        except (OSError, ValueError, KeyError, TypeError):
            continue


def newest_records(home: Path) -> Iterator[str]:
    """Yield the records of a home as they were written, each one line of JSON, newest first."""
    for path in sorted(records_folder(home).glob(f"*{RECORD_SUFFIX}"), reverse=True):
        try:
            text = path.read_text(encoding="utf-8").strip()
            if "run_id" in json.loads(text):
                yield text
        except (OSError, ValueError, TypeError):
            continue


def records_of(home: Path, thread_id: str) -> list[RunRecord]:
    """Return the records of one conversation, oldest first; a damaged file is passed over."""
    records = []
    for path in _files_of(home, thread_id):
        try:
            records.append(RunRecord.model_validate_json(path.read_bytes()))
        except (OSError, ValidationError):
            continue
    return sorted(records, key=lambda record: record.started_at)


def delete_records(home: Path, thread_id: str) -> int:
    """Delete the records of one conversation, and the votes on them, and return how many there were."""
    files = list(_files_of(home, thread_id))
    if has_votes(home):
        from agent.votes import Votes

        Votes(home).forget(path.stem for path in files)
    for path in files:
        path.unlink(missing_ok=True)
    return len(files)


def _files_of(home: Path, thread_id: str) -> Iterator[Path]:
    wanted = json.dumps(thread_id, ensure_ascii=False).encode()
    for path in sorted(records_folder(home).glob(f"*{RECORD_SUFFIX}")):
        try:
            raw = path.read_bytes()
            # Reading every record whole would make a long history slow.
            if wanted in raw and json.loads(raw).get("thread_id") == thread_id:
                yield path
        except (OSError, ValueError, AttributeError):
            continue


def load_record(home: Path, run_id: str) -> RunRecord:
    """Return one record.

    Raises
    ------
    UnusableInputError
        When there is none of this id, or its file is damaged.
    """
    known = {path.stem: path for path in records_folder(home).glob(f"*{RECORD_SUFFIX}")}
    if run_id not in known:
        raise UnusableInputError(
            "the id of a run record", repr(run_id), "`sectorvane runs` lists those that exist."
        )
    try:
        return RunRecord.model_validate_json(known[run_id].read_bytes())
    except (OSError, ValidationError) as error:
        raise UnusableInputError(
            "a run record of this version",
            f"a file that cannot be read as one ({run_id})",
            "Ask the question again.",
        ) from error


def replay(record: RunRecord) -> str:
    """Render a record's Markdown again from what its prose was made of."""
    from agent.brief.markdown import render

    return render(record.request, record.draft)
