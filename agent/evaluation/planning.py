"""How often a brain plans the calls that answer a question, with the right arguments.

A question set is a JSONL file: ``question``, ``language``, ``market``, optional ``history`` (earlier questions), and
``expected`` with ``intent`` and ``calls``. A wanted call is ``{"tool", "arguments"}``, or ``{"any": [...]}`` where one
of several answers the question. Only the arguments that are written are compared; null means that the argument must be
absent.
"""

from __future__ import annotations

import json
from collections import Counter
from time import perf_counter
from typing import TYPE_CHECKING, Any

from agent.brains.base import PlanDraft, Turn
from agent.evaluation.faithfulness import Rate, rate
from tools.contracts import Frozen
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from agent.brains.base import Brain, PlannedCall, PlanRequest

MOST_EXTRA = 2
"""Calls nobody asked for that a right plan may hold."""
MOST_FAILURES = 40


class Question(Frozen):
    """One question with what a right plan holds."""

    question: str
    language: str
    market: str
    expected: dict[str, Any]
    history: tuple[str, ...] = ()


class Failure(Frozen):
    """A question that was planned wrong."""

    question: str
    language: str
    intent: str
    expected_intent: str
    planned: tuple[str, ...]


class LanguageScore(Frozen):
    """What was measured in one language."""

    questions: int
    right: Rate
    """Every wanted call with its arguments, at most two calls nobody asked for, nothing planned when out of scope."""
    exact: Rate
    """The wanted calls and no other."""
    recall: Rate
    """Wanted calls whose tool was planned."""
    precision: Rate
    """Planned calls that some wanted call names."""
    arguments: Rate
    """Of the wanted calls whose tool was planned, those with the right arguments."""
    intent: Rate
    out_of_scope: Rate
    """Out-of-scope questions for which nothing was planned, and others that were not refused."""
    milliseconds: float
    """Mean time of one plan."""


class Planning(Frozen):
    """What was measured of a brain on a question set."""

    brain: str
    by_language: dict[str, LanguageScore]
    failures: tuple[Failure, ...]


def read_questions(path: Path) -> tuple[Question, ...]:
    """Read a question set.

    Raises
    ------
    UnusableInputError
        When a line is no question; names the line.
    """
    found = []
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(Question.model_validate(json.loads(line)))
        except ValueError as error:
            raise UnusableInputError(
                "a question set in JSONL", f"{path.name} line {at}", "Correct that line."
            ) from error
    return tuple(found)


async def run(
    questions: Iterable[Question],
    brain: Brain,
    request_for: Callable[[Question, tuple[Turn, ...]], PlanRequest],
) -> Planning:
    """Plan every question and compare.

    Parameters
    ----------
    questions
        The question set.
    brain
        What plans.
    request_for
        Makes the planner's request of a question and the turns before it.
    """
    tallies: dict[str, _Tally] = {}
    for question in questions:
        turns: tuple[Turn, ...] = ()
        for earlier in question.history:
            asked = question.model_copy(update={"question": earlier, "history": ()})
            draft = await brain.plan(request_for(asked, turns))
            turns = (*turns, _turn(earlier, draft))
        started = perf_counter()
        draft = await brain.plan(request_for(question, turns))
        tally = tallies.setdefault(question.language, _Tally())
        tally.add(question, draft, perf_counter() - started)
    return Planning(
        brain=brain.name,
        by_language={language: tally.report() for language, tally in sorted(tallies.items())},
        failures=tuple(f for tally in tallies.values() for f in tally.failures[:MOST_FAILURES]),
    )


def _turn(question: str, draft: PlanDraft) -> Turn:
    return Turn(
        question=question,
        intent=draft.intent,
        intents=draft.intents,
        language=draft.language,
        horizon=draft.horizon or "1M",
        calls=draft.calls,
        sectors=draft.sectors,
        symbols=draft.symbols,
        clarification=draft.clarification,
    )


def same_arguments(wanted: dict[str, Any], planned: dict[str, Any]) -> bool:
    """Whether a planned call has the wanted arguments; lists are compared without order."""
    return all(_same(value, planned.get(name)) for name, value in wanted.items())


def _same(wanted: object, planned: object) -> bool:
    if isinstance(wanted, list):
        return isinstance(planned, list | tuple) and sorted(map(str, wanted)) == sorted(
            map(str, planned)
        )
    return wanted == planned


def _options(call: dict[str, Any]) -> list[dict[str, Any]]:
    return list(call.get("any") or [call])


class _Tally:
    """Counts over one language."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.seconds = 0.0
        self.failures: list[Failure] = []

    def add(self, question: Question, draft: PlanDraft, seconds: float) -> None:
        wanted = [_options(call) for call in question.expected.get("calls", [])]
        named = [self._has_tool(options, draft.calls) for options in wanted]
        met = [self._met(options, draft.calls) for options in wanted]
        useful = [
            any(self._is(call, o) for options in wanted for o in options) for call in draft.calls
        ]
        intent = question.expected.get("intent", draft.intent)
        refused = not draft.calls
        scope = (
            refused and draft.intent == "out_of_scope"
            if intent == "out_of_scope"
            else draft.intent != "out_of_scope"
        )
        right = all(met) and useful.count(False) <= MOST_EXTRA and (bool(wanted) or refused)
        self.seconds += seconds
        self.counts += Counter(
            questions=1, right=right, exact=right and all(useful), wanted=len(wanted), named=sum(named),
            met=sum(met), planned=len(useful), useful=sum(useful), intent=draft.intent == intent, scope=scope,
        )  # fmt: skip
        if not right:
            shown = tuple(f"{call.tool}({call.arguments})" for call in draft.calls)
            self.failures.append(
                Failure(question=question.question, language=question.language, intent=draft.intent,
                        expected_intent=intent, planned=shown)
            )  # fmt: skip

    @staticmethod
    def _is(call: PlannedCall, option: dict[str, Any]) -> bool:
        return call.tool == str(option["tool"])

    def _has_tool(self, options: list[dict[str, Any]], calls: Iterable[PlannedCall]) -> bool:
        return any(self._is(call, option) for call in calls for option in options)

    def _met(self, options: list[dict[str, Any]], calls: Iterable[PlannedCall]) -> bool:
        return any(
            self._is(call, option) and same_arguments(option.get("arguments", {}), call.arguments)
            for call in calls
            for option in options
        )

    def report(self) -> LanguageScore:
        c = self.counts
        n = c["questions"]
        return LanguageScore(
            questions=n,
            right=rate(c["right"], n),
            exact=rate(c["exact"], n),
            recall=rate(c["named"], c["wanted"]),
            precision=rate(c["useful"], c["planned"]),
            arguments=rate(c["met"], c["named"]),
            intent=rate(c["intent"], n),
            out_of_scope=rate(c["scope"], n),
            milliseconds=1000 * self.seconds / n if n else 0.0,
        )
