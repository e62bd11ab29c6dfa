"""Simple rules, the table of the business cycle, and the single signal chosen on the past."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tests.markets import cut_after, write_market
from tools.backtest.baselines import baseline_scores
from tools.backtest.business_cycle import PHASES, TABLE, concept_of, cycle_scores, phases
from tools.backtest.past_chosen import candidates, hindsight_best, past_chosen
from tools.backtest.walk_forward import rankings
from tools.scoring.panel import feature_panel
from tools.sources import open_market
from tools.sources.demo import Demo
from tools.view import AsOfView

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.conftest import OpenDesk
    from tools.desk import Desk

DAY = date(2018, 12, 28)
LONG = {"n_days": 900}


@pytest.fixture(scope="module")
def demo() -> AsOfView:
    return AsOfView(Demo(3, end=DAY).load(), DAY)


class TestBusinessCycle:
    @pytest.mark.parametrize(
        ("name", "concept"),
        [
            ("Information Technology", "technology"),
            ("Consumer Non-Cyclicals", "staples"),
            ("Consumer Cyclicals", "discretionary"),
            ("Construction & Materials", "industrials"),
            ("Properties & Real Estate", "real_estate"),
            ("Banks", "financials"),
            ("Oil & Gas", "energy"),
            ("Food & Beverage", "staples"),
            ("Other Industries", None),
        ],
    )
    def test_a_sector_is_known_by_its_name(self, name: str, concept: str | None) -> None:
        assert concept_of(name) == concept

    def test_every_concept_is_favoured_and_avoided_somewhere(self) -> None:
        for preference in TABLE.values():
            assert len(preference) == len(PHASES)
            assert max(preference) == 1
            assert min(preference) == -1

    def test_the_phase_is_read_from_the_survey_as_it_was_known(self, demo: AsOfView) -> None:
        found = phases(demo)
        assert found is not None
        rows = demo.macro[demo.macro["series"] == "PMI"]
        row = len(demo.days) - 40
        day, earlier = demo.knowledge_days[row], demo.knowledge_days[row - 126]

        def known(at: np.datetime64) -> float:
            out = rows[rows["published_on"] <= pd.Timestamp(at)]
            newest = out.sort_values(["observed_on", "published_on"]).iloc[-1]
            return float(newest["value"])

        above, rising = known(day) > 50, known(day) > known(earlier)
        expected = {(False, True): 0, (True, True): 1, (True, False): 2, (False, False): 3}
        assert found[row] == expected[above, rising]
        scores = cycle_scores(demo)
        assert scores is not None
        assert set(np.unique(scores[row])) <= {-1.0, 0.0, 1.0}

    def test_a_market_without_such_a_series_has_no_phase(self, industries_desk: Desk) -> None:
        assert cycle_scores(industries_desk.view) is None
        assert "business_cycle" not in rankings(industries_desk.view, "1M", ["random"]).names


class TestPastChosen:
    def test_it_holds_the_best_mean_correlation_known_by_then(self, open_desk: OpenDesk) -> None:
        view = open_desk(**LONG).view
        panel = feature_panel(view, "1M")
        singles = baseline_scores(view, panel)
        chosen = past_chosen(panel, singles)
        row = 700
        # by hand: every past week whose month had ended by that row
        grid = np.arange(0, row - panel.horizon_rows + 1, panel.stride)
        outcome = pd.DataFrame(panel.forward[grid])
        means = {}
        for name, scores in candidates(singles).items():
            mine = pd.DataFrame(np.where(panel.listed[grid], scores[grid], np.nan))
            both = mine.notna() & outcome.notna()
            ic = mine.where(both).T.corrwith(outcome.where(both).T, method="spearman")
            ic = ic[both.sum(axis=1) >= 3]
            if ic.notna().sum() * panel.stride >= panel.year:
                means[name] = float(ic.mean())
        best = max(means, key=lambda name: abs(means[name]))
        assert chosen.names[int(chosen.held[row])] == best
        assert chosen.reversed_[row] == (means[best] < 0)
        sign = -1 if means[best] < 0 else 1
        np.testing.assert_array_equal(chosen.scores[row], sign * singles[best][row])

    def test_before_a_year_of_outcomes_it_is_momentum(self, open_desk: OpenDesk) -> None:
        view = open_desk(**LONG).view
        panel = feature_panel(view, "1M")
        chosen = past_chosen(panel, baseline_scores(view, panel))
        assert {chosen.names[i] for i in chosen.held[:252]} == {"momentum_12_1"}
        assert sum(chosen.shares(np.arange(252, 900)).values()) == pytest.approx(1)

    def test_later_prices_change_no_earlier_choice(self, tmp_path: Path) -> None:
        whole = write_market(tmp_path / "whole", n_days=700)
        cut = write_market(tmp_path / "cut", n_days=700)
        cut_after(cut, "2023-05-31")
        scores = []
        for path, day in ((whole, date(2026, 1, 1)), (cut, date(2023, 5, 31))):
            view = AsOfView(open_market(f"folder:{path}"), day)
            panel = feature_panel(view, "1W")
            scores.append(past_chosen(panel, baseline_scores(view, panel)).scores)
        np.testing.assert_array_equal(scores[0][: len(scores[1])], scores[1])

    def test_hindsight_is_never_below_any_single_signal(self, open_desk: OpenDesk) -> None:
        view = open_desk(**LONG).view
        panel = feature_panel(view, "1M")
        singles = baseline_scores(view, panel)
        rows = np.arange(300, 850, 20)
        best = hindsight_best(panel, singles, rows)
        assert best is not None
        name, ic = best
        alone = [
            found[1]
            for one, scores in candidates(singles).items()
            if (found := hindsight_best(panel, {one: scores}, rows)) is not None
        ]
        assert ic == pytest.approx(np.nanmax(alone))
        assert name.removeprefix("-") in singles


class TestEverySingleFeature:
    def test_each_stands_alone_in_the_direction_believed_in(self, demo: AsOfView) -> None:
        panel = feature_panel(demo, "1W")
        found = baseline_scores(demo, panel)
        assert {"feature.rs_ratio", "feature.breadth", "signal.sentiment"} <= set(found)
        assert {"momentum_12_1", "relative_strength", "business_cycle"} <= set(found)
        calm = found["feature.rel_volatility.3M"][-1]
        assert (calm[np.isfinite(calm)] < 0).all()
