"""Gather: one branch a tool call, in parallel; a failure becomes a named gap."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from agent.state import CallTask

if TYPE_CHECKING:
    from langgraph.runtime import Runtime

    from agent.context import RunContext
    from agent.state import RunState


class GatherInput(TypedDict):
    """What one branch is sent."""

    task: CallTask


async def gather(state: GatherInput, runtime: Runtime[RunContext]) -> RunState:
    """Make one tool call."""
    context, task = runtime.context, state["task"]
    outcome = await context.side(task.side).toolbox.call(
        task, timeout_seconds=context.budget.timeout()
    )
    context.progress(
        "call",
        {"key": task.key, "tool": task.call.tool, "status": outcome.status, "ms": outcome.ms},
    )
    return {"outcomes": {outcome.key: outcome}}
