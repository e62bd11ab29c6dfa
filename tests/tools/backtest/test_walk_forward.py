"""Predictions as they would have been made, and measures that do not flatter."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tests.markets import cut_after, write_market
from tools.backtest.measures import measures
from tools.backtest.run import run_walk_forward
from tools.backtest.walk_forward import COLUMNS, PRODUCT_MODELS, predictions
from tools.errors import UnusableInputError
from tools.measures.macro import market_series
from tools.scoring.panel import feature_panel
from tools.sources import open_market
from tools.view import AsOfView

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.tools.conftest import OpenDesk

LONG = {"n_days": 900}
LAST = date(2026, 1, 1)


class TestKnownValues:
    def test_every_model_has_a_row_for_every_listed_sector(self, open_desk: OpenDesk) -> None:
        view = open_desk(**LONG).view
        frame = predictions(view, "1M")
        assert tuple(frame.columns) == COLUMNS
        names = tuple(frame["model"].unique())
        assert names[:3] == PRODUCT_MODELS
        assert {"past_chosen", "always_outperform", "equal_weight", "random"} <= set(names)
        assert {"momentum_1m", "momentum_6m", "momentum_12_1", "reversal"} <= set(names)
        assert sum(name.startswith("feature.") for name in names) >= 10
        dates = frame["date"].nunique()
        assert (frame.groupby("model")["date"].nunique() == dates).all()
        counts = frame.groupby(["date", "model"])["sector"].nunique().groupby("date")
        assert (counts.min() == counts.max()).all()
        assert frame["score"].notna().all()

    def test_dates_are_month_ends_a_year_after_the_start(self, open_desk: OpenDesk) -> None:
        view = open_desk(**LONG).view
        dates = pd.DatetimeIndex(predictions(view, "1M", models=["random"])["date"].unique())
        days = view.days
        assert dates[0] >= days[252]
        assert not dates.to_period("M").duplicated().any()
        for day in dates[:-1]:
            month = days[(days.year == day.year) & (days.month == day.month)]
            assert day == month[-1]

    def test_start_end_and_step_choose_the_dates(self, open_desk: OpenDesk) -> None:
        view = open_desk(**LONG).view
        frame = predictions(
            view, "1W", start=date(2023, 1, 1), end=date(2023, 3, 31), every="1W", models=["random"]
        )
        dates = pd.DatetimeIndex(frame["date"].unique())
        assert dates[0].year == 2023
        assert dates[-1] <= pd.Timestamp("2023-03-31")
        assert 10 <= len(dates) <= 14

    def test_only_the_product_has_probabilities(self, open_desk: OpenDesk) -> None:
        frame = predictions(open_desk(**LONG).view, "1M")
        known = frame.groupby("model")["probability"].apply(lambda column: column.notna().all())
        assert set(known[known].index) == {"composite", "ensemble", "sectorvane"}
        mine = frame[frame["model"] == "composite"]
        assert (mine["low"] <= mine["expected"]).all()
        assert (mine["expected"] <= mine["high"]).all()
        assert (np.sign(mine["expected"]) == np.sign(mine["probability"] - 0.5)).all()

    def test_perfect_foresight_is_measured_as_such(self, open_desk: OpenDesk) -> None:
        view = open_desk(**LONG).view
        panel = feature_panel(view, "1W")
        frame = predictions(view, "1W", models=["composite"])
        row = panel.days.get_indexer(pd.DatetimeIndex(frame["date"]))
        column = [panel.sectors.index(code) for code in frame["sector"]]
        truth = panel.forward[row, column]
        oracle = frame.assign(
            model="oracle", score=truth, probability=np.where(truth > 0, 0.9, 0.1),
            low=truth - 0.01, high=truth + 0.01,
        )  # fmt: skip
        oracle = oracle[np.isfinite(truth)]
        (found,) = measures(oracle, view, "1W")
        assert found.mean_ic == pytest.approx(1)
        assert found.hits is not None
        assert (found.hits.rate, found.coverage) == (1.0, 1.0)
        assert found.brier == pytest.approx(0.01)
        assert found.brier_half == 0.25

    def test_the_report_is_plain_json(self, open_desk: OpenDesk) -> None:
        view = open_desk(**LONG).view
        report = run_walk_forward(view._data, as_of=view.as_of, horizon="1M")
        text = json.dumps(report.to_json(), allow_nan=False)
        assert json.loads(text)["schema"] == "sectorvane.backtest/1"
        assert {"composite", "benchmark", "random"} <= set(report.portfolios)
        always = next(entry for entry in report.models if entry.model == "always_outperform")
        assert always.mean_ic == 0
        assert always.hits is not None
        assert always.hits.rate == pytest.approx(always.base_rate)
        assert always.call_share == 1


class TestProperties:
    def test_noise_is_not_predicted(self, tmp_path: Path) -> None:
        found = []
        for seed in range(4):
            path = write_market(tmp_path / str(seed), n_days=700, seed=seed, n_sectors=7)
            view = AsOfView(open_market(f"folder:{path}"), date(2026, 1, 1))
            frame = predictions(view, "1W", every="1W", models=["composite"])
            (entry,) = measures(frame, view, "1W")
            found.append(float(entry.mean_ic or 0.0))
        # the seeded markets are random walks: 4 × 85 weekly dates of 7 sectors
        assert abs(np.mean(found)) < 3 / np.sqrt(4 * 85 * 6)

    def test_later_data_change_no_earlier_prediction(self, tmp_path: Path) -> None:
        whole = write_market(tmp_path / "whole", n_days=900)
        cut = write_market(tmp_path / "cut", n_days=900)
        cut_after(cut, "2023-05-31")
        frames = [
            predictions(AsOfView(open_market(f"folder:{path}"), as_of), "1M")
            for path, as_of in ((whole, date(2026, 1, 1)), (cut, date(2023, 5, 31)))
        ]
        early = frames[0][frames[0]["date"] <= frames[1]["date"].max()]
        pd.testing.assert_frame_equal(
            early.reset_index(drop=True), frames[1].reset_index(drop=True), check_exact=True
        )

    def test_later_revisions_of_what_drives_markets_change_no_earlier_prediction(
        self, tmp_path: Path
    ) -> None:
        path = write_market(tmp_path / "market", n_days=700)
        data = open_market(f"folder:{path}")
        rows = data.macro[data.macro["series"].isin(market_series(AsOfView(data, LAST)))]
        again = rows[rows["observed_on"] < "2022-06-01"].groupby("series", observed=True).tail(1)
        again = again.assign(published_on=pd.Timestamp("2023-01-16"), value=again["value"] * 1.1)
        keys = ["series", "observed_on", "published_on"]
        revised = pd.concat([data.macro, again]).sort_values(keys, ignore_index=True)
        frames = [
            predictions(AsOfView(market, LAST), "1M", models=PRODUCT_MODELS)
            for market in (data, replace(data, macro=revised, memo={}))
        ]
        assert len(again) == 3
        before, after = (frame["date"] < "2023-01-16" for frame in frames)
        pd.testing.assert_frame_equal(frames[0][before], frames[1][after], check_exact=True)
        assert not frames[0][~before].equals(frames[1][~after])

    def test_what_has_no_outcome_yet_has_no_measures(self, open_desk: OpenDesk) -> None:
        view = open_desk(**LONG).view
        report = run_walk_forward(view._data, as_of=view.as_of, horizon="3M", start=view.last_day)
        assert report.portfolios == {}
        assert all(entry.mean_ic is None and entry.hits is None for entry in report.models)
        assert json.dumps(report.to_json(), allow_nan=False)

    def test_a_lagging_market_is_predicted_on_the_day_its_prices_are_known(
        self, open_desk: OpenDesk
    ) -> None:
        view = open_desk(**LONG, prices_days=2).view
        frame = predictions(view, "1M", models=["composite"])
        day = frame["date"].unique()[3].date()
        assert view.at(day).last_day < day
        (entry,) = measures(frame, view, "1M")
        assert entry.dates > 10


class TestRefusals:
    def test_an_unknown_model_is_refused(self, open_desk: OpenDesk) -> None:
        with pytest.raises(UnusableInputError, match="composite"):
            predictions(open_desk(**LONG).view, "1M", models=["magic"])

    def test_no_date_left_is_refused(self, open_desk: OpenDesk) -> None:
        view = open_desk(n_days=200).view
        with pytest.raises(UnusableInputError, match=f"enough history.*to {view.last_day}"):
            predictions(view, "1M")

    def test_dates_after_the_data_are_told_as_the_reader_gave_them(
        self, open_desk: OpenDesk
    ) -> None:
        with pytest.raises(UnusableInputError, match="2999-01-01 to the last"):
            predictions(open_desk(n_days=200).view, "1M", start=date(2999, 1, 1))

    def test_an_end_before_the_start_is_refused(self, open_desk: OpenDesk) -> None:
        with pytest.raises(UnusableInputError, match="a start before the end"):
            predictions(
                open_desk(n_days=200).view, "1M", start=date(2020, 1, 2), end=date(2020, 1, 1)
            )


class TestOnRealMarkets:
    def test_momentum_of_the_funds_is_as_weak_as_known(
        self, shared_market: Callable[[str], Path]
    ) -> None:
        view = AsOfView(open_market(f"folder:{shared_market('us')}"), date(2019, 12, 31))
        frame = predictions(view, "1M", models=["composite", "momentum_12_1"])
        mine, momentum = measures(frame, view, "1M")
        assert momentum.mean_ic == pytest.approx(0.01, abs=0.02)
        # a composite that wins easily here has seen the future
        assert mine.ic_low is not None
        assert mine.ic_low < 0.03

    def test_a_monthly_market_is_predicted_from_its_sixth_year(self) -> None:
        view = AsOfView(open_market("industries"), date(2017, 12, 31))
        frame = predictions(view, "1M", models=["composite"])
        assert frame["date"].min() == view.days[60]
        assert frame.groupby("date")["sector"].count().eq(12).all()
