"""Foreign flow and unusual trading, against sums over the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools.errors import ToolInputError
from tools.flows import get_foreign_flow, get_whale_activity

if TYPE_CHECKING:
    from tests.tools.conftest import OpenDesk
    from tools.contracts import ToolResult
    from tools.desk import Desk


def values(result: ToolResult) -> dict[str, float | str]:
    return {fact.id: fact.value for fact in result.facts}


def net_by_share(desk: Desk, code: str, rows: int) -> dict[str, float]:
    """Add up the newest rows of net buying of each share of a sector."""
    net = desk.view.flow_net
    assert net is not None
    shares = [s for s in desk.view.members(code) if s in net]
    return {share: float(net[share].iloc[-rows:].fillna(0).sum()) for share in shares}


class TestForeignFlow:
    def test_a_sectors_flow_is_the_sum_over_its_shares(self, open_desk: OpenDesk) -> None:
        desk = open_desk()
        found = values(get_foreign_flow(desk, timeframe="1W"))
        for code in desk.view.sector_codes:
            total = sum(net_by_share(desk, code, 5).values())
            assert found[f"{code}.foreign_net_value.1W"] == pytest.approx(total, rel=1e-9)

    def test_every_sector_and_the_market_have_flow_beside_return(self, open_desk: OpenDesk) -> None:
        desk = open_desk()
        found = set(values(get_foreign_flow(desk, timeframe="1M")))
        for entity in ("MARKET", *desk.view.sector_codes):
            assert {
                f"{entity}.foreign_net_value.1M",
                f"{entity}.foreign_net_ratio.1M",
                f"{entity}.return.1M",
            } <= found
        assert "0500.rel_return.1M" in found

    def test_one_sector_names_what_was_bought_and_sold_most(self, open_desk: OpenDesk) -> None:
        desk = open_desk(n_shares=12)
        result = get_foreign_flow(desk, timeframe="1M", sector="Energy")
        net = net_by_share(desk, "0500", 21)
        ranked = sorted(net, key=lambda share: net[share])
        bought = [share for share in reversed(ranked) if net[share] > 0][:5]
        sold = [share for share in ranked if net[share] < 0][:5]
        assert [row.symbol for row in result.bought] == bought
        assert [row.symbol for row in result.sold] == sold
        assert {f"{share}.foreign_net_value.1M" for share in (*bought, *sold)} <= set(
            values(result)
        )

    def test_the_whole_market_names_the_shares_bought_and_sold_most(
        self, open_desk: OpenDesk
    ) -> None:
        desk = open_desk(n_shares=12)
        result = get_foreign_flow(desk, timeframe="1W")
        net: dict[str, float] = {}
        for code in desk.view.sector_codes:
            net |= net_by_share(desk, code, 5)
        ranked = sorted(net, key=lambda share: net[share])
        assert [row.symbol for row in result.bought] == [
            share for share in reversed(ranked) if net[share] > 0
        ][:5]
        assert [row.symbol for row in result.sold] == [s for s in ranked if net[s] < 0][:5]

    @pytest.mark.parametrize("name", ["0500", "Energy", "energy", "Năng lượng", "nang luong"])
    def test_a_sector_is_understood_by_any_of_its_names(
        self, open_desk: OpenDesk, name: str
    ) -> None:
        result = get_foreign_flow(open_desk(), timeframe="1D", sector=name)
        assert result.sector == "0500"
        sectors = {fact.entity for fact in result.facts} & set(open_desk().view.sector_codes)
        assert sectors == {"0500"}

    def test_an_unknown_sector_is_answered_with_the_nearest(self, open_desk: OpenDesk) -> None:
        with pytest.raises(ToolInputError, match="Nearest: Energy"):
            get_foreign_flow(open_desk(), timeframe="1D", sector="Enrgy")

    @pytest.mark.parametrize("nothing", [None, "", "  "])
    def test_no_sector_means_all_of_them(self, open_desk: OpenDesk, nothing: str | None) -> None:
        result = get_foreign_flow(open_desk(), timeframe="1D", sector=nothing)
        assert result.sector is None
        shares = {row.symbol for row in (*result.bought, *result.sold)}
        assert len({fact.entity for fact in result.facts} - shares) == 6

    @pytest.mark.parametrize("sector", [None, "Energy"])
    def test_a_market_without_flows_says_so_and_gives_no_number(
        self, open_desk: OpenDesk, sector: str | None
    ) -> None:
        result = get_foreign_flow(open_desk(with_flows=False), timeframe="1M", sector=sector)
        assert result.facts == ()
        assert result.bought == result.sold == ()
        assert [gap.why for gap in result.gaps] == ["this market has no foreign flow data"]

    def test_a_lagging_window_ends_earlier(self, open_desk: OpenDesk) -> None:
        desk = open_desk(flows_days=3)
        found = {fact.id: fact for fact in get_foreign_flow(desk, timeframe="1W").facts}
        flow, price = found["0500.foreign_net_value.1W"], found["0500.return.1W"]
        assert flow.observed_on < price.observed_on == desk.view.last_day


class TestWhaleActivity:
    def test_a_ratio_is_the_window_over_the_twenty_days_before(self, open_desk: OpenDesk) -> None:
        desk = open_desk()
        traded = desk.view.traded_value
        assert traded is not None
        total = traded[desk.view.members("0500")].sum(axis=1)
        expected = total.iloc[-5:].mean() / total.iloc[-25:-5].mean()
        found = values(get_whale_activity(desk, timeframe="1W"))
        assert found["0500.whale_ratio.1W"] == pytest.approx(expected, rel=1e-9)

    def test_unusual_shares_trade_more_than_twice_their_usual_value(
        self, open_desk: OpenDesk
    ) -> None:
        desk = open_desk(n_shares=12)
        result = get_whale_activity(desk, timeframe="1W")
        found = values(result)
        assert result.unusual
        highest = [
            max(float(found.get(f"{row.symbol}.whale_ratio.{w}", 0.0)) for w in ("1D", "1W"))
            for row in result.unusual
        ]
        assert min(highest) > 2
        assert highest == sorted(highest, reverse=True)
        assert len(result.unusual) <= 10

    def test_no_share_of_another_sector_is_named(self, open_desk: OpenDesk) -> None:
        result = get_whale_activity(open_desk(n_shares=12), timeframe="1D", sector="Financials")
        assert {row.sector for row in result.unusual} <= {"4000"}
        assert result.sector == "4000"

    def test_an_estimate_is_said(self, open_desk: OpenDesk) -> None:
        estimated = get_whale_activity(open_desk(with_previous_close=False), timeframe="1D")
        known = get_whale_activity(open_desk(), timeframe="1D")
        assert any("estimate" in note for note in estimated.notes)
        assert not any("estimate" in note for note in known.notes)

    def test_what_is_unusual_is_said_in_words(self, open_desk: OpenDesk) -> None:
        notes = " ".join(get_whale_activity(open_desk(n_shares=12), timeframe="1W").notes)
        assert "twice its usual value" in notes
        assert not any(char.isdigit() for char in notes.split(" had a price")[0])


class TestMarketWithoutTrading:
    def test_unusual_trading_is_a_gap_without_any_number(self, industries_desk: Desk) -> None:
        result = get_whale_activity(industries_desk, timeframe="1M")
        assert result.facts == ()
        assert [gap.why for gap in result.gaps] == ["this market has no volume or traded value"]

    def test_flow_is_a_gap(self, industries_desk: Desk) -> None:
        result = get_foreign_flow(industries_desk, timeframe="1M")
        assert result.facts == ()
        assert [gap.why for gap in result.gaps] == ["this market has no foreign flow data"]
