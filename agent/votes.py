"""Votes on answers, kept beside the run records: ``runs/votes.sqlite`` in the home.

A vote belongs to a run, so it lies where the run's record lies and goes when that goes. A reader has
one vote for each answer; pressing again, or a press that Slack sends twice, leaves one row, and the last word counts.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, NamedTuple

from agent.records import VOTES_FILE, has_votes, records_folder
from agent.retry import once_unlocked
from agent.settings import prepare_home
from tools.errors import SourceDownError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

BUSY_SECONDS = 10.0
SCHEMA = """
CREATE TABLE IF NOT EXISTS votes (
  run_id TEXT NOT NULL, reader TEXT NOT NULL, vote TEXT NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (run_id, reader)
);
"""
Choice = Literal["up", "down"]


class Vote(NamedTuple):
    """One reader's word on one answer."""

    run_id: str
    reader: str
    """Team and user as Slack names them, ``T1:U1``."""
    vote: Choice
    at: float
    """Seconds since the epoch of the press that counts."""


class Tally(NamedTuple):
    """How many readers found an answer helpful, and how many did not."""

    up: int = 0
    down: int = 0


class Votes:
    """The votes of one home; open for as long as it is used.

    Parameters
    ----------
    home
        The folder of settings and data.
    wall
        Seconds since the epoch.
    """

    def __init__(self, home: Path, wall: Callable[[], float] = time.time) -> None:
        self._home = home
        self._wall = wall

    def cast(self, run_id: str, reader: str, vote: Choice) -> bool:
        """Keep a reader's vote on a run; return whether it changed anything."""
        row = (run_id, reader, vote, self._wall())
        statement = (
            "INSERT INTO votes VALUES (?, ?, ?, ?) ON CONFLICT (run_id, reader) DO UPDATE SET "
            "vote = excluded.vote, at = excluded.at WHERE vote <> excluded.vote"
        )
        with self._file() as file:
            return file.execute(statement, row).rowcount > 0

    def of_run(self, run_id: str) -> Tally:
        """Return the tally of a run; nobody's where nobody voted."""
        return self.tallies().get(run_id, Tally())

    def tallies(self) -> dict[str, Tally]:
        """Return the tally of every run that was voted on."""
        statement = "SELECT run_id, SUM(vote = 'up'), SUM(vote = 'down') FROM votes GROUP BY run_id"
        if not has_votes(self._home):
            return {}
        with self._file() as file:
            return {run: Tally(up, down) for run, up, down in file.execute(statement)}

    def newest(self, most: int = 50) -> list[Vote]:
        """Return the newest votes, newest first."""
        statement = "SELECT run_id, reader, vote, at FROM votes ORDER BY at DESC, run_id LIMIT ?"
        with self._file() as file:
            return [Vote(*row) for row in file.execute(statement, (most,))]

    def forget(self, run_ids: Iterable[str]) -> int:
        """Delete the votes on runs that are deleted themselves, and return how many there were."""
        with self._file() as file:
            found = [
                file.execute("DELETE FROM votes WHERE run_id = ?", (run_id,)).rowcount
                for run_id in run_ids
            ]
        return sum(found)

    @contextmanager
    def _file(self) -> Iterator[sqlite3.Connection]:
        folder = records_folder(prepare_home(self._home))
        try:
            folder.mkdir(exist_ok=True)
            file = sqlite3.connect(folder / VOTES_FILE, timeout=BUSY_SECONDS, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise _unusable(error) from error
        try:
            once_unlocked(_lay_out, file, BUSY_SECONDS)
            yield file
        except sqlite3.Error as error:
            raise _unusable(error) from error
        finally:
            file.close()


def _lay_out(file: sqlite3.Connection) -> None:
    file.execute("PRAGMA journal_mode = WAL")
    file.executescript(SCHEMA)


def _unusable(error: Exception) -> SourceDownError:
    return SourceDownError(
        f"votes cannot be kept ({error}); move runs/{VOTES_FILE} in the home folder away to begin anew"
    )
