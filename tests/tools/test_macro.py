"""Macro series as they were known, by the names a reader uses."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from tools.errors import ToolInputError
from tools.macro import MacroIndicators, get_macro_indicators

if TYPE_CHECKING:
    from tests.tools.conftest import OpenDesk
    from tools.desk import Desk


def asked(desk: Desk, *names: str) -> MacroIndicators:
    return get_macro_indicators(desk, indicator_list=list(names))


class TestReadings:
    def test_the_latest_value_is_the_newest_vintage_of_the_newest_day(
        self, open_desk: OpenDesk
    ) -> None:
        desk = open_desk()
        rows = desk.view.macro[desk.view.macro["series"] == "CPI"]
        newest = rows[rows["observed_on"] == rows["observed_on"].max()]
        last = newest.sort_values("published_on").iloc[-1]
        fact = asked(desk, "CPI").facts[0]
        assert fact.id == "MACRO.CPI.latest"
        assert fact.value == pytest.approx(float(last["value"]))
        assert pd.Timestamp(fact.observed_on) == last["observed_on"]
        assert pd.Timestamp(fact.published_on) == last["published_on"]

    def test_only_an_index_has_growth_over_a_year(self, open_desk: OpenDesk) -> None:
        ids = {fact.id for fact in asked(open_desk(), "CPI", "RATE", "FEAR").facts}
        assert {"MACRO.CPI.yoy", "MACRO.FEAR.yoy"} <= ids
        assert "MACRO.RATE.yoy" not in ids

    def test_changes_and_surprise_are_told(self, open_desk: OpenDesk) -> None:
        ids = [fact.id for fact in asked(open_desk(), "RATE").facts]
        assert ids == [
            "MACRO.RATE.latest", "MACRO.RATE.change.1M", "MACRO.RATE.change.3M",
            "MACRO.RATE.surprise",
        ]  # fmt: skip

    def test_nothing_published_later_is_known(self, open_desk: OpenDesk) -> None:
        desk = open_desk()
        released = asked(desk, "CPI").facts[0].published_on
        before = asked(open_desk(as_of=released - timedelta(days=1)), "CPI").facts[0]
        assert before.published_on < released


class TestNames:
    @pytest.mark.parametrize("name", ["RATE", "rate", "InterestRate", "interest rate", " RATE "])
    def test_a_name_is_understood_in_any_case_and_by_its_alias(
        self, open_desk: OpenDesk, name: str
    ) -> None:
        result = asked(open_desk(), name)
        assert [row.series for row in result.series] == ["RATE"]
        assert result.facts[0].id == "MACRO.RATE.latest"
        assert result.gaps == ()

    def test_an_alias_is_said(self, open_desk: OpenDesk) -> None:
        assert asked(open_desk(), "InterestRate").notes == (
            "InterestRate is read as the series RATE.",
        )

    def test_a_series_own_name_needs_no_note(self, open_desk: OpenDesk) -> None:
        assert asked(open_desk(), "rate").notes == ()

    def test_an_unknown_name_is_a_gap_with_the_nearest_and_no_fact(
        self, open_desk: OpenDesk
    ) -> None:
        result = asked(open_desk(), "CPI_CORE")
        assert result.facts == ()
        assert result.series == ()
        (gap,) = result.gaps
        assert gap.what == "CPI_CORE"
        assert gap.why.startswith("CPI_CORE is not available here, nearest: CPI")

    def test_where_nothing_is_near_the_gap_lists_what_exists(self, open_desk: OpenDesk) -> None:
        (gap,) = asked(open_desk(), "GDP").gaps
        assert "nearest: none. This market has CPI, FEAR, OIL, PMI, RATE" in gap.why

    def test_a_known_name_is_answered_beside_an_unknown_one(self, open_desk: OpenDesk) -> None:
        result = asked(open_desk(), "GDP", "OIL")
        assert {fact.entity for fact in result.facts} == {"MACRO.OIL"}
        assert [gap.what for gap in result.gaps] == ["GDP"]

    def test_a_series_asked_for_twice_is_answered_once(self, open_desk: OpenDesk) -> None:
        result = asked(open_desk(), "RATE", "InterestRate", "RATE")
        assert len({fact.id for fact in result.facts}) == len(result.facts)
        assert [row.asked for row in result.series] == ["RATE", "InterestRate"]

    @pytest.mark.parametrize("names", [(), ("",), ("  ", "")])
    def test_an_empty_list_is_refused_with_what_exists(
        self, open_desk: OpenDesk, names: tuple[str, ...]
    ) -> None:
        with pytest.raises(ToolInputError, match="This market has CPI, FEAR, OIL, PMI, RATE"):
            asked(open_desk(), *names)
