"""Quota, pauses and what was heard when, in one SQLite file that processes share.

A call is counted before it is made, in one transaction, so that two processes cannot both take the
last one, and a killed process leaves its count behind.
"""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from agent.retry import once_unlocked
from tools.errors import SourceDownError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from agent.remote.settings import RemoteServer

FILE = "remote/ledger.sqlite"
MINUTE, DAY = 60.0, 86_400.0
BUSY_SECONDS = 10.0
PAUSE_SECONDS = 60.0
"""How long a server is left alone that says its limit is reached without saying until when."""
LONGEST_PAUSE = DAY
SCHEMA = """
CREATE TABLE IF NOT EXISTS calls (server TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS calls_by_time ON calls (server, at);
CREATE TABLE IF NOT EXISTS pauses (server TEXT PRIMARY KEY, until REAL NOT NULL);
CREATE TABLE IF NOT EXISTS heard (
  place TEXT NOT NULL, server TEXT NOT NULL, tool TEXT NOT NULL, arguments TEXT NOT NULL,
  at REAL NOT NULL, PRIMARY KEY (place, server, tool, arguments)
);
"""
Limit = Literal["minute", "day", "pause"]


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

    @contextmanager
    def _file(self) -> Iterator[sqlite3.Connection]:
        try:
            if self._opened is None:
                self._opened = _open(self.path)
            yield self._opened
        except sqlite3.Error as error:
            self.close()
            raise SourceDownError(
                f"the count of remote calls cannot be kept ({error}); move {FILE} in the home "
                "folder away to begin anew"
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

    # What was heard

    def heard(self, where: str, server: str, tool: str, arguments: Mapping[str, Any]) -> None:
        """Note that a server has answered a question just now, for the journal `where`."""
        row = (where, server, tool, canonical(arguments), self.wall())
        with self._file() as file:
            file.execute("REPLACE INTO heard VALUES (?, ?, ?, ?, ?)", row)

    def last_heard(
        self, where: str, server: str, tool: str, arguments: Mapping[str, Any]
    ) -> float | None:
        """Return when a server last answered a question, seconds since the epoch, or None."""
        query = "SELECT at FROM heard WHERE place=? AND server=? AND tool=? AND arguments=?"
        with self._file() as file:
            row = file.execute(query, (where, server, tool, canonical(arguments))).fetchone()
        return float(row[0]) if row else None


def _open(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceDownError(f"the folder of {FILE} cannot be written") from error
    file = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    once_unlocked(_lay_out, file, BUSY_SECONDS)
    return file


def _lay_out(file: sqlite3.Connection) -> None:
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = NORMAL")
    file.executescript(SCHEMA)


def _count(file: sqlite3.Connection, server: str, since: float) -> int:
    query = "SELECT COUNT(*) FROM calls WHERE server = ? AND at > ?"
    return int(file.execute(query, (server, since)).fetchone()[0])


def canonical(arguments: Mapping[str, Any]) -> str:
    """Return arguments as one text, the same for the same arguments."""
    return json.dumps(dict(arguments), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
