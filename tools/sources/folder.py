"""A market folder: anyone's own data in the documented layout, read whole and checked before use.

The folder's path is never part of a fact: sources are cited as ``<market id>/<file>``. Rows are sorted on reading,
so their order in a file never matters. Sector codes are text and keep their leading zeros.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tools.errors import MarketFolderError
from tools.sources import checks
from tools.sources.base import Market, MarketData

if TYPE_CHECKING:
    from collections.abc import Sequence

PRICE_COLUMNS = ("date", "symbol", "open", "high", "low", "close", "volume")
OPTIONAL_PRICE_COLUMNS = ("value", "previous_close", "listed_shares")
FLOW_COLUMNS = ("date", "symbol", "foreign_buy_value", "foreign_sell_value")
MACRO_COLUMNS = ("series", "observed_on", "published_on", "value", "unit")
SIGNAL_COLUMNS = ("name", "entity", "observed_on", "published_on", "value", "unit")
SIMULATED_NOTE = "SIMULATED data: no part of this describes a real market."


class MarketFolder:
    """The source behind ``folder:PATH``."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path).expanduser()

    def load(self) -> MarketData:
        """Read and check the whole folder.

        Raises
        ------
        MarketFolderError
            When a file is missing, unreadable or breaks the layout.
        """
        if not self.path.is_dir():
            raise MarketFolderError(
                "a market folder", f"{self.path} (no such folder)", "Check the path after folder:."
            )
        sectors = self._sectors()
        universe = self._universe(list(sectors.index))
        market = self._market()
        checks.check_names(sectors, universe, market.benchmark, f"{self.path.name}/sectors.csv")
        symbols = pd.Index(sorted(universe.index))
        prices = self._prices(symbols)
        _require_days(prices, market.benchmark)
        return MarketData(
            market=market,
            sectors=sectors,
            universe=universe,
            prices=prices,
            flows=self._flows(symbols),
            macro=self._macro(),
            signals=self._signals([*sectors.index, *symbols, "MARKET"]),
        )

    def _market(self) -> Market:
        settings = self._toml()
        publication = settings.get("publication", {})
        lags = {name: publication.get(name, 0) for name in ("prices_days", "flows_days")}
        for name, days in lags.items():
            if not isinstance(days, int) or isinstance(days, bool) or days < 0:
                raise MarketFolderError(
                    f"a number of days, 0 or more, as {name} in market.toml", days, "Correct it."
                )
        market_id = _text(settings, "id")
        simulated = settings.get("simulated", False) is True
        key = f"folder|{market_id}|{self.path.resolve()}"
        return Market(
            id=market_id,
            name=str(settings.get("name") or market_id),
            currency=_text(settings, "currency"),
            timezone=_timezone(_text(settings, "timezone")),
            benchmark=str(settings.get("benchmark", "")),
            sector_scheme=str(settings.get("sector_scheme", "")),
            simulated=simulated,
            source=str(settings.get("source", "")),
            licence=str(settings.get("licence", "")),
            notes=str(settings.get("notes", "")),
            macro_aliases={str(k): str(v) for k, v in settings.get("macro_aliases", {}).items()},
            history_note=SIMULATED_NOTE if simulated else "",
            storage_key=hashlib.sha256(key.encode()).hexdigest()[:16],
            files={
                "prices": "prices.parquet",
                "flows": "flows.parquet",
                "macro": "macro.parquet",
                "signals": "signals.parquet",
            },
            **lags,
        )

    def _toml(self) -> dict[str, Any]:
        path = self._file("market.toml")
        try:
            settings = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise MarketFolderError(
                "market.toml in TOML", error, "Correct the file; text values stand in quotes."
            ) from error
        for table in ("publication", "macro_aliases"):
            if not isinstance(settings.get(table, {}), dict):
                raise MarketFolderError(
                    f"a table [{table}] in market.toml", settings[table], "Correct the file."
                )
        return settings

    def _file(self, name: str) -> Path:
        path = self.path / name
        if not path.is_file():
            raise MarketFolderError(
                f"the file {name} in {self.path}", "no such file", "Add it: the layout needs it."
            )
        return path

    def _csv(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        try:
            table = pd.read_csv(
                self._file(name), dtype=str, keep_default_na=False, encoding="utf-8-sig"
            )
        except (ValueError, OSError) as error:
            raise MarketFolderError(f"a CSV file {name}", error, "Correct the file.") from error
        checks.require_columns(table, columns, name)
        for column in table.columns:
            table[column] = table[column].str.strip()
        return table

    def _parquet(self, name: str, columns: Sequence[str], text: Sequence[str]) -> pd.DataFrame:
        path = self._file(name)
        try:
            rows = pq.read_table(path, read_dictionary=list(text))
            table: pd.DataFrame = rows.to_pandas(ignore_metadata=True)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise MarketFolderError(
                f"a Parquet file {name}", f"{type(error).__name__}", "Write the file again."
            ) from error
        checks.require_columns(table, columns, name)
        return table

    def _sectors(self) -> pd.DataFrame:
        table = self._csv("sectors.csv", ("sector", "name"))
        for column in ("name_vi", "proxy"):
            if column not in table.columns:
                table[column] = ""
        checks.refuse_rows(
            table,
            table["sector"].duplicated() | (table["sector"] == ""),
            wanted="every sector code once in sectors.csv",
            todo="Remove the repeated or empty code.",
        )
        return table.set_index("sector")[["name", "name_vi", "proxy"]].sort_index()

    def _universe(self, codes: Sequence[str]) -> pd.DataFrame:
        table = self._csv("universe.csv", ("symbol", "name", "sector", "kind"))
        if "industry" not in table.columns:
            table["industry"] = ""
        checks.check_universe(table, codes, "universe.csv")
        return table.set_index("symbol")[["name", "sector", "kind", "industry"]].sort_index()

    def _prices(self, symbols: pd.Index) -> pd.DataFrame:
        raw = self._parquet("prices.parquet", PRICE_COLUMNS, ("symbol",))
        table = _dated(raw, "prices.parquet", symbols)
        for column in (*PRICE_COLUMNS[2:], *OPTIONAL_PRICE_COLUMNS):
            if column in raw.columns:
                table[column] = checks.parse_numbers(raw, column, "prices.parquet").to_numpy()
        table = _sorted(table)
        checks.check_prices(table, "prices.parquet")
        return table

    def _flows(self, symbols: pd.Index) -> pd.DataFrame | None:
        if not (self.path / "flows.parquet").exists():
            return None
        raw = self._parquet("flows.parquet", FLOW_COLUMNS, ("symbol",))
        table = _dated(raw, "flows.parquet", symbols)
        for column in FLOW_COLUMNS[2:]:
            table[column] = checks.parse_numbers(raw, column, "flows.parquet").to_numpy()
            checks.refuse_rows(
                table[["date", "symbol", column]],
                ~(table[column].to_numpy() >= 0),
                wanted=f"values of 0 or more in column {column} of flows.parquet",
                todo="Remove rows without a value: a missing row means no foreign trade.",
            )
        table = _sorted(table)
        checks.refuse_rows(
            table,
            checks.repeated(table),
            wanted="one row for each date and symbol in flows.parquet",
            todo="Remove the duplicated rows.",
        )
        return table

    def _macro(self) -> pd.DataFrame:
        return self._published("macro.parquet", MACRO_COLUMNS, ("series",))

    def _signals(self, entities: Sequence[str]) -> pd.DataFrame | None:
        if not (self.path / "signals.parquet").exists():
            return None
        table = self._published("signals.parquet", SIGNAL_COLUMNS, ("name", "entity"))
        checks.refuse_rows(
            table,
            ~table["entity"].isin(entities).to_numpy(),
            wanted="sector codes, symbols or MARKET in column entity of signals.parquet",
            todo="Correct the entity, or add it to the universe.",
        )
        return table

    def _published(self, name: str, columns: Sequence[str], keys: Sequence[str]) -> pd.DataFrame:
        raw = self._parquet(name, columns, (*keys, "unit"))
        table = pd.DataFrame({key: _words(raw[key]) for key in (*keys, "unit")})
        for column in ("observed_on", "published_on"):
            table[column] = checks.parse_days(raw, column, name).to_numpy()
        table["value"] = checks.parse_numbers(raw, "value", name).to_numpy()
        checks.check_macro(table, keys, name)
        table = table.sort_values([*keys, "observed_on", "published_on"], ignore_index=True)
        return table[list(columns)]


def _as_text(value: object) -> str:
    return "" if value is None or value != value else str(value)


def _words(raw: pd.Series) -> pd.Series:
    """Return a text column as categories in sorted order; what is not known is empty text."""
    given = raw.astype("category")
    spelled = [_as_text(word) for word in given.cat.categories] + [""]
    words = sorted(set(spelled))
    # The last of `spelled` stands for the code -1, which marks a missing cell.
    codes = np.asarray([words.index(word) for word in spelled])[given.cat.codes.to_numpy()]
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(words)))


