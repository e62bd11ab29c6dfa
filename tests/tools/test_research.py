"""The audit of the feeds: what is late, what is missing, what is irregular."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from tools.research import get_data_health

if TYPE_CHECKING:
    from tests.tools.conftest import OpenDesk
    from tools.contracts import ToolResult
    from tools.desk import Desk


def values(result: ToolResult) -> dict[str, float | str]:
    return {fact.id: fact.value for fact in result.facts}


class TestFeeds:
    def test_all_feeds_of_a_current_market_are_fresh(self, open_desk: OpenDesk) -> None:
        desk = open_desk()
        result = get_data_health(desk)
        assert {feed.feed: feed.status for feed in result.feeds} == {
            "prices": "fresh", "flows": "fresh", "macro": "fresh",
        }  # fmt: skip
        assert {row.status for row in result.series} == {"fresh"}
        assert result.gaps == ()
        assert result.feeds[0].last_day == desk.view.last_day

    def test_every_feed_names_its_file(self, open_desk: OpenDesk) -> None:
        assert [feed.source for feed in get_data_health(open_desk()).feeds] == [
            "toy/prices.parquet", "toy/flows.parquet", "toy/macro.parquet",
        ]  # fmt: skip

    def test_a_feed_of_several_files_names_each(self, industries_desk: Desk) -> None:
        result = get_data_health(industries_desk)
        macro = next(feed for feed in result.feeds if feed.feed == "macro")
        cited = {fact.source for fact in result.facts if fact.entity.startswith("MACRO.")}
        assert all(source.removeprefix("industries/") in macro.source for source in cited)
        assert len(cited) > 1

    def test_old_data_are_stale_and_named(self, open_desk: OpenDesk) -> None:
        last = open_desk().view.last_day
        result = get_data_health(open_desk(as_of=last + timedelta(days=200)))
        assert {feed.status for feed in result.feeds} == {"stale"}
        assert {row.status for row in result.series} == {"stale"}
        assert len(result.gaps) == 3
        assert any(last.isoformat() in gap.why for gap in result.gaps)

    def test_a_market_without_flows_says_so(self, open_desk: OpenDesk) -> None:
        result = get_data_health(open_desk(with_flows=False))
        assert {feed.feed: feed.status for feed in result.feeds}["flows"] == "missing"
        assert [gap.why for gap in result.gaps] == ["this market has no foreign flow data"]

    def test_a_lag_that_is_declared_is_not_staleness(self, open_desk: OpenDesk) -> None:
        result = get_data_health(open_desk(flows_days=4))
        assert {feed.feed: feed.status for feed in result.feeds}["flows"] == "fresh"


class TestCounts:
    def test_irregular_rows_are_counted_and_described(self, open_desk: OpenDesk) -> None:
        desk = open_desk()
        result = get_data_health(desk)
        assert values(result)["MARKET.findings"] == len(desk.view.findings) > 0
        assert {row.name for row in result.findings} <= {row.name for row in desk.view.findings}
        days = [row.observed_on for row in result.findings]
        assert days == sorted(days, reverse=True)

    def test_missing_prices_are_a_fraction_of_the_listed_days(self, open_desk: OpenDesk) -> None:
        desk = open_desk()
        recent = desk.view.daily_returns[desk.view.members("0500")].iloc[-63:]
        listed = desk.view.first_price[recent.columns]
        assert (listed < recent.index[0]).all()
        expected = float(recent.isna().to_numpy().mean())
        found = values(get_data_health(desk))["0500.missing_prices.3M"]
        assert found == pytest.approx(expected)
        assert 0 < float(found) < 0.2

    def test_silence_is_counted_from_the_last_release(self, open_desk: OpenDesk) -> None:
        desk = open_desk()
        rows = desk.view.macro[desk.view.macro["series"] == "CPI"]
        expected = (pd.Timestamp(desk.as_of) - rows["published_on"].max()).days
        assert values(get_data_health(desk))["MACRO.CPI.days_silent"] == expected

    def test_days_behind_count_weekdays(self, open_desk: OpenDesk) -> None:
        last = open_desk().view.last_day
        desk = open_desk(as_of=last + timedelta(days=7))
        assert values(get_data_health(desk))["MARKET.weekdays_behind"] == 5


class TestMarkets:
    def test_thin_sectors_are_named(self, open_desk: OpenDesk) -> None:
        assert get_data_health(open_desk(n_shares=2)).thin_sectors == (
            "0500", "1500", "3000", "4000", "4500",
        )  # fmt: skip
        assert get_data_health(open_desk()).thin_sectors == ()

    def test_a_monthly_market_can_be_audited(self, industries_desk: Desk) -> None:
        result = get_data_health(industries_desk)
        feeds = {feed.feed: feed for feed in result.feeds}
        assert feeds["prices"].status == "fresh"
        assert feeds["flows"].status == "missing"
        assert feeds["prices"].last_day is not None
        assert feeds["prices"].last_day > date(2015, 5, 1)
        assert result.notes
