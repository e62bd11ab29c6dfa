"""What remote tools answered, with the day they spoke of: written at any time, by any number of processes.

A journal is a SQLite file beside a market's history and not inside it, because a question must be able to write down
an answer while a sync holds the history, and because reading it back must not cost the start of another database.
An answer that says what the journal holds already is not written twice, so that repeating a question costs nothing.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from tools.errors import SourceDownError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

JOURNAL_FILE = "journal.sqlite"
_WAIT_SECONDS = 10.0
_SCHEMA = """
create table if not exists answers (
    id text primary key, server text not null, tool text not null, arguments text not null,
    answered_on text not null, retrieved_at text not null, text text not null, details text not null
) without rowid;
create index if not exists answers_by_day on answers (server, tool, answered_on);
"""
_QUERY = """
select server, tool, arguments, answered_on, retrieved_at, text, details from answers
where (:server is null or server = :server) and (:tool is null or tool = :tool)
  and (:since is null or answered_on >= :since) and (:until is null or answered_on <= :until)
  and (:retrieved_by is null or retrieved_at <= :retrieved_by)
order by answered_on, retrieved_at, id
"""


@dataclass(frozen=True, kw_only=True)
class JournalEntry:
    """One answer of a remote tool."""

    server: str
    tool: str
    arguments: Mapping[str, Any]
    """As they were really sent."""
    answered_on: date
    """The day the answer speaks of, or where it names none the day it was retrieved."""
    retrieved_at: datetime
    """When it was first heard; with a time zone."""
    text: str
    """The answer, word for word."""
    details: Mapping[str, Any]
    """What the writer wants to find beside it; JSON values."""


class Journal:
    """The journal of one market.

    Parameters
    ----------
    folder
        The folder of the market's history; made when the first answer is written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / JOURNAL_FILE

    def add(self, entry: JournalEntry) -> bool:
        """Write an answer down, and return whether it was new.

        Raises
        ------
        ValueError
            When `retrieved_at` has no time zone.
        SourceDownError
            When the journal cannot be written.
        """
        if entry.retrieved_at.tzinfo is None:
            raise ValueError("retrieved_at needs a time zone")
        arguments = json.dumps(entry.arguments, sort_keys=True, ensure_ascii=False)
        day = entry.answered_on.isoformat()
        name = hashlib.sha256(
            "\0".join((entry.server, entry.tool, arguments, day, entry.text)).encode()
        ).hexdigest()
        row = (
            name,
            entry.server,
            entry.tool,
            arguments,
            day,
            entry.retrieved_at.astimezone(UTC).isoformat(),
            entry.text,
            json.dumps(entry.details, sort_keys=True, ensure_ascii=False),
        )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._opened() as db:
            db.executescript(_SCHEMA)
            written = db.execute(
                "insert or ignore into answers values (?, ?, ?, ?, ?, ?, ?, ?)", row
            )
            db.commit()
            return written.rowcount == 1

    def entries(
        self,
        *,
        server: str | None = None,
        tool: str | None = None,
        since: date | None = None,
        until: date | None = None,
        retrieved_by: datetime | None = None,
    ) -> tuple[JournalEntry, ...]:
        """Return the answers, oldest first.

        Parameters
        ----------
        server, tool
            Only theirs.
        since, until
            Bounds on `answered_on`, both included.
        retrieved_by
            Only what had been heard by then.
        """
        if not self.path.exists():
            return ()
        asked = {
            "server": server,
            "tool": tool,
            "since": since and since.isoformat(),
            "until": until and until.isoformat(),
            "retrieved_by": retrieved_by and retrieved_by.astimezone(UTC).isoformat(),
        }
        with self._opened() as db:
            return tuple(_entry(row) for row in db.execute(_QUERY, asked))

    def check(self) -> tuple[str, ...]:
        """Return what is wrong with the file; nothing where it is sound or not there."""
        if not self.path.exists():
            return ()
        try:
            with self._opened() as db:
                found = [str(row[0]) for row in db.execute("pragma quick_check")]
        except SourceDownError as error:
            return (str(error),)
        return tuple(f"{JOURNAL_FILE}: {line}" for line in found if line != "ok")

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=_WAIT_SECONDS)) as db:
                yield db
        except sqlite3.Error as error:
            raise SourceDownError(
                f"The journal of remote answers ({JOURNAL_FILE}) cannot be used: {error}."
            ) from error


def _entry(row: tuple[str, ...]) -> JournalEntry:
    return JournalEntry(
        server=row[0],
        tool=row[1],
        arguments=json.loads(row[2]),
        answered_on=date.fromisoformat(row[3]),
        retrieved_at=datetime.fromisoformat(row[4]),
        text=row[5],
        details=json.loads(row[6]),
    )
