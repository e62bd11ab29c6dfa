"""Cues told by how words combine, not by the words alone: who trades, against what is usual, what gets dearer.

A table of phrases cannot hold "people from other countries" in all its forms; a pattern over a few
roles can: somebody, from elsewhere. Patterns read folded text, small letters without diacritics.
"""

from __future__ import annotations

import re
from functools import lru_cache

from agent.brains.offline.combinations import SENSES

_PATTERNS = {
    cue: re.compile("|".join(f"(?:{part})" for part in parts)) for cue, parts in SENSES.items()
}
_STEALTH = re.compile(r"\blén(?: lút)?\b.{0,10}\b(?:mua|bán|gom|xả)\b", re.IGNORECASE)
"""*Lén* (in secret) folds to the same letters as *lên* (up)."""
_KNOW_IF = re.compile(
    r"\b(?:know|wonder\w*|see|tell me|tell us|check|ask|sure|find out|curious|idea|clear) if\b"
)
_IF = re.compile(r"\b(?:if|suppose|assume|scenario|shock|stress)\b")
_KEPT = 64
_ONLY_WITH_DRIVERS = frozenset({"up", "down"})
_DRIVERS = frozenset({"rate_word", "oil_word", "fx_word", "devalue_word", "vol_word"})
_ONLY_BESIDE_FLOWS = frozenset({"whale"})
_NOT_OF_RATES = frozenset({"credit_word", "backtest", "oil_word", "fx_word", "devalue_word"})
"""What else moves by basis points, or costs them."""
_FEES = re.compile(r"\b(?:fees?|costs?|commissions?|spreads?|per trade|phi|slippage|charges?)\b")


def sensed(text: str, folded: str, cues: frozenset[str]) -> frozenset[str]:
    """Return a stretch's cues with those that its word combinations add, less those they refute.

    Parameters
    ----------
    text, folded
        The stretch as written and folded.
    cues
        What its phrases say.
    """
    found = set(_combined(text, folded))
    if "rate_word" not in cues and (_FEES.search(folded) or not _NOT_OF_RATES.isdisjoint(found)):
        found -= {"rate_word"}
    if "flow" in cues | found and "whale" not in cues:
        found -= _ONLY_BESIDE_FLOWS
    found |= {cue.removesuffix("_strong") for cue in found}
    if not _DRIVERS & (cues | found):
        found -= _ONLY_WITH_DRIVERS
    if _KNOW_IF.search(folded) and len(_IF.findall(folded)) == 1:
        cues -= {"hypothetical", "hypothetical_strong"}
    return cues | found


@lru_cache(maxsize=_KEPT)
def _combined(text: str, folded: str) -> frozenset[str]:
    """Return the cues whose patterns a stretch fits."""
    plain = re.sub(r" {2,}", " ", re.sub(r"[^\w%+,&$.]", " ", folded))
    found = {cue for cue, pattern in _PATTERNS.items() if pattern.search(plain)}
    return frozenset(found | {"whale"} if _STEALTH.search(text) else found)
