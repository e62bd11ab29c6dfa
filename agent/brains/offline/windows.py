"""Time words → the window a tool offers, and what to say when it is only the nearest one."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.brains.offline.lexicon import table
from tools.contracts import TRADING_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from agent.brains.offline.matching import Match

HORIZON_WINDOWS = ("1W", "1M", "3M")
OVERVIEW_WINDOWS = ("1D", "1W", "1M", "3M")
FLOW_WINDOWS = ("1D", "1W", "1M")
LOOKBACKS = {"1Y": 252, "3Y": 756, "5Y": 1260}
_EXACT = frozenset({1, 5, 21, 63})
_UNIT_DAYS = {
    "day": 1, "session": 1, "d": 1, "ngay": 1, "phien": 1, "hom": 1,
    "week": 5, "wk": 5, "w": 5, "tuan": 5,
    "month": 21, "mnth": 21, "mth": 21, "mo": 21, "m": 21, "thang": 21, "t": 21,
    "quarter": 63, "quy": 63, "q": 63,
    "year": 252, "yr": 252, "y": 252, "nam": 252,
}  # fmt: skip
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "couple of": 2, "few": 3, "several": 4,
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "vai": 3, "may": 3,
}  # fmt: skip
_NUMERIC = re.compile(
    r"(?<![\w$.,])(?:(?P<before>next|coming|the next|in the next|toi)\s+)?"
    rf"(?P<number>\d+(?:\.\d+)?|{'|'.join(_NUMBERS)})[\s-]*(?:(?:trading|calendar|business|working)\s+)?"
    rf"(?P<unit>{'|'.join(sorted(_UNIT_DAYS, key=len, reverse=True))})s?\b"
    r"(?:\s+(?P<after>toi|sau|nua|ahead|from now|out|tiep theo|ke tiep|yield|treasury|bond)\b)?"
)


_WRITTEN = frozenset(
    ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "bẩy", "tám", "chín", "mười", "vài", "mấy"]
)
"""Number words as written: *bón* is no *bốn*."""
_SINCE = re.compile(
    r"\b(?:since|from|starting|tu|ke tu)(?: (?:hoi|dau|sang|this|last|phien|our|the|call|meeting|on)){0,5} "
    r"(?:mon|tue|tues|wed|thu|thurs|fri|monday|tuesday|wednesday|thursday|friday|thu (?:hai|ba|tu|nam|sau"
    r"|[2-6])|t[2-6])\b"
)
"""A weekday to count from."""
_TERSE = re.compile(r"(?<=\s)([dwmq])(?=\s|$)")
"""A letter alone in a question as short as a command: "heatmap d"."""
_TERSE_WORDS = 5


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time that a question names."""

    days: int
    text: str
    future: bool = False
    loose: bool = False
    """The words are not a window's own name, so the brief says how they were read."""
    vague: bool = False
    """"Long term": counts only where nothing more definite is named."""


def nearest(days: int, offered: Iterable[str]) -> str:
    """Return the offered window whose length is nearest by ratio."""
    lengths = {**TRADING_DAYS, **LOOKBACKS}
    return min(offered, key=lambda name: abs(math.log(lengths[name] / max(days, 1))))


def read_windows(
    text: str, folded: str, matches: Iterable[Match], starts: tuple[int, ...], as_of: date
) -> tuple[Window, ...]:
    """Return the windows of a stretch of text, in its order, numbers before words.

    Parameters
    ----------
    text, folded
        The stretch as written and folded, of equal length.
    matches
        Phrases inside the stretch.
    starts
        Where each match begins in the stretch.
    as_of
        The day asked about: "year to date" depends on it.
    """
    found: list[tuple[int, Window]] = []
    spans = []
    for match in _NUMERIC.finditer(folded):
        window = _numeric_window(match, text)
        if window is not None:
            found.append((match.start(), window))
            spans.append(match.span())
    for match in _SINCE.finditer(folded):
        found.append((match.start(), Window(5, text[match.start() : match.end()], loose=True)))
        spans.append(match.span())
    for match in _TERSE.finditer(folded) if len(folded.split()) <= _TERSE_WORDS else ():
        name = {"d": "1D", "w": "1W", "m": "1M", "q": "3M"}[match[1]]
        found.append((match.start(), Window(TRADING_DAYS[name], match[1])))
    for phrase, start in zip(matches, starts, strict=True):
        if any(first <= start < last for first, last in spans):
            continue
        for notion in phrase.notions("period"):
            entry = table("periods")[notion]
            days = entry["days"] or _days_since_new_year(as_of)
            loose = entry.get("loose", False)
            future = entry.get("future", False)
            vague = entry.get("vague", False)
            found.append((start, Window(days, phrase.text, future, loose, vague)))
    if any(not w.vague for _, w in found):
        found = [(start, w) for start, w in found if not w.vague]
    if any(not w.loose and w.days > 1 for _, w in found):
        found = [(start, w) for start, w in found if not _names_weekday(w)]
    unique = {(w.days, w.future): w for _, w in sorted(found, key=lambda f: f[0], reverse=True)}
    return tuple(reversed(unique.values()))


def _numeric_window(match: re.Match[str], text: str) -> Window | None:
    number, unit, after = match["number"], match["unit"], match["after"] or ""
    written = text[match.start("number") : match.end("number")].casefold()
    if not written.isascii() and written not in _WRITTEN:
        return None
    five_years = number == unit == "nam" and match.group().startswith("nam nam")
    if five_years and "năm năm" not in text.casefold():
        return None
    if after in {"yield", "treasury", "bond"}:
        return None
    if unit in {"m", "d", "w", "y", "q", "t"} and not number.isdigit():
        return None
    if number == "bon" and unit == "nam":
        return None
    amount = float(number) if number[0].isdigit() else float(_NUMBERS[number])
    days = max(round(amount * _UNIT_DAYS[unit]), 1)
    if days > 252 * 60:
        return None
    future = bool(match["before"]) or after in {
        "toi",
        "sau",
        "nua",
        "ahead",
        "from now",
        "out",
        "tiep theo",
        "ke tiep",
    }
    return Window(days, text[match.start() : match.end()].strip(), future, days not in _EXACT)


def _names_weekday(window: Window) -> bool:
    """Whether only a weekday is named, which is a date beside a window's length."""
    return window.loose and bool(_WEEKDAY.search(window.text.casefold()))


_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri)day")


def _days_since_new_year(as_of: date) -> int:
    return max(round(as_of.timetuple().tm_yday * 252 / 365), 1)
