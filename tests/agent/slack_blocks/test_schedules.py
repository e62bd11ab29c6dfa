"""Schedules in plain words, on the market's calendar, over weekends, holidays and changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.slack.schedule_text import STANDING, parse_subscription
from agent.slack.schedules import (
    WEEKDAYS,
    Schedule,
    TradingCalendar,
    calendar_of,
    latest_due,
    next_due,
)
from tools.errors import UnusableInputError
from tools.sources.demo.days import trading_days

if TYPE_CHECKING:
    from agent.slack.schedule_text import Wish

SAIGON = "Asia/Ho_Chi_Minh"
OPEN = TradingCalendar()
"""A calendar that knows weekends alone."""
DAYS = [day.item() for day in trading_days(date(2026, 6, 30))]
"""Eleven years of a market with holidays of a fixed date and others that move."""


def read(text: str) -> Wish:
    return parse_subscription(text, timezone=SAIGON)


def schedule(
    hour: int = 8, minute: int = 45, days: tuple[int, ...] = WEEKDAYS, zone: str = SAIGON
) -> Schedule:
    return Schedule(weekdays=days, hour=hour, minute=minute, timezone=zone)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class TestWords:
    @pytest.mark.parametrize(
        ("text", "days", "hour", "minute"),
        [
            ("every weekday 8:45 in this channel", WEEKDAYS, 8, 45),
            ("every weekday 8:45", WEEKDAYS, 8, 45),
            ("weekdays at 8:45", WEEKDAYS, 8, 45),
            ("On weekdays at 08:45 here", WEEKDAYS, 8, 45),
            ("8:45 every trading day", WEEKDAYS, 8, 45),
            ("daily 17:30", WEEKDAYS, 17, 30),
            ("every weekday morning at 9", WEEKDAYS, 9, 0),
            ("at 7am", WEEKDAYS, 7, 0),
            ("at 12am", WEEKDAYS, 0, 0),
            ("at 12 pm", WEEKDAYS, 12, 0),
            ("every weekday 8:45 pm", WEEKDAYS, 20, 45),
            ("every Monday 9:00", (0,), 9, 0),
            ("Mondays 9:00", (0,), 9, 0),
            ("every tues and thurs 9", (1, 3), 9, 0),
            ("every mon, wed and fri at 9am", (0, 2, 4), 9, 0),
            ("every thu 4:30 pm", (3,), 16, 30),
            ("monday-friday 8.45", WEEKDAYS, 8, 45),
            ("Tue to Thu 10:00", (1, 2, 3), 10, 0),
            ("subscribe weekly every Friday 16:00 please", (4,), 16, 0),
            ("mỗi ngày làm việc lúc 8:45", WEEKDAYS, 8, 45),
            ("moi ngay lam viec luc 8h45", WEEKDAYS, 8, 45),
            ("các ngày làm việc 8 giờ 45 trong kênh này", WEEKDAYS, 8, 45),
            ("đăng ký mỗi sáng 8h", WEEKDAYS, 8, 0),
            ("mỗi ngày 9 giờ rưỡi sáng", WEEKDAYS, 9, 30),
            ("mỗi phiên 3 giờ chiều", WEEKDAYS, 15, 0),
            ("thứ hai hàng tuần 9h", (0,), 9, 0),
            ("thứ Hai và thứ Năm lúc 14h30", (0, 3), 14, 30),
            ("thu 4 hang tuan 2h30 chieu", (2,), 14, 30),
            ("T2 9h", (0,), 9, 0),
            ("thứ hai đến thứ sáu 16h", WEEKDAYS, 16, 0),
        ],
    )  # fmt: skip
    def test_a_schedule_is_read(
        self, text: str, days: tuple[int, ...], hour: int, minute: int
    ) -> None:
        assert read(text) == (schedule(hour, minute, days), STANDING["en"])

    @pytest.mark.parametrize(
        ("text", "question"),
        [
            ("every weekday 8:45 in this channel: which sectors lead?", "which sectors lead?"),
            ("Which sectors are rotating in? every weekday at 8:45", "Which sectors are rotating in?"),
            ("every Friday 16:00 Which sectors rose on Monday at 9:00?", "Which sectors rose on Monday at 9:00?"),
            ("mỗi ngày làm việc 8h45 trong kênh này: ngành nào dẫn đầu?", "ngành nào dẫn đầu?"),
            ("weekdays 8:45 1W horizon, top 3 sectors", "1W horizon, top 3 sectors"),
            ("T2 9h so sánh Ngân hàng và Bất động sản", "so sánh Ngân hàng và Bất động sản"),
            ("every weekday 8:45 and then the flows", "the flows"),
            ('every weekday 8:45 "which sectors lead?"', "which sectors lead?"),
        ],
    )  # fmt: skip
    def test_the_rest_is_the_question_as_it_is_written(self, text: str, question: str) -> None:
        assert read(text).question == question

    def test_a_wish_without_a_question_gets_the_brief_in_its_language(self) -> None:
        wish = parse_subscription("mỗi ngày 9h", timezone=SAIGON, language="vi")
        assert wish.question == "Cho tôi bản tin ngành"

    @pytest.mark.parametrize(
        ("text", "zone"),
        [
            ("weekdays 8:45", SAIGON),
            ("weekdays 8:45 Europe/Berlin", "Europe/Berlin"),
            ("weekdays 8:45 in america/new_york", "America/New_York"),
            ("weekdays 8:45 America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
            ("weekdays 8:45 UTC", "UTC"),
        ],
    )
    def test_a_zone_may_be_named(self, text: str, zone: str) -> None:
        assert read(text).schedule.timezone == zone

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("every weekday", "a time of day"),
            ("which sectors lead?", "a time of day"),
            ("", "a time of day"),
            ("every weekday 8:45 and 9:45", "one time of day"),
            ("weekdays at 25:00", "between 0:00 and 23:59"),
            ("weekdays 8:75", "between 0:00 and 23:59"),
            ("every Sunday 9:00", "Monday to Friday"),
            ("chủ nhật 9h", "Monday to Friday"),
            ("weekdays 9:00 Mars/Olympus", "time zone"),
        ],
    )
    def test_what_cannot_be_read_is_told_with_an_example(self, text: str, wanted: str) -> None:
        with pytest.raises(UnusableInputError, match=wanted) as caught:
            read(text)
        assert "every weekday 8:45" in str(caught.value) or "Asia/Ho_Chi_Minh" in str(caught.value)

    @given(st.text(max_size=80))
    def test_any_text_is_read_or_refused(self, text: str) -> None:
        try:
            wish = read(text)
        except UnusableInputError:
            return
        assert wish.question
        assert wish.schedule.said("en")

    @given(
        st.sets(st.integers(0, 4), min_size=1), st.integers(0, 23), st.integers(0, 59),
        st.sampled_from(["en", "vi"]),
    )  # fmt: skip
    def test_what_is_said_back_is_read_as_the_same_schedule(
        self, days: set[int], hour: int, minute: int, language: str
    ) -> None:
        wanted = schedule(hour, minute, tuple(sorted(days)))
        said = wanted.said("vi" if language == "vi" else "en")
        assert read(said).schedule == wanted


class TestSaid:
    def test_a_schedule_names_its_zone_in_both_languages(self) -> None:
        assert schedule().said("en") == "every weekday at 08:45 (Asia/Ho_Chi_Minh time)"
        assert schedule().said("vi") == "mỗi ngày làm việc lúc 08:45 (giờ Asia/Ho_Chi_Minh)"
        assert schedule(days=(0, 3)).said("en").startswith("every Monday, Thursday at 08:45")
        assert schedule(days=(0,)).said("vi").startswith("thứ Hai hàng tuần lúc 08:45")


class TestClock:
    def test_the_zone_decides_the_day(self) -> None:
        # Monday 08:45 in Saigon is Monday 01:45 in UTC.
        assert next_due(schedule(), utc("2026-11-20T12:00"), OPEN) == utc("2026-11-23T01:45")

    def test_the_day_is_the_one_where_the_schedule_is(self) -> None:
        plan = schedule(21, 0, zone="America/New_York")
        evening = utc("2026-11-24T01:00")
        assert next_due(plan, evening, OPEN) == utc("2026-11-24T02:00")
        plan = schedule(6, 0, zone="Pacific/Apia")
        morning = utc("2026-11-22T18:00")
        assert latest_due(plan, morning, utc("2026-11-20T00:00"), OPEN) == utc("2026-11-22T17:00")

    def test_a_due_date_is_not_its_own_next(self) -> None:
        due = utc("2026-11-23T01:45")
        assert next_due(schedule(), due, OPEN) == utc("2026-11-24T01:45")
        assert latest_due(schedule(), due, due - timedelta(seconds=1), OPEN) == due

    def test_the_local_time_stays_when_summer_time_begins_and_ends(self) -> None:
        plan = schedule(zone="Europe/Berlin")
        assert next_due(plan, utc("2026-03-27T12:00"), OPEN) == utc("2026-03-30T06:45")
        assert next_due(plan, utc("2026-10-23T12:00"), OPEN) == utc("2026-10-26T07:45")

    def test_a_time_that_does_not_exist_falls_later_once(self) -> None:
        # In Cairo the clock goes from 0:00 to 1:00 on a Friday.
        plan = schedule(0, 30, zone="Africa/Cairo")
        after = utc("2026-04-23T12:00")
        first = next_due(plan, after, OPEN)
        assert first == utc("2026-04-23T22:30")
        assert next_due(plan, first, OPEN) == utc("2026-04-26T21:30")

    def test_a_time_that_comes_twice_is_due_once(self) -> None:
        # In Cairo the clock goes back from 24:00 to 23:00 on a Thursday.
        plan = schedule(23, 30, zone="Africa/Cairo")
        first = next_due(plan, utc("2026-10-29T12:00"), OPEN)
        assert first == utc("2026-10-29T20:30")
        assert next_due(plan, first, OPEN) == utc("2026-10-30T21:30")

    @given(
        st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - made aware below
        st.sets(st.integers(0, 4), min_size=1),
        st.integers(0, 23),
        st.integers(0, 59),
        st.sampled_from([SAIGON, "Europe/Berlin", "America/New_York", "Pacific/Apia", "UTC"]),
    )
    def test_next_and_latest_agree(
        self, moment: datetime, days: set[int], hour: int, minute: int, zone: str
    ) -> None:
        plan = schedule(hour, minute, tuple(sorted(days)), zone)
        now = moment.replace(tzinfo=UTC)
        due = next_due(plan, now, OPEN)
        assert due is not None
        assert now < due <= now + timedelta(days=8)
        assert latest_due(plan, due, now, OPEN) == due
        assert latest_due(plan, due - timedelta(seconds=1), now, OPEN) is None


class TestCalendar:
    def test_weekends_are_closed_even_where_nothing_is_known(self) -> None:
        assert [OPEN.closed(date(2026, 11, day)) for day in range(20, 24)] == [
            False, True, True, False
        ]  # fmt: skip

    def test_past_holidays_are_known_from_the_prices(self) -> None:
        calendar = calendar_of(DAYS)
        assert calendar.closed(date(2026, 2, 17))
        assert not calendar.closed(date(2026, 3, 17))

    def test_a_holiday_with_a_fixed_date_is_known_beforehand(self) -> None:
        calendar = calendar_of(DAYS)
        assert calendar.closed(date(2026, 9, 2))
        assert calendar.closed(date(2027, 1, 1))

    def test_a_holiday_that_moves_is_not_known_beforehand(self) -> None:
        calendar = calendar_of(DAYS)
        assert not calendar.closed(date(2027, 2, 8))

    def test_a_short_past_makes_no_holiday(self) -> None:
        calendar = calendar_of(day for day in DAYS if day >= date(2025, 6, 1))
        assert not calendar.closed(date(2026, 9, 2))

    def test_an_unknown_calendar_closes_at_weekends_alone(self) -> None:
        assert calendar_of([]) == OPEN

    def test_nothing_is_due_on_a_holiday(self) -> None:
        calendar = calendar_of(DAYS)
        assert next_due(schedule(), utc("2026-09-01T12:00"), calendar) == utc("2026-09-03T01:45")
        now = utc("2026-09-02T12:00")
        assert latest_due(schedule(), now, now - timedelta(hours=20), calendar) is None
