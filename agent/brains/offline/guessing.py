"""What the linear model's guess is good for: a plan when it is sure, else choices to offer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from agent.brains.offline.asks import read_asks
from agent.brains.offline.calls import LABEL_OF, Ask, as_support
from agent.brains.offline.names import sector_label
from agent.brains.offline.wholes import full_brief
from agent.brains.offline.words import say

if TYPE_CHECKING:
    from agent.brains.offline.calls import Desk
    from agent.brains.offline.classifier import Guess
    from agent.brains.offline.clauses import Clause

_CUE_OF = {
    "market": ("market", "market_strong"),
    "heatmap": ("heatmap", "heatmap_strong"),
    "rotation": ("rotation", "rotation_strong"),
    "forecast": ("forecast", "forecast_strong"),
    "flow": ("flow", "flow_strong"),
    "whale": ("whale", "whale_strong"),
    "macro": ("macro",),
    "health": ("health", "health_strong"),
    "track": ("track",),
    "explain": ("explain", "explain_strong"),
    "scenario": ("hypothetical", "hypothetical_strong"),
    "backtest": ("backtest", "backtest_strong"),
    "search": ("search", "search_strong"),
    "news": ("news", "news_strong"),
}
_OFFERED = 3
_CERTAIN, _UNLIKELY, _BESIDE_OTHERS = 0.5, 0.05, 0.3
"""How likely the one thing must be that unseats a brief, and what a brief must have to stand."""
_SECOND = 0.5
"""How likely the model must hold what the rules do not see."""
_DOMAIN = ("market_word", "sector_word", "stock_word", "up", "down", "brief", "price")
"""Without one of these even a sure guess is asked back: letters alone tell little."""


def asks_of_guess(guessed: Guess, clauses: tuple[Clause, ...], desk: Desk) -> tuple[Ask, ...]:
    """Return the asks of a sure guess, with the slots the question names."""
    if not guessed.sure or guessed.label not in {*_CUE_OF, "brief"}:
        return ()
    timed = guessed.label == "market" and any(c.windows for c in clauses)
    if not (timed or any(c.sectors or c.has(*_DOMAIN) for c in clauses)):
        return ()
    if guessed.label == "brief":
        return (full_brief(clauses[0], desk),)
    clause = replace(clauses[0], cues=clauses[0].cues | set(_CUE_OF[guessed.label]))
    return read_asks(clause, desk)


def without_overruled(asks: tuple[Ask, ...], guessed: Guess) -> tuple[Ask, ...]:
    """Return the asks less a whole brief that the model is sure nobody wants."""
    likely = guessed.shares.get("brief", 0.0)
    others = any(ask.intent != "brief" for ask in asks)
    certain = guessed.label in _CUE_OF and guessed.probability >= _CERTAIN
    if likely >= _BESIDE_OTHERS or (likely >= _UNLIKELY and not others):
        return asks
    if not others and not certain:
        return asks
    return tuple(ask for ask in asks if ask.intent != "brief")


def second_opinion(
    asks: tuple[Ask, ...], guessed: Guess, clauses: tuple[Clause, ...], desk: Desk
) -> tuple[Ask, ...]:
    """Return what the model reads in a question and the rules do not, as a support of theirs."""
    planned = {LABEL_OF[w.tool] for ask in asks for w in ask.wanted}
    known = guessed.label in _CUE_OF and guessed.probability >= _SECOND
    if not known or guessed.label in planned or any(a.intent == "brief" for a in asks):
        return ()
    told = replace(clauses[0], cues=frozenset(_CUE_OF[guessed.label]) | _kept(clauses))
    found = read_asks(told, desk)
    return tuple(
        Ask(
            asks[0].intent if asks else ask.intent,
            tuple(as_support(w) for w in ask.wanted if not w.support),
            narrow=True,
        )
        for ask in found
        if {LABEL_OF[w.tool] for w in ask.wanted if not w.support} == {guessed.label}
    )


def _kept(clauses: tuple[Clause, ...]) -> frozenset[str]:
    """Return the cues that say what is asked about, not what of it."""
    return clauses[0].cues & {"sector_word", "rank", "up", "down", "market_word"}


def choices(guessed: Guess, clauses: tuple[Clause, ...], desk: Desk) -> tuple[str, ...]:
    """Return at most three questions the reader may have meant, likeliest first."""
    sectors = [code for clause in clauses for code in clause.sectors]
    offered = []
    if sectors:
        label = sector_label(desk.vocabulary, sectors[0], desk.language)
        offered = [
            say("choice_sector", desk.language, name=label),
            say("choice_sector_flow", desk.language, name=label),
        ]
    for label in guessed.ranking:
        if label not in {"out_of_scope", "smalltalk", "stock", "clarify", "news"}:
            offered.append(say(f"choice_{label}", desk.language))
    return tuple(offered[:_OFFERED])
