"""A paper portfolio earns what its holdings earn, less what trading costs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.backtest.performance import performance
from tools.backtest.portfolio import Path, hold, top_weights


class TestKnownValues:
    def test_weights_drift_until_the_next_trade(self) -> None:
        index = np.array([[1.0, 1.0], [2.0, 1.0], [2.0, 2.0]])
        path = hold(index, {0: np.array([0.5, 0.5])}, 0.0)
        # worth 1, then 1.5 of which a third is in the second asset, which doubles
        assert path.returns == pytest.approx([0.5, 1 / 3])
        assert path.turnover == 0.5

    def test_costs_fall_on_every_unit_traded(self) -> None:
        index = np.ones((4, 2))
        trades = {0: np.array([1.0, 0.0]), 2: np.array([0.0, 1.0])}
        path = hold(index, trades, 100.0)
        # one unit bought, then one sold and one bought
        assert path.returns == pytest.approx([-0.01, 0.0, -0.02])
        assert path.turnover == 1.5

    def test_measures_of_a_year_of_months(self) -> None:
        returns = np.array([0.02, -0.01] * 6)
        found = performance(Path(returns=returns, turnover=3.0), 12)
        assert found.annual_return == pytest.approx((1.02 * 0.99) ** 6 - 1)
        assert found.volatility == pytest.approx(np.std(returns, ddof=1) * np.sqrt(12))
        assert found.sharpe == pytest.approx(
            np.mean(returns) / np.std(returns, ddof=1) * np.sqrt(12)
        )
        assert found.max_drawdown == pytest.approx(-0.01)
        assert found.turnover == 3.0

    def test_a_fall_from_the_start_is_a_drawdown(self) -> None:
        found = performance(Path(returns=np.array([-0.2, 0.1]), turnover=1.0), 252)
        assert found.max_drawdown == pytest.approx(-0.2)

    def test_without_variation_there_is_no_sharpe_ratio(self) -> None:
        assert performance(Path(returns=np.zeros(5), turnover=1.0), 252).sharpe is None

    def test_the_best_are_held_equally_ties_by_position(self) -> None:
        scores = np.array([1.0, np.nan, 2.0, 2.0, 9.0])
        eligible = np.array([True, True, True, True, False])
        found = top_weights(scores, eligible, 2)
        assert found.tolist() == [0, 0, 0.5, 0.5, 0]
        assert not top_weights(scores, np.zeros(5, bool), 2).any()


class TestProperties:
    @given(st.integers(0, 999), st.floats(0, 100))
    def test_costs_never_help(self, seed: int, costs: float) -> None:
        rng = np.random.default_rng(seed)
        index = np.asarray(np.cumprod(1 + rng.normal(0, 0.01, (30, 4)), axis=0), dtype=np.float64)
        trades = {row: top_weights(rng.normal(size=4), np.ones(4, bool), 2) for row in (0, 9, 19)}
        free, costly = hold(index, trades, 0.0), hold(index, trades, costs)
        assert np.prod(1 + costly.returns) <= np.prod(1 + free.returns) + 1e-12
        assert costly.turnover == pytest.approx(free.turnover)

    @given(st.integers(0, 999))
    def test_later_prices_change_no_earlier_return(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        index = np.asarray(np.cumprod(1 + rng.normal(0, 0.01, (20, 3)), axis=0), dtype=np.float64)
        trades = {2: np.array([0.5, 0.5, 0.0])}
        whole = hold(index, trades, 10.0).returns
        assert whole[:8] == pytest.approx(hold(index[:11], trades, 10.0).returns)
