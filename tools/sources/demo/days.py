"""The trading days of the simulated market: Monday to Friday without public holidays.

The calendar starts on a fixed day, so that a later end adds days and changes none.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

EPOCH = date(2015, 1, 5)
"""The first trading day, whatever the end: ten years and more for any end from 2025 on."""

Days = npt.NDArray[np.datetime64]

_NEW_YEAR = {
    2015: "02-19", 2016: "02-08", 2017: "01-28", 2018: "02-16", 2019: "02-05", 2020: "01-25", 2021: "02-12",
    2022: "02-01", 2023: "01-22", 2024: "02-10", 2025: "01-29", 2026: "02-17", 2027: "02-06", 2028: "01-26",
    2029: "02-13", 2030: "02-02", 2031: "01-23", 2032: "02-11", 2033: "01-31",
}  # fmt: skip
"""First day of the lunar year; years beyond repeat the nineteen before them, as the moon nearly does."""
_CYCLE = 19
_BEFORE_NEW_YEAR = 2
_AFTER_NEW_YEAR = 5
_KINGS = 68
"""Days from the lunar new year to the day of the Hung kings, near enough."""
_FIXED = ("01-01", "04-30", "05-01", "09-02")


def lunar_new_year(year: int) -> date:
    """Return the day on which the lunar year begins."""
    known = year
    while known not in _NEW_YEAR:
        known -= _CYCLE
    return date.fromisoformat(f"{year}-{_NEW_YEAR[known]}")


def holidays(year: int) -> set[date]:
    """Return the public holidays of one year."""
    new_year = lunar_new_year(year)
    found = {date.fromisoformat(f"{year}-{day}") for day in _FIXED}
    found.update(
        new_year + timedelta(days=n) for n in range(-_BEFORE_NEW_YEAR, _AFTER_NEW_YEAR + 1)
    )
    found.add(new_year + timedelta(days=_KINGS))
    return found


def trading_days(end: date) -> Days:
    """Return every trading day from :data:`EPOCH` up to `end`."""
    closed = sorted(day for year in range(EPOCH.year, end.year + 1) for day in holidays(year))
    days = np.arange(np.datetime64(EPOCH, "D"), np.datetime64(end, "D") + 1)
    return days[np.is_busday(days, holidays=np.array(closed, dtype="datetime64[D]"))]


def month_ends(first: str, end: date) -> Days:
    """Return the last calendar day of each month from `first` (YYYY-MM) up to the one that holds `end`."""
    months = np.arange(np.datetime64(first, "M"), np.datetime64(end, "M") + 1)
    return (months + 1).astype("datetime64[D]") - 1


def row_of(days: Days, wanted: Days | np.datetime64) -> npt.NDArray[np.intp]:
    """Return the row of the first trading day on or after each wanted day; ``len(days)`` where none is."""
    return np.asarray(np.searchsorted(days, wanted, side="left"), dtype=np.intp)
