"""Every numeral of a brief, read from the page by somebody who knows only the facts that come with it.

Nothing of the renderer or of the review is used here: numerals are found in the text with what stands beside them,
and each must be a fact rounded to the decimals shown, in its unit, or a date, a window, a place in a list, part of a
name, or a quotation.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agent.brains.base import ComposeRequest
    from tools.contracts import Fact

NUMERAL = re.compile(r"(?<![\w])[+-]?\d[\d.,]*\d|(?<![\w])[+-]?\d|\d+")
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
WINDOW = re.compile(r"(?<!\w)(?:1D|1W|1M|3M|6M|12M|1Y|3Y|5Y)(?!\w)")
LEVEL = re.compile(r"10–90%|95% intervals|khoảng tin cậy 95%|80% ranges?|(?:[Kk]hoảng|dải) 80%")
"""Levels that are part of a name: nobody measured them."""
PLACE = re.compile(r"^\d+\. |(?<=\|)\s*\d+\.\s*(?=\|)", re.MULTILINE)
QUOTED = re.compile(r"“[^”]*”")
FENCED = re.compile(r"^```text\n(?:(?!```).+\n)+```$", re.MULTILINE)
"""What a remote server said, quoted apart from everything else."""
SCALES = {
    "trillion": 1e12, "billion": 1e9, "million": 1e6,
    "nghìn tỷ": 1e12, "tỷ": 1e9, "triệu": 1e6,
}  # fmt: skip
PERCENT_UNITS = ("percent", "percentage points")
NAMED_DIGITS = re.compile(r"10-year|2-year|3-month|1-month|kỳ hạn (?:10 năm|2 năm|3 tháng|1 tháng)")


@dataclass(frozen=True)
class Numeral:
    """A numeral as it stands on the page."""

    text: str
    value: float
    decimals: int
    after: str
    around: str


def unexplained(markdown: str, request: ComposeRequest) -> list[str]:
    """Return the numerals of a page that nothing explains, each with what stands around it."""
    text = _bare(markdown, request)
    shown = {percent: sorted(sizes) for percent, sizes in _sizes(facts_of(request)).items()}
    return [one.around for one in numerals(text, request.language) if not _explained(one, shown)]


def facts_of(request: ComposeRequest) -> list[Fact]:
    """Return every numeric fact of a brief, those of the date it is compared with included."""
    earlier = request.comparison.facts.values() if request.comparison is not None else ()
    return [f for f in (*request.facts.values(), *earlier) if not isinstance(f.value, str)]


def numerals(text: str, language: str) -> Iterator[Numeral]:
    """Yield the numerals of a text; Vietnamese writes a decimal comma."""
    point, thousands = (",", ".") if language == "vi" else (".", ",")
    for match in NUMERAL.finditer(text):
        digits = match.group().lstrip("+-").replace(thousands, "").replace(point, ".")
        try:
            size = float(digits)
        except ValueError:
            size = float("nan")
        negative = match.group().startswith("-")
        yield Numeral(
            text=match.group(),
            value=-size if negative else size,
            decimals=len(digits.partition(".")[2]),
            after=text[match.end() : match.end() + 14],
            around=text[max(0, match.start() - 30) : match.end() + 20].replace("\n", " "),
        )


def _bare(markdown: str, request: ComposeRequest) -> str:
    """Return the page without dates, windows, places, names and quotations."""
    if any("quote" in answer for answer in request.answers.values()):
        markdown = FENCED.sub(" ", markdown, count=1)
    days = {request.market.as_of, request.market.last_day}
    every = [*request.facts.values()]
    if request.comparison is not None:
        days |= {request.comparison.market.as_of, request.comparison.market.last_day}
        every += request.comparison.facts.values()
    days |= {day for fact in every for day in (fact.observed_on, fact.published_on)}
    for text in (*request.notes, *(part for gap in request.gaps for part in (gap.what, gap.why))):
        days |= set(ISO.findall(text))
    known = {str(day) for day in days} | {str(day) for day in _spans(request)}
    text = ISO.sub(lambda m: " " if m.group() in known else m.group(), markdown)
    for name in sorted(_names(request), key=len, reverse=True):
        text = text.replace(name, " ")
    for pattern in (LEVEL, NAMED_DIGITS, WINDOW, PLACE):
        text = pattern.sub(" ", text)
    return QUOTED.sub(lambda m: " " if m.group()[1:-1] in request.question else m.group(), text)


def _spans(request: ComposeRequest) -> set[object]:
    """Return the first and last day of the record of the model's own forecasts, where the brief has one."""
    record = request.answers.get("get_signal_card", {}).get("record") or {}
    return {record.get("first"), record.get("last")}


def _names(request: ComposeRequest) -> set[str]:
    words = request.vocabulary
    names = {request.market.name, request.market.id, *words.series, *words.series_aliases}
    for sector in words.sectors:
        names |= {sector.name, sector.name_vi, sector.proxy}
    for symbol in words.symbols:
        names |= {symbol.symbol, symbol.name}
    names |= {fact.source for fact in request.facts.values()}
    return {name for name in names if any(letter.isdigit() for letter in name)}


def _sizes(facts: Iterable[Fact]) -> dict[bool, list[tuple[float, bool]]]:
    """Return the sizes a page may show, those in percent apart, each with whether it is below zero."""
    found: dict[bool, list[tuple[float, bool]]] = {True: [], False: []}
    for fact in facts:
        value = float(fact.value)
        percent = fact.unit == "fraction" or fact.unit.startswith(PERCENT_UNITS)
        size = 100 * abs(value) if fact.unit == "fraction" else abs(value)
        found[percent].append((size, value < 0))
    return found


def _explained(one: Numeral, shown: dict[bool, list[tuple[float, bool]]]) -> bool:
    after = one.after.lstrip()
    percent = after.startswith(("%", "pp", "điểm %"))
    scale = next((size for word, size in SCALES.items() if after.startswith(word)), 1.0)
    half = 0.5 * 10.0**-one.decimals * scale * (1 + 1e-9) + 1e-9
    sizes, wanted = shown[percent], abs(one.value) * scale
    for size, negative in sizes[bisect_left(sizes, (wanted - half, False)) :]:
        if size > wanted + half:
            return False
        if one.text[0] not in "+-" or (one.text[0] == "-") == negative:
            return True
    return False
