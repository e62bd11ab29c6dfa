"""What a run carries from node to node, how each field merges, and what a checkpoint may load.

A thread keeps two fields across its runs, `outcomes` and `turns`; every other field is written anew
by each run. LangGraph validates nothing that a node returns, so the values are frozen pydantic
models made at the nodes' edges.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypedDict

from pydantic import Field

from agent.brains.base import Comparison, Draft, PlanDraft, PlannedCall, Turn
from agent.brief.model import (
    Brief,
    BriefFact,
    BriefMandate,
    BriefMarket,
    Clarification,
    Language,
    PlanEntry,
    Review,
    Usage,
)
from agent.editing import with_own_list
from tools.contracts import (
    Fact,
    Flip,
    Frozen,
    Gap,
    Horizon,
    MarketStamp,
    Scorecard,
    SectorScore,
)

MAX_HELD_OUTCOMES = 96
"""How many answers of tools a thread keeps; the oldest go first."""
MAX_TURNS = 40
"""How many earlier questions a thread remembers."""


class RunInput(Frozen):
    """What a front door asks for; everything about a run that is not found out by it."""

    run_id: str
    thread_id: str
    question: str
    as_of: date
    then: date | None = None
    """The earlier date of a comparison."""
    horizon: Horizon | None = None
    """A horizon that a flag fixed; it beats the question's."""
    default_horizon: Horizon = "1M"
    language: Language | None = None
    """A language that the reader fixed; None: the question's own."""
    repeats: str | None = None
    """An earlier question that `question` changes the plan of, and that is asked once more."""
    skip: tuple[str, ...] = ()
    """Tools the reader wants left out."""
    watch: tuple[str, ...] = ()
    """What "my sectors" means, by names the market knows."""

    @property
    def planned(self) -> str:
        """The question to plan for, in the words a brain is given."""
        return with_own_list(self.repeats or self.question, self.watch)


class CallTask(Frozen):
    """One tool call on its way to a tool."""

    key: str
    """Identifies the answer: market view, tool and canonical arguments."""
    call: PlannedCall
    side: Literal["now", "then"] = "now"
    dropped_arguments: dict[str, Any] = Field(default_factory=dict)
    """Arguments that were proposed and that the tool's schema does not declare."""
    beside: bool = False
    """Made on a remote server, beside the plan's own calls; a follow-up does not repeat it."""


class CallOutcome(Frozen):
    """What came of one tool call."""

    key: str
    tool: str
    arguments: dict[str, Any]
    status: Literal["ok", "failed"]
    side: Literal["now", "then"] = "now"
    market: MarketStamp | None = None
    facts: tuple[Fact, ...] = ()
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()
    answer: dict[str, Any] = Field(default_factory=dict)
    """The part of the answer that is not facts, gaps or notes."""
    dropped_arguments: dict[str, Any] = Field(default_factory=dict)
    error: str = ""
    ms: float = 0.0


class Settled(Frozen):
    """A plan after validation: what will be called, what is already held, what was refused."""

    draft: PlanDraft
    horizon: Horizon
    language: Language
    tasks: tuple[CallTask, ...] = ()
    """To be called, in order."""
    held: tuple[CallTask, ...] = ()
    """Answered by what the thread holds."""
    refused: tuple[PlanEntry, ...] = ()
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()
    rounds: int = 1
    """2, where the first answers called for one more call."""


class Scored(Frozen):
    """The facts of a run and what the scoring model made of them."""

    facts: dict[str, Fact]
    scorecard: Scorecard | None = None
    comparison: Comparison | None = None
    gaps: tuple[Gap, ...] = ()


class Spent(Frozen):
    """What a run has used so far."""

    model_calls: int = 0
    tool_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = 0.0
    """None once a call was made whose price is not known."""

    def plus(self, *, usd: float | None = 0.0, **used: int) -> Spent:
        """Return the sum with what was just used."""
        total = None if self.usd is None or usd is None else self.usd + usd
        counts = {name: getattr(self, name) + number for name, number in used.items()}
        return self.model_copy(update={**counts, "usd": total})


def merge_outcomes(
    held: dict[str, CallOutcome] | None, new: dict[str, CallOutcome] | None
) -> dict[str, CallOutcome]:
    """Add new answers to the held ones, newest last; the oldest beyond the limit are forgotten."""
    merged = {key: value for key, value in (held or {}).items() if key not in (new or {})}
    merged.update(new or {})
    return dict(list(merged.items())[-MAX_HELD_OUTCOMES:])


def append_turns(held: tuple[Turn, ...] | None, new: tuple[Turn, ...] | None) -> tuple[Turn, ...]:
    """Remember the newest turns."""
    return (*(held or ()), *(new or ()))[-MAX_TURNS:]


class RunState(TypedDict, total=False):
    """Everything a run carries."""

    run: RunInput
    outcomes: Annotated[dict[str, CallOutcome], merge_outcomes]
    turns: Annotated[tuple[Turn, ...], append_turns]
    settled: Settled
    scored: Scored
    draft: Draft
    review: Review
    problems: tuple[str, ...]
    """What the last review found; empty lets the draft pass."""
    compose_gaps: tuple[Gap, ...]
    spent: Spent
    brief: Brief


CHECKPOINT_TYPES: tuple[type, ...] = (
    RunInput, CallTask, CallOutcome, Settled, Scored, Spent,
    PlannedCall, PlanDraft, Turn, Draft, Comparison,
    Brief, BriefFact, BriefMandate, BriefMarket, Clarification, PlanEntry, Review, Usage,
    Fact, Flip, Gap, MarketStamp, Scorecard, SectorScore,
)  # fmt: skip
"""The only types of ours that a checkpoint may load."""
