"""Rotation, forecast and explanation as a caller sees them."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from tests.markets import closes, market_of
from tools.desk import Desk
from tools.errors import ToolInputError
from tools.outlook import (
    explain_sector,
    get_sector_forecast,
    get_sector_rotation,
    record_note,
)
from tools.scoring.record import NO_RECORD, HitRate, Record

if TYPE_CHECKING:
    from tests.tools.conftest import OpenDesk

LONG = {"n_days": 900}


class TestRotation:
    def test_every_sector_has_coordinates_quadrant_and_tail(self, open_desk: OpenDesk) -> None:
        desk = open_desk(**LONG)
        result = get_sector_rotation(desk)
        found = {fact.id: fact.value for fact in result.facts}
        for code in desk.view.sector_codes:
            ratio, momentum = found[f"{code}.rs_ratio"], found[f"{code}.rs_momentum"]
            tail = result.tails[code]
            assert len(tail) == 8
            assert (tail[-1].rs_ratio, tail[-1].rs_momentum) == (ratio, momentum)
            assert tail[-1].day == desk.view.last_day
            ahead = {"leading": (True, True), "weakening": (True, False)}.get(
                str(found[f"{code}.quadrant"])
            )
            if ahead:
                assert (float(ratio) >= 100, float(momentum) >= 100) == ahead

    def test_a_short_history_is_a_gap(self, open_desk: OpenDesk) -> None:
        result = get_sector_rotation(open_desk(n_days=50))
        assert result.facts == ()
        assert result.gaps


class TestForecast:
    def test_the_scorecard_stands_beside_the_facts_it_came_from(self, open_desk: OpenDesk) -> None:
        desk = open_desk(**LONG)
        result = get_sector_forecast(desk, horizon="1M")
        assert result.scorecard is not None
        facts = {fact.id: fact for fact in result.facts}
        assert desk.scorer.score(facts, "1M") == result.scorecard
        for row in result.scorecard.sectors:
            assert facts[f"{row.sector}.probability.1M"].value == row.probability

    def test_its_facts_score_the_other_horizons_too(self, open_desk: OpenDesk) -> None:
        desk = open_desk(**LONG)
        facts = {fact.id: fact for fact in get_sector_forecast(desk, horizon="1M").facts}
        for horizon in ("1W", "3M"):
            found = desk.scorer.score(facts, horizon)
            assert found == desk.scorer.scorecard(horizon)

    def test_the_record_is_told_as_facts_and_without_numerals_in_words(
        self, open_desk: OpenDesk
    ) -> None:
        result = get_sector_forecast(open_desk(**LONG), horizon="1W")
        found = {fact.id: float(fact.value) for fact in result.facts if fact.entity == "MARKET"}
        assert found["MARKET.hit_rate_low.1W"] <= found["MARKET.hit_rate.1W"]
        assert found["MARKET.base_rate.1W"] >= 0.5
        assert {"MARKET.mean_ic.1W", "MARKET.call_share.1W"} <= set(found)
        assert not [note for note in result.notes if re.search(r"\d", note)]

    def test_a_market_without_flows_says_what_the_score_lacks(self, open_desk: OpenDesk) -> None:
        result = get_sector_forecast(open_desk(**LONG, with_flows=False), horizon="1M")
        assert result.scorecard is not None
        assert result.scorecard.missing_groups == ("flow",)
        assert "flow" in result.gaps[-1].what

    def test_a_monthly_market_has_no_week(self, industries_desk: Desk) -> None:
        result = get_sector_forecast(industries_desk, horizon="1W")
        assert (result.scorecard, result.facts) == (None, ())
        assert "monthly" in result.gaps[0].why


class TestExplanation:
    def test_a_sector_is_found_by_any_of_its_names(self, open_desk: OpenDesk) -> None:
        desk = open_desk(**LONG)
        for name in ("4000", "financials", "tai chinh"):
            result = explain_sector(desk, sector=name, horizon="1M")
            assert result.sector == "4000"
            assert result.row == next(
                row for row in desk.scorer.scorecard("1M").sectors if row.sector == "4000"
            )

    def test_inputs_come_largest_first_and_groups_as_facts(self, open_desk: OpenDesk) -> None:
        result = explain_sector(open_desk(**LONG), sector="4000", horizon="1M")
        sizes = [abs(part.contribution) for part in result.inputs]
        assert sizes == sorted(sizes, reverse=True)
        assert result.row is not None
        assert {f"4000.contribution.{group}.1M" for group in result.row.contributions} <= {
            fact.id for fact in result.facts
        }
        assert {fact.entity for fact in result.facts} == {"4000", "MARKET"}

    def test_an_input_that_is_missing_now_is_named(self, open_desk: OpenDesk) -> None:
        desk = open_desk(**LONG)
        found = desk.scorer.explain("4000", "1M")
        assert found.missing == ()

    def test_a_monthly_market_has_no_week(self, industries_desk: Desk) -> None:
        result = explain_sector(industries_desk, sector="Enrgy", horizon="1W")
        assert result.row is None
        assert result.gaps

    def test_an_unknown_sector_is_answered_with_the_nearest(self, open_desk: OpenDesk) -> None:
        with pytest.raises(ToolInputError, match="Financials"):
            explain_sector(open_desk(**LONG), sector="Finanzials", horizon="1M")

    def test_where_no_input_is_known_yet_there_is_a_gap_and_no_refusal(self) -> None:
        days = pd.bdate_range("2021-01-04", periods=1)
        desk = Desk(market_of(closes(days, A=[1.0], B=[2.0])), days[0].date())
        result = explain_sector(desk, sector="S", horizon="1M")
        assert result.row is None
        assert result.gaps[-1].why == "no input of the score is known by 2021-01-04"


class TestRecordNote:
    @pytest.mark.parametrize(("low", "wanted"), [(0.51, "more often"), (0.49, "no more often")])
    def test_it_says_whether_calls_beat_the_base_rate(self, low: float, wanted: str) -> None:
        calls = HitRate(n=100, hits=55, blocks=20, rate=0.55, low=low, high=0.6, base_rate=0.5)
        record = Record(
            **{**NO_RECORD.model_dump(), "calls": calls, "mean_ic": 0.0, "last": date(2020, 1, 1)}
        )
        assert wanted in record_note(record)

    def test_a_good_order_is_told_apart_from_poor_calls(self) -> None:
        calls = HitRate(n=100, hits=50, blocks=20, rate=0.5, low=0.4, high=0.6, base_rate=0.5)
        known = {"calls": calls, "mean_ic": 0.05, "ic_low": 0.01, "ic_high": 0.09}
        record = Record(**{**NO_RECORD.model_dump(), **known})
        assert "its ranking has been better than chance" in record_note(record)

    def test_no_record_is_said(self) -> None:
        assert "no out-of-sample record" in record_note(NO_RECORD)
