"""Quota, pauses and journal of remote servers, in one SQLite file that processes share.

A call is counted before it is made, in one transaction, so that two processes cannot both take the
last one; a killed process leaves the count and every answer it had written down. The journal only
grows: an answer that comes again unchanged is confirmed, a changed one is a row of its own.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from tools.errors import SourceDownError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from agent.remote.settings import RemoteServer

FILE = "remote/journal.sqlite"
MINUTE, DAY = 60.0, 86_400.0
BUSY_SECONDS = 10.0
PAUSE_SECONDS = 60.0
"""How long a server is left alone that says its limit is reached without saying until when."""
LONGEST_PAUSE = DAY
SCHEMA = """
CREATE TABLE IF NOT EXISTS calls (server TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS calls_by_time ON calls (server, at);
CREATE TABLE IF NOT EXISTS pauses (server TEXT PRIMARY KEY, until REAL NOT NULL);
CREATE TABLE IF NOT EXISTS answers (
  id INTEGER PRIMARY KEY,
  server TEXT NOT NULL, tool TEXT NOT NULL, arguments TEXT NOT NULL,
  observed_on TEXT, generated_at TEXT,
  retrieved_at REAL NOT NULL, confirmed_at REAL NOT NULL,
  text TEXT NOT NULL, digest TEXT NOT NULL,
  UNIQUE (server, tool, arguments, digest)
);
CREATE INDEX IF NOT EXISTS answers_by_day ON answers (server, tool, arguments, observed_on);
"""
Limit = Literal["minute", "day", "pause"]


class Entry(NamedTuple):
    """One journalled answer."""

    server: str
    tool: str
    arguments: dict[str, Any]
    observed_on: date | None
    """The session that the answer says it is of."""
    generated_at: str | None
    retrieved_at: float
    """When it was first received, seconds since the epoch: nothing knew of it before."""
    confirmed_at: float
    """When it was last received unchanged."""
    text: str


class Ledger:
    """The file of one home; opened when first used.

    Parameters
    ----------
    home
        The folder of settings and data.
    wall
        Seconds since the epoch.
    """

    def __init__(self, home: Path, wall: Callable[[], float] = time.time) -> None:
        self.path = home / FILE
        self.wall = wall
        self._opened: sqlite3.Connection | None = None

    def close(self) -> None:
        """Close the file."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    @property
    def exists(self) -> bool:
        """Whether anything was ever asked or journalled here."""
        return self.path.exists()

    @contextmanager
    def _file(self) -> Iterator[sqlite3.Connection]:
        try:
            if self._opened is None:
                self._opened = _open(self.path)
            yield self._opened
        except sqlite3.Error as error:
            self.close()
            raise SourceDownError(
                f"the journal of remote answers cannot be used ({error}); move {FILE} in the home "
                "folder away to begin a new one"
            ) from error

    # Quota

    def room(self, server: str, allowed: RemoteServer) -> int | None:
        """Return how many calls may be made now; None: any number."""
        now = self.wall()
        with self._file() as file:
            if self._paused(file, server, now):
                return 0
            counts = [
                limit - _count(file, server, now - seconds)
                for limit, seconds in ((allowed.per_minute, MINUTE), (allowed.per_day, DAY))
                if limit is not None
            ]
        return max(0, min(counts)) if counts else None

    def take(self, server: str, allowed: RemoteServer) -> Limit | None:
        """Count one call about to be made, or say which limit forbids it."""
        now = self.wall()
        with self._file() as file:
            file.execute("BEGIN IMMEDIATE")
            try:
                limit = self._limit(file, server, allowed, now)
                if limit is None:
                    file.execute("INSERT INTO calls VALUES (?, ?)", (server, now))
                    file.execute("DELETE FROM calls WHERE at < ?", (now - 2 * DAY,))
            except BaseException:
                file.execute("ROLLBACK")
                raise
            file.execute("COMMIT")
        return limit

    def limit(self, server: str, allowed: RemoteServer) -> Limit | None:
        """Return which limit forbids a call now, if one does."""
        with self._file() as file:
            return self._limit(file, server, allowed, self.wall())

    def _limit(
        self, file: sqlite3.Connection, server: str, allowed: RemoteServer, now: float
    ) -> Limit | None:
        if self._paused(file, server, now):
            return "pause"
        if allowed.per_day is not None and _count(file, server, now - DAY) >= allowed.per_day:
            return "day"
        per_minute = allowed.per_minute
        if per_minute is not None and _count(file, server, now - MINUTE) >= per_minute:
            return "minute"
        return None

    @staticmethod
    def _paused(file: sqlite3.Connection, server: str, now: float) -> bool:
        row = file.execute("SELECT until FROM pauses WHERE server = ?", (server,)).fetchone()
        return row is not None and now < float(row[0])

    def pause(self, server: str, seconds: float | None) -> None:
        """Leave a server alone for a while that says its limit is reached."""
        wait = PAUSE_SECONDS if seconds is None else min(max(seconds, 1.0), LONGEST_PAUSE)
        with self._file() as file:
            file.execute("REPLACE INTO pauses VALUES (?, ?)", (server, self.wall() + wait))

    # Journal

    def write(
        self,
        server: str,
        tool: str,
        arguments: Mapping[str, Any],
        text: str,
        *,
        observed_on: date | None,
        generated_at: str | None,
    ) -> Entry:
        """Keep an answer; the same answer once more only confirms the first."""
        now = self.wall()
        canonical = _canonical(arguments)
        digest = hashlib.sha256(text.encode()).hexdigest()
        day = observed_on.isoformat() if observed_on else None
        key = (server, tool, canonical)
        with self._file() as file:
            file.execute(
                "INSERT INTO answers (server, tool, arguments, observed_on, generated_at,"
                " retrieved_at, confirmed_at, text, digest) VALUES (?,?,?,?,?,?,?,?,?)"
                " ON CONFLICT DO UPDATE SET confirmed_at = excluded.confirmed_at",
                (*key, day, generated_at, now, now, text, digest),
            )
            row = file.execute(
                f"SELECT {_COLUMNS} FROM answers WHERE server=? AND tool=? AND arguments=?"  # noqa: S608 - the columns are ours
                " AND digest=?",
                (*key, digest),
            ).fetchone()
        return _entry(row)

    def newest(
        self, server: str, tool: str, arguments: Mapping[str, Any], *, known_by: float
    ) -> Entry | None:
        """Return the answer last received by `known_by`, or None."""
        found = self.entries(server, tool, arguments, known_by=known_by)
        return max(found, key=lambda entry: entry.retrieved_at, default=None)

    def entries(
        self,
        server: str,
        tool: str | None = None,
        arguments: Mapping[str, Any] | None = None,
        *,
        known_by: float,
    ) -> list[Entry]:
        """Return the answers first received by `known_by`, oldest first."""
        if not self.exists:
            return []
        wanted = {"server": server, "tool": tool}
        if arguments is not None:
            wanted["arguments"] = _canonical(arguments)
        given = {name: value for name, value in wanted.items() if value is not None}
        where = " AND ".join(f"{name} = ?" for name in given)
        query = (
            f"SELECT {_COLUMNS} FROM answers WHERE {where} AND retrieved_at <= ?"  # noqa: S608 - the names are ours
            " ORDER BY retrieved_at, id"
        )
        with self._file() as file:
            return [_entry(row) for row in file.execute(query, (*given.values(), known_by))]


_COLUMNS = "server, tool, arguments, observed_on, generated_at, retrieved_at, confirmed_at, text"


def _open(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceDownError(f"the folder of {FILE} cannot be written") from error
    file = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = NORMAL")
    file.executescript(SCHEMA)
    return file


def _count(file: sqlite3.Connection, server: str, since: float) -> int:
    query = "SELECT COUNT(*) FROM calls WHERE server = ? AND at > ?"
    return int(file.execute(query, (server, since)).fetchone()[0])


def _canonical(arguments: Mapping[str, Any]) -> str:
    return json.dumps(dict(arguments), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _entry(row: tuple[Any, ...]) -> Entry:
    server, tool, arguments, day, generated_at, retrieved_at, confirmed_at, text = row
    return Entry(
        server=server,
        tool=tool,
        arguments=json.loads(arguments),
        observed_on=date.fromisoformat(day) if day else None,
        generated_at=generated_at,
        retrieved_at=retrieved_at,
        confirmed_at=confirmed_at,
        text=text,
    )
