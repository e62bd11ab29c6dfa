"""A view of prices and flows that were revised shows each day in the version of its own time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.markets import MarketPlan, closes, market_of, write_market
from tools.facts import FactBook
from tools.measures.calendar import as_days, usable_from
from tools.measures.versions import known_at
from tools.sources import open_market
from tools.view import AsOfView, check_as_of

if TYPE_CHECKING:
    from tools.contracts import Fact, Gap
    from tools.sources.base import MarketData

DAYS = pd.bdate_range("2021-01-04", periods=10)
FIRST, LAST = date(2021, 2, 1), date(2021, 10, 20)


def versions(*rows: tuple[int, float, int]) -> MarketData:
    """Return a market of one share from (day, close, day of publication), days by their place."""
    frame = pd.DataFrame(
        {
            "date": [DAYS[day] for day, _, _ in rows],
            "symbol": "A",
            "close": [close for _, close, _ in rows],
            "published_on": [DAYS[published] for _, _, published in rows],
        }
    )
    data = market_of(frame)
    order = ["symbol", "date", "published_on"]
    return replace(data, prices=data.prices.sort_values(order, ignore_index=True))


class TestKnownValues:
    MARKET = ((0, 10.0, 0), (1, 11.0, 1), (1, 12.0, 4), (2, 12.0, 2), (3, 15.0, 3), (4, 15.0, 6))

    def returns(self, place: int) -> list[float]:
        view = AsOfView(versions(*self.MARKET), DAYS[place].date())
        return [round(value, 6) for value in view.daily_returns["A"].iloc[1:]]

    def test_before_its_revision_a_day_shows_the_first_version(self) -> None:
        assert self.returns(3) == [0.1, round(12 / 11 - 1, 6), 0.25]

    def test_from_its_publication_on_the_revision_counts(self) -> None:
        assert self.returns(4) == [0.2, 0.0, 0.25]

    def test_a_day_that_came_late_is_not_there_before(self) -> None:
        assert AsOfView(versions(*self.MARKET), DAYS[5].date()).last_day == DAYS[3].date()
        assert AsOfView(versions(*self.MARKET), DAYS[6].date()).last_day == DAYS[4].date()

    def test_an_earlier_view_of_a_later_one_goes_back_to_the_first_version(self) -> None:
        late = AsOfView(versions(*self.MARKET), DAYS[6].date())
        early = late.at(DAYS[3].date())
        assert early.daily_returns["A"].iloc[1] == pytest.approx(0.1)
        assert early.fingerprint() == AsOfView(versions(*self.MARKET), DAYS[3].date()).fingerprint()

    def test_the_fingerprint_changes_with_a_revision_and_only_with_one(self) -> None:
        data = versions(*self.MARKET)
        plain = versions(*(row for row in self.MARKET if row[2] != 4))
        for place in range(8):
            ours, theirs = (
                AsOfView(one, DAYS[place].date()).fingerprint() for one in (data, plain)
            )
            assert (ours == theirs) == (place < 4)

    def test_a_publication_before_the_lag_counts_from_the_lag(self) -> None:
        data = versions((0, 10.0, 0), (1, 11.0, 1))
        lagging = replace(data, market=replace(data.market, prices_days=1), memo={})
        assert AsOfView(lagging, DAYS[1].date()).last_day == DAYS[0].date()

    def test_the_default_as_of_is_the_last_day_that_is_known(self) -> None:
        assert check_as_of(versions(*self.MARKET), None, DAYS[5].date()) == DAYS[3].date()

    def test_revisions_are_counted_once_they_are_known(self) -> None:
        counts = [
            AsOfView(versions(*self.MARKET), DAYS[place].date()).irregular.n_revised("prices")
            for place in (3, 4)
        ]
        assert counts == [0, 1]

    def test_a_market_without_versions_is_used_as_it_is(self) -> None:
        data = market_of(closes(DAYS, A=[10.0] * 10))
        assert known_at(data, DAYS[4].date()) is data


@lru_cache
def revised_market(folder: str) -> MarketData:
    """Return a market some of whose prices and flows were revised or came late, published at any later time."""
    from pathlib import Path

    plan = MarketPlan(n_days=200, n_sectors=3, prices_days=1, flows_days=2)
    data = open_market(f"folder:{write_market(Path(folder) / 'toy', plan)}")
    assert data.flows is not None
    prices = _revise(data.prices, ["close", "value"], lag=1, seed=5)
    flows = _revise(data.flows, ["foreign_buy_value"], lag=2, seed=6)
    return replace(data, prices=prices, flows=flows, memo={})


def _revise(rows: pd.DataFrame, columns: list[str], *, lag: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    usable = pd.to_datetime(usable_from(as_days(rows["date"].to_numpy()), lag))
    late = np.where(rng.random(len(rows)) < 0.01, rng.integers(1, 30, len(rows)), 0)
    first = rows.assign(published_on=usable + pd.to_timedelta(late, unit="D"))
    again = first[rng.random(len(rows)) < 0.03].copy()
    again[columns] = again[columns].mul(np.exp(rng.normal(0, 0.05, len(again))), axis=0)
    again["published_on"] += pd.to_timedelta(rng.integers(1, 60, len(again)), unit="D")
    both = pd.concat([first, again])
    both["published_on"] = both["published_on"].astype("datetime64[us]")
    return both.sort_values(["symbol", "date", "published_on"], ignore_index=True)


def facts_of(view: AsOfView) -> list[Fact | Gap]:
    book = FactBook(view)
    names = [*view.sectors.index, "MARKET", *view.universe.index[:2]]
    metrics = ("return.1W", "rel_return.1M", "volatility.1M", "breadth", "foreign_net_ratio.1W")
    return [book.get(f"{name}.{metric}") for name in names for metric in metrics]


def without(rows: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return only what was published by the end of a day."""
    return rows[rows["published_on"] <= pd.Timestamp(as_of)].reset_index(drop=True)


