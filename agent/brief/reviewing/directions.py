"""Direction words agree with the sign of the fact that they govern, and a value without sign has such a word."""

# ruff: noqa: E501, S101
# Asserts tell the type checker what a mark of a kind holds; nothing from outside reaches them.
from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.reviewing.binding import (
    CLASS_METRICS,
    LEVELS,
    STRICT_METRICS,
    base_metric,
    fits_metric,
    value_of,
    who,
    window_fits,
    window_of,
)
from agent.brief.reviewing.listing import listed, names_in
from tools.contracts import MARKET_ENTITY

if TYPE_CHECKING:
    from agent.brief.reviewing.binding import Bound
    from agent.brief.reviewing.ground import Ground
    from agent.brief.reviewing.marks import Mark
    from tools.contracts import Fact

NOMINAL = frozenset(
    {"probability", "hit_rate", "hit_rate_low", "hit_rate_high", "base_rate", "breadth"}
)
"""Metrics in whose own names a direction word stands: a chance of beating the market says nothing of the past."""
NEVER_BELOW_ZERO = {"whale_ratio": 1.0, "rs_ratio": 100.0, "rs_momentum": 100.0}
"""Metrics without a sign → what is normal, which above and below are measured against."""
ALWAYS_DOWN = frozenset({"drawdown", "max_drawdown"})


def check_directions(bound: Bound, ground: Ground) -> list[str]:
    """Check every direction word of a sentence; return what is wrong."""
    problems, carried = [], set()
    for mark in bound.sentence.marks("direction"):
        if _compares(bound, mark):
            continue
        values = _governed(bound, mark)
        carried |= {value.start for value in values}
        if values:
            problems += [p for value in values for p in _against(bound, mark, value, ground)]
        elif _in_chance(bound, mark):
            problems += _of_chance(bound, mark)
        elif not _excused(bound, mark):
            problems += _alone(bound, mark, ground)
    for value in bound.sentence.marks("value"):
        if value.start not in carried:
            problems += _bare(bound, value, ground)
    return problems


def _compares(bound: Bound, mark: Mark) -> bool:
    """Whether a word sets two names against each other, which is a matter of rank."""
    compared = any(other.start == mark.start for other in bound.sentence.marks("compare"))
    return compared and any(name.start >= mark.end for name in bound.sentence.marks("entity"))


def _governed(bound: Bound, mark: Mark) -> list[Mark]:
    """Return the values that a direction word speaks of: after it, else before it, else in the next clause."""
    sentence = bound.sentence
    at = sentence.clause_of(mark)
    marks = sentence.clauses[at].of("value", "direction")
    after = []
    for other in marks[marks.index(mark) + 1 :]:
        if other.kind == "direction":
            break
        after.append(other)
    if after:
        return after
    before = [m for m in marks[: marks.index(mark)] if m.kind == "value"]
    first = next((m for m in marks if m.kind == "direction"), mark)
    if before and first is mark:
        return before[-1:]
    following = sentence.clauses[at + 1 : at + 2]
    if following and not before and not following[0].has("direction", "entity", "metric"):
        return following[0].of("value")[:1]
    return []


def sign_of(fact: Fact) -> int:
    """Return the sign of a fact, counted from what is normal where the metric has no sign."""
    assert not isinstance(fact.value, str)
    value = fact.value - NEVER_BELOW_ZERO.get(fact.metric, 0.0)
    return (value > 0) - (value < 0)


def _sign(mark: Mark) -> int:
    assert isinstance(mark.value, tuple)
    return int(mark.value[1])


def _kind(mark: Mark) -> str:
    assert isinstance(mark.value, tuple)
    return str(mark.value[0])


def _against(bound: Bound, mark: Mark, value: Mark, ground: Ground) -> list[str]:
    facts = bound.facts_at(value)
    if any(f.metric == "base_rate" for f in facts):
        return _against_base(bound, mark, facts[0], ground)
    if _kind(mark) in {"relative", "state", "move"} and any(
        base_metric(f.metric) == "probability" for f in facts
    ):
        return _of_chance(bound, mark)
    if _kind(mark) == "level" and _sign(mark) < 0 and any(f.metric == "breadth" for f in facts):
        return [
            f"{mark.text!r} in {bound.sentence.text!r}: breadth counts the shares above their mean"
        ]
    if facts and all(f.metric in LEVELS for f in facts):
        return []
    signed = [
        f
        for f in facts
        if base_metric(f.metric) not in NOMINAL and not f.metric.startswith("flip_")
    ]
    if not signed:
        return []
    wanted = CLASS_METRICS.get(_kind(mark))
    fitting = [f for f in signed if wanted is None or base_metric(f.metric) in wanted]
    agreeing = tuple(f for f in fitting if sign_of(f) == _sign(mark))
    if agreeing:
        bound.facts[value.start] = agreeing
        return []
    fact = signed[0]
    return [
        f"{mark.text!r} in {bound.sentence.text!r} disagrees with {fact.id}, which is {ground.render(fact)}"
    ]


