"""How far something moves: the size that a stretch of words names, in figures or in words."""

from __future__ import annotations

import re
from typing import NamedTuple

_AMOUNT = re.compile(
    r"(?P<sign>[+\-−]\s?)?(?P<dollar>\$\s?)?(?P<number>\d+(?:[.,]\d+)*)\s*"
    r"(?P<unit>bps?\b|basis points?|diem co ban|pps?\b|percentage points?|percent points?"
    r"|diem\s*(?:%|phan tram)|%\s*points?|%|percent\b|pct\b|phan tram|points?\b|diem\b"
    r"|(?:nghin|ngan|trieu)?\s*ty\s*(?:usd|dong|vnd|do)?\b|trieu\s*(?:usd|dong|do)?\b"
    r"|bn\b|billion\b|trn\b|trillion\b|mn\b|million\b|m\b|b\b|usd\b|dollars?\b|do\b|dong\b|vnd\b"
    r"|x\b|lan\b)?"
)
_BARE_AMOUNT = re.compile(
    r"\b(?P<word>mot|hai|ba|bon|nam|one|two|three|five|ten|half a|a full|full|another|nua|a quarter(?: of a)?"
    r"|a|quarter)\s+"
    r"(?P<unit>diem\s*(?:%|phan tram)|percentage points?|percent|percentage point|points?|phan tram|diem)\b"
)
_WORDS = {
    "mot": 1.0, "hai": 2.0, "ba": 3.0, "bon": 4.0, "nam": 5.0, "one": 1.0, "two": 2.0,
    "three": 3.0, "five": 5.0, "ten": 10.0, "half a": 0.5, "a full": 1.0, "full": 1.0, "another": 1.0,
    "nua": 0.5, "a": 1.0,
    "quarter": 0.25, "a quarter": 0.25, "a quarter of a": 0.25,
}  # fmt: skip
_FRACTION = re.compile(
    r"\b(?:by|los\w+|lost|off|shed\w*|gain\w*|mat|giam|boc hoi|bay|rot|roi|sut|tang|vot|hut)\b(?: \w+){0,2}? "
    r"(?:a|one|mot) (?P<part>third|quarter|fifth|tenth|phan ba|phan tu|phan nam|phan muoi)\b(?! of a| point)"
)
_PARTS = {
    "third": 33.3, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0,
    "phan ba": 33.3, "phan tu": 25.0, "phan nam": 20.0, "phan muoi": 10.0,
}  # fmt: skip
_HALF = re.compile(r"\b(?:by half|in half|halves|halved|mot nua)\b")
_DOUBLE = re.compile(r"\b(?:doubles?|doubled|gap doi)\b")


class Amount(NamedTuple):
    """A size as it is named."""

    number: float | None = None
    unit: str = ""
    sign: str = ""


def amount(folded: str) -> Amount:
    """Return the size a clause names, its unit and its sign; windows of time are not sizes."""
    best: tuple[int, Amount] | None = None
    for match in _AMOUNT.finditer(folded):
        tail = folded[match.end() :]
        unit = (match["unit"] or "").strip()
        if not unit and re.match(
            r"\s*(d|w|m|y|day|week|month|year|session|ngay|tuan|thang|quy|nam|phien|quarter|yr)",
            tail,
        ):
            continue
        if match.start() and folded[match.start() - 1].isalnum():
            continue
        if unit == "m" and not match["dollar"]:
            continue
        rank = 2 if unit else 1
        if best is None or rank > best[0]:
            unit = unit or ("usd" if match["dollar"] else "")
            sign = (match["sign"] or "").strip().replace("−", "-")
            best = (rank, Amount(_number(match["number"]), unit, sign))
    return best[1] if best is not None else _in_words(folded)


def _in_words(folded: str) -> Amount:
    """Return a size without figures: "half a point", "by a third", "doubles"."""
    words, part = _BARE_AMOUNT.search(folded), _FRACTION.search(folded)
    if words:
        return Amount(_WORDS[words["word"]], words["unit"])
    if part:
        return Amount(_PARTS[part["part"]], "%")
    if _HALF.search(folded):
        return Amount(50.0, "%")
    return Amount(100.0, "%") if _DOUBLE.search(folded) else Amount()


def _number(text: str) -> float:
    """Read 10,000, 10.000 and 0.5 or 0,5: three digits after a lone mark are thousands."""
    marks = [char for char in text if char in ".,"]
    if not marks:
        return float(text)
    whole, last = re.split(r"[.,]", text)[:-1], re.split(r"[.,]", text)[-1]
    if len(last) == 3 and whole[0] != "0":
        return float(re.sub(r"[.,]", "", text))
    return float("".join(whole) + "." + last)
