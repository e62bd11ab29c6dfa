"""To whom, to which window and to which metric a numeral or a word of a sentence belongs.

A clause's own words count first, then the sentence's earlier clauses, then what the paragraph spoke of last. A value
that fits no fact under that reading is a wrong value, however true the number is of somebody else.
"""

# ruff: noqa: S101
# Asserts tell the type checker what a mark of a kind holds; nothing from outside reaches them.
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agent.brief.reviewing.ground import RECORDED
from agent.brief.reviewing.marks import Value
from agent.brief.reviewing.words import FLOWS, Window
from tools.contracts import MACRO_PREFIX, MARKET_ENTITY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from agent.brief.reviewing.ground import Ground
    from agent.brief.reviewing.marks import Mark
    from agent.brief.reviewing.sentences import Sentence
    from tools.contracts import Fact

AGAINST_MARKET = ("rel_return", "expected", "low", "high", "probability", "score", "rank")
"""Metrics in whose sentence the benchmark is named as what they are measured against."""
CLASS_METRICS: dict[str, tuple[str, ...]] = {
    "move": ("return", "rel_return", "change", "yoy", "surprise", "impact", "annual_return", "drawdown", "expected",
             "shock", "max_drawdown", "scenario_return", "scenario_total_return"),
    "relative": ("rel_return", "expected", "low", "high"),
    "flow": tuple(sorted(FLOWS, reverse=True)),
    "give": ("contribution",),
    "release": ("surprise",),
}  # fmt: skip

LEVELS = frozenset({"latest", "close"})
"""Metrics that a move leads to: a rate fell by so much *to* its latest value."""
TO = frozenset({"to", "at", "lên", "xuống", "còn", "đến", "tới", "về", "thành", "ở"})
FROM = frozenset({"from", "từ"})
STRICT_METRICS: dict[str, tuple[str, ...]] = {
    **CLASS_METRICS,
    "move": ("return", "change", "yoy", "impact", "annual_return", "shock", "scenario_return"),
    "relative": ("rel_return",),
}
"""What a direction word speaks of where no metric is named beside it."""


@dataclass
class Context:
    """What a paragraph has spoken of so far."""

    subject: frozenset[str] | None = None
    window: Window | None = None


@dataclass
class Bound:
    """A sentence with its values bound to facts."""

    sentence: Sentence
    context: Context
    facts: dict[int, tuple[Fact, ...]] = field(default_factory=dict)
    """Start of a value → the facts it may be."""

    def facts_at(self, mark: Mark) -> tuple[Fact, ...]:
        """Return the facts that a value was bound to."""
        return self.facts.get(mark.start, ())


def base_metric(metric: str) -> str:
    """Return ``contribution`` for ``contribution.trend``, ``change`` for a signal's, else the metric."""
    return "change" if metric.endswith("_change") else metric.partition(".")[0]


def about_market(metric: str) -> bool:
    """Whether a metric is measured against the benchmark, so that naming it does not make it the subject."""
    return base_metric(metric) in {*AGAINST_MARKET, "contribution"} or metric.startswith(
        ("rs_", "flip_", *RECORDED)
    )


def who(bound: Bound, mark: Mark, fits: Callable[[frozenset[str]], bool]) -> frozenset[str] | None:
    """Return the name that governs a mark: the nearest before it, else after it, else the one spoken of."""
    sentence = bound.sentence
    at = sentence.clause_of(mark)
    here = [name for name in sentence.clauses[at].of("entity") if fits(_entities(name))]
    before = [name for name in here if name.end <= mark.start]
    if before:
        return _entities(before[-1])
    if here:
        return _entities(here[0])
    paired = _paired(sentence, mark)
    if paired is not None:
        return paired
    subject = next(iter(sentence.marks("entity")), None)
    for clause in reversed(sentence.clauses[:at]):
        names = [name for name in clause.of("entity") if fits(_entities(name))]
        names = [n for n in names if n is subject or _entities(n) != {MARKET_ENTITY}]
        if names:
            return _entities(names[-1])
    if bound.context.subject is not None and fits(bound.context.subject):
        return bound.context.subject
    for clause in sentence.clauses[at + 1 :]:
        names = [name for name in clause.of("entity") if fits(_entities(name))]
        if names:
            return _entities(names[0])
    return None


def _paired(sentence: Sentence, mark: Mark) -> frozenset[str] | None:
    """Return the name of the same place, where as many values follow a list of names as it has names."""
    named = [n for n in sentence.marks("entity") if _entities(n) != {MARKET_ENTITY}]
    if mark.kind != "value" or len(named) < 2 or len({n.value for n in named}) != len(named):
        return None
    every = sentence.marks("value")
    if any(named[0].end <= value.start < named[-1].start for value in every):
        return None
    values = [value for value in every if value.start > named[-1].end]
    windows = {_window(w) for w in sentence.marks("window")}
    if len(values) != len(named) or mark not in values or len(windows) > 1:
        return None
    return _entities(named[values.index(mark)])


