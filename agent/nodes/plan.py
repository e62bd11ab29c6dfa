"""Plan: the brain proposes tool calls, code validates, completes and limits them."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from agent.brains.base import PlanDraft, PlanRequest, Turn
from agent.brief.model import Language, Review
from agent.budget import PLANNING_SHARE, used_by
from agent.editing import before, speaks_of_own_list
from agent.errors import BudgetSpentError, ModelDownError
from agent.planning import COMPARED, NO_CALLS, call_key, is_held, settle_calls
from agent.state import RunState, Scored, Settled, Spent
from tools.contracts import Gap

if TYPE_CHECKING:
    from langgraph.runtime import Runtime

    from agent.budget import Used
    from agent.context import RunContext, Side
    from agent.state import CallTask, RunInput
    from tools.contracts import Horizon


async def plan(state: RunState, runtime: Runtime[RunContext]) -> RunState:
    """Settle which tools are called for the question."""
    context, run = runtime.context, state["run"]
    request = PlanRequest(
        question=run.planned,
        vocabulary=context.now.vocabulary,
        tools=context.now.toolbox.specs,
        history=before(state.get("turns", ()), run.repeats) if run.repeats else _turns(state),
        as_of=run.as_of,
        horizon=run.horizon or run.default_horizon,
        language=run.language,
        held_facts=_held_facts(state, context.now),
    )
    draft, gaps, used = await _propose(context, request)
    if context.then is not None:
        # Two dates are compared by their rankings, which a short answer may do without.
        draft = draft.model_copy(update={"complete": False})
    horizon, horizon_gaps = _horizon(run, draft, context.now)
    language = run.language or draft.language
    settled = settle_calls(
        draft,
        horizon=horizon,
        language=language,
        specs=context.now.toolbox.specs,
        vocabulary=context.now.vocabulary,
        view_key=context.now.view_key,
        outcomes=state.get("outcomes", {}),
        max_calls=context.budget.max_tool_calls,
        skip=run.skip,
    )
    then_tasks, then_held = _then_tasks(context, state, settled.tasks + settled.held)
    planned = (*settled.tasks, *settled.held)
    added = await context.now.toolbox.additions(
        planned,
        room=context.budget.max_tool_calls - len(planned),
        timeout_seconds=context.budget.timeout(),
    )
    beside, unasked = (added.tasks, added.gaps) if added else ((), ())
    tasks = (*settled.tasks, *then_tasks, *beside)
    held = (*settled.held, *then_held)
    context.progress(
        "plan",
        {
            "calls": [task.call.model_dump() for task in (*tasks, *held)],
            "keys": [task.key for task in (*tasks, *held)],
            "held": [task.key for task in held],
            "intent": draft.intent,
        },
    )
    return {
        "settled": Settled(
            draft=draft,
            horizon=horizon,
            language=language,
            tasks=tasks,
            held=held,
            refused=settled.refused,
            gaps=(
                *gaps,
                *horizon_gaps,
                *settled.gaps,
                *unasked,
                *(() if draft.intent in NO_CALLS else context.now.gaps),
            ),
            notes=(*draft.notes, *_readings(run, language)),
        ),
        "spent": Spent(**used),
        "scored": Scored(facts={}),
        "review": Review(),
        "problems": (),
        "compose_gaps": (),
    }


async def _propose(
    context: RunContext, request: PlanRequest
) -> tuple[PlanDraft, tuple[Gap, ...], Used]:
    """Ask the brain; where it cannot answer, the deterministic one does, and the brief says so."""
    brain, budget = context.brain, context.budget
    try:
        guard = budget.model_call(Spent(), PLANNING_SHARE) if brain.model else nullcontext()
        async with guard:
            draft = await brain.plan(request, progress=context.progress)
        return draft, (), used_by(brain, budget, draft)
    except (ModelDownError, BudgetSpentError) as error:
        gap = Gap(
            what="the language model's plan",
            why=str(error),
            effect="the built-in planner chose the tools",
        )
        lost = error if isinstance(error, ModelDownError) else ModelDownError(str(error))
        draft = await context.fallback.plan(request, progress=context.progress)
        return draft, (gap,), used_by(brain, budget, lost)


def _turns(state: RunState) -> tuple[Turn, ...]:
    return state.get("turns", ())


def _readings(run: RunInput, language: Language) -> tuple[str, ...]:
    """Say what the reader's own list was read as."""
    if not run.watch or not speaks_of_own_list(run.repeats or run.question):
        return ()
    names = ", ".join(run.watch)
    if language == "vi":
        return (f"Danh mục theo dõi của bạn: {names}.",)
    return (f"Your watch-list: {names}.",)


def _held_facts(state: RunState, side: Side) -> tuple[str, ...]:
    held = state.get("outcomes", {}).values()
    return tuple(
        dict.fromkeys(
            fact.id
            for outcome in held
            if outcome.market == side.stamp and outcome.side == "now"
            for fact in outcome.facts
        )
    )


def _horizon(run: RunInput, draft: PlanDraft, side: Side) -> tuple[Horizon, tuple[Gap, ...]]:
    """Choose: a flag beats the question, which beats the default; a monthly market has no week."""
    wanted = run.horizon or draft.horizon or run.default_horizon
    if side.stamp.monthly and wanted == "1W":
        gap = Gap(
            what="horizon 1W",
            why="the market is monthly: it has no daily or weekly window",
            effect="the answer uses 1M instead",
        )
        return "1M", (gap,)
    return wanted, ()


def _then_tasks(
    context: RunContext, state: RunState, tasks: tuple[CallTask, ...]
) -> tuple[list[CallTask], list[CallTask]]:
    """Repeat on the earlier view what a comparison needs: what to call, and what is held."""
    if context.then is None:
        return [], []
    outcomes = state.get("outcomes", {})
    to_call: list[CallTask] = []
    held: list[CallTask] = []
    for task in tasks:
        if task.call.tool in COMPARED:
            key = call_key(f"then {context.then.view_key}", task.call.tool, task.call.arguments)
            then = task.model_copy(update={"key": key, "side": "then"})
            (held if is_held(outcomes.get(key)) else to_call).append(then)
    return to_call, held
