"""Runs the real graph on a fake tool server, a scripted brain and a toy scoring model."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from agent.brains.base import Draft
from agent.brains.offline import OfflineBrain
from agent.budget import Budget
from agent.context import RunContext, Side
from agent.graph import build_graph
from agent.state import CHECKPOINT_TYPES, RunInput
from agent.toolbox import Toolbox
from tests.fakes import AS_OF, STAMP, VOCABULARY, Clock, ToolServer, ToyScoring

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from agent.brains.base import Brain
    from agent.remote.desk import RemoteDesk
    from agent.state import RunState

HONEST = Draft(
    headline="{{name:10}} returned {{10.rel_return.1M}} relative to {{name:MARKET}} over one month."
)
INVENTED = Draft(headline="{{name:10}} returned +9.9% relative to {{name:MARKET}} over one month.")


def serde() -> JsonPlusSerializer:
    return JsonPlusSerializer(
        allowed_msgpack_modules=[(kind.__module__, kind.__name__) for kind in CHECKPOINT_TYPES]
    )


class Thread:
    """One conversation on the fakes."""

    def __init__(self, brain: Brain, toolbox: Toolbox, budget: Budget, saver: Any) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []
        side = Side(
            stamp=STAMP,
            vocabulary=VOCABULARY,
            view_key="toy-view",
            toolbox=toolbox,
            scoring=ToyScoring,
        )
        self._context = RunContext(
            now=side,
            brain=brain,
            fallback=OfflineBrain(),
            budget=budget,
            clock=Clock(),
            progress=lambda event, details: self.events.append((event, details)),
        )
        self._graph = build_graph(saver)
        self._config: Any = {"configurable": {"thread_id": "t"}, "recursion_limit": 25}

    async def ask(self, question: str = "?") -> RunState:
        run = RunInput(run_id="r", thread_id="t", question=question, as_of=AS_OF)
        return await self._run({"run": run})

    async def resume(self) -> RunState:
        return await self._run(None)

    async def _run(self, payload: Any) -> RunState:
        state: Any = await self._graph.ainvoke(
            payload, self._config, context=self._context, durability="sync"
        )
        return cast("RunState", state)


@asynccontextmanager
async def thread(
    brain: Brain,
    server: ToolServer,
    *,
    budget: Budget | None = None,
    saver: Any = None,
    remote: RemoteDesk | None = None,
) -> AsyncIterator[Thread]:
    async with Toolbox([server.build()], clock=Clock(), remote=remote) as toolbox:
        yield Thread(brain, toolbox, budget or Budget(), saver or InMemorySaver(serde=serde()))
