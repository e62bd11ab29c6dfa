"""The whole walk-forward: the same however it is worked out, tradable at opens, readable as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tests.clusters import two_workers
from tests.markets import write_market
from tools.backtest.opens import intraday
from tools.backtest.pooling import pooled
from tools.backtest.run import Plan, run_walk_forwards
from tools.backtest.walk_forward import PRODUCT_MODELS
from tools.errors import UnusableInputError
from tools.sources import open_market
from tools.sources.demo import Demo
from tools.view import AsOfView
from tools.workers import Workers

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.conftest import OpenDesk
    from tools.backtest.report import WalkForwardReport
    from tools.contracts import Horizon
    from tools.sources.base import MarketData

DAY = date(2018, 12, 28)
HORIZONS: tuple[Horizon, ...] = ("1W", "1M")


@pytest.fixture(scope="module")
def market(open_desk: OpenDesk) -> MarketData:
    return open_desk(n_days=560).view._data


@pytest.fixture(scope="module")
def plan(open_desk: OpenDesk) -> Plan:
    return Plan(open_desk(n_days=560).view.as_of, every="1W")


@pytest.fixture(scope="module")
def alone(market: MarketData, plan: Plan) -> tuple[WalkForwardReport, ...]:
    return run_walk_forwards(market, HORIZONS, plan)


def same(one: tuple[WalkForwardReport, ...], other: tuple[WalkForwardReport, ...]) -> None:
    for mine, theirs in zip(one, other, strict=True):
        assert json.dumps(mine.to_json()) == json.dumps(theirs.to_json())
        pd.testing.assert_frame_equal(mine.predictions, theirs.predictions, check_exact=True)


class TestWorkers:
    def test_two_processes_find_the_same_to_the_last_bit(
        self, market: MarketData, plan: Plan, alone: tuple[WalkForwardReport, ...]
    ) -> None:
        same(alone, run_walk_forwards(market, HORIZONS, plan, Workers(jobs=2)))

    def test_two_workers_of_a_cluster_find_the_same_to_the_last_bit(
        self, market: MarketData, plan: Plan, alone: tuple[WalkForwardReport, ...]
    ) -> None:
        with two_workers() as scheduler:
            same(alone, run_walk_forwards(market, HORIZONS, plan, Workers(scheduler=scheduler)))


class TestReport:
    def test_every_model_is_measured_traded_and_timed(
        self, alone: tuple[WalkForwardReport, ...]
    ) -> None:
        for report in alone:
            names = [entry.model for entry in report.models]
            assert names[:3] == list(PRODUCT_MODELS)
            assert set(names) == set(report.leads) == set(report.tilts)
            assert set(names) | {"benchmark"} == set(report.portfolios)
            # who ranks nothing above anything has nothing to be long and short of
            assert set(names) - set(report.long_short) == {"equal_weight", "always_outperform"}
            document = json.loads(json.dumps(report.to_json(), allow_nan=False))
            assert {"ceiling", "past_chosen", "leads", "tilts", "long_short"} <= set(document)
            assert {"business_cycle", "past_chosen", "relative_strength"} <= set(names)

    def test_the_single_signal_chosen_on_the_past_is_the_bar(
        self, alone: tuple[WalkForwardReport, ...]
    ) -> None:
        for report in alone:
            mine, bar = report.of("sectorvane"), report.of("past_chosen")
            gap = mine.against_past_chosen
            assert gap is not None
            assert mine.mean_ic is not None
            assert bar.mean_ic is not None
            assert gap.value == pytest.approx(mine.mean_ic - bar.mean_ic)
            assert gap.low is not None
            assert gap.high is not None
            assert gap.low < gap.value < gap.high
            assert bar.against_past_chosen is None
            assert sum(report.chosen.values()) == pytest.approx(1)

    def test_equal_scores_earn_what_equal_weights_earn(
        self, alone: tuple[WalkForwardReport, ...]
    ) -> None:
        for report in alone:
            tilt, top = (
                replace(found["equal_weight"], deflated_sharpe=None)
                for found in (report.tilts, report.portfolios)
            )
            assert tilt == top
            assert report.of("equal_weight").mean_ic == 0

    def test_a_random_ranking_flips_about_every_other_time(
        self, alone: tuple[WalkForwardReport, ...]
    ) -> None:
        assert alone[0].of("random").flip_rate == pytest.approx(0.5, abs=0.1)
        assert (alone[0].of("momentum_12_1").flip_rate or 0.0) < 0.2

    def test_runs_pooled_weigh_every_date_the_same(
        self, alone: tuple[WalkForwardReport, ...]
    ) -> None:
        found = pooled(alone, "sectorvane")
        gaps = [report.of("sectorvane").against_past_chosen for report in alone]
        dates = [report.of("sectorvane").dates for report in alone]
        assert None not in gaps
        wanted = np.average([gap.value for gap in gaps if gap], weights=dates)
        assert found.gap.value == pytest.approx(wanted)
        assert found.runs == 2
        assert found.predictions == sum(r.of("sectorvane").predictions for r in alone)
        assert found.gap.low is not None
        assert found.gap.high is not None
        assert found.gap.low < found.gap.value < found.gap.high
        assert found.calibration_error.low is not None

    def test_what_a_portfolio_earned_stands_beside_the_benchmark(
        self, alone: tuple[WalkForwardReport, ...]
    ) -> None:
        held = alone[1].portfolios
        bought = held["benchmark"]
        for one in (held["sectorvane"], alone[1].tilts["random"]):
            assert one.excess == one.annual_return - bought.annual_return
        assert bought.excess is None
        assert alone[1].long_short["random"].excess is None

    def test_an_end_ends_portfolios_and_leads_too(self, market: MarketData, plan: Plan) -> None:
        end = date(2022, 4, 29)
        named = plan._replace(models=("momentum_1m",))
        (whole,), (part,) = (
            run_walk_forwards(market, ("1M",), one) for one in (named, named._replace(end=end))
        )
        assert part.last == end
        rows = {
            name: one.portfolios["benchmark"].rows
            for name, one in (("whole", whole), ("part", part))
        }
        later = AsOfView(market, plan.as_of).days > pd.Timestamp(end)
        # the last decision is traded a day later and held for its month
        assert rows["part"] == rows["whole"] - later.sum() + 1 + 21
        assert part.portfolios["momentum_1m"].rows == rows["part"]
        assert 0 < part.leads["momentum_1m"].taken_in < whole.leads["momentum_1m"].taken_in

    def test_two_sectors_have_no_order_to_measure_and_no_ceiling(self, open_desk: OpenDesk) -> None:
        data = open_desk(n_days=420, n_sectors=2).view._data
        (report,) = run_walk_forwards(data, ("1W",), Plan(date(2026, 1, 1)))
        assert report.ceiling is None
        assert report.of("sectorvane").mean_ic is None
        assert json.dumps(report.to_json(), allow_nan=False)


class TestOnTheSimulatedMarket:
    def test_the_product_is_pooled_beside_the_bar_and_keeps_its_word(self) -> None:
        """The small version of the proof on real markets: one seed, three years of weeks."""
        data, plan = Demo(2, end=DAY).load(), Plan(DAY, start=date(2016, 1, 1))
        found = pooled(run_walk_forwards(data, ("1W",), plan), "sectorvane")
        assert found.ic.value > 0
        assert found.gap.low is not None
        assert found.gap.low < found.ic.value - found.bar.value < (found.gap.high or 0.0)
        assert found.calibration_error.value <= (found.calibration_error.high or 0.0)
        assert abs(found.coverage.value - 0.8) < 0.03
        assert found.call_share > 0.3
        assert found.resolution > 0


class TestOpens:
    def test_a_day_traded_at_its_open_earns_what_follows_it(self, tmp_path: Path) -> None:
        path = write_market(tmp_path / "m", n_days=400, proxied=True, with_shares=False)
        prices = pd.read_parquet(path / "prices.parquet")
        # every price opens at its close before, so that a trade at the open is one at the last close
        prices["open"] = prices.groupby("symbol")["close"].shift().fillna(prices["close"])
        prices["low"] = prices[["open", "close", "low"]].min(axis=1)
        prices["high"] = prices[["open", "close", "high"]].max(axis=1)
        prices.to_parquet(path / "prices.parquet", index=False)
        data = open_market(f"folder:{path}")
        day = pd.Timestamp(prices["date"].max()).date()
        view = AsOfView(data, day)
        moved = intraday(data, view)
        daily = view.daily_returns[[*view.sector_codes, "MARKET"]].to_numpy()
        assert moved[1:] == pytest.approx(daily[1:], nan_ok=True)
        at_open, at_close = (
            run_walk_forwards(
                data, ("1M",), Plan(day, trade=trade, costs_bp=0.0, models=("random",))
            )[0].portfolios["random"]
            for trade in ("open", "close")
        )
        # bought at the open, that day's return is earned too
        assert at_open.rows == at_close.rows + 1
        assert at_open.annual_return != at_close.annual_return

    def test_without_enough_opens_the_close_is_named(self, market: MarketData, plan: Plan) -> None:
        prices = market.prices.assign(
            open=market.prices["open"].where(market.prices.index % 3 == 0)
        )
        lacking = replace(market, prices=prices, memo={})
        with pytest.raises(UnusableInputError, match="--trade close"):
            run_walk_forwards(lacking, ("1M",), plan._replace(trade="open", models=("random",)))

    def test_a_monthly_market_has_no_week(self) -> None:
        plan = Plan(date(2015, 12, 31), start=date(2012, 1, 1), every="1W", models=("random",))
        with pytest.raises(UnusableInputError, match="1M or 3M"):
            run_walk_forwards(open_market("industries"), ("3M", "1W"), plan)
        (report,) = run_walk_forwards(open_market("industries"), ("1M",), plan)
        assert report.every == "1M"

    def test_a_monthly_market_has_none(self) -> None:
        data = open_market("industries")
        with pytest.raises(UnusableInputError, match="monthly"):
            run_walk_forwards(
                data,
                ("1M",),
                Plan(
                    date(2015, 12, 31),
                    start=date(2012, 1, 1),
                    trade="open",
                    models=("random",),
                ),
            )
