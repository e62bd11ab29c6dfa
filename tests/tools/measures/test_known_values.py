"""Measures against values worked out by hand."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from tests.markets import closes, market_of
from tools.measures import returns, rotation, trading
from tools.view import AsOfView

if TYPE_CHECKING:
    from tools.sources.base import MarketData

END = date(2030, 1, 1)
NAN = float("nan")


def days(n: int) -> pd.DatetimeIndex:
    return pd.bdate_range("2021-01-04", periods=n)


def view_of(data: MarketData) -> AsOfView:
    return AsOfView(data, END)


class TestReturns:
    def test_the_whole_move_of_a_halt_falls_on_the_day_it_trades_again(self) -> None:
        view = view_of(market_of(closes(days(4), A=[10, NAN, NAN, 12], B=[1, 1, 1, 1])))
        moves = view.daily_returns["A"].tolist()
        assert np.isnan(moves[:3]).all()
        assert moves[3] == pytest.approx(0.2)
        assert view.index["A"].tolist() == pytest.approx([1.0, 1.0, 1.0, 1.2])

    def test_a_previous_close_gives_the_days_return(self) -> None:
        rows = closes(days(3), A=[10.0, 11.0, 6.0])
        rows["previous_close"] = [8.0, 10.0, 5.5]
        view = view_of(market_of(rows))
        assert view.daily_returns["A"].tolist() == pytest.approx([0.25, 0.1, 6 / 5.5 - 1])
        window = returns.window_return(view, "1D", ["A"])["A"]
        assert window.iloc[-1] == pytest.approx(6 / 5.5 - 1)

    def test_a_sector_is_weighted_by_previous_close_times_listed_shares(self) -> None:
        rows = closes(days(2), A=[10.0, 11.0], B=[20.0, 18.0])
        rows["listed_shares"] = [300.0, 300.0, 100.0, 100.0]
        rows = rows.sort_values("symbol")
        rows["listed_shares"] = rows["symbol"].map({"A": 300.0, "B": 100.0})
        view = view_of(market_of(rows))
        assert view.daily_returns["S"].iloc[1] == pytest.approx((0.1 * 3000 - 0.1 * 2000) / 5000)

    def test_a_sector_without_listed_shares_is_equally_weighted(self) -> None:
        view = view_of(market_of(closes(days(2), A=[10.0, 11.0], B=[20.0, 22.0], C=[5.0, 5.0])))
        assert view.daily_returns["S"].iloc[1] == pytest.approx(0.2 / 3)

    def test_one_unknown_weight_makes_the_day_equally_weighted(self) -> None:
        rows = closes(days(2), A=[10.0, 11.0], B=[20.0, 20.0])
        rows["listed_shares"] = rows["symbol"].map({"A": 300.0, "B": NAN})
        assert view_of(market_of(rows)).daily_returns["S"].iloc[1] == pytest.approx(0.05)

    def test_a_share_without_a_price_takes_no_part(self) -> None:
        view = view_of(market_of(closes(days(3), A=[10, 11, 11], B=[10, NAN, 12], C=[1, 1, 1])))
        assert view.daily_returns["S"].tolist()[1:] == pytest.approx([0.05, 0.2 / 3])

    def test_an_empty_benchmark_is_every_share(self) -> None:
        rows = closes(days(2), A=[10.0, 11.0], B=[10.0, 10.0])
        view = view_of(market_of(rows, sectors={"A": "S", "B": "T"}))
        assert view.daily_returns["MARKET"].iloc[1] == pytest.approx(0.05)
        assert returns.rel_return(view, "1D")["S"].iloc[1] == pytest.approx(0.05)

    def test_a_proxy_is_its_sector(self) -> None:
        rows = closes(days(2), A=[10.0, 11.0], P=[50.0, 60.0], M=[1.0, 1.1])
        data = market_of(
            rows,
            kinds={"P": "sector", "M": "benchmark"},
            proxies={"S": "P"},
            sectors={"A": "S", "P": "S"},
            benchmark="M",
        )
        assert returns.rel_return(view_of(data), "1D")["S"].iloc[1] == pytest.approx(0.1)

    def test_trading_days_are_the_benchmarks_and_no_move_is_lost_between_them(self) -> None:
        rows = closes(days(4), A=[10.0, 11.0, 12.1, 12.1], M=[1.0, NAN, 1.0, 1.0])
        data = market_of(rows, kinds={"M": "benchmark"}, sectors={"A": "S"}, benchmark="M")
        view = view_of(data)
        assert len(view.days) == 3
        assert view.index["A"].tolist() == pytest.approx([1.0, 1.21, 1.21])
        assert view.daily_returns["S"].iloc[1] == pytest.approx(0.21)

    def test_a_window_needs_a_price_on_or_before_its_start(self) -> None:
        view = view_of(market_of(closes(days(7), A=[NAN, 1, 1, 1, 1, 1, 2], B=[1] * 7)))
        week = returns.window_return(view, "1W", ["A"])["A"]
        assert np.isnan(week.iloc[5])
        assert week.iloc[6] == pytest.approx(1.0)

    def test_a_monthly_market_has_no_week(self) -> None:
        view = view_of(market_of(closes(days(7), A=[1.0] * 7), monthly=True))
        assert returns.window_return(view, "1W").isna().all(axis=None)


class TestRisk:
    def test_volatility_is_the_yearly_sample_deviation_of_the_windows_returns(self) -> None:
        moves = [0.01, -0.02, 0.03, 0.0, 0.01]
        path = np.cumprod([100.0, *[1 + move for move in moves]])
        view = view_of(market_of(closes(days(6), A=path.tolist())))
        expected = np.std(moves, ddof=1) * np.sqrt(252)
        assert returns.volatility(view, "1W", ["A"])["A"].iloc[-1] == pytest.approx(expected)

    def test_a_monthly_markets_year_has_twelve_rows(self) -> None:
        path = [100.0, 101.0, 99.0, 105.0]
        view = view_of(market_of(closes(days(4), A=path), monthly=True))
        expected = np.std(np.diff(path) / path[:-1], ddof=1) * np.sqrt(12)
        assert returns.volatility(view, "3M", ["A"])["A"].iloc[-1] == pytest.approx(expected)

    def test_drawdown_counts_the_windows_start(self) -> None:
        view = view_of(market_of(closes(days(7), A=[9, 12, 10, 11, 10, 9, 9])))
        assert returns.drawdown(view, "1W", ["A"])["A"].iloc[-1] == pytest.approx(-0.25)

    def test_a_large_return_that_has_left_the_window_leaves_no_trace(self) -> None:
        path = [1.0, 7.9, *[7.9] * 30]
        view = view_of(market_of(closes(days(32), A=path)))
        assert returns.volatility(view, "1W", ["A"])["A"].iloc[-1] == 0.0


class TestBreadth:
    def test_shares_above_their_fifty_row_mean(self) -> None:
        up, down = np.linspace(10, 12, 60).tolist(), np.linspace(12, 10, 60).tolist()
        view = view_of(market_of(closes(days(60), A=up, B=down, C=[NAN] * 30 + up[:30])))
        assert view.breadth["S"].iloc[-1] == 0.5
        assert np.isnan(view.breadth["S"].iloc[48])
        assert view.breadth["S"].iloc[49] == 0.5

    def test_a_share_that_rests_is_not_above_its_own_mean(self) -> None:
        flat = [0.1] * 60
        rows = closes(days(60), A=flat, B=flat, C=flat)
        assert view_of(market_of(rows)).breadth["S"].iloc[-1] == 0.0

    def test_a_share_without_a_price_that_day_is_not_counted(self) -> None:
        up, down = np.linspace(10, 12, 60).tolist(), np.linspace(12, 10, 59).tolist()
        view = view_of(market_of(closes(days(60), A=up, B=[*down, NAN])))
        assert view.breadth["S"].iloc[-2:].tolist() == [0.5, 1.0]


class TestRotation:
    def test_a_steady_gain_on_the_benchmark_leads(self) -> None:
        growth = 1.001 ** np.arange(100)
        rows = closes(days(100), A=growth.tolist(), B=(1 / growth).tolist(), M=[1.0] * 100)
        data = market_of(
            rows, kinds={"M": "benchmark"}, sectors={"A": "S", "B": "T"}, benchmark="M"
        )
        view = view_of(data)
        ratio = 100 * growth[-1] / growth[-63:].mean()
        assert rotation.rs_ratio(view)["S"].iloc[-1] == pytest.approx(ratio)
        assert rotation.rs_momentum(view)["S"].iloc[-1] == pytest.approx(100.0)
        assert rotation.rs_ratio(view)["S"].notna().sum() == 100 - 62
        assert rotation.rs_momentum(view)["S"].notna().sum() == 100 - 62 - 20

    @pytest.mark.parametrize(
        ("ratio", "momentum", "name"),
        [
            (100.0, 100.0, "leading"),
            (100.0, 99.9, "weakening"),
            (99.9, 99.9, "lagging"),
            (99.9, 100.0, "improving"),
        ],
    )
    def test_quadrants_are_cut_at_one_hundred(
        self, ratio: float, momentum: float, name: str
    ) -> None:
        assert rotation.quadrant(ratio, momentum) == name

    def test_the_tail_steps_five_days_and_ends_today(self) -> None:
        rng = np.random.default_rng(1)
        path = np.cumprod(1 + rng.normal(0, 0.01, 130)).tolist()
        view = view_of(
            market_of(
                closes(days(130), A=path, B=path[::-1]),
            )
        )
        points = rotation.tail(view, "S")
        assert len(points) == 8
        assert points[-1].day == view.last_day
        gaps = {int(np.busday_count(a.day, b.day)) for a, b in pairwise(points)}
        assert gaps == {5}

    def test_an_entity_without_prices_has_no_tail(self) -> None:
        view = view_of(market_of(closes(days(90), A=[1.0] * 90)))
        assert rotation.tail(view, "X") == ()


class TestTrading:
    def data(self, n: int = 30, **settings: Any) -> MarketData:
        rows = closes(days(n), A=[10.0] * n, B=[5.0] * n)
        rows["value"] = np.where(rows["symbol"] == "A", 100.0, 50.0)
        last = rows["date"] == days(n)[-1]
        rows.loc[last & (rows["symbol"] == "A"), "value"] = 300.0
        flows = rows[["date", "symbol"]].assign(foreign_buy_value=20.0, foreign_sell_value=10.0)
        flows = flows[(flows["symbol"] == "A") | (flows["date"] == days(n)[3])]
        return market_of(rows, flows=flows, sectors={"A": "S", "B": "T"}, **settings)

    def test_whale_ratio_compares_with_the_twenty_days_before_the_window(self) -> None:
        view = view_of(self.data())
        assert trading.whale_ratio(view, "1D")["S"].iloc[-1] == pytest.approx(3.0)
        assert trading.whale_ratio(view, "1W", ["A"])["A"].iloc[-1] == pytest.approx(700 / 500)
        assert trading.whale_ratio(view, "1D")["MARKET"].iloc[-1] == pytest.approx(350 / 150)

    def test_an_absent_share_trades_nothing_and_needs_fifteen_rows(self) -> None:
        def ratio(absent: int) -> float:
            path = [1.0, *[NAN] * absent, *[1.0] * (20 - absent)]
            rows = closes(days(21), A=path, B=[1.0] * 21).assign(value=10.0)
            return float(trading.whale_ratio(view_of(market_of(rows)), "1D", ["A"])["A"].iloc[-1])

        assert ratio(5) == pytest.approx(20 / 15)
        assert np.isnan(ratio(6))

    def test_without_a_value_it_is_close_times_volume_and_said_to_be_an_estimate(self) -> None:
        rows = closes(days(3), A=[10.0, 11.0, 12.0]).assign(volume=3.0)
        view = view_of(market_of(rows))
        assert view.value_is_estimate
        assert view.traded_value is not None
        assert view.traded_value["A"].tolist() == pytest.approx([30.0, 33.0, 36.0])

    def test_a_market_without_volume_has_no_traded_value(self) -> None:
        assert view_of(market_of(closes(days(3), A=[1.0, 1.0, 1.0]))).traded_value is None

    def test_a_missing_flow_row_is_zero_where_others_have_one(self) -> None:
        view = view_of(self.data())
        assert trading.foreign_net_value(view, "1W")["T"].iloc[-1] == 0.0
        assert trading.foreign_net_value(view, "1W")["MARKET"].iloc[-1] == 50.0
        assert trading.foreign_net_ratio(view, "1W")["S"].iloc[-1] == pytest.approx(50 / 700)

    def test_a_day_without_any_flow_row_makes_a_gap(self) -> None:
        data = self.data()
        assert data.flows is not None
        gone = data.flows["date"] == days(30)[20]
        view = view_of(
            market_of(data.prices, flows=data.flows[~gone], sectors={"A": "S", "B": "T"})
        )
        window = trading.foreign_net_value(view, "1W")["S"]
        assert np.isnan(window.iloc[20:25]).all()
        assert window.iloc[25] == 50.0

    def test_a_lagging_flow_window_ends_earlier_with_the_same_length(self) -> None:
        last = days(30)[-1].date()
        late = AsOfView(self.data(flows_days=2), last)
        panel = trading.flow_window_value(late, "1W")
        assert panel.index[-1] == days(30)[-3]
        assert panel["S"].iloc[-1] == 50.0
        beside = trading.foreign_net_value(late, "1D")["S"]
        assert len(beside) == 30
        assert np.isnan(beside.iloc[:2]).all()
