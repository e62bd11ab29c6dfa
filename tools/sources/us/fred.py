"""Macro series from FRED: with a key as they were published day by day, without one as they stand today.

With a key, every value comes with the period in which it stood (`realtime_start`, `realtime_end`), which is FRED's
archive of vintages. What decides how it is asked:

- A parameter that FRED does not know is ignored without a word, and the answer is then the latest revision. So every
  answer is held to its own account of what it answers; one that answers something else is refused.
- An answer may span 2,000 vintages and 100,000 rows. Longer histories are asked for in stretches, each beginning at
  the last vintage of the one before, and in pages.
- `realtime_start` is cut at the beginning of what was asked: a row that begins there stood already and is known from
  the stretch before. Only a row that begins later is a publication.
- A value is text; ``.`` is a missing one, and never zero.

Without a key there is the public CSV, which holds the latest revision alone. Market series count as known after their
usual lag; a revised series counts as known from the day on which it is read, because it was not known like this
before, and the note says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, TypeVar

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tools.errors import SourceDownError
from tools.sources.feeds import Batch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pandas._libs.tslibs.nattype import NaTType

    from tools.sources.http import Fetcher
    from tools.sources.us.series import Series

PROVIDER = "FRED"
API_URL = "https://api.stlouisfed.org/fred"
CSV_URL = "https://fred.stlouisfed.org/graph"
OBSERVED_FROM = date(1990, 1, 1)
EARLIEST, LATEST = "1776-07-04", "9999-12-31"
"""The bounds of FRED's archive, as it spells them."""
MAX_VINTAGES = 2_000
MAX_ROWS = 100_000
MAX_VINTAGE_DATES = 10_000
FEW_VINTAGES_DAYS = 1_900
"""A stretch of fewer days cannot hold more vintages than an answer may."""
OVERLAP_DAYS = 7
ARCHIVED_LATE_DAYS = 45
"""A market value that the archive has from its first day, but this long after the value's own, was known before."""
ENOUGH = 60
"""Values from which the median of a whole series is told."""
MISSING = (".", "")
"""How a missing value is written: in the API, and in the CSV."""
NOT_ARCHIVED = "does not exist in ALFRED"
LATEST_REVISION = (
    "latest revision: known here from the day it was read; "
    "a FRED API key brings what was published on earlier days"
)

Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Shape = TypeVar("Shape", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class _Facts(_Strict):
    id: str
    units: str


class _SeriesAnswer(_Strict):
    seriess: Annotated[list[_Facts], Field(min_length=1, max_length=1)]


class _VintagesAnswer(_Strict):
    realtime_start: Day
    realtime_end: Day
    count: int
    offset: int
    vintage_dates: list[Day]


class _Row(_Strict):
    realtime_start: Day
    realtime_end: Day
    date: Day
    value: str


class _ObservationsAnswer(_Strict):
    realtime_start: Day
    realtime_end: Day
    observation_start: Day
    units: str
    output_type: int
    order_by: str
    sort_order: str
    count: int
    offset: int
    limit: int
    observations: list[_Row]


@dataclass(frozen=True, kw_only=True)
class VintagesFeed:
    """One series with every revision, through the API; its fetcher holds the key."""

    series: Series
    api: Fetcher
    today: date

    @property
    def key(self) -> str:
        """What progress is remembered under."""
        return f"fred/macro/{self.series.name}"

    @property
    def provider(self) -> str:
        """Who answers."""
        return PROVIDER

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:
        """Bring publications since `since`, oldest first, one batch a page."""
        self._require_unit()
        try:
            yield from self._publications(since, until)
        except SourceDownError as error:
            if NOT_ARCHIVED not in str(error):
                raise
            yield self._today_only(until)

    def _publications(self, since: date | None, until: date) -> Iterator[Batch]:
        vintages = () if self._is_recent(since) else self._vintage_days()
        for start, end in self._stretches(since, vintages):
            for rows in self._pages(start, end):
                read = _Reading(self.series, self.api, until=until, today=self.today)
                yield read.batch(rows, after=start, archive_began="".join(vintages[:1]))

    def _require_unit(self) -> None:
        facts = self._ask(_SeriesAnswer, "series", {}).seriess[0]
        if facts.id != self.series.fred_id:
            raise self.api.down(f"another series than {self.series.fred_id}")
        if not facts.units.startswith(self.series.their_unit):
            raise self.api.down(
                f"{self.series.fred_id} in another unit than {self.series.their_unit}"
            )

    def _is_recent(self, since: date | None) -> bool:
        return since is not None and (self.today - since).days < FEW_VINTAGES_DAYS

    def _stretches(self, since: date | None, vintages: tuple[str, ...]) -> list[tuple[str, str]]:
        """Return the periods of publication to ask for, none with too many vintages."""
        start = EARLIEST
        if since is not None:
            start = (since - timedelta(days=OVERLAP_DAYS)).isoformat()
        days = [day for day in vintages if day > start]
        last_days = days[MAX_VINTAGES - 2 :: MAX_VINTAGES - 1]
        return list(pairwise([start, *(day for day in last_days if day != days[-1]), LATEST]))

    def _vintage_days(self) -> tuple[str, ...]:
        days: list[str] = []
        while True:
            asked: dict[str, str | int] = {
                "realtime_start": EARLIEST, "realtime_end": LATEST, "offset": len(days),
            }  # fmt: skip
            answer = self._ask(
                _VintagesAnswer, "series/vintagedates", {**asked, "limit": MAX_VINTAGE_DATES}
            )
            self._require_echo(answer, asked)
            days += answer.vintage_dates
            if not answer.vintage_dates or len(days) >= answer.count:
                return tuple(sorted(set(days)))

    def _pages(self, start: str, end: str) -> Iterator[list[_Row]]:
        seen = 0
        while True:
            asked: dict[str, str | int] = {
                "realtime_start": start, "realtime_end": end,
                "observation_start": OBSERVED_FROM.isoformat(),
                "units": "lin", "output_type": 1, "order_by": "observation_date",
                "sort_order": "asc", "limit": MAX_ROWS, "offset": seen,
            }  # fmt: skip
            answer = self._ask(_ObservationsAnswer, "series/observations", asked)
            self._require_echo(answer, asked)
            already, seen = seen, seen + len(answer.observations)
            if len(answer.observations) != min(MAX_ROWS, answer.count - already):
                raise self.api.down(f"{len(answer.observations)} rows where others were announced")
            if not _in_order(answer.observations, start, end):
                raise self.api.down(f"rows of {self.series.fred_id} out of order")
            if answer.observations:
                yield answer.observations
            if seen >= answer.count:
                return

    def _today_only(self, until: date) -> Batch:
        """Return the latest revision of a series that has no archive."""
        asked: dict[str, str | int] = {
            "observation_start": OBSERVED_FROM.isoformat(),
            "units": "lin", "output_type": 1, "limit": MAX_ROWS, "offset": 0,
        }  # fmt: skip
        answer = self._ask(_ObservationsAnswer, "series/observations", asked)
        self._require_echo(answer, asked)
        values = {row.date: row.value for row in answer.observations}
        return _Reading(self.series, self.api, until=until, today=self.today).latest(values)

    def _ask(self, shape: type[Shape], path: str, params: dict[str, str | int]) -> Shape:
        asked = {"series_id": self.series.fred_id, "file_type": "json", **params}
        try:
            return shape.model_validate(self.api.json(path, asked))
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "the answer"
            came = f"{path} of {self.series.fred_id} in another shape, at {where}"
            raise self.api.down(came) from None

    def _require_echo(self, answer: BaseModel, asked: dict[str, str | int]) -> None:
        """Refuse an answer to something else: a parameter that was not understood was ignored."""
        for name, value in asked.items():
            came = getattr(answer, name, value)
            if came != value:
                raise self.api.down(
                    f"{self.series.fred_id} for {name} {came!r} where {value!r} was asked"
                )


def _in_order(rows: list[_Row], start: str, end: str) -> bool:
    """Return whether rows go from day to day, each in force within the period that was asked for."""
    within = all(start <= row.realtime_start <= row.realtime_end <= end for row in rows)
    return within and all(
        (before.date, before.realtime_end) < (row.date, row.realtime_start)
        for before, row in pairwise(rows)
    )


@dataclass(frozen=True, kw_only=True)
class LatestFeed:
    """One series as it stands today, through the public CSV."""

    series: Series
    site: Fetcher
    today: date

    @property
    def key(self) -> str:
        """What progress is remembered under; not what it is with a key, which brings the past as well."""
        return f"fred/macro/{self.series.name}.latest"

    @property
    def provider(self) -> str:
        """Who answers."""
        return PROVIDER

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:  # noqa: ARG002 - revisions reach far back
        """Bring the whole series: what changed since the last time is a revision."""
        name = self.series.fred_id
        asked = {"id": name, "cosd": OBSERVED_FROM.isoformat()}
        lines = self.site.text("fredgraph.csv", asked).splitlines(keepends=True)
        cut = not lines[-1].endswith("\n")
        header = [cell.strip().strip('"') for cell in lines[0].split(",")]
        if len(header) != 2 or header[0] not in {"observation_date", "DATE"} or header[1] != name:
            raise self.site.down(f"a CSV of {name} with other columns")
        cells = [line.split(",") for line in lines[1 : -1 if cut else None] if line.strip()]
        if any(len(pair) != 2 for pair in cells):
            raise self.site.down(f"a CSV of {name} with broken lines")
        values = {day.strip(): value.strip() for day, value in cells}
        if list(values) != sorted(values) or len(values) != len(cells):
            raise self.site.down(f"a CSV of {name} with days out of order")
        read = _Reading(self.series, self.site, until=until, today=self.today)
        # A number may have lost its last digits.
        yield read.latest(values, ("a last line without an end left out",) if cut else ())


class _Reading:
    """Turns rows of one series into rows of the macro table."""

    def __init__(self, series: Series, fetcher: Fetcher, *, until: date, today: date) -> None:
        self._series, self._fetcher = series, fetcher
        self._until, self._today = pd.Timestamp(until), np.datetime64(today, "D")
        self._notes: list[str] = []

    def latest(self, values: dict[str, str], notes: tuple[str, ...] = ()) -> Batch:
        """Return what stands today, without a history of publication."""
        for note in notes:
            self._note(note)
        table = self._table(list(values), [""] * len(values), list(values.values()))
        if self._series.revised:
            self._note(LATEST_REVISION)
        return self._batch(table)

    def batch(self, rows: list[_Row], *, after: str, archive_began: str) -> Batch:
        """Return what was published later than `after`; what stood then is known.

        What a market series had on the day its archive began may have been known long before; a value that the
        archive has from a later day was not.
        """
        table = self._table(
            [row.date for row in rows],
            [row.realtime_start for row in rows],
            [row.value for row in rows],
        )
        began = pd.Timestamp(archive_began) if archive_began else pd.NaT
        return self._batch(table[table["archived_on"] > pd.Timestamp(after)], began)

    def _batch(self, table: pd.DataFrame, began: pd.Timestamp | NaTType = pd.NaT) -> Batch:
        known = table.assign(published_on=_published(table, self._series, self._today, began))
        early = known["published_on"] < known["observed_on"]
        rows = known[~early].assign(series=self._series.name, unit=self._series.unit)
        columns = ["series", "observed_on", "published_on", "value", "unit"]
        return Batch(
            table="macro", rows=rows[columns].reset_index(drop=True), notes=tuple(self._notes)
        )

    def _note(self, text: str) -> None:
        self._notes.append(f"{self._series.name}: {text}")

    def _table(self, days: list[str], archived: list[str], values: list[str]) -> pd.DataFrame:
        table = pd.DataFrame(
            {
                "observed_on": _days(days),
                "archived_on": _days(archived),
                "value": [_number(text) for text in values],
            }
        )
        unread = table["value"].isna() & ~pd.Series(values, dtype=object).isin(MISSING)
        if unread.any():
            self._note(f"{unread.sum()} values that are no numbers left out")
        if table["observed_on"].isna().any():
            raise self._fetcher.down(f"days of {self._series.fred_id} that are none")
        if self._series.monthly:
            table["observed_on"] += pd.offsets.MonthEnd(0)
        return self._possible(table[table["value"].notna() & (table["observed_on"] <= self._until)])

    def _possible(self, table: pd.DataFrame) -> pd.DataFrame:
        """Leave out impossible values; a series in another unit is refused as a whole."""
        series, (low, high) = self._series, self._series.possible
        if table.empty:
            raise self._fetcher.down(f"no value of {series.fred_id}")
        right = table["value"].between(low, high)
        usual = series.usual[0] <= table["value"].median() <= series.usual[1]
        if 2 * right.sum() < len(table) or (len(table) >= ENOUGH and not usual):
            came = f"values of {series.fred_id} in another unit than {series.unit}"
            raise self._fetcher.down(came)
        if not right.all():
            last = table["observed_on"][~right].max()
            self._note(
                f"{(~right).sum()} values outside {low:g} to {high:g} left out, "
                f"the last of {last:%Y-%m-%d}"
            )
        return table[right]


def _days(texts: list[str]) -> pd.Series:
    days = pd.to_datetime(pd.Series(texts, dtype=object), errors="coerce", format="%Y-%m-%d")
    return days.astype("datetime64[us]")


def _number(text: str) -> float:
    """Return the value of a text, NaN for a missing one or for what is no plain number."""
    plain = text.removeprefix("-").replace(".", "", 1)
    return float(text) if plain.isascii() and plain.isdigit() else float("nan")


def _published(
    table: pd.DataFrame, series: Series, today: np.datetime64, began: pd.Timestamp | NaTType
) -> pd.Series:
    """Return when each value was known: as archived, else after the usual lag; NaT for an undated estimate."""
    archived = table["archived_on"]
    if series.lag_weekdays is None:
        return archived
    observed = table["observed_on"].to_numpy().astype("datetime64[D]")
    usual = np.busday_offset(observed, series.lag_weekdays, roll="backward")
    known = pd.Series(np.minimum(usual, today).astype("datetime64[us]"), table.index)
    is_late = archived - table["observed_on"] > pd.Timedelta(days=ARCHIVED_LATE_DAYS)
    return archived.where(archived.notna() & ~(is_late & (archived == began)), known)
