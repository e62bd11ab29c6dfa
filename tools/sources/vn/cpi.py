"""Consumer prices of Vietnam, as far as they are public.

Nobody publishes the day on which a price index came out together with the index. It is taken by a rule that is later
than the office's own calendar: up to 2024 it published on the last days of the month itself, since 2025 it does on
the sixth of the next. A figure that is seen before the rule's day is known on the day it is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from tools.sources.feeds import Batch
from tools.sources.vn import answers
from tools.sources.vn.addresses import VI_MONEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from tools.sources.http import Fetcher
    from tools.sources.vn.answers import Record

PROVIDER = VI_MONEY
COLUMNS = ("series", "observed_on", "published_on", "value", "unit")
CPI_SERIES = (
    ("CPI_YOY", "yoyChangePct", "percent, year on year"),
    ("CPI_MOM", "momChangePct", "percent, month on month"),
)
CPI_INDEX = ("CPI_INDEX", "headlineIndex", "index")
PUBLISHED_NEXT_MONTH = date(2025, 1, 1)
"""From this month on the office publishes in the month after."""
OLD_DAY, NEW_DAY = 3, 8
"""Days of the next month on which a figure is taken to be out: two or more after the usual ones."""
EARLIEST_DAY = 25
"""Prices are surveyed until late in the month: a figure seen before is of another month, or a forecast."""
LARGEST_PERCENT = 40.0
SMALLEST_PERCENT = 0.3
"""A year of changes that never reach this is a year of fractions."""
INDEX_TOLERANCE = 0.3
"""Percentage points by which the index may differ from the change that is stated."""


def cpi_published(month: date) -> date:
    """Return the day on which a month's consumer prices are taken to be published."""
    following = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    day = NEW_DAY if month >= PUBLISHED_NEXT_MONTH else OLD_DAY
    out = following.replace(day=day)
    return out + timedelta(days=7 - out.weekday()) if out.weekday() >= 5 else out


def read_cpi(
    records: Sequence[Record], *, today: date, fetcher: Fetcher
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the series of consumer prices: changes in percent as published, and the index where it agrees with them.

    Raises
    ------
    SourceDownError
        When no month can be read or the changes are no percentages.
    """
    months: dict[date, Record] = {}
    strange: list[str] = []
    twice: set[date] = set()
    for record in records:
        month = _month(record)
        if month is None or today < month.replace(day=EARLIEST_DAY):
            strange.append(f"{record.get('year')!s:.6}-{record.get('month')!s:.6}")
        elif months.setdefault(month, record) != record:
            strange.append(f"{month:%Y-%m}, twice")
            twice.add(month)
    months = {month: record for month, record in months.items() if month not in twice}
    notes = answers.left_out("CPI", "no month that can be", strange)
    parts, index = [], _column(months, CPI_INDEX[1])
    for series, key, unit in CPI_SERIES:
        values = _column(months, key)
        if len(values) and float(values.abs().max()) < SMALLEST_PERCENT and len(values) >= 12:
            raise fetcher.down(f"changes of consumer prices that are no percentages ({key})")
        wild = values[values.abs() > LARGEST_PERCENT]
        notes += answers.left_out(series, "no such change", wild.index)
        parts.append(_series_rows(series, values.drop(wild.index), unit, today))
    if all(part.empty for part in parts):
        raise fetcher.down("no month of consumer prices")
    if _agrees(index, _column(months, CPI_SERIES[0][1]), 12):
        parts.append(_series_rows(CPI_INDEX[0], index, CPI_INDEX[2], today))
    elif len(index):
        notes += (
            f"{CPI_INDEX[0]}: left out, the index does not agree with the changes over a year.",
        )
    return pd.concat([part for part in parts if len(part)], ignore_index=True), notes


def _month(record: Record) -> date | None:
    year, month = answers.number(record.get("year")), answers.number(record.get("month"))
    if year != year or month != month or year != int(year) or month != int(month):
        return None
    return date(int(year), int(month), 1) if 1990 <= year <= 2100 and 1 <= month <= 12 else None


def _column(months: dict[date, Record], key: str) -> pd.Series:
    """Return one figure by month, oldest first, without months that lack it."""
    found = {month: answers.number(record.get(key)) for month, record in sorted(months.items())}
    return pd.Series(found, dtype="float64").dropna()


def _agrees(index: pd.Series, change: pd.Series, months: int) -> bool:
    """Tell whether an index grows over a year as stated, in every month where both are known."""
    if len(index) <= months:
        return False
    by_month = {month: value for month, value in index.items() if value > 0}
    compared = [
        abs((value / by_month[year_ago] - 1) * 100 - change[month]) <= INDEX_TOLERANCE
        for month, value in by_month.items()
        if isinstance(month, date)
        and (year_ago := month.replace(year=month.year - 1)) in by_month
        and month in change.index
    ]
    return bool(compared) and all(compared)


def _series_rows(series: str, values: pd.Series, unit: str, today: date) -> pd.DataFrame:
    published = [min(cpi_published(month), today) for month in values.index]
    return pd.DataFrame(
        {
            "series": series,
            "observed_on": pd.to_datetime(list(values.index)),
            "published_on": pd.to_datetime(published),
            "value": values.to_numpy(),
            "unit": unit,
        },
        columns=list(COLUMNS),
    )


@dataclass(frozen=True)
class CpiFeed:
    """Consumer prices of the statistics office, as vi.money serves them: newest revision only."""

    fetcher: Fetcher
    now: Callable[[], datetime]
    provider: str = PROVIDER
    key: str = "vimoney/macro/CPI"

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:  # noqa: ARG002 - one answer holds all
        """Bring every month; months that are known change nothing.

        Raises
        ------
        SourceDownError
            When the answer cannot be used.
        """
        records = answers.records(self.fetcher.json("api/v1/data/cpi"), self.fetcher)
        rows, notes = read_cpi(records, today=answers.today(self.now()), fetcher=self.fetcher)
        rows = rows[rows["observed_on"] <= pd.Timestamp(until)]
        note = "Consumer prices as they stand today; revisions before are not known."
        yield Batch(table="macro", rows=rows.reset_index(drop=True), notes=(note, *notes))
