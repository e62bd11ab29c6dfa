"""Macro series of Vietnam as far as they are public: consumer prices and the dollar.

Nobody publishes the day on which a price index came out together with the index. It is taken by a rule that is later
than the office's own calendar: up to 2024 it published on the last days of the month itself, since 2025 it does on
the sixth of the next. A figure that is seen before the rule's day is known on the day it is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from tools.sources.feeds import Batch
from tools.sources.vn import answers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from tools.sources.http import Fetcher
    from tools.sources.vn.answers import Record

CPI_PROVIDER = "vi.money"
CPI_URL = "https://vi.money"
DOLLAR_PROVIDER = "Vietcombank"
DOLLAR_URL = "https://www.vietcombank.com.vn"
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
LARGEST_PERCENT = 40.0
SMALLEST_PERCENT = 0.3
"""A year of changes that never reach this is a year of fractions."""
INDEX_TOLERANCE = 0.3
"""Percentage points by which the index may differ from the change that is stated."""
DOLLAR_VND = (10_000.0, 60_000.0)
DOLLAR_DAILY_DAYS = 30
DOLLAR_BATCH = 20


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
    for record in records:
        month = _month(record)
        if month is None or month > today:
            strange.append(f"{record.get('year')!s:.6}-{record.get('month')!s:.6}")
        elif month in months and months[month] != record:
            strange.append(f"{month:%Y-%m} twice")
        else:
            months[month] = record
    notes = answers.left_out(fetcher.provider, "CPI", "no month that can be", strange)
    parts, index = [], _column(months, CPI_INDEX[1])
    for series, key, unit in CPI_SERIES:
        values = _column(months, key)
        if len(values) and float(values.abs().max()) < SMALLEST_PERCENT and len(values) >= 12:
            raise fetcher.down(f"changes of consumer prices that are no percentages ({key})")
        wild = values[values.abs() > LARGEST_PERCENT]
        notes += answers.left_out(fetcher.provider, series, "no such change", wild.index)
        parts.append(_series_rows(series, values.drop(wild.index), unit, today))
    if all(part.empty for part in parts):
        raise fetcher.down("no month of consumer prices")
    if _agrees(index, _column(months, CPI_SERIES[0][1]), 12):
        parts.append(_series_rows(CPI_INDEX[0], index, CPI_INDEX[2], today))
    elif len(index):
        notes += (
            f"{fetcher.provider}, {CPI_INDEX[0]}: left out, the index does not agree with the "
            "changes over a year.",
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
    provider: str = CPI_PROVIDER
    key: str = "vimoney/macro/CPI"

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:  # noqa: ARG002 - one answer holds all
        """Bring every month; months that are known change nothing.

        Raises
        ------
        SourceDownError
            When the answer cannot be used.
        """
        records = answers.records(self.fetcher.json("api/v1/data/cpi"), self.fetcher)
        rows, notes = read_cpi(records, today=_today(self.now), fetcher=self.fetcher)
        rows = rows[rows["observed_on"] <= pd.Timestamp(until)]
        note = (
            f"{self.provider}: consumer prices as they stand today; revisions before are not known."
        )
        yield Batch(table="macro", rows=rows.reset_index(drop=True), notes=(note, *notes))


@dataclass(frozen=True)
class DollarFeed:
    """What a dollar costs in dong: Vietcombank's selling rate, by day; weekly before the last month."""

    fetcher: Fetcher
    now: Callable[[], datetime]
    history_years: int
    provider: str = DOLLAR_PROVIDER
    key: str = "vietcombank/macro/USDVND"

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:
        """Bring the rates after `since`, a few weeks at a time.

        Raises
        ------
        SourceDownError
            When an answer cannot be used.
        """
        until = min(until, _today(self.now))
        first = until - timedelta(days=round(365.25 * self.history_years))
        wanted = _dollar_days(since + timedelta(days=1) if since else first, until)
        for start in range(0, len(wanted), DOLLAR_BATCH):
            asked = wanted[start : start + DOLLAR_BATCH]
            found = [(day, self._rate(day)) for day in asked]
            known = [(day, rate) for day, rate in found if np.isfinite(rate)]
            notes = answers.left_out(
                self.provider, "USDVND", "no rate of that day", [d for d, r in found if r != r]
            )
            yield Batch(table="macro", rows=_dollar_rows(known), notes=notes)

    def _rate(self, day: date) -> float:
        """Return the rate of a day, NaN where the answer is of another day or has no rate that can be."""
        answer = self.fetcher.json("api/exchangerates", {"date": day.isoformat()})
        records = answers.records(answer, self.fetcher, key="Data")
        assert isinstance(answer, dict)  # noqa: S101 - records refuses what is none
        codes = [answers.text(record.get("currencyCode")).upper() for record in records]
        if "USD" not in codes:
            raise self.fetcher.down("rates without the dollar")
        record = records[codes.index("USD")]
        if "sell" not in record:
            raise self.fetcher.down("a dollar without a selling rate")
        rate = answers.number(record["sell"])
        if rate == rate and rate != 0 and not DOLLAR_VND[0] <= rate <= DOLLAR_VND[1]:
            raise self.fetcher.down("a dollar in another unit than dong")
        return rate if rate > 0 and answers.day(answer.get("Date")) == day else float("nan")


def _dollar_days(first: date, until: date) -> list[date]:
    """Return the weekdays to ask for: Fridays, and every day of the last month."""
    daily = until - timedelta(days=DOLLAR_DAILY_DAYS)
    days = [first + timedelta(days=i) for i in range(max(0, (until - first).days + 1))]
    return [day for day in days if day.weekday() == 4 or (day.weekday() < 4 and day > daily)]


def _dollar_rows(known: Sequence[tuple[date, float]]) -> pd.DataFrame:
    days = pd.to_datetime([day for day, _ in known])
    return pd.DataFrame(
        {
            "series": "USDVND",
            "observed_on": days,
            "published_on": days,
            "value": [rate for _, rate in known],
            "unit": "VND per USD",
        },
        columns=list(COLUMNS),
    )


def _today(now: Callable[[], datetime]) -> date:
    return now().astimezone(ZoneInfo(answers.TIMEZONE)).date()
