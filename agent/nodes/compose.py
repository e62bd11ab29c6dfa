"""Compose: prose with slots, by the brain; code renders every value."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from agent.brains.base import ComposeRequest
from agent.budget import WRITING_SHARE, used_by
from agent.errors import BudgetSpentError, ModelDownError
from agent.mandate.narrowing import within
from agent.nodes.score import outcomes_of
from agent.state import RunState, Scored, Spent
from tools.contracts import Gap

if TYPE_CHECKING:
    from langgraph.runtime import Runtime

    from agent.brains.base import Draft
    from agent.budget import Used
    from agent.context import RunContext


async def compose(state: RunState, runtime: Runtime[RunContext]) -> RunState:
    """Write the draft, or repair it once when the review found problems."""
    context, spent = runtime.context, state["spent"]
    request = compose_request(state, context)
    problems = state.get("problems", ())
    context.progress("compose", {"repair": bool(problems)})
    draft, gaps, used = await _write(context, request, spent, problems)
    return {
        "draft": draft,
        "compose_gaps": (*state.get("compose_gaps", ()), *gaps),
        "spent": spent.plus(**used),
    }


async def _write(
    context: RunContext, request: ComposeRequest, spent: Spent, problems: tuple[str, ...]
) -> tuple[Draft, tuple[Gap, ...], Used]:
    brain, budget = context.brain, context.budget
    try:
        guard = budget.model_call(spent, WRITING_SHARE) if brain.model else nullcontext()
        async with guard:
            draft = await brain.compose(request, problems=problems, progress=context.progress)
        return draft, (), used_by(brain, budget, draft)
    except (ModelDownError, BudgetSpentError) as error:
        gap = Gap(
            what="the language model's prose",
            why=str(error),
            effect="the text of this answer is the deterministic one",
        )
        lost = error if isinstance(error, ModelDownError) else ModelDownError(str(error))
        draft = await context.fallback.compose(request, progress=context.progress)
        return draft, (gap,), used_by(brain, budget, lost)


def compose_request(state: RunState, context: RunContext) -> ComposeRequest:
    """Gather everything prose may be made of."""
    settled = state["settled"]
    draft = settled.draft
    scored = state.get("scored") or Scored(facts={})
    outcomes = outcomes_of(state)
    gaps = [
        *settled.gaps,
        *(gap for outcome in outcomes for gap in outcome.gaps),
        *(
            _dropped(outcome.tool, outcome.dropped_arguments)
            for outcome in outcomes
            if outcome.dropped_arguments
        ),
        *scored.gaps,
        *state.get("compose_gaps", ()),
    ]
    notes = [*settled.notes, *(note for outcome in outcomes for note in outcome.notes)]
    request = ComposeRequest(
        question=state["run"].question,
        language=settled.language,
        intent=draft.intent,
        intents=draft.intents,
        market=context.now.stamp,
        horizon=settled.horizon,
        vocabulary=context.now.vocabulary,
        facts=scored.facts,
        scorecard=scored.scorecard,
        gaps=tuple(dict.fromkeys(gaps)),
        notes=tuple(dict.fromkeys(notes)),
        plan=tuple(
            task.call
            for task in (*settled.held, *settled.tasks)
            if task.side == "now" and not task.beside
        ),
        sectors=draft.sectors,
        symbols=draft.symbols,
        quoted=draft.quoted,
        history_note=context.now.history_note,
        comparison=scored.comparison,
        clarification=draft.clarification,
        answers={outcome.tool: outcome.answer for outcome in outcomes},
    )
    return within(request, context.mandate)


def _dropped(tool: str, arguments: dict[str, object]) -> Gap:
    return Gap(
        what=f"{tool}: {', '.join(sorted(arguments))}",
        why="the tool does not take this argument, so it was not sent",
        effect="the answer is about what the tool really was asked",
    )
