"""Subscriptions: what is posted where and when, in one SQLite file that processes share.

One process posts: it holds a lease that runs out by itself when it is killed. Every post is claimed
before it is made and marked when it was made, so that it is made once, again only where a process
died over it, and never for every day that nobody was there to post.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from agent.home_file import HomeFile
from agent.slack.schedules import (
    HOLIDAYS_SAID,
    Schedule,
    TradingCalendar,
    latest_due,
    next_due,
)
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

    from agent.brief.model import Language

MOST_IN_CHANNEL = 20
MOST_QUESTION = 1_500
"""Characters of a question."""
LEASE_SECONDS = 60.0
CLAIM_SECONDS = 600.0
"""How long a post may take before another process takes it up."""
MOST_ATTEMPTS = 3
"""How often one post is begun."""
KEPT_DAYS = 30
SCHEMA = """
CREATE TABLE IF NOT EXISTS subscriptions (
  id INTEGER PRIMARY KEY AUTOINCREMENT, team TEXT NOT NULL, channel TEXT NOT NULL,
  reader TEXT NOT NULL, question TEXT NOT NULL, language TEXT NOT NULL, schedule TEXT NOT NULL,
  created REAL NOT NULL, told REAL NOT NULL, UNIQUE (team, channel, question, schedule)
);
CREATE TABLE IF NOT EXISTS posts (
  subscription INTEGER NOT NULL, due REAL NOT NULL, holder TEXT NOT NULL, until REAL NOT NULL,
  attempts INTEGER NOT NULL, PRIMARY KEY (subscription, due)
);
CREATE TABLE IF NOT EXISTS lease (
  one INTEGER PRIMARY KEY CHECK (one = 1), holder TEXT NOT NULL, until REAL NOT NULL
);
"""
CONFIRMED: Mapping[Language, str] = {
    "en": "Subscribed, number {id}: {schedule}, “{question}”. First on {first}.",
    "vi": "Đã đăng ký, số {id}: {schedule}, “{question}”. Lần đầu vào {first}.",
}
NONE: Mapping[Language, str] = {
    "en": "There is no subscription in this channel.",
    "vi": "Kênh này chưa có đăng ký nào.",
}
_COLUMNS = "id, team, channel, reader, question, language, schedule, created, told"


class Place(NamedTuple):
    """Where something is posted."""

    team: str
    channel: str


class Subscription(NamedTuple):
    """A question that is answered in a channel on a schedule."""

    id: int
    place: Place
    reader: str
    """User who asked for it."""
    question: str
    language: Language
    schedule: Schedule
    created: float
    """Seconds since the epoch."""
    told: float
    """The due date of the newest post that was made or given up, seconds since the epoch."""


class Due(NamedTuple):
    """A post that is to be made."""

    subscription: Subscription
    at: datetime
    """When it was due, in UTC."""
    attempt: int

    @property
    def key(self) -> str:
        """The same for every attempt at one post, for whoever must not post it twice."""
        return f"subscription:{self.subscription.id}:{self.at:%Y%m%dT%H%M}"


class Subscriptions(HomeFile):
    """The subscriptions of one home."""

    kept = "subscriptions"
    place = "slack/subscriptions.sqlite"
    schema = SCHEMA

    # What readers do

    def add(
        self, place: Place, reader: str, schedule: Schedule, question: str, language: Language
    ) -> Subscription:
        """Keep a subscription; the same one again in the same channel is one.

        Raises
        ------
        UnusableInputError
            When the channel has too many, or the question is too long.
        """
        if len(question) > MOST_QUESTION:
            raise UnusableInputError(
                f"a question of up to {MOST_QUESTION} characters",
                f"{len(question)} characters",
                "Ask it shorter.",
            )
        now, plan = self.wall(), schedule.model_dump_json()
        row = (*place, reader, question, language, plan, now, now)
        with self._file() as file, _whole(file):
            known = self._select(file, "team = ? AND channel = ?", place)
            same = [one for one in known if (one.question, one.schedule) == (question, schedule)]
            if same:
                return same[0]
            if len(known) >= MOST_IN_CHANNEL:
                raise UnusableInputError(
                    f"up to {MOST_IN_CHANNEL} subscriptions in a channel",
                    "one more",
                    "Delete one first: `/sectorvane list` shows them.",
                )
            names = _COLUMNS.removeprefix("id, ")
            made = file.execute(
                f"INSERT INTO subscriptions ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our columns
                row,
            )
            return self._select(file, "id = ?", (made.lastrowid,))[0]

    def in_channel(self, place: Place) -> list[Subscription]:
        """Return the subscriptions of a channel, oldest first."""
        with self._file() as file:
            return self._select(file, "team = ? AND channel = ?", place)

    def of_reader(self, team: str, reader: str) -> list[Subscription]:
        """Return the subscriptions that a reader asked for, oldest first."""
        with self._file() as file:
            return self._select(file, "team = ? AND reader = ?", (team, reader))

    def delete(self, team: str, subscription: int) -> Subscription | None:
        """Delete a subscription of a team and return it; None where there was none."""
        with self._file() as file, _whole(file):
            found = self._select(file, "team = ? AND id = ?", (team, subscription))
            file.execute(
                "DELETE FROM subscriptions WHERE team = ? AND id = ?", (team, subscription)
            )
        return found[0] if found else None

    # What the one who posts does

    def lease(self, holder: str) -> bool:
        """Take or renew the right to post; False while another process has it."""
        now = self.wall()
        with self._file() as file, _whole(file):
            row = file.execute("SELECT holder, until FROM lease").fetchone()
            if row is not None and row[0] != holder and row[1] > now:
                return False
            file.execute("REPLACE INTO lease VALUES (1, ?, ?)", (holder, now + LEASE_SECONDS))
        return True

    def release(self, holder: str) -> None:
        """Give the right to post away, so that another process need not wait."""
        with self._file() as file:
            file.execute("DELETE FROM lease WHERE holder = ?", (holder,))

    def claim(self, holder: str, calendar: TradingCalendar) -> list[Due]:
        """Claim every post that is due now, the newest of each subscription."""
        now = self.wall()
        with self._file() as file, _whole(file):
            found = [self._due(one, now, calendar) for one in self._select(file, "1", ())]
            claimed = [due for due in found if due and self._claimed(file, due, holder, now)]
            attempts = [self._attempt(file, due) for due in claimed]
        return [due._replace(attempt=n) for due, n in zip(claimed, attempts, strict=True)]

    def made(self, due: Due) -> None:
        """Note that a post was made, or that nobody is to try it again."""
        stamp = due.at.timestamp()
        with self._file() as file, _whole(file):
            file.execute(
                "UPDATE subscriptions SET told = MAX(told, ?) WHERE id = ?",
                (stamp, due.subscription.id),
            )
            file.execute("DELETE FROM posts WHERE due < ?", (self.wall() - KEPT_DAYS * 86_400,))

    @staticmethod
    def _due(one: Subscription, now: float, calendar: TradingCalendar) -> Due | None:
        at = latest_due(one.schedule, _moment(now), _moment(one.told), calendar)
        return Due(one, at, 0) if at is not None else None

    @staticmethod
    def _claimed(file: sqlite3.Connection, due: Due, holder: str, now: float) -> bool:
        row = (
            due.subscription.id, due.at.timestamp(), holder, now + CLAIM_SECONDS, now, MOST_ATTEMPTS
        )  # fmt: skip
        statement = (
            "INSERT INTO posts VALUES (?1, ?2, ?3, ?4, 1) ON CONFLICT (subscription, due) DO "
            "UPDATE SET holder = ?3, until = ?4, attempts = attempts + 1 "
            "WHERE until <= ?5 AND attempts < ?6"
        )
        return file.execute(statement, row).rowcount > 0

    @staticmethod
    def _attempt(file: sqlite3.Connection, due: Due) -> int:
        query = "SELECT attempts FROM posts WHERE subscription = ? AND due = ?"
        return int(file.execute(query, (due.subscription.id, due.at.timestamp())).fetchone()[0])

    def again(self, due: Due, seconds: float) -> None:
        """Let a post that failed be tried again after some seconds."""
        row = (self.wall() + seconds, due.subscription.id, due.at.timestamp())
        with self._file() as file:
            file.execute("UPDATE posts SET until = ? WHERE subscription = ? AND due = ?", row)

    # The file

    @staticmethod
    def _select(
        file: sqlite3.Connection, where: str, values: tuple[object, ...]
    ) -> list[Subscription]:
        query = f"SELECT {_COLUMNS} FROM subscriptions WHERE {where} ORDER BY id"  # noqa: S608 - our words
        return [_read(row) for row in file.execute(query, values)]


def confirmation(one: Subscription, calendar: TradingCalendar, now: float) -> str:
    """Return what a reader is told who has just subscribed: what was understood, and when it comes first.

    The question in it is the reader's own and is not neutralised.
    """
    first = next_due(one.schedule, _moment(now), calendar)
    there = ZoneInfo(one.schedule.timezone)
    shown = f"{first.astimezone(there):%Y-%m-%d %H:%M}" if first is not None else "–"
    said = CONFIRMED[one.language].format(
        schedule=one.schedule.said(one.language), question=one.question, first=shown, id=one.id
    )
    return f"{said} {HOLIDAYS_SAID[one.language]}"


def listing(found: Sequence[Subscription], language: Language) -> str:
    """Return a line for each subscription, with the number that deletes it.

    The questions in it are the readers' own and are not neutralised.
    """
    lines = [f"{one.id} · {one.schedule.said(language)}: {one.question}" for one in found]
    return "\n".join(lines) or NONE[language]


def _read(row: tuple[object, ...]) -> Subscription:
    number, team, channel, reader, question, language, schedule, created, told = row
    return Subscription(
        int(str(number)),
        Place(str(team), str(channel)),
        str(reader),
        str(question),
        "vi" if language == "vi" else "en",
        Schedule.model_validate(json.loads(str(schedule))),
        float(str(created)),
        float(str(told)),
    )


@contextmanager
def _whole(file: sqlite3.Connection) -> Iterator[None]:
    """Run a block as one transaction that nobody else writes in."""
    file.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        file.execute("ROLLBACK")
        raise
    file.execute("COMMIT")


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
