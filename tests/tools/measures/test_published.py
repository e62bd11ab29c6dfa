"""Published values in another unit: found at once, not used, decided from earlier publications alone."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.markets import closes, market_of
from tools.facts import FactBook
from tools.measures.published import HELD, judge_published
from tools.view import AsOfView

MONTHS = pd.date_range("2015-01-31", periods=60, freq="ME")


def series(
    values: list[float] | np.ndarray, unit: str = "percent", name: str = "X"
) -> pd.DataFrame:
    """Return a monthly series released ten days after each month."""
    rows = pd.DataFrame({"observed_on": MONTHS[: len(values)], "value": values})
    return rows.assign(
        series=name, published_on=rows["observed_on"] + pd.Timedelta(days=10), unit=unit
    )


def steady(n: int = 60, level: float = 4.0) -> np.ndarray:
    return level + np.sin(np.arange(n) / 3)


def growth(n: int = 60) -> np.ndarray:
    return np.round(np.random.default_rng(3).normal(0, 3, n), 1)


def unused(rows: pd.DataFrame) -> list[int]:
    found = judge_published(rows.reset_index(drop=True), ("series",))
    return np.flatnonzero(found.unused).tolist()


class TestSteadySeries:
    @pytest.mark.parametrize("factor", [0.01, 1e-3, 1e3, 1e6, 100.0])
    def test_a_value_in_another_unit_is_left_out(self, factor: float) -> None:
        values = steady()
        values[40] *= factor
        assert unused(series(values)) == [40]

    def test_a_unit_that_has_changed_for_good_is_not_used_again(self) -> None:
        values = steady()
        values[40:] /= 100
        assert unused(series(values)) == list(range(40, 60))

    def test_a_price_of_zero_cannot_be_right_but_a_rate_of_zero_can(self) -> None:
        values = steady()
        values[40] = 0.0
        assert unused(series(values, "VND per USD")) == [40]
        assert unused(series(values, "percent")) == []

    def test_a_crisis_is_no_change_of_unit(self) -> None:
        values = steady()
        values[40:44] = [0.25, 0.25, 0.1, 0.05]
        values[50] = 80.0
        assert unused(series(values)) == []

    def test_a_revision_in_another_unit_is_left_out(self) -> None:
        rows = series(steady())
        revision = rows.iloc[[30]].assign(
            value=lambda one: one["value"] / 100,
            published_on=lambda one: one["published_on"] + pd.Timedelta(days=500),
        )
        whole = pd.concat([rows, revision]).sort_values(["observed_on", "published_on"])
        assert unused(whole) == [31]


class TestSeriesThatCrossZero:
    def test_growth_may_be_small_or_large(self) -> None:
        values = growth()
        values[[30, 31, 45]] = [0.1, -0.1, -60.0]
        assert unused(series(values)) == []

    def test_a_lasting_step_from_percent_to_fractions_is_found(self) -> None:
        values = np.where(np.arange(60) % 2, 6.0, -8.0) + np.arange(60) / 60
        values[40:] /= 100
        assert unused(series(values)) == list(range(40 + HELD - 1, 60))

    def test_a_series_that_was_all_zero_may_begin_to_move(self) -> None:
        values = np.zeros(60)
        values[30:] = 0.25
        assert unused(series(values)) == []


class TestDeclaredUnits:
    def test_a_row_in_another_declared_unit_is_left_out(self) -> None:
        rows = series(steady())
        rows.loc[50, "unit"] = "fraction"
        assert unused(rows) == [50]

    def test_spelling_is_no_change(self) -> None:
        rows = series(steady())
        rows.loc[50, "unit"] = " Percent"
        assert unused(rows) == []


class TestUse:
    def test_what_is_left_out_is_no_fact_and_is_named(self) -> None:
        values = steady(40)
        values[-1] /= 100
        prices = closes(pd.bdate_range("2015-01-01", "2018-06-01"), A=[10.0] * 892)
        view = AsOfView(market_of(prices, macro=series(values, name="RATE")), date(2018, 5, 20))
        latest = FactBook(view).get("MACRO.RATE.latest")
        assert latest.value == pytest.approx(values[-2])  # type: ignore[union-attr]
        assert [(row.name, row.entity) for row in view.findings] == [("unit_change", "RATE")]


class TestPointInTime:
    @given(
        spoilt=st.dictionaries(
            st.integers(0, 59),
            st.sampled_from([0.01, 100.0, 1e3, 1e-3, 0.0, -1.0, 25.0]),
            max_size=8,
        ),
        crossing=st.booleans(),
        end=st.integers(1, 60),
    )
    @settings(max_examples=80, deadline=None)
    def test_later_publications_change_no_earlier_quarantine(
        self, spoilt: dict[int, float], crossing: bool, end: int
    ) -> None:
        values = growth() if crossing else steady()
        for at, factor in spoilt.items():
            values[at] *= factor
        whole = pd.concat([series(steady(), name="A"), series(values, name="B")], ignore_index=True)
        known = (whole["published_on"] <= MONTHS[end - 1] + pd.Timedelta(days=10)).to_numpy()
        every = judge_published(whole, ("series",))
        some = judge_published(whole[known].reset_index(drop=True), ("series",))
        assert every.unused[known].tolist() == some.unused.tolist()
