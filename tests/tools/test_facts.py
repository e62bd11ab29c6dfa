"""Facts by id, gaps in their place, and names as people say them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from tests.markets import closes, market_of, write_market
from tools.contracts import Fact, Gap
from tools.facts import FactBook
from tools.measures import returns
from tools.sources import open_market
from tools.view import AsOfView

AS_OF = date(2022, 8, 1)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> FactBook:
    path = write_market(tmp_path_factory.mktemp("m") / "toy")
    return FactBook(AsOfView(open_market(f"folder:{path}"), AS_OF))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> FactBook:
    path = write_market(
        tmp_path_factory.mktemp("m") / "bare", with_shares=False, with_flows=False, proxied=True
    )
    return FactBook(AsOfView(open_market(f"folder:{path}"), AS_OF))


class TestFacts:
    def test_a_fact_is_the_last_row_of_its_panel_with_dates_and_source(
        self, book: FactBook
    ) -> None:
        fact = book.get("0500.rel_return.1M")
        assert isinstance(fact, Fact)
        assert fact.value == returns.rel_return(book.view, "1M")["0500"].iloc[-1]
        assert (fact.entity, fact.metric, fact.period) == ("0500", "rel_return", "1M")
        assert (fact.observed_on, fact.published_on) == (book.view.last_day, book.view.last_day)
        assert fact.source == "toy/prices.parquet"

    @pytest.mark.parametrize(
        ("fact_id", "unit"),
        [
            ("MARKET.return.3M", "fraction"),
            ("EN1.volatility.1M", "fraction"),
            ("1500.breadth", "fraction"),
            ("1500.rs_ratio", "index"),
            ("1500.whale_ratio.1W", "ratio"),
            ("MARKET.foreign_net_value.1W", "VND"),
            ("EN1.foreign_net_ratio.1W", "fraction"),
            ("MACRO.RATE.latest", "percent"),
            ("MACRO.RATE.change.1M", "percent"),
            ("MACRO.CPI.change.3M", "fraction"),
            ("MACRO.CPI.yoy", "fraction"),
            ("MACRO.OIL.surprise", "sd"),
        ],
    )
    def test_units(self, book: FactBook, fact_id: str, unit: str) -> None:
        fact = book.get(fact_id)
        assert isinstance(fact, Fact)
        assert fact.unit == unit
        assert fact.id == fact_id

    def test_a_quadrant_is_a_word(self, book: FactBook) -> None:
        fact = book.get("0500.quadrant")
        assert isinstance(fact, Fact)
        assert fact.unit == "label"
        assert fact.value in {"leading", "weakening", "lagging", "improving"}

    def test_a_macro_alias_answers_with_the_series_own_id(self, book: FactBook) -> None:
        fact = book.get("MACRO.InterestRate.latest")
        assert isinstance(fact, Fact)
        assert fact.id == "MACRO.RATE.latest"
        assert fact.source == "toy/macro.parquet"

    def test_nothing_is_dated_after_the_as_of(self, book: FactBook) -> None:
        wanted = [f"{code}.return.1M" for code in book.view.sector_codes]
        wanted += [f"MACRO.{name}.latest" for name in book.view.vocabulary.series]
        facts, _ = book.collect(wanted)
        assert len(facts) == len(wanted)
        assert all(fact.observed_on <= fact.published_on <= AS_OF for fact in facts)

    def test_a_signal_is_a_fact(self) -> None:
        days = pd.bdate_range("2021-01-04", periods=5)
        data = market_of(closes(days, A=[1.0] * 5))
        columns = ["name", "entity", "observed_on", "published_on", "value", "unit"]
        signals = pd.DataFrame([["mood", "S", days[0], days[1], 0.3, "score"]], columns=columns)
        view = AsOfView(replace(data, signals=signals, memo={}), AS_OF)
        fact = FactBook(view).get("S.mood")
        assert isinstance(fact, Fact)
        assert (fact.value, fact.unit, fact.observed_on) == (0.3, "score", days[0].date())
        assert isinstance(FactBook(view).get("A.mood"), Gap)


class TestGaps:
    @pytest.mark.parametrize(
        ("fact_id", "why"),
        [
            ("0500.foreign_net_ratio.1W", "this market has no foreign flow data"),
            ("0500.breadth", "this market has no share prices below its sectors"),
            ("NOPE.return.1M", "nearest"),
            ("MACRO.GDP.latest", "nearest"),
            ("MARKET.rs_ratio", "no such measure"),
            ("0500.charm", "no such measure"),
            ("0500.return", "needs a window"),
            ("0500.breadth.1M", "no window"),
            ("0500.return.5Y", "no such window"),
            ("0500.volatility.1D", "more than one return"),
            ("MACRO.RATE.change.5Y", "no such window"),
            ("MACRO.RATE.change", "a change needs a window"),
            ("MACRO.RATE.charm", "no such measure"),
            ("MACRO.RATE.yoy", "index series only"),
        ],
    )
    def test_what_is_missing_says_why(self, bare: FactBook, fact_id: str, why: str) -> None:
        gap = bare.get(fact_id)
        assert isinstance(gap, Gap)
        assert why in gap.why
        assert gap.effect

    def test_a_young_entity_has_no_long_window(self, book: FactBook) -> None:
        early = FactBook(book.view.at(date(2021, 1, 11)))
        assert isinstance(early.get("0500.return.1D"), Fact)
        gap = early.get("0500.return.3M")
        assert isinstance(gap, Gap)
        assert "begin after the window" in gap.why

    def test_a_symbol_before_its_listing(self, book: FactBook) -> None:
        first = book.view.first_price
        young = next(name for name in first.index if first[name] > pd.Timestamp("2021-05-01"))
        gap = FactBook(book.view.at(date(2021, 2, 1))).get(f"{young}.return.1D")
        assert isinstance(gap, Gap)
        assert "no price was known" in gap.why

    def test_one_reason_is_one_gap(self, bare: FactBook) -> None:
        wanted = [f"{code}.foreign_net_ratio.1W" for code in bare.view.sector_codes]
        facts, gaps = bare.collect([*wanted, "0500.return.1M", "0500.breadth"])
        assert [fact.id for fact in facts] == ["0500.return.1M"]
        assert [gap.what for gap in gaps] == ["foreign flow", "breadth"]

    def test_a_gap_names_its_entities_by_name(self, book: FactBook) -> None:
        early = FactBook(book.view.at(date(2021, 1, 11)))
        _, gaps = early.collect(["0500.return.1M", "1500.return.1M", "1500.return.3M"])
        assert [gap.what for gap in gaps] == ["return 1M, 3M of Energy, Materials"]

    def test_a_text_that_is_no_fact_id(self, book: FactBook) -> None:
        with pytest.raises(ValueError, match="a fact id is"):
            book.get("return")

    def test_a_monthly_market_has_no_week(self) -> None:
        days = pd.date_range("2020-01-31", periods=5, freq="ME")
        view = AsOfView(market_of(closes(days, A=[1.0] * 5), monthly=True), AS_OF)
        gap = FactBook(view).get("S.return.1W")
        assert isinstance(gap, Gap)
        assert gap.why == "the market is monthly"


class TestNames:
    @pytest.mark.parametrize(
        "text", ["0500", "Energy", "energy", "Năng lượng", "nang luong", "P0500", "p0500"]
    )
    def test_a_sector_by_any_of_its_names(self, bare: FactBook, text: str) -> None:
        assert bare.sector(text) == "0500"

    def test_an_unknown_sector_is_none(self, bare: FactBook) -> None:
        assert bare.sector("Energetic") is None

    def test_symbols_and_series(self, book: FactBook) -> None:
        assert book.symbol("en1") == "EN1"
        assert book.symbol("Energy share 1") == "EN1"
        assert book.symbol("EN99") is None
        assert book.series("interestrate") == "RATE"
        assert book.series("MACRO.CPI") == "CPI"
        assert book.series("GDP") is None

    def test_the_nearest_names_are_known_ones(self, book: FactBook) -> None:
        assert "Energy" in book.nearest("Enrgy")

    def test_notes_say_what_a_number_rests_on(self, bare: FactBook) -> None:
        rows = closes(pd.bdate_range("2021-01-04", periods=30), A=[1.0] * 30, B=[1.0] * 30)
        book = FactBook(AsOfView(market_of(rows.assign(volume=5.0)), AS_OF))
        facts, _ = book.collect(["S.whale_ratio.1D"])
        assert book.notes(facts) == ("Traded values are estimates: closing price times volume.",)

    def test_a_day_of_few_prices_is_noted(self) -> None:
        days, nan = pd.bdate_range("2021-01-04", periods=3), float("nan")
        view = AsOfView(market_of(closes(days, A=[1, 1, 2], B=[1, 1, nan], C=[1, 1, nan])), AS_OF)
        facts, _ = FactBook(view).collect(["S.return.1D"])
        (note,) = FactBook(view).notes(facts)
        assert note.startswith("Fewer than half of the shares of Sector S")
