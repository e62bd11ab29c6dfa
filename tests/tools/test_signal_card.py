"""The signal card says what the record says, and no more."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tools.contracts import HORIZONS
from tools.scoring.choice import served
from tools.scoring.features import VOLATILITY_INPUT
from tools.scoring.fitting import refit_day
from tools.scoring.model import expected_interval
from tools.scoring.panel import feature_panel
from tools.scoring.record import NO_RECORD, Baseline, Coverage, HitRate, Record, record_of
from tools.scoring.schedule import refit_rows
from tools.scoring.training import walk_models
from tools.signal_card import (
    baseline_of,
    calibration_of,
    coverage_of,
    get_signal_card,
    verdict_of,
)

if TYPE_CHECKING:
    from tests.tools.conftest import OpenDesk
    from tools.desk import Desk

LONG = {"n_days": 900}


def record(**changes: Any) -> Record:
    known: dict[str, Any] = {
        "first": date(2016, 1, 1), "last": date(2020, 1, 1), "dates": 200, "mean_ic": 0.02,
        "ic_low": -0.02, "ic_high": 0.06, "call_share": 0.7, "calls": hits(0.48, 0.56),
    }  # fmt: skip
    return Record(**{**NO_RECORD.model_dump(), **known, **changes})


def hits(low: float, high: float, stated: float = 0.53) -> HitRate:
    rate = (low + high) / 2
    return HitRate(
        n=400, hits=round(400 * rate), blocks=40, rate=rate, low=low, high=high, base_rate=0.51,
        stated=stated,
    )  # fmt: skip


class TestVerdicts:
    @pytest.mark.parametrize(
        ("calls", "ic", "wanted"),
        [
            ((0.52, 0.58), (0.01, 0.05), "better"),
            ((0.48, 0.56), (0.01, 0.05), "mixed"),
            ((0.52, 0.58), (-0.01, 0.05), "mixed"),
            ((0.48, 0.56), (-0.01, 0.05), "chance"),
            ((0.42, 0.49), (-0.01, 0.05), "worse"),
            ((0.48, 0.56), (-0.05, -0.01), "worse"),
            ((0.42, 0.49), (0.01, 0.05), "mixed"),
        ],
    )
    def test_an_interval_decides_and_not_the_number_in_it(
        self, calls: tuple[float, float], ic: tuple[float, float], wanted: str
    ) -> None:
        found = record(calls=hits(*calls), ic_low=ic[0], ic_high=ic[1])
        assert verdict_of(found) == wanted

    def test_without_a_record_nothing_is_concluded(self) -> None:
        assert verdict_of(NO_RECORD) == "short"
        assert (calibration_of(NO_RECORD), coverage_of(NO_RECORD)) == (None, None)
        assert baseline_of(NO_RECORD) is None

    @pytest.mark.parametrize(
        ("stated", "wanted"),
        [(0.53, "honest"), (0.60, "overconfident"), (0.47, "underconfident")],
    )
    def test_calls_are_held_to_the_chance_they_gave_themselves(
        self, stated: float, wanted: str
    ) -> None:
        assert calibration_of(record(calls=hits(0.48, 0.56, stated))) == wanted

    @pytest.mark.parametrize(
        ("low", "high", "wanted"),
        [(0.78, 0.82, "honest"), (0.81, 0.86, "wide"), (0.7, 0.79, "narrow")],
    )
    def test_ranges_are_held_to_the_share_they_promise(
        self, low: float, high: float, wanted: str
    ) -> None:
        held = Coverage(n=400, blocks=40, rate=(low + high) / 2, low=low, high=high)
        assert coverage_of(record(coverage=held)) == wanted

    @pytest.mark.parametrize(
        ("low", "high", "wanted"),
        [(0.01, 0.05, "ahead"), (-0.01, 0.05, "level"), (-0.05, -0.01, "behind")],
    )
    def test_a_simple_rule_is_the_bar(self, low: float, high: float, wanted: str) -> None:
        bar = Baseline(
            signal="breadth", sign=1, dates=200, mean_ic=0.01, gap=(low + high) / 2,
            gap_low=low, gap_high=high,
        )  # fmt: skip
        assert baseline_of(record(baseline=bar)) == wanted


class TestCard:
    def test_every_number_is_a_fact_of_the_market(self, open_desk: OpenDesk) -> None:
        card = get_signal_card(open_desk(**LONG), horizon="1W")
        found = {fact.id: fact.value for fact in card.facts}
        assert card.record is not None
        assert card.record.calls is not None
        assert card.record.coverage is not None
        assert card.record.baseline is not None
        assert found["MARKET.hit_rate.1W"] == card.record.calls.rate
        assert found["MARKET.stated_rate.1W"] == card.record.calls.stated
        assert found["MARKET.interval_held.1W"] == card.record.coverage.rate
        assert found["MARKET.baseline_gap_low.1W"] == card.record.baseline.gap_low
        assert found["MARKET.mean_ic_high.1W"] == card.record.ic_high
        assert found["MARKET.record_first.1W"] == str(card.record.first)
        most = card.record.bins[-1].record
        assert most is not None
        assert found["MARKET.hit_rate_most.1W"] == most.rate
        assert len(found) == len(card.facts)
        assert {fact.entity for fact in card.facts} == {"MARKET"}

    def test_the_other_horizons_say_what_they_gave_themselves_too(
        self, open_desk: OpenDesk
    ) -> None:
        desk = open_desk(**LONG)
        found = {fact.id: fact.value for fact in get_signal_card(desk, horizon="1M").facts}
        beside = desk.scorer.record("1W")
        assert beside.calls is not None
        assert beside.coverage is not None
        assert found["MARKET.stated_rate.1W"] == beside.calls.stated
        assert found["MARKET.interval_held.1W"] == beside.coverage.rate

    def test_it_is_the_record_that_forecasts_are_published_with(self, open_desk: OpenDesk) -> None:
        desk = open_desk(**LONG)
        for horizon in HORIZONS:
            card = get_signal_card(desk, horizon=horizon)
            assert card.record == desk.scorer.record(horizon)
            assert {*desk.scorer.record_facts(horizon)} <= {*card.facts}
            assert card.choice == desk.scorer.artefact.horizons[horizon].choice
            assert card.beside == {h: desk.scorer.record(h) for h in HORIZONS if h != horizon}

    def test_a_month_is_meant_where_nothing_is_said(self, open_desk: OpenDesk) -> None:
        assert get_signal_card(open_desk(**LONG)).horizon == "1M"

    def test_too_short_a_past_is_a_gap_and_no_number(self, open_desk: OpenDesk) -> None:
        card = get_signal_card(open_desk(n_days=200), horizon="1M")
        assert card.verdict == "short"
        assert card.facts == ()
        assert "too few separate windows" in card.gaps[0].why
        assert card.choice is not None
        assert (card.choice.model, card.choice.reason) == ("composite", "young")

    def test_a_monthly_market_has_no_card_of_a_week(self, industries_desk: Desk) -> None:
        card = get_signal_card(industries_desk, horizon="1W")
        assert (card.model, card.record, card.facts) == (None, None, ())
        assert "monthly" in card.gaps[0].why


class TestCoverage:
    def test_ranges_are_those_that_were_forecast(self, open_desk: OpenDesk) -> None:
        """Every outcome of the record is laid beside the interval of its sector, day and fit, one by one."""
        desk = open_desk(**LONG)
        panel = feature_panel(desk.view, "1W")
        refits = refit_rows(panel.days, monthly=False)
        walk = served(panel, walk_models(panel, refits).walks, refits)
        found = record_of(panel, walk).coverage
        assert found is not None
        inside, seen = 0, 0
        for row in range(0, len(panel.days), panel.stride):
            fit = walk.fits[walk.fit_of_row[row]]
            if not fit.trained:
                continue
            for column, sector in enumerate(panel.sectors):
                score, outcome = walk.scores[row, column], panel.forward[row, column]
                if not (np.isfinite(score) and np.isfinite(outcome)):
                    continue
                volatility = float(walk.values[row, column, VOLATILITY_INPUT])
                _, low, high = expected_interval(fit, sector, float(score), volatility)
                inside, seen = inside + int(low <= outcome <= high), seen + 1
        assert found.n == seen
        assert found.rate == pytest.approx(inside / seen, abs=2 / seen)

    def test_the_record_stops_before_the_refit(self, open_desk: OpenDesk) -> None:
        desk = open_desk(**LONG)
        for horizon in HORIZONS:
            last = desk.scorer.record(horizon).last
            assert last is None or last < refit_day(desk.view)
