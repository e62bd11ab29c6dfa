"""How often a brain plans the calls that answer a question, with the right arguments.

What is judged is what the graph would call: the brain's proposal, completed, validated and limited by
:func:`agent.planning.settle_calls`.
"""

from __future__ import annotations

from collections import Counter
from time import perf_counter
from typing import TYPE_CHECKING, Any

from pydantic import Field

from agent.brains.base import Turn
from agent.evaluation.faithfulness import Rate, rate
from agent.evaluation.questions import same_arguments
from tools.contracts import Frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from agent.brains.base import Brain, PlanDraft, PlannedCall, PlanRequest
    from agent.evaluation.questions import Question

    RequestFor = Callable[[Question, tuple[Turn, ...]], PlanRequest]
    Settle = Callable[[Question, PlanDraft], tuple[PlannedCall, ...]]

MOST_EXTRA = 2
"""Calls nobody asked for that a right plan may hold."""
_SLOW_SHARE = 0.95


class Failure(Frozen):
    """A question that was planned wrong."""

    question: str
    language: str
    intent: str
    expected_intent: str
    planned: tuple[str, ...]
    source: str = ""


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
    """Out-of-scope and unanswerable questions for which nothing was planned."""
    answered: Rate
    """Questions that have an answer and were not refused."""
    clarification: Rate
    """Questions that need a question back and got one."""
    milliseconds: float
    """Mean time of one plan."""
    slowest: float
    """The time, in milliseconds, that 95 of 100 plans stay under."""
    tokens: float
    """Mean tokens of one plan, in and out."""


class Planning(Frozen):
    """What was measured of a brain on question sets."""

    brain: str
    by_language: dict[str, LanguageScore]
    by_set: dict[str, dict[str, LanguageScore]] = Field(default_factory=dict)
    """Set → language → what was measured."""
    unseen: dict[str, LanguageScore] = Field(default_factory=dict)
    """By language, over the sets never looked at while building."""
    left_out: dict[str, int] = Field(default_factory=dict)
    """Markets that were not at hand, with the questions about them."""
    failures: tuple[Failure, ...] = ()


async def run(
    questions: Iterable[Question],
    brain: Brain,
    request_for: RequestFor,
    settle: Settle | None = None,
) -> Planning:
    """Plan every question and compare.

    Parameters
    ----------
    questions
        The questions.
    brain
        What plans.
    request_for
        Makes the planner's request of a question and the turns before it.
    settle
        Gives the calls that the graph would make of a proposal; None judges the proposal itself.
    """
    tallies: dict[tuple[str, str], _Tally] = {}
    unseen: dict[str, _Tally] = {}
    total: dict[str, _Tally] = {}
    warm: set[str] = set()
    for question in questions:
        turns = await _turns(question, brain, request_for)
        if brain.model is None and question.market not in warm:
            warm.add(question.market)
            await brain.plan(request_for(question, turns))  # what a start costs is not a plan's
        started = perf_counter()
        draft = await brain.plan(request_for(question, turns))
        seconds = perf_counter() - started
        calls = settle(question, draft) if settle else draft.calls
        language = question.language
        told = [total.setdefault(language, _Tally())]
        told.append(tallies.setdefault((question.source, language), _Tally()))
        if question.use == "unseen":
            told.append(unseen.setdefault(language, _Tally()))
        for tally in told:
            tally.add(question, draft, calls, seconds)
    by_set: dict[str, dict[str, LanguageScore]] = {}
    for (source, language), tally in sorted(tallies.items()):
        by_set.setdefault(source, {})[language] = tally.report()
    return Planning(
        brain=brain.name,
        by_language={language: tally.report() for language, tally in sorted(total.items())},
        by_set=by_set,
        unseen={language: tally.report() for language, tally in sorted(unseen.items())},
        failures=tuple(failure for tally in total.values() for failure in tally.failures),
    )


async def _turns(question: Question, brain: Brain, request_for: RequestFor) -> tuple[Turn, ...]:
    turns: tuple[Turn, ...] = ()
    for earlier in question.history:
        asked = question.model_copy(update={"question": earlier, "history": ()})
        draft = await brain.plan(request_for(asked, turns))
        turns = (*turns, _turn(earlier, draft))
    return turns


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


class _Tally:
    """Counts over one language."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.failures: list[Failure] = []

    def add(
        self, question: Question, draft: PlanDraft, calls: Sequence[PlannedCall], seconds: float
    ) -> None:
        wanted = question.wanted
        named = sum(any(_is(call, o) for call in calls for o in options) for options in wanted)
        met = sum(any(_fits(call, o) for call in calls for o in options) for options in wanted)
        useful = [any(_is(call, o) for options in wanted for o in options) for call in calls]
        spared = [any(_fits(call, o) for o in question.optional) for call in calls]
        extra = sum(not u and not s for u, s in zip(useful, spared, strict=True))
        right = met == len(wanted) and (extra <= MOST_EXTRA if wanted else not extra)
        intents = question.intents or (draft.intent,)
        self.seconds.append(seconds)
        self.counts += Counter(
            questions=1, right=right, exact=right and not extra, wanted=len(wanted), named=named, met=met,
            planned=len(calls), useful=sum(useful), intent=draft.intent in intents,
            tokens=draft.input_tokens + draft.output_tokens,
        )  # fmt: skip
        self._scope(intents, draft, right=right, empty=not calls)
        if not right:
            shown = tuple(f"{call.tool}({call.arguments})" for call in calls)
            self.failures.append(
                Failure(question=question.question, language=question.language, intent=draft.intent,
                        expected_intent="|".join(intents), planned=shown, source=question.source)
            )  # fmt: skip

    def _scope(
        self, intents: tuple[str, ...], draft: PlanDraft, *, right: bool, empty: bool
    ) -> None:
        if "out_of_scope" in intents:
            self.counts += Counter(outside=1, kept_out=right)
        else:
            self.counts += Counter(inside=1, let_in=draft.intent != "out_of_scope")
        if intents == ("clarify",):
            self.counts += Counter(unclear=1, asked_back=empty and draft.intent == "clarify")

    def report(self) -> LanguageScore:
        c = self.counts
        n = c["questions"]
        ordered = sorted(self.seconds)
        return LanguageScore(
            questions=n,
            right=rate(c["right"], n),
            exact=rate(c["exact"], n),
            recall=rate(c["named"], c["wanted"]),
            precision=rate(c["useful"], c["planned"]),
            arguments=rate(c["met"], c["named"]),
            intent=rate(c["intent"], n),
            out_of_scope=rate(c["kept_out"], c["outside"]),
            answered=rate(c["let_in"], c["inside"]),
            clarification=rate(c["asked_back"], c["unclear"]),
            milliseconds=1000 * sum(ordered) / n if n else 0.0,
            slowest=1000 * ordered[min(n - 1, int(_SLOW_SHARE * n))] if n else 0.0,
            tokens=c["tokens"] / n if n else 0.0,
        )


def _is(call: PlannedCall, option: dict[str, Any]) -> bool:
    return call.tool == str(option["tool"])


def _fits(call: PlannedCall, option: dict[str, Any]) -> bool:
    return _is(call, option) and same_arguments(option.get("arguments", {}), call.arguments)
