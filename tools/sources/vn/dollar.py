"""What a dollar costs in dong: the selling rate of Vietcombank, which answers for any day.

Every day of the newest month is asked for, and the Fridays before: a rate a week tells what a macro series is asked.
On a day without trading the answer is of the day before, which its date shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.sources.feeds import Batch
from tools.sources.vn import answers
from tools.sources.vn.addresses import VIETCOMBANK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from tools.sources.http import Fetcher

PROVIDER = VIETCOMBANK
SERIES = "USDVND"
USUAL_VND = (10_000.0, 60_000.0)
DAILY = timedelta(days=30)
DAYS_A_BATCH = 20


@dataclass(frozen=True)
class DollarFeed:
    """What a dollar costs in dong: Vietcombank's selling rate, by day; weekly before the last month."""

    fetcher: Fetcher
    now: Callable[[], datetime]
    history_years: float
    provider: str = PROVIDER
    key: str = "vietcombank/macro/USDVND"

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:
        """Bring the rates after `since`, a few weeks at a time.

        Raises
        ------
        SourceDownError
            When an answer cannot be used.
        """
        until = min(until, answers.today(self.now()))
        first = until - timedelta(days=round(365.25 * self.history_years))
        wanted = _days(since + timedelta(days=1) if since else first, until)
        for start in range(0, len(wanted), DAYS_A_BATCH):
            asked = wanted[start : start + DAYS_A_BATCH]
            found = [(day, self._rate(day)) for day in asked]
            known = [(day, rate) for day, rate in found if np.isfinite(rate)]
            notes = answers.left_out(SERIES, "no rate of that day", [d for d, r in found if r != r])
            yield Batch(table="macro", rows=_rows(known), notes=notes)

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
        if rate == rate and rate != 0 and not USUAL_VND[0] <= rate <= USUAL_VND[1]:
            raise self.fetcher.down("a dollar in another unit than dong")
        return rate if rate > 0 and answers.day(answer.get("Date")) == day else float("nan")


def _days(first: date, until: date) -> list[date]:
    """Return the weekdays to ask for: Fridays, and every day of the last month."""
    daily = until - DAILY
    days = [first + timedelta(days=i) for i in range(max(0, (until - first).days + 1))]
    return [day for day in days if day.weekday() == 4 or (day.weekday() < 4 and day > daily)]


def _rows(known: Sequence[tuple[date, float]]) -> pd.DataFrame:
    days = pd.to_datetime([day for day, _ in known])
    return pd.DataFrame(
        {
            "series": SERIES,
            "observed_on": days,
            "published_on": days,
            "value": [rate for _, rate in known],
            "unit": "VND per USD",
        },
    )
