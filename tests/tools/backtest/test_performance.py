"""Measures of a path beside published formulas and another library's."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tools.backtest.paper import Exchange, benchmark, trade
from tools.backtest.performance import Performance, deflated, expected_best, performance
from tools.backtest.portfolio import Path, hold, tilted_weights


def path_of(seed: int, mean: float = 0.0005, n: int = 500) -> Path:
    return Path(returns=np.random.default_rng(seed).normal(mean, 0.01, n), turnover=2.0)


class TestKnownValues:
    def test_another_library_finds_the_same(self) -> None:
        measures = pytest.importorskip(
            "skfolio.measures", reason="not installed; `make prove` installs it"
        )
        returns = path_of(1).returns
        found = performance(Path(returns=returns, turnover=1.0), 252)
        assert found.volatility == pytest.approx(
            measures.standard_deviation(returns) * math.sqrt(252)
        )
        assert found.sortino == pytest.approx(
            returns.mean()
            / measures.semi_deviation(returns, min_acceptable_return=0.0)
            * math.sqrt(252)
            * math.sqrt(len(returns) / (len(returns) - 1)),
            rel=0.01,
        )
        value = measures.get_cumulative_returns(returns, compounded=True)
        assert -found.max_drawdown == pytest.approx(
            measures.get_drawdowns(returns, compounded=True).min() * -1
        )
        assert value[-1] == pytest.approx((1 + found.annual_return) ** (500 / 252))
        assert found.calmar == pytest.approx(found.annual_return / -found.max_drawdown)

    def test_the_deflated_ratio_is_the_published_example(self) -> None:
        """A Sharpe ratio of 2.5 a year, the best of 100 with variance a half: 0.9004 (Bailey and López de Prado)."""
        root = math.sqrt(250)
        bar = expected_best(math.sqrt(0.5) / root, 100)
        assert bar == pytest.approx(0.1132, abs=0.0001)
        ratio = 2.5 / root
        z = (ratio - bar) * math.sqrt(1249) / math.sqrt(1 + 3 * ratio + (10 - 1) / 4 * ratio**2)
        assert 0.5 * (1 + math.erf(z / math.sqrt(2))) == pytest.approx(0.9004, abs=0.0005)
        found = {
            name: Performance(
                annual_return=0.0, volatility=0.1, sharpe=sharpe, max_drawdown=-0.1, turnover=1.0,
                rows=1250, skewness=-3.0, kurtosis=10.0,
            )
            for name, sharpe in (("best", 2.5), ("worse", 2.5 - math.sqrt(2 * 0.5)))
        }  # fmt: skip
        two = deflated(found, 250)["best"]
        bar = expected_best(math.sqrt(0.5) / root, 2)
        z = (ratio - bar) * math.sqrt(1249) / math.sqrt(1 + 3 * ratio + (10 - 1) / 4 * ratio**2)
        assert two.deflated_sharpe == pytest.approx(0.5 * (1 + math.erf(z / math.sqrt(2))))

    def test_a_tilt_moves_by_rank_and_never_below_nothing(self) -> None:
        every = np.ones(5, bool)
        found = tilted_weights(np.array([4.0, 3, 2, 1, np.nan]), every, 0.05)
        assert found == pytest.approx([0.30, 0.25 + 0.05 / 3, 0.25 - 0.05 / 3, 0.20, 0])
        assert tilted_weights(np.zeros(5), every, 0.05) == pytest.approx([0.2] * 5)
        heavy = tilted_weights(np.array([2.0, 1.0]), np.ones(2, bool), 0.9)
        assert heavy == pytest.approx([1, 0])

    def test_long_and_short_earn_the_difference_and_bear_both_costs(self) -> None:
        growth = np.linspace(1.0, 1.5, 40)
        index = np.column_stack([growth, growth, growth, *([np.ones(40)] * 3)])
        scores = np.arange(6, 0, -1.0)[None, :]

        def found(costs: float) -> Performance:
            exchange = Exchange(
                index=index, market=np.ones((40, 1)), listed=np.ones((40, 6), bool), delay=1,
                per_day=1, costs_bp=costs, largest_tilt=0.05, year=252,
            )  # fmt: skip
            return trade(exchange, np.array([4]), scores)["long_short"]

        years = 34 / 252
        grown = (1 + found(0.0).annual_return) ** years
        assert grown == pytest.approx(growth[39] / growth[5])
        lost = (1 + found(100.0).annual_return) ** years / grown
        # one unit bought and one sold short, a hundredth each
        assert lost == pytest.approx(0.98, abs=0.001)
        assert found(0.0).turnover == pytest.approx(1 / years)


class TestProperties:
    @pytest.mark.parametrize("seed", range(3))
    def test_more_trials_leave_less(self, seed: int) -> None:
        few = {str(i): performance(path_of(seed + i), 252) for i in range(3)}
        many = few | {str(i): performance(path_of(seed + i), 252) for i in range(3, 30)}
        a, b = deflated(few, 252)["0"], deflated(many, 252)["0"]
        assert a.deflated_sharpe is not None
        assert b.deflated_sharpe is not None
        assert 0 <= b.deflated_sharpe <= 1

    def test_two_prices_a_day_compound_to_the_day(self) -> None:
        moves = np.random.default_rng(0).normal(0, 0.01, (30, 1))
        closes = np.asarray(np.cumprod(1 + moves, axis=0), dtype=np.float64)
        daily, halves = (
            Exchange(
                index=np.repeat(closes, times, axis=0), market=np.repeat(closes, times, axis=0),
                listed=np.ones((30, 1), bool), delay=1, per_day=times, costs_bp=0.0,
                largest_tilt=0.1, year=252,
            )
            for times in (1, 2)
        )  # fmt: skip
        one, other = benchmark(daily, 5), benchmark(halves, 5)
        assert one is not None
        assert other is not None
        # opens stand at the day's close here, so the first day adds nothing
        assert other.rows == one.rows + 1
        value = (1 + one.annual_return) ** (one.rows / 252)
        assert (1 + other.annual_return) ** (other.rows / 252) == pytest.approx(value)

    def test_nothing_held_earns_nothing(self) -> None:
        path = hold(np.ones((5, 2)), {0: np.zeros(2), 2: np.array([1.0, 0.0])}, 100.0)
        assert path.returns == pytest.approx([0, 0, -0.01, 0])
