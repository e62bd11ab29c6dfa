"""Bars written twice, and amounts in another unit: found at once, not used, decided from earlier rows alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.markets import market_of
from tools.facts import FactBook
from tools.measures.quality import judge_flows, judge_prices
from tools.view import AsOfView

if TYPE_CHECKING:
    from tools.sources.base import MarketData

N_DAYS, SYMBOLS = 60, tuple(f"S{number}" for number in range(8))
DAYS = pd.bdate_range("2021-01-04", periods=N_DAYS)
LATER = date(2021, 12, 1)
AT = 45
"""The day on which the tests spoil something."""


def bars() -> pd.DataFrame:
    """Return eight shares of 60 days that move, with traded values."""
    rng = np.random.default_rng(5)
    tables = []
    for symbol in SYMBOLS:
        close = 20 * np.cumprod(1 + rng.normal(0, 0.01, N_DAYS))
        volume = np.round(rng.lognormal(10, 0.6, N_DAYS))
        table = pd.DataFrame({"date": DAYS, "symbol": symbol, "close": close, "volume": volume})
        tables.append(table.assign(high=close * 1.01, low=close * 0.99, value=close * volume))
    return pd.concat(tables, ignore_index=True)


def flows(prices: pd.DataFrame) -> pd.DataFrame:
    """Return foreign buying of a third and selling of a quarter of what was traded."""
    table = prices[["date", "symbol"]].copy()
    return table.assign(
        foreign_buy_value=prices["value"] / 3, foreign_sell_value=prices["value"] / 4
    )


def market(prices: pd.DataFrame, flow: pd.DataFrame | None = None) -> MarketData:
    return market_of(prices, flows=flow)


def names(data: MarketData) -> list[str]:
    return [found.name for found in AsOfView(data, LATER).findings]


class TestRepeatedDays:
    def repeated(self, n_days: int = 1) -> MarketData:
        rows = bars().sort_values(["date", "symbol"], ignore_index=True)
        columns = ["close", "high", "low", "volume", "value"]
        for at in range(AT, AT + n_days):
            before = rows["date"] == DAYS[at - 1]
            rows.loc[rows["date"] == DAYS[at], columns] = rows.loc[before, columns].to_numpy()
        return market(rows)

    def test_a_market_that_moves_has_none(self) -> None:
        assert names(market(bars())) == []

    def test_a_day_written_twice_is_not_used(self) -> None:
        data = self.repeated(2)
        view = AsOfView(data, LATER)
        assert [row.observed_on for row in view.findings] == [
            str(DAYS[AT].date()), str(DAYS[AT + 1].date()),
        ]  # fmt: skip
        assert {row.name for row in view.findings} == {"repeated_day"}
        assert view.daily_returns[list(SYMBOLS)].iloc[AT].isna().all()

    def test_a_few_shares_that_repeat_are_no_repeated_day(self) -> None:
        rows = bars()
        first = rows["symbol"].isin(SYMBOLS[:5])
        for column in ("close", "high", "low", "volume"):
            day = rows["date"] == DAYS[AT]
            before = rows[rows["date"] == DAYS[AT - 1]].set_index("symbol")[column]
            rows.loc[first & day, column] = rows.loc[first & day, "symbol"].map(before)
        assert names(market(rows)) == []


class TestTradedValues:
    def shifted(self, factor: float, symbols: tuple[str, ...], column: str) -> MarketData:
        rows = bars()
        hit = rows["symbol"].isin(symbols) & (rows["date"] >= DAYS[AT])
        rows.loc[hit, column] *= factor
        return market(rows)

    @pytest.mark.parametrize("factor", [1e3, 1e-3, 1e6, 1e-6])
    def test_one_shares_value_in_another_unit_is_not_used(self, factor: float) -> None:
        data = self.shifted(factor, SYMBOLS[:1], "value")
        view = AsOfView(data, LATER)
        found = view.findings[0]
        assert (found.name, found.entity) == ("unit_change", SYMBOLS[0])
        assert found.observed_on == str(DAYS[AT].date())
        assert view.traded_value is not None
        assert view.traded_value[SYMBOLS[0]].iloc[AT:].isna().all()

    def test_its_prices_are_used_all_the_same(self) -> None:
        data = self.shifted(1e3, SYMBOLS[:1], "value")
        clean = AsOfView(market(bars()), LATER).daily_returns
        assert AsOfView(data, LATER).daily_returns.equals(clean)

    def test_a_ratio_over_such_days_is_a_gap_not_a_number(self) -> None:
        book = FactBook(AsOfView(self.shifted(1e3, SYMBOLS[:1], "value"), LATER))
        whole = FactBook(AsOfView(market(bars()), LATER))
        for wanted in ("S.whale_ratio.1M", f"{SYMBOLS[0]}.whale_ratio.1W"):
            assert not hasattr(book.get(wanted), "value")
            assert hasattr(whole.get(wanted), "value")

    @pytest.mark.parametrize("factor", [1e3, 1e-3])
    def test_a_whole_markets_value_and_volume_in_another_unit(self, factor: float) -> None:
        rows = bars()
        hit = rows["date"] >= DAYS[AT]
        rows.loc[hit, ["value", "volume"]] *= factor
        view = AsOfView(market(rows), LATER)
        assert {row.name for row in view.findings} == {"unit_change"}
        assert view.findings[0].entity == "MARKET"
        assert view.findings[0].observed_on == str(DAYS[AT].date())

    def test_a_busy_day_is_no_change_of_unit(self) -> None:
        rows = bars()
        rows.loc[rows["date"] == DAYS[AT], ["value", "volume"]] *= 20
        assert names(market(rows)) == []

    def test_prices_in_thousands_from_the_start_are_no_change(self) -> None:
        assert names(market(bars().assign(value=lambda rows: rows["value"] * 1000))) == []


class TestWeights:
    """Prices with their previous closes in another unit give the right return and a wrong weight."""

    def shifted(self, symbols: tuple[str, ...]) -> MarketData:
        rows = bars().sort_values(["symbol", "date"], ignore_index=True)
        before = rows.groupby("symbol")["close"].shift().fillna(rows["close"])
        rows = rows.assign(previous_close=before, listed_shares=1e6)
        hit = rows["symbol"].isin(symbols) & (rows["date"] >= DAYS[AT])
        rows.loc[hit, ["close", "high", "low", "previous_close"]] *= 1000
        return market(rows.drop(columns="value"))

    def test_one_share_does_not_swallow_its_sector(self) -> None:
        view, clean = AsOfView(self.shifted(SYMBOLS[:1]), LATER), AsOfView(self.shifted(()), LATER)
        found = view.findings[0]
        assert (found.name, found.entity) == ("unit_change", SYMBOLS[0])
        own = list(SYMBOLS)
        np.testing.assert_allclose(view.daily_returns[own], clean.daily_returns[own], rtol=1e-9)
        # on such days the sector is weighted equally, for want of a number
        mean = clean.daily_returns[own].iloc[AT:].mean(axis=1)
        np.testing.assert_allclose(view.daily_returns["S"].iloc[AT:], mean, rtol=1e-9)

    def test_where_all_change_nothing_is_wrong_with_the_weights(self) -> None:
        view, clean = AsOfView(self.shifted(SYMBOLS), LATER), AsOfView(self.shifted(()), LATER)
        assert not [row for row in view.findings if row.entity in SYMBOLS]
        np.testing.assert_allclose(view.daily_returns["S"], clean.daily_returns["S"], rtol=1e-9)


class TestFlows:
    @pytest.mark.parametrize("factor", [1e-3, 1e-6, 0.0])
    def test_a_day_of_flows_in_another_unit_is_unknown_not_zero(self, factor: float) -> None:
        prices = bars()
        flow = flows(prices)
        flow.loc[flow["date"] == DAYS[AT], ["foreign_buy_value", "foreign_sell_value"]] *= factor
        view = AsOfView(market(prices, flow), LATER)
        assert [(row.name, row.entity) for row in view.findings] == [("unit_change", "MARKET")]
        assert view.flow_net is not None
        assert view.flow_net.iloc[AT].isna().all()
        assert view.flow_net.iloc[AT + 1].notna().all()

    def test_a_window_over_that_day_is_a_gap(self) -> None:
        prices = bars()
        flow = flows(prices)
        flow.loc[flow["date"] == DAYS[-3], ["foreign_buy_value", "foreign_sell_value"]] *= 1e-3
        book = FactBook(AsOfView(market(prices, flow), LATER))
        assert not hasattr(book.get("S.foreign_net_value.1W"), "value")
        assert hasattr(book.get("S.foreign_net_value.1D"), "value")


class TestPointInTime:
    """What later rows say changes no earlier verdict."""

    @given(
        spoilt=st.dictionaries(
            st.integers(2, N_DAYS - 1),
            st.sampled_from([1e3, 1e-3, 1e6, 0.01, 30.0, "repeat", "zero"]),
            max_size=6,
        ),
        end=st.integers(12, N_DAYS),
    )
    @settings(max_examples=40, deadline=None)
    def test_rows_added_later_change_no_earlier_quarantine(
        self, spoilt: dict[int, float | str], end: int
    ) -> None:
        prices = bars().sort_values(["date", "symbol"], ignore_index=True)
        flow = flows(prices)
        money = ["foreign_buy_value", "foreign_sell_value"]
        for day, what in sorted(spoilt.items()):
            now, before = prices["date"] == DAYS[day], prices["date"] == DAYS[day - 1]
            if what == "repeat":
                columns = ["close", "high", "low", "volume", "value"]
                prices.loc[now, columns] = prices.loc[before, columns].to_numpy()
            else:
                factor = 0.0 if what == "zero" else float(what)
                prices.loc[now & (prices["symbol"] < "S3"), "value"] *= factor
                flow.loc[now, money] *= factor
                prices.loc[now & (prices["symbol"] > "S5"), "close"] *= max(factor, 0.5)
        whole = market(prices, flow)
        cut = DAYS[end - 1]
        part = market(prices[prices["date"] <= cut], flow[flow["date"] <= cut])
        self.same(whole, part, cut)

    def same(self, whole: MarketData, part: MarketData, cut: pd.Timestamp) -> None:
        assert whole.flows is not None
        assert part.flows is not None
        kinds = whole.universe["kind"]
        early = (whole.prices["date"] <= cut).to_numpy()
        all_rows, some = judge_prices(whole.prices, kinds), judge_prices(part.prices, kinds)
        assert all_rows.unused[early].tolist() == some.unused.tolist()
        assert all_rows.untraded[early].tolist() == some.untraded.tolist()
        assert all_rows.unweighed[early].tolist() == some.unweighed.tolist()
        assert all_rows.rebased[early].tolist() == some.rebased.tolist()
        known = (whole.flows["date"] <= cut).to_numpy()
        flow_whole = judge_flows(whole.flows, whole.prices)
        flow_part = judge_flows(part.flows, part.prices)
        assert flow_whole.unused[known].tolist() == flow_part.unused.tolist()
        day = cut.strftime("%Y-%m-%d")
        known_findings = [row for row in all_rows.findings if row.observed_on <= day]
        assert known_findings == list(some.findings)

    def test_a_view_names_no_finding_of_its_future(self) -> None:
        rows = bars()
        rows.loc[rows["date"] >= DAYS[AT], "value"] *= 1e3
        data = market(rows)
        assert AsOfView(data, DAYS[AT - 1].date()).findings == ()
        assert AsOfView(replace(data, memo={}), DAYS[AT].date()).findings != ()
