"""A market view with remote servers at hand: the toy vocabulary, a journal of its own, a clock that is set."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from agent.brains.base import PlannedCall
from agent.remote.book import AnswerBook
from agent.remote.desk import Bench, RemoteDesk
from agent.remote.hub import RemoteHub
from agent.remote.settings import RemoteFact, RemoteServer, RemoteTool
from agent.state import CallTask
from tests.fakes import STAMP, VOCABULARY
from tests.remote_servers import State
from tools.store import history_folder
from tools.store.journal import Journal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from agent.state import CallOutcome

RETURNS = RemoteFact(
    metric="return", unit="fraction", scale=0.01, rows="data.sectors", entity_path="industry",
    value="avg_return", window="1D", accumulate="compound",
)  # fmt: skip
FLOW = RemoteFact(
    metric="foreign_net_value", unit="USD", scale=1e9, value="data.net_value", window="1D",
    accumulate="sum",
)  # fmt: skip
MAPPED = {
    "get_sector_rotation": RemoteTool(facts=(RETURNS,)),
    "get_sector_heatmap": RemoteTool(facts=(RETURNS,)),
    "get_foreign_flow": RemoteTool(facts=(FLOW,)),
}
"""What the made-up answers of the test servers mean."""
MONDAY = date(2020, 6, 22)


def noon(day: date) -> float:
    """Return a moment of a day, seconds since the epoch."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()


def serving(day: date = MONDAY, **changes: Any) -> State:
    """Return what a test server does, about the toy market's sectors."""
    known = State(day=day.isoformat(), sectors=("Energy", "Financials"), returns=(1.0, -2.0))
    return replace(known, **changes)


def server(url: str, **changes: Any) -> RemoteServer:
    """Return a server whose answers have units."""
    return RemoteServer(url=url, **{"tools": MAPPED, "timeout_seconds": 5.0, **changes})


def task(tool: str, origin: str = "brain", **arguments: Any) -> CallTask:
    """Return one call of a plan."""
    call = PlannedCall(tool=tool, arguments=arguments, origin=origin)
    return CallTask(key=f"{tool}{arguments}", call=call)


def weekdays_until(day: date, n: int) -> tuple[date, ...]:
    """Return the last `n` weekdays up to `day`."""
    found: list[date] = []
    while len(found) < n:
        if day.weekday() < 5:
            found.insert(0, day)
        day -= timedelta(days=1)
    return tuple(found)


@dataclass
class Calendar:
    """Noon of a day that a test sets."""

    day: date

    def __call__(self) -> float:
        """Return the moment, seconds since the epoch."""
        return noon(self.day)


@dataclass
class Room:
    """One hub and the moment it believes in."""

    hub: RemoteHub
    home: Path
    clock: Calendar

    def desk(self, as_of: date | None = None, *, live: bool = True) -> RemoteDesk:
        """Return the servers as a view of a day sees them."""
        day = as_of or self.clock.day
        stamp = STAMP.model_copy(update={"as_of": day, "last_day": day})
        end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
        bench = Bench(
            stamp=stamp, vocabulary=VOCABULARY, view_key=f"view of {day}", live=live,
            known_by=end, days_until=weekdays_until,
        )  # fmt: skip
        journal = Journal(history_folder(self.home, "toy"))
        return RemoteDesk(self.hub, bench, AnswerBook(journal, self.hub.ledger))

    async def outcomes(
        self, *tasks: CallTask, desk: RemoteDesk | None = None, room: int = 16
    ) -> tuple[list[CallOutcome], list[str]]:
        """Ask beside a plan; return what came, and every gap as one text."""
        desk = desk or self.desk()
        added = await desk.additions(tasks, room=room, timeout_seconds=10.0)
        came = [await desk.call(one, timeout_seconds=10.0) for one in added.tasks]
        gaps = (*added.gaps, *(gap for outcome in came for gap in outcome.gaps))
        return came, [f"{gap.what}: {gap.why}; {gap.effect}" for gap in gaps]


@asynccontextmanager
async def room_with(home: Path, day: date = MONDAY, **servers: RemoteServer) -> AsyncIterator[Room]:
    """Open a hub of `servers` on `day`."""
    clock = Calendar(day)
    async with RemoteHub(servers, home, wall=clock) as hub:
        yield Room(hub, home, clock)
