"""Rank and comparison words are true over all sectors of the metric and window that they speak of."""

# ruff: noqa: S101
# Asserts tell the type checker what a mark of a kind holds; nothing from outside reaches them.
from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.reviewing.binding import STRICT_METRICS, window_fits, window_of
from agent.brief.reviewing.listing import listed, names_in
from tools.contracts import MARKET_ENTITY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agent.brief.reviewing.binding import Bound
    from agent.brief.reviewing.ground import Ground
    from agent.brief.reviewing.marks import Mark
    from tools.contracts import Fact

LOW_IS_LARGE = frozenset({"drawdown", "max_drawdown"})
"""Metrics below zero of which the largest is the lowest."""


def check_ranks(bound: Bound, ground: Ground) -> list[str]:
    """Check every rank, follow-up and comparison word of a sentence; return what is wrong."""
    problems: list[str] = []
    last: tuple[str, int] | None = None
    for mark in bound.sentence.marks("rank", "follow", "compare"):
        if _excused(bound, mark):
            continue
        if mark.kind == "compare":
            problems += _compare(bound, mark, ground)
            continue
        place = _place(bound, mark) if mark.kind == "rank" else _next(last)
        found, last = _rank(bound, mark, place, ground)
        problems += found
    return problems


def _excused(bound: Bound, mark: Mark) -> bool:
    clause = bound.sentence.clauses[bound.sentence.clause_of(mark)]
    return bool(bound.sentence.marks("ask")) or any(
        other.start < mark.start for other in clause.of("if")
    )


def _place(bound: Bound, mark: Mark) -> tuple[str, int]:
    assert isinstance(mark.value, tuple)
    side, place = str(mark.value[0]), int(mark.value[1])
    if side != "size":
        return side, place
    clause = bound.sentence.clauses[bound.sentence.clause_of(mark)]
    down = any(
        isinstance(other.value, tuple) and other.value[1] < 0 for other in clause.of("direction")
    )
    return ("bottom" if (place < 0) != down else "top"), 1


def _next(last: tuple[str, int] | None) -> tuple[str, int]:
    return (last[0], last[1] + 1) if last else ("top", 2)


def _rank(
    bound: Bound, mark: Mark, place: tuple[str, int], ground: Ground
) -> tuple[list[str], tuple[str, int] | None]:
    groups = _groups_near(bound, mark)
    if groups:
        return _group_rank(bound, mark, groups, ground), None
    entities = listed(bound, mark)
    if not entities:
        return [
            f"{mark.text!r} in {bound.sentence.text!r} names nobody; name who holds that place"
        ], None
    side, first = place
    together = mark.kind == "rank" and len(entities) > 1 and first == 1
    end = first + len(entities) - 1
    for at, entity in enumerate(entities):
        span = (first, end) if together else (first + at, first + at)
        facts = _measures(bound, mark, entity, ground)
        if not facts:
            return [
                f"{mark.text!r} in {bound.sentence.text!r} cannot be checked for {entity}; name metric and window"
            ], None
        if not any(_stands(fact, side, span, ground) for fact in facts):
            return [_wrong(bound, mark, facts[0], side, span, ground)], None
    return [], (side, end)


def _measures(bound: Bound, mark: Mark, entity: str, ground: Ground) -> list[Fact]:
    """Return the facts by which a place is counted: the value beside it, the metric named, else the ranking."""
    beside = [
        fact
        for value in _values_near(bound, mark)
        for fact in bound.facts_at(value)
        if fact.entity == entity and not fact.metric.endswith("_error")
    ]
    if beside:
        return beside
    window_mark = mark
    for metrics in _metrics_near(bound, mark):
        found = [
            fact
            for metric in sorted(metrics)
            for fact in ground.about(entity, metric)
            if window_fits(fact, window_of(bound, window_mark, ahead=ground.forecast(fact)), ground)
        ]
        if found:
            return found
    return [fact for fact in ground.about(entity, "score") if fact.period == ground.horizon]


def _values_near(bound: Bound, mark: Mark) -> list[Mark]:
    """Return the values of a rank word's clause and of the ones that go on from it."""
    clauses = bound.sentence.clauses
    at = bound.sentence.clause_of(mark)
    found = clauses[at].of("value")
    for clause in clauses[at + 1 :]:
        if clause.has("rank", "call", "quadrant", "direction", "compare"):
            break
        found += clause.of("value")
    return found


def _metrics_near(bound: Bound, mark: Mark) -> Iterable[frozenset[str]]:
    clauses = bound.sentence.clauses
    at = bound.sentence.clause_of(mark)
    for clause in (clauses[at], *clauses[at + 1 :], *reversed(clauses[:at])):
        for other in clause.of("metric", "direction"):
            if isinstance(other.value, frozenset):
                yield frozenset({"score"}) if "rank" in other.value else other.value
            elif isinstance(other.value, tuple) and other.value[0] in STRICT_METRICS:
                yield frozenset(STRICT_METRICS[other.value[0]])


