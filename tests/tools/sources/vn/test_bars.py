"""Bars of both charts become price rows in dong, or are left out with the reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.sources.vn.exchange import stamp, weekdays
from tools.errors import SourceDownError
from tools.sources.http import Fetcher
from tools.sources.vn.bars import COLUMNS, Chart, read_chart

FETCHER = Fetcher("Vietcap", "http://127.0.0.1:9")
UNTIL = date(2026, 11, 20)
DAYS = weekdays(6)
CLOSES = (25_000, 25_100, 25_050, 25_300, 25_250, 25_400)


def arrays(closes: tuple[Any, ...] = CLOSES, **changes: Any) -> dict[str, Any]:
    raw: dict[str, Any] = {
        "symbol": "HPG",
        "t": [str(stamp(day)) for day in DAYS],
        "o": list(closes),
        "h": list(closes),
        "l": list(closes),
        "c": list(closes),
        "v": [1_000_000] * len(closes),
    }
    return raw | changes


def read(raw: dict[str, Any], **options: Any) -> Chart:
    settings: dict[str, Any] = {"symbol": "HPG", "until": UNTIL, "fetcher": FETCHER} | options
    return read_chart(raw, **settings)


def with_row(row: int, **values: Any) -> dict[str, Any]:
    raw = arrays()
    for key, value in values.items():
        raw[key] = [value if i == row else one for i, one in enumerate(raw[key])]
    return raw


class TestKnownValues:
    def test_bars_in_dong_stay_as_they_are(self) -> None:
        chart = read(arrays())
        assert list(chart.rows.columns) == list(COLUMNS)
        assert chart.rows["close"].tolist() == [float(one) for one in CLOSES]
        assert chart.rows["observed_on"].dt.date.tolist() == DAYS
        assert (chart.rows["published_on"] == chart.rows["observed_on"]).all()
        assert chart.notes == ()

    def test_numbers_as_text_are_numbers(self) -> None:
        chart = read(arrays(tuple(f"{one}.0" for one in CLOSES)))
        assert chart.rows["close"].tolist() == [float(one) for one in CLOSES]

    def test_thousands_of_dong_become_dong(self) -> None:
        chart = read(arrays(tuple(one / 1000 for one in CLOSES)), share_unit=1000.0)
        assert chart.rows["close"].tolist() == [float(one) for one in CLOSES]

    def test_points_of_an_index_stay_points_in_either_chart(self) -> None:
        levels = (1200.11, 1201.5, 1199.0, 1205.25, 1210.0, 1212.3)
        chart = read(arrays(levels), symbol="VNINDEX", share_unit=1000.0)
        assert chart.rows["close"].tolist() == list(levels)

    def test_the_close_before_comes_from_the_same_answer(self) -> None:
        previous = read(arrays()).rows["previous_close"]
        assert np.isnan(previous.iloc[0])
        assert previous.iloc[1:].tolist() == [float(one) for one in CLOSES[:-1]]

    def test_returns_do_not_depend_on_when_the_levels_were_adjusted(self) -> None:
        before = read(arrays()).rows
        after = read(arrays(tuple(one * 0.8 for one in CLOSES))).rows
        first, second = (rows["close"] / rows["previous_close"] for rows in (before, after))
        assert np.allclose(first, second, equal_nan=True)

    def test_a_session_that_is_not_over_is_left_out(self) -> None:
        chart = read(arrays(), until=DAYS[-2])
        assert chart.rows["observed_on"].dt.date.tolist() == DAYS[:-1]

    def test_traded_values_in_millions_become_dong(self) -> None:
        million = [close * 1.0 for close in CLOSES]
        chart = read(arrays(accumulatedValue=million))
        assert chart.rows["value"].tolist() == [close * 1e6 for close in CLOSES]

    def test_a_traded_value_that_is_not_price_times_volume_is_not_known(self) -> None:
        dong = [close * 1e6 for close in CLOSES]
        assert read(arrays(accumulatedValue=dong)).rows["value"].isna().all()

    def test_the_zeros_of_a_day_without_trading_are_no_prices(self) -> None:
        chart = read(with_row(2, o=0, h=0, l=0, v=0))
        row = chart.rows.iloc[2]
        assert row[["open", "high", "low"]].isna().all()
        assert row["close"] == CLOSES[2]


class TestLeftOut:
    @pytest.mark.parametrize(
        ("values", "why"),
        [
            ({"c": None}, "they have no close"),
            ({"c": "25,050"}, "they have no close"),
            ({"c": 0}, "they have no close"),
            ({"c": -25_050}, "they have no close"),
            ({"c": 25.05, "o": 25.05, "h": 25.05, "l": 25.05}, "in another unit"),
            ({"c": 25_050_000, "o": 2.5e7, "h": 2.6e7, "l": 2.5e7}, "in another unit"),
            ({"c": 25.05}, "their prices or volume contradict each other"),
            ({"h": 24_000}, "their prices or volume contradict each other"),
            ({"h": 60_000}, "their prices or volume contradict each other"),
            ({"v": 10**14}, "their prices or volume contradict each other"),
            ({"v": -1}, "their prices or volume contradict each other"),
        ],
    )
    def test_a_row_that_cannot_be_right_is_left_out_with_the_reason(
        self, values: dict[str, Any], why: str
    ) -> None:
        chart = read(with_row(2, **values))
        assert chart.rows["close"].tolist() == [float(one) for one in CLOSES if one != CLOSES[2]]
        assert chart.notes == (f"HPG: 1 row left out, {why} ({DAYS[2]}).",)
        assert chart.left_out == (DAYS[2],)

    def test_a_stamp_in_thousandths_is_no_session(self) -> None:
        chart = read(with_row(2, t=stamp(DAYS[2]) * 1000))
        assert len(chart.rows) == len(CLOSES) - 1
        assert "their stamp is no session" in chart.notes[0]

    def test_two_bars_for_one_day_are_both_left_out(self) -> None:
        chart = read(with_row(2, t=stamp(DAYS[3])))
        assert len(chart.rows) == len(CLOSES) - 2
        assert "two bars for one day" in chart.notes[0]

    def test_the_same_bar_twice_is_one_bar(self) -> None:
        raw = {key: one + one[-1:] for key, one in arrays().items() if key != "symbol"}
        assert read(raw).rows["close"].tolist() == [float(one) for one in CLOSES]

    def test_the_order_of_an_answer_does_not_matter(self) -> None:
        raw = {key: one[::-1] for key, one in arrays().items() if key != "symbol"}
        pd.testing.assert_frame_equal(read(raw).rows, read(arrays()).rows)

    def test_nulls_inside_leave_the_other_rows_as_they_are(self) -> None:
        raw = arrays(v=[None, 1, 2, None, 3, 4], h=[None] * 6)
        chart = read(raw)
        assert chart.rows["close"].tolist() == [float(one) for one in CLOSES]
        assert chart.rows["volume"].isna().tolist() == [True, False, False, True, False, False]


class TestRefusals:
    @pytest.mark.parametrize("key", ["t", "o", "h", "l", "c", "v"])
    def test_a_renamed_key_is_refused(self, key: str) -> None:
        raw = arrays()
        raw[key + "x"] = raw.pop(key)
        with pytest.raises(SourceDownError, match=f"Vietcap .* without the array {key}"):
            read(raw)

    def test_arrays_of_different_lengths_are_refused(self) -> None:
        with pytest.raises(SourceDownError, match="different lengths"):
            read(arrays(v=[1]))

    def test_an_answer_without_a_bar_is_refused(self) -> None:
        with pytest.raises(SourceDownError, match="no bar of HPG"):
            read({key: [] for key in "tohlcv"})

    @pytest.mark.parametrize("factor", [1e-3, 1e3])
    def test_an_answer_in_another_unit_is_refused(self, factor: float) -> None:
        with pytest.raises(SourceDownError, match="no bar of HPG that can be right"):
            read(arrays(tuple(one * factor for one in CLOSES)))

    def test_an_index_in_another_unit_is_refused(self) -> None:
        with pytest.raises(SourceDownError, match="no bar of VNINDEX"):
            read(arrays(tuple(1.2 for _ in CLOSES)), symbol="VNINDEX")

    def test_an_answer_of_nothing_but_nulls_is_refused(self) -> None:
        with pytest.raises(SourceDownError, match="no bar of HPG"):
            read(arrays((None,) * 6))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=6,
)


class TestMangled:
    @given(st.data())
    def test_no_number_comes_out_that_did_not_go_in(self, data: st.DataObject) -> None:
        raw = arrays()
        for _ in range(data.draw(st.integers(0, 6))):
            key = data.draw(st.sampled_from("tohlcv"))
            row = data.draw(st.integers(0, len(raw[key]) - 1)) if raw[key] else 0
            raw[key] = [*raw[key]]
            if data.draw(st.booleans()) and raw[key]:
                raw[key][row] = data.draw(JSON)
            else:
                raw[key] = raw[key][:row]
        said = {float(one) for key in "ohlc" for one in raw[key] if _is_number(one)}
        try:
            chart = read(raw)
        except SourceDownError:
            return
        for column in ("open", "high", "low", "close", "previous_close"):
            assert {one for one in chart.rows[column] if one == one} <= {
                round(one, 4) for one in said
            }
        assert chart.rows["observed_on"].is_monotonic_increasing
        assert (chart.rows["close"] > 0).all()


def _is_number(one: object) -> bool:
    if isinstance(one, str):
        try:
            one = float(one)
        except ValueError:
            return False
    return isinstance(one, int | float) and not isinstance(one, bool) and abs(one) < 1e300
