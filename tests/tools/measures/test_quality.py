"""Rows that cannot be believed are named and not used, decided from earlier rows only."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tests.conftest import SHARED
from tests.markets import closes, market_of
from tools.measures.quality import judge_prices
from tools.sources import open_market
from tools.view import AsOfView

if TYPE_CHECKING:
    from tools.sources.base import MarketData

DAYS = pd.bdate_range("2021-01-04", periods=12)


def verdict(data: MarketData) -> tuple[list[int], list[int], list[str]]:
    """Return the unused rows, the rebased rows, and the names of the findings."""
    quality = judge_prices(data.prices, data.universe["kind"])
    unused, rebased = np.flatnonzero(quality.unused), np.flatnonzero(quality.rebased)
    return unused.tolist(), rebased.tolist(), [found.name for found in quality.findings]


class TestJumps:
    def test_a_price_ten_times_too_high_is_left_out_until_it_returns(self) -> None:
        path = [10.0, 10.1, 101.0, 102.0, 10.2, *[10.3] * 7]
        assert verdict(market_of(closes(DAYS, A=path))) == ([2, 3], [], ["jump"])

    def test_a_price_ten_times_too_low_is_left_out(self) -> None:
        path = [10.0, 10.1, 1.01, 10.2, *[10.3] * 8]
        assert verdict(market_of(closes(DAYS, A=path))) == ([2], [], ["jump"])

    def test_a_level_held_by_three_rows_is_a_new_base_without_a_return(self) -> None:
        path = [10.0, 10.0, 0.5, 0.51, 0.52, 0.53, *[0.54] * 6]
        data = market_of(closes(DAYS, A=path))
        assert verdict(data) == ([2, 3], [4], ["jump", "jump"])
        view = AsOfView(data, date(2021, 2, 1))
        assert np.isnan(view.daily_returns["A"].iloc[2])
        assert view.index["A"].iloc[-1] == pytest.approx(0.54 / 0.52)

    def test_jumps_back_and_forth_confirm_no_level(self) -> None:
        path = [10.0, 100.0, 1.0, 100.0, 1.0, 10.0, *[10.0] * 6]
        assert verdict(market_of(closes(DAYS, A=path)))[0] == [1, 2, 3, 4]

    def test_a_previous_close_explains_a_split(self) -> None:
        rows = closes(DAYS, A=[100.0, 101.0, 5.0, *[5.1] * 9])
        rows["previous_close"] = [99.0, 100.0, 5.05, 5.0, *[5.1] * 8]
        assert verdict(market_of(rows)) == ([], [], [])

    def test_a_close_far_from_its_own_previous_close_is_left_out(self) -> None:
        rows = closes(DAYS, A=[100.0, 101.0, 1010.0, *[102.0] * 9])
        rows["previous_close"] = [99.0, 100.0, 101.0, 101.0, *[102.0] * 8]
        assert verdict(market_of(rows)) == ([2], [], ["jump"])

    def test_an_eightfold_move_is_still_a_move(self) -> None:
        assert verdict(market_of(closes(DAYS, A=[1.0, 8.0, 1.0, *[1.0] * 9])))[0] == []

    def test_a_verdict_does_not_change_when_later_rows_come(self) -> None:
        path = [10.0, 10.0, 0.5, 0.51, 0.52, 0.53, 9.9, 90.0, 91.0, 92.0, 9.0, 9.1]
        whole = judge_prices(
            market_of(closes(DAYS, A=path)).prices, pd.Series({"A": "stock"})
        ).unused
        for end in range(1, len(DAYS)):
            part = market_of(closes(DAYS[:end], A=path[:end])).prices
            assert judge_prices(part, pd.Series({"A": "stock"})).unused.tolist() == (
                whole[:end].tolist()
            )


def bars(n_same: int, *, high: float, volume: float) -> pd.DataFrame:
    """Return 12 rows of one share whose last `n_same` are one bar."""
    moving = 12 - n_same
    rows = closes(DAYS, A=[9.0 + number / 10 for number in range(moving)] + [10.0] * n_same)
    return rows.assign(
        open=10.0,
        high=[11.0 + number for number in range(moving)] + [high] * n_same,
        low=[8.0] * moving + [10.0] * n_same,
        volume=[100.0 + number for number in range(moving)] + [volume] * n_same,
    )


class TestFlatLines:
    def test_a_bar_that_repeats_is_left_out_after_five_rows(self) -> None:
        assert verdict(market_of(bars(8, high=11.0, volume=500.0))) == (
            [9, 10, 11],
            [],
            ["flat_line"],
        )

    def test_five_equal_bars_are_believed(self) -> None:
        assert verdict(market_of(bars(5, high=11.0, volume=500.0)))[0] == []

    def test_a_share_resting_at_one_price_is_real(self) -> None:
        rows = bars(10, high=10.0, volume=500.0)
        rows["volume"] = np.arange(12) + 100.0
        assert verdict(market_of(rows))[0] == []

    def test_a_halted_share_is_no_stuck_feed(self) -> None:
        assert verdict(market_of(bars(11, high=11.0, volume=0.0)))[0] == []

    def test_a_one_price_bar_needs_more_than_ten_rows(self) -> None:
        assert verdict(market_of(bars(11, high=10.0, volume=5.0)))[0] == [11]

    def test_a_fund_whose_close_rests_is_a_stuck_feed(self) -> None:
        rows = bars(8, high=11.0, volume=1.0)
        rows["volume"], rows["high"] = np.arange(12) + 100.0, np.arange(12) + 20.0
        assert verdict(market_of(rows, kinds={"A": "sector"}, sectors={"A": "S"}))[0] == [9, 10, 11]


class TestFlows:
    def flows(self, bought: float) -> MarketData:
        prices = closes(DAYS, A=[10.0] * 12).assign(volume=np.arange(12) + 5.0, high=10.5, low=9.5)
        row = pd.DataFrame({"date": DAYS[:2], "symbol": "A"})
        row = row.assign(foreign_buy_value=[1.0, bought], foreign_sell_value=0.0)
        return market_of(prices.assign(value=60.0), flows=row)

    def test_buying_above_the_days_traded_value_is_not_used(self) -> None:
        view = AsOfView(self.flows(61.0), date(2021, 1, 20))
        assert [found.name for found in view.findings] == ["flow_above_value"]
        assert view.flow_net is not None
        assert view.flow_net["A"].iloc[:2].tolist() == [1.0, 0.0]

    def test_buying_the_whole_traded_value_is_possible(self) -> None:
        assert AsOfView(self.flows(60.0), date(2021, 1, 20)).findings == ()

    def test_findings_after_the_as_of_are_not_there(self) -> None:
        assert AsOfView(self.flows(61.0), date(2021, 1, 4)).findings == ()


@pytest.mark.parametrize(
    ("market", "expected"),
    [
        ("us", []),
        ("id", ["flow_above_value"] * 3),
        ("vn", []),
        # On 2019-06-20 and 21 all eight sector indices repeat the 19th, volume included, while VNINDEX moves.
        ("vnx", ["repeated_day"] * 2),
    ],
)
def test_on_real_markets_only_what_is_wrong_is_found(market: str, expected: list[str]) -> None:
    path = SHARED / "markets" / market
    if not path.is_dir():
        pytest.skip(f"the market folder {path} is not on this machine")
    view = AsOfView(open_market(f"folder:{path}"), date(2025, 1, 1))
    assert [found.name for found in view.findings] == expected
