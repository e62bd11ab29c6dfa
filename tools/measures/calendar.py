"""Monday-to-Friday arithmetic: when a row dated on a day may first be used."""

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
