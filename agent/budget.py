"""The limits of a run, checked before the call that would pass them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from agent.errors import BudgetSpentError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from agent.brains.base import Brain, Draft, PlanDraft
    from agent.errors import ModelDownError
    from agent.state import Spent

MODEL_CALLS_PER_BRIEF = 4
"""At most two planning rounds, one composing call and one repair."""


PLANNING_SHARE = 0.5
"""Of the seconds left, what the model may plan for; the tools need the rest."""
WRITING_SHARE = 0.7
"""Of the seconds left, what the model may write for."""


class Used(TypedDict):
    """What one answer of a model took."""

    model_calls: int
    input_tokens: int
    output_tokens: int
    usd: float | None


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What one run may use; None means no limit of that kind."""

    max_tool_calls: int = 16
    max_model_calls: int = MODEL_CALLS_PER_BRIEF
    max_seconds: float | None = None
    max_usd: float | None = None
    max_tokens: int | None = None
    call_seconds: float = 30.0
    """How long one tool call may take."""
    usd_per_call: float | None = 0.0
    """What the next model call may cost at most, by the local price table; None: not known."""
    tokens_per_call: int = 0
    started: float = 0.0
    """When the run began, by `clock`."""
    clock: Callable[[], float] = lambda: 0.0

    def seconds_left(self) -> float | None:
        """Return the seconds left, or None without a limit."""
        if self.max_seconds is None:
            return None
        return max(0.0, self.max_seconds - (self.clock() - self.started))

    def timeout(self) -> float:
        """Return how long the next tool call may take."""
        left = self.seconds_left()
        return self.call_seconds if left is None else min(self.call_seconds, max(left, 0.001))

    def check_model_call(self, spent: Spent) -> None:
        """Refuse a model call that would pass a limit.

        Raises
        ------
        BudgetSpentError
            Naming the limit.
        """
        if spent.model_calls >= self.max_model_calls:
            raise BudgetSpentError(f"the limit of {self.max_model_calls} model calls is reached")
        self._check_dollars(spent)
        if self.max_tokens is not None and (
            spent.input_tokens + spent.output_tokens + self.tokens_per_call > self.max_tokens
        ):
            raise BudgetSpentError(
                f"another model call could pass the limit of {self.max_tokens} tokens"
            )
        if self.seconds_left() == 0.0:
            raise BudgetSpentError(f"the limit of {self.max_seconds} seconds is reached")

    @asynccontextmanager
    async def model_call(self, spent: Spent, share: float) -> AsyncIterator[None]:
        """Guard a model call: the limits before it, and the seconds while it lasts.

        Parameters
        ----------
        spent
            What the run has used so far.
        share
            The fraction of the seconds left that the call may take; the rest is for what follows.

        Raises
        ------
        BudgetSpentError
            Naming the limit.
        """
        self.check_model_call(spent)
        left = self.seconds_left()
        try:
            async with asyncio.timeout(None if left is None else left * share):
                yield
        except TimeoutError:
            raise BudgetSpentError(
                f"the model took longer than its share of {self.max_seconds} seconds"
            ) from None

    def _check_dollars(self, spent: Spent) -> None:
        if self.max_usd is None:
            return
        if self.usd_per_call is None or spent.usd is None:
            raise BudgetSpentError(
                f"the price of this model is not known, so the limit of {self.max_usd} USD "
                "could not be kept"
            )
        if spent.usd + self.usd_per_call > self.max_usd:
            raise BudgetSpentError(f"another model call could pass the limit of {self.max_usd} USD")


def used_by(brain: Brain, budget: Budget, made: Draft | PlanDraft | ModelDownError) -> Used:
    """Return what a model's answer took, priced by its tokens.

    Where a server counts no tokens, a call counts with the most that it may cost.
    """
    calls, read, written = made.model_calls, made.input_tokens, made.output_tokens
    reckon = getattr(brain, "cost_usd", None)
    if not calls:
        usd: float | None = 0.0
    elif reckon is not None and read + written:
        usd = reckon(read, written)
    else:
        usd = None if budget.usd_per_call is None else calls * budget.usd_per_call
    return Used(model_calls=calls, input_tokens=read, output_tokens=written, usd=usd)
