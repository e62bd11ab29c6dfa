"""Numbers, codes and stamps as Vietnamese providers write them."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import SourceDownError
from tools.sources.http import Fetcher
from tools.sources.vn import answers

FETCHER = Fetcher("Somebody", "http://127.0.0.1:9")


class TestNumbers:
    @pytest.mark.parametrize(
        ("raw", "value"),
        [(25_100, 25_100.0), ("25100", 25_100.0), ("8663969161680.0", 8.66396916168e12),
         (" -1.5e3 ", -1500.0), (0, 0.0)],
    )  # fmt: skip
    def test_plain_numbers_are_read_as_written(self, raw: object, value: float) -> None:
        assert answers.number(raw) == value

    @pytest.mark.parametrize(
        "raw",
        [None, "", "25,100", "1.234.567", "1 234", "25.1k", "NaN", "inf", "...", True, [1], {},
         10**400, "१२", "0x1F", "1_000"],
    )  # fmt: skip
    def test_anything_else_is_no_number_rather_than_a_guess(self, raw: object) -> None:
        assert math.isnan(answers.number(raw))

    @given(st.lists(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())))
    def test_a_list_is_read_as_its_elements_are(self, raw: list[object]) -> None:
        one_by_one = [answers.number(one) for one in raw]
        assert np.array_equal(answers.numbers(raw), np.array(one_by_one, float), equal_nan=True)


class TestCodes:
    @pytest.mark.parametrize(
        ("raw", "code"),
        [("0500", "0500"), ("500", "0500"), (500, "0500"), (8300, "8300"), ("1", "0001"),
         ("", ""), (None, ""), (True, ""), ("83000", ""), ("83A0", ""), (-500, ""), (8300.5, "")],
    )  # fmt: skip
    def test_codes_have_four_digits_and_keep_their_leading_zeros(
        self, raw: object, code: str
    ) -> None:
        assert answers.code(raw) == code


class TestSessions:
    def test_midnight_in_greenwich_and_midnight_in_vietnam_are_the_same_session(self) -> None:
        greenwich = int(datetime(2026, 11, 20, tzinfo=UTC).timestamp())
        vietnam = answers.epoch(date(2026, 11, 20))
        days = answers.session_days([greenwich, str(vietnam)])
        assert days.astype(str).tolist() == ["2026-11-20", "2026-11-20"]

    def test_what_cannot_be_a_session_is_none(self) -> None:
        saturday = answers.epoch(date(2026, 11, 21))
        thousandths = answers.epoch(date(2026, 11, 20)) * 1000
        before = answers.epoch(date(1999, 11, 19))
        raw = [saturday, thousandths, before, None, "soon", -5, 0, 1.5]
        assert np.isnat(answers.session_days(raw)).all()

    @pytest.mark.parametrize(
        ("utc", "finished"),
        [("2026-11-20T07:59", "2026-11-19"), ("2026-11-20T08:00", "2026-11-20"),
         ("2026-11-20T16:59", "2026-11-20"), ("2026-11-20T17:01", "2026-11-20")],
    )  # fmt: skip
    def test_a_session_is_over_at_three_in_the_afternoon_in_vietnam(
        self, utc: str, finished: str
    ) -> None:
        now = datetime.fromisoformat(utc).replace(tzinfo=UTC)
        assert answers.last_finished_day(now) == date.fromisoformat(finished)

    def test_a_time_without_a_zone_is_refused(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            answers.last_finished_day(datetime(2026, 11, 20))  # noqa: DTZ001 - the point of the test


class TestRecords:
    @pytest.mark.parametrize("answer", [{}, [], None, "text", {"data": None}, {"data": ["x", 1]}])
    def test_an_answer_without_records_is_refused_by_name(self, answer: object) -> None:
        with pytest.raises(SourceDownError, match="Somebody gave no usable answer"):
            answers.records(answer, FETCHER)

    def test_what_is_no_record_is_left_out(self) -> None:
        assert answers.records({"data": [{"a": 1}, None, 3]}, FETCHER) == [{"a": 1}]
