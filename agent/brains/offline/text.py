"""A question as tokens: each as written, and folded to small letters without diacritics.

Both forms are kept because Vietnamese is typed with and without diacritics: ``dau`` may be *dầu*
(oil) or *đầu* (start), but ``dầu`` may not.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:&[^\W_]+)?")
_COMMAND_WORDS = 4
_ABBREVIATIONS = {
    "rot": "rotation", "ov": "market overview", "ff": "foreign flow", "wh": "whales", "hm": "heatmap",
    "fc": "forecast", "fcst": "forecast", "bt": "backtest", "mkt": "market", "perf": "performance",
    "mom": "momentum", "mr": "mean reversion", "bh": "buy and hold", "kn": "khối ngoại", "tt": "thị trường",
    "expl": "explain", "sect": "sectors", "inf": "inflation",
}  # fmt: skip
_PLAIN_ABBREVIATIONS = {
    "fcst": "forecast", "fcsts": "forecasts", "mkt": "market", "perf": "performance", "ov": "market overview",
    "qtrước": "quý trước", "qnày": "quý này", "ttrước": "tháng trước", "tnày": "tháng này", "xs": "xác suất",
    "prob": "probability",
    "probs": "probabilities", "infl": "inflation", "fx": "exchange rate", "yday": "yesterday", "tmr": "tomorrow",
    }  # fmt: skip
"""Those that stand for nothing else, in a question of any length."""
_APART = frozenset(",;:?!()")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
MAX_LENGTH = 2000
"""Characters of a question that are read; the rest is a pasted document, not a question."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a question."""

    raw: str
    key: str
    """Folded, in the singular: what phrases are looked up by."""
    toned: str
    """Small letters with the tone mark moved to the end, so that ``hoá`` equals ``hóa``."""
    start: int
    end: int
    apart: bool = False
    """Whether punctuation parts it from the word before: no phrase reaches over a comma."""

    @property
    def marked(self) -> bool:
        """Whether the word was written with diacritics."""
        return not self.toned.isascii()


def fold(text: str) -> str:
    """Return `text` in small letters without diacritics."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


def toned(word: str) -> str:
    """Return a word in small letters, its tone marks moved to the end."""
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFD", word.casefold())
    tones = "".join(sorted(char for char in parts if char in _TONES))
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES)) + tones


def key(word: str) -> str:
    """Return the form that phrases are looked up by: folded, English plurals made singular."""
    folded = fold(word)
    if len(folded) > 3 and folded.endswith("s") and not folded.endswith(("ss", "us", "is")):
        return folded[:-1]
    return folded


_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?"
)


def is_syllable(word: str) -> bool:
    """Return whether a folded word could be a Vietnamese syllable: *song* could, *dig* could not."""
    return _SYLLABLE.fullmatch(word) is not None


def clean(text: str) -> str:
    """Return the question in one Unicode form, on one line, without control characters."""
    composed = unicodedata.normalize("NFKC", text[:MAX_LENGTH])
    straight = composed.replace("\u2019", "'").replace("\u2018", "'")
    return "".join(c if c.isprintable() else " " for c in straight)


def spelled_out(text: str) -> str:
    """Return a question as short as a command with its abbreviations written out: "ov 3m"."""
    words = text.split()
    short = len(words) <= _COMMAND_WORDS
    known = _PLAIN_ABBREVIATIONS | _ABBREVIATIONS if short else _PLAIN_ABBREVIATIONS
    return " ".join(known.get(word.lower(), word) for word in words)


def tokenize(text: str) -> tuple[Token, ...]:
    """Split cleaned text into words; ``R&D`` stays one, ``VN-Index`` and ``USD/VND`` become two."""
    tokens = []
    at = 0
    for m in _WORD.finditer(text):
        apart = bool(at) and not _APART.isdisjoint(text[at : m.start()])
        word = m.group()
        tokens.append(Token(word, key(word), toned(word), m.start(), m.end(), apart))
        at = m.end()
    return tuple(tokens)
