"""An audit of its own: every numeral of a brief is a fact's, a date, a window or in a name.

It shares nothing with the renderer but the facts: numbers are read back from the text and compared
with the facts they may stand for, within half a unit of the last decimal shown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest
    from tools.contracts import Fact

NUMERAL = re.compile(r"[+-]?\d[\d.,]*\d|[+-]?\d")
DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
WINDOW = re.compile(r"\b(?:1D|1W|1M|3M|6M|12M|1Y|3Y|5Y)\b")
LEVEL = re.compile(r"10–90%")
PLACE = re.compile(r"(?m)(?<=\| )\s*\d+\.(?= \|)|^\d+\.(?= )")
SCALES = {
    "trillion": 1e12,
    "billion": 1e9,
    "million": 1e6,
    "nghìn tỷ": 1e12,
    "tỷ": 1e9,
    "triệu": 1e6,
}


def unexplained(markdown: str, request: ComposeRequest) -> list[str]:
    """Return the numerals of a brief that nothing explains, each with what stands around it."""
    text = _without_labels(markdown, request)
    found = []
    for match in NUMERAL.finditer(text):
        after = text[match.end() : match.end() + 12]
        if not any(_explains(fact, match.group(), after, request) for fact in _facts(request)):
            found.append(text[max(0, match.start() - 20) : match.end() + 20])
    return found


def _facts(request: ComposeRequest) -> list[Fact]:
    earlier = request.comparison
    return [*request.facts.values(), *(earlier.facts.values() if earlier is not None else ())]


def _without_labels(markdown: str, request: ComposeRequest) -> str:
    days = {request.market.as_of, request.market.last_day}
    days |= {day for fact in _facts(request) for day in (fact.observed_on, fact.published_on)}
    if request.comparison is not None:
        days |= {request.comparison.market.as_of}
    known = {day.isoformat() for day in days}
    text = DATE.sub(lambda m: "" if m.group() in known else m.group(), markdown)
    for pattern in (LEVEL, WINDOW, PLACE):
        text = pattern.sub("", text)
    for name in sorted(_names(request), key=len, reverse=True):
        text = text.replace(name, "")
    return text


def _names(request: ComposeRequest) -> set[str]:
    vocabulary = request.vocabulary
    names = {request.market.name, *vocabulary.series, *(fact.source for fact in _facts(request))}
    names |= {s.name for s in vocabulary.sectors} | {s.name_vi for s in vocabulary.sectors}
    names |= {text for s in vocabulary.symbols for text in (s.symbol, s.name)}
    names |= {"10-year", "2-year", "kỳ hạn 10 năm", "kỳ hạn 2 năm"}
    return {name for name in names if any(letter.isdigit() for letter in name)}


def _explains(fact: Fact, shown: str, after: str, request: ComposeRequest) -> bool:
    if isinstance(fact.value, str):
        return False
    digits = shown.lstrip("+-")
    plain = (
        digits.replace(",", "")
        if request.language == "en"
        else digits.replace(".", "").replace(",", ".")
    )
    try:
        number = float(plain)
    except ValueError:
        return False
    half = 0.5 * 10.0 ** -len(plain.partition(".")[2])
    scale = next((size for word, size in SCALES.items() if after.lstrip().startswith(word)), 1.0)
    value = fact.value * 100 if fact.unit == "fraction" and after.startswith("%") else fact.value
    if shown[0] in "+-" and (shown[0] == "-") != (value < 0):
        return False
    return abs(abs(value) / scale - number) <= half * (1 + 1e-9) + 1e-9
