"""The record counts independent evidence, not overlapping calls."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.scoring.record import (
    MIN_BLOCKS,
    NO_RECORD,
    ConfidenceBin,
    Record,
    hit_rate,
    mean_with_interval,
    overlap_error,
    rank_ic,
    t_quantile,
)


class TestKnownValues:
    def test_equal_orders_correlate_fully(self) -> None:
        scores = np.array([[1.0, 2, 3, 4], [4, 3, 2, 1], [1, 1, 1, 1]])
        outcomes = np.array([[0.1, 0.2, 0.3, 0.4]] * 3)
        assert rank_ic(scores, outcomes) == pytest.approx([1, -1, 0])

    def test_equal_scores_count_as_no_skill_and_two_sectors_as_no_date(self) -> None:
        outcomes = np.array([[0.1, 0.2, np.nan]])
        assert np.isnan(rank_ic(np.array([[1.0, 2, 3]]), outcomes)).all()

    def test_ties_share_their_rank(self) -> None:
        found = rank_ic(np.array([[1.0, 1, 2]]), np.array([[0.1, 0.2, 0.3]]))
        assert found == pytest.approx([np.sqrt(3) / 2])

    @pytest.mark.parametrize(
        ("degrees", "wanted"),
        [(1, 12.7062), (2, 4.3027), (4, 2.7764), (7, 2.3646), (20, 2.0860), (1000, 1.9623)],
    )
    def test_students_t_is_as_in_the_tables(self, degrees: int, wanted: float) -> None:
        assert t_quantile(degrees) == pytest.approx(wanted, rel=4e-3)

    def test_without_overlap_the_error_is_the_usual_one(self) -> None:
        values = np.array([1.0, -1, 1, -1])
        assert overlap_error(values, 1) == pytest.approx(0.5)

    @pytest.mark.parametrize("overlap", [1, 5, 13])
    def test_ninety_five_intervals_in_a_hundred_hold_the_mean(self, overlap: int) -> None:
        noise = np.random.default_rng(overlap).normal(size=(600, 1000 + overlap))
        sums = np.lib.stride_tricks.sliding_window_view(noise, overlap, axis=1).sum(axis=2)
        held = [
            low <= 0.0 <= high for _, low, high in (mean_with_interval(s, overlap) for s in sums)
        ]
        # three standard errors of a share of 600
        assert abs(float(np.mean(held)) - 0.95) < 0.027

    def test_a_hit_rate_is_hits_over_calls_beside_the_better_constant_call(self) -> None:
        hit = np.tile([True, True, False, True], 25)
        beat = np.tile([False, False, False, True], 25)
        found = hit_rate(hit, beat, np.repeat(np.arange(25), 4))
        assert found is not None
        assert (found.n, found.hits, found.blocks) == (100, 75, 25)
        assert (found.rate, found.base_rate) == (0.75, 0.75)
        assert found.low < 0.75 < found.high

    def test_repeating_the_same_calls_adds_no_certainty(self) -> None:
        rng = np.random.default_rng(3)
        once = rng.random(40) < 0.5
        blocks = np.arange(40)
        single = hit_rate(once, once, blocks)
        many = hit_rate(np.repeat(once, 20), np.repeat(once, 20), np.repeat(blocks, 20))
        assert single is not None
        assert many is not None
        assert many.high - many.low == pytest.approx(single.high - single.low, rel=0.05)

    def test_too_few_windows_are_no_record(self) -> None:
        n = MIN_BLOCKS - 1
        assert hit_rate(np.ones(n, bool), np.ones(n, bool), np.arange(n)) is None

    def test_a_call_is_compared_with_equally_confident_ones(self) -> None:
        bins = (
            ConfidenceBin(from_edge=0.005, record=None),
            ConfidenceBin(from_edge=0.01, record=None),
        )
        record = Record(**{**NO_RECORD.model_dump(), "bins": bins})
        assert record.bin_of(0.52) == bins[1]
        assert record.bin_of(0.493) == bins[0]
        assert record.bin_of(0.5) == bins[0]
        assert NO_RECORD.bin_of(0.6) is None


class TestProperties:
    @given(st.integers(0, 999))
    def test_overlap_widens_the_interval_of_a_smooth_series(self, seed: int) -> None:
        noise = np.random.default_rng(seed).normal(size=320)
        smooth = np.convolve(noise, np.ones(8) / 8, mode="valid")
        mean, low, high = mean_with_interval(smooth, 8)
        naive = mean_with_interval(smooth, 1)
        assert low < mean < high
        assert high - low > naive[2] - naive[1]

    @given(st.integers(0, 999))
    def test_scale_of_scores_does_not_matter(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        scores, outcomes = rng.normal(size=(5, 6)), rng.normal(size=(5, 6))
        assert rank_ic(scores, outcomes) == pytest.approx(rank_ic(np.exp(scores), outcomes))
