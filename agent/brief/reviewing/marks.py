"""Finding what can be checked in a text: names, values, dates, windows, metrics, directions, ranks and labels."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from agent.brief.lexicon import UNSIGNED_METRICS
from agent.brief.reviewing.ground import plain
from agent.brief.reviewing.words import AGAINST_MARKET, TOKEN, Word, lexicon
from agent.brief.slots import THEN_DATE, is_move, slots_in
from tools.contracts import MARKET_ENTITY

if TYPE_CHECKING:
    from agent.brief.reviewing.ground import Ground
    from tools.contracts import Fact

SIGNED_UNITS = frozenset({"fraction", "log-odds", "correlation"})
MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
DATE = re.compile(
    r"(?P<iso>\d{4}-\d{2}-\d{2})|(?P<vi>\d{1,2}[/-]\d{1,2}[/-]\d{4})"
    r"|ngày (?P<d>\d{1,2}) tháng (?P<m>\d{1,2}) năm (?P<y>\d{4})"
    rf"|(?P<day>\d{{1,2}}) (?P<month>{'|'.join(MONTHS)}),? (?P<year>\d{{4}})"
    rf"|(?P<month2>{'|'.join(MONTHS)}) (?P<day2>\d{{1,2}}),? (?P<year2>\d{{4}})",
    re.IGNORECASE,
)
UNIT = re.compile(
    r"\s?(?:%|‰|pp\b|bps?\b|basis points?|×|x\b|times\b|lần\b|billion|million|trillion|thousand|bn\b|mn\b|tn\b|m\b|k\b"
    r"|nghìn|ngàn|tỷ|tỉ|triệu|điểm|points?\b|percent|phần trăm|[A-Z]{3}\b)"
)
MORE_POINTS = re.compile(r"\s?(?:%|phần trăm|cơ bản)")
INTERVAL = re.compile(r"80\s?%(?= (?:interval|range|band|of the time)|-)|(?<=khoảng )80\s?%")


@dataclass(frozen=True)
class Value:
    """A numeral of the text, and the facts that are shown like this."""

    facts: tuple[Fact, ...]
    shown: str
    """As written; empty for a slot."""
    absolute: bool = False
    """A slot that asks for no sign."""
    before: str = ""
    """The word that stands before it, in small letters."""

    def bare(self, fact: Fact, ground: Ground) -> bool:
        """Whether the sign that this fact has is not shown, so that a word must carry it."""
        if not has_sign(fact):
            return False
        if not self.shown:
            return self.absolute
        signed = {plain(ground.render(fact)), plain(ground.render(fact, fine=True))}
        return self.shown not in signed


@dataclass(frozen=True)
class Mark:
    """One thing that can be checked, where it stands."""

    kind: str
    value: object
    start: int
    end: int
    text: str


def marks_in(text: str, ground: Ground) -> list[Mark]:
    """Return the marks of a text in order; none overlap, but a phrase may bear several at one place."""
    slots = _slot_marks(text, ground)
    taken = [(mark.start, mark.end) for mark in slots]
    found = list(slots)
    for finder in (_date_marks, _label_marks, _numeral_marks, _phrase_marks):
        fresh = finder(text, ground, tuple(taken))
        found += fresh
        taken += [(mark.start, mark.end) for mark in fresh]
    return _against_market(sorted(found, key=lambda mark: (mark.start, mark.end)))


def _against_market(marks: list[Mark]) -> list[Mark]:
    """Read a comparison that the benchmark's name follows as a direction relative to it."""
    return [
        replace(mark, kind="direction", value=("relative", AGAINST_MARKET[mark.text.lower()]))
        if mark.kind == "compare"
        and mark.text.lower() in AGAINST_MARKET
        and following is not None
        and following.kind == "entity"
        and following.value == frozenset({MARKET_ENTITY})
        else mark
        for mark, following in zip(marks, [*marks[1:], None], strict=False)
    ]


def _free(start: int, end: int, taken: tuple[tuple[int, int], ...]) -> bool:
    return all(end <= first or start >= last for first, last in taken)


def _slot_marks(text: str, ground: Ground) -> list[Mark]:
    found = []
    for slot in slots_in(text):
        kind, value = _slot_value(slot.id, ground, is_name=slot.is_name, absolute=slot.absolute)
        if isinstance(value, Value):
            value = replace(value, before=_word_before(text, slot.start))
        found.append(Mark(kind, value, slot.start, slot.end, slot.text))
    return found


def _slot_value(key: str, ground: Ground, *, is_name: bool, absolute: bool) -> tuple[str, object]:
    if is_name:
        return ("entity", frozenset({key})) if key in ground.entities else ("unknown", key)
    fact = ground.cited(key)
    if fact is None:
        return "unknown", key
    if fact.id == THEN_DATE:
        return "date", date.fromisoformat(str(fact.value))
    if isinstance(fact.value, str):
        return "label", fact
    return "value", Value((fact,), "", absolute)


def has_sign(fact: Fact) -> bool:
    """Whether a fact is shown with its sign, unless a word beside it carries it."""
    if isinstance(fact.value, str):
        return False
    if fact.value < 0:
        return True
    shown = fact.unit in SIGNED_UNITS or fact.metric in SIGNED_METRICS or is_move(fact)
    return shown and fact.metric not in UNSIGNED_METRICS


SIGNED_METRICS = frozenset({"foreign_net_value", "change", "surprise", "yoy", "shock"})


