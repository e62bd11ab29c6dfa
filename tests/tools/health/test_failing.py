"""Spoilt markets: the feed that fails is named, what cannot be right is not used, and confidence falls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from tests.conftest import SHARED
from tests.markets import write_market
from tools.desk import Desk
from tools.health.failing import failing_gaps, failures, weak_groups
from tools.outlook import get_sector_forecast
from tools.research import get_data_health
from tools.sources import open_market
from tools.sources.base import FeedReport
from tools.view import AsOfView, check_as_of

if TYPE_CHECKING:
    from pathlib import Path

    from tools.contracts import Confidence

Spoil = Callable[[pd.DataFrame, pd.Series], pd.DataFrame]
LATER = date(2026, 1, 1)
LAST_ROWS = 4
"""Newest days that the tests spoil."""


def newest(rows: pd.DataFrame, n: int = LAST_ROWS) -> pd.Series:
    """Mark the rows of the newest days."""
    return rows["date"].isin(sorted(rows["date"].unique())[-n:])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_market(tmp_path / "toy", n_days=700)


def spoil(folder: Path, table: str, change: Spoil) -> Desk:
    """Rewrite one table of a folder and open it."""
    path = folder / f"{table}.parquet"
    rows = pd.read_parquet(path)
    marked = newest(rows) if "date" in rows else pd.Series(data=False, index=rows.index)
    change(rows, marked).to_parquet(path, index=False)
    return opened(folder)


def opened(folder: Path, as_of: date | None = None) -> Desk:
    data = open_market(f"folder:{folder}")
    return Desk(data, check_as_of(data, as_of, LATER))


def times(factor: float, *columns: str) -> Spoil:
    def change(rows: pd.DataFrame, marked: pd.Series) -> pd.DataFrame:
        scaled = rows[list(columns)].mul(factor).where(marked, rows[list(columns)], axis=0)
        return rows.assign(**{name: scaled[name] for name in columns})

    return change


def confidences(desk: Desk) -> set[Confidence]:
    return {row.confidence for row in desk.scorer.scorecard("1M").sectors}


class TestFeeds:
    def test_a_market_that_is_well_has_no_failure(self, folder: Path) -> None:
        desk = opened(folder)
        assert failures(desk.view) == ()
        assert not any(feed.failing for feed in get_data_health(desk).feeds)

    def test_prices_in_another_unit_are_not_used_and_are_named(self, folder: Path) -> None:
        columns = ("close", "high", "low", "open", "previous_close")
        clean = opened(folder).view.index
        desk = spoil(
            folder,
            "prices",
            lambda rows, marked: times(1000.0, *columns[:4])(rows, marked).drop(
                columns="previous_close"
            ),
        )
        found = failures(desk.view)
        assert [row.feed for row in found] == ["prices"]
        assert found[0].gap in get_sector_forecast(desk, horizon="1M").gaps
        assert confidences(desk) == {"low"}
        assert desk.view.index["0500"].max() < 10 * clean["0500"].max()

    def test_flows_in_another_unit_are_named_and_keep_confidence_down(self, folder: Path) -> None:
        money = ("foreign_buy_value", "foreign_sell_value")
        desk = spoil(folder, "flows", times(1e-3, *money))
        assert [row.feed for row in failures(desk.view)] == ["flows"]
        health = next(feed for feed in get_data_health(desk).feeds if feed.feed == "flows")
        assert (health.failing, health.status) == (True, "fresh")
        assert health.unit_changes == LAST_ROWS
        assert health.quarantined > 0
        assert all(groups == {"flow"} for groups in weak_groups(desk.view).values())
        assert "high" not in confidences(desk)

    def test_traded_values_in_another_unit_are_named(self, folder: Path) -> None:
        desk = spoil(folder, "prices", times(1e3, "value"))
        assert [row.feed for row in failures(desk.view)] == ["trading"]

    def test_a_sector_whose_prices_stop_is_low_and_the_others_are_not_touched(
        self, folder: Path
    ) -> None:
        def without(rows: pd.DataFrame, _marked: pd.Series) -> pd.DataFrame:
            kept: pd.DataFrame = rows[~(newest(rows, 8) & rows["symbol"].str.startswith("EN"))]
            return kept

        desk = spoil(folder, "prices", without)
        found = failures(desk.view)
        assert [(row.feed, row.sectors) for row in found] == [("prices", ("0500",))]
        assert "Energy" in found[0].gap.what
        weak = weak_groups(desk.view)
        assert "trend" in weak["0500"]
        assert not weak["1500"]
        rows = {row.sector: row.confidence for row in desk.scorer.scorecard("1M").sectors}
        assert rows["0500"] == "low"

    def test_stale_prices_make_every_confidence_low(self, folder: Path) -> None:
        last = opened(folder).view.last_day
        desk = opened(folder, last + timedelta(days=60))
        assert failures(desk.view)[0].feed == "prices"
        assert confidences(desk) == {"low"}

    def test_a_macro_series_in_another_unit_is_named(self, folder: Path) -> None:
        def change(rows: pd.DataFrame, _marked: pd.Series) -> pd.DataFrame:
            mine = rows["series"] == "RATE"
            last = mine & (rows["observed_on"] >= rows.loc[mine, "observed_on"].max())
            rows.loc[last, "value"] /= 100
            return rows

        desk = spoil(folder, "macro", change)
        assert [gap.what for gap in failing_gaps(desk.view)] == ["the newest releases of RATE"]
        assert failures(desk.view)[0].groups == {"macro"}
        series = get_data_health(desk).feeds[2]
        assert (series.feed, series.unit_changes, series.failing) == ("macro", 1, True)

    def test_a_monthly_series_is_not_late_after_six_weeks_but_after_three_months(
        self, folder: Path
    ) -> None:
        def without(days: int) -> Spoil:
            def change(rows: pd.DataFrame, _marked: pd.Series) -> pd.DataFrame:
                end = rows["published_on"].max() - pd.Timedelta(days=days)
                kept: pd.DataFrame = rows[(rows["series"] != "CPI") | (rows["published_on"] <= end)]
                return kept

            return change

        assert failures(spoil(folder, "macro", without(20)).view) == ()
        found = failures(spoil(folder, "macro", without(95)).view)
        assert [row.feed for row in found] == ["macro"]
        assert "CPI" in found[0].gap.why


class TestProviders:
    def report(self, status: str, day: date) -> FeedReport:
        return FeedReport(
            feed_key="acme/prices/A",
            provider="Acme",
            table="prices",
            status=status,  # type: ignore[arg-type]
            message="Acme answered with an error (503).",
            finished_at=datetime(day.year, day.month, day.day, tzinfo=UTC),
        )

    def view(self, folder: Path, status: str, later: int) -> AsOfView:
        from dataclasses import replace

        data = open_market(f"folder:{folder}")
        last = AsOfView(data, LATER).last_day
        day = last + timedelta(days=later)
        return AsOfView(replace(data, feed_reports=(self.report(status, day),)), last)

    def test_a_provider_that_failed_is_named_with_its_own_words(self, folder: Path) -> None:
        gaps = failing_gaps(self.view(folder, "failed", 0))
        assert [gap.what for gap in gaps] == ["new data from Acme"]
        assert "503" in gaps[0].why

    def test_one_that_came_through_is_not_named(self, folder: Path) -> None:
        assert failing_gaps(self.view(folder, "ok", 0)) == ()

    def test_a_sync_after_the_as_of_is_not_known(self, folder: Path) -> None:
        assert failing_gaps(self.view(folder, "failed", 1)) == ()

    def test_the_audit_shows_how_each_provider_fared(self, folder: Path) -> None:
        data = open_market(f"folder:{folder}")
        last = AsOfView(data, LATER).last_day
        from dataclasses import replace

        reports = (self.report("ok", last), self.report("failed", last))
        desk = Desk(replace(data, feed_reports=reports), last)
        synced = get_data_health(desk).synced
        assert [(row.provider, row.ok, row.failed) for row in synced] == [("Acme", 1, 1)]


class TestRealMarkets:
    @pytest.mark.parametrize("market", ["us", "id", "vn", "vnx"])
    def test_no_feed_of_a_real_market_fails_on_most_days(self, market: str) -> None:
        path = SHARED / "markets" / market
        if not path.is_dir():
            pytest.skip(f"the market folder {path} is not on this machine")
        data = open_market(f"folder:{path}")
        last = check_as_of(data, None, LATER)
        days = [last - timedelta(days=61 * back) for back in range(10)]
        assert [day for day in days if failures(AsOfView(data, day))] == []
