"""Answer: the typed brief, remembered as a turn of the conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.brains.base import Turn
from agent.brief.model import Brief, BriefFact, BriefMarket, PlanEntry, Usage
from agent.mandate.narrowing import told_facts
from agent.nodes.compose import compose_request
from agent.state import RunState, Scored

if TYPE_CHECKING:
    from langgraph.runtime import Runtime

    from agent.context import RunContext
    from agent.state import CallOutcome, CallTask


async def answer(state: RunState, runtime: Runtime[RunContext]) -> RunState:
    """Make the brief."""
    from agent.brief.markdown import render
    from agent.brief.slots import fill
    from agent.ends import ends_of

    context, run, settled = runtime.context, state["run"], state["settled"]
    request, draft, spent = compose_request(state, context), state["draft"], state["spent"]
    entries, scored = _entries(state), state.get("scored") or Scored(facts={})
    facts = told_facts(scored.facts, request)
    brief = Brief(
        run_id=run.run_id,
        thread_id=run.thread_id,
        question=run.question,
        language=settled.language,
        intent=settled.draft.intent,
        intents=settled.draft.intents or (settled.draft.intent,),
        clarification=settled.draft.clarification,
        market=BriefMarket(
            id=request.market.id,
            name=request.market.name,
            as_of=request.market.as_of,
            benchmark=request.market.benchmark,
            simulated=request.market.simulated,
        ),
        horizon=settled.horizon,
        plan=entries,
        facts={name: BriefFact.of(fact) for name, fact in sorted(facts.items())},
        mandate=request.mandate,
        scorecard=scored.scorecard,
        gaps=request.gaps,
        markdown=render(request, draft),
        review=state["review"],
        usage=Usage(
            brain=context.brain.name,
            model=context.brain.model,
            model_calls=spent.model_calls,
            tool_calls=len(settled.tasks),
            input_tokens=spent.input_tokens,
            output_tokens=spent.output_tokens,
            usd=spent.usd,
            seconds=context.clock() - context.budget.started,
        ),
    )
    turn = Turn(
        question=run.repeats or run.question,
        intent=settled.draft.intent,
        intents=settled.draft.intents,
        skipped=run.skip,
        language=settled.language,
        horizon=settled.horizon,
        calls=request.plan,
        sectors=settled.draft.sectors,
        symbols=settled.draft.symbols,
        clarification=settled.draft.clarification,
        headline=fill(draft.headline, request.facts, request.vocabulary, settled.language),
        ends=ends_of(request),
    )
    context.progress("done", {"run_id": run.run_id})
    return {"brief": brief, "turns": (turn,)}


def _entries(state: RunState) -> tuple[PlanEntry, ...]:
    settled, outcomes = state["settled"], state.get("outcomes", {})
    held = {task.key for task in settled.held}
    entries = [
        _entry(task, outcomes.get(task.key), cached=task.key in held)
        for task in (*settled.held, *settled.tasks)
        if task.side == "now"
    ]
    return (*entries, *settled.refused)


def _entry(task: CallTask, outcome: CallOutcome | None, *, cached: bool) -> PlanEntry:
    went: dict[str, Any] = {"status": "failed"}
    if outcome is not None:
        went = {"status": outcome.status, "ms": 0.0 if cached else outcome.ms}
    if cached:
        went["status"] = "cached"
    return PlanEntry(
        tool=task.call.tool,
        arguments=task.call.arguments,
        reason=task.call.reason,
        origin=task.call.origin,
        dropped_arguments=task.dropped_arguments,
        **went,
    )
