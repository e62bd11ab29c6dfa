"""From answers to facts, where the settings say which number stands where and in which unit.

A fact of a remote server has a measure of its own (``vimo_foreign_net_value``), so that it stands
beside ours and never in its place, unless the settings prefer the server and the unit is ours.
Longer windows are added up from journalled days; a window with a day missing is a gap.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, NamedTuple

from agent.remote.paths import find, number, rows
from agent.remote.reading import published_on, session_of
from agent.remote.settings import RemoteTool
from tools.contracts import MACRO_PREFIX, MARKET_ENTITY, TRADING_DAYS, Fact, Gap
from tools.names import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from agent.remote.book import Entry
    from agent.remote.settings import RemoteFact, RemoteServer
    from tools.contracts import Vocabulary

UNITS = {
    "return": "fraction", "rel_return": "fraction", "volatility": "fraction",
    "foreign_net_ratio": "fraction", "breadth": "fraction", "whale_ratio": "ratio",
}  # fmt: skip
"""Measures of ours whose unit is the same in every market."""
IN_CURRENCY = ("foreign_net_value",)
MOST_NAMED = 5


class Names:
    """What a server's names of entities mean here."""

    def __init__(self, vocabulary: Vocabulary, aliases: Mapping[str, str]) -> None:
        self._known = {fold(MARKET_ENTITY): MARKET_ENTITY}
        for series in vocabulary.series:
            self._known[fold(MACRO_PREFIX + series)] = MACRO_PREFIX + series
        for symbol in vocabulary.symbols:
            self._known |= {fold(n): symbol.symbol for n in (symbol.name, symbol.symbol) if n}
        for sector in vocabulary.sectors:
            names = (sector.proxy, sector.name_vi, sector.name, sector.code)
            self._known |= {fold(name): sector.code for name in names if name}
        self._aliases = {fold(theirs): ours for theirs, ours in aliases.items()}

    def entity(self, text: str) -> str | None:
        """Return our entity, None where the market has none of this name."""
        folded = fold(text)
        return self._known.get(fold(self._aliases.get(folded, text)))


class Value(NamedTuple):
    """One number of one answer, in the unit of its mapping."""

    entity: str
    amount: float


def values_of(data: object, mapping: RemoteFact, names: Names) -> tuple[list[Value], list[str]]:
    """Return the numbers an answer holds for one mapping, and the names that are not known here."""
    table = rows(data, mapping.rows) if mapping.rows else [data]
    found: dict[str, Value] = {}
    strangers: list[str] = []
    for row in table or ():
        name = find(row, mapping.entity_path) if mapping.entity_path else mapping.entity
        entity = names.entity(name) if isinstance(name, str) else None
        amount = number(find(row, mapping.value))
        if entity is None:
            strangers += [name] if isinstance(name, str) else []
        elif amount is not None and math.isfinite(amount * mapping.scale):
            found[entity] = Value(entity, amount * mapping.scale)
    return list(found.values()), strangers


def metric_of(name: str, server: RemoteServer, mapping: RemoteFact, currency: str) -> str:
    """Return the measure's name: ours where the server is preferred in our unit, else its own."""
    ours = currency if mapping.metric in IN_CURRENCY else UNITS.get(mapping.metric)
    if server.prefer == "remote" and ours == mapping.unit:
        return mapping.metric
    return f"{name}_{mapping.metric}"


class Mapped(NamedTuple):
    """The facts of an answer and what is missing of them."""

    facts: tuple[Fact, ...] = ()
    gaps: tuple[Gap, ...] = ()
    strangers: tuple[str, ...] = ()
    """Names in the answer that this market does not know; a stranger's words, for a quotation."""


