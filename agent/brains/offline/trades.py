"""Sectors in plain words: a trade beside a word for businesses ("hospital companies", "công ty xây nhà").

The trade alone stays what it is in everyday life, a hospital or a house.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from agent.brains.offline.lexicon import Phrase, phrase, table
from agent.brains.offline.text import key

if TYPE_CHECKING:
    from agent.brains.offline.text import Token

_BUSINESSES = frozenset(
    key(word)
    for word in [
        "company",
        "companies",
        "firm",
        "business",
        "businesses",
        "maker",
        "producer",
        "seller",
        "stock",
        "share",
        "name",
        "people",
        "guy",
        "operator",
        "owner",
        "industry",
        "industries",
        "sector",
        "counter",
        "group",
        "chain",
        "giant",
        "player",
        "corporation",
    ]
)
"""What stands behind a trade in English."""
_MAKES = frozenset(
    [
        "make",
        "makes",
        "making",
        "sell",
        "sells",
        "selling",
        "build",
        "builds",
        "building",
        "produce",
        "produces",
        "producing",
        "run",
        "runs",
        "running",
        "that",
        "who",
        "which",
        "do",
        "doing",
        "do",
        "lam",
        "ban",
        "san",
        "xuat",
        "xay",
        "chuyen",
    ]
)
"""What may stand between a word for businesses and its trade."""
_SURE = frozenset(
    {"ty", "cty", "dn", "nghiep", "hang", "nhom", "nganh", "phieu", "cp", "mang", "doanh"}
)
_LOOSE = frozenset(
    {"nha", "ong", "bac", "co", "con", "dong", "ho", "bon", "tui", "ben", "thang", "may", "ma"}
)
"""What stands before a trade in Vietnamese; the loose ones mean businesses only before two syllables."""
_FAR = 3


def trade_candidates(tokens: tuple[Token, ...]) -> list[tuple[int, Phrase]]:
    """Return the trades that stand beside a word for businesses, each with the place it begins at."""
    found = []
    for at, token in enumerate(tokens):
        for entry in _trades().get(token.key, ()):
            last = at + len(entry.keys)
            span = tokens[at:last]
            if tuple(t.key for t in span) != entry.keys or any(t.apart for t in span[1:]):
                continue
            if not _written(entry, span):
                continue
            if not entry.vietnamese and _business_behind(tokens, last):
                found.append((at, _longer(entry, tokens[last])))
            elif _business_before(tokens, at, entry):
                found.append((at, entry))
    return found


@cache
def _trades() -> dict[str, tuple[Phrase, ...]]:
    by_word: dict[str, list[Phrase]] = {}
    for notion, entry in table("trades").items():
        for language in ("en", "vi"):
            for text in entry[language]:
                found = phrase(text, (f"concept:{notion}",), vietnamese=language == "vi")
                by_word.setdefault(found.keys[0], []).append(found)
    return {word: tuple(found) for word, found in by_word.items()}


def _written(entry: Phrase, span: tuple[Token, ...]) -> bool:
    """Whether the diacritics that are written are the trade's."""
    return all(t.toned == toned or not t.marked for t, toned in zip(span, entry.toned, strict=True))


def _business_behind(tokens: tuple[Token, ...], at: int) -> bool:
    if at >= len(tokens) or tokens[at].apart or tokens[at].marked:
        return False
    return tokens[at].key in _BUSINESSES


def _longer(entry: Phrase, behind: Token) -> Phrase:
    """Return the trade with the word behind it."""
    return Phrase(
        (*entry.keys, behind.key),
        (*entry.toned, behind.toned),
        entry.tags,
        vietnamese=False,
        strict=False,
    )


def _business_before(tokens: tuple[Token, ...], at: int, entry: Phrase) -> bool:
    """Whether businesses are named before: "companies that make", "mấy công ty làm"."""
    verb = False
    for before in range(at - 1, max(at - 1 - _FAR, -1), -1):
        if tokens[before + 1].apart:
            return False
        word = tokens[before].key
        if word in _SURE or (verb and word in _BUSINESSES):
            return True
        if word in _LOOSE and len(entry.keys) > 1:
            return True
        if word not in _MAKES:
            return False
        verb = True
    return False
