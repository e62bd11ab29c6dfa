"""The inputs are one code path, and every row knows only its past."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tests.markets import write_market
from tools.contracts import Fact
from tools.measures.macro import driver_changes
from tools.scoring.features import FEATURES, FITTED
from tools.scoring.panel import feature_panel, horizon_exists
from tools.scoring.schedule import refit_rows
from tools.scoring.sensitivities import macro_sensitivities, tilt
from tools.scoring.training import MODELS, walk_models
from tools.sources import open_market
from tools.view import AsOfView

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.conftest import OpenDesk
    from tools.desk import Desk

LONG = {"n_days": 700}


def number(desk: Desk, fact_id: str) -> float:
    found = desk.facts.get(fact_id)
    assert isinstance(found, Fact)
    return float(found.value)


def view_of(path: Path) -> AsOfView:
    return AsOfView(open_market(f"folder:{path}"), date(2026, 1, 1))


class TestKnownValues:
    def test_forward_is_the_relative_return_that_followed(self, open_desk: OpenDesk) -> None:
        view = open_desk(**LONG).view
        panel = feature_panel(view, "1M")
        index, row = view.index, 300
        own = index["4000"].iloc[row + 21] / index["4000"].iloc[row]
        market = index["MARKET"].iloc[row + 21] / index["MARKET"].iloc[row]
        column = panel.sectors.index("4000")
        assert panel.forward[row, column] == pytest.approx(own - market, abs=1e-12)
        assert np.isnan(panel.forward[-21:]).all()

    def test_risk_is_measured_against_the_markets_own(self, open_desk: OpenDesk) -> None:
        desk = open_desk(**LONG)
        panel = feature_panel(desk.view, "1M")
        index = [spec.name for spec in FEATURES].index("drawdown.3M")
        own, market = number(desk, "4000.drawdown.3M"), number(desk, "MARKET.drawdown.3M")
        column = panel.sectors.index("4000")
        assert panel.values[-1, column, index] == pytest.approx(own - market, abs=1e-14)
        assert panel.reference[-1, index] == market

    def test_every_other_input_is_the_last_fact(self, open_desk: OpenDesk) -> None:
        desk = open_desk(**LONG, flows_days=2)
        panel = feature_panel(desk.view, "1W")
        for index, spec in enumerate(FEATURES):
            if spec.metric in FITTED or spec.against_market:
                continue
            for column, code in enumerate(panel.sectors):
                found = number(desk, spec.fact_id(code, "1W"))
                assert panel.values[-1, column, index] == found

    def test_refits_fall_on_the_first_trading_day_of_a_quarter(self) -> None:
        days = pd.DatetimeIndex(["2020-11-30", "2021-01-04", "2021-03-31", "2021-04-01"])
        assert refit_rows(days, monthly=False) == (0, 1, 3)
        assert refit_rows(days, monthly=True) == (0, 1)

    def test_a_tilt_adds_up_what_is_known(self) -> None:
        betas = np.array([[2.0, np.nan], [np.nan, np.nan]])
        changes = np.array([[0.5, 1.0], [np.nan, 1.0]])
        found = tilt(betas, changes)
        assert found[0, 0] == 1.0
        assert np.isnan(found[1, 0])
        assert np.isnan(found[:, 1]).all()

    def test_one_day_below_zero_changes_no_other_change_of_a_price(self, tmp_path: Path) -> None:
        path = write_market(tmp_path / "market", n_days=300)
        before = driver_changes(view_of(path), "1M")
        macro = pd.read_parquet(path / "macro.parquet")
        oil = macro.index[macro["series"] == "OIL"][-30]
        macro.loc[oil, "value"] = -37.0
        macro.to_parquet(path / "macro.parquet", index=False)
        after = driver_changes(view_of(path), "1M")
        assert set(after.columns) == {"FEAR", "OIL", "RATE"}
        changed = (after["OIL"] != before["OIL"]) & before["OIL"].notna()
        assert 1 <= changed.sum() <= 2
        assert after.loc[changed, "OIL"].isna().all()


class TestProperties:
    def test_an_earlier_view_gives_the_same_rows(self, open_desk: OpenDesk) -> None:
        late = open_desk(**LONG).view
        early = late.at(date(2022, 11, 30))
        for horizon in ("1W", "1M", "3M"):
            whole, part = feature_panel(late, horizon), feature_panel(early, horizon)
            n = len(part.days)
            columns = [whole.sectors.index(code) for code in part.sectors]
            np.testing.assert_array_equal(whole.values[:n, columns], part.values)
            np.testing.assert_array_equal(whole.past[:n, columns], part.past)
            np.testing.assert_array_equal(whole.drivers[:n], part.drivers)
            np.testing.assert_array_equal(whole.states[:n], part.states)

    def test_a_fit_looks_at_nothing_after_its_date(self, open_desk: OpenDesk) -> None:
        view = open_desk(**LONG).view
        panel = feature_panel(view, "1M")
        known = 500
        later = panel.past.copy()
        later[known:] = 99.0
        changed = type(panel)(**{**vars(panel), "past": later, "drivers": panel.drivers.copy()})
        np.testing.assert_array_equal(
            macro_sensitivities(panel, known), macro_sensitivities(changed, known)
        )

    def test_shuffling_the_future_changes_no_earlier_score(self, open_desk: OpenDesk) -> None:
        panel = feature_panel(open_desk(**LONG).view, "1M")
        refits = refit_rows(panel.days, monthly=False)
        cut = refits[-2]
        rng = np.random.default_rng(5)
        order = np.append(np.arange(cut), cut + rng.permutation(len(panel.days) - cut))
        names = ("values", "past", "drivers", "signals", "states")
        moved = {name: getattr(panel, name)[order] for name in names}
        forward = np.full_like(panel.forward, np.nan)
        forward[: -panel.horizon_rows] = moved["past"][panel.horizon_rows :]
        shuffled = type(panel)(**{**vars(panel), **moved, "forward": forward})
        whole, other = walk_models(panel, refits).walks, walk_models(shuffled, refits).walks
        for model in MODELS:
            np.testing.assert_array_equal(whole[model].scores[:cut], other[model].scores[:cut])

    def test_the_composite_keeps_the_beliefs_of_the_table(
        self, open_desk: OpenDesk, industries_desk: Desk
    ) -> None:
        for desk in (open_desk(**LONG), industries_desk):
            monthly = desk.view.market.monthly
            fit = desk.scorer.artefact.horizons["1M"].models["composite"].fit
            for entry, spec in zip(fit.inputs, FEATURES, strict=True):
                # what is measured in the market itself only the ensemble weighs
                belief = 0.0 if spec.learned else spec.belief(monthly=monthly)
                assert entry.coefficient == pytest.approx(fit.slope * belief, rel=1e-8)
            assert fit.trees == ()


class TestRefusals:
    def test_a_monthly_market_has_no_weekly_panel(self, industries_desk: Desk) -> None:
        assert not horizon_exists(industries_desk.view, "1W")
        with pytest.raises(ValueError, match="no window"):
            feature_panel(industries_desk.view, "1W")
