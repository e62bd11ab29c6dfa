"""What remote servers add to one market view: which calls, what came of them, what is missing.

The view decides what may count. Today's question may ask; a question about a past day sees only
what had been journalled by its end, because nothing received later was known then.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.brains.base import PlannedCall, ToolSpec
from agent.planning import call_key
from agent.remote import gaps as gaps_of
from agent.remote.connection import Served
from agent.remote.failures import SAID, RemoteFailedError
from agent.remote.mapping import Mapper, parsed
from agent.remote.quoting import (
    Quote,
    described,
    harmless,
    lines_of,
    moment,
    plain_schema,
    shown_arguments,
)
from agent.remote.reading import MAX_AGE_DAYS, check_age, read
from agent.remote.routes import WAYS, Ask, compare, nearest, window_of
from agent.remote.settings import RemoteTool
from agent.state import CallOutcome, CallTask
from tools.errors import SourceDownError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from agent.remote.book import AnswerBook, Entry
    from agent.remote.hub import RemoteHub
    from agent.remote.settings import RemoteServer
    from tools.contracts import Gap, MarketStamp, Vocabulary

BETWEEN = "__"
"""Stands between a server's name and its tool's in the name of a call."""
EARLY_SECONDS = 3600.0
"""How long an answer is good that is not yet of the as-of day itself."""
LONGEST_DAYS = 150
"""Calendar days that the longest window, three months of trading days, lies in."""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What a market view says of itself."""

    stamp: MarketStamp
    vocabulary: Vocabulary
    view_key: str
    live: bool
    """Whether the question is about now, so that servers may be asked."""
    known_by: datetime
    """The end of the as-of day; what was heard later was not known."""
    days_until: Callable[[date, int], tuple[date, ...]]
    """``(day, n)`` → the market's last n trading days up to `day`."""


class Added(NamedTuple):
    """Calls beside a plan's own, and what could not be asked."""

    tasks: tuple[CallTask, ...] = ()
    gaps: tuple[Gap, ...] = ()


class _Candidate(NamedTuple):
    server: str
    ask: Ask
    task: CallTask
    place: tuple[int, ...]
    """The smaller, the more useful."""