def scaled(rows: pd.DataFrame, as_of: date, seed: int) -> pd.DataFrame:
    """Return rows of which everything published later says something else."""
    rng = np.random.default_rng(seed)
    later = (rows["published_on"] > pd.Timestamp(as_of)).to_numpy()
    numbers = [name for name in rows.select_dtypes("float").columns if name != "previous_close"]
    other = rows.copy()
    other.loc[later, numbers] = other.loc[later, numbers].mul(
        np.exp(rng.normal(0, 1, int(later.sum()))), axis=0
    )
    return other


@pytest.fixture(scope="module")
def revised(tmp_path_factory: pytest.TempPathFactory) -> MarketData:
    return revised_market(str(tmp_path_factory.mktemp("revised")))


@settings(max_examples=15)
@given(days=st.integers(0, (LAST - FIRST).days), seed=st.integers(0, 1000), cut=st.booleans())
def test_no_version_that_is_published_later_changes_anything(
    revised: MarketData, days: int, seed: int, cut: bool
) -> None:
    as_of = FIRST + timedelta(days=days)
    assert revised.flows is not None
    tables = {"prices": revised.prices, "flows": revised.flows}
    other = {
        name: without(rows, as_of) if cut else scaled(rows, as_of, seed)
        for name, rows in tables.items()
    }
    ours = AsOfView(revised, as_of)
    theirs = AsOfView(
        replace(revised, prices=other["prices"], flows=other["flows"], memo={}), as_of
    )
    assert facts_of(ours) == facts_of(theirs)
    assert ours.fingerprint() == theirs.fingerprint()
    assert ours.findings == theirs.findings


@settings(max_examples=15)
@given(days=st.integers(0, (LAST - FIRST).days))
def test_a_view_is_that_of_the_newest_versions_alone(revised: MarketData, days: int) -> None:
    as_of = FIRST + timedelta(days=days)
    assert revised.flows is not None
    plain = {
        name: without(rows, as_of)
        .drop_duplicates(["symbol", "date"], keep="last", ignore_index=True)
        .drop(columns="published_on")
        for name, rows in (("prices", revised.prices), ("flows", revised.flows))
    }
    alone = AsOfView(replace(revised, prices=plain["prices"], flows=plain["flows"], memo={}), as_of)
    assert AsOfView(revised, as_of).fingerprint() == alone.fingerprint()
    assert facts_of(AsOfView(revised, as_of)) == facts_of(alone)
