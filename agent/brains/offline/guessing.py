"""What the linear model's guess is good for: a plan when it is sure, else choices to offer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from agent.brains.offline.asks import read_asks
from agent.brains.offline.names import sector_label
from agent.brains.offline.wholes import full_brief
from agent.brains.offline.words import say

if TYPE_CHECKING:
    from agent.brains.offline.calls import Ask, Desk
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
}
_OFFERED = 3
_DOMAIN = ("market_word", "sector_word", "stock_word", "up", "down", "brief", "price")
"""Without one of these even a sure guess is asked back: letters alone tell little."""


def asks_of_guess(guessed: Guess, clauses: tuple[Clause, ...], desk: Desk) -> tuple[Ask, ...]:
    """Return the asks of a sure guess, with the slots the question names."""
    if not guessed.sure or guessed.label not in {*_CUE_OF, "brief"}:
        return ()
    if not any(c.sectors or c.has(*_DOMAIN) for c in clauses):
        return ()
    if guessed.label == "brief":
        return (full_brief(clauses[0], desk),)
    clause = replace(clauses[0], cues=clauses[0].cues | set(_CUE_OF[guessed.label]))
    return read_asks(clause, desk)


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
        if label not in {"out_of_scope", "smalltalk", "stock"}:
            offered.append(say(f"choice_{label}", desk.language))
    return tuple(offered[:_OFFERED])
