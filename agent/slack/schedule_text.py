"""Reading "every weekday 8:45 in this channel: which sectors lead?" in English and Vietnamese.

The words of the schedule stand before the question or behind it, in any order; everything else is
the question, taken as it is written. Vietnamese is read with and without its marks.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agent.slack.schedules import SATURDAY, WEEKDAYS, Schedule
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agent.brief.model import Language

EXAMPLES = (
    "Say for example `every weekday 8:45 in this channel: which sectors lead?`, `every Monday 9:00`, "
    "`mỗi ngày làm việc lúc 8:45` or `thứ hai hàng tuần 9h`."
)
STANDING: Mapping[Language, str] = {
    "en": "Give me the sector brief",
    "vi": "Cho tôi bản tin ngành",
}
"""What is asked where no question is said."""
NAMES: Mapping[str, int] = {
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
    "hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5, "nhat": 6,
    "2": 0, "3": 1, "4": 2, "5": 3, "6": 4, "7": 5,
}  # fmt: skip
_DAY = (
    r"(?:(?:thu\s+(?P<{0}vi>hai|ba|tu|nam|sau|bay|[2-7](?!\s*(?:[:.]|h\b|h\d)))|t(?P<{0}t>[2-7])"
    r"|chu\s+(?P<{0}cn>nhat))\b"
    r"|(?P<{0}en>mon|tue|wed|thu|fri|sat|sun)(?:day|sday|s|nesday|rsday|rs|r|urday)?(?<!thus)s?\b)"
)
DAYS = re.compile(
    _DAY.format("a") + r"(?:\s*(?P<range>-|–|to|through|den|toi)\s*" + _DAY.format("b") + ")?"
)
WEEK = re.compile(
    r"(?:(?:every|each|all|on)\s+)?(?:week|work|working\s|business\s|trading\s)\s*days?\b(?:\s+(?:morning|afternoon|evening)s?\b)?|daily\b"
    r"|(?:every|each)\s+(?:morning|evening|afternoon|day)\b"
    r"|(?:(?:moi|cac|hang|vao)\s+)?(?:ngay|hom)\s+(?:lam\s+viec|giao\s+dich|trong\s+tuan)\b"
    r"|(?:moi|hang)\s+(?:ngay|sang|chieu|toi|phien)\b"
)
TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:(?:\s*[:.h]\s*|\s*gio\s*)(?P<minute>\d{2})\b|\s*(?:h|gio|o'clock)\b"
    r"(?:\s*(?P<half>ruoi)\b)?)?\s*(?P<half_day>a\.?m\b\.?|p\.?m\b\.?|sang\b|trua\b|chieu\b|toi\b)?"
)
ZONE = re.compile(r"(?:in\s+|gio\s+)?(?P<zone>[a-z]+/[a-z_]+(?:/[a-z_]+)?|utc|gmt)\b(?:\s+time\b)?")
PLACE = re.compile(
    r"(?:in|to|into|trong|o|tai|vao)\s+(?:this|here|kenh)(?:\s+(?:channel|thread|chat|nay))?\b"
    r"|here\b|o\s+day\b|kenh\s+nay\b"
)
JOINT = re.compile(
    r"[\s,;:.!?()–-]+|(?:at|on|every|each|and|va|luc|vao|moi|hang|tuan|week|weekly|please|nhe)\b"
)
"""What may stand between the words of a schedule, and begins a question as well."""
VERB = re.compile(
    r"(?:please\s+)?(?:subscribe|post|send(?:\s+(?:me|us))?|dang\s+ky|gui(?:\s+(?:toi|cho\s+toi))?|dat\s+lich)\b"
    r"(?:\s*[:,-])?\s*"
)
AFTERNOON = frozenset({"pm", "chieu", "toi"})
NOON = 12


class Wish(NamedTuple):
    """What a reader wants posted, and when."""

    schedule: Schedule
    question: str


class _Found(NamedTuple):
    """What the words of a schedule say."""

    days: frozenset[int] = frozenset()
    times: tuple[tuple[int, int], ...] = ()
    zone: str = ""


def parse_subscription(text: str, *, timezone: str, language: Language = "en") -> Wish:
    """Return the schedule and the question of a wish.

    Parameters
    ----------
    text
        What the reader wrote, without the command's name.
    timezone
        IANA name that a time without a zone is in: the reader's, else the market's.
    language
        Of the question that stands where none is said.

    Raises
    ------
    UnusableInputError
        When there is no time, more than one, one that no day has, an unknown zone, or a day on
        which no market trades; the message shows how to say it.
    """
    written = unicodedata.normalize("NFC", text).strip()
    folded = _folded(written)
    verb = VERB.match(folded)
    start = verb.end() if verb else 0
    found, end = _read(folded, start)
    question = written[end:]
    if not found.times and not found.days:
        found, begins = _trailing(folded, start)
        question = written[start:begins]
    hour, minute = _time(found, text)
    zone = _zone(found.zone, written) or timezone
    schedule = Schedule(weekdays=_days(found, text), hour=hour, minute=minute, timezone=zone)
    return Wish(schedule, _asked(question) or STANDING[language])


def _read(folded: str, start: int) -> tuple[_Found, int]:
    """Return what the words from a place on say, up to the first that belongs to no schedule."""
    found, at, end = _Found(), start, start
    while at < len(folded):
        for pattern, take in READERS:
            match = pattern.match(folded, at)
            taken = take(match, found) if match else None
            if match is not None and taken is not None:
                found, at = taken, match.end()
                end = at
                break
        else:
            joint = JOINT.match(folded, at)
            if joint is None:
                return found, end
            at = joint.end()
    return found, at


def _trailing(folded: str, start: int) -> tuple[_Found, int]:
    """Return what the words at the end say, and where they begin."""
    for word in re.finditer(r"(?<!\S)\S", folded[start:]):
        begins = start + word.start()
        found, end = _read(folded, begins)
        if end == len(folded) and (found.times or found.days):
            return found, begins
    return _Found(), len(folded)


def _week(_match: re.Match[str], found: _Found) -> _Found:
    return found._replace(days=found.days | set(WEEKDAYS))


def _named(match: re.Match[str], found: _Found) -> _Found:
    first, last = (_number(match, side) for side in "ab")
    if first is None:
        return found
    named = range(first, last + 1) if last is not None and last >= first else (first,)
    return found._replace(days=found.days | set(named))


def _number(match: re.Match[str], side: str) -> int | None:
    names = (match[f"{side}{kind}"] for kind in ("en", "vi", "t", "cn"))
    return next((NAMES[name] for name in names if name), None)


def _in_zone(match: re.Match[str], found: _Found) -> _Found:
    return found._replace(zone=match["zone"])


def _timed(match: re.Match[str], found: _Found) -> _Found | None:
    """Add a time; a number alone is one only where an hour is meant, as in `at 9`."""
    marked = match["minute"] or match["half_day"] or not match[0].strip().isdigit()
    led = re.search(r"(?:at|luc)\s*$", match.string[: match.start()])
    last = not match.string[match.end() :].strip(" .!")
    if not (marked or led or last):
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or (30 if match["half"] else 0))
    half = (match["half_day"] or "").replace(".", "")
    if half in AFTERNOON and hour < NOON:
        hour += NOON
    if half == "am" and hour == NOON:
        hour = 0
    return found._replace(times=(*found.times, (hour, minute)))


def _placed(_match: re.Match[str], found: _Found) -> _Found:
    return found


READERS = (
    (WEEK, _week), (DAYS, _named), (ZONE, _in_zone), (TIME, _timed), (PLACE, _placed)
)  # fmt: skip
"""What the words of a schedule may be, the first that fits counts."""


def _time(found: _Found, text: str) -> tuple[int, int]:
    if len(found.times) != 1:
        wanted = "a time of day" if not found.times else "one time of day"
        raise UnusableInputError(wanted, repr(text), EXAMPLES)
    hour, minute = found.times[0]
    if hour > 23 or minute > 59:
        raise UnusableInputError("a time between 0:00 and 23:59", repr(text), EXAMPLES)
    return hour, minute


def _days(found: _Found, text: str) -> tuple[int, ...]:
    if any(day >= SATURDAY for day in found.days):
        raise UnusableInputError(
            "days from Monday to Friday, because the market rests at the weekend",
            repr(text),
            EXAMPLES,
        )
    return tuple(sorted(found.days)) or WEEKDAYS


def _zone(folded: str, written: str) -> str:
    """Return the IANA name of a zone as it is written; empty where none is."""
    if not folded or folded in {"utc", "gmt"}:
        return "UTC" if folded else ""
    at = _folded(written).index(folded)
    name = written[at : at + len(folded)]
    cased = "/".join(
        "_".join(part.capitalize() for part in one.split("_")) for one in name.split("/")
    )
    for known in (name, cased):
        try:
            return ZoneInfo(known).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    raise UnusableInputError(
        "a known time zone", repr(name), "Use a name such as Asia/Ho_Chi_Minh or Europe/Berlin."
    )


def _asked(text: str) -> str:
    """Return the question without what joined it to the schedule."""
    question = " ".join(text.split()).strip(" ,;:–-\"'“”")
    return re.sub(r"^(?:(?:and|then|và|rồi)\s+)+", "", question, flags=re.IGNORECASE)


def _folded(text: str) -> str:
    """Return a text in small letters without marks, every letter at its place."""
    return "".join(_letters(text))


def _letters(text: str) -> Iterator[str]:
    for letter in text:
        base = unicodedata.normalize("NFD", letter)[0].lower()
        yield "d" if base == "đ" else base[0]
