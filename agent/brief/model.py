"""The brief: the one typed value that every rendering is made from (``sectorvane.brief/1``)."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import ConfigDict, Field

from tools.contracts import Fact, Frozen, Gap, Horizon, Scorecard

Intent = Literal[
    "brief", "rotation", "compare", "flow", "macro", "whale", "stock", "scenario", "backtest", "explain",
    "portfolio", "health", "track", "help", "smalltalk", "out_of_scope", "clarify",
]  # fmt: skip
Language = Literal["en", "vi"]
Origin = Literal["brain", "required", "default"]
CallStatus = Literal["ok", "cached", "failed", "dropped"]


class PlanEntry(Frozen):
    """One tool call of the plan and how it went."""

    tool: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    reason: str = ""
    origin: Origin = "brain"
    status: CallStatus = "ok"
    dropped_arguments: dict[str, Any] = Field(default_factory=dict)
    ms: float = 0.0


class BriefMarket(Frozen):
    """The market as the brief's readers see it."""

    id: str
    name: str
    as_of: date
    benchmark: str
    simulated: bool


class Clarification(Frozen):
    """A question back, with choices."""

    question: str
    choices: tuple[str, ...] = ()


class Review(Frozen):
    """What the check of the prose said."""

    passed: bool = True
    repairs: int = 0
    fallback: bool = False
    problems: tuple[str, ...] = ()


class Usage(Frozen):
    """What the run cost."""

    brain: str = "offline"
    model: str | None = None
    model_calls: int = 0
    tool_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = 0.0
    """By the local price table; None where the model's price is not known."""
    seconds: float = 0.0


class BriefFact(Frozen):
    """A fact as the brief's JSON shows it; its id is the key it stands under."""

    value: float | str
    unit: str
    entity: str
    metric: str
    period: str | None
    observed_on: date
    published_on: date
    source: str

    @classmethod
    def of(cls, fact: Fact) -> BriefFact:
        """Return the fact without its id."""
        return cls(**fact.model_dump(exclude={"id"}))


class BriefMandate(Frozen):
    """What the reader may hold, in the market's own codes."""

    sectors: tuple[str, ...] = ()
    """Codes; empty: all."""
    horizon: Horizon | None = None
    risk_tolerance: Literal["low", "medium", "high"] = "medium"
    largest_tilt: float = 0.05
    """Fraction of the portfolio."""
    said: bool = False
    """Whether the settings hold a mandate; without one these limits are the usual ones."""


class Brief(Frozen):
    """The answer to one question."""

    schema_: Literal["sectorvane.brief/1"] = Field(default="sectorvane.brief/1", alias="schema")
    run_id: str
    thread_id: str
    question: str
    language: Language
    intent: Intent
    intents: tuple[Intent, ...] = ()
    clarification: Clarification | None = None
    market: BriefMarket
    horizon: Horizon
    plan: tuple[PlanEntry, ...] = ()
    facts: dict[str, BriefFact] = Field(default_factory=dict)
    mandate: BriefMandate | None = None
    """The limits this answer was made within; None where none mattered."""
    scorecard: Scorecard | None = None
    gaps: tuple[Gap, ...] = ()
    markdown: str = ""
    review: Review = Review()
    usage: Usage = Usage()

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True
    )
