"""English or Vietnamese, diacritics or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brains.offline.lexicon import everyday

if TYPE_CHECKING:
    from agent.brains.offline.text import Token
    from agent.brief.model import Language


def detect_language(tokens: tuple[Token, ...]) -> Language | None:
    """Return the language of the words; None where nothing tells ("HPG?")."""
    if any(token.marked for token in tokens):
        return "vi"
    words = [token.raw.casefold() for token in tokens]
    vietnamese = sum(word in everyday("vietnamese") for word in words)
    english = sum(word in everyday("english") for word in words)
    if vietnamese == english:
        return None if vietnamese == 0 else ("vi" if words[0] in everyday("vietnamese") else "en")
    return "vi" if vietnamese > english else "en"