class RemoteDesk:
    """The remote servers as one market view sees them."""

    def __init__(self, hub: RemoteHub, bench: Bench, book: AnswerBook) -> None:
        self._hub = hub
        self._book = book
        self._bench = bench
        stamp = bench.stamp
        self._servers = {
            name: server
            for name, server in hub.servers.items()
            if server.knows(stamp.id, simulated=stamp.simulated)
        }

    def serves(self, tool: str) -> bool:
        """Whether a call of this name is one of a remote server."""
        name, between, _tool = tool.partition(BETWEEN)
        return bool(between) and name in self._servers

    async def offered(self) -> tuple[ToolSpec, ...]:
        """Return the tools that a planner may choose by themselves; none of a server that is away."""
        specs: list[ToolSpec] = []
        for name, server in self._servers.items():
            if not server.offer or not self._bench.live:
                continue
            try:
                served = await self._hub.served(name)
            except SourceDownError:
                continue
            specs += [
                ToolSpec(
                    name=f"{name}{BETWEEN}{tool}",
                    description=described(name, served[tool].description),
                    input_schema=plain_schema(served[tool].schema),
                )
                for tool in server.offer
                if tool in served
            ]
        return tuple(specs)

    # What to ask

    async def additions(
        self, tasks: Sequence[CallTask], *, room: int, timeout_seconds: float
    ) -> Added:
        """Return the remote calls that come nearest to a plan's own, most useful first.

        Parameters
        ----------
        tasks
            The plan's calls, the reader's own first.
        room
            How many more calls the run may make.
        timeout_seconds
            How long it may take to find out what is served.
        """
        logical = [t for t in tasks if t.side == "now" and not self.serves(t.call.tool)]
        asked = {
            name: [t for t in logical if t.call.tool in WAYS or _configured(server, t.call.tool)]
            for name, server in self._servers.items()
        }
        names = [name for name, wanted in asked.items() if wanted]
        looked = await asyncio.gather(*(self._looked(name, timeout_seconds) for name in names))
        gaps: list[Gap] = []
        found: list[_Candidate] = []
        for name, served in zip(names, looked, strict=True):
            if isinstance(served, str):
                gaps.append(gaps_of.silent(name, served))
                continue
            if not served and not self._bench.live:
                gaps.append(gaps_of.nothing_by_then(name))
                continue
            candidates, lacking = self._candidates(name, served, asked[name])
            gaps += lacking
            try:
                found += self._within_quota(name, candidates, gaps)
            except SourceDownError as error:
                gaps.append(gaps_of.silent(name, str(error)))
        ordered = sorted(found, key=lambda candidate: candidate.place)
        fitting = max(0, room)
        gaps += [gaps_of.no_room(over.server, over.ask.tool) for over in ordered[fitting:]]
        return Added(tuple(candidate.task for candidate in ordered[:fitting]), tuple(gaps))

    async def _looked(self, name: str, timeout_seconds: float) -> Mapping[str, Served] | str:
        """Return what a server serves, or why that cannot be known."""
        try:
            async with asyncio.timeout(timeout_seconds):
                return await self._served(name)
        except TimeoutError:
            return SAID["timeout"]
        except SourceDownError as error:
            return str(error)

    async def _served(self, name: str) -> Mapping[str, Served]:
        """Return what a server serves, or what of it had been journalled by the as-of day."""
        if self._bench.live:
            return await self._hub.served(name)
        known: dict[str, Served] = {}
        known_by, since = self._bench.known_by, self._oldest()
        for entry in self._book.entries(name, known_by=known_by, since=since):
            properties = known[entry.tool].properties if entry.tool in known else {}
            declared = {**properties, **{argument: {} for argument in entry.arguments}}
            schema = {"type": "object", "properties": declared}
            known[entry.tool] = Served(entry.tool, "", schema)
        return known

    def _candidates(
        self, name: str, served: Mapping[str, Served], asked: Sequence[CallTask]
    ) -> tuple[list[_Candidate], list[Gap]]:
        server = self._servers[name]
        found: dict[str, _Candidate] = {}
        gaps: list[Gap] = []
        for position, task in enumerate(asked):
            for rank, near in enumerate(nearest(task.call.tool, served, server)):
                wanted = self._in_its_words(task.call.arguments, server)
                ask = compare(near, wanted, served[near.tool], server)
                if ask.lacking:
                    gaps.append(gaps_of.lacking(name, ask.tool, ask.lacking))
                    continue
                made = self._task(name, ask, task)
                mapped = bool(server.tools.get(near.tool, RemoteTool()).facts)
                place = (int(task.call.origin != "brain"), int(not mapped), position, rank)
                found.setdefault(made.key, _Candidate(name, ask, made, place))
        return sorted(found.values(), key=lambda candidate: candidate.place), gaps

    def _in_its_words(self, arguments: Mapping[str, Any], server: RemoteServer) -> dict[str, Any]:
        """Return a call's arguments with the sector's name in place of a code that is ours alone."""
        words = {sector.code: sector.name for sector in self._bench.vocabulary.sectors}
        words |= {ours: theirs for theirs, ours in server.entities.items()}
        sector = arguments.get("sector")
        said = {"sector": words.get(str(sector), sector)} if sector else {}
        return {**arguments, **said}

    def _task(self, name: str, ask: Ask, task: CallTask) -> CallTask:
        tool = f"{name}{BETWEEN}{ask.tool}"
        call = PlannedCall(
            tool=tool,
            arguments=ask.sent,
            reason=f"nearest to {task.call.tool} on {name}",
            origin=task.call.origin,
        )
        # What a thread holds is never taken for a remote answer: the journal knows its age.
        key = call_key(f"remote {self._bench.view_key}", tool, ask.sent)
        return CallTask(key=key, call=call, dropped_arguments=ask.dropped, beside=True)

    def _within_quota(
        self, name: str, candidates: list[_Candidate], gaps: list[Gap]
    ) -> list[_Candidate]:
        """Return the candidates that may be asked now; those with a fresh answer cost nothing."""
        if not self._bench.live:
            return candidates
        server = self._servers[name]
        room = self._hub.ledger.room(name, server)
        kept: list[_Candidate] = []
        for candidate in candidates:
            if self._fresh(name, server, candidate.ask.tool, candidate.ask.sent) is None:
                if room == 0:
                    gaps.append(gaps_of.beyond_quota(name, candidate.ask.tool))
                    continue
                room = room - 1 if room is not None else None
            kept.append(candidate)
        return kept

    def _fresh(
        self, name: str, server: RemoteServer, tool: str, arguments: Mapping[str, Any]
    ) -> Entry | None:
        """Return the journalled answer that still counts as the newest, or None."""
        now, since = self._now(), self._oldest()
        entry = self._book.newest(name, tool, arguments, known_by=now, since=since)
        if entry is None:
            return None
        age = self._book.age(entry)
        if server.cache_seconds is not None:
            return entry if age <= server.cache_seconds else None
        day = entry.observed_on
        is_of_the_day = day is not None and day >= self._bench.stamp.as_of
        return entry if is_of_the_day or age <= EARLY_SECONDS else None

    def _oldest(self) -> date:
        """Return the earliest day an answer may be about."""
        return self._bench.stamp.as_of - timedelta(days=MAX_AGE_DAYS)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._hub.ledger.wall(), UTC)

    # What came of it

    async def call(self, task: CallTask, *, timeout_seconds: float) -> CallOutcome:
        """Answer one call, from the journal or the server; a failure is a named gap."""
        name, _, tool = task.call.tool.partition(BETWEEN)
        try:
            async with asyncio.timeout(timeout_seconds):
                entry = await self._entry(name, tool, task.call.arguments)
            entry = self._not_ahead(entry)
            check_age(entry.observed_on, self._bench.stamp.as_of)
            return self._outcome(task, name, tool, entry)
        except TimeoutError:
            return _failed(task, name, tool, RemoteFailedError("timeout"))
        except SourceDownError as error:
            return _failed(task, name, tool, error)
        except OSError as error:
            unwritten = f"its answer could not be written down ({type(error).__name__})"
            return _failed(task, name, tool, SourceDownError(unwritten))

    async def _entry(self, name: str, tool: str, arguments: dict[str, Any]) -> Entry:
        server = self._servers[name]
        if not self._bench.live:
            entry = self._book.newest(
                name,
                tool,
                arguments,
                known_by=self._bench.known_by,
                since=self._oldest(),
                until=self._bench.stamp.as_of,
            )
            if entry is None:
                raise SourceDownError("nothing of it was journalled by the as-of date")
            return entry
        fresh = self._fresh(name, server, tool, arguments)
        if fresh is not None:
            return fresh
        raw = await self._hub.ask(name, tool, arguments)
        try:
            answer = read(raw, server.tools.get(tool, RemoteTool()))
        except RemoteFailedError as error:
            self._hub.note(name, error)
            raise
        return self._book.write(name, tool, arguments, answer)

    def _not_ahead(self, entry: Entry) -> Entry:
        """Return what was heard of an earlier session, where the answer is of a later one."""
        as_of = self._bench.stamp.as_of
        if entry.observed_on is None or entry.observed_on <= as_of:
            return entry
        earlier = self._book.newest(
            entry.server,
            entry.tool,
            entry.arguments,
            known_by=self._now(),
            since=self._oldest(),
            until=as_of,
        )
        return earlier or entry

    def _outcome(self, task: CallTask, name: str, tool: str, entry: Entry) -> CallOutcome:
        server, dropped = self._servers[name], task.dropped_arguments
        mapper = Mapper(name, server, tool, self._bench.vocabulary)
        asked_window = window_of(task.call.arguments)
        mapped = mapper.facts(entry, asked_window)
        facts = {fact.id: fact for fact in mapped.facts}
        gaps = list(mapped.gaps)
        window = window_of(dropped)
        if window is not None and window != "1D":
            longer = mapper.accumulated(
                self._journal(name, tool, entry), window, self._bench.days_until
            )
            facts |= {fact.id: fact for fact in longer.facts}
            gaps += longer.gaps
        if dropped:
            gaps.append(gaps_of.not_taken(name, tool, dropped))
        as_of = self._bench.stamp.as_of
        known = [fact for fact in facts.values() if fact.published_on <= as_of]
        if len(known) < len(facts):
            gaps.append(gaps_of.failed(name, tool, "it was published after the as-of date"))
        quote = Quote(
            server=name,
            tool=tool,
            asked=shown_arguments(task.call.arguments),
            not_sent=shown_arguments(dropped),
            observed_on=entry.observed_on,
            retrieved_at=moment(entry.retrieved_at),
            lines=() if known else lines_of(parsed(entry)),
            facts=tuple(fact.id for fact in known),
            unknown=harmless(", ".join(mapped.strangers)),
        )
        return CallOutcome(
            key=task.key,
            tool=task.call.tool,
            arguments=task.call.arguments,
            status="ok",
            side=task.side,
            market=self._bench.stamp,
            facts=tuple(known),
            gaps=tuple(gaps),
            answer={"quote": quote.model_dump(mode="json")},
        )

    def _journal(self, name: str, tool: str, entry: Entry) -> Iterable[Entry]:
        known_by = self._now() if self._bench.live else self._bench.known_by
        last = entry.observed_on
        if last is None:
            return []
        since = last - timedelta(days=LONGEST_DAYS)
        return self._book.entries(
            name, tool, entry.arguments, known_by=known_by, since=since, until=last
        )


def _failed(task: CallTask, name: str, tool: str, error: SourceDownError) -> CallOutcome:
    words = getattr(error, "words", "")
    return CallOutcome(
        key=task.key,
        tool=task.call.tool,
        arguments=task.call.arguments,
        status="failed",
        side=task.side,
        gaps=(gaps_of.failed(name, tool, str(error)),),
        error=f"{error}: {harmless(words)}" if words else str(error),
    )


def _configured(server: RemoteServer, logical: str) -> bool:
    return any(logical in tool.answers for tool in server.tools.values())
