"""The overview and the heatmap, against what the files say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools.contracts import Fact
from tools.errors import ToolInputError
from tools.market import get_market_overview, get_sector_heatmap

if TYPE_CHECKING:
    from tests.tools.conftest import OpenDesk
    from tools.contracts import ToolResult
    from tools.desk import Desk


def values(result: ToolResult) -> dict[str, float | str]:
    return {fact.id: fact.value for fact in result.facts}


def compounded(desk: Desk, entity: str, rows: int) -> float:
    index = desk.view.index[entity]
    return float(index.iloc[-1] / index.iloc[-1 - rows] - 1)


class TestOverview:
    def test_every_sector_has_its_return_and_relative_return(self, open_desk: OpenDesk) -> None:
        desk = open_desk()
        found = values(get_market_overview(desk, timeframe="1W"))
        market = compounded(desk, "MARKET", 5)
        assert found["MARKET.return.1W"] == pytest.approx(market, abs=1e-12)
        for code in desk.view.sector_codes:
            own = compounded(desk, code, 5)
            assert found[f"{code}.return.1W"] == pytest.approx(own, abs=1e-12)
            assert found[f"{code}.rel_return.1W"] == pytest.approx(own - market, abs=1e-12)

    def test_risk_and_breadth_are_there_at_every_window(self, open_desk: OpenDesk) -> None:
        found = values(get_market_overview(open_desk(), timeframe="1D"))
        assert {"MARKET.volatility.1M", "MARKET.drawdown.3M", "0500.breadth"} <= set(found)

    def test_foreign_flow_of_the_market_is_told_up_to_a_month(self, open_desk: OpenDesk) -> None:
        month = values(get_market_overview(open_desk(), timeframe="1M"))
        quarter = values(get_market_overview(open_desk(), timeframe="3M"))
        assert {"MARKET.foreign_net_value.1M", "MARKET.foreign_net_ratio.1M"} <= set(month)
        assert not [fact_id for fact_id in quarter if "foreign" in fact_id]

    def test_a_market_without_flows_has_no_flow_facts(self, open_desk: OpenDesk) -> None:
        result = get_market_overview(open_desk(with_flows=False), timeframe="1M")
        assert not [fact_id for fact_id in values(result) if "foreign" in fact_id]

    def test_the_benchmark_is_named(self, open_desk: OpenDesk) -> None:
        with_benchmark = get_market_overview(open_desk(proxied=True), timeframe="1D")
        without = get_market_overview(open_desk(), timeframe="1D")
        assert with_benchmark.benchmark_name == "Benchmark index"
        assert without.benchmark_name == "all shares of the market, weighted"

    def test_a_simulated_market_says_so(self, open_desk: OpenDesk) -> None:
        assert get_market_overview(open_desk(simulated=True), timeframe="1D").market.simulated

    def test_every_fact_is_dated_and_sourced(self, open_desk: OpenDesk) -> None:
        desk = open_desk(prices_days=1)
        for fact in get_market_overview(desk, timeframe="1M").facts:
            assert fact.observed_on <= fact.published_on <= desk.as_of
            assert fact.source in {"toy/prices.parquet", "toy/flows.parquet"}


class TestHeatmap:
    def test_all_windows_are_there_whatever_the_period(self, open_desk: OpenDesk) -> None:
        desk = open_desk()
        for period in ("daily", "weekly", "monthly"):
            found = values(get_sector_heatmap(desk, period=period))
            for code in desk.view.sector_codes:
                for window in ("1D", "1W", "1M", "3M"):
                    assert f"{code}.return.{window}" in found
                    assert f"{code}.rel_return.{window}" in found

    @pytest.mark.parametrize(
        ("period", "window"), [("daily", "1D"), ("weekly", "1W"), ("monthly", "1M")]
    )
    def test_sectors_are_ordered_by_the_period(
        self, open_desk: OpenDesk, period: str, window: str
    ) -> None:
        result = get_sector_heatmap(open_desk(), period=period)  # type: ignore[arg-type]
        found = values(result)
        ranked = [float(found[f"{code}.rel_return.{window}"]) for code in result.order]
        assert result.ranked_by == window
        assert ranked == sorted(ranked, reverse=True)
        assert sorted(result.order) == list(open_desk().view.sector_codes)

    def test_a_path_ends_at_the_relative_return_of_three_months(self, open_desk: OpenDesk) -> None:
        desk = open_desk()
        result = get_sector_heatmap(desk, period="monthly")
        found = values(result)
        assert list(result.path_days) == sorted(set(result.path_days))
        assert result.path_days[-1] == desk.view.last_day
        assert {*result.paths} == {*desk.view.sector_codes}
        for code, path in result.paths.items():
            assert len(path) == len(result.path_days) == 13
            assert path[0] == 0.0
            assert path[-1] == pytest.approx(found[f"{code}.rel_return.3M"])

    def test_a_past_shorter_than_three_months_has_no_path(self, open_desk: OpenDesk) -> None:
        result = get_sector_heatmap(open_desk(n_days=40), period="daily")
        assert (result.paths, result.path_days) == ({}, ())

    def test_flow_stands_at_the_window_of_the_period_only(self, open_desk: OpenDesk) -> None:
        found = values(get_sector_heatmap(open_desk(), period="weekly"))
        flows = {fact_id for fact_id in found if "foreign" in fact_id}
        assert flows == {f"{code}.foreign_net_ratio.1W" for code in open_desk().view.sector_codes}

    @pytest.mark.parametrize("own", [None, "", "BENCH", "bench", "Benchmark index", "market"])
    def test_the_markets_own_benchmark_adds_nothing(
        self, open_desk: OpenDesk, own: str | None
    ) -> None:
        result = get_sector_heatmap(open_desk(proxied=True), period="daily", benchmark=own)
        assert result.compared_with is None
        assert not [fact.id for fact in result.facts if "_vs_" in fact.id]

    def test_another_benchmark_adds_facts_and_changes_none(self, open_desk: OpenDesk) -> None:
        desk = open_desk(proxied=True)
        plain = values(get_sector_heatmap(desk, period="weekly"))
        result = get_sector_heatmap(desk, period="weekly", benchmark="p4000")
        found = values(result)
        assert result.compared_with == "P4000"
        assert {key: found[key] for key in plain} == plain
        expected = compounded(desk, "0500", 5) - compounded(desk, "P4000", 5)
        assert found["0500.rel_return_vs_P4000.1W"] == pytest.approx(expected, abs=1e-12)
        assert found["4000.rel_return_vs_P4000.1W"] == pytest.approx(0.0, abs=1e-12)

    def test_an_unknown_benchmark_is_answered_with_the_nearest(self, open_desk: OpenDesk) -> None:
        with pytest.raises(ToolInputError, match="BENCH"):
            get_sector_heatmap(open_desk(proxied=True), period="daily", benchmark="BENSH")

    def test_a_market_without_shares_has_a_gap_instead_of_breadth(
        self, open_desk: OpenDesk
    ) -> None:
        result = get_sector_heatmap(
            open_desk(proxied=True, with_shares=False, with_flows=False), period="daily"
        )
        assert "breadth" in {gap.what for gap in result.gaps}
        assert not [fact.id for fact in result.facts if fact.metric == "breadth"]

    def test_a_benchmark_without_prices_by_then_is_a_gap(self, open_desk: OpenDesk) -> None:
        desk = open_desk()
        late = str(desk.view.first_price.idxmax())
        before = desk.view.first_price[late].date().replace(day=1)
        result = get_sector_heatmap(open_desk(as_of=before), period="daily", benchmark=late)
        assert result.compared_with == late
        assert f"returns relative to {late}" in {gap.what for gap in result.gaps}


class TestMonthlyMarket:
    def test_shorter_windows_are_a_gap_and_longer_ones_are_told(
        self, industries_desk: Desk
    ) -> None:
        result = get_sector_heatmap(industries_desk, period="daily")
        windows = {fact.period for fact in result.facts if isinstance(fact, Fact)}
        assert windows == {"1M", "3M"}
        assert result.order == ()
        assert any("monthly" in gap.why for gap in result.gaps)

    def test_the_overview_names_the_missing_window(self, industries_desk: Desk) -> None:
        result = get_market_overview(industries_desk, timeframe="1W")
        assert any(gap.what == "the 1W window" for gap in result.gaps)
        assert "MARKET.volatility.3M" in values(result)
