"""Point in time: nothing published after the as-of changes a fact, a word or the fingerprint."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.markets import MarketPlan, write_market
from tools.facts import ENTITY_METRICS, WINDOW_METRICS, FactBook
from tools.measures import macro, returns, rotation, trading
from tools.sources import open_market
from tools.view import AsOfView

if TYPE_CHECKING:
    from tools.contracts import Fact, Gap
    from tools.sources.base import MarketData

PLANS = {
    "shares": MarketPlan(n_days=260, n_sectors=3),
    "lagging": MarketPlan(n_days=260, n_sectors=3, prices_days=1, flows_days=2),
    "proxied": MarketPlan(n_days=260, n_sectors=3, proxied=True, with_previous_close=False),
}
FIRST, LAST = date(2021, 1, 11), date(2022, 1, 20)
Meddling = Literal["deleted", "scaled", "added", "emptied"]


@lru_cache
def markets(folder: str) -> dict[str, MarketData]:
    from pathlib import Path

    return {
        name: open_market(f"folder:{write_market(Path(folder) / name, plan)}")
        for name, plan in PLANS.items()
    }


@pytest.fixture(scope="module")
def toys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, MarketData]:
    return markets(str(tmp_path_factory.mktemp("toys")))


def everything(view: AsOfView) -> list[Fact | Gap]:
    """Return every fact and gap of every entity of a view."""
    book = FactBook(view)
    ids = []
    for entity in [*view.sectors.index, "MARKET", *view.universe.index[:2]]:
        for metric in ENTITY_METRICS:
            windows = ("1W", "3M") if metric in WINDOW_METRICS else (None,)
            ids += [f"{entity}.{metric}" + (f".{window}" if window else "") for window in windows]
    for series in ("CPI", "FEAR", "OIL", "PMI", "RATE"):
        ids += [f"MACRO.{series}.{name}" for name in ("latest", "yoy", "surprise", "change.1M")]
    return [book.get(fact_id) for fact_id in ids]


def meddled(data: MarketData, as_of: date, how: Meddling, seed: int) -> MarketData:
    """Return the market with every row that is not yet usable at `as_of` changed."""
    view = AsOfView(data, as_of)
    flows, later_prices = data.flows, data.prices["date"] > pd.Timestamp(view.last_day)
    last_flow = view.flow_days[-1] if len(view.flow_days) else pd.Timestamp("1900-01-01")
    prices = _meddle(data.prices, later_prices, how, seed)
    if flows is not None:
        flows = _meddle(flows, flows["date"] > last_flow, how, seed)
    later = data.macro["published_on"] > pd.Timestamp(as_of)
    return replace(
        data, prices=prices, flows=flows, macro=_meddle(data.macro, later, how, seed), memo={}
    )


def _meddle(table: pd.DataFrame, later: pd.Series, how: Meddling, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    if how == "deleted":
        return table[~later | (rng.random(len(table)) < 0.3)].reset_index(drop=True)
    if how == "emptied":
        return table[~later].reset_index(drop=True)
    numbers = table.select_dtypes("float").columns
    factor = np.exp(rng.normal(0, 2, len(table)))
    scaled = table.copy()
    scaled.loc[later, numbers] = table.loc[later, numbers].mul(factor[later], axis=0)
    if how == "scaled":
        return scaled
    extra = scaled[later].copy()
    for column in ("date", "published_on"):
        if column in extra:
            extra[column] += pd.Timedelta(days=900)
    keys = [name for name in ("symbol", "series", "observed_on", "date") if name in table]
    order = [name for name in (*keys, "published_on") if name in table]
    return pd.concat([scaled, extra]).sort_values(order, ignore_index=True)


@given(
    name=st.sampled_from(sorted(PLANS)),
    days=st.integers(0, (LAST - FIRST).days),
    how=st.sampled_from(["deleted", "scaled", "added", "emptied"]),
    seed=st.integers(0, 1000),
)
def test_what_is_published_later_changes_nothing(
    toys: dict[str, MarketData], name: str, days: int, how: Meddling, seed: int
) -> None:
    as_of = FIRST + timedelta(days=days)
    whole = AsOfView(toys[name], as_of)
    other = AsOfView(meddled(toys[name], as_of, how, seed), as_of)
    assert everything(whole) == everything(other)
    assert whole.fingerprint() == other.fingerprint()
    assert whole.findings == other.findings
    assert whole.vocabulary == other.vocabulary


@pytest.mark.parametrize("name", sorted(PLANS))
def test_a_row_of_a_panel_is_the_last_row_of_that_days_own_view(
    toys: dict[str, MarketData], name: str
) -> None:
    whole = AsOfView(toys[name], LAST)
    for at in (30, 100, 180):
        early = whole.at(pd.Timestamp(whole.knowledge_days[at]).date())
        assert early.last_day == whole.days[at].date()
        for window in ("1W", "1M"):
            for panel in (returns.rel_return, returns.volatility, returns.drawdown):
                _same_row(panel(whole, window), panel(early, window))
            _same_row(trading.whale_ratio(whole, window), trading.whale_ratio(early, window))
            _same_row(
                trading.foreign_net_ratio(whole, window), trading.foreign_net_ratio(early, window)
            )
        _same_row(rotation.rs_momentum(whole), rotation.rs_momentum(early))
        _same_row(returns.breadth(whole), returns.breadth(early))
        for measure in (macro.in_force, macro.yoy, macro.surprise):
            for series in ("CPI", "OIL"):
                now, then = measure(whole, series).iloc[at], measure(early, series).iloc[-1]
                np.testing.assert_array_equal(now, then)


def _same_row(whole: pd.DataFrame, early: pd.DataFrame) -> None:
    """Check that a row is, to the last bit, the last row of the earlier view."""
    row = whole.loc[early.index[-1], early.columns]
    np.testing.assert_array_equal(row.to_numpy(), early.iloc[-1].to_numpy())