def _entities(mark: Mark) -> frozenset[str]:
    assert isinstance(mark.value, frozenset)
    return mark.value


def fits_metric(metric: str) -> Callable[[frozenset[str]], bool]:
    """Return which names may govern a value of a metric."""
    if metric.startswith("flip_"):
        return lambda names: (
            not any(n == MARKET_ENTITY or n.startswith(MACRO_PREFIX) for n in names)
        )
    if about_market(metric):
        return lambda names: names != {MARKET_ENTITY}
    return bool


def governs(bound: Bound, mark: Mark, fact: Fact) -> bool:
    """Whether the name that governs a mark is the fact's entity."""
    names = who(bound, mark, fits_metric(fact.metric))
    if names is None:
        return fact.entity == MARKET_ENTITY and (about_market(fact.metric) or fact.metric in FLOWS)
    return fact.entity in names


def window_of(bound: Bound, mark: Mark, *, ahead: bool) -> Window | None:
    """Return the window that a mark's clause, sentence or paragraph names, nearest first."""
    sentence = bound.sentence
    at = sentence.clause_of(mark)
    near = _window_here(sentence.clauses[at].marks, mark)
    if near is not None:
        return near
    wrong = "past" if ahead else "next"
    for clause in (*reversed(sentence.clauses[:at]), *sentence.clauses[at + 1 :]):
        for other in reversed(clause.of("window")):
            window = _window(other)
            if window.tense != wrong:
                return window
    window_before = bound.context.window
    return window_before if window_before is not None and window_before.tense != wrong else None


def _window_here(marks: Iterable[Mark], mark: Mark) -> Window | None:
    after: Window | None = None
    before: Window | None = None
    for other in marks:
        if other.start < mark.start:
            if other.kind == "value":
                before = None
            elif other.kind == "window":
                before = _window(other)
        elif other.start > mark.start:
            if other.kind == "value":
                break
            if other.kind == "window" and after is None:
                after = _window(other)
    return after or before


def _window(mark: Mark) -> Window:
    assert isinstance(mark.value, Window)
    return mark.value


def window_fits(fact: Fact, window: Window | None, ground: Ground) -> bool:
    """Whether a fact is of the window that its clause names."""
    if fact.period is None:
        return True
    ahead = ground.forecast(fact)
    if window is None:
        return ahead and fact.period == ground.horizon
    if window.tense and window.tense == ("past" if ahead else "next"):
        return False
    return window.period == fact.period


def metric_fits(bound: Bound, mark: Mark, fact: Fact, ground: Ground) -> bool | None:
    """Whether the metric words beside a value name the fact's metric; None where no word names any."""
    sentence = bound.sentence
    at = sentence.clause_of(mark)
    if fact.metric.startswith("contribution."):
        return _group_fits(bound, mark, fact)
    if fact.metric.startswith("flip_") and not sentence.marks("if"):
        return False
    before = value_of(mark).before
    if fact.metric in LEVELS and before in TO:
        return True
    if (fact.metric == "flip_from" and before in TO) or (
        fact.metric == "flip_to" and before in FROM
    ):
        return False
    for clause in (sentence.clauses[at], *reversed(sentence.clauses[:at])):
        named = [other.value for other in clause.of("metric")]
        if named:
            return any(_names(metrics, fact, ground) for metrics in named)
        classes = [other.value for other in clause.of("direction")]
        if classes:
            return any(_class_fits(value, fact) for value in classes)
    later = [m.value for clause in sentence.clauses[at + 1 :] for m in clause.of("metric")]
    return any(_names(metrics, fact, ground) for metrics in later) if later else None


def _group_fits(bound: Bound, mark: Mark, fact: Fact) -> bool | None:
    """Whether the group named last before a contribution, or beside it, is its own."""
    sentence = bound.sentence
    groups = sentence.marks("group")
    before = [group for group in groups if group.end <= mark.start]
    here = sentence.clauses[sentence.clause_of(mark)].of("group")
    nearest = before[-1:] or here[:1]
    if not nearest:
        return None
    same = [group for group in groups if group.start == nearest[0].start]
    return any(fact.metric == f"contribution.{group.value}" for group in same)


def _names(metrics: object, fact: Fact, ground: Ground) -> bool:
    assert isinstance(metrics, frozenset)
    metric = fact.metric
    if metric.startswith("flip_"):
        moved = ground.flip_metric(fact.entity)
        return moved in metrics or base_metric(moved) in metrics
    return metric in metrics or base_metric(metric) in metrics


def _class_fits(value: object, fact: Fact) -> bool:
    assert isinstance(value, tuple)
    wanted = STRICT_METRICS.get(value[0])
    return wanted is None or base_metric(fact.metric) in wanted


def value_of(mark: Mark) -> Value:
    """Return the value of a mark of that kind."""
    assert isinstance(mark.value, Value)
    return mark.value