def _word_before(text: str, start: int) -> str:
    words = text[max(0, start - 24) : start].split()
    return words[-1].strip("(*,").lower() if words else ""


def _date_marks(text: str, _ground: Ground, taken: tuple[tuple[int, int], ...]) -> list[Mark]:
    return [
        Mark("date", _day(match), *match.span(), match.group())
        for match in DATE.finditer(text)
        if _free(*match.span(), taken)
    ]


def _day(match: re.Match[str]) -> date | None:
    part = match.groupdict()
    try:
        if part["iso"]:
            return date.fromisoformat(part["iso"])
        if part["vi"]:
            day, month, year = (int(piece) for piece in re.split(r"[/-]", part["vi"]))
            return date(year, month, day)
        if part["y"]:
            return date(int(part["y"]), int(part["m"]), int(part["d"]))
        name = (part["month"] or part["month2"]).lower()
        day_text, year_text = part["day"] or part["day2"], part["year"] or part["year2"]
        return date(int(year_text), MONTHS.index(name) + 1, int(day_text))
    except ValueError:
        return None


def _label_marks(text: str, ground: Ground, taken: tuple[tuple[int, int], ...]) -> list[Mark]:
    """Return the names and labels that hold a digit, which is no numeral of a fact."""
    return [
        mark
        for mark in _phrase_marks(text, ground, taken)
        if any(letter.isdigit() for letter in mark.text)
    ]


def _phrase_marks(text: str, ground: Ground, taken: tuple[tuple[int, int], ...]) -> list[Mark]:
    """Return the longest names and phrases, from left to right."""
    tokens = [(match.group(), match.start(), match.end()) for match in TOKEN.finditer(text)]
    lowered = [token[0].lower() for token in tokens]
    found: list[Mark] = [
        Mark("direction", ("give", -1), start, end, word)
        for word, start, end in tokens
        if word == "Against" and _free(start, end, taken)
    ]
    at = 0
    while at < len(tokens):
        length, words = _longest(lowered, at, text, tokens, ground)
        if length:
            start, end = tokens[at][1], tokens[at + length - 1][2]
            if length == 1 and _inside_number(text, start, end):
                words = ()
            if _free(start, end, taken):
                shown = text[start:end]
                found += [Mark(word.kind, word.value, start, end, shown) for word in words]
        at += max(length, 1)
    return found


def _inside_number(text: str, start: int, end: int) -> bool:
    """Whether a point or comma stands between digits."""
    return text[start - 1 : start].isdigit() and text[end : end + 1].isdigit()


def _longest(
    lowered: list[str],
    at: int,
    text: str,
    tokens: list[tuple[str, int, int]],
    ground: Ground,
) -> tuple[int, tuple[Word, ...]]:
    best: tuple[int, tuple[Word, ...]] = (0, ())
    for phrase, words in lexicon().get(lowered[at], ()):
        if tuple(lowered[at : at + len(phrase)]) == phrase:
            best = (len(phrase), words)
            break
    for name in ground.first_tokens.get(lowered[at], ()):
        if tuple(lowered[at : at + len(name)]) == name and len(name) >= best[0]:
            if not _is_name(text[tokens[at][1] : tokens[at + len(name) - 1][2]], name, ground):
                continue
            return len(name), (Word("entity", ground.names[name]),)
    return best


def _is_name(shown: str, name: tuple[str, ...], ground: Ground) -> bool:
    """Whether a single common word is meant as a name: then it is written as one."""
    return len(name) > 1 or not shown.islower() or shown in ground.lower_names


def _numeral_marks(text: str, ground: Ground, taken: tuple[tuple[int, int], ...]) -> list[Mark]:
    found = [
        Mark("level", 80, *interval.span(), interval.group())
        for interval in INTERVAL.finditer(text)
    ]
    closed = (*taken, *((mark.start, mark.end) for mark in found))
    for match in ground.core.finditer(text):
        start = match.start()
        if (start and text[start - 1].isalnum()) or not _free(*match.span(), closed):
            continue
        whole, facts = _reading(text, match, ground)
        value = Value(facts, whole, before=_word_before(text, start)) if facts else None
        found.append(Mark("value" if facts else "numeral", value, start, start + len(whole), whole))
    return found


def _other_unit(text: str, end: int, facts: tuple[Fact, ...]) -> bool:
    """Whether a unit stands behind a rendering that has none of the kind."""
    unit = UNIT.match(text, end)
    if unit is None:
        return False
    points = unit.group().strip() in {"điểm", "points", "point"} and not MORE_POINTS.match(
        text, unit.end()
    )
    return not (points and any(fact.unit in {"log-odds", "index"} for fact in facts))


def _reading(text: str, match: re.Match[str], ground: Ground) -> tuple[str, tuple[Fact, ...]]:
    """Return the longest rendering of a fact that stands here, units and all, with its facts."""
    for whole, facts in ground.shown.get(match.group(), ()):
        at = match.start() - whole.find(match.group())
        end = at + len(whole)
        if at < 0 or text[at:end] != whole:
            continue
        cut = whole[-1].isalpha() and text[end : end + 1].isalnum()
        if not cut and not _other_unit(text, end, facts):
            return text[match.start() : end], facts
        break
    unit = UNIT.match(text, match.end())
    return text[match.start() : unit.end() if unit else match.end()], ()
