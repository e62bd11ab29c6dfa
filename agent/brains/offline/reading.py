"""A question as it was read: its clauses, what of it is unknown, and what the model makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from agent.brains.offline.classifier import guess
from agent.brains.offline.clauses import read_clauses
from agent.brains.offline.features import domain_notions, features, topics
from agent.brains.offline.language import detect_language
from agent.brains.offline.matching import correct_spelling, find_matches
from agent.brains.offline.phrasing import plainly
from agent.brains.offline.text import spelled_out, tokenize
from agent.brains.offline.unknown import unknown_sectors, unknown_tickers, unknown_words

if TYPE_CHECKING:
    from datetime import date

    from agent.brains.offline.classifier import Guess
    from agent.brains.offline.clauses import Clause
    from agent.brains.offline.names import MarketNames
    from agent.brief.model import Language


class Strange(NamedTuple):
    """What of a question the planner does not know."""

    words: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    tickers: tuple[str, ...] = ()


class Reading(NamedTuple):
    """What a question says."""

    text: str
    spoken: Language | None
    """Its language; None where nothing tells."""
    clauses: tuple[Clause, ...]
    strange: Strange
    topics: tuple[str, ...]
    """Foreign topics its words belong to."""
    notions: frozenset[str]
    """What its words say of a market, each once; a lone one may be a homonym."""
    guessed: Guess


def read_question(text: str, names: MarketNames, as_of: date) -> Reading | None:
    """Return what a cleaned question says; None where it has no words."""
    written = spelled_out(plainly(text))
    tokens = correct_spelling(tokenize(written), names)
    if not tokens:
        return None
    spoken = detect_language(tokens)
    matches = find_matches(tokens, names, spoken)
    return Reading(
        text=written,
        spoken=spoken,
        clauses=read_clauses(written, tokens, matches, names, as_of),
        strange=Strange(
            unknown_words(tokens, matches),
            unknown_sectors(tokens, matches, names),
            unknown_tickers(tokens, matches, names),
        ),
        topics=topics(tokens, matches, spoken),
        notions=domain_notions(matches),
        guessed=guess(features(tokens, matches, names, spoken)),
    )
