"""The calibration says a little skill until the past says otherwise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.scoring.calibration import (
    PRIOR_SLOPE,
    PRIOR_SLOPE_SD,
    SLOPE_FLOOR,
    fit_logistic,
    robust_spread,
    rounded,
    shrunk_spread,
)


def sample(slope: float, n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    composite = rng.normal(size=n)
    chance = 1 / (1 + np.exp(-slope * composite))
    return composite, rng.random(n) < chance


class TestKnownValues:
    def test_without_a_sample_the_prior_speaks(self) -> None:
        nothing = np.zeros(0)
        found = fit_logistic(nothing, nothing.astype(bool), nothing)
        assert (found.intercept, found.slope, found.floored) == (0.0, PRIOR_SLOPE, False)

    def test_a_large_sample_overrules_the_prior(self) -> None:
        composite, beat = sample(0.5, 200_000)
        found = fit_logistic(composite, beat, np.ones(200_000))
        assert found.slope == pytest.approx(0.5, abs=0.03)

    def test_it_is_the_maximum_of_the_posterior(self) -> None:
        composite, beat = sample(0.1, 400)
        weights = np.full(400, 0.3)
        found = fit_logistic(composite, beat, weights)

        def posterior(intercept: float, slope: float) -> float:
            margin = intercept + slope * composite
            fit = np.where(beat, margin, 0.0) - np.log1p(np.exp(margin))
            prior = (intercept / 0.05) ** 2 + ((slope - PRIOR_SLOPE) / PRIOR_SLOPE_SD) ** 2
            return float(np.sum(weights * fit)) - prior / 2

        best = posterior(found.intercept, found.slope)
        for step in (1e-3, -1e-3):
            assert best > posterior(found.intercept + step, found.slope)
            assert best > posterior(found.intercept, found.slope + step)

    def test_the_spread_of_a_normal_sample_is_its_deviation(self) -> None:
        values = np.random.default_rng(2).normal(0, 0.04, 20_000)
        assert robust_spread(values) == pytest.approx(0.04, rel=0.03)
        assert math.isnan(robust_spread(values[:3]))

    def test_an_unseen_sector_has_the_pooled_spread(self) -> None:
        assert shrunk_spread(math.nan, 0.0, 0.04) == 0.04


class TestProperties:
    @given(st.integers(0, 10_000), st.floats(-1, 1))
    def test_the_slope_never_falls_below_its_floor(self, seed: int, slope: float) -> None:
        composite, beat = sample(slope, 2_000, seed)
        found = fit_logistic(composite, beat, np.ones(2_000))
        assert found.slope >= SLOPE_FLOOR
        assert found.floored == (found.slope == SLOPE_FLOOR)

    @given(st.floats(0.001, 1), st.floats(0, 500), st.floats(0.001, 1))
    def test_a_shrunk_spread_lies_between_its_own_and_the_pooled_one(
        self, own: float, n_own: float, pooled: float
    ) -> None:
        found = shrunk_spread(own, n_own, pooled)
        assert min(own, pooled) * (1 - 1e-9) <= found <= max(own, pooled) * (1 + 1e-9)

    @given(st.floats(-1e6, 1e6))
    def test_rounding_forgets_only_the_last_bits(self, value: float) -> None:
        assert rounded(value) == pytest.approx(value, rel=1e-9)
        assert rounded(rounded(value)) == rounded(value)