def _text(settings: dict[str, Any], key: str) -> str:
    value = settings.get(key)
    if not isinstance(value, str) or not value.strip():
        raise MarketFolderError(
            f"a text value for {key} in market.toml", repr(value), f'Add a line {key} = "…".'
        )
    return value.strip()


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise MarketFolderError(
            "a time zone such as Asia/Ho_Chi_Minh in market.toml", name, "Correct timezone."
        ) from error
    return name


def _dated(raw: pd.DataFrame, file: str, symbols: pd.Index) -> pd.DataFrame:
    """Return the date and symbol columns of `raw`, symbols as categories in sorted order."""
    days = checks.parse_days(raw, "date", file).to_numpy()
    given = raw["symbol"].astype("category")
    positions = symbols.get_indexer(pd.Index([_as_text(name) for name in given.cat.categories]))
    codes = np.append(positions, -1)[given.cat.codes.to_numpy()]
    checks.refuse_rows(
        raw[["date", "symbol"]],
        codes < 0,
        wanted=f"symbols of universe.csv in column symbol of {file}",
        todo="Add the symbol with its sector and kind to universe.csv, or remove its rows.",
    )
    return pd.DataFrame({"date": days, "symbol": pd.Categorical.from_codes(codes, symbols)})


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    days, codes = table["date"].to_numpy(), table["symbol"].cat.codes.to_numpy()
    return table.iloc[np.lexsort((days, codes))].reset_index(drop=True)


def _require_days(prices: pd.DataFrame, benchmark: str) -> None:
    if prices.empty or (benchmark and not (prices["symbol"] == benchmark).any()):
        raise MarketFolderError(
            f"prices of {benchmark or 'shares'} in prices.parquet",
            "no row",
            "Its days are the market's trading days: add its prices.",
        )