def _of_chance(bound: Bound, mark: Mark) -> list[str]:
    """Check what a chance is said to be of: every probability here is one of beating the benchmark."""
    if _sign(mark) > 0:
        return []
    return [
        f"{mark.text!r} in {bound.sentence.text!r}: the probability is that of beating the benchmark"
    ]


def _against_base(bound: Bound, mark: Mark, base: Fact, ground: Ground) -> list[str]:
    """Check whether a hit rate is above or below its base rate."""
    rates = ground.about(base.entity, "hit_rate")
    if any(float(f.value) * _sign(mark) > float(base.value) * _sign(mark) for f in rates):
        return []
    return [
        f"{mark.text!r} in {bound.sentence.text!r} disagrees with the hit rate and the base rate"
    ]


def _excused(bound: Bound, mark: Mark) -> bool:
    """Whether a word claims nothing: in a condition, or in what may be asked."""
    sentence = bound.sentence
    clause = sentence.clauses[sentence.clause_of(mark)]
    return bool(sentence.marks("ask")) or any(other.start < mark.start for other in clause.of("if"))


def _in_chance(bound: Bound, mark: Mark) -> bool:
    """Whether a word stands inside the name of a chance."""
    clause = bound.sentence.clauses[bound.sentence.clause_of(mark)]
    return any(
        isinstance(other.value, frozenset) and other.value <= NOMINAL
        for other in clause.of("metric")
        if other.start < mark.start
    )


def _alone(bound: Bound, mark: Mark, ground: Ground) -> list[str]:
    """Check a direction word without a numeral against the fact it must speak of."""
    facts = _meant(bound, mark, ground)
    said = {fact.entity for fact in facts}
    if said and all(
        any(sign_of(fact) == _sign(mark) for fact in facts if fact.entity == one) for one in said
    ):
        return []
    if not facts:
        return [
            f"{mark.text!r} in {bound.sentence.text!r} cannot be checked; name entity, metric and window, or cite a slot"
        ]
    return [
        f"{mark.text!r} in {bound.sentence.text!r} disagrees with {facts[0].id}, which is {ground.render(facts[0])}"
    ]


def _meant(bound: Bound, mark: Mark, ground: Ground) -> list[Fact]:
    metrics = STRICT_METRICS.get(_kind(mark)) or _metrics_near(bound, mark)
    found = []
    if _kind(mark) == "give":
        clause = bound.sentence.clauses[bound.sentence.clause_of(mark)]
        metrics = tuple(f"contribution.{group.value}" for group in clause.of("group")) or metrics
    names_after = listed(bound, mark) if _opens_list(bound, mark) else ()
    for metric in metrics:
        names = names_after or who(bound, mark, fits_metric(metric))
        for entity in sorted(names or (MARKET_ENTITY,)):
            found += [
                fact
                for fact in ground.about(entity, metric)
                if window_fits(fact, window_of(bound, mark, ahead=ground.forecast(fact)), ground)
            ]
    return found


def _opens_list(bound: Bound, mark: Mark) -> bool:
    """Whether names come only after the clause of a word, as in a list."""
    clauses = bound.sentence.clauses
    at = bound.sentence.clause_of(mark)
    subject = any(other.end <= mark.start for other in clauses[at].of("entity"))
    return not subject and not any(names_in(clause) for clause in clauses[: at + 1])


def _metrics_near(bound: Bound, mark: Mark) -> tuple[str, ...]:
    sentence = bound.sentence
    at = sentence.clause_of(mark)
    for clause in (sentence.clauses[at], *reversed(sentence.clauses[:at])):
        for other in clause.of("metric"):
            if isinstance(other.value, frozenset):
                return tuple(sorted(other.value))
    return ()


def _bare(bound: Bound, value: Mark, ground: Ground) -> list[str]:
    """Check a value that no direction word governs: its sign must be shown, or carried by the last such word."""
    facts = bound.facts_at(value)
    shown = value_of(value)
    if not facts or any(
        not shown.bare(fact, ground) or fact.metric in ALWAYS_DOWN for fact in facts
    ):
        return []
    earlier = [m for m in bound.sentence.marks("direction") if m.start < value.start]
    if earlier:
        return _against(bound, earlier[-1], value, ground)
    fact = facts[0]
    return [
        f"{value.text!r} in {bound.sentence.text!r} has no sign and no direction word; {fact.id} is {ground.render(fact)}"
    ]
