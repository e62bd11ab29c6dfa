"""The American market from its providers through its history into an answer."""

from __future__ import annotations

import itertools
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from agent import ask
from agent.settings import Settings
from tests.tools.sources.us.services import KEY
from tests.tools.sources.us.world import (
    LAST,
    LATE_FROM,
    LATE_FUND,
    SPLIT_FUND,
    SPLIT_ON,
    World,
    world,
)
from tools.sources import live_market
from tools.sources.feeds import StaticMarket
from tools.sources.us import us_market
from tools.sources.us.funds import SECTORS
from tools.sources.us.series import SERIES
from tools.store.history import HistoryStore
from tools.sync.run import Sync
from tools.view import AsOfView

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tools.sources.base import MarketData
    from tools.sources.feeds import LiveMarket
    from tools.sync.run import SyncReport


def synced(live: LiveMarket, home: Path, served: World) -> SyncReport:
    with HistoryStore.at(home, live.market, write=True) as store:
        return Sync(live, store, home, now=served.now).run()


def stored(live: LiveMarket, home: Path) -> MarketData:
    with HistoryStore.at(home, live.market) as store:
        return store.market_data()


@pytest.fixture(scope="module")
def served() -> Iterator[World]:
    with world() as running:
        yield running


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, served: World) -> Path:
    """Make a home into which the whole market has been synced once."""
    folder = tmp_path_factory.mktemp("home")
    report = synced(served.market(str(folder / "cookies")), folder, served)
    assert {(feed.feed_key, feed.message) for feed in report.feeds if feed.status != "ok"} == set()
    return folder


@pytest.fixture(scope="module")
def market(home: Path, served: World) -> MarketData:
    return stored(served.market(""), home)


class TestSynced:
    def test_every_feed_came_through(self, market: MarketData) -> None:
        tables = pd.Series([report.table for report in market.feed_reports]).value_counts()
        assert dict(tables) == {
            "macro": len(SERIES), "prices": 12, "signals": 12, "sectors": 1, "universe": 1,
        }  # fmt: skip
        assert sum(report.n_quarantined for report in market.feed_reports) == 0

    def test_prices_are_those_that_were_traded(self, market: MarketData, served: World) -> None:
        for symbol, bars in served.bars.items():
            rows = market.prices[market.prices["symbol"] == symbol]
            assert list(rows["close"]) == [bar.close for bar in bars]

    def test_returns_are_total_returns(self, market: MarketData, served: World) -> None:
        bars = served.bars[SPLIT_FUND]
        wanted = [
            now.close / (before.close / now.split - now.dividend) - 1.0
            for before, now in itertools.pairwise(bars)
        ]
        returns = AsOfView(market, LAST).daily_returns[SPLIT_FUND].to_numpy()[1:]
        np.testing.assert_allclose(returns, wanted, atol=2e-6)
        assert abs(AsOfView(market, SPLIT_ON).daily_returns[SPLIT_FUND].iloc[-1]) < 0.1

    def test_a_sector_exists_from_its_funds_first_bar(self, market: MarketData) -> None:
        code = next(sector.code for sector in SECTORS if sector.fund == LATE_FUND)
        before, after = (
            AsOfView(market, day).sector_codes for day in (date(2023, 2, 28), LATE_FROM)
        )
        assert (len(before), len(after)) == (10, 11)
        assert set(after) - set(before) == {code}

    def test_macro_is_what_was_published_then(self, market: MarketData, served: World) -> None:
        day = date(2023, 6, 15)
        view = AsOfView(market, day)
        rows = view.macro[view.macro["series"] == "CPI"]
        got = rows.groupby("observed_on")["value"].last()
        truth: dict[pd.Timestamp, float] = {}
        for release in served.archive.releases["CPIAUCSL"]:
            if release.published <= day:
                month_end = pd.Timestamp(release.day) + pd.offsets.MonthEnd(0)
                truth[month_end] = float(release.value)
        assert {when: float(value) for when, value in got.items()} == truth

    def test_fund_flow_is_a_signal_of_each_sector_and_of_the_market(
        self, market: MarketData
    ) -> None:
        assert market.signals is not None
        assert set(market.signals["name"]) == {"etf_flow", "etf_flow_ratio"}
        assert set(market.signals["entity"]) == {"MARKET", *(s.code for s in SECTORS)}
        assert market.flows is None

    def test_asking_again_stores_nothing_twice(
        self, home: Path, market: MarketData, served: World
    ) -> None:
        live = served.market(str(home / "cookies"))
        with HistoryStore.at(home, live.market, write=True) as store:
            again = Sync(live, store, home, since=date(2024, 1, 2), now=served.now).run()
        assert [
            (f.feed_key, f.n_new, f.n_revised) for f in again.feeds if f.n_new + f.n_revised
        ] == []

    def test_a_question_is_answered_from_what_was_synced(
        self, home: Path, market: MarketData
    ) -> None:
        brief = ask(
            "Which sectors will outperform over the next month?",
            market="us", as_of=LAST, brain="offline", settings=Settings(home=home),
        )  # fmt: skip
        assert (brief.market.id, brief.market.as_of, brief.market.simulated) == ("us", LAST, False)
        assert brief.scorecard is not None
        assert len(brief.scorecard.sectors) == 11
        assert "45.rel_return.1M" in brief.facts
        assert brief.review.passed
        assert KEY not in brief.model_dump_json()

    def test_a_number_in_the_answer_is_the_one_that_was_published(
        self, home: Path, market: MarketData, served: World
    ) -> None:
        brief = ask(
            "What are CPI and the unemployment rate?",
            market="us", as_of=date(2023, 6, 15), brain="offline", settings=Settings(home=home),
        )  # fmt: skip
        known = served.archive.rows("UNRATE", "2023-06-15", "2023-06-15", "1990-01-01")
        fact = brief.facts["MACRO.UNEMPLOYMENT.latest"]
        assert fact.value == float(known[-1]["value"])
        assert fact.source == "us/fred"

    def test_a_survey_of_managers_is_not_there_and_said_so(
        self, home: Path, market: MarketData
    ) -> None:
        brief = ask(
            "What does the PMI say?",
            market="us", as_of=LAST, brain="offline", settings=Settings(home=home),
        )  # fmt: skip
        assert any("PMI" in gap.what + gap.why for gap in brief.gaps)
        assert not [fact for fact in brief.facts if "PMI" in fact]


