"""Votes on answers, kept beside the run records: ``runs/votes.sqlite`` in the home.

A vote belongs to a run, so it lies where the run's record lies and goes when that goes. A reader has
one vote for each answer; pressing again, or a press that Slack sends twice, leaves one row, and the last word counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from agent.home_file import HomeFile
from agent.records import VOTES_FILE, has_votes

if TYPE_CHECKING:
    from collections.abc import Iterable

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


class Votes(HomeFile):
    """The votes of one home."""

    kept = "votes"
    place = VOTES_FILE
    schema = """
CREATE TABLE IF NOT EXISTS votes (
  run_id TEXT NOT NULL, reader TEXT NOT NULL, vote TEXT NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (run_id, reader)
);
"""

    def cast(self, run_id: str, reader: str, vote: Choice) -> bool:
        """Keep a reader's vote on a run; return whether it changed anything."""
        row = (run_id, reader, vote, self.wall())
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
