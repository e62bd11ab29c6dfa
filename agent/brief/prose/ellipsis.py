"""Leaving out what was just said: a paragraph names its window once, not in every sentence."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from agent.brief.lexicon import AHEAD, METRICS, WINDOWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.brief.model import Language


@cache
def _phrases(language: Language) -> re.Pattern[str]:
    """Return what finds the phrases that say since when, as the composer writes them, the longest first."""
    found = {forms[0] for table in (WINDOWS, AHEAD) for forms in table[language].values() if forms}
    return re.compile("|".join(re.escape(form) for form in sorted(found, key=len, reverse=True)))


def without_repeats(sentences: Sequence[str], language: Language) -> list[str]:
    """Return the sentences of a paragraph, each without the window that the one before ended on.

    A sentence keeps its window where it names another one too: then the reader has to be told which is which.
    """
    told, current = [], ""
    for sentence in sentences:
        windows = [match.group() for match in _phrases(language).finditer(sentence)]
        repeats = bool(current) and set(windows) == {current} != {METRICS[language]["yoy"][-1]}
        told.append(_without(sentence, current) if repeats else sentence)
        current = windows[-1] if windows else current
    return told


def _without(sentence: str, phrase: str) -> str:
    """Return a sentence without a phrase, unless it opens with it."""
    return re.sub(rf" {re.escape(phrase)}(?=[ ,;:.])", "", sentence)
