"""Whether a question lies outside what a market answers: the model's odds against the market's words.

Rules name what is surely outside (:mod:`agent.brains.offline.outside`); here the linear model speaks
where they are silent. The more a question says of a market, the surer the model has to be.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from agent.brains.offline.classifier import OUTSIDE
from agent.brains.offline.features import WEAK_CUES

if TYPE_CHECKING:
    from agent.brains.offline.calls import Ask
    from agent.brains.offline.classifier import Guess
    from agent.brains.offline.clauses import Clause
    from agent.brains.offline.reading import Reading

_NOTHING_ASKED, _MENTIONED, _TIMED, _ASKED = 0.28, 0.5, 0.65, 0.85
"""How likely "outside" must be: where nothing, a mere name, a name and a time, or a market question stands."""
_NONSENSE = 0.75
"""How likely it must be where no word of the question belongs to a topic of its own."""
_CERTAIN, _UNLIKELY, _DOUBTFUL = 0.8, 0.05, 0.2
_LONE, _BACKED, _PLAIN = 0.75, 0.88, 0.9
"""How likely it must be by inside against outside: beside at most one notion of a market, beside more, on its own."""
_BORNE_OUT = 0.6
"""How likely it must be for the verdict of the fit of all tools to stand."""
_ADVICE = re.compile(r"\b(?:should|worry|worried|ok to|nên|nen|lo không|có sao không)\b")
"""Whoever holds the share: what to do with it is asked of the market."""
_PERSONAL = frozenset({"kin", "private", "person_role", "belief", "body"})
_PERSONAL_DISCOUNT = 0.15
_LITERAL = frozenset({"other_assets", "trade_act", "planner"})
_SEVERAL = 2
"""Shares named in one breath that only a market question names."""


Verdict = Literal["inside", "doubtful", "outside"]


def verdict(
    reading: Reading, clauses: tuple[Clause, ...], asks: tuple[Ask, ...], *, spoken: bool = False
) -> Verdict:
    """Return whether a question is about something that no market answers.

    Two fits speak: one that weighs outside against every tool, and one that knows only inside and
    outside. The latter has to be the surer the more notions of a market back each other; where nothing
    but a likelihood speaks, the question is doubtful and better asked back than answered or refused.
    What follows other questions (``spoken``) leans on them and must be plainly elsewhere.
    """
    guessed = reading.guessed
    if not reading.topics and any(ask.intent == "portfolio" for ask in asks):
        # "my portfolio" sounds private, but what to hold in it is what sectors are asked about for
        return "inside"
    likely = guessed.outside
    if _is_told(reading, clauses, asks):
        sure = likely >= _BORNE_OUT or guessed.shares[OUTSIDE] >= _CERTAIN
        return "outside" if sure else "doubtful"
    least = _LONE if _backing(reading, clauses) <= 1 else _BACKED
    unlisted = bool(reading.strange.sectors)
    if unlisted or _asks_advice(clauses) or likely < (_PLAIN if spoken else least):
        return "inside"
    return "outside" if reading.topics or likely >= _PLAIN else "doubtful"


def may_lead_away(reading: Reading) -> bool:
    """Return whether a word of another topic counts although the question names something of a market.

    What cannot be meant as an image ("blockchain", "bitcoin") always does; the weather of a sector not.
    """
    images = set(reading.topics) - _LITERAL
    return not images or reading.guessed.outside >= _LONE


def _is_told(reading: Reading, clauses: tuple[Clause, ...], asks: tuple[Ask, ...]) -> bool:
    """Whether the fit of all tools holds that a question lies outside."""
    share = reading.guessed.shares[OUTSIDE]
    if _asks_advice(clauses):
        return share >= _ASKED
    if len({symbol for c in clauses for symbol in c.symbols}) >= _SEVERAL:
        return share >= _ASKED
    least = _needed(clauses, asks, reading.topics)
    if not _PERSONAL.isdisjoint(reading.topics):
        least -= _PERSONAL_DISCOUNT
    return share >= least


def _masks(reading: Reading) -> bool:
    return any(notion.isupper() for notion in reading.notions)


def _asks_advice(clauses: tuple[Clause, ...]) -> bool:
    return any(c.symbols and _ADVICE.search(c.text.casefold()) for c in clauses)


def _backing(reading: Reading, clauses: tuple[Clause, ...]) -> int:
    """How many notions of a market a question holds: a lone one may be a homonym, and times say nothing."""
    named = [name for c in clauses for name in (*c.symbols, *c.sectors, *c.entities.series)]
    return max(len(set(named)), len(reading.notions) + (bool(named) and not _masks(reading)))


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
    return all(clause.cues <= WEAK_CUES and not clause.entities.series for clause in clauses)
