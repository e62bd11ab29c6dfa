"""A history keeps every version once, dates it, and shows readers only what is published."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tests.tools.store.history_rows import HEARD, a_market, bars, day, fill, sectors, universe
from tools.errors import SectorvaneError, SourceDownError
from tools.sources.feeds import Batch
from tools.store.history import HistoryStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[HistoryStore]:
    with HistoryStore.open(tmp_path / "h", a_market(), write=True) as opened:
        yield opened


def reread(store: HistoryStore) -> HistoryStore:
    store.publish()
    return HistoryStore.open(store.files.folder, store.market)


class TestAppending:
    def test_what_was_appended_is_read_back_as_a_market(self, store: HistoryStore) -> None:
        fill(store, bars("BBB"), bars("AAA", n_days=7))
        with reread(store) as history:
            data = history.market_data()
        assert list(data.universe.index) == ["AAA", "BBB", "CCC"]
        assert list(data.sectors["name_vi"]) == ["Dầu khí", "Ngân hàng"]
        assert list(data.prices["symbol"]) == ["AAA"] * 7 + ["BBB"] * 20
        np.testing.assert_array_equal(data.prices["close"][7:], bars("BBB").rows["close"])
        assert "published_on" not in data.prices
        assert data.flows is None
        assert data.signals is None
        assert data.macro.empty

    def test_the_same_batch_twice_is_stored_once(self, store: HistoryStore) -> None:
        fill(store, bars("AAA"))
        again = store.append(bars("AAA"), feed_key="toy/prices/AAA", retrieved_at=HEARD)
        assert (again.n_seen, again.n_new, again.n_revised) == (20, 0, 0)

    def test_a_changed_close_is_published_when_it_was_retrieved(self, store: HistoryStore) -> None:
        fill(store, bars("AAA", n_days=3))
        changed = bars("AAA", n_days=3, close=[1.0, 2.0, 3.0])
        later = HEARD + timedelta(days=4)
        assert store.append(changed, feed_key="toy/prices/AAA", retrieved_at=later).n_revised == 3
        with reread(store) as history:
            prices = history.market_data().prices
        assert list(prices["close"][1::2]) == [1.0, 2.0, 3.0]
        assert set(prices["published_on"][1::2]) == {pd.Timestamp("2024-07-02")}
        assert list(prices["published_on"][::2]) == list(prices["date"][::2])

    def test_a_revision_on_the_day_itself_replaces_what_the_day_showed(
        self, store: HistoryStore
    ) -> None:
        today = HEARD.date().isoformat()
        fill(store, bars("AAA", today, 1, close=[10.0]))
        evening = HEARD + timedelta(hours=3)
        final = bars("AAA", today, 1, close=[11.0])
        store.append(final, feed_key="toy/prices/AAA", retrieved_at=evening)
        with reread(store) as history:
            prices = history.market_data().prices
        assert list(prices["close"]) == [11.0]
        assert "published_on" not in prices

    def test_the_day_of_retrieval_is_the_market_s_own(self, store: HistoryStore) -> None:
        fill(store, bars("AAA", n_days=1))
        night = HEARD.replace(hour=18)
        changed = bars("AAA", n_days=1, close=[1.0])
        store.append(changed, feed_key="toy/prices/AAA", retrieved_at=night)
        with reread(store) as history:
            prices = history.market_data().prices
        assert prices["published_on"].iloc[-1] == pd.Timestamp("2024-06-29")

    def test_what_one_provider_leaves_out_another_may_bring(self, store: HistoryStore) -> None:
        fill(store, bars("AAA", n_days=2))
        value = Batch(table="prices", rows=bars("AAA", n_days=2, value=5e9).rows)
        store.append(value, feed_key="other/prices/AAA", retrieved_at=HEARD)
        with reread(store) as history:
            known = history.market_data().prices.groupby("date").last()
        assert set(known["value"]) == {5e9}
        assert list(known["close"]) == list(bars("AAA", n_days=2).rows["close"])

    def test_a_vintage_keeps_the_day_it_was_published(self, store: HistoryStore) -> None:
        rows = pd.DataFrame(
            {
                "series": "CPI",
                "observed_on": pd.to_datetime(["2024-01-31", "2024-01-31", "2024-02-29"]),
                "published_on": pd.to_datetime(["2024-02-13", "2024-03-12", "2024-03-12"]),
                "value": [300.0, 300.4, 301.0],
                "unit": "index",
            }
        )
        fill(store, bars("AAA"), Batch(table="macro", rows=rows))
        again = store.append(
            Batch(table="macro", rows=rows), feed_key="x/macro/CPI", retrieved_at=HEARD
        )
        assert again.n_new + again.n_revised == 0
        with reread(store) as history:
            macro = history.market_data().macro
        assert macro["value"].tolist() == [300.0, 300.4, 301.0]
        assert macro["published_on"].tolist() == rows["published_on"].tolist()

    def test_macro_without_a_day_of_publication_counts_from_its_retrieval(
        self, store: HistoryStore
    ) -> None:
        rows = pd.DataFrame({"series": ["GDP"], "observed_on": ["2020-12-31"], "value": [1.0]})
        fill(store, bars("AAA"), Batch(table="macro", rows=rows.assign(unit="index")))
        with reread(store) as history:
            assert history.market_data().macro["published_on"].tolist() == [
                pd.Timestamp("2024-06-28")
            ]

    def test_a_batch_without_its_columns_names_the_provider(self, store: HistoryStore) -> None:
        broken = Batch(table="prices", rows=bars("AAA").rows.drop(columns="close"))
        with pytest.raises(SourceDownError, match=r"vietcap gave no usable answer.*close"):
            store.append(broken, feed_key="vietcap/prices/AAA", retrieved_at=HEARD)

    def test_what_cannot_be_right_is_set_aside_and_the_rest_is_used(
        self, store: HistoryStore
    ) -> None:
        close = [10.0, -1.0, 12.0]
        fill(store, bars("AAA", n_days=3, close=close, volume=[5.0, 5.0, -7.0]))
        assert {(table, reason) for table, reason, _ in store.quarantined()} == {
            ("prices", "no close above 0"),
            ("prices", "a negative volume"),
        }
        with reread(store) as history:
            prices = history.market_data().prices
        assert list(prices["close"]) == [10.0, 12.0]
        assert np.isnan(prices["volume"].iloc[1])

    def test_the_same_impossible_row_is_set_aside_once(self, store: HistoryStore) -> None:
        for _ in range(3):
            fill(store, bars("AAA", n_days=1, close=[0.0]))
        assert len(store.quarantined()) == 1

    def test_a_newer_universe_renames_and_keeps_what_has_left(self, store: HistoryStore) -> None:
        fill(store, bars("AAA"))
        newer = universe("AAA", "DDD")
        newer.rows.loc[0, "name"] = "AAA Holdings"
        store.append(newer, feed_key="toy/universe/all", retrieved_at=HEARD + timedelta(days=9))
        known = store.universe()
        assert known is not None
        assert list(known.index) == ["AAA", "BBB", "CCC", "DDD"]
        assert known.loc["AAA", "name"] == "AAA Holdings"

    def test_an_empty_answer_stores_nothing_and_moves_no_mark(self, store: HistoryStore) -> None:
        empty = Batch(table="prices", rows=pd.DataFrame())
        assert store.append(empty, feed_key="x/prices/AAA", retrieved_at=HEARD).n_seen == 0
        assert store.progress("x/prices/AAA") is None

    def test_the_newest_close_is_the_newest_version_of_the_newest_day(
        self, store: HistoryStore
    ) -> None:
        fill(store, bars("AAA", n_days=3, close=[1.0, 2.0, 3.0]))
        later = HEARD + timedelta(days=1)
        store.append(
            bars("AAA", n_days=3, close=[9.0, 2.0, 4.0]), feed_key="x/y/z", retrieved_at=later
        )
        assert store.last_closes() == {"AAA": 4.0}


class TestProgress:
    def test_a_feed_goes_on_where_it_stopped(self, store: HistoryStore) -> None:
        assert store.progress("toy/prices/AAA") is None
        fill(store, bars("AAA", n_days=5))
        assert store.progress("toy/prices/AAA") == day("2024-01-05")
        with reread(store) as history:
            assert history.progress("toy/prices/AAA") == day("2024-01-05")
            assert history.progress("toy/sectors/0500") == HEARD.date()

    def test_an_older_batch_does_not_move_the_mark_back(self, store: HistoryStore) -> None:
        fill(store, bars("AAA", n_days=5), bars("AAA", "2023-01-02", 3))
        assert store.progress("toy/prices/AAA") == day("2024-01-05")


class TestReadersAndTheWriter:
    def test_nothing_is_seen_before_it_is_published(self, store: HistoryStore) -> None:
        fill(store, bars("AAA"))
        with (
            HistoryStore.open(store.files.folder, store.market) as history,
            pytest.raises(SourceDownError, match="sectorvane sync --market toy` first"),
        ):
            history.market_data()

    def test_a_reader_keeps_what_it_opened_while_more_is_published(
        self, store: HistoryStore
    ) -> None:
        fill(store, bars("AAA", n_days=3))
        with reread(store) as old:
            for back in range(3):
                fill(store, bars("BBB", n_days=4 + back))
                with reread(store) as new:
                    assert len(new.market_data().prices) == 7 + back
            assert len(old.market_data().prices) == 3

    def test_a_second_writer_is_told_who_the_first_is(self, store: HistoryStore) -> None:
        with pytest.raises(SourceDownError, match=rf"pid {os.getpid()}\) is writing"):
            HistoryStore.open(store.files.folder, store.market, write=True)

    def test_what_was_appended_and_not_published_is_there_for_the_next_writer(
        self, tmp_path: Path
    ) -> None:
        with HistoryStore.open(tmp_path, a_market(), write=True) as first:
            fill(first, bars("AAA"))
        with HistoryStore.open(tmp_path, a_market(), write=True) as second:
            assert second.progress("toy/prices/AAA") is not None
            with reread(second) as history:
                assert len(history.market_data().prices) == 20

    def test_only_two_generations_stay(self, store: HistoryStore) -> None:
        for n_days in range(1, 6):
            fill(store, bars("AAA", n_days=n_days))
            store.publish()
        kept = sorted(path.name for path in store.files.folder.glob("history-*"))
        assert kept == ["history-000004.duckdb", "history-000005.duckdb"]


def test_a_folder_that_cannot_be_written_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SectorvaneError, match="history of market toy cannot be written"):
        HistoryStore.open(tmp_path / "file" / "h", a_market(), write=True)


def test_nothing_is_ever_drawn_on_stdout(tmp_path: Path) -> None:
    with HistoryStore.open(tmp_path, a_market(), write=True) as store:
        fill(store, bars("AAA"))
        asked = "select current_setting('enable_progress_bar')"
        assert store.db.execute(asked).fetchall() == [(False,)]
        with reread(store) as history:
            assert history.db.execute(asked).fetchall() == [(False,)]


def test_an_empty_history_asks_for_a_sync(tmp_path: Path) -> None:
    with HistoryStore.open(tmp_path / "none", a_market()) as history:
        assert history.is_empty
        assert history.last_sync() == ()
        assert history.universe() is None
        with pytest.raises(SourceDownError, match="run `sectorvane sync --market toy` first"):
            history.market_data()


def test_sectors_alone_are_no_market(tmp_path: Path) -> None:
    with HistoryStore.open(tmp_path, a_market(), write=True) as store:
        store.append(sectors(), feed_key="toy/sectors/all", retrieved_at=HEARD)
        with reread(store) as history, pytest.raises(SourceDownError, match="no prices"):
            history.market_data()
