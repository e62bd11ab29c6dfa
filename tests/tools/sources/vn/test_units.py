"""A changed unit is told from a move of the market."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tools.sources.vn import units

DONG = units.SHARE_VND


class TestKnownValues:
    @pytest.mark.parametrize(
        ("ratio", "steps"),
        [(1.0, 0), (1.07, 0), (0.05, 0), (30.0, 0), (1000.0, 1), (930.0, 1), (0.00107, -1),
         (1e6, 2), (1.1e-6, -2), (1e9, 3), (np.nan, 0), (0.0, 0), (-1000.0, 0), (np.inf, 0)],
    )  # fmt: skip
    def test_factors_of_a_thousand(self, ratio: float, steps: int) -> None:
        assert units.thousands(ratio) == steps

    def test_a_spike_in_thousands_is_the_only_row_left_out(self) -> None:
        close = np.array([25_000.0, 25.1, 25_200.0, 25_300.0])
        assert units.in_one_unit(close, DONG).tolist() == [True, False, True, True]

    def test_of_two_units_the_one_that_prices_of_shares_have_is_kept(self) -> None:
        close = np.array([25_000.0, 25_100.0, 25.2, 25.3])
        assert units.in_one_unit(close, DONG).tolist() == [True, True, False, False]

    def test_an_answer_in_thousands_fits_nothing(self) -> None:
        assert not units.in_one_unit(np.array([25.0, 25.1, 25.2]), DONG).any()

    def test_a_known_close_decides_where_the_usual_range_cannot(self) -> None:
        close = np.array([1_200.0, 1_210.0])
        assert units.in_one_unit(close, DONG).all()
        assert not units.in_one_unit(close, DONG, known=1_205_000.0).any()
        assert units.in_one_unit(np.array([300.0]), DONG, known=310.0).all()

    def test_nothing_fits_nothing(self) -> None:
        assert units.in_one_unit(np.zeros(0), DONG).tolist() == []

    @pytest.mark.parametrize(
        ("value", "price", "volume", "agrees"),
        [(2.5e9, 25_000, 100_000, True), (2.5e3, 25_000, 100_000, False),
         (2.5e15, 25_000, 100_000, False), (np.nan, 25_000, 100_000, True), (0, 25_000, 0, True),
         (1e9, 25_000, 0, False), (0, 25_000, 100_000, False), (0, 25_000, 10, True),
         (-1e9, 25_000, 100_000, False)],
    )  # fmt: skip
    def test_values_agree_with_price_times_volume(
        self, value: float, price: float, volume: float, agrees: bool
    ) -> None:
        columns = (np.array([float(one)]) for one in (value, price, volume))
        assert units.agree(*columns).tolist() == [agrees]


class TestProperties:
    @given(
        hnp.arrays(float, st.integers(1, 30), elements=st.floats(-0.069, 0.069)),
        st.floats(5_000, 500_000),
    )
    def test_moves_within_the_price_limits_are_never_a_change_of_unit(
        self, moves: np.ndarray, start: float
    ) -> None:
        close = start * np.cumprod(1 + moves)
        newest = float(close[-1])
        assert units.in_one_unit(close, units.Range(newest / 2, newest * 2)).all()

    @given(
        hnp.arrays(float, st.integers(2, 30), elements=st.floats(-0.069, 0.069)),
        st.data(),
        st.sampled_from([1e-3, 1e3, 1e-6, 1e6]),
    )
    def test_rows_in_another_unit_are_left_out_wherever_they_stand(
        self, moves: np.ndarray, data: st.DataObject, factor: float
    ) -> None:
        close = 25_000 * np.cumprod(1 + moves)
        other = np.array(
            data.draw(st.lists(st.booleans(), min_size=len(close), max_size=len(close)))
        )
        mixed = np.where(other, close * factor, close)
        kept = units.in_one_unit(mixed, DONG, known=25_000.0)
        assert kept.tolist() == (~other).tolist()