class Mapper:
    """Maps the answers of one tool of one server.

    Parameters
    ----------
    name, server, tool
        The server and its tool.
    vocabulary
        The market's names.
    """

    def __init__(self, name: str, server: RemoteServer, tool: str, vocabulary: Vocabulary) -> None:
        self._name, self._server, self._tool = name, server, tool
        self._settings = server.tools.get(tool, RemoteTool())
        self._currency = vocabulary.currency
        self._names = Names(vocabulary, server.entities)

    def facts(self, entry: Entry, asked_window: str | None) -> Mapped:
        """Return the facts of one answer.

        Parameters
        ----------
        entry
            The answer.
        asked_window
            Window that the tool was really asked for; None: it takes none.
        """
        if not self._settings.facts:
            return Mapped()
        if entry.observed_on is None:
            return Mapped(gaps=(self._gap("its answer says no day"),))
        made: list[Fact] = []
        strangers: list[str] = []
        data = parsed(entry)
        for mapping in self._settings.facts:
            values, unknown = values_of(data, mapping, self._names)
            strangers += unknown
            window = (asked_window or mapping.window) if mapping.window else None
            made += [
                self._fact(mapping, value, window, entry.observed_on, _published(entry))
                for value in values
            ]
        named = tuple(dict.fromkeys(strangers))
        gaps = () if made else (self._gap("its answer holds none of the values that are mapped"),)
        foreign = (self._gap("it names what this market does not know"),) if named else ()
        return Mapped(tuple(made), (*gaps, *foreign), named)

    def _gap(self, why: str) -> Gap:
        return Gap(
            what=f"{self._name} {self._tool}",
            why=why,
            effect="that part of its answer became no fact",
        )

    def accumulated(
        self,
        entries: Iterable[Entry],
        window: str,
        days_until: Callable[[date, int], tuple[date, ...]],
    ) -> Mapped:
        """Return the facts of a longer window, added up from journalled days.

        Parameters
        ----------
        entries
            Journalled answers, oldest first; of one day the newest counts.
        window
            The window that is wanted.
        days_until
            ``(day, n)`` → the last n trading days up to `day`.
        """
        by_day = {entry.observed_on: entry for entry in entries if entry.observed_on}
        adding = [m for m in self._settings.facts if m.accumulate != "none"]
        if not adding or not by_day or window not in TRADING_DAYS:
            return Mapped()
        wanted = days_until(max(by_day), TRADING_DAYS[window])
        lacking = [day for day in wanted if day not in by_day]
        if lacking or len(wanted) < TRADING_DAYS[window]:
            return Mapped(gaps=(_uncovered(self._name, self._tool, window, lacking),))
        chosen = [by_day[day] for day in wanted]
        facts = [fact for mapping in adding for fact in self._sums(mapping, chosen, window)]
        return Mapped(tuple(facts))

    def _sums(self, mapping: RemoteFact, entries: Sequence[Entry], window: str) -> list[Fact]:
        """Add up the entities that every day has."""
        per_day = [
            {v.entity: v.amount for v in values_of(parsed(entry), mapping, self._names)[0]}
            for entry in entries
        ]
        everywhere = [entity for entity in per_day[-1] if all(entity in day for day in per_day)]
        last = entries[-1].observed_on
        known = max(_published(entry) for entry in entries)
        if last is None:
            return []
        return [
            self._fact(
                mapping,
                Value(entity, _added([day[entity] for day in per_day], mapping)),
                window,
                last,
                known,
            )
            for entity in everywhere
        ]

    def _fact(
        self, mapping: RemoteFact, value: Value, window: str | None, observed: date, known: date
    ) -> Fact:
        metric = metric_of(self._name, self._server, mapping, self._currency)
        parts = (value.entity, metric, window)
        return Fact(
            id=".".join(part for part in parts if part),
            value=value.amount,
            unit=mapping.unit,
            entity=value.entity,
            metric=metric,
            period=window,
            observed_on=observed,
            published_on=known,
            source=f"{self._name}/{self._tool}",
        )


def parsed(entry: Entry) -> object:
    """Return a journalled answer's JSON; its text where it is none."""
    try:
        return json.loads(entry.text, parse_constant=lambda _name: None)
    except (ValueError, RecursionError):
        return entry.text


def _published(entry: Entry) -> date:
    assert entry.observed_on is not None  # noqa: S101 - facts are made of dated answers only
    return published_on(entry.observed_on, entry.generated_at, entry.retrieved_at)


def _added(amounts: Sequence[float], mapping: RemoteFact) -> float:
    if mapping.accumulate == "sum":
        return math.fsum(amounts)
    return math.prod(1.0 + amount for amount in amounts) - 1.0


def _uncovered(server: str, tool: str, window: str, lacking: Sequence[date]) -> Gap:
    days = ", ".join(day.isoformat() for day in lacking[-MOST_NAMED:])
    why = f"the journal lacks {days}" if days else "the market's own days do not reach as far"
    return Gap(
        what=f"{server} {tool} over {window}",
        why=f"the server gives single days, and {why}",
        effect="no longer window is made of fewer days than it has",
    )


__all__ = ["Mapped", "Mapper", "Names", "metric_of", "parsed", "session_of", "values_of"]
