"""A market folder becomes a history, and the history a market that answers alike."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tests.markets import write_market
from tests.tools.store.history_rows import HEARD, a_market, bars, fill
from tools.errors import UnusableInputError
from tools.sources import open_market
from tools.sources.feeds import Batch
from tools.store.clustering import cluster, is_worth_clustering
from tools.store.history import HistoryStore
from tools.store.importing import import_folder
from tools.store.mending import check
from tools.view import AsOfView

if TYPE_CHECKING:
    from pathlib import Path


def changes(macro: pd.DataFrame) -> list[tuple[object, ...]]:
    """Return the releases that said something new: a history does not store a value twice."""
    rows = macro.astype({"series": str, "unit": str})
    before = rows.groupby(["series", "observed_on"])[["value", "unit"]].shift()
    new = (rows[["value", "unit"]] != before).any(axis=1)
    return list(rows[new].itertuples(index=False, name=None))


NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)


@pytest.mark.parametrize("lags", [(0, 0), (1, 2)])
def test_an_imported_folder_is_the_same_market(tmp_path: Path, lags: tuple[int, int]) -> None:
    path = write_market(tmp_path / "toy", n_days=120, prices_days=lags[0], flows_days=lags[1])
    folder = open_market(f"folder:{path}")
    with HistoryStore.open(tmp_path / "h", folder.market, write=True) as store:
        first = import_folder(store, path, retrieved_at=NOW)
        again = import_folder(store, path, retrieved_at=NOW)
        store.publish(go_on=False)
    assert first["prices"].n_new == len(folder.prices)
    assert all(became.n_new + became.n_revised == 0 for became in again.values())
    assert sum(became.n_quarantined for became in first.values()) == 0
    assert check(tmp_path / "h", folder.market) == ()
    with HistoryStore.open(tmp_path / "h", folder.market) as history:
        kept = history.market_data()
    assert "published_on" not in kept.prices
    pd.testing.assert_frame_equal(kept.prices, folder.prices)
    for as_of in (date(2021, 3, 1), date(2021, 6, 9)):
        ours, theirs = AsOfView(kept, as_of), AsOfView(folder, as_of)
        assert ours.last_day == theirs.last_day
        np.testing.assert_array_equal(ours.index, theirs.index)
        np.testing.assert_array_equal(ours.flow_net, theirs.flow_net)
        assert changes(ours.macro) == changes(theirs.macro)
        assert ours.vocabulary == theirs.vocabulary


def test_a_folder_that_breaks_the_layout_is_refused(tmp_path: Path) -> None:
    path = write_market(tmp_path / "toy", n_days=60)
    (path / "prices.parquet").unlink()
    with (
        HistoryStore.open(tmp_path / "h", a_market(), write=True) as store,
        pytest.raises(UnusableInputError, match=r"prices\.parquet"),
    ):
        import_folder(store, path, retrieved_at=NOW)


def test_signals_come_back_with_their_entities(tmp_path: Path) -> None:
    rows = pd.DataFrame(
        {
            "name": ["sentiment", "sentiment", "short_interest"],
            "entity": ["0500", "MARKET", "AAA"],
            "observed_on": pd.to_datetime(["2024-01-02", "2024-01-02", "2024-01-03"]),
            "published_on": pd.to_datetime(["2024-01-02", "2024-01-03", "2024-01-10"]),
            "value": [0.25, -0.5, 12.0],
            "unit": ["score", "score", "percent"],
        }
    )
    with HistoryStore.open(tmp_path, a_market(), write=True) as store:
        fill(store, bars("AAA"), Batch(table="signals", rows=rows))
        store.publish(go_on=False)
    with HistoryStore.open(tmp_path, a_market()) as history:
        signals = history.market_data().signals
    assert signals is not None
    assert signals.astype({"name": str, "entity": str, "unit": str}).to_dict("list") == {
        name: list(rows[name]) for name in signals.columns
    }


def test_a_history_in_order_holds_the_same_rows(tmp_path: Path) -> None:
    names = [f"S{number:02d}" for number in (3, 1, 2)]
    with HistoryStore.open(tmp_path, a_market(), write=True) as store:
        fill(store, *(bars(name, "2010-01-04", 3000) for name in names))
        fill(store, *(bars(name, "2021-07-05", 3000) for name in names))
        store.append(
            bars("S01", "2010-01-04", 9, close=7.0), feed_key="x/prices/S", retrieved_at=HEARD
        )
        rows = "select n.name, p.* exclude (symbol) from prices p join names n on n.id = p.symbol"
        before = store.db.execute(f"{rows} order by all").fetchall()
        assert not is_worth_clustering(store.db)
        ordered = cluster(store.db, tmp_path / "ordered.new")
        store.db.execute(f"attach '{ordered}' as ordered")
        store.db.execute("use ordered")
        assert store.db.execute(f"{rows} order by all").fetchall() == before
        in_file = store.db.execute(f"{rows} order by p.rowid").fetchall()
    assert [row[:4] for row in in_file] == sorted(row[:4] for row in in_file)
