"""Every numeral is a fact's, and of the entity, window and metric that its clause names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.lexicon import entity_name
from agent.brief.reviewing.binding import (
    fits_metric,
    governs,
    metric_fits,
    value_of,
    who,
    window_fits,
    window_of,
)

if TYPE_CHECKING:
    from agent.brief.reviewing.binding import Bound
    from agent.brief.reviewing.ground import Ground
    from agent.brief.reviewing.marks import Mark
    from tools.contracts import Fact

MOST_NAMED = 4


def check_values(bound: Bound, ground: Ground) -> list[str]:
    """Bind every value of a sentence to its facts; return what is wrong."""
    problems = []
    for mark in bound.sentence.marks("value", "numeral", "unknown", "date"):
        problems += _CHECKS[mark.kind](bound, mark, ground)
    return problems + _check_intervals(bound)


def _check_intervals(bound: Bound) -> list[str]:
    """Check that of two ends of an interval the lower one is named first."""
    ends = [m for m in bound.sentence.marks("value") if _is_end(bound.facts_at(m))]
    problems = []
    for one, other in zip(ends[::2], ends[1::2], strict=False):
        lower = tuple(f for f in bound.facts_at(one) if f.metric.endswith("low"))
        upper = tuple(f for f in bound.facts_at(other) if f.metric.endswith("high"))
        if not lower or not upper:
            problems.append(
                f"{one.text!r} and {other.text!r} in {bound.sentence.text!r} are not the two ends of an interval"
            )
    return problems


def _is_end(facts: tuple[Fact, ...]) -> bool:
    return bool(facts) and all(fact.metric.endswith(("low", "high")) for fact in facts)


def _readers(bound: Bound, mark: Mark, ground: Ground) -> bool:
    """Whether a numeral is quoted from the question and marked as the reader's."""
    text = bound.sentence.text
    shown = any(f"{left}{mark.text}{right}" in text for left, right in ('""', "“”", "«»", "''"))
    return shown and any(mark.text.startswith(quoted) for quoted in ground.request.quoted)


def _numeral(bound: Bound, mark: Mark, ground: Ground) -> list[str]:
    if _readers(bound, mark, ground):
        return []
    return [
        f"{mark.text!r} in {bound.sentence.text!r} is the rendering of no fact; write a slot {{{{FACT_ID}}}}"
    ]


def _unknown(_bound: Bound, mark: Mark, _ground: Ground) -> list[str]:
    return [f"the slot {mark.text} names nothing that is held; cite one of the given facts"]


def _date(bound: Bound, mark: Mark, ground: Ground) -> list[str]:
    values = [f for m in bound.sentence.marks("value") for f in value_of(m).facts]
    dates = ground.dates_of(values) if values else ground.dates
    if mark.value in dates:
        return []
    right = ", ".join(day.isoformat() for day in sorted(dates)[-MOST_NAMED:])
    return [
        f"the date {mark.text!r} in {bound.sentence.text!r} is of none of its facts; right would be {right}"
    ]


def _value(bound: Bound, mark: Mark, ground: Ground) -> list[str]:
    """Narrow the facts that look like a value to those that its clause speaks of."""
    if _readers(bound, mark, ground):
        return []
    facts = value_of(mark).facts
    dated = tuple(
        fact for fact in facts if ground.is_earlier(fact) == _of_then(bound, mark, ground)
    )
    if not dated:
        return [_wrong_date(bound, mark, facts, ground)]
    mine = tuple(fact for fact in dated if governs(bound, mark, fact))
    if not mine:
        return [_wrong_entity(bound, mark, dated, ground)]
    timely = tuple(fact for fact in mine if _timely(bound, mark, fact, ground))
    if not timely:
        return [_wrong_window(bound, mark, mine[0])]
    verdicts = {fact.id: metric_fits(bound, mark, fact, ground) for fact in timely}
    meant = tuple(fact for fact in timely if verdicts[fact.id])
    if not meant:
        unnamed = all(verdict is None for verdict in verdicts.values())
        said = "names no metric" if unnamed else "names another metric"
        return [
            f"the clause of {mark.text!r} in {bound.sentence.text!r} {said}; it is {_ids(timely)}"
        ]
    flips = tuple(fact for fact in meant if fact.metric.startswith("flip_"))
    bound.facts[mark.start] = flips or meant
    return []


def _of_then(bound: Bound, mark: Mark, ground: Ground) -> bool:
    """Whether a value stands under the earlier date: its clause names it, or the sentence opens with it."""
    if not ground.earlier_days:
        return False
    sentence = bound.sentence
    first = sentence.clauses[0].marks[:1]
    opening = [date for date in first if date.kind == "date"]
    named = sentence.clauses[sentence.clause_of(mark)].of("date")[:1] or opening
    return bool(named) and named[0].value in ground.earlier_days


def _wrong_date(bound: Bound, mark: Mark, facts: tuple[Fact, ...], ground: Ground) -> str:
    then = ground.is_earlier(facts[0])
    days = ", ".join(day.isoformat() for day in sorted(ground.earlier_days))
    return f"{mark.text!r} in {bound.sentence.text!r} is {_ids(facts)} " + (
        f"of the earlier date: name {days} beside it"
        if then
        else "of today, not of the earlier date"
    )


def _timely(bound: Bound, mark: Mark, fact: Fact, ground: Ground) -> bool:
    if fact.metric.startswith("flip_") and fact.metric != "flip_sd":
        moved = ground.flip_period(fact.entity)
        window = window_of(bound, mark, ahead=False)
        return moved is None or window is None or window.period == moved
    return window_fits(fact, window_of(bound, mark, ahead=ground.forecast(fact)), ground)


def _wrong_entity(bound: Bound, mark: Mark, facts: tuple[Fact, ...], ground: Ground) -> str:
    names = who(bound, mark, fits_metric(facts[0].metric))
    of = " or ".join(sorted(names)) if names else "nobody"
    right = [
        fact
        for fact in ground.facts.values()
        if names
        and fact.entity in names
        and (fact.metric, fact.period) == (facts[0].metric, facts[0].period)
    ]
    told = "; ".join(f"{fact.id} is {ground.render(fact)}" for fact in right)
    owner = entity_name(facts[0].entity, ground.request.vocabulary, ground.language)
    return (
        f"{mark.text!r} in {bound.sentence.text!r} is said of {of} but is {_ids(facts)} ({owner})"
        + (f"; right would be: {told}" if told else "")
    )


def _wrong_window(bound: Bound, mark: Mark, fact: Fact) -> str:
    return f"{mark.text!r} in {bound.sentence.text!r} is {fact.id}: say the window {fact.period} beside it"


def _ids(facts: tuple[Fact, ...]) -> str:
    return " or ".join(fact.id for fact in facts[:MOST_NAMED])


_CHECKS = {
    "value": _value,
    "numeral": _numeral,
    "unknown": _unknown,
    "date": _date,
}
