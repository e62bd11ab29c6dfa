"""From what is asked to the draft of a plan: the calls kept, the intents, and what must be said."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from agent.brains.base import PlanDraft, PlannedCall
from agent.brains.offline.calls import LABEL_OF
from agent.brains.offline.names import sector_label

if TYPE_CHECKING:
    from agent.brains.base import Turn
    from agent.brains.offline.calls import Ask, Desk, Wanted
    from agent.brains.offline.clauses import Clause
    from agent.brains.offline.reading import Reading
    from agent.brief.model import Intent

_SUPPORTS = 2
_MOST_CALLS = 10
_SUPPORTED = 0.06
"""How likely the model must hold a second view to be asked for."""
_PLAIN = 0.6
"""How likely the one thing planned must be for a plan to stand as it is."""
_NUMERAL = re.compile(r"\d[\d.,]*\d|\d")
_SELF_CONTAINED = frozenset({"flow", "macro", "whale", "stock", "scenario", "backtest", "health"})
"""Intents whose own calls are the whole answer."""
_IN_A_BRIEF = frozenset({"macro", "flow", "whale", "rotation"})
"""What a whole brief already holds."""
_COMPLETED = frozenset({"forecast", "heatmap"})
"""Labels of what a plan for a ranking is completed with."""
_RANKED = frozenset({"forecast", "explain"})
"""Labels of what brings a scorecard along."""
_NEWS = "get_news_sentiment"


def make_draft(
    asks: tuple[Ask, ...],
    clauses: tuple[Clause, ...],
    reading: Reading,
    desk: Desk,
    excluded: tuple[str, ...],
    last: Turn | None,
) -> PlanDraft:
    """Return the draft of a plan for what is asked."""
    if any(ask.intent == "brief" for ask in asks):
        asks = tuple(ask for ask in asks if ask.intent not in _IN_A_BRIEF)
    asks = _less_echoes(asks, clauses, reading)
    calls = _calls(asks, reading)
    intents = _intents(asks)
    narrow = all(ask.narrow or ask.intent in _SELF_CONTAINED for ask in asks)
    narrow = narrow or (len(asks) > 1 and "brief" not in intents)
    complete = not excluded and (narrow or _is_plain(asks, calls, reading))
    if not complete:
        calls = _calls(asks, reading, completed=_COMPLETED)
    _say_homes(clauses, desk)
    _say_whose_rate(calls, desk)
    sectors, symbols = _names(clauses, last)
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
        complete=complete,
        quoted=tuple(dict.fromkeys(_NUMERAL.findall(reading.text))),
    )


def _less_echoes(
    asks: tuple[Ask, ...], clauses: tuple[Clause, ...], reading: Reading
) -> tuple[Ask, ...]:
    """Return the asks less "which sectors suffer" behind a shock, which the shock itself answers."""
    shocked = any(ask.intent == "scenario" for ask in asks)
    timed = any(clause.windows for clause in clauses)
    if not shocked or timed or reading.guessed.shares.get("scenario", 0.0) < _PLAIN:
        return asks
    return tuple(ask for ask in asks if ask.intent not in {"rotation", "compare"})


def _intents(asks: tuple[Ask, ...]) -> tuple[Intent, ...]:
    """Return the intents of the asks, a whole brief first; news beside others speaks for itself."""
    spoken = [ask for ask in asks if any(w.tool != _NEWS for w in ask.wanted)] or list(asks)
    intents = tuple(dict.fromkeys(ask.intent for ask in spoken))
    if "brief" in intents:
        return ("brief", *(intent for intent in intents if intent != "brief"))
    return intents


def _names(
    clauses: tuple[Clause, ...], last: Turn | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the sectors and shares the question is about, those of the last one for "why?"."""
    sectors = tuple(dict.fromkeys(code for clause in clauses for code in clause.sectors))
    symbols = tuple(dict.fromkeys(s for c in clauses for s in (*c.symbols, *c.entities.proxies)))
    if last and not sectors and not symbols and any(c.has("explain", "pronoun") for c in clauses):
        sectors = last.sectors
    return sectors, symbols


def _is_plain(asks: tuple[Ask, ...], calls: tuple[PlannedCall, ...], reading: Reading) -> bool:
    """Whether one ranking is asked for and the model reads it the same way."""
    labels = {LABEL_OF[call.tool] for call in calls}
    alone = len(asks) == 1 and asks[0].intent in {"rotation", "explain"}
    alone = alone and not labels.isdisjoint(_RANKED)  # the others need the scorecard beside them
    shares = reading.guessed.shares
    return alone and sum(shares.get(label, 0.0) for label in labels) >= _PLAIN


def _calls(
    asks: tuple[Ask, ...], reading: Reading, *, completed: frozenset[str] = frozenset()
) -> tuple[PlannedCall, ...]:
    """Return the calls of all asks: none twice, one macro call, supports where there is room.

    Of the supports those that the model holds likely are kept, and those with a label in `completed`,
    which would be added with windows that the question did not name.
    """
    wanted = [w for ask in asks for w in ask.wanted]
    firm = _without_repeats([w for w in wanted if not w.support])
    tools = {w.tool for w in firm}
    supports = [
        w for w in _without_repeats([w for w in wanted if w.support]) if w.tool not in tools
    ]
    shares = reading.guessed.shares
    likely = [
        w
        for w in supports
        if LABEL_OF[w.tool] in completed or shares.get(LABEL_OF[w.tool], 0.0) >= _SUPPORTED
    ]
    likely.sort(key=lambda w: (LABEL_OF[w.tool] in completed, -shares.get(LABEL_OF[w.tool], 0.0)))
    if not firm:
        likely = likely or supports
    chosen = [*firm[:_MOST_CALLS], *likely[:_SUPPORTS]]
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


def _say_whose_rate(calls: tuple[PlannedCall, ...], desk: Desk) -> None:
    for call in calls:
        listed = call.arguments.get("indicator_list", ())
        if "InterestRate" in listed and "FED_RATE" in listed:
            desk.note("american_rate")


def _say_homes(clauses: tuple[Clause, ...], desk: Desk) -> None:
    for clause in clauses:
        for words, code in clause.entities.homes:
            label = sector_label(desk.vocabulary, code, desk.language)
            said, name = words.casefold(), label.casefold()
            if said not in name and name not in said:
                desk.note("home", words=words, sector=label)
