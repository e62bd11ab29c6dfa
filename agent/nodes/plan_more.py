"""Plan more: at most one further call, where the first answers call for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.nodes.score import outcomes_of
from agent.planning import call_key, is_held
from agent.second_round import second_round
from agent.state import CallTask, RunState

if TYPE_CHECKING:
    from langgraph.runtime import Runtime

    from agent.context import RunContext


async def plan_more(state: RunState, runtime: Runtime[RunContext]) -> RunState:
    """Add the one call of a second round to the plan, or leave the plan as it is."""
    context, settled = runtime.context, state["settled"]
    if settled.rounds > 1 or _nothing_left(settled.tasks, context):
        return {}
    call = second_round(settled, outcomes_of(state), context.now.vocabulary)
    served = {spec.name for spec in context.now.toolbox.specs}
    if call is None or call.tool not in served or call.tool in state["run"].skip:
        return {}
    key = call_key(context.now.view_key, call.tool, call.arguments)
    task = CallTask(key=key, call=call)
    held = is_held(state.get("outcomes", {}).get(key))
    context.progress(
        "plan_more", {"call": call.model_dump(), "key": key, "held": held, "reason": call.reason}
    )
    added = {"held": (*settled.held, task)} if held else {"tasks": (*settled.tasks, task)}
    notes = (*settled.notes, f"{call.reason[0].upper()}{call.reason[1:]}.")
    return {"settled": settled.model_copy(update={**added, "rounds": 2, "notes": notes})}


def _nothing_left(tasks: tuple[CallTask, ...], context: RunContext) -> bool:
    budget = context.budget
    return len(tasks) >= budget.max_tool_calls or budget.seconds_left() == 0.0
