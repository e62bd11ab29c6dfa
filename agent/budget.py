"""The limits of a run, checked before the call that would pass them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.errors import BudgetSpentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from agent.state import Spent

MODEL_CALLS_PER_BRIEF = 4
"""At most two planning rounds, one composing call and one repair."""


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
    usd_per_call: float = 0.0
    """What the next model call may cost at most, by the local price table."""
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
        if self.max_usd is not None and spent.usd + self.usd_per_call > self.max_usd:
            raise BudgetSpentError(f"another model call could pass the limit of {self.max_usd} USD")
        if self.max_tokens is not None and (
            spent.input_tokens + spent.output_tokens + self.tokens_per_call > self.max_tokens
        ):
            raise BudgetSpentError(
                f"another model call could pass the limit of {self.max_tokens} tokens"
            )
        if self.seconds_left() == 0.0:
            raise BudgetSpentError(f"the limit of {self.max_seconds} seconds is reached")
