"""When a subscription posts: a schedule read from plain words, and the market's calendar.

A schedule is days of the week and a time of day in a named time zone. It never posts on a day on
which the market is closed, as far as that is known: past days are known from the prices, and of the
future only weekends and the holidays that fell on the same date in every year so far.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import Field

from tools.contracts import Frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from agent.brief.model import Language

WEEKDAYS = (0, 1, 2, 3, 4)
SATURDAY = 5
LONGEST_DAYS = 370
"""How far a next or a missed date is looked for."""
HOLIDAY_TIMES = 3
"""How often a date must have fallen on a weekday, and been closed each time, to count as a holiday."""
DAY_NAMES: Mapping[Language, tuple[str, ...]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu"),
}
SAID: Mapping[Language, tuple[str, str, str]] = {
    "en": ("every weekday", "every {days}", "{days} at {time} ({zone} time)"),
    "vi": ("mỗi ngày làm việc", "{days} hàng tuần", "{days} lúc {time} (giờ {zone})"),
}
HOLIDAYS_SAID: Mapping[Language, str] = {
    "en": "Nothing is posted on days the market is known to be closed; holidays without a fixed date "
    "are not known beforehand.",
    "vi": "Không gửi vào ngày thị trường nghỉ; những ngày nghỉ không cố định theo dương lịch thì không "
    "biết trước.",
}


class Schedule(Frozen):
    """Days of the week and a time of day."""

    weekdays: Annotated[tuple[Annotated[int, Field(ge=0, le=4)], ...], Field(min_length=1)]
    """0 is Monday."""
    hour: Annotated[int, Field(ge=0, le=23)]
    minute: Annotated[int, Field(ge=0, le=59)]
    timezone: str
    """IANA name."""

    def said(self, language: Language) -> str:
        """Return the schedule in words, with its time zone."""
        every, some, whole = SAID[language]
        names = ", ".join(DAY_NAMES[language][day] for day in self.weekdays)
        days = every if self.weekdays == WEEKDAYS else some.format(days=names)
        shown = f"{self.hour:02}:{self.minute:02}"
        return whole.format(days=days, time=shown, zone=self.timezone)

    def at(self, day: date) -> datetime:
        """Return the instant of a day, in UTC.

        A time that the change to summer time leaves out falls that much later; one that the change
        back brings twice falls on its first coming.
        """
        zone = ZoneInfo(self.timezone)
        return datetime.combine(day, time(self.hour, self.minute), tzinfo=zone).astimezone(UTC)


class TradingCalendar(NamedTuple):
    """Which days a market trades on, as far as it is known."""

    days: frozenset[date] = frozenset()
    """Known trading days."""
    span: tuple[date, date] | None = None
    """First and last of them; of other days only weekends and holidays are known."""
    holidays: frozenset[tuple[int, int]] = frozenset()
    """Month and day of the holidays that have a fixed date."""

    def closed(self, day: date) -> bool:
        """Whether the market is known to be closed on a day."""
        if day.weekday() >= SATURDAY:
            return True
        if self.span is not None and self.span[0] <= day <= self.span[1]:
            return day not in self.days
        return (day.month, day.day) in self.holidays


def calendar_of(days: Iterable[date]) -> TradingCalendar:
    """Return the calendar of a market from its trading days, such as ``desk.view.days``."""
    known = frozenset(date(day.year, day.month, day.day) for day in days)
    if not known:
        return TradingCalendar()
    span = min(known), max(known)
    return TradingCalendar(known, span, frozenset(_fixed_holidays(known, *span)))


def _fixed_holidays(known: frozenset[date], first: date, last: date) -> Iterator[tuple[int, int]]:
    """Yield the dates that were closed whenever they fell on a weekday."""
    times: dict[tuple[int, int], list[bool]] = {}
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day.weekday() < SATURDAY:
            times.setdefault((day.month, day.day), []).append(day not in known)
    yield from (
        key for key, closed in times.items() if len(closed) >= HOLIDAY_TIMES and all(closed)
    )


def next_due(schedule: Schedule, after: datetime, calendar: TradingCalendar) -> datetime | None:
    """Return the next instant after a moment, in UTC; None where there is none within a year."""
    today = after.astimezone(ZoneInfo(schedule.timezone)).date()
    days = (today + timedelta(days=offset) for offset in range(LONGEST_DAYS))
    return next((due for due in _dues(schedule, days, calendar) if due > after), None)


def latest_due(
    schedule: Schedule, now: datetime, since: datetime, calendar: TradingCalendar
) -> datetime | None:
    """Return the latest instant after `since` and not after `now`, in UTC; None where there is none.

    However many were missed, one is caught up.
    """
    today = now.astimezone(ZoneInfo(schedule.timezone)).date()
    days = (today - timedelta(days=offset) for offset in range(LONGEST_DAYS))
    due = next((due for due in _dues(schedule, days, calendar) if due <= now), None)
    return due if due is not None and due > since else None


def _dues(
    schedule: Schedule, days: Iterable[date], calendar: TradingCalendar
) -> Iterator[datetime]:
    for day in days:
        if day.weekday() in schedule.weekdays and not calendar.closed(day):
            yield schedule.at(day)
