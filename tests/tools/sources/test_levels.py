"""The industries of a market where its sectors stand: names, parents, thin ones, nothing shared with the sectors."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from tests.markets import write_market
from tools.desk import Desk
from tools.errors import UnusableInputError
from tools.news import get_news_sentiment
from tools.outlook import get_sector_forecast
from tools.sources import open_market
from tools.sources.demo.companies import CODES
from tools.sources.demo.industries import INDUSTRIES
from tools.view import AsOfView, check_as_of

if TYPE_CHECKING:
    from pathlib import Path

    from tools.sources.base import MarketData

LATER = date(2026, 1, 1)
PARTS = {"1": "Drilling & Wells", "2": "Drilling & Wells", "3": "Drilling & Wells", "4": "Khí đốt"}


def named(path: Path, **plan: Any) -> Path:
    """Write a market whose Energy and Materials have industries; both have one of the same name."""
    folder = write_market(path / "toy", **plan)
    table = pd.read_csv(folder / "universe.csv", dtype=str, keep_default_na=False)
    part = table["symbol"].str[-1].map(PARTS).fillna("")
    table["industry"] = part.where(
        table["sector"].isin(["0500", "1500"]) & (table["kind"] == "stock"), ""
    )
    table.to_csv(folder / "universe.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return named(tmp_path_factory.mktemp("levels"), n_days=300)


@pytest.fixture(scope="module")
def finer(folder: Path) -> MarketData:
    return open_market(f"folder:{folder}", level="industry")


class TestNames:
    def test_industries_stand_where_sectors_stood(self, finer: MarketData) -> None:
        assert list(finer.sectors.index) == [
            "drilling-wells-0500", "drilling-wells-1500", "khi-dot-0500", "khi-dot-1500",
        ]  # fmt: skip
        assert finer.sectors["name"].tolist() == [
            "Drilling & Wells (Energy)", "Drilling & Wells (Materials)",
            "Khí đốt (Energy)", "Khí đốt (Materials)",
        ]  # fmt: skip

    def test_parents_are_kept(self, finer: MarketData) -> None:
        assert finer.sectors["parent"].tolist() == ["0500", "1500", "0500", "1500"]

    def test_a_name_of_its_own_needs_no_parent_in_it(self, tmp_path: Path) -> None:
        folder = write_market(tmp_path / "toy")
        table = pd.read_csv(folder / "universe.csv", dtype=str)
        table["industry"] = np.where(table["sector"] == "0500", "EN1", "Metals, Mining")
        table.to_csv(folder / "universe.csv", index=False)
        data = open_market(f"folder:{folder}", level="industry")
        mine = data.sectors[data.sectors["parent"] == "0500"]
        # a code like the symbol EN1 would be read as the share
        assert mine.index.tolist() == ["en1-industry-0500"]
        assert mine["name"].tolist() == ["EN1"]


class TestMarkets:
    def test_an_industrys_return_is_that_of_its_shares(
        self, folder: Path, finer: MarketData
    ) -> None:
        whole = AsOfView(open_market(f"folder:{folder}"), LATER)
        view = AsOfView(finer, LATER)
        expected = whole.daily_returns["EN4"].iloc[50:]
        assert expected.notna().sum() > 100
        pd.testing.assert_series_equal(
            view.daily_returns["khi-dot-0500"].iloc[50:], expected, check_names=False, rtol=1e-12
        )

    def test_the_market_is_the_same(self, folder: Path, finer: MarketData) -> None:
        whole = AsOfView(open_market(f"folder:{folder}"), LATER)
        assert AsOfView(finer, LATER).index["MARKET"].equals(whole.index["MARKET"])

    def test_industries_of_few_shares_are_thin_and_of_low_confidence(
        self, finer: MarketData
    ) -> None:
        desk = Desk(finer, check_as_of(finer, None, LATER))
        thin = {row.code: row.thin for row in desk.vocabulary.sectors}
        assert thin["khi-dot-0500"]
        assert not thin["drilling-wells-0500"]
        found = get_sector_forecast(desk, horizon="1M")
        assert any(fact.entity == "drilling-wells-0500" for fact in found.facts)
        rows = {row.sector: row for row in desk.scorer.scorecard("1M").sectors}
        assert set(rows) == set(finer.sectors.index)
        assert rows["khi-dot-0500"].confidence == "low"

    def test_a_fund_of_a_whole_sector_becomes_an_index(self, tmp_path: Path) -> None:
        folder = named(tmp_path, proxied=True)
        data = open_market(f"folder:{folder}", level="industry")
        assert set(data.universe.loc[["P0500", "P1500"], "kind"]) == {"index"}
        assert (data.sectors["proxy"] == "").all()

    def test_a_fund_that_names_an_industry_is_its_proxy(self, tmp_path: Path) -> None:
        folder = named(tmp_path, proxied=True)
        table = pd.read_csv(folder / "universe.csv", dtype=str, keep_default_na=False)
        table.loc[table["symbol"] == "P0500", "industry"] = "Drilling & Wells"
        table.to_csv(folder / "universe.csv", index=False)
        data = open_market(f"folder:{folder}", level="industry")
        assert data.sectors.loc["drilling-wells-0500", "proxy"] == "P0500"

    def test_signals_about_sectors_are_left_behind(self, tmp_path: Path) -> None:
        folder = named(tmp_path, with_signals=True)
        data = open_market(f"folder:{folder}", level="industry")
        assert data.signals is not None
        kept = set(data.signals["entity"].astype(str))
        assert kept
        assert kept <= set(data.universe.index)

    def test_nothing_kept_is_shared_with_the_sectors(self, folder: Path, finer: MarketData) -> None:
        whole = open_market(f"folder:{folder}")
        assert finer.market.storage_key != whole.market.storage_key
        assert AsOfView(finer, LATER).fingerprint() != AsOfView(whole, LATER).fingerprint()
        assert finer.market.id == whole.market.id
        assert "by industry" in finer.market.name

    def test_the_sectors_are_as_they_were(self, folder: Path) -> None:
        whole = open_market(f"folder:{folder}", level="sector")
        assert list(whole.sectors.index) == ["0500", "1500", "3000", "4000", "4500"]


class TestDemo:
    def test_every_share_has_an_industry_in_both_languages(self) -> None:
        assert {code: sum(row[0] for row in rows) for code, rows in INDUSTRIES.items()} == (
            dict.fromkeys(CODES, 10)
        )
        data = open_market("demo", level="industry")
        shares = data.universe[data.universe["kind"] == "stock"]
        assert (shares["sector"] != "").all()
        row = data.sectors.loc["steel"]
        assert (row["name"], row["name_vi"], row["parent"]) == ("Steel", "Thép", "1700")


class TestRefusals:
    @pytest.mark.parametrize("market", ["industries", "folder"])
    def test_a_market_without_industries_says_so(self, market: str, tmp_path: Path) -> None:
        name = f"folder:{write_market(tmp_path / 'toy')}" if market == "folder" else market
        with pytest.raises(
            UnusableInputError, match=r"got (none among its \d+ shares|funds alone, no share)\."
        ):
            open_market(name, level="industry")


class TestSignals:
    def test_signals_about_sectors_are_said_to_be_left_out(self, tmp_path: Path) -> None:
        folder = named(tmp_path, n_days=300, with_signals=True)
        data = open_market(f"folder:{folder}", level="industry")
        left_out = data.market.signals_left_out
        assert list(left_out) == ["orders", "sentiment"]
        desk = Desk(data, check_as_of(data, None, LATER))
        for result in (get_sector_forecast(desk, horizon="1M"), get_news_sentiment(desk)):
            assert "signals about sectors" in [gap.what for gap in result.gaps]
        before = replace(data.market, signals_left_out={"orders": LATER})
        early = Desk(replace(data, market=before, memo={}), desk.as_of)
        assert get_news_sentiment(early).gaps[0].what == "news sentiment"

    def test_nothing_is_left_out_where_there_was_nothing(self, finer: MarketData) -> None:
        assert finer.market.signals_left_out == {}
        desk = Desk(finer, check_as_of(finer, None, LATER))
        found = get_sector_forecast(desk, horizon="1M").gaps
        assert "signals about sectors" not in [gap.what for gap in found]
