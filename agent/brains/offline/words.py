"""What the planner says itself: reasons of calls, notes, questions back; in both languages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from agent.brains.offline.lexicon import table

if TYPE_CHECKING:
    from agent.brief.model import Language


def say(key: str, language: Language, **values: str) -> str:
    """Return a sentence of ``lexicon/words.toml`` with its blanks filled."""
    text = _sentence(key, language)
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


@cache
def _sentence(key: str, language: Language) -> str:
    return str(table("words")[key][language])
