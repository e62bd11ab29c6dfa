"""Whether a question lies outside what a market answers: the model's odds against the market's words.

Rules name what is surely outside (:mod:`agent.brains.offline.outside`); here the linear model speaks
where they are silent. The more a question says of a market, the surer the model has to be.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.brains.offline.calls import Ask
    from agent.brains.offline.classifier import Guess
    from agent.brains.offline.clauses import Clause

OUTSIDE = "out_of_scope"
_WEAK_CUES = frozenset(
    {
        "forecast", "rank", "price", "pronoun", "followup", "smalltalk", "compare", "individuals", "hold", "up",
        "down", "search", "stock_word", "explain", "hypothetical", "exclude", "help", "analyse", "market_word",
        "outflow_word", "belongs", "correction", "brief", "news", "macro",
    }
)  # fmt: skip
"""Cues of words that every other topic uses too."""
_NOTHING_ASKED, _MENTIONED, _TIMED, _ASKED = 0.28, 0.5, 0.65, 0.85
"""How likely "outside" must be: where nothing, a mere name, a name and a time, or a market question stands."""
_NONSENSE = 0.75
"""How likely it must be where no word of the question belongs to a topic of its own."""
_CERTAIN, _UNLIKELY, _DOUBTFUL = 0.8, 0.05, 0.2
_ADVICE = re.compile(r"\b(?:should|worry|worried|ok to|nên|nen|lo không|có sao không)\b")
"""Whoever holds the share: what to do with it is asked of the market."""
_PERSONAL = frozenset({"kin", "private", "person_role", "belief", "body"})
_PERSONAL_DISCOUNT = 0.15


def lies_elsewhere(
    guessed: Guess, clauses: tuple[Clause, ...], asks: tuple[Ask, ...], topics: tuple[str, ...]
) -> bool:
    """Return whether a question is about something that no market answers."""
    least = _needed(clauses, asks, topics)
    advice = any(c.symbols and _ADVICE.search(c.text.casefold()) for c in clauses)
    if advice:
        return guessed.shares[OUTSIDE] >= _ASKED
    if not _PERSONAL.isdisjoint(topics):
        least -= _PERSONAL_DISCOUNT
    return guessed.shares[OUTSIDE] >= least


def speaks_of_markets(guessed: Guess, clauses: tuple[Clause, ...]) -> bool:
    """Return whether a question is certainly about markets, so that a lone foreign word counts for nothing."""
    if guessed.label in {OUTSIDE, "clarify", "smalltalk", "help"}:
        return False
    if guessed.shares[OUTSIDE] <= _UNLIKELY and guessed.probability >= _CERTAIN:
        return True
    asks_ranking = any(c.has("sector_word") and c.has("rank") for c in clauses)
    return asks_ranking and guessed.shares[OUTSIDE] < _DOUBTFUL


def _needed(clauses: tuple[Clause, ...], asks: tuple[Ask, ...], topics: tuple[str, ...]) -> float:
    if not asks:
        return _NOTHING_ASKED if topics else _NONSENSE
    if not _only_mentions(clauses):
        return _ASKED if any(map(_is_definite, clauses)) else _TIMED
    named = any(c.sectors or c.symbols or c.entities.proxies for c in clauses)
    if named and any(c.has("hold", "forecast_strong") for c in clauses):
        return _ASKED
    return _TIMED if any(c.windows for c in clauses) else _MENTIONED


def _is_definite(clause: Clause) -> bool:
    """Whether a clause says something that only a market question says."""
    strong = any(cue.endswith("_strong") for cue in clause.cues)
    return (
        strong
        or bool(clause.entities.series or clause.shocks)
        or clause.has("index", "sector_word")
    )


def _only_mentions(clauses: tuple[Clause, ...]) -> bool:
    """Whether nothing but names and words of any topic made a question look like one."""
    return all(clause.cues <= _WEAK_CUES and not clause.entities.series for clause in clauses)
