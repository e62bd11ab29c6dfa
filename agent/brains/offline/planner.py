"""From a question to a plan: the table of contents of the offline brain's understanding."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from agent.brains.base import PlanDraft
from agent.brains.offline.asking_back import clarify, clarify_name, lost_names
from agent.brains.offline.asks import read_asks
from agent.brains.offline.calls import Ask, Desk, Wanted
from agent.brains.offline.classifier import OUTSIDE
from agent.brains.offline.dialogue import asking_clauses, early_exit
from agent.brains.offline.drafting import make_draft
from agent.brains.offline.elsewhere import may_lead_away, speaks_of_markets, verdict
from agent.brains.offline.followups import (
    carried,
    excluded_groups,
    lean_on,
    with_own_sector,
    with_pronouns,
)
from agent.brains.offline.guessing import asks_of_guess, choices, second_opinion, without_overruled
from agent.brains.offline.lacking import held_part, nothing_held
from agent.brains.offline.names import market_names
from agent.brains.offline.outside import asks_where_traded
from agent.brains.offline.reading import read_question
from agent.brains.offline.text import clean
from agent.brains.offline.words import say

if TYPE_CHECKING:
    from agent.brains.base import PlanRequest, Turn
    from agent.brains.offline.clauses import Clause
    from agent.brains.offline.reading import Reading
    from agent.brief.model import Language

_OF_SECTORS = frozenset({"rotation", "compare", "explain", "flow", "whale", "portfolio"})
_TALK = frozenset({"smalltalk", "help"})
_SHORT_TALK, _SUPPOSED = 0.5, 0.6
"""How likely small talk must be where nothing of a market is asked, and a scenario for a move to be one."""


def plan_question(request: PlanRequest) -> PlanDraft:
    """Return the plan of a question; deterministic, and never an error whatever the text."""
    last = request.history[-1] if request.history else None
    names = market_names(request.vocabulary)
    reading = read_question(_chosen(clean(request.question), last), names, request.as_of)
    before: Language = last.language if last else "en"
    if reading is None:
        return clarify(request.language or before, ())
    language: Language = request.language or reading.spoken or before
    certain = speaks_of_markets(reading.guessed, reading.clauses)
    foreign = may_lead_away(reading)
    way_out = early_exit(reading.text, reading.clauses, certain=certain, foreign=foreign)
    if way_out is not None:
        return PlanDraft(intent=way_out, language=language)
    desk = Desk(
        request.vocabulary,
        names,
        request.horizon,
        language,
        {spec.name: frozenset(spec.input_schema.get("properties", ())) for spec in request.tools},
    )
    held = held_part(reading, names, request)
    if held.lacking and held.reading is None:
        return nothing_held(held.lacking, choices(reading.guessed, reading.clauses, desk), desk)
    if held.lacking:
        desk.note(f"unheld_{held.lacking}")
    reading = held.reading or reading
    kept = asking_clauses(reading.clauses)
    if len(kept) < len(reading.clauses):
        desk.note("out_of_part")
    return _plan(kept, reading, desk, last)


def _plan(
    clauses: tuple[Clause, ...], reading: Reading, desk: Desk, last: Turn | None
) -> PlanDraft:
    clauses = _with_supposed(clauses, reading)
    if last:
        clauses = with_own_sector(clauses, last, desk)
    excluded = excluded_groups(clauses)
    leaning = False
    if excluded:
        asks = _ranked_without(clauses, desk, last)
    else:
        asks = lean_on(clauses, last, desk) if last else ()
        leaning = bool(asks)
        completed = carried(clauses, last) if last and leaning else ()
        clauses = completed or with_pronouns(clauses, last, reading.text)
        asks = asks or tuple(ask for clause in clauses for ask in read_asks(clause, desk))
    named_wrong = bool(reading.strange.sectors) and reading.guessed.shares[OUTSIDE] < _SUPPOSED
    settled = excluded or leaning or named_wrong or asks_where_traded(reading.text)
    judged = "inside" if settled else verdict(reading, clauses, asks, spoken=bool(last))
    if judged == "outside":
        return PlanDraft(intent=OUTSIDE, language=desk.language)
    if judged == "doubtful":
        return clarify(desk.language, choices(reading.guessed, clauses, desk))
    lost = lost_names(clauses, desk, reading.strange)
    about_it = bool(reading.strange.sectors) and all(ask.intent in _OF_SECTORS for ask in asks)
    unclear = bool(reading.strange.sectors) and reading.guessed.label == "clarify"
    if lost and (not asks or unclear or (about_it and not _names_anything(clauses))):
        return clarify_name(lost[0], desk)
    if not (leaning or excluded or last) and _puzzles(clauses, reading):
        return clarify_name(reading.strange.words[0], desk)
    if asks and not leaning and not excluded:
        asks = without_overruled(asks, reading.guessed)
        asks = (*asks, *second_opinion(asks, reading.guessed, clauses, desk))
    asks = asks or _assumed(clauses, desk, reading)
    if not asks:
        return _unclear(clauses, reading, desk)
    return make_draft(asks, clauses, reading, desk, excluded, last)


def _unclear(clauses: tuple[Clause, ...], reading: Reading, desk: Desk) -> PlanDraft:
    """Return what a question without a known ask gets: a sure guess, a way out, or a question back."""
    guessed = reading.guessed
    asks = asks_of_guess(guessed, clauses, desk)
    if asks:
        return make_draft(asks, clauses, reading, desk, (), None)
    if guessed.label in _TALK and guessed.probability >= _SHORT_TALK:
        return PlanDraft(intent=guessed.label, language=desk.language)
    return clarify(desk.language, choices(guessed, clauses, desk))


def _puzzles(clauses: tuple[Clause, ...], reading: Reading) -> bool:
    """Whether the model is sure that an unknown word is what a question turns on."""
    unclear = reading.guessed.label == "clarify" and reading.guessed.probability >= _SUPPOSED
    named = _names_anything(clauses) or any(clause.entities.series for clause in clauses)
    return unclear and bool(reading.strange.words) and not named


def _with_supposed(clauses: tuple[Clause, ...], reading: Reading) -> tuple[Clause, ...]:
    """Return the clauses, their shocks taken as supposed where the model reads a scenario."""
    if reading.guessed.shares.get("scenario", 0.0) < _SUPPOSED:
        return clauses
    return tuple(replace(c, cues=c.cues | {"hypothetical"}) if c.shocks else c for c in clauses)


def _names_anything(clauses: tuple[Clause, ...]) -> bool:
    return any(c.sectors or c.symbols or c.entities.proxies for c in clauses)


def _assumed(clauses: tuple[Clause, ...], desk: Desk, reading: Reading) -> tuple[Ask, ...]:
    """Read what is left unsaid: that sectors are meant, that a shock is supposed."""
    asks: tuple[Ask, ...] = ()
    if len(reading.strange.words) <= sum(bool(c.windows) for c in clauses[:1]):
        asks = _about_sectors(clauses, desk)
    supposed = (replace(c, cues=c.cues | {"hypothetical"}) for c in clauses if c.shocks)
    return asks or tuple(ask for clause in supposed for ask in read_asks(clause, desk))


def _about_sectors(clauses: tuple[Clause, ...], desk: Desk) -> tuple[Ask, ...]:
    """Read a question that says what it wants but not of what ("what's hot?") as one about sectors."""
    return tuple(
        ask
        for clause in clauses
        if clause.has("heatmap", "forecast", "rotation", "rank") and not clause.has("offtopic")
        for ask in read_asks(replace(clause, cues=clause.cues | {"sector_word"}), desk)
    )


def _ranked_without(clauses: tuple[Clause, ...], desk: Desk, last: Turn | None) -> tuple[Ask, ...]:
    named = any(window.days > 1 for window in clauses[0].windows)
    horizon = desk.forecast_horizon(clauses[0]) if named or not last else last.horizon
    reason = say("why_forecast", desk.language)
    return (Ask("rotation", (Wanted("get_sector_forecast", {"horizon": horizon}, reason),)),)


def _chosen(text: str, last: Turn | None) -> str:
    """Return the choice that a bare number or its own words pick after a question back."""
    if last is None or last.clarification is None:
        return text
    picked = re.fullmatch(
        r"\W*(?:the |số |cái |lựa chọn |option |choice )?([1-3])\W*", text, re.IGNORECASE
    )
    offered = last.clarification.choices
    if picked and int(picked[1]) <= len(offered):
        return offered[int(picked[1]) - 1]
    return text
