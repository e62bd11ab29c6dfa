"""What each provider has been asked, kept across processes, so that fifty calls a day stay fifty.

The book is a SQLite file in the home, shared by every process that asks a provider. A day is any 24 hours and a minute
any 60 seconds, which keeps to a provider's limit wherever its own day begins.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tools.errors import SourceDownError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tools.sources.feeds import Quota

QUOTA_FILE = "quotas.sqlite"
_DAY, _MINUTE = 86_400.0, 60.0
_WAIT_SECONDS = 10.0


class QuotaSpentError(SourceDownError):
    """A provider's quota of the day is used up; `retry_after` says for how long."""


class QuotaBook:
    """Counts the calls to each provider.

    Parameters
    ----------
    home
        The folder that keeps the book.
    now
        Seconds since 1970, the same clock in every process.
    """

    def __init__(self, home: Path, now: Callable[[], float] = time.time) -> None:
        self.path = home / QUOTA_FILE
        self._now = now

    def take(self, provider: str, quota: Quota) -> float:
        """Count one call that is about to be made, or return the seconds to wait before asking again.

        Returns 0 where the call may be made now, which it then counts as.

        Raises
        ------
        QuotaSpentError
            When the day's calls are made.
        SourceDownError
            When the book cannot be written.
        """
        if quota.per_day is None and quota.per_minute is None:
            return 0.0
        with self._locked() as db:
            now = self._now()
            # A clock that was set back must not lock a provider for longer than a day.
            db.execute("delete from calls where at <= ? or at > ?", (now - _DAY, now + _MINUTE))
            self._refuse_spent(db, provider, quota, now)
            wait = self._wait(db, provider, quota, now)
            if wait <= 0.0:
                db.execute("insert into calls values (?, ?)", (provider, now))
            return wait

    def made_today(self, provider: str) -> int:
        """Return how many calls were made in the last 24 hours."""
        with self._locked() as db:
            return _count(db, provider, self._now() - _DAY)

    def _refuse_spent(
        self, db: sqlite3.Connection, provider: str, quota: Quota, now: float
    ) -> None:
        if quota.per_day is None or _count(db, provider, now - _DAY) < quota.per_day:
            return
        wait = _oldest_of(db, provider, max(quota.per_day, 1)) + _DAY - now
        free = datetime.fromtimestamp(now + wait, tz=UTC)
        raise QuotaSpentError(
            f"{provider} allows {quota.per_day} calls a day, and they are made; "
            f"the next is free at {free:%Y-%m-%d %H:%M} UTC.",
            retry_after=wait,
        )

    def _wait(self, db: sqlite3.Connection, provider: str, quota: Quota, now: float) -> float:
        if quota.per_minute is None:
            return 0.0
        # Fewer than one a minute is one in a longer while.
        most = max(1, int(quota.per_minute))
        window = _MINUTE * most / quota.per_minute
        if _count(db, provider, now - window) < most:
            return 0.0
        return max(0.001, _oldest_of(db, provider, most) + window - now)

    @contextmanager
    def _locked(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=_WAIT_SECONDS)) as db:
                db.execute("create table if not exists calls (provider text, at real)")
                db.commit()
                db.execute("begin immediate")
                yield db
                db.commit()
        except (sqlite3.Error, OSError) as error:
            raise SourceDownError(
                f"The book of quotas ({QUOTA_FILE}) cannot be used: {error}."
            ) from error


def _count(db: sqlite3.Connection, provider: str, since: float) -> int:
    query = "select count(*) from calls where provider = ? and at > ?"
    return int(db.execute(query, (provider, since)).fetchone()[0])


def _oldest_of(db: sqlite3.Connection, provider: str, newest: int) -> float:
    """Return when the oldest of a provider's `newest` calls was made."""
    query = "select at from calls where provider = ? order by at desc limit 1 offset ?"
    row = db.execute(query, (provider, newest - 1)).fetchone()
    return float(row[0]) if row else 0.0
