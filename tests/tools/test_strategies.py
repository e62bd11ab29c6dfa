"""Named strategies over a lookback, with costs, beside the market."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, get_args

import numpy as np
import pytest

from tools.backtest.strategies import Strategy, run_strategy
from tools.errors import ToolInputError
from tools.strategies import BacktestResult, run_backtest

if TYPE_CHECKING:
    from tests.tools.conftest import OpenDesk
    from tools.desk import Desk

LONG = {"n_days": 900}


def values(result: BacktestResult) -> dict[str, float]:
    return {fact.id: float(fact.value) for fact in result.facts}


class TestKnownValues:
    def test_buy_and_hold_is_the_market_less_one_cost(self, open_desk: OpenDesk) -> None:
        desk = open_desk(**LONG)
        found = values(run_backtest(desk, strategy="buy_and_hold", lookback="1Y", costs_bp=0))
        index = desk.view.index["MARKET"]
        year = index.iloc[-1] / index.iloc[-253] - 1
        assert found["BACKTEST.annual_return.1Y"] == pytest.approx(year, abs=1e-12)
        assert found["BACKTEST_BENCHMARK.annual_return.1Y"] == pytest.approx(year, abs=1e-12)
        costly = values(run_backtest(desk, strategy="buy_and_hold", lookback="1Y", costs_bp=50))
        assert 1 + costly["BACKTEST.annual_return.1Y"] == pytest.approx((1 + year) * 0.995)

    def test_excess_is_the_difference_of_both(self, open_desk: OpenDesk) -> None:
        for strategy in get_args(Strategy):
            found = values(run_backtest(open_desk(**LONG), strategy=strategy, lookback="1Y"))
            assert found["BACKTEST.excess_return.1Y"] == pytest.approx(
                found["BACKTEST.annual_return.1Y"] - found["BACKTEST_BENCHMARK.annual_return.1Y"]
            )
            assert found["BACKTEST.costs.1Y"] == 10

    def test_a_day_after_the_decision_is_traded(self, open_desk: OpenDesk) -> None:
        view = open_desk(**LONG).view
        run = run_strategy(view, "mean_reversion", 252, 0.0)
        assert run is not None
        assert run.first == view.days[-253].date()
        assert run.last == view.last_day
        assert 11 <= run.rebalances <= 14

    def test_what_was_decided_a_day_before_is_bought(self, open_desk: OpenDesk) -> None:
        view = open_desk(**LONG).view
        run = run_strategy(view, "mean_reversion", 252, 0.0)
        assert run is not None
        index = view.index
        codes = list(view.sector_codes)
        days, begin = view.days, len(view.days) - 253
        month = index.pct_change(21, fill_method=None)
        months = days.to_period("M")
        ends = [row for row in range(begin, len(days) - 2) if months[row] != months[row + 1]]
        value, bought = 1.0, begin
        held = month[codes].iloc[begin - 1].nsmallest(3).index
        for row in [*(end + 1 for end in ends), len(days) - 1]:
            growth = index[held].iloc[row] / index[held].iloc[bought]
            value, bought = value * float(growth.mean()), row
            held = month[codes].iloc[row - 1].nsmallest(3).index
        assert 1 + run.strategy.annual_return == pytest.approx(value, rel=1e-9)

    def test_a_monthly_market_is_traded_at_its_own_closes(self, industries_desk: Desk) -> None:
        result = run_backtest(industries_desk, strategy="momentum", lookback="5Y")
        found = values(result)
        assert 0 < found["BACKTEST.volatility.5Y"] < 0.5
        assert result.rebalances == 60
        assert any("monthly" in note for note in result.notes)


class TestProperties:
    def test_the_future_changes_no_run(self, open_desk: OpenDesk) -> None:
        desk = open_desk(**LONG)
        earlier = desk.view.at(desk.view.days[-60].date())
        alone = run_strategy(earlier, "sector_rotation", 252, 10.0)
        again = run_strategy(desk.view.at(earlier.as_of), "sector_rotation", 252, 10.0)
        assert alone == again

    def test_higher_costs_earn_less(self, open_desk: OpenDesk) -> None:
        desk = open_desk(**LONG)
        runs = [
            values(run_backtest(desk, strategy="mean_reversion", lookback="1Y", costs_bp=cost))
            for cost in (0, 10, 50)
        ]
        returns = [run["BACKTEST.annual_return.1Y"] for run in runs]
        assert returns == sorted(returns, reverse=True)
        assert all(np.isfinite(list(run.values())).all() for run in runs)


class TestRefusals:
    def test_a_short_history_is_run_as_far_as_it_goes(self, open_desk: OpenDesk) -> None:
        result = run_backtest(open_desk(n_days=600), strategy="mean_reversion", lookback="5Y")
        assert result.lookback == "1Y"
        assert "BACKTEST.annual_return.1Y" in values(result)
        assert result.gaps[0].effect == "it was run over 1Y"

    def test_no_history_at_all_is_a_gap(self, open_desk: OpenDesk) -> None:
        result = run_backtest(open_desk(n_days=120), strategy="momentum")
        assert (result.facts, result.lookback) == ((), "3Y")
        assert result.gaps

    @pytest.mark.parametrize("costs", [-1.0, math.nan, math.inf, 1e6])
    def test_impossible_costs_go_back_to_the_caller(
        self, open_desk: OpenDesk, costs: float
    ) -> None:
        with pytest.raises(ToolInputError, match="basis points"):
            run_backtest(open_desk(n_days=120), strategy="momentum", costs_bp=costs)
