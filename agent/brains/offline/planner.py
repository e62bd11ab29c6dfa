"""From a question to a plan: the table of contents of the offline brain's understanding."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import process

from agent.brains.base import PlanDraft, PlannedCall
from agent.brains.offline.asks import read_asks
from agent.brains.offline.calls import Ask, Desk, Wanted
from agent.brains.offline.classifier import guess
from agent.brains.offline.clauses import Clause, read_clauses
from agent.brains.offline.dialogue import asking_clauses, early_exit
from agent.brains.offline.followups import (
    excluded_groups,
    lean_on,
    with_own_sector,
    with_pronouns,
)
from agent.brains.offline.guessing import asks_of_guess, choices
from agent.brains.offline.language import detect_language
from agent.brains.offline.matching import correct_spelling, find_matches
from agent.brains.offline.names import market_names, sector_label
from agent.brains.offline.text import clean, spelled_out, tokenize
from agent.brains.offline.unknown import unknown_sectors, unknown_tickers, unknown_words
from agent.brains.offline.words import say
from agent.brief.model import Clarification

if TYPE_CHECKING:
    from agent.brains.base import PlanRequest, Turn
    from agent.brief.model import Language

_SUPPORTS = 2
_MANY_STRANGE = 3
"""Unknown words that make an unsure guess of another topic count."""
_MOST_CALLS = 10
_NEAREST = 3
_NUMERAL = re.compile(r"\d[\d.,]*\d|\d")
_SELF_CONTAINED = frozenset({"flow", "macro", "whale", "stock", "scenario", "backtest", "health"})
"""Intents whose own calls are the whole answer."""
_ELSEWHERE = frozenset({"out_of_scope", "smalltalk"})
_OF_SECTORS = frozenset({"rotation", "compare", "explain", "flow", "whale", "portfolio"})
_IN_A_BRIEF = frozenset({"macro", "flow", "whale", "rotation"})
"""What a whole brief already holds."""


def plan_question(request: PlanRequest) -> PlanDraft:
    """Return the plan of a question; deterministic, and never an error whatever the text."""
    last = request.history[-1] if request.history else None
    text = _chosen(clean(request.question), last)
    names = market_names(request.vocabulary)
    text = spelled_out(text)
    tokens = correct_spelling(tokenize(text), names)
    spoken = detect_language(tokens) if tokens else None
    language: Language = request.language or spoken or (last.language if last else "en")
    if not tokens:
        return _clarify(language, ())
    matches = find_matches(tokens, names, spoken)
    clauses = read_clauses(text, tokens, matches, names, request.as_of)
    way_out = early_exit(text, clauses)
    if way_out is not None:
        return PlanDraft(intent=way_out, language=language)
    desk = Desk(request.vocabulary, names, request.horizon, language)
    kept = asking_clauses(clauses)
    if len(kept) < len(clauses):
        desk.note("out_of_part")
    strange = Strange(
        unknown_words(tokens, matches),
        unknown_sectors(tokens, matches, names),
        unknown_tickers(tokens, matches, names),
    )
    return _plan(request, kept, text, desk, last, strange)


class Strange(NamedTuple):
    """What of a question the planner does not know."""

    words: tuple[str, ...]
    sectors: tuple[str, ...]
    tickers: tuple[str, ...]


def _plan(
    request: PlanRequest,
    clauses: tuple[Clause, ...],
    text: str,
    desk: Desk,
    last: Turn | None,
    strange: Strange,
) -> PlanDraft:
    if last:
        clauses = with_own_sector(clauses, last, desk)
    excluded = excluded_groups(clauses)
    if excluded:
        asks = _ranked_without(clauses, desk, last)
    else:
        asks = lean_on(clauses, last, desk) if last else ()
        clauses = (asks and clauses) or with_pronouns(clauses, last, text)
        asks = asks or tuple(ask for clause in clauses for ask in read_asks(clause, desk))
    if asks and not last and _lies_elsewhere(text, clauses, strange):
        return PlanDraft(intent="out_of_scope", language=desk.language)
    lost = _lost(clauses, desk, strange)
    about_it = bool(strange.sectors) and all(ask.intent in _OF_SECTORS for ask in asks)
    if lost and (not asks or (about_it and not _names_anything(clauses))):
        return _clarify_names(request, desk, lost)
    asks = asks or _assumed(clauses, desk, strange)
    if not asks:
        guessed = guess(text)
        asks = asks_of_guess(guessed, clauses, desk)
        told = guessed.sure and (bool(strange.words) or guessed.label != "out_of_scope")
        if not asks and guessed.label in {"out_of_scope", "smalltalk", "help"} and told:
            return PlanDraft(intent=guessed.label, language=desk.language)
        if not asks:
            return _clarify(desk.language, choices(guessed, clauses, desk))
    return _draft(asks, clauses, text, desk, excluded, last)


def _bare(clauses: tuple[Clause, ...]) -> bool:
    """Whether names stand in a question that asks nothing the planner knows."""
    return not any(c.windows or c.has("explain", "forecast", "compare", "hold") for c in clauses)


def _names_anything(clauses: tuple[Clause, ...]) -> bool:
    return any(c.sectors or c.symbols or c.entities.proxies for c in clauses)


def _lies_elsewhere(text: str, clauses: tuple[Clause, ...], strange: Strange) -> bool:
    """Whether names are only mentioned in a question whose other words belong to another topic."""
    if not _only_mentions(clauses):
        return False
    guessed = guess(text)
    least = 1 if guessed.sure else 2 if _bare(clauses) else _MANY_STRANGE
    return guessed.label in _ELSEWHERE and len(strange.words) >= least


def _assumed(clauses: tuple[Clause, ...], desk: Desk, strange: Strange) -> tuple[Ask, ...]:
    """Read what is left unsaid: that sectors are meant, that a shock is supposed."""
    asks: tuple[Ask, ...] = ()
    if len(strange.words) <= sum(bool(c.windows) for c in clauses[:1]):
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


_WEAK_CUES = frozenset(
    {
        "forecast", "rank", "price", "pronoun", "followup", "smalltalk", "compare",
        "hold", "up", "down", "search", "stock_word", "explain", "hypothetical", "exclude", "help",
    }
)  # fmt: skip


def _only_mentions(clauses: tuple[Clause, ...]) -> bool:
    """Whether nothing but the mention of a sector or a weak word made a question look like one."""
    return all(
        clause.cues <= _WEAK_CUES and not clause.symbols and not clause.entities.series
        for clause in clauses
    )


def _ranked_without(clauses: tuple[Clause, ...], desk: Desk, last: Turn | None) -> tuple[Ask, ...]:
    horizon = desk.forecast_horizon(clauses[0]) if clauses[0].windows or not last else last.horizon
    reason = say("why_forecast", desk.language)
    return (Ask("rotation", (Wanted("get_sector_forecast", {"horizon": horizon}, reason),)),)


def _draft(
    asks: tuple[Ask, ...],
    clauses: tuple[Clause, ...],
    text: str,
    desk: Desk,
    excluded: tuple[str, ...],
    last: Turn | None,
) -> PlanDraft:
    if any(ask.intent == "brief" for ask in asks):
        asks = tuple(ask for ask in asks if ask.intent not in _IN_A_BRIEF)
    intents = tuple(dict.fromkeys(ask.intent for ask in asks))
    if "brief" in intents:
        intents = ("brief", *(intent for intent in intents if intent != "brief"))
    sectors = tuple(dict.fromkeys(code for clause in clauses for code in clause.sectors))
    symbols = tuple(dict.fromkeys(s for c in clauses for s in (*c.symbols, *c.entities.proxies)))
    if last and not sectors and not symbols and any(c.has("explain", "pronoun") for c in clauses):
        sectors = last.sectors
    calls = _calls(asks)
    _say_homes(clauses, desk)
    for name in calls:
        listed = name.arguments.get("indicator_list", ())
        if "InterestRate" in listed and "FED_RATE" in listed:
            desk.note("american_rate")
    return PlanDraft(
        intent=intents[0],
        intents=intents,
        language=desk.language,
        calls=calls,
        horizon=desk.horizon,
        sectors=sectors,
        symbols=symbols,
        exclude_groups=excluded,
        notes=tuple(desk.notes),
        complete=not excluded and all(a.narrow or a.intent in _SELF_CONTAINED for a in asks),
        quoted=tuple(dict.fromkeys(_NUMERAL.findall(text))),
    )


def _calls(asks: tuple[Ask, ...]) -> tuple[PlannedCall, ...]:
    """Return the calls of all asks: none twice, one macro call, supports where there is room."""
    wanted = [w for ask in asks for w in ask.wanted]
    firm = _without_repeats([w for w in wanted if not w.support])
    tools = {w.tool for w in firm}
    supports = [
        w for w in _without_repeats([w for w in wanted if w.support]) if w.tool not in tools
    ]
    chosen = [*firm[:_MOST_CALLS], *supports[:_SUPPORTS]]
    return tuple(PlannedCall(tool=w.tool, arguments=w.arguments, reason=w.reason) for w in chosen)


def _without_repeats(wanted: list[Wanted]) -> list[Wanted]:
    series = dict.fromkeys(
        name
        for w in wanted
        if w.tool == "get_macro_indicators"
        for name in w.arguments["indicator_list"]
    )
    found: list[Wanted] = []
    for w in wanted:
        kept = w
        if w.tool == "get_macro_indicators":
            kept = replace(w, arguments={"indicator_list": list(series)})
        if not any(kept.tool == f.tool and kept.arguments == f.arguments for f in found):
            found.append(kept)
    return found


def _say_homes(clauses: tuple[Clause, ...], desk: Desk) -> None:
    for clause in clauses:
        for words, code in clause.entities.homes:
            label = sector_label(desk.vocabulary, code, desk.language)
            if (
                words.casefold() not in label.casefold()
                and label.casefold() not in words.casefold()
            ):
                desk.note("home", words=words, sector=label)


def _lost(clauses: tuple[Clause, ...], desk: Desk, strange: Strange) -> tuple[str, ...]:
    """Note the names this market does not know, with the nearest it does; return them."""
    lost = []
    labels = [sector_label(desk.vocabulary, s.code, desk.language) for s in desk.vocabulary.sectors]
    for words in strange.sectors:
        desk.note("lost_sector", words=words, near=_near(words, labels, desk.language))
        lost.append(words)
    for words in strange.tickers:
        known = [s.symbol for s in desk.vocabulary.symbols]
        desk.note("lost_symbol", words=words, near=_near(words, known, desk.language))
        lost.append(words)
    for clause in clauses:
        for words in clause.entities.lost_sectors:
            desk.note("lost_sector", words=words, near=_near(words, labels, desk.language))
            lost.append(words)
        for words in clause.entities.lost_symbols:
            known = [s.symbol for s in desk.vocabulary.symbols]
            desk.note("lost_symbol", words=words, near=_near(words.upper(), known, desk.language))
            lost.append(words)
    return tuple(lost)


def _near(words: str, known: list[str], language: Language) -> str:
    found = process.extract(words, sorted(known), limit=_NEAREST)
    return ", ".join(name for name, _, _ in found) or say("none", language)


def _clarify_names(request: PlanRequest, desk: Desk, lost: tuple[str, ...]) -> PlanDraft:
    words = lost[0]
    stocks = [s.symbol for s in request.vocabulary.symbols if s.kind == "stock"]
    near = [name for name, _, _ in process.extract(words.upper(), sorted(stocks), limit=_NEAREST)]
    offered = [say("choice_stock", desk.language, name=name) for name in near]
    if not words.isupper() or not offered:
        labels = [
            sector_label(desk.vocabulary, s.code, desk.language) for s in desk.vocabulary.sectors
        ]
        close = [name for name, _, _ in process.extract(words, sorted(labels), limit=_NEAREST)]
        offered = [say("choice_sector", desk.language, name=name) for name in close] or offered
    return PlanDraft(
        intent="clarify",
        language=desk.language,
        clarification=Clarification(
            question=say("clarify_name", desk.language, words=words), choices=tuple(offered[:3])
        ),
        notes=tuple(desk.notes),
    )


def _clarify(language: Language, offered: tuple[str, ...]) -> PlanDraft:
    fallback = tuple(say(f"choice_{name}", language) for name in ("forecast", "market", "help"))
    return PlanDraft(
        intent="clarify",
        language=language,
        clarification=Clarification(
            question=say("clarify", language), choices=(offered or fallback)[:3]
        ),
    )


def _chosen(text: str, last: Turn | None) -> str:
    """Return the choice that a bare number or its own words pick after a question back."""
    if last is None or last.clarification is None:
        return text
    picked = re.fullmatch(
        r"\W*(?:the |số |cái |lựa chọn |option |choice )?([1-3])\W*", text, re.IGNORECASE
    )
    choices_ = last.clarification.choices
    if picked and int(picked[1]) <= len(choices_):
        return choices_[int(picked[1]) - 1]
    return text
