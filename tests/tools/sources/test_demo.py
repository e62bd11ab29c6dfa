"""The simulated market: the same bytes every time, a past that never changes, and what real markets have."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tests.conftest import SHARED
from tests.proofs.test_recompute import disagreements
from tools.errors import UnusableInputError
from tools.sources import open_market
from tools.sources.demo import DEFAULT_SEED, Demo, companies, export_folder
from tools.sources.demo.days import holidays, trading_days
from tools.view import AsOfView

if TYPE_CHECKING:
    from pathlib import Path

    from tools.sources.base import MarketData

END = date(2021, 9, 15)
DATED_BY = {"prices": "date", "flows": "date", "macro": "published_on", "signals": "published_on"}
FROZEN = "860aedf799712ba3687f631904f608cd6b02633665e2732b69f878b004cddb3f"
"""Hash of the market with the usual seed up to 2018-06-15: the generator may not change."""


@lru_cache(maxsize=3)
def made(seed: int = DEFAULT_SEED, end: date = END) -> MarketData:
    return Demo(seed, end=end).load()


def rows_of(data: MarketData, symbol: str) -> pd.DataFrame:
    return data.prices[data.prices["symbol"] == symbol].set_index("date")


def content(data: MarketData) -> str:
    """Return a hash of every cell of every table."""
    digest = hashlib.sha256()
    for table in (data.sectors, data.universe):
        digest.update(table.to_csv().encode())
    for name in DATED_BY:
        table = getattr(data, name)
        for column in table.columns:
            cells = table[column]
            digest.update(column.encode())
            if isinstance(cells.dtype, pd.CategoricalDtype):
                digest.update("\n".join(cells.astype(str)).encode())
            else:
                digest.update(cells.to_numpy().tobytes())
    return digest.hexdigest()


class TestReproducible:
    def test_the_generator_is_frozen(self) -> None:
        assert content(made(end=date(2018, 6, 15))) == FROZEN

    def test_another_seed_is_another_market(self) -> None:
        one, other = (content(made(seed, date(2016, 6, 15))) for seed in (1, 2))
        assert one != other

    @pytest.mark.parametrize(
        "earlier", [date(2016, 1, 5), date(2018, 2, 19), date(2019, 4, 30), date(2021, 6, 15)]
    )
    def test_an_earlier_end_gives_the_beginning_of_a_later_one(self, earlier: date) -> None:
        before, whole = made(end=earlier), made()
        for name, column in DATED_BY.items():
            short, long = getattr(before, name), getattr(whole, name)
            long = long[long[column] <= pd.Timestamp(earlier)].reset_index(drop=True)
            pd.testing.assert_frame_equal(short, long, check_categorical=False)

    def test_what_is_already_published_does_not_depend_on_the_end(self) -> None:
        early, late = (
            AsOfView(made(end=end), date(2018, 6, 15)) for end in (date(2018, 6, 15), END)
        )
        assert early.fingerprint() == late.fingerprint()


class TestCalendar:
    def test_no_one_trades_at_weekends_or_on_the_lunar_new_year(self) -> None:
        days = pd.DatetimeIndex(trading_days(date(2036, 12, 31)))
        assert days.day_of_week.max() == 4
        closed = {day for year in range(2015, 2037) for day in holidays(year)}
        assert not closed & set(days.date)
        assert date(2021, 2, 12) in closed

    def test_history_ends_on_the_newest_trading_day(self) -> None:
        assert made(end=date(2021, 9, 12)).prices["date"].max() == pd.Timestamp("2021-09-10")
        assert made(end=date(2021, 2, 14)).prices["date"].max() == pd.Timestamp("2021-02-09")

    def test_ten_years_of_history_stand_before_today(self) -> None:
        assert trading_days(date(2026, 1, 2))[0] <= np.datetime64("2016-01-02")


class TestListing:
    def test_twelve_sectors_of_ten_shares_have_names_in_both_languages(self) -> None:
        data = made()
        shares = data.universe[data.universe["kind"] == "stock"]
        assert len(data.sectors) == 12
        assert (data.sectors["name"] != "").all()
        assert (data.sectors["name_vi"] != "").all()
        assert len(shares) == 120
        assert set(shares["sector"].value_counts()) == {10}

    def test_no_symbol_has_the_three_letters_of_the_real_exchange(self) -> None:
        assert len(set(companies.SYMBOLS)) == 120
        assert {len(symbol) for symbol in companies.SYMBOLS} == {4}
        assert not set("AEIOUY") & set("".join(companies.SYMBOLS))

    def test_no_symbol_is_a_real_one(self) -> None:
        folder = SHARED / "markets" / "vn"
        if not folder.is_dir():
            pytest.skip(f"the market folder {folder} is not on this machine")
        real = pd.read_csv(folder / "universe.csv", dtype=str)["symbol"]
        assert not set(real) & set(companies.SYMBOLS)

    def test_a_sector_starts_late(self) -> None:
        data = made()
        members = data.universe.index[data.universe["sector"] == companies.LATE_SECTOR]
        first = data.prices[data.prices["symbol"].isin(members)].groupby("symbol", observed=True)
        assert set(first["date"].min()) == {pd.Timestamp(companies.LATE_DAY)}
        before = AsOfView(data, date(2017, 5, 31))
        assert companies.LATE_SECTOR not in before.sector_codes

    @pytest.mark.parametrize("event", companies.LISTINGS)
    def test_a_share_is_listed_later(self, event: companies.Event) -> None:
        assert rows_of(made(), companies.SYMBOLS[event.position]).index[0] == pd.Timestamp(
            event.day
        )

    @pytest.mark.parametrize("event", companies.DELISTINGS)
    def test_a_share_leaves(self, event: companies.Event) -> None:
        assert rows_of(made(), companies.SYMBOLS[event.position]).index[-1] <= pd.Timestamp(
            event.day
        )

    def test_a_split_moves_the_previous_close_and_the_number_of_shares(self) -> None:
        event = companies.SPLITS[0]
        rows = rows_of(made(), companies.SYMBOLS[event.position])
        at = int(rows.index.searchsorted(pd.Timestamp(event.day)))
        day, before = rows.iloc[at], rows.iloc[at - 1]
        assert day["previous_close"] == pytest.approx(before["close"] / event.ratio, rel=0.005)
        assert day["listed_shares"] == before["listed_shares"] * event.ratio
        assert abs(day["close"] / day["previous_close"] - 1) <= 0.075

    def test_shares_miss_days_on_which_the_market_traded(self) -> None:
        data = made()
        days = rows_of(data, companies.BENCHMARK).index
        rows = rows_of(data, companies.SYMBOLS[0])
        assert 0 < len(days) - len(rows) < 60


class TestTrading:
    def test_nothing_in_it_is_refused_as_irregular(self) -> None:
        assert AsOfView(made(), END).findings == ()

    def test_bars_hold_together(self) -> None:
        prices = made().prices
        body = prices[["open", "close"]]
        assert (prices["high"] >= body.max(axis=1)).all()
        assert (prices["low"] <= body.min(axis=1)).all()
        shares = prices[prices["symbol"] != companies.BENCHMARK]
        moves = shares["close"] / shares.groupby("symbol", observed=True)["close"].shift() - 1
        # A share that was halted makes up for several days at once.
        assert moves.abs().quantile(0.999) < 0.075

    def test_foreigners_never_trade_more_than_there_was(self) -> None:
        flows = made().flows
        assert flows is not None
        both = flows.merge(made().prices[["date", "symbol", "value"]], on=["date", "symbol"])
        assert len(both) == len(flows)
        assert (
            both[["foreign_buy_value", "foreign_sell_value"]].max(axis=1) <= both["value"]
        ).all()

    def test_consumer_prices_are_revised_a_month_later(self) -> None:
        macro = made().macro
        vintages = macro[macro["series"] == "CPI"].groupby("observed_on")
        assert set(vintages.size()[:-1]) == {2}
        apart = vintages["published_on"].agg(["min", "max"]).iloc[:-1]
        assert (apart["max"] > apart["min"]).all()
        assert (vintages["value"].first() != vintages["value"].last()).mean() > 0.5

    def test_signals_are_told_when_they_are_published(self) -> None:
        signals = made().signals
        assert signals is not None
        assert set(signals["name"]) == {
            "block_trades",
            "earnings_revisions",
            "sentiment",
            "short_interest",
        }
        assert (signals["published_on"] >= signals["observed_on"]).all()
        tone = signals.loc[signals["name"] == "sentiment", "value"]
        assert tone.between(-1, 1).all()


def test_a_folder_of_it_is_the_same_market_and_its_facts_are_confirmed(tmp_path: Path) -> None:
    end = date(2017, 9, 29)
    folder = export_folder(tmp_path / "demo", DEFAULT_SEED, end)
    copy = open_market(f"folder:{folder}")
    assert copy.market.simulated
    assert AsOfView(copy, end).fingerprint() == AsOfView(made(end=end), end).fingerprint()
    problems, n = disagreements(f"folder:{folder}", folder, end, ("1D", "1M", "3M"))
    assert problems == []
    assert n > 300


def test_it_is_opened_by_name_and_seed() -> None:
    usual, other = open_market("demo"), open_market("demo:3")
    assert usual.market.simulated
    assert "SIMULATED" in usual.market.history_note
    assert usual.market.storage_key != other.market.storage_key
    with pytest.raises(UnusableInputError, match="demo:7"):
        open_market("demo:many")


@pytest.mark.parametrize(("seed", "end"), [(-1, END), (7, date(2015, 6, 1))])
def test_a_seed_or_an_end_that_cannot_be_is_refused(seed: int, end: date) -> None:
    with pytest.raises(UnusableInputError):
        Demo(seed, end=end)