class TestWithoutKey:
    def test_estimates_are_unknown_before_the_day_they_were_read(
        self, tmp_path: Path, served: World
    ) -> None:
        live = served.market(str(tmp_path / "cookies"), key=False)
        report = synced(live, tmp_path, served)
        notes = {feed.feed_key: feed.notes for feed in report.feeds}
        assert "latest revision" in notes["fred/macro/CPI.latest"][0]
        assert notes["fred/macro/UST_10Y.latest"] == ()
        market = stored(live, tmp_path)
        past, today = AsOfView(market, date(2024, 3, 1)).macro, AsOfView(market, LAST).macro
        assert "CPI" not in set(past["series"])
        assert {"UST_10Y", "VIX"} <= set(past["series"])
        assert "CPI" in set(today["series"])

    def test_a_key_that_comes_later_brings_the_past(self, tmp_path: Path, served: World) -> None:
        day = date(2023, 6, 15)
        for key in (False, True):
            whole = served.market(str(tmp_path / "cookies"), key=key)
            wanted = ("sectors/", "universe/", "prices/SPY", "macro/CPI")
            feeds = [f for f in whole.feeds(None) if any(name in f.key for name in wanted)]
            live = StaticMarket(market=whole.market, static_feeds=feeds)
            synced(live, tmp_path, served)
            macro = AsOfView(stored(live, tmp_path), day).macro
            assert ("CPI" in set(macro["series"])) is key
        known = served.archive.rows("CPIAUCSL", day.isoformat(), day.isoformat(), "1990-01-01")
        latest = macro.sort_values(["observed_on", "published_on"]).iloc[-1]
        assert latest["value"] == float(known[-1]["value"])


class TestFailing:
    @pytest.mark.parametrize(
        ("provider", "path"), [("Yahoo", "yahoo/v8"), ("FRED", "fred"), ("SSGA", "ssga")]
    )
    def test_a_provider_that_fails_is_named_and_the_others_come_through(
        self, tmp_path: Path, served: World, provider: str, path: str
    ) -> None:
        whole = served.market(str(tmp_path / "cookies"), seconds=2.0)
        first = {feed.provider: feed for feed in reversed(whole.feeds(None))}
        live = StaticMarket(market=whole.market, static_feeds=tuple(first.values()))
        served.server.fail("page", under=path)
        try:
            report = synced(live, tmp_path, served)
        finally:
            served.server.heal()
        status = {feed.provider: feed.status for feed in report.feeds}
        assert status.pop(provider) == "failed"
        assert set(status.values()) == {"ok"}
        failed = next(feed.message for feed in report.feeds if feed.status == "failed")
        assert failed.startswith(f"{provider} gave no usable answer: a web page where ")
        assert KEY not in repr(report)


class TestSettings:
    def test_nothing_is_asked_before_a_feed_is_fetched(self) -> None:
        assert len(us_market().feeds(None)) == 2 + 12 + len(SERIES) + 12

    def test_every_provider_has_a_quota_under_its_own_name(self) -> None:
        live = us_market()
        assert set(live.quotas) == {feed.provider for feed in live.feeds(None)} - {"sectorvane"}

    def test_the_key_shows_nowhere(self, served: World) -> None:
        live = served.market("")
        assert KEY not in repr(live) + repr(list(live.feeds(None)))

    def test_it_is_the_market_that_is_opened_by_its_name(self) -> None:
        assert live_market("us").market == us_market().market
        assert us_market().market.benchmark == "SPY"

    def test_sectors_have_names_in_both_languages_and_a_fund_each(self) -> None:
        assert len({sector.fund for sector in SECTORS}) == 11
        assert all(sector.name and sector.name_vi for sector in SECTORS)
