"""Five ways to know the future, each planted into a copy of the pipeline and each caught; ours sets off no alarm."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tests.markets import write_market
from tests.tools.scoring.look_ahead import (
    ALARMS,
    HORIZON,
    Pipeline,
    alarms,
    deleted_future,
    panel_of,
    shuffled_future,
    walk_of,
)
from tools.desk import Desk
from tools.scoring.panel import FeaturePanel, feature_panel
from tools.sources import open_market
from tools.view import AsOfView

if TYPE_CHECKING:
    from pathlib import Path

    from tools.scoring.training import Walked
    from tools.sources.base import MarketData

AS_OF = date(2022, 6, 15)
LAST = date(2023, 6, 30)


def delisting_market(folder: Path) -> MarketData:
    """Return a market in which one share was delisted a while after the date that is looked at."""
    data = open_market(f"folder:{write_market(folder, n_days=520)}")
    gone = (data.prices["symbol"] == "EN1") & (data.prices["date"] > pd.Timestamp("2022-09-01"))
    return replace(data, prices=data.prices[~gone].reset_index(drop=True), memo={})


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> MarketData:
    return delisting_market(tmp_path_factory.mktemp("market"))


def survivors_only(data: MarketData) -> MarketData:
    """Keep the shares that still traded at the end, as a list of today's members would."""
    last = data.prices.groupby("symbol", observed=True)["date"].max()
    alive = last.index[last >= last.max() - pd.Timedelta(days=30)]
    symbols = pd.CategoricalDtype([name for name in data.universe.index if name in set(alive)])

    def kept(table: pd.DataFrame) -> pd.DataFrame:
        rows = table[table["symbol"].isin(alive)].reset_index(drop=True)
        return rows.assign(symbol=rows["symbol"].astype(symbols))

    assert data.flows is not None
    return replace(
        data,
        universe=data.universe.loc[list(symbols.categories)],
        prices=kept(data.prices),
        flows=kept(data.flows),
        memo={},
    )


def revised_macro(data: MarketData) -> MarketData:
    """Give every observation its last value as if that had been published first."""
    rows = data.macro.sort_values("published_on", kind="stable")
    keys = [rows["series"].astype(str), rows["observed_on"]]
    final = rows.assign(
        value=rows.groupby(keys)["value"].transform("last"),
        published_on=rows.groupby(keys)["published_on"].transform("first"),
    )
    final = final.drop_duplicates(["series", "observed_on"])
    return replace(data, macro=final.sort_values(list(data.macro.columns[:3])), memo={})


def peeking_panel(data: MarketData, as_of: date) -> FeaturePanel:
    """Read every input a day early."""
    panel, whole = panel_of(data, as_of), feature_panel(AsOfView(data, LAST), HORIZON)
    n = len(panel.days)
    values = np.full_like(panel.values, np.nan)
    ahead = whole.values[1 : n + 1]
    values[: len(ahead)] = ahead
    return replace(panel, values=values)


def early_labels(data: MarketData, as_of: date) -> FeaturePanel:
    """Let every label begin a day early, so that the inputs already know its first return."""
    panel = panel_of(data, as_of)
    forward = np.full_like(panel.forward, np.nan)
    forward[1:] = panel.forward[:-1]
    return replace(panel, forward=forward)


def late_knowledge(panel: FeaturePanel) -> Walked:
    """Train on the outcome whose window ends on the day of the refit."""
    return walk_of(replace(panel, horizon_rows=panel.horizon_rows - 1))


TRAPS = {
    "revised macro": (Pipeline(prepared=revised_macro), "the future deleted"),
    "survivorship": (Pipeline(prepared=survivors_only), "the future deleted"),
    "a feature that peeks one day": (Pipeline(panel=peeking_panel), "the future shuffled"),
    "labels shifted by one row": (Pipeline(panel=early_labels), "labels contain the past"),
    "an outcome known a row early": (Pipeline(walk=late_knowledge), "fits know open outcomes"),
}


def test_the_product_sets_off_no_alarm(market: MarketData) -> None:
    assert alarms(Pipeline(), market, AS_OF) == set()


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_is_caught(market: MarketData, name: str) -> None:
    trapped, alarm = TRAPS[name]
    assert ALARMS[alarm](trapped, market, AS_OF)


def test_every_trap_changes_what_is_said(market: MarketData) -> None:
    """A trap that changed nothing would prove nothing."""
    said = Pipeline().said(market, AS_OF)
    assert all(trapped.said(market, AS_OF) != said for trapped, _ in TRAPS.values())


@pytest.mark.parametrize("as_of", [date(2021, 7, 1), date(2022, 10, 3)])
def test_artefact_and_scorecards_are_the_same_bytes_whatever_comes_later(
    market: MarketData, as_of: date
) -> None:
    said = []
    for data in (market, shuffled_future(market, as_of), deleted_future(market, as_of)):
        scorer = Desk(data, as_of).scorer
        cards = [scorer.scorecard(h).model_dump_json() for h in ("1W", "1M", "3M")]
        said.append([scorer.artefact.model_dump_json(), *cards])
    assert said[0] == said[1] == said[2]
