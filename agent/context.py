"""What the nodes of a run may use: passed in, never read from the world, so tests pass fakes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from agent.brains.base import Brain, Progress
    from agent.brief.model import BriefMandate
    from agent.budget import Budget
    from agent.toolbox import Toolbox
    from tools.contracts import Fact, Horizon, MarketStamp, Scorecard, Vocabulary


class ScoringModel(Protocol):
    """Facts in, scorecard out."""

    def score(
        self, facts: Mapping[str, Fact], horizon: Horizon, *, exclude_groups: tuple[str, ...] = ()
    ) -> Scorecard:
        """Return the scorecard of the facts; pure."""
        ...

    def facts(self, scorecard: Scorecard) -> tuple[Fact, ...]:
        """Return the scorecard's own numbers as citable facts."""
        ...


@dataclass(frozen=True, kw_only=True)
class Side:
    """One market view a run asks: where its tools are, and the model that scores its facts."""

    stamp: MarketStamp
    vocabulary: Vocabulary
    view_key: str
    """Content hash of the view, part of every cache key: equal data share answers, others never."""
    toolbox: Toolbox
    scoring: Callable[[], ScoringModel]
    """Called only for a scorecard, because training a quarter's model can take seconds."""
    history_note: str = ""
    gaps: tuple[Any, ...] = ()
    """Gaps of the view itself, such as staleness."""


@dataclass(frozen=True, kw_only=True)
class RunContext:
    """Everything a run touches."""

    now: Side
    then: Side | None = None
    brain: Brain
    fallback: Brain
    """The deterministic brain that steps in when `brain` cannot."""
    budget: Budget
    mandate: BriefMandate | None = None
    """What the reader may hold, in the words of the market."""
    clock: Callable[[], float]
    """Monotonic seconds."""
    progress: Progress = field(default=lambda _event, _details: None)

    def side(self, name: str) -> Side:
        """Return the side a task asks."""
        if name == "then" and self.then is not None:
            return self.then
        return self.now
