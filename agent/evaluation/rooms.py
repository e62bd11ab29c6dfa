"""The markets that questions are about, each opened once, and what the graph would call there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from agent.brains.base import PlanRequest
from agent.planning import settle_calls
from agent.toolbox import Toolbox
from tools.desk import Desk
from tools.errors import UnusableInputError
from tools.mcp_server import build_server
from tools.sources import open_market

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agent.brains.base import PlanDraft, PlannedCall, ToolSpec, Turn
    from agent.evaluation.questions import Question
    from tools.contracts import Horizon

_FOLDER = "folder:"
_MOST_CALLS = 24
"""What one question may call, wide enough to judge the whole plan."""


class Room(NamedTuple):
    """One market with the tools it is served by."""

    desk: Desk
    specs: tuple[ToolSpec, ...]


class Rooms:
    """Requests and settled calls for questions about several markets.

    Parameters
    ----------
    desk
        The market of the settings. Other markets of the questions are looked for beside its folder.
    market
        The name it was opened by.
    horizon
        The horizon of a question that names none.
    """

    def __init__(self, desk: Desk, market: str, horizon: Horizon) -> None:
        self._first = desk
        self._market = market
        self._horizon: Horizon = horizon
        self._rooms: dict[str, Room] = {}

    async def open(self, markets: Iterable[str]) -> frozenset[str]:
        """Open the markets that are at hand and return their ids."""
        for market in sorted(set(markets)):
            desk = self._find(market)
            if desk is not None:
                async with Toolbox([build_server(desk)], clock=time.monotonic) as toolbox:
                    self._rooms[market] = Room(desk, toolbox.specs)
        return frozenset(self._rooms)

    def _find(self, market: str) -> Desk | None:
        if market == self._first.stamp.id:
            return self._first
        try:
            data = open_market(self._beside(market), self._first.home)
        except UnusableInputError:
            return None
        last = data.prices["date"].max()
        day = min(last.date(), self._first.as_of)
        return Desk(data, day, self._first.home, self._first.scorer_name)

    def _beside(self, market: str) -> str:
        if not self._market.startswith(_FOLDER) or market == "industries":
            return market
        return f"{self._market.rstrip('/').rpartition('/')[0]}/{market}"

    def request_for(self, question: Question, turns: tuple[Turn, ...]) -> PlanRequest:
        """Return what a planner is told of a question."""
        room = self._rooms[question.market]
        return PlanRequest(
            question=question.question,
            vocabulary=room.desk.vocabulary,
            tools=room.specs,
            history=turns,
            as_of=room.desk.as_of,
            horizon=self._horizon,
        )

    def settle(self, question: Question, draft: PlanDraft) -> tuple[PlannedCall, ...]:
        """Return the calls that the graph would make of a proposal."""
        room = self._rooms[question.market]
        plan = settle_calls(
            draft,
            horizon=draft.horizon or self._horizon,
            language=draft.language,
            specs=room.specs,
            vocabulary=room.desk.vocabulary,
            view_key="",
            outcomes={},
            max_calls=_MOST_CALLS,
        )
        return tuple(task.call for task in plan.tasks)
