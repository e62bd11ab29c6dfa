"""What the linear model sees of a question: its words without its names, its cues, its foreign topics.

Names are masked ("SECTOR", "TICKER", "SERIES", "PERIOD"), so that what was learnt of banks holds for
steel. Topics are the senses of ``lexicon/topics.toml``: evidence of a question about something else.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from agent.brains.offline.lexicon import everyday, topic_phrases
from agent.brains.offline.matching import fits
from agent.brains.offline.text import fold
from agent.brains.offline.unknown import unknown_words

if TYPE_CHECKING:
    from agent.brains.offline.lexicon import Phrase
    from agent.brains.offline.matching import Match
    from agent.brains.offline.names import MarketNames
    from agent.brains.offline.text import Token
    from agent.brief.model import Language

_MASKS = {
    "sector": "SECTOR",
    "concept": "SECTOR",
    "company": "TICKER",
    "symbol": "TICKER",
    "series": "SERIES",
    "own_series": "SERIES",
    "period": "PERIOD",
}
WEAK_CUES = frozenset(
    {
        "forecast", "rank", "price", "pronoun", "followup", "smalltalk", "compare", "individuals", "hold", "up",
        "down", "search", "stock_word", "explain", "hypothetical", "exclude", "help", "analyse", "market_word",
        "outflow_word", "belongs", "correction", "brief", "news", "macro",
    }
)  # fmt: skip
"""Cues of words that every other topic uses too."""
_CROSSED = frozenset(
    {"sector_word", "rank", "explain", "flow", "whale", "hypothetical", "price", *_MASKS.values()}
)
"""Cues that are learnt in pairs with every other."""
_MOST_STRANGE = 3
_PARTS = 5
"""Fifths of a question that may be unknown words."""
_MOST_NOTIONS = 4
_SIZES = (3, 4)
_TICKER_LENGTHS = (3, 4)


def features(
    tokens: tuple[Token, ...],
    matches: tuple[Match, ...],
    names: MarketNames,
    language: Language | None,
) -> Counter[str]:
    """Count the words, word pairs, groups of letters, cues and topics of a question."""
    words = _masked(tokens, matches, names)
    found: Counter[str] = Counter(f"w:{word}" for word in words)
    found.update(f"w:{a} {b}" for a, b in pairwise(("^", *words, "$")))
    for word in words:
        if not word.isupper():
            padded = f" {word} "
            found.update(
                f"c:{padded[i : i + n]}" for n in _SIZES for i in range(len(padded) - n + 1)
            )
    found.update(_notions(matches, words))
    found.update(f"t:{topic}" for topic in topics(tokens, matches, language))
    strange = len(unknown_words(tokens, matches))
    found[f"u:{min(strange, _MOST_STRANGE)}"] += 1
    found[f"g:{round(_PARTS * strange / max(len(tokens), 1))}"] += 1
    found[f"n:{min(len(domain_notions(matches)), _MOST_NOTIONS)}"] += 1
    return found


def topics(
    tokens: tuple[Token, ...], matches: tuple[Match, ...], language: Language | None
) -> tuple[str, ...]:
    """Return the foreign topics that the words of a question belong to, each once."""
    named = {at for m in matches if _mask(m) for at in range(m.first, m.last)}
    found = dict.fromkeys(topic for m in matches for topic in m.notions("topic"))
    for at, token in enumerate(tokens):
        if at in named:
            continue
        for entry in _lone_topics().get(token.key, ()):
            if fits(entry, tokens, at, language):
                found.update(dict.fromkeys(tag.partition(":")[2] for tag in entry.tags))
    return tuple(found)


def domain_notions(matches: tuple[Match, ...]) -> frozenset[str]:
    """Return what the phrases of a question say of a market, one entry a phrase, each once.

    A word of every topic ("price", "up", "will") says nothing; a lone phrase may be a homonym. The
    entry of a phrase holds all its notions, so that one word is never counted as two.
    """
    found: dict[int, set[str]] = {}
    for match in matches:
        cues = {cue.removesuffix("_strong") for cue in match.notions("cue")} - WEAK_CUES
        own = {_mask(match)} if _mask(match) else cues
        found.setdefault(match.first, set()).update(own - {"offtopic", "PERIOD"})
    return frozenset("+".join(sorted(notions)) for notions in found.values() if notions)


@cache
def _lone_topics() -> dict[str, tuple[Phrase, ...]]:
    found: dict[str, list[Phrase]] = {}
    for entry in topic_phrases():
        if len(entry.keys) == 1:
            found.setdefault(entry.keys[0], []).append(entry)
    return {word: tuple(entries) for word, entries in found.items()}


def _mask(match: Match) -> str:
    kinds = [tag.partition(":")[0] for tag in match.tags]
    return next((_MASKS[kind] for kind in kinds if kind in _MASKS), "")


def _masked(
    tokens: tuple[Token, ...], matches: tuple[Match, ...], names: MarketNames
) -> tuple[str, ...]:
    masks = {at: _mask(m) for m in matches if _mask(m) for at in range(m.first, m.last)}
    words: list[str] = []
    for at, token in enumerate(tokens):
        word = masks.get(at) or _word(token, names)
        if not (word in _CROSSED and words and words[-1] == word):
            words.append(word)
    return tuple(words)


def _word(token: Token, names: MarketNames) -> str:
    if token.raw.isdigit():
        return "0"
    upper = token.raw.upper()
    shouted = token.raw.isupper() and token.raw.isalpha() and len(token.raw) in _TICKER_LENGTHS
    if shouted and upper not in everyday("acronyms"):
        return "TICKER"
    if upper in names.symbols and (
        token.raw.isupper() or token.raw.lower() not in everyday("common")
    ):
        return "TICKER"
    return fold(token.raw)


def _notions(matches: tuple[Match, ...], words: tuple[str, ...]) -> Counter[str]:
    cues = {notion for m in matches for notion in m.notions("cue")}
    cues |= set(words) & set(_MASKS.values())
    found = Counter(f"q:{cue}" for cue in cues or {"none"})
    found.update(f"q:{a}+{b}" for a in cues for b in cues & _CROSSED if a != b)
    return found
