"""Finds the phrases in a question: the longest first, none inside another, small typos forgiven."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from agent.brains.offline.lexicon import everyday
from agent.brains.offline.text import is_syllable
from agent.brains.offline.trades import trade_candidates

if TYPE_CHECKING:
    from agent.brains.offline.lexicon import Phrase
    from agent.brains.offline.names import MarketNames
    from agent.brains.offline.text import Token
    from agent.brief.model import Language

_SHORTEST_CORRECTED = 5
_LONG_WORD = 8
_VERY_LONG_WORD = 11
_SHORTEST_LONE_VIETNAMESE = 5
"""A single Vietnamese word without diacritics counts in an English question only if this long."""


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found at tokens `first` to `last` (exclusive)."""

    first: int
    last: int
    tags: tuple[str, ...]
    text: str

    def notions(self, kind: str) -> tuple[str, ...]:
        """Return the notions of one kind among the tags."""
        prefix = f"{kind}:"
        return tuple(tag[len(prefix) :] for tag in self.tags if tag.startswith(prefix))


def correct_spelling(tokens: tuple[Token, ...], names: MarketNames) -> tuple[Token, ...]:
    """Return the tokens with unknown words of one slip put right ("foriegn", "bannks")."""
    return tuple(_corrected(token, names) for token in tokens)


def find_matches(
    tokens: tuple[Token, ...], names: MarketNames, language: Language | None
) -> tuple[Match, ...]:
    """Return the phrases found, in the order of the question.

    Time words are looked for apart, so that "market today" is both the market and today; only
    inside a series they are not ("10-year yield"), nor where they begin within another word and run out of it
    ("dẫn đầu | tháng tới" is no "đầu tháng").
    """
    found = [
        (first, entry)
        for first, token in enumerate(tokens)
        for entry in names.by_word.get(token.key, ())
        if fits(entry, tokens, first, language)
    ]
    found += trade_candidates(tokens)
    others = _longest(tokens, [c for c in found if not c[1].is_time])
    series = {
        at
        for m in others
        if m.notions("series") and m.last - m.first > 1
        for at in range(m.first, m.last)
    }
    times = [
        m
        for m in _longest(
            tokens, [c for c in found if c[1].is_time and not _begins_inside(c, others)]
        )
        if series.isdisjoint(range(m.first, m.last))
    ]
    return tuple(sorted((*others, *times), key=lambda m: (m.first, m.last)))


def _begins_inside(candidate: tuple[int, Phrase], others: tuple[Match, ...]) -> bool:
    first, last = candidate[0], candidate[0] + len(candidate[1].keys)
    return any(m.first < first < m.last < last for m in others)


def _longest(tokens: tuple[Token, ...], candidates: list[tuple[int, Phrase]]) -> tuple[Match, ...]:
    """Return the candidates that lie in no longer one, the earlier of two equals."""
    taken: dict[int, tuple[int, list[Phrase]]] = {}
    used: set[int] = set()
    for first, entry in sorted(candidates, key=lambda c: (-len(c[1].keys), _is_filler(c[1]), c[0])):
        span = range(first, first + len(entry.keys))
        if first in taken and taken[first][0] == len(entry.keys):
            taken[first][1].append(entry)
        elif used.isdisjoint(span):
            taken[first] = (len(entry.keys), [entry])
            used.update(span)
    return tuple(
        Match(
            first,
            first + length,
            tuple(
                dict.fromkeys(
                    tag for entry in _as_written(entries, tokens, first) for tag in entry.tags
                )
            ),
            " ".join(token.raw for token in tokens[first : first + length]),
        )
        for first, (length, entries) in sorted(taken.items())
    )


_FILLERS = frozenset(
    {"cue:sector_word", "cue:pronoun", "cue:followup", "cue:correction", "cue:smalltalk"}
)


def _is_filler(entry: Phrase) -> bool:
    """Whether a phrase only leans on what was said: "the sector" gives way to "sector table"."""
    return _FILLERS.issuperset(entry.tags) and "cue:pronoun" in entry.tags


def _as_written(entries: list[Phrase], tokens: tuple[Token, ...], first: int) -> list[Phrase]:
    """Return the phrases written just so, where any are: "coming week" is not "coming weeks"."""
    exact = [
        entry
        for entry in entries
        if all(
            token.toned == word for token, word in zip(tokens[first:], entry.toned, strict=False)
        )
    ]
    return exact or entries


def fits(entry: Phrase, tokens: tuple[Token, ...], first: int, language: Language | None) -> bool:
    """Return whether a phrase stands at a token, its diacritics where they are written."""
    span = tokens[first : first + len(entry.keys)]
    if tuple(token.key for token in span) != entry.keys or any(t.apart for t in span[1:]):
        return False
    for token, written in zip(span, entry.toned, strict=True):
        plain = written.isascii()
        if token.marked and token.toned != written:
            return False
        if not token.marked and entry.strict and not plain:
            return False
    lone = len(entry.keys) == 1 and not span[0].marked
    if _foreign_only(entry) and not _surely(entry, span, tokens, language):
        return False
    lone = lone and entry.vietnamese
    return not (lone and language == "en" and len(entry.keys[0]) < _SHORTEST_LONE_VIETNAMESE)


def _surely(
    entry: Phrase,
    span: tuple[Token, ...],
    tokens: tuple[Token, ...],
    language: Language | None,
) -> bool:
    """Whether words of another topic can be no others: *mua* is not *mưa* where diacritics are written."""
    written = any(token.marked for token in tokens)
    if written and any(t.toned != word for t, word in zip(span, entry.toned, strict=True)):
        return False
    lone = len(entry.keys) == 1 and language == "vi" and not entry.vietnamese
    return not (lone and is_syllable(entry.keys[0]))


def _foreign_only(entry: Phrase) -> bool:
    """Whether a phrase only says that the question is about something else."""
    return all(tag.startswith(("cue:offtopic", "topic:")) for tag in entry.tags)


def _corrected(token: Token, names: MarketNames) -> Token:
    word = token.key
    if (
        len(word) < _SHORTEST_CORRECTED
        or token.marked
        or not word.isalpha()
        or word in names.known_words
        or word in everyday("common")
        or token.raw.upper() in names.symbols
    ):
        return token
    slips = 2 if len(word) >= _VERY_LONG_WORD else 1
    best = process.extractOne(word, _long_words(names), scorer=OSA.distance, score_cutoff=slips)
    if best is None or best[0][0] != word[0] or not _slip(word, best[0]):
        return token
    return replace(token, key=best[0], toned=best[0])


def _slip(word: str, meant: str) -> bool:
    """Whether a short word lacks, doubles or swaps a letter; another letter makes another word."""
    return len(word) >= _LONG_WORD or len(word) != len(meant) or sorted(word) == sorted(meant)


def _long_words(names: MarketNames) -> tuple[str, ...]:
    held = _LONG_WORDS.get(id(names))
    if held is None:
        held = tuple(sorted(w for w in names.known_words if len(w) >= _SHORTEST_CORRECTED))
        _LONG_WORDS.clear()
        _LONG_WORDS[id(names)] = held
    return held


_LONG_WORDS: dict[int, tuple[str, ...]] = {}
