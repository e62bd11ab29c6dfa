"""What is missing, and notes, as lines of a brief; our own standard texts in the reader's language.

The tools speak plain English with their own numerals. Where a text is one of ours it is said here
in either language, and without numerals that no fact of the brief stands for; any other text is
shown as it came.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from agent.brief.health_texts import HEALTH_TEXTS
from agent.brief.lexicon import entity_name, group_name, metric_forms
from agent.brief.model_texts import MODEL_TEXTS
from agent.brief.remote_texts import REMOTE_TEXTS
from agent.brief.standard_texts import TEXTS, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agent.brief.model import Language
    from tools.contracts import Gap, Vocabulary

LISTED = re.compile(r"\s*,\s*")


class Standard(NamedTuple):
    """One of our own texts: how it looks, and how it is said in each language."""

    pattern: re.Pattern[str]
    said: dict[str, str]


@cache
def _standards() -> tuple[Standard, ...]:
    return tuple(
        Standard(re.compile(pattern), {"en": en, "vi": vi})
        for pattern, en, vi in (*TEXTS, *MODEL_TEXTS, *REMOTE_TEXTS, *HEALTH_TEXTS)
    )


def gap_lines(gaps: Iterable[Gap], vocabulary: Vocabulary, language: Language) -> str:
    """Return a line for each gap: what is missing, why, and what that does to the answer."""
    lines = [
        f"- **{note_text(_named(gap.what, vocabulary, language), language)}**: "
        f"{note_text(gap.why, language)}; "
        f"{note_text(gap.effect, language)}."
        for gap in gaps
    ]
    return "\n".join(dict.fromkeys(lines))


def _named(what: str, vocabulary: Vocabulary, language: Language) -> str:
    """Return what is missing with the names of sectors where the tools say their codes."""
    head, link, tail = what.rpartition(" of ")
    codes = {sector.code for sector in vocabulary.sectors}
    if not link or not codes.intersection(LISTED.split(tail)):
        return what
    names = [
        (entity_name(part, vocabulary, language) if part in codes else None) or part
        for part in LISTED.split(tail)
    ]
    return f"{head}{link}{', '.join(names)}"


def note_lines(notes: Sequence[str], language: Language) -> str:
    """Return a line for each note, none twice."""
    texts = (note_text(note, language) for note in notes)
    return "\n".join(f"- {text}" for text in dict.fromkeys(texts) if text)


def note_text(text: str, language: Language) -> str:
    """Return one of our own texts in the reader's language, any other as it came, on one line."""
    line = " ".join(text.split())
    for standard in _standards():
        match = standard.pattern.fullmatch(line)
        if match is not None:
            said = standard.said[language] or line
            return match.expand(_translated(said, match, language)) if match.groups() else said
    return line


def _translated(template: str, match: re.Match[str], language: Language) -> str:
    r"""Put the words of the named groups ``words`` and ``groups`` into a template's ``\g<…>``."""
    found = match.groupdict()
    for key in ("words", "groups"):
        if found.get(key):
            said = ", ".join(_word(word, language) for word in LISTED.split(found[key]))
            template = template.replace(rf"\g<{key}>", said.replace("\\", "\\\\"))
    return template


def _word(word: str, language: Language) -> str:
    """Return a measure or a scoring group in the reader's language."""
    if language == "vi" and word in WORDS:
        return WORDS[word]
    plain = word.replace("_", " ")
    named = group_name(word, language)
    return named if named != plain else metric_forms(word, language)[0]
