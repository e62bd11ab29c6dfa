"""The measuring tools on the shared market folders, where those are at hand."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tools.desk import Desk
from tools.flows import get_foreign_flow, get_whale_activity
from tools.macro import get_macro_indicators
from tools.market import get_market_overview, get_sector_heatmap
from tools.research import get_data_health
from tools.sources import open_market
from tools.stocks import get_stock_analysis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tools.contracts import ToolResult

MARKETS = [
    ("us", date(2005, 6, 30)),
    ("us", date(2019, 12, 31)),
    ("id", date(2022, 6, 30)),
    ("vn", date(2023, 6, 30)),
    ("vnx", date(2019, 6, 30)),
]
WITH_FLOWS = {"id"}


def every_answer(desk: Desk) -> Iterator[ToolResult]:
    """Ask every measuring tool, for one sector and one symbol each where it takes one."""
    code = desk.view.sector_codes[-1]
    yield get_market_overview(desk, timeframe="3M")
    yield get_sector_heatmap(desk, period="weekly")
    yield get_macro_indicators(desk, indicator_list=list(desk.vocabulary.series))
    yield get_foreign_flow(desk, timeframe="1M", sector=code)
    yield get_whale_activity(desk, timeframe="1W")
    yield get_stock_analysis(desk, symbol=desk.view.members(code)[0])
    yield get_data_health(desk)


@pytest.mark.parametrize(("name", "as_of"), MARKETS, ids=str)
def test_every_fact_is_finite_and_known(
    shared_market: Callable[[str], Path], name: str, as_of: date
) -> None:
    desk = Desk(open_market(f"folder:{shared_market(name)}"), as_of)
    for result in every_answer(desk):
        assert result.facts or result.gaps, result.tool
        assert len({fact.id for fact in result.facts}) == len(result.facts)
        for fact in result.facts:
            assert isinstance(fact.value, str) or math.isfinite(fact.value), fact
            assert fact.observed_on <= as_of
            assert fact.published_on <= as_of
            assert fact.source.startswith(f"{name}/")


@pytest.mark.parametrize(("name", "as_of"), MARKETS, ids=str)
def test_flow_is_told_where_it_exists_and_a_gap_elsewhere(
    shared_market: Callable[[str], Path], name: str, as_of: date
) -> None:
    desk = Desk(open_market(f"folder:{shared_market(name)}"), as_of)
    result = get_foreign_flow(desk, timeframe="1W")
    assert bool(result.facts) == (name in WITH_FLOWS)
    if name not in WITH_FLOWS:
        assert [gap.why for gap in result.gaps] == ["this market has no foreign flow data"]


def test_a_fund_listed_later_is_in_no_answer(shared_market: Callable[[str], Path]) -> None:
    desk = Desk(open_market(f"folder:{shared_market('us')}"), date(2005, 6, 30))
    told = {fact.entity for fact in get_sector_heatmap(desk, period="daily").facts}
    assert told == {"MARKET", "10", "15", "20", "25", "30", "35", "40", "45", "55"}
