"""What came in and how far it is answered, in one SQLite file, so that a restart loses nothing.

A question is written down before Slack is told that it arrived; from then on it is ours to answer.
Every step that Slack could see is written before and after it is taken: what was begun and never
finished is looked up in Slack itself before it is done again.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal

from agent.retry import once_unlocked
from tools.errors import SourceDownError, UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

FILE = "slack/journal.sqlite"
LOCK = "slack/running.sqlite"
BUSY_SECONDS = 5.0
SEEN_SECONDS = 7 * 86_400.0
"""How long the key of an event is remembered; Slack repeats one within an hour."""
DONE_SECONDS = 30 * 86_400.0
ENGAGED_SECONDS = 90 * 86_400.0
"""How long a thread is one we speak in after its last question; a mention makes it one again."""
Kind = Literal["message", "button", "command", "subscription", "late"]
"""A ``late`` one is a subscription that nobody was there to ask in time."""
State = Literal["accepted", "answering", "answered", "done", "stopped", "failed"]
OPEN = ("accepted", "answering", "answered")
SCHEMA = """
CREATE TABLE IF NOT EXISTS seen (key TEXT PRIMARY KEY, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS seen_by_time ON seen (at);
CREATE TABLE IF NOT EXISTS work (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, team TEXT NOT NULL, channel TEXT NOT NULL,
  thread_ts TEXT NOT NULL, ts TEXT NOT NULL, user TEXT NOT NULL, question TEXT NOT NULL,
  accepted_at REAL NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
  run_id TEXT NOT NULL, stream_ts TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS work_by_state ON work (state);
CREATE INDEX IF NOT EXISTS work_by_thread ON work (team, channel, thread_ts);
CREATE TABLE IF NOT EXISTS parts (
  work TEXT NOT NULL, part TEXT NOT NULL, sent INTEGER NOT NULL, PRIMARY KEY (work, part)
);
CREATE TABLE IF NOT EXISTS engaged (thread TEXT PRIMARY KEY, at REAL NOT NULL);
"""


@dataclass(frozen=True, kw_only=True)
class Work:
    """One question on its way to an answer."""

    id: str
    kind: Kind
    team: str
    channel: str
    thread_ts: str
    """Timestamp of the thread's first message; empty where we are to post that ourselves."""
    ts: str
    """Timestamp of what was asked, by which questions of a thread are put in order."""
    user: str
    """Who asked; empty for a subscription."""
    question: str
    accepted_at: float
    """Seconds since the epoch."""
    state: State = "accepted"
    attempts: int = 0
    """How often it was begun; more than once only after a process died."""
    run_id: str = ""
    """The run whose brief is the answer, once there is one."""
    stream_ts: str = ""
    """Timestamp of the message that shows the plan, once there is one."""

    @property
    def thread(self) -> str:
        """Id of the conversation; a question without a thread yet stands for itself."""
        return f"{self.team}:{self.channel}:{self.thread_ts or self.id}"


_COLUMNS = tuple(field.name for field in fields(Work))


class Journal:
    """The journal of one home.

    Parameters
    ----------
    home
        The folder of settings and data.
    wall
        Seconds since the epoch.
    """

    def __init__(self, home: Path, wall: Callable[[], float] = time.time) -> None:
        self.wall = wall
        self._file = _open(home / FILE)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    # What came in

    def first(self, keys: Iterable[str]) -> bool:
        """Remember the keys of an event and return whether none was known."""
        with self._transaction():
            return self._remember(keys)

    def accept(self, work: Work, keys: Iterable[str]) -> bool:
        """Take a question on, unless a key of its event is known; return whether it was taken."""
        with self._transaction():
            if not self._remember(keys):
                return False
            self._write(work)
            if work.thread_ts:
                self._engage(work)
            return True

    def _remember(self, keys: Iterable[str]) -> bool:
        now = self.wall()
        rows = [(key, now) for key in keys]
        marks = ",".join("?" * len(rows))
        query = f"SELECT COUNT(*) FROM seen WHERE key IN ({marks})"  # noqa: S608 - marks alone
        known = self._file.execute(query, [key for key, _ in rows]).fetchone()[0]
        # The keys of a known event are remembered all the same: it may come a third time with one of them.
        self._file.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", rows)
        return not known

    def is_engaged(self, thread: str) -> bool:
        """Return whether a thread is one we speak in."""
        query = "SELECT 1 FROM engaged WHERE thread = ?"
        return self._file.execute(query, (thread,)).fetchone() is not None

    def _engage(self, work: Work) -> None:
        self._file.execute("REPLACE INTO engaged VALUES (?, ?)", (work.thread, self.wall()))

    # How far it is answered

    def open_work(self) -> list[Work]:
        """Return what is not answered yet, the oldest first."""
        marks = ",".join("?" * len(OPEN))
        query = f"SELECT {','.join(_COLUMNS)} FROM work WHERE state IN ({marks}) ORDER BY accepted_at, ts"  # noqa: S608 - constants
        return [_work(row) for row in self._file.execute(query, OPEN)]

    def work(self, work_id: str) -> Work | None:
        """Return one question by its id."""
        query = f"SELECT {','.join(_COLUMNS)} FROM work WHERE id = ?"  # noqa: S608 - constants
        row = self._file.execute(query, (work_id,)).fetchone()
        return _work(row) if row else None

    def note(self, work: Work, **changes: Any) -> Work:  # noqa: ANN401 - fields of Work
        """Write down what changed about a question and return it as it is now."""
        changed = replace(work, **changes)
        with self._transaction():
            self._write(changed)
            if changed.thread_ts:
                self._engage(changed)
        return changed

    def begin_part(self, work: Work, part: str) -> Literal["new", "begun", "sent"]:
        """Write down that a part of the answer is about to be sent; return how far it was before."""
        query = "SELECT sent FROM parts WHERE work = ? AND part = ?"
        with self._transaction():
            row = self._file.execute(query, (work.id, part)).fetchone()
            if row is None:
                self._file.execute("INSERT INTO parts VALUES (?, ?, 0)", (work.id, part))
                return "new"
        return "sent" if row[0] else "begun"

    def part_sent(self, work: Work, part: str) -> None:
        """Write down that a part of the answer arrived."""
        with self._transaction():
            self._file.execute("REPLACE INTO parts VALUES (?, ?, 1)", (work.id, part))

    def forget(self) -> None:
        """Drop what is too old to matter."""
        now = self.wall()
        ended = "SELECT id FROM work WHERE state NOT IN ('accepted','answering','answered') AND accepted_at < ?"
        with self._transaction():
            self._file.execute("DELETE FROM seen WHERE at < ?", (now - SEEN_SECONDS,))
            old = (now - DONE_SECONDS,)
            self._file.execute(f"DELETE FROM parts WHERE work IN ({ended})", old)  # noqa: S608 - constant
            self._file.execute(f"DELETE FROM work WHERE id IN ({ended})", old)  # noqa: S608 - constant
            self._file.execute("DELETE FROM engaged WHERE at < ?", (now - ENGAGED_SECONDS,))

    def _write(self, work: Work) -> None:
        values = asdict(work)
        marks = ",".join(f":{name}" for name in _COLUMNS)
        statement = f"REPLACE INTO work ({','.join(_COLUMNS)}) VALUES ({marks})"  # noqa: S608 - constants
        self._file.execute(statement, values)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._file.execute("ROLLBACK")
            raise
        self._file.execute("COMMIT")


@contextmanager
def only_instance(home: Path) -> Iterator[None]:
    """Hold the home for one Slack app; the system lets go of it when the process dies.

    Raises
    ------
    UnusableInputError
        When another process holds it.
    """
    path = home / LOCK
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise UnusableInputError(
                "to be the only Slack app of this home",
                "another that is running",
                "Stop the other one, or set SECTORVANE_HOME to a folder of its own.",
            ) from error
        yield
    finally:
        lock.close()


def _open(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        once_unlocked(_lay_out, file, BUSY_SECONDS)
    except (OSError, sqlite3.Error) as error:
        raise SourceDownError(
            f"the journal of Slack questions cannot be kept ({error}); move {FILE} in the home "
            "folder away to begin anew"
        ) from error
    return file


def _lay_out(file: sqlite3.Connection) -> None:
    file.execute("PRAGMA journal_mode = WAL")
    # The log survives a killed process whatever is synced; only a power cut could lose a question.
    file.execute("PRAGMA synchronous = NORMAL")
    file.executescript(SCHEMA)


def _work(row: tuple[Any, ...]) -> Work:
    return Work(**dict(zip(_COLUMNS, row, strict=True)))
