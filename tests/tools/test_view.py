"""A view is a market as it was known at the end of one day, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from tests.markets import closes, market_of, shuffled, write_market
from tools.errors import UnusableInputError
from tools.sources import open_market
from tools.view import AsOfView, check_as_of

if TYPE_CHECKING:
    from pathlib import Path

    from tools.sources.base import MarketData

DAYS = pd.bdate_range("2021-01-04", periods=10)
TODAY = date(2026, 1, 2)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> MarketData:
    return open_market(f"folder:{write_market(tmp_path_factory.mktemp('m') / 'toy', n_days=200)}")


def small(**settings: Any) -> MarketData:
    rows = closes(DAYS, A=[10.0 + n for n in range(10)], B=[float("nan")] * 6 + [5.0] * 4)
    return market_of(rows, sectors={"A": "S", "B": "T"}, **settings)


class TestTime:
    def test_prices_of_the_day_itself_count(self) -> None:
        assert AsOfView(small(), DAYS[4].date()).last_day == DAYS[4].date()

    def test_a_lagging_price_is_usable_weekdays_later(self) -> None:
        friday = DAYS[4].date()
        data = small(prices_days=1)
        assert AsOfView(data, friday).last_day == DAYS[3].date()
        assert AsOfView(data, friday + timedelta(days=2)).last_day == DAYS[3].date()
        assert AsOfView(data, friday + timedelta(days=3)).last_day == friday
        assert AsOfView(data, friday).published_on(friday) == DAYS[5].date()

    def test_a_day_without_trading_stays_as_given(self) -> None:
        sunday = date(2021, 1, 10)
        view = AsOfView(small(), sunday)
        assert (view.as_of, view.last_day) == (sunday, date(2021, 1, 8))
        assert view.stamp.as_of == sunday

    def test_an_earlier_view_sees_less(self) -> None:
        view = AsOfView(small(), DAYS[9].date())
        earlier = view.at(DAYS[4].date())
        assert view.sector_codes == ("S", "T")
        assert earlier.sector_codes == ("S",)
        assert list(earlier.index.columns) == ["A", "S", "MARKET"]
        assert view.usable_day(DAYS[4].date()) == DAYS[4]

    def test_a_view_cannot_see_ahead(self) -> None:
        with pytest.raises(ValueError, match="cannot see ahead"):
            AsOfView(small(), DAYS[4].date()).at(DAYS[5].date())

    def test_windows_of_daily_and_monthly_markets(self) -> None:
        daily, monthly = (AsOfView(small(monthly=slow), TODAY) for slow in (False, True))
        assert (daily.window_rows("1M"), monthly.window_rows("1M")) == (21, 1)
        assert (daily.window_rows("1D"), monthly.window_rows("1D")) == (1, None)

    def test_old_data_are_answered_with_a_gap(self) -> None:
        last = DAYS[9].date()
        assert AsOfView(small(), last + timedelta(days=7)).staleness is None
        gap = AsOfView(small(), last + timedelta(days=10)).staleness
        assert gap is not None
        assert last.isoformat() in gap.what

    def test_a_monthly_market_is_not_old_within_the_month(self) -> None:
        last = DAYS[9].date()
        assert AsOfView(small(monthly=True), last + timedelta(days=35)).staleness is None
        assert AsOfView(small(monthly=True), last + timedelta(days=36)).staleness is not None


class TestAsOfOfAQuestion:
    def test_the_default_is_the_last_trading_day(self) -> None:
        assert check_as_of(small(), None, TODAY) == DAYS[9].date()

    def test_the_default_is_never_after_today(self) -> None:
        assert check_as_of(small(), None, DAYS[3].date()) == DAYS[3].date()

    def test_a_lagging_market_is_asked_when_its_last_day_is_usable(self) -> None:
        assert check_as_of(small(prices_days=1), None, TODAY) == date(2021, 1, 18)

    def test_a_date_after_the_data_stays_as_given(self) -> None:
        assert check_as_of(small(), date(2025, 5, 5), TODAY) == date(2025, 5, 5)

    def test_the_future_is_refused(self) -> None:
        with pytest.raises(UnusableInputError, match="up to today, 2026-01-02"):
            check_as_of(small(), date(2026, 1, 3), TODAY)

    @pytest.mark.parametrize("as_of", [date(2021, 1, 3), date(1900, 1, 1)])
    def test_a_date_before_the_data_is_refused(self, as_of: date) -> None:
        with pytest.raises(UnusableInputError, match="on or after 2021-01-04"):
            check_as_of(small(), as_of, TODAY)

    def test_a_market_that_begins_after_today_is_refused(self) -> None:
        with pytest.raises(UnusableInputError, match="data of small begin"):
            check_as_of(small(), None, date(2020, 1, 1))


class TestWhatAMarketHas:
    def test_a_sector_of_few_shares_is_thin(self) -> None:
        rows = closes(DAYS, **{name: [1.0] * 10 for name in "ABCD"})
        view = AsOfView(market_of(rows, sectors=dict(zip("ABCD", "SSST", strict=True))), TODAY)
        assert view.sectors["thin"].to_dict() == {"S": False, "T": True}
        assert view.sectors["n_shares"].to_dict() == {"S": 3, "T": 1}

    def test_shares_listed_later_do_not_count_yet(self) -> None:
        rows = closes(DAYS, A=[1.0] * 10, B=[1.0] * 10, C=[float("nan")] * 5 + [1.0] * 5)
        view = AsOfView(market_of(rows), TODAY)
        assert not view.sectors["thin"]["S"]
        assert view.at(DAYS[2].date()).sectors["thin"]["S"]

    def test_a_day_with_few_of_the_listed_prices_is_flagged(self) -> None:
        nan = float("nan")
        rows = closes(DAYS[:3], A=[1, 1, 1], B=[1, nan, 1], C=[1, nan, 1])
        flagged = AsOfView(market_of(rows), TODAY).sparse_days["S"]
        assert flagged.tolist() == [False, True, False]

    def test_the_vocabulary_says_what_can_be_asked(self, toy: MarketData) -> None:
        words = AsOfView(toy, TODAY).vocabulary
        assert words.has_flows
        assert words.has_shares
        assert words.has_trading
        assert words.series == ("CPI", "FEAR", "OIL", "PMI", "RATE")
        assert words.series_aliases["InterestRate"] == "RATE"
        assert words.sectors[0].code == "0500"
        assert words.sectors[0].name_vi == "Năng lượng"


class TestFingerprint:
    def test_it_changes_with_a_usable_row_and_not_with_a_later_one(self, toy: MarketData) -> None:
        as_of = date(2021, 6, 1)
        print_of = AsOfView(toy, as_of).fingerprint()
        assert AsOfView(toy, as_of).fingerprint() == print_of
        for day, same in ((as_of, False), (date(2021, 6, 15), True)):
            prices = toy.prices.copy()
            row = prices.index[prices["date"] >= pd.Timestamp(day)][0]
            prices.loc[row, "close"] *= 1.01
            changed = AsOfView(replace(toy, prices=prices, memo={}), as_of).fingerprint()
            assert (changed == print_of) is (same or prices.loc[row, "date"] > pd.Timestamp(as_of))

    def test_it_does_not_depend_on_the_order_of_rows(self, tmp_path: Path) -> None:
        path = write_market(tmp_path / "toy", n_days=60)
        before = AsOfView(open_market(f"folder:{path}"), TODAY).fingerprint()
        shuffled(path)
        assert AsOfView(open_market(f"folder:{path}"), TODAY).fingerprint() == before

    def test_two_dates_with_the_same_rows_have_the_same(self, toy: MarketData) -> None:
        view = AsOfView(toy, TODAY)
        assert view.fingerprint() == AsOfView(toy, TODAY - timedelta(days=100)).fingerprint()


def test_a_benchmark_that_cannot_be_believed_still_marks_the_trading_days() -> None:
    rows = closes(DAYS, A=[1.0] * 10, M=[10.0, 10.0, 1000.0, *[10.0] * 7])
    data = market_of(rows, kinds={"M": "benchmark"}, sectors={"A": "S"}, benchmark="M")
    view = AsOfView(data, TODAY)
    assert len(view.days) == 10
    assert np.isnan(view.daily_returns["MARKET"].iloc[2])
    assert view.index["MARKET"].iloc[2] == 1.0
