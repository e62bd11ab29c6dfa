"""The words of the desk in English and Vietnamese: tables, and the reader of the tables.

Knows no market: a notion such as *steel* is tied to a market's own sectors in
:mod:`agent.brains.offline.names`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from agent.brains.offline.text import tokenize

_IMPLIED = (
    (re.compile(r"\b(?:sectors?|industr(?:y|ies)|ngành|nhóm)\b"), "cue:sector_word"),
    (re.compile(r"\b(?:market|thị trường|vnindex|vni)\b"), "cue:market_word"),
    (re.compile(r"\b(?:data|dữ liệu|số liệu)\b"), "cue:data_word"),
    (re.compile(r"\btăng\b"), "cue:up"),
    (re.compile(r"\b(?:rút|thoát)\b"), "cue:outflow_word"),
    (re.compile(r"\bgiảm\b"), "cue:down"),
)
"""What words inside a longer phrase still say."""


__all__ = ["Phrase", "everyday", "phrase", "shared_phrases", "table", "topic_phrases"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Some words and what they mean."""

    keys: tuple[str, ...]
    toned: tuple[str, ...]
    tags: tuple[str, ...]
    """``cue:flow``, ``concept:steel``, ``series:OIL``, ``period:week``, ``company:HPG``."""
    vietnamese: bool
    strict: bool
    """Counts only where its diacritics are written."""

    @property
    def is_time(self) -> bool:
        """Whether it says nothing but a stretch of time."""
        return all(tag.startswith("period:") for tag in self.tags)


@cache
def table(name: str) -> dict[str, Any]:
    """Return one of the tables of this folder."""
    return tomllib.loads(resources.files(__name__).joinpath(f"{name}.toml").read_text("utf-8"))


@cache
def everyday(name: str) -> frozenset[str]:
    """Return one of the plain word lists: ``common``, ``acronyms``, ``vietnamese``, ``english``."""
    return frozenset(table("everyday")[name].split())


def phrase(text: str, tags: tuple[str, ...], *, vietnamese: bool) -> Phrase:
    """Return the phrase that a table entry describes."""
    tokens = tokenize(text.lstrip("!"))
    return Phrase(
        keys=tuple(token.key for token in tokens),
        toned=tuple(token.toned for token in tokens),
        tags=tags,
        vietnamese=vietnamese,
        strict=text.startswith("!"),
    )


@cache
def shared_phrases() -> tuple[Phrase, ...]:
    """Return every phrase of the tables; one that stands in several tables carries all its tags."""
    tags: dict[tuple[str, bool], dict[str, None]] = {}
    for kind, name in (
        ("cue", "cues"),
        ("concept", "sectors"),
        ("series", "series"),
        ("period", "periods"),
    ):
        for notion, entry in table(name).items():
            for language in ("en", "vi"):
                for text in entry.get(language, ()):
                    tags.setdefault((text, language == "vi"), {})[f"{kind}:{notion}"] = None
            for text in entry.get("strong", ()):
                marks = tags.setdefault((text, not text.isascii()), {})
                marks[f"cue:{notion}"] = marks[f"cue:{notion}_strong"] = None
    for ticker, names in table("companies")["names"].items():
        for text in names:
            marked = not text.isascii()
            tags.setdefault((text, marked), {})[f"company:{ticker}"] = None
    for (text, _), found in tags.items():
        if any(tag.startswith("cue:") for tag in found):
            implied = (cue for pattern, cue in _IMPLIED if pattern.search(text))
            found.update(dict.fromkeys(implied))
    return tuple(
        phrase(text, tuple(found), vietnamese=vietnamese)
        for (text, vietnamese), found in tags.items()
    )


@cache
def topic_phrases() -> tuple[Phrase, ...]:
    """Return the words of foreign topics; one of several words hides the cues inside it.

    *Bà ngoại* is a grandmother, whatever *ngoại* says of foreign investors.
    """
    return tuple(
        phrase(text, (f"topic:{topic}",), vietnamese=language == "vi")
        for topic, entry in table("topics").items()
        for language in ("en", "vi")
        for text in entry[language]
    )