def _stands(fact: Fact, side: str, span: tuple[int, int], ground: Ground) -> bool:
    """Whether a fact's place among its peers can be one of the span, ties counted either way."""
    peers = ground.peers(fact)
    if len(peers) < 2:
        return False
    value = peers[fact.entity]
    large = (side == "top") != (fact.metric in LOW_IS_LARGE)
    ahead = sum(1 for other in peers.values() if (other > value if large else other < value))
    level = sum(1 for other in peers.values() if other == value)
    return ahead + 1 <= span[1] and span[0] <= ahead + level


def _wrong(
    bound: Bound, mark: Mark, fact: Fact, side: str, span: tuple[int, int], ground: Ground
) -> str:
    peers = sorted(ground.peers(fact).items(), key=lambda item: item[1], reverse=side == "top")
    right = ", ".join(entity for entity, _ in peers[span[0] - 1 : span[1]])
    return f"{mark.text!r} in {bound.sentence.text!r} is not true of {fact.id}; by {fact.metric} it is {right}"


def _groups_near(bound: Bound, mark: Mark) -> list[str]:
    clauses = bound.sentence.clauses
    at = bound.sentence.clause_of(mark)
    here = [str(m.value) for m in clauses[at].of("group")]
    assert isinstance(mark.value, tuple) or mark.value is None
    if mark.value is None or (mark.value[0] != "size" and not here):
        return []
    if names_in(clauses[at]) and not here:
        return []
    return here


def _group_rank(bound: Bound, mark: Mark, groups: list[str], ground: Ground) -> list[str]:
    """Check which of a sector's contributions is said to be the largest."""
    entities = listed(bound, mark)
    for entity in entities[:1]:
        found = {
            fact.metric.partition(".")[2]: abs(float(fact.value))
            for fact in ground.about(entity, "contribution")
            if fact.period == ground.horizon
        }
        smallest = isinstance(mark.value, tuple) and mark.value[1] < 0
        pick = min if smallest else max
        first = pick(found, key=lambda group: found[group]) if found else None
        if first is not None and first in groups:
            return []
        return [
            f"{mark.text!r} in {bound.sentence.text!r}: the largest contribution of {entity} is {first}"
        ]
    return [f"{mark.text!r} in {bound.sentence.text!r} names no sector whose contribution it is"]


def _compare(bound: Bound, mark: Mark, ground: Ground) -> list[str]:
    """Check a comparison of two sectors, or of one with the benchmark."""
    sentence = bound.sentence
    sign = int(str(mark.value))
    marks = [m for clause in sentence.clauses for m in clause.marks]
    left = [m for m in marks if m.kind == "entity" and m.end <= mark.start]
    right = [m for m in marks if m.kind == "entity" and m.start >= mark.end]
    if not right:
        return []
    second = right[0].value
    assert isinstance(second, frozenset)
    if MARKET_ENTITY in second:
        return _against_market(bound, mark, sign, ground)
    firsts = [m for m in left if m.value != second] or left
    first = firsts[-1].value if firsts else bound.context.subject
    if not isinstance(first, frozenset):
        return [f"{mark.text!r} in {sentence.text!r} names only one side of the comparison"]
    one, two = sorted(first)[0], sorted(second)[0]
    pairs = _pairs(bound, mark, one, two, ground)
    if not pairs:
        return [f"{mark.text!r} in {sentence.text!r} cannot be checked; name metric and window"]
    if any(
        (float(a.value) > float(b.value)) == (sign > 0) and a.value != b.value for a, b in pairs
    ):
        return []
    a, b = pairs[0]
    return [
        f"{mark.text!r} in {sentence.text!r}: {a.id} is {ground.render(a)}, {b.id} is {ground.render(b)}"
    ]


def _pairs(bound: Bound, mark: Mark, one: str, two: str, ground: Ground) -> list[tuple[Fact, Fact]]:
    found = []
    for fact in _measures(bound, mark, one, ground):
        other = ground.beside(fact).get(two + fact.id.removeprefix(fact.entity))
        if other is not None:
            found.append((fact, other))
    return found


def _against_market(bound: Bound, mark: Mark, sign: int, ground: Ground) -> list[str]:
    if bound.sentence.marks("quadrant"):
        wanted = "strong" if sign > 0 else "weak"
        if all(ground.label(entity, "strength") == wanted for entity in listed(bound, mark)):
            return []
    values = [f for m in bound.sentence.marks("value") for f in bound.facts_at(m)]
    facts = [f for f in values if f.metric in {"rel_return", "expected"}]
    if not facts:
        facts = [
            f
            for entity in listed(bound, mark)
            for f in ground.about(entity, "rel_return")
            if window_fits(f, window_of(bound, mark, ahead=False), ground)
        ]
    if any((float(f.value) > 0) == (sign > 0) for f in facts):
        return []
    return [
        f"{mark.text!r} in {bound.sentence.text!r} disagrees with the relative return, or cannot be checked"
    ]
