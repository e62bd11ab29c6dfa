"""One symbol looked at closely, and the search by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools.errors import ToolInputError
from tools.stocks import get_stock_analysis, search_instruments

if TYPE_CHECKING:
    from tests.tools.conftest import OpenDesk
    from tools.contracts import ToolResult
    from tools.desk import Desk


def values(result: ToolResult) -> dict[str, float | str]:
    return {fact.id: fact.value for fact in result.facts}


class TestStockAnalysis:
    def test_a_share_is_told_with_trend_risk_flow_and_its_sector(self, open_desk: OpenDesk) -> None:
        result = get_stock_analysis(open_desk(), symbol="FI1")
        windows = ("1D", "1W", "1M", "3M", "6M", "12M")
        expected = {f"FI1.{m}.{w}" for m in ("return", "rel_return") for w in windows}
        expected |= {"FI1.volatility.1M", "FI1.volatility.3M"}
        expected |= {"FI1.drawdown.3M", "FI1.drawdown.12M"}
        expected |= {"FI1.whale_ratio.1D", "FI1.whale_ratio.1W"}
        expected |= {
            f"FI1.{m}.{w}" for m in ("foreign_net_value", "foreign_net_ratio") for w in ("1W", "1M")
        }
        expected |= {"FI1.rs_ratio", "FI1.rs_momentum", "FI1.quadrant"}
        expected |= {"4000.rel_return.1M", "4000.quadrant"}
        assert set(values(result)) == expected
        assert result.gaps == ()
        assert result.symbol.sector == "4000"

    def test_its_numbers_come_from_its_own_prices(self, open_desk: OpenDesk) -> None:
        desk = open_desk()
        index = desk.view.index["FI1"]
        found = values(get_stock_analysis(desk, symbol="FI1"))
        assert found["FI1.return.1M"] == pytest.approx(index.iloc[-1] / index.iloc[-22] - 1)
        assert found["FI1.drawdown.3M"] == pytest.approx(
            index.iloc[-1] / index.iloc[-64:].max() - 1
        )

    @pytest.mark.parametrize("text", ["FI1", "fi1", "Financials share 1"])
    def test_a_symbol_is_understood_by_its_name(self, open_desk: OpenDesk, text: str) -> None:
        result = get_stock_analysis(open_desk(), symbol=text)
        assert result.symbol.symbol == "FI1"

    def test_a_sector_fund_may_be_asked_about(self, open_desk: OpenDesk) -> None:
        result = get_stock_analysis(open_desk(proxied=True), symbol="P4000")
        assert "P4000.rel_return.1M" in values(result)
        assert not [fact_id for fact_id in values(result) if "foreign" in fact_id]

    def test_the_benchmark_is_not_compared_with_itself(self, open_desk: OpenDesk) -> None:
        found = values(get_stock_analysis(open_desk(proxied=True), symbol="BENCH"))
        assert "BENCH.return.1M" in found
        assert not [fact_id for fact_id in found if "rel_return" in fact_id or "rs_" in fact_id]

    def test_a_young_share_has_gaps_instead_of_long_windows(self, open_desk: OpenDesk) -> None:
        desk = open_desk()
        first = desk.view.first_price
        late = str(first.idxmax())
        young = open_desk(as_of=(first[late] + (desk.view.days[-1] - first[late]) / 4).date())
        result = get_stock_analysis(young, symbol=late)
        assert f"{late}.return.12M" not in values(result)
        assert any("12M" in gap.what for gap in result.gaps)

    def test_an_unknown_symbol_is_answered_with_the_nearest(self, open_desk: OpenDesk) -> None:
        with pytest.raises(ToolInputError, match=r"no symbol 'FI9'.*Nearest: FI[1-4], FI"):
            get_stock_analysis(open_desk(), symbol="FI9")

    def test_a_market_without_flows_names_the_gap(self, open_desk: OpenDesk) -> None:
        result = get_stock_analysis(open_desk(with_flows=False), symbol="FI1")
        assert [gap.why for gap in result.gaps] == ["this market has no foreign flow data"]


class TestMonthlyMarket:
    def test_a_sector_index_is_told_over_the_windows_there_are(self, industries_desk: Desk) -> None:
        symbol = industries_desk.vocabulary.sectors[0].proxy
        result = get_stock_analysis(industries_desk, symbol=symbol)
        periods = {fact.period for fact in result.facts if fact.metric == "return"}
        assert periods == {"1M", "3M", "6M", "12M"}
        assert result.gaps == ()

    def test_a_share_is_unknown_there(self, industries_desk: Desk) -> None:
        with pytest.raises(ToolInputError, match="Nearest"):
            get_stock_analysis(industries_desk, symbol="XOM")


class TestSearch:
    def test_a_part_of_a_name_finds_sector_and_shares(self, open_desk: OpenDesk) -> None:
        result = search_instruments(open_desk(), query="financ")
        assert result.matches[0].code == "4000"
        assert result.matches[0].kind == "sector"
        assert {"FI1", "FI2"} <= {match.code for match in result.matches}

    def test_diacritics_do_not_matter(self, open_desk: OpenDesk) -> None:
        assert search_instruments(open_desk(), query="tai chinh").matches[0].code == "4000"

    def test_an_alias_finds_its_series(self, open_desk: OpenDesk) -> None:
        match = search_instruments(open_desk(), query="inflation index").matches[0]
        assert (match.kind, match.code) == ("series", "CPI")

    def test_a_share_is_shown_with_its_sector(self, open_desk: OpenDesk) -> None:
        match = search_instruments(open_desk(), query="EN2").matches[0]
        assert (match.code, match.name, match.sector) == ("EN2", "Energy share 2", "0500")

    def test_every_match_is_accepted_by_the_other_tools(self, open_desk: OpenDesk) -> None:
        desk = open_desk()
        for match in search_instruments(desk, query="energy").matches:
            known = {"sector": desk.facts.sector, "symbol": desk.facts.symbol}
            assert known[match.kind](match.code) == match.code

    def test_nothing_found_is_a_gap(self, open_desk: OpenDesk) -> None:
        result = search_instruments(open_desk(), query="zzqqxx")
        assert result.matches == ()
        assert [gap.what for gap in result.gaps] == ["zzqqxx"]

    def test_no_words_are_refused(self, open_desk: OpenDesk) -> None:
        with pytest.raises(ToolInputError, match="few letters"):
            search_instruments(open_desk(), query="  ")
