"""Gather: one branch a tool call, in parallel; a failure becomes a named gap."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from agent.state import CallTask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from langgraph.runtime import Runtime

    from agent.context import RunContext
    from agent.state import RunState
    from tools.contracts import Gap


class GatherInput(TypedDict):
    """What one branch is sent."""

    task: CallTask


async def gather(state: GatherInput, runtime: Runtime[RunContext]) -> RunState:
    """Make one tool call."""
    context, task = runtime.context, state["task"]
    outcome = await context.side(task.side).toolbox.call(
        task, timeout_seconds=context.budget.timeout()
    )
    if outcome.status == "failed" and context.budget.seconds_left() == 0.0:
        outcome = outcome.model_copy(update={"gaps": tuple(_out_of_time(outcome.gaps))})
    context.progress(
        "call",
        {"key": task.key, "tool": task.call.tool, "status": outcome.status, "ms": outcome.ms},
    )
    return {"outcomes": {outcome.key: outcome}}


def _out_of_time(gaps: Iterable[Gap]) -> Iterator[Gap]:
    """Say whose time was over: the run's, not the tool's."""
    for gap in gaps:
        yield gap.model_copy(update={"why": "the time limit of this run left the tool no time"})
