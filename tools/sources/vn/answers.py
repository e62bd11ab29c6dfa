"""Reading what Vietnamese providers answer: lists of records, numbers as text or with nulls, epoch seconds.

A number is read as it is written in JSON or as plain decimal text. Separators of thousands are refused rather than
guessed at: ``1.234`` may be one or a thousand, and only its sender knows.
"""

from __future__ import annotations

import contextlib
import math
import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from tools.errors import SourceDownError
from tools.sources.vn.addresses import TIMEZONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from tools.sources.http import Fetcher

    Record = Mapping[str, object]
    Floats = npt.NDArray[np.float64]
    Days = npt.NDArray[np.datetime64]

UTC_OFFSET_SECONDS = 7 * 3600
"""Vietnam has kept the same time since 1975."""
SESSION_CLOSES = time(15, 0)
"""End of put-through trading; the last auction of HOSE ends a quarter of an hour earlier."""
FIRST_DAY = date(2000, 7, 28)
"""The first session of the exchange in Ho Chi Minh City: an earlier bar cannot be right."""
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_SHOWN = 3


def number(raw: object) -> float:
    """Return a number, NaN where there is none or its text is anything but a plain decimal."""
    if isinstance(raw, str):
        raw = raw.strip() if _PLAIN.fullmatch(raw.strip()) else None
    if raw is None or isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return math.nan
    try:
        value = float(raw)
    except OverflowError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def text(raw: object) -> str:
    """Return a text without surrounding blanks, empty where there is none."""
    return raw.strip() if isinstance(raw, str) else ""


def code(raw: object) -> str:
    """Return an ICB code as four digits: some answers send it as a number and lose the leading zero."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        raw = str(raw)
    digits = text(raw)
    known = digits.isascii() and digits.isdigit() and len(digits) <= 4
    return digits.zfill(4) if known else ""


def day(raw: object) -> date | None:
    """Return a day written as YYYY-MM-DD, with or without a time behind it; None where it is none."""
    try:
        return date.fromisoformat(text(raw)[:10])
    except ValueError:
        return None


def numbers(raw: Sequence[object]) -> Floats:
    """Return :func:`number` of each element."""
    if set(map(type, raw)) <= {int, float}:
        with contextlib.suppress(OverflowError):
            found = np.array(raw, dtype=np.float64)
            return np.where(np.isfinite(found), found, np.nan)
    return np.array([number(one) for one in raw], dtype=np.float64)


def session_days(raw: Sequence[object]) -> Days:
    """Return the sessions that stamps in epoch seconds belong to, NaT where one cannot be a session.

    Milliseconds, a Saturday or a Sunday, and days before the exchange opened are no sessions.
    """
    seconds = numbers(raw)
    with np.errstate(invalid="ignore"):
        usable = (seconds == np.floor(seconds)) & (seconds > 0) & (seconds < 1e11)
    local = np.where(usable, seconds, 0.0) + UTC_OFFSET_SECONDS
    days = np.floor(local / 86_400).astype(np.int64).astype("datetime64[D]")
    usable &= (days >= np.datetime64(FIRST_DAY, "D")) & np.is_busday(days)
    return np.where(usable, days, np.datetime64("NaT", "D"))


def epoch(of: date) -> int:
    """Return the first second of a day in Vietnam, as epoch seconds."""
    return int(datetime.combine(of, time(), ZoneInfo(TIMEZONE)).timestamp())


def last_finished_day(now: datetime) -> date:
    """Return the newest calendar day whose session is over, whether or not it had one.

    Raises
    ------
    ValueError
        When `now` has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    here = now.astimezone(ZoneInfo(TIMEZONE))
    return here.date() if here.time() >= SESSION_CLOSES else here.date() - timedelta(days=1)


def today(now: datetime) -> date:
    """Return the calendar day in Vietnam."""
    return now.astimezone(ZoneInfo(TIMEZONE)).date()


def records(answer: object, fetcher: Fetcher, *, key: str = "data") -> list[Record]:
    """Return the records of an answer that is a list, or holds one under `key`.

    Raises
    ------
    SourceDownError
        When there is no list, or no record in it.
    """
    found = answer.get(key) if isinstance(answer, dict) else answer
    if not isinstance(found, list):
        raise fetcher.down(f"an answer without a list called {key}")
    rows: list[Record] = [row for row in found if isinstance(row, dict)]
    if not rows:
        raise fetcher.down("an empty list" if not found else "a list without a record")
    return rows


def neither(first: SourceDownError, second: SourceDownError) -> SourceDownError:
    """Return the error of two sources of which neither can be used; only what both ask or refuse holds for both."""
    waits = [one.retry_after for one in (first, second) if one.retry_after is not None]
    return SourceDownError(
        f"{first} {second}",
        retry_after=min(waits) if len(waits) == 2 else None,
        refused=first.refused and second.refused,
    )


def left_out(what: str, why: str, which: Iterable[object]) -> tuple[str, ...]:
    """Say in one note which rows were left out and why; nothing where none was.

    The provider stands beside every note of its feed and is not named in it.
    """
    names = [str(one) for one in which]
    if not names:
        return ()
    shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
    rows = "row" if len(names) == 1 else "rows"
    return (f"{what}: {len(names)} {rows} left out, {why} ({shown}).",)
