"""Paths, dates, failures in disguise, and a stranger's text: parts that must hold for any input."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.remote.connection import result_of
from agent.remote.failures import RemoteFailedError, kind_of_status
from agent.remote.paths import find, number, rows
from agent.remote.quoting import described, harmless, lines_of, plain_schema
from agent.remote.reading import Raw, as_day, check_age, published_on, read
from agent.remote.settings import RemoteTool
from tests.remote_servers import PLANTED

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)
PLAIN = RemoteTool()


def answer(data: object, tool: RemoteTool = PLAIN) -> Any:
    return read(Raw(json.dumps(data)), tool)


DATA = {"data": {"rows": [{"Name": "a"}, {"name": "b"}], "netValue": "1,234.5"}}


class TestPaths:
    def test_steps_lead_through_tables_and_lists(self) -> None:
        assert find(DATA, "data.rows[1].name") == "b"
        assert find(DATA, "data.rows[0].name") == "a", "whatever the case"
        assert find(DATA, "data.netvalue") == "1,234.5"
        assert find(DATA, "") is DATA

    @pytest.mark.parametrize("path", ["data.nothing", "data.rows[9].name", "data.rows.name", "x.y"])
    def test_a_path_that_leads_nowhere_gives_nothing(self, path: str) -> None:
        assert find(DATA, path) is None

    def test_a_table_keyed_by_name_is_rows_too(self) -> None:
        assert rows({"banks": {"v": 1}, "oil": {"v": 2}}, "") == [
            {"key": "banks", "v": 1},
            {"key": "oil", "v": 2},
        ]

    @pytest.mark.parametrize(
        ("given_", "wanted"),
        [("1,234.5", 1234.5), (" -7 ", -7.0), ("+.5", 0.5), (3, 3.0), ("1e3", 1000.0)],
    )
    def test_numbers_may_be_written_as_text(self, given_: object, wanted: float) -> None:
        assert number(given_) == wanted

    @pytest.mark.parametrize(
        "value", ["", "–", "12%", "1.234,5", "1,23", "nan", "inf", True, None, [], float("nan")]
    )
    def test_what_is_not_surely_a_number_is_none(self, value: object) -> None:
        assert number(value) is None

    @given(data=JSON, path=st.text("ab.[]0", max_size=12))
    def test_nothing_that_came_can_break_it(self, data: Any, path: str) -> None:
        number(find(data, path))
        rows(data, path)


class TestAnswers:
    def test_dates_are_found_where_they_usually_stand(self) -> None:
        for data in ({"date": "2026-08-13", "v": 1}, {"data": {"date": "13/08/2026", "v": 1}}):
            assert answer(data).observed_on == date(2026, 8, 13)

    def test_a_session_may_stand_under_a_name_of_its_own(self) -> None:
        tool = RemoteTool(date="meta.day")
        assert answer({"meta": {"day": "2026-08-13T15:00:00"}}, tool).observed_on == date(
            2026, 8, 13
        )

    def test_an_answer_without_a_date_has_none(self) -> None:
        assert answer({"value": 1}).observed_on is None

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("", "empty"), ("{}", "empty"), ("null", "empty"), ('{"data": []}', "empty"),
            ("<html></html>", "web_page"), ("Rate limit exceeded", "limit"),
            ("Error calling x: HTTP 503", "upstream"), ("all is calm", "not_json"),
            ('{"error": "Invalid API key"}', "auth"), ('{"success": false}', "refused"),
            ('{"status": 429, "message": "slow"}', "limit"), ("[1, 2", "not_json"),
            ('{"code": "VIMO_RATE_LIMIT", "data": {"v": 1}}', "limit"),
            ("VIMO_TIMEOUT", "upstream"), ("[" * 100_000, "not_json"),
            ('{"date": "2026-08-13", "generated_at": "2026-08-01", "v": 1}', "dates"),
        ],
    )  # fmt: skip
    def test_a_failure_is_one_however_it_comes(self, text: str, kind: str) -> None:
        with pytest.raises(RemoteFailedError) as failed:
            read(Raw(text), PLAIN)
        assert failed.value.kind == kind

    def test_a_note_about_an_error_beside_data_is_no_failure(self) -> None:
        assert answer({"error": None, "data": {"v": 1}}).data

    def test_prose_is_an_answer_where_the_settings_say_so(self) -> None:
        assert read(Raw("Buy low."), RemoteTool(prose=True)).data == "Buy low."
        with pytest.raises(RemoteFailedError):
            read(Raw("Rate limit exceeded"), RemoteTool(prose=True))

    @given(data=JSON)
    def test_any_answer_is_read_or_refused(self, data: Any) -> None:
        with suppress(RemoteFailedError):
            assert read(Raw(json.dumps(data)), PLAIN).text

    def test_it_is_published_when_it_says_so_but_not_before_its_session(self) -> None:
        day, heard = date(2026, 8, 13), datetime(2026, 8, 20, tzinfo=UTC)
        assert published_on(day, None, heard) == day
        assert published_on(day, "2026-08-14T01:00:00Z", heard) == date(2026, 8, 14)
        assert published_on(day, "2030-01-01", heard) == heard.date()

    def test_a_week_is_the_oldest_that_counts(self) -> None:
        check_age(date(2026, 8, 6), date(2026, 8, 13))
        with pytest.raises(RemoteFailedError):
            check_age(date(2026, 8, 5), date(2026, 8, 13))

    @pytest.mark.parametrize("text", ["soon", "", "13.08.2026", "2026-13-01", 20260813, None])
    def test_what_is_no_day_is_none(self, text: object) -> None:
        assert as_day(text) is None


class TestQuoting:
    @given(text=st.text(max_size=400))
    def test_no_text_can_leave_its_line_or_its_quotation(self, text: str) -> None:
        shown = harmless(f"{text}{PLANTED}")
        assert len(shown) <= 120
        assert not set("{}`~\n\r\t\u2028\u2029\u202e\u200b\x1b") & set(shown)

    @given(data=JSON)
    def test_any_answer_is_a_few_short_lines(self, data: Any) -> None:
        lines = lines_of(data)
        assert len(lines) <= 13
        assert all("\n" not in line and len(line) <= 200 for line in lines)

    def test_a_planner_is_told_whose_words_they_are(self) -> None:
        assert described("vimo", "a\nb").startswith("[remote server vimo; its own words")

    def test_a_schema_keeps_names_and_kinds_and_no_prose(self) -> None:
        schema = {
            "properties": {
                "symbol": {"type": "string", "description": PLANTED, "title": PLANTED},
                "window": {"type": "string", "enum": ["1D", "1W"]},
                "side": {"type": "string", "enum": [PLANTED]},
                PLANTED: {"type": "string"},
            },
            "required": ["symbol", PLANTED],
            "description": PLANTED,
        }
        assert plain_schema(schema) == {
            "type": "object",
            "properties": {
                "symbol": {"type": "string"},
                "window": {"type": "string", "enum": ["1D", "1W"]},
                "side": {"type": "string"},
            },
            "required": ["symbol"],
        }


class TestPlainAnswers:
    """What a server of single posts may send instead of a JSON-RPC result."""

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (b"<!doctype html><p>Sign in</p>", "web_page"), (b"not json", "not_json"),
            (b"[1, 2]", "not_json"), (b'{"result": 3}', "not_json"), (b"{}", "not_json"),
            (b'{"jsonrpc": "2.0", "resu', "not_json"), (b"\xff\xfe", "not_json"),
            (b'{"error": {"code": -32000, "message": "VIMO_AUTH_ERROR"}}', "auth"),
            (b'{"error": {"code": -32000, "message": "VIMO_RATE_LIMIT"}}', "limit"),
        ],
    )  # fmt: skip
    def test_a_body_that_is_no_result_is_a_failure(self, body: bytes, kind: str) -> None:
        with pytest.raises(RemoteFailedError) as failed:
            result_of(body)
        assert failed.value.kind == kind

    def test_a_status_says_what_happened(self) -> None:
        told = {status: kind_of_status(status) for status in (401, 403, 408, 429, 404, 302, 503)}
        assert list(told.values()) == [
            "auth", "auth", "upstream", "limit", "refused", "refused", "upstream",
        ]  # fmt: skip
