"""What a model's prose must be before its numbers are reviewed.

The review reads claims about facts. It cannot see that a text is in another language, cites
nothing, carries a link, or tells the reader what to buy; that is looked for here, and such a text
is not repaired but replaced by the deterministic one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent.brief.slots import slots_in
from agent.errors import ModelDownError

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest, Draft
    from agent.brief.model import Language

_SLOT = re.compile(r"\{\{[^{}]*\}\}")
_WORD = re.compile(r"[^\W\d_]+")
_MARKUP = re.compile(r"https?:|www\.|\]\s*\(|!\[|<\s*[a-z/!]|`", re.IGNORECASE)
_ORDER = re.compile(
    r"(?:^|[.!?:;]\s+)(?:now\s+)?(?:buy|sell|short|accumulate|dump|invest in|avoid)\b"
    r"|\b(?:you|investors?|readers?|we) (?:should|must|ought to|need to|recommend)\b"
    r"|\b(?:i|we) (?:recommend|advise|suggest)\b|\b(?:buy|sell) (?:now|immediately|today)\b"
    r"|\b(?:nên|hãy|phải|khuyến nghị|khuyên) (?:mua|bán|nắm giữ|tránh|đầu tư)\b"
    r"|(?:^|[.!?:;]\s+)(?:mua|bán) (?:ngay|vào)\b",
    re.IGNORECASE,
)
_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override) (?:\w+ ){0,3}(?:instructions?|rules?|prompts?|facts)\b"
    r"|\bsystem prompt\b|\bas an? (?:ai|language model)\b"
    r"|\bbỏ qua (?:\w+ ){0,3}(?:chỉ dẫn|hướng dẫn|quy tắc)\b",
    re.IGNORECASE,
)
_ENGLISH = frozenset(
    (
        "the", "a", "an", "of", "and", "to", "in", "is", "was", "by", "over", "for", "on", "with",
        "as", "its", "at", "than", "from", "that", "this", "are", "were", "be", "has", "have",
        "which", "while", "but", "not", "no", "it", "their",
    )
)  # fmt: skip
FEW_WORDS = 4
"""A text of fewer words tells no language."""
ENOUGH_WORDS = 8
"""English text of so many words holds one of the most common ones."""


def check_prose(draft: Draft, request: ComposeRequest) -> None:
    """Refuse prose that no review could mend.

    Raises
    ------
    ModelDownError
        Saying what is wrong with it.
    """
    texts = (draft.headline, *draft.paragraphs, *draft.risks, *draft.watch)
    plain = [_SLOT.sub(" ", text) for text in texts]
    if any(_MARKUP.search(text) for text in plain):
        raise ModelDownError("the model's text holds links or markup")
    if not all(_speaks(text, request.language) for text in plain):
        raise ModelDownError("the model's text is not in the language asked for")
    if any(_ORDER.search(text) for text in plain):
        raise ModelDownError("the model's text tells the reader what to do")
    if any(_INSTRUCTION.search(text) for text in plain):
        raise ModelDownError("the model's text is about its instructions")
    if request.facts and not _cites(texts) and not _has_digit(texts):
        raise ModelDownError("the model's text cites no fact at all")


def printable(text: str) -> str:
    """Return a text without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() or c.isspace() else " " for c in text)


def _speaks(text: str, language: Language) -> bool:
    letters = [c for c in text if c.isalpha()]
    if sum(not _is_latin(c) for c in letters) > len(letters) / 10:
        return False
    words = [word.casefold() for word in _WORD.findall(text)]
    if len(words) < FEW_WORDS:
        return True
    marked = sum(not word.isascii() for word in words)
    if language == "vi":
        return marked >= len(words) / 4
    common = len(words) < ENOUGH_WORDS or not _ENGLISH.isdisjoint(words)
    return marked <= len(words) / 4 and common


def _is_latin(letter: str) -> bool:
    """Latin letters end at U+024F, but for those of Vietnamese from U+1E00 on."""
    return ord(letter) < 0x250 or 0x1E00 <= ord(letter) < 0x1F00


def _cites(texts: tuple[str, ...]) -> bool:
    return any(not slot.is_name for text in texts for slot in slots_in(text))


def _has_digit(texts: tuple[str, ...]) -> bool:
    """Numerals without slots are for the review to judge, and for the one repair to mend."""
    return any(c.isdigit() for text in texts for c in _SLOT.sub(" ", text))
