"""A run's table of contents: plan, gather, score, compose, review, answer.

::

    question ─ plan ─┬─ gather ⇄ plan_more ─ score ─ compose ⇄ review ─ answer ─ brief
                     ├─ plan_more (a follow-up that held facts answer)
                     └─ compose   (help, small talk, out of scope, a question back)

Gathering is one branch a call. It is repeated once at most, where the first answers call for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from langgraph.graph import END, START, StateGraph
from langgraph.types import Send

from agent.context import RunContext
from agent.nodes.answer import answer
from agent.nodes.compose import compose
from agent.nodes.gather import gather
from agent.nodes.plan import plan
from agent.nodes.plan_more import plan_more
from agent.nodes.review import after_review, review
from agent.nodes.score import score
from agent.planning import NO_CALLS
from agent.state import RunState

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.graph.state import CompiledStateGraph

RECURSION_LIMIT = 25
"""Steps of one run; the longest way through the graph takes ten."""


def build_graph(
    checkpointer: BaseCheckpointSaver[Any] | None = None,
) -> CompiledStateGraph[Any, Any, Any, Any]:
    """Wire the nodes."""
    graph = StateGraph(RunState, context_schema=RunContext)
    graph.add_node("plan", plan)
    graph.add_node("gather", gather)
    graph.add_node("plan_more", plan_more)
    graph.add_node("score", score)
    graph.add_node("compose", compose)
    graph.add_node("review", review)
    graph.add_node("answer", answer)

    graph.add_edge(START, "plan")
    graph.add_conditional_edges("plan", after_plan, ["gather", "plan_more", "compose"])
    graph.add_edge("gather", "plan_more")
    graph.add_conditional_edges("plan_more", after_plan_more, ["gather", "score"])
    graph.add_edge("score", "compose")
    graph.add_edge("compose", "review")
    graph.add_conditional_edges("review", after_review, ["compose", "answer"])
    graph.add_edge("answer", END)
    return graph.compile(checkpointer=checkpointer, name="sectorvane")


def after_plan(state: RunState) -> list[Send] | Literal["plan_more", "compose"]:
    """Fan out to one branch a call, or leave early."""
    settled = state["settled"]
    if settled.draft.intent in NO_CALLS:
        return "compose"
    if not settled.tasks:
        return "plan_more"
    return [Send("gather", {"task": task}) for task in settled.tasks]


def after_plan_more(state: RunState) -> list[Send] | Literal["score"]:
    """Make the call of a second round, or go on."""
    settled, outcomes = state["settled"], state.get("outcomes", {})
    more = [task for task in settled.tasks if task.key not in outcomes]
    if settled.rounds == 1 or not more:
        return "score"
    return [Send("gather", {"task": task}) for task in more]
