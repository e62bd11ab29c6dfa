"""What remote servers answered about one market: the market's journal, and when it was heard last.

The journal keeps an answer once, with the moment it was first heard; that it came again unchanged
is noted in the ledger, because it makes an answer fresh and not new.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from tools.store.journal import JournalEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.remote.ledger import Ledger
    from agent.remote.reading import Answer
    from tools.store.journal import Journal

OBSERVED, GENERATED = "observed_on", "generated_at"
"""Keys of a journalled answer's details."""


class Entry(NamedTuple):
    """One journalled answer."""

    server: str
    tool: str
    arguments: dict[str, Any]
    observed_on: date | None
    """The session that the answer says it is of."""
    generated_at: str | None
    retrieved_at: datetime
    """When it was first heard: nothing knew of it before."""
    text: str


class AnswerBook:
    """The journal of one market.

    Parameters
    ----------
    journal
        The file beside the market's history.
    ledger
        Where it is noted when an answer was heard last.
    """

    def __init__(self, journal: Journal, ledger: Ledger) -> None:
        self._journal = journal
        self._ledger = ledger

    def write(self, server: str, tool: str, arguments: Mapping[str, Any], answer: Answer) -> Entry:
        """Keep an answer; the same answer once more stays what it was."""
        now = datetime.fromtimestamp(self._ledger.wall(), UTC)
        day = answer.observed_on
        on = day or now.date()
        self._journal.add(
            JournalEntry(
                server=server,
                tool=tool,
                arguments=dict(arguments),
                answered_on=on,
                retrieved_at=now,
                text=answer.text,
                details={
                    OBSERVED: day.isoformat() if day else None,
                    GENERATED: answer.generated_at,
                },
            )
        )
        self._ledger.heard(str(self._journal.path), server, tool, arguments)
        kept = self._journal.entries(server=server, tool=tool, since=on, until=on, retrieved_by=now)
        same = [e for e in kept if e.text == answer.text and e.arguments == dict(arguments)]
        return _entry(same[-1])

    def newest(
        self,
        server: str,
        tool: str,
        arguments: Mapping[str, Any],
        *,
        known_by: datetime,
        since: date | None = None,
        until: date | None = None,
    ) -> Entry | None:
        """Return the answer about the latest day, and of that day the one heard last."""
        found = self.entries(server, tool, arguments, known_by=known_by, since=since, until=until)
        return max(found, key=_recency, default=None)

    def age(self, entry: Entry) -> float:
        """Return how many seconds ago the server last answered that question."""
        where = str(self._journal.path)
        heard = self._ledger.last_heard(where, entry.server, entry.tool, entry.arguments)
        return self._ledger.wall() - (heard or entry.retrieved_at.timestamp())

    def entries(
        self,
        server: str,
        tool: str | None = None,
        arguments: Mapping[str, Any] | None = None,
        *,
        known_by: datetime,
        since: date | None = None,
        until: date | None = None,
    ) -> list[Entry]:
        """Return the answers first heard by `known_by`, those about earlier days first.

        Parameters
        ----------
        server, tool, arguments
            Only theirs.
        known_by
            The moment after which nothing was known yet.
        since, until
            Bounds on the day that an answer is about, both included.
        """
        found = self._journal.entries(
            server=server, tool=tool, since=since, until=until, retrieved_by=known_by
        )
        return [
            _entry(entry)
            for entry in found
            if arguments is None or dict(entry.arguments) == dict(arguments)
        ]


def _recency(entry: Entry) -> tuple[date, datetime]:
    return entry.observed_on or entry.retrieved_at.date(), entry.retrieved_at


def entries_of(journal: Journal, server: str) -> list[Entry]:
    """Return everything a server has ever answered, those about earlier days first."""
    return [_entry(entry) for entry in journal.entries(server=server)]


def _entry(entry: JournalEntry) -> Entry:
    day = entry.details.get(OBSERVED)
    return Entry(
        server=entry.server,
        tool=entry.tool,
        arguments=dict(entry.arguments),
        observed_on=date.fromisoformat(day) if day else None,
        generated_at=entry.details.get(GENERATED),
        retrieved_at=entry.retrieved_at,
        text=entry.text,
    )
