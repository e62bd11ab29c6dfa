"""Monday-to-Friday arithmetic: when a row dated on a day may first be used, and how long a market rests."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Days = npt.NDArray[np.datetime64]


def as_days(values: object) -> Days:
    """Return calendar days as ``datetime64[D]``."""
    return np.asarray(values).astype("datetime64[D]")


def numbered(days: Days) -> tuple[Days, npt.NDArray[np.intp]]:
    """Return the different days in order, and the position of each row's day among them."""
    if not len(days):
        return days, np.zeros(0, dtype=np.intp)
    number = days.astype(np.int64)
    first = number.min()
    present = np.bincount(number - first) > 0
    position = np.cumsum(present) - 1
    return (np.flatnonzero(present) + first).astype("datetime64[D]"), position[number - first]


def usable_from(days: Days, weekdays: int) -> Days:
    """Return the first day on which rows dated `days` may be used: `weekdays` Monday-to-Friday days later.

    From a Saturday or Sunday one day later is Monday; no lag means the day itself.
    """
    if weekdays == 0:
        return days
    return np.busday_offset(days, weekdays, roll="backward")


def to_date(day: np.datetime64) -> date:
    """Return one numpy day as a date."""
    value = day.astype("datetime64[D]").item()
    assert isinstance(value, date)  # noqa: S101 - datetime64[D] gives dates
    return value


def weekdays_between(earlier: date, later: date) -> int:
    """Return how many Monday-to-Friday days lie after `earlier`, up to and including `later`."""
    one = np.timedelta64(1, "D")
    return int(np.busday_count(np.datetime64(earlier, "D") + one, np.datetime64(later, "D") + one))


SAME_SEASON = 30
"""Days around the same day of an earlier year that a moving feast may fall on."""
LONGEST_FEAST = 12
"""Weekdays beyond which a hole in the calendar is missing data, not a holiday."""


def holes(days: Days) -> npt.NDArray[np.int64]:
    """Return how many Monday-to-Friday days lie between each trading day and the next."""
    one = np.timedelta64(1, "D")
    found: npt.NDArray[np.int64] = np.busday_count(as_days(days[:-1]) + one, as_days(days[1:]))
    return found


def longest_rest(days: Days, as_of: date) -> int:
    """Return the longest closure, in weekdays, around the time of `as_of` in an earlier year.

    Markets close for longer than a week over moving feasts such as the lunar new year; what a market did in
    earlier years at this season is no sign of stale data.
    """
    rests, ends = holes(days), as_days(days[1:])
    before = (np.datetime64(as_of, "D") - ends).astype(int)
    season = np.abs((before + SAME_SEASON * 2) % 365.25 - SAME_SEASON * 2) <= SAME_SEASON
    feasts = rests[season & (before > SAME_SEASON * 6) & (rests <= LONGEST_FEAST)]
    return int(feasts.max()) if len(feasts) else 0
