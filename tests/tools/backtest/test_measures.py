"""Probabilities, intervals and rankings measured as they would be by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.backtest.layout import Laid
from tools.backtest.measures import flip_rate, measure
from tools.backtest.measures_interval import interval_measures
from tools.backtest.measures_probability import (
    bin_shares,
    calibration_error,
    probability_measures,
)
from tools.backtest.regimes import REGIMES
from tools.backtest.resampling import Information, information

N_DATES, N_SECTORS = 300, 8


def laid_out(
    probability: np.ndarray, outcome: np.ndarray, overlap: int = 1, half_width: float = 1.2816
) -> Laid:
    """Lay forecasts out with an interval around nothing of `half_width` standard deviations."""
    n = len(probability)
    return Laid(
        model="one",
        dates=pd.date_range("2010-01-31", periods=n, freq="ME"),
        rows=np.arange(n),
        overlap=overlap,
        windows=np.arange(n) // overlap,
        score=probability - 0.5,
        probability=probability,
        expected=np.zeros(probability.shape),
        low=np.full(probability.shape, -half_width),
        high=np.full(probability.shape, half_width),
        outcome=outcome,
        known_rate=np.full(n, 0.5),
    )


def forecasts(seed: int, honest: float = 1.0, spread: float = 0.1) -> Laid:
    """Return forecasts whose outcomes come true as often as said, `honest` times as far from one half."""
    rng = np.random.default_rng(seed)
    said = 0.5 + rng.uniform(-spread, spread, (N_DATES, N_SECTORS))
    true = 0.5 + honest * (said - 0.5)
    up = rng.random(said.shape) < true
    return laid_out(said, np.where(up, 1.0, -1.0) * np.abs(rng.normal(size=said.shape)))


class TestKnownValues:
    def test_equal_probabilities_are_spread_evenly_over_their_bins(self) -> None:
        shares = bin_shares(np.array([0.5, 0.4, 0.5, 0.6, 0.5, 0.5]), 3)
        assert shares.sum(axis=0) == pytest.approx([2, 2, 2])
        assert shares[1].tolist() == [1, 0, 0]
        assert shares[0] == pytest.approx([0.25, 0.5, 0.25])

    def test_the_calibration_error_is_the_mean_distance_of_said_and_seen(self) -> None:
        said = np.array([0.2, 0.2, 0.8, 0.8])
        beat = np.array([0.0, 1.0, 1.0, 1.0])
        assert calibration_error(said, beat, bin_shares(said, 2)) == pytest.approx(0.25)

    def test_the_parts_of_brier_add_up(self) -> None:
        found = probability_measures(forecasts(1))
        assert found is not None
        parts = found.parts
        total = parts.reliability - parts.resolution + parts.uncertainty + parts.within_bins
        assert total == pytest.approx(found.brier)
        assert parts.uncertainty == pytest.approx(0.25, abs=0.001)
        assert sum(one.n for one in found.bins) == pytest.approx(found.n)
        assert [one.probability for one in found.bins] == sorted(
            one.probability for one in found.bins
        )

    def test_saying_one_half_has_no_skill_and_no_resolution(self) -> None:
        outcome = np.random.default_rng(0).normal(size=(N_DATES, N_SECTORS))
        laid = laid_out(np.full(outcome.shape, 0.5), outcome)
        found = probability_measures(laid)
        assert found is not None
        assert found.brier == 0.25
        assert found.log_loss == pytest.approx(np.log(2))
        assert found.parts.resolution == pytest.approx(0, abs=1e-12)
        assert found.skill_half is not None
        assert found.skill_half.value == 0
        # who never calls is calibrated, and is seen to know nothing
        assert found.surest is None
        assert measure(laid, {name: np.ones(N_DATES, bool) for name in REGIMES}).call_share == 0

    def test_what_changes_halves_has_flipped(self) -> None:
        scores = np.array([[3.0, 2, 1, 0], [3, 2, 1, 0], [0, 1, 2, 3], [np.nan, 1, 0, np.nan]])
        # none of four, then four of four; of the two left one stays above and one below
        assert flip_rate(scores) == pytest.approx(6 / 10)

    def test_outcomes_of_one_window_give_a_mean_but_no_interval(self) -> None:
        # a path that has drifted one way tells the same of thirteen starts a week apart
        drift = np.array([0.30, 0.31, 0.32, 0.31, 0.30, 0.31, np.nan])
        assert information(drift, 13) == Information(0.3083333333, None, None, None)
        alone = information(drift, 3)
        assert alone.low is not None
        assert alone.t is not None
        assert information(drift[:2], 1) == Information(None, None, None, None)

    def test_each_regime_has_its_own_dates(self) -> None:
        laid = forecasts(3)
        first = np.arange(N_DATES) < 100
        states = dict(zip(REGIMES, (first, ~first, first, ~first), strict=True))
        found = measure(laid, states)
        assert [part.dates for part in found.regimes] == [100, 200, 100, 200]
        assert sum(part.dates for part in found.years) == N_DATES


class TestProperties:
    @pytest.mark.parametrize("seed", range(4))
    def test_who_keeps_their_word_lies_within_the_range(self, seed: int) -> None:
        found = probability_measures(forecasts(seed))
        assert found is not None
        error = found.calibration_error
        assert error.low is not None
        assert error.high is not None
        assert error.low < error.high
        assert error.value < error.high * 1.2

    def test_who_is_twice_too_sure_lies_outside_the_range(self) -> None:
        found = probability_measures(forecasts(5, honest=-0.5))
        assert found is not None
        assert found.calibration_error.high is not None
        assert found.calibration_error.value > found.calibration_error.high
        assert found.skill_half is not None
        assert found.skill_half.high is not None
        assert found.skill_half.high < 0

    def test_sectors_that_move_together_leave_a_wider_range(self) -> None:
        rng = np.random.default_rng(7)
        said = 0.5 + rng.uniform(-0.1, 0.1, (N_DATES, N_SECTORS))
        apart = rng.normal(size=said.shape)
        together = apart[:, :1] + 0.01 * apart
        wide, narrow = (probability_measures(laid_out(said, one)) for one in (together, apart))
        assert wide is not None
        assert narrow is not None
        assert wide.calibration_error.high is not None
        assert narrow.calibration_error.high is not None
        assert wide.calibration_error.high > 1.5 * narrow.calibration_error.high

    def test_an_interval_of_the_right_width_is_inside_its_range_and_a_narrow_one_is_not(
        self,
    ) -> None:
        outcome = np.random.default_rng(2).normal(size=(N_DATES, N_SECTORS))
        said = np.full(outcome.shape, 0.5)
        right, narrow = (
            interval_measures(laid_out(said, outcome, half_width=width)) for width in (1.2816, 1.0)
        )
        assert right is not None
        assert narrow is not None
        low, high = right.coverage.low or 1.0, right.coverage.high or 0.0
        assert low < 0.8 < high
        assert low <= right.coverage.value <= high
        assert narrow.coverage.value < low
        assert right.below + right.above + right.coverage.value == pytest.approx(1)

    @given(st.integers(0, 10_000))
    def test_no_order_of_rows_changes_the_calibration_error(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        said = rng.choice([0.45, 0.5, 0.52, 0.6], 57)
        beat = (rng.random(57) < 0.5).astype(float)
        order = rng.permutation(57)
        one = calibration_error(said, beat, bin_shares(said))
        other = calibration_error(said[order], beat[order], bin_shares(said[order]))
        assert one == pytest.approx(other)
        assert 0 <= one <= 1
