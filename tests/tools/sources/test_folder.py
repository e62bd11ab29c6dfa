"""A market folder is read whole and checked; what breaks the layout is refused by name."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tests.markets import shuffled, write_market
from tools.errors import MarketFolderError, UnusableInputError
from tools.sources import open_market

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_market(tmp_path_factory.mktemp("market") / "toy", n_days=80)


@pytest.fixture
def folder(clean: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(clean, tmp_path / "copy"))


def change(folder: Path, file: str, edit: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """Rewrite one table of a folder."""
    path = folder / file
    if file.endswith(".csv"):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        edit(table).to_csv(path, index=False)
    else:
        edit(pd.read_parquet(path)).to_parquet(path, index=False)


def put(column: str, value: object, row: int = 10) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return an edit that writes one cell."""

    def edit(table: pd.DataFrame) -> pd.DataFrame:
        text = isinstance(value, str)
        cells = table[column].astype(str if text else table[column].dtype).copy()
        cells.iloc[row] = value
        return table.assign(**{column: cells})

    return edit


def repeated(table: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table, table.iloc[[5]]])


def without(column: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda table: table.drop(columns=column)


class TestReading:
    def test_sector_codes_keep_their_leading_zeros(self, clean: Path) -> None:
        assert open_market(f"folder:{clean}").sectors.index[0] == "0500"

    def test_the_order_of_rows_in_a_file_never_matters(self, folder: Path) -> None:
        before = open_market(f"folder:{folder}")
        shuffled(folder)
        after = open_market(f"folder:{folder}")
        for table in ("prices", "flows", "macro"):
            pd.testing.assert_frame_equal(getattr(before, table), getattr(after, table))

    def test_dates_may_be_text(self, folder: Path) -> None:
        before = open_market(f"folder:{folder}").prices
        change(folder, "prices.parquet", lambda t: t.assign(date=t["date"].dt.strftime("%Y-%m-%d")))
        pd.testing.assert_frame_equal(open_market(f"folder:{folder}").prices, before)

    def test_a_folder_without_flows_is_a_market_without_flows(self, folder: Path) -> None:
        (folder / "flows.parquet").unlink()
        assert open_market(f"folder:{folder}").flows is None

    def test_a_missing_open_is_allowed(self, folder: Path) -> None:
        change(folder, "prices.parquet", put("open", np.nan))
        assert open_market(f"folder:{folder}").prices["open"].isna().sum() == 1

    def test_high_and_low_may_be_zero_on_a_day_without_trading(self, folder: Path) -> None:
        def idle(table: pd.DataFrame) -> pd.DataFrame:
            table.loc[4, ["high", "low", "volume"]] = 0
            return table

        change(folder, "prices.parquet", idle)
        assert len(open_market(f"folder:{folder}").prices)

    def test_signals_are_read_where_there_are_some(self, folder: Path) -> None:
        day = pd.Timestamp("2021-02-01")
        columns = ["name", "entity", "observed_on", "published_on", "value", "unit"]
        rows = pd.DataFrame([["sentiment", "0500", day, day, 0.4, "score"]], columns=columns)
        rows.to_parquet(folder / "signals.parquet")
        signals = open_market(f"folder:{folder}").signals
        assert signals is not None
        assert signals["value"].tolist() == [0.4]

    def test_folders_of_one_id_are_stored_apart(self, clean: Path, folder: Path) -> None:
        keys = {open_market(f"folder:{path}").market.storage_key for path in (clean, folder)}
        assert len(keys) == 2

    def test_a_simulated_market_says_so(self, tmp_path: Path) -> None:
        path = write_market(tmp_path / "sim", n_days=30, simulated=True)
        market = open_market(f"folder:{path}").market
        assert market.simulated
        assert "SIMULATED" in market.history_note


BROKEN = [
    ("prices.parquet", without("close"), "missing: close"),
    ("prices.parquet", put("date", "2021-02-31"), "2021-02-31"),
    ("prices.parquet", repeated, "one row for each date and symbol"),
    ("prices.parquet", put("close", 0.0), "positive prices in column close"),
    ("prices.parquet", put("close", -3.0), "positive prices in column close"),
    ("prices.parquet", put("close", np.nan), "positive prices in column close"),
    ("prices.parquet", put("close", np.inf), "numbers in column close"),
    ("prices.parquet", put("high", -1.0), "positive prices in column high"),
    ("prices.parquet", put("low", 0.0), "positive prices in column low"),
    ("prices.parquet", put("previous_close", 0.0), "column previous_close"),
    ("prices.parquet", put("volume", -5.0), "column volume"),
    ("prices.parquet", put("symbol", "NOBODY"), "symbols of universe.csv"),
    ("flows.parquet", put("symbol", "NOBODY"), "symbols of universe.csv"),
    ("flows.parquet", put("foreign_buy_value", -1.0), "0 or more"),
    ("flows.parquet", repeated, "one row for each date and symbol in flows.parquet"),
    ("flows.parquet", without("foreign_sell_value"), "missing: foreign_sell_value"),
    ("macro.parquet", repeated, "one value for each series, observed_on and published_on"),
    ("macro.parquet", put("published_on", pd.Timestamp("1999-01-01")), "on or after observed_on"),
    ("macro.parquet", put("value", np.nan), "a value in every row"),
    ("macro.parquet", without("published_on"), "missing: published_on"),
    ("universe.csv", put("sector", "9999"), "9999"),
    ("universe.csv", put("sector", "500"), "codes are text"),
    ("universe.csv", put("kind", "bond"), "kind stock, sector, index, benchmark"),
    ("universe.csv", put("symbol", "MARKET"), "MARKET"),
    ("universe.csv", repeated, "every symbol once"),
    ("universe.csv", without("kind"), "missing: kind"),
    ("sectors.csv", put("sector", "EN1", row=0), "EN1"),
    ("sectors.csv", put("sector", "1500", row=0), "every sector code once"),
    ("sectors.csv", put("proxy", "XYZ", row=0), "a symbol of the universe as proxy"),
]


class TestRefusals:
    @pytest.mark.parametrize(("file", "edit", "said"), BROKEN)
    def test_a_table_that_breaks_the_layout(
        self, folder: Path, file: str, edit: Callable[[pd.DataFrame], pd.DataFrame], said: str
    ) -> None:
        change(folder, file, edit)
        with pytest.raises(MarketFolderError) as refusal:
            open_market(f"folder:{folder}")
        assert said in str(refusal.value)
        assert refusal.value.todo

    @pytest.mark.parametrize(
        "file", ["market.toml", "sectors.csv", "universe.csv", "prices.parquet", "macro.parquet"]
    )
    def test_a_missing_file(self, folder: Path, file: str) -> None:
        (folder / file).unlink()
        with pytest.raises(MarketFolderError, match=file):
            open_market(f"folder:{folder}")

    @pytest.mark.parametrize("file", ["prices.parquet", "flows.parquet", "macro.parquet"])
    def test_an_unreadable_parquet_file(self, folder: Path, file: str) -> None:
        (folder / file).write_bytes(b"not parquet")
        with pytest.raises(MarketFolderError, match=f"a Parquet file {file}"):
            open_market(f"folder:{folder}")

    @pytest.mark.parametrize(
        ("line", "came", "said"),
        [
            ('id = "toy"', "", "a text value for id"),
            ('id = "toy"', "id = toy", "TOML"),
            ("Asia/Ho_Chi_Minh", "Asia/Nowhere", "Asia/Nowhere"),
            ("prices_days = 0", "prices_days = -1", "prices_days"),
            ("flows_days = 0", 'flows_days = "soon"', "flows_days"),
            ('benchmark = ""', 'benchmark = "SPX"', "SPX"),
            ('benchmark = ""', 'benchmark = ["SPX"]', "benchmark"),
            ("[publication]", "publication = 3\n[other]", "table"),
        ],
    )
    def test_settings_that_cannot_be_used(
        self, folder: Path, line: str, came: str, said: str
    ) -> None:
        path = folder / "market.toml"
        path.write_text(path.read_text(encoding="utf-8").replace(line, came), encoding="utf-8")
        with pytest.raises(MarketFolderError, match=said):
            open_market(f"folder:{folder}")

    def test_a_sector_code_may_not_be_a_word_of_fact_ids(self, folder: Path) -> None:
        change(folder, "universe.csv", lambda t: t.replace({"sector": {"0500": "MACRO"}}))
        change(folder, "sectors.csv", put("sector", "MACRO", row=0))
        with pytest.raises(MarketFolderError, match="MACRO"):
            open_market(f"folder:{folder}")

    def test_a_benchmark_without_prices(self, tmp_path: Path) -> None:
        folder = write_market(tmp_path / "bench", n_days=30, proxied=True)
        change(folder, "prices.parquet", lambda t: t[t["symbol"] != "BENCH"])
        with pytest.raises(MarketFolderError, match="prices of BENCH"):
            open_market(f"folder:{folder}")

    def test_a_signal_about_nothing(self, folder: Path) -> None:
        day = pd.Timestamp("2021-02-01")
        columns = ["name", "entity", "observed_on", "published_on", "value", "unit"]
        rows = pd.DataFrame([["sentiment", "NOBODY", day, day, 0.4, "score"]], columns=columns)
        rows.to_parquet(folder / "signals.parquet")
        with pytest.raises(MarketFolderError, match="NOBODY"):
            open_market(f"folder:{folder}")

    @pytest.mark.parametrize("name", ["mars", "folder:", "", "folder"])
    def test_an_unknown_market_names_the_known_ones(self, name: str) -> None:
        with pytest.raises(UnusableInputError, match="demo, us, vn, industries, folder:PATH"):
            open_market(name)

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(MarketFolderError, match="no such folder"):
            open_market(f"folder:{tmp_path / 'nowhere'}")
