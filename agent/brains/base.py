"""The protocol both brains keep, and the values that pass between them and the graph.

A brain proposes; code disposes. What a brain returns is validated, completed and reviewed by the nodes, so a brain
can be wrong without a brief being wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

from pydantic import Field

from agent.brief.model import BriefMandate, Clarification, Intent, Language, Origin
from tools.contracts import Fact, Frozen, Gap, Horizon, MarketStamp, Scorecard, Vocabulary


class PlannedCall(Frozen):
    """One tool call that a brain, or the graph, wants made."""

    tool: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    reason: str = ""
    """Shown to the reader, in the language of the question."""
    origin: Origin = "brain"


class Turn(Frozen):
    """What a conversation remembers of one earlier question, as far as a planner needs it."""

    question: str
    intent: Intent
    intents: tuple[Intent, ...] = ()
    language: Language = "en"
    horizon: Horizon = "1M"
    calls: tuple[PlannedCall, ...] = ()
    skipped: tuple[str, ...] = ()
    """Tools the reader wanted left out."""
    sectors: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    clarification: Clarification | None = None
    headline: str = ""
    ends: tuple[str, ...] = ()
    """Codes of the first and the last sector of what the answer ranked."""


class ToolSpec(Frozen):
    """One callable tool, as ``tools/list`` serves it."""

    name: str
    description: str
    input_schema: dict[str, Any]


class PlanRequest(Frozen):
    """Everything a planner may know."""

    question: str
    vocabulary: Vocabulary
    tools: tuple[ToolSpec, ...]
    history: tuple[Turn, ...] = ()
    as_of: date
    horizon: Horizon = "1M"
    language: Language | None = None
    """A language the reader fixed; None: the question's own."""
    held_facts: tuple[str, ...] = ()
    """Ids of facts the conversation already holds."""


class PlanDraft(Frozen):
    """What a planner proposes."""

    intent: Intent
    intents: tuple[Intent, ...] = ()
    """All intents of a question that asks several things, the main one first."""
    language: Language = "en"
    calls: tuple[PlannedCall, ...] = ()
    horizon: Horizon | None = None
    """A horizon the question names; None where it names none."""
    sectors: tuple[str, ...] = ()
    """Codes of the sectors the question is about, in its order."""
    symbols: tuple[str, ...] = ()
    exclude_groups: tuple[str, ...] = ()
    """Scoring groups the reader wants left out ("drop the flows and rank again")."""
    clarification: Clarification | None = None
    notes: tuple[str, ...] = ()
    """What the brief must say of the reading of the question, e.g. "this week" read as 1W; unknown names with the
    nearest known ones."""
    quoted: tuple[str, ...] = ()
    """Numerals of the question that prose may repeat, marked as the reader's."""
    complete: bool = False
    """The planner vouches that the calls answer the question as they are; nothing is added to them."""
    input_tokens: int = 0
    output_tokens: int = 0
    model_calls: int = 0


class Comparison(Frozen):
    """The same scorecard at an earlier date (``--compare``)."""

    market: MarketStamp
    scorecard: Scorecard | None
    facts: dict[str, Fact]


class ComposeRequest(Frozen):
    """Everything prose may be made of: facts, the scorecard and what is missing. No tool text is in here."""

    question: str
    language: Language
    intent: Intent
    intents: tuple[Intent, ...] = ()
    market: MarketStamp
    horizon: Horizon
    vocabulary: Vocabulary
    facts: dict[str, Fact]
    scorecard: Scorecard | None = None
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()
    plan: tuple[PlannedCall, ...] = ()
    sectors: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    history_note: str = ""
    comparison: Comparison | None = None
    mandate: BriefMandate | None = None
    """What the reader may hold; the facts and the scorecard are cut to it already."""
    clarification: Clarification | None = None
    """What to ask back, where the question was not clear."""
    answers: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Tool → the non-numeric part of its answer (search hits, health findings, rotation tails)."""


class Draft(Frozen):
    """Prose with slots: ``{{45.rel_return.1W}}`` is rendered by code, and no numeral is written by a brain.

    ``{{name:45}}`` is an entity's name in the brief's language. ``{{ID|abs}}`` renders without a sign, for sentences
    whose direction word already carries it.
    """

    headline: str
    """One sentence: the one thing to know."""
    paragraphs: tuple[str, ...] = ()
    """What moved and why, what disagrees."""
    risks: tuple[str, ...] = ()
    """What could go wrong, a sentence each."""
    watch: tuple[str, ...] = ()
    """What to watch, a sentence each."""
    input_tokens: int = 0
    output_tokens: int = 0
    model_calls: int = 0


Progress = Callable[[str, dict[str, Any]], None]
"""Receives an event name and its details while a brain works, e.g. ``("token", {"text": "…"})``."""


class Brain(Protocol):
    """Plans and narrates."""

    name: str
    model: str | None

    async def plan(self, request: PlanRequest, *, progress: Progress | None = None) -> PlanDraft:
        """Propose the tool calls that answer a question, or an early exit (help, small talk, clarification)."""
        ...

    async def compose(
        self,
        request: ComposeRequest,
        *,
        problems: tuple[str, ...] = (),
        progress: Progress | None = None,
    ) -> Draft:
        """Write the prose. With `problems` it is the one repair, told what was wrong and which facts it may cite."""
        ...
