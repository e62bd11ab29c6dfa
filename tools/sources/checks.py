"""What a table of a market must be like before anything is computed from it.

Every refusal names the file, the column and an example, and says what to do. A source that cannot meet these checks
stops the run: a wrong price is worse than a missing market.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.contracts import MARKET_ENTITY
from tools.errors import MarketFolderError

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS = ("stock", "sector", "index", "benchmark")
RESERVED = (MARKET_ENTITY, "MACRO")


def require_columns(table: pd.DataFrame, columns: Sequence[str], file: str) -> None:
    """Refuse a table without one of `columns`."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise MarketFolderError(
            f"the columns {', '.join(columns)} in {file}",
            f"{', '.join(map(str, table.columns)) or 'none'} (missing: {', '.join(missing)})",
            f"Add the missing column to {file}.",
        )


def parse_days(table: pd.DataFrame, column: str, file: str) -> pd.Series:
    """Return a column of calendar days, refusing what is not a date."""
    raw = table[column]
    try:
        days = pd.to_datetime(raw, errors="coerce", format=None if _is_dated(raw) else "ISO8601")
    except (ValueError, TypeError) as error:
        raise _unparsable(table, column, file, 0) from error
    bad = days.isna()
    if bad.any():
        raise _unparsable(table, column, file, int(np.argmax(bad.to_numpy())))
    if days.dt.tz is not None:
        days = days.dt.tz_localize(None)
    return days.dt.normalize().astype("datetime64[us]")


def _is_dated(raw: pd.Series) -> bool:
    return isinstance(raw.dtype, pd.DatetimeTZDtype) or raw.dtype.kind == "M"


def _unparsable(table: pd.DataFrame, column: str, file: str, row: int) -> MarketFolderError:
    return MarketFolderError(
        f"dates like 2019-12-31 in column {column} of {file}",
        f"{table[column].iloc[row]!r} in row {row + 1}",
        f"Write every {column} as YYYY-MM-DD.",
    )


def parse_numbers(table: pd.DataFrame, column: str, file: str) -> pd.Series:
    """Return a column of numbers as float64, refusing text and infinities; missing values stay NaN."""
    numbers = pd.to_numeric(table[column], errors="coerce").astype("float64")
    bad = (numbers.isna() & table[column].notna()) | np.isinf(numbers)
    if bad.any():
        raise MarketFolderError(
            f"numbers in column {column} of {file}",
            example(table, bad),
            "Write plain finite numbers; leave a cell empty where the value is not known.",
        )
    return numbers


def example(table: pd.DataFrame, bad: pd.Series | np.ndarray) -> str:
    """Describe the first row that `bad` marks, and how many there are."""
    mask = np.asarray(bad)
    row = table.iloc[int(np.argmax(mask))]
    cells = ", ".join(f"{name}={_cell(value)}" for name, value in row.items())
    return f"{cells} ({int(mask.sum())} such row{'s' if mask.sum() > 1 else ''})"


def _cell(value: object) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


def refuse_rows(
    table: pd.DataFrame, bad: pd.Series | np.ndarray, *, wanted: str, todo: str
) -> None:
    """Refuse a table when `bad` marks any row, showing the first one."""
    if np.asarray(bad).any():
        raise MarketFolderError(wanted, example(table, bad), todo)


def repeated(table: pd.DataFrame) -> np.ndarray:
    """Mark rows of the same symbol and date as the row before, in a table sorted by both."""
    codes, days = table["symbol"].cat.codes.to_numpy(), table["date"].to_numpy()
    same = np.zeros(len(table), dtype=bool)
    same[1:] = (codes[1:] == codes[:-1]) & (days[1:] == days[:-1])
    return same


def check_prices(prices: pd.DataFrame, file: str) -> None:
    """Refuse duplicates and impossible prices; `prices` is sorted by symbol and date."""
    refuse_rows(
        prices[["date", "symbol", "close"]],
        repeated(prices),
        wanted=f"one row for each date and symbol in {file}",
        todo="Remove the duplicated rows.",
    )
    close = prices["close"].to_numpy()
    refuse_rows(
        prices[["date", "symbol", "close"]],
        ~(close > 0),
        wanted=f"positive prices in column close of {file}",
        todo="Remove rows without a price: a day that is absent does not exist.",
    )
    for column in ("open", "high", "low", "previous_close"):
        if column in prices.columns:
            _check_other_price(prices, column, file)
    for column in ("volume", "value", "listed_shares"):
        if column in prices.columns:
            refuse_rows(
                prices[["date", "symbol", column]],
                prices[column].to_numpy() < 0,
                wanted=f"no negative number in column {column} of {file}",
                todo="Correct the rows, or leave the cell empty where the value is not known.",
            )


def _check_other_price(prices: pd.DataFrame, column: str, file: str) -> None:
    """Refuse a negative price, and a zero that is not the zero of a day without trading."""
    values = prices[column].to_numpy()
    bad = values < 0
    if column == "previous_close":
        bad = values <= 0
    elif "volume" in prices.columns:
        # Exchanges print 0 for open, high and low on a day without a trade: not known, not a price.
        bad = bad | ((values == 0) & (prices["volume"].to_numpy() > 0) & (column != "open"))
    refuse_rows(
        prices[["date", "symbol", column]],
        bad,
        wanted=f"positive prices in column {column} of {file}",
        todo="Correct the rows, or leave the cell empty where the price is not known.",
    )


def check_names(sectors: pd.DataFrame, universe: pd.DataFrame, benchmark: str, where: str) -> None:
    """Refuse codes and symbols that would be read as one another, and references to nothing."""
    codes, symbols = set(sectors.index), set(universe.index)
    for name in [*sectors.index, *universe.index]:
        if name in RESERVED:
            raise MarketFolderError(
                f"sector codes and symbols other than {' and '.join(RESERVED)} in {where}",
                name,
                "Choose another code: these words are taken by fact ids.",
            )
    both = sorted(codes & symbols)
    if both:
        raise MarketFolderError(
            f"sector codes that are no symbols in {where}", both[0], "Rename the sector code."
        )
    for code, proxy in sectors["proxy"].items():
        if proxy and proxy not in symbols:
            raise MarketFolderError(
                f"a symbol of the universe as proxy of sector {code} in {where}",
                proxy,
                "Add the proxy to the universe or leave it empty.",
            )
    if benchmark and benchmark not in symbols:
        raise MarketFolderError(
            f"a benchmark that is in the universe of {where}",
            benchmark,
            "Add the benchmark to the universe, or leave it empty.",
        )


def check_universe(universe: pd.DataFrame, codes: Sequence[str], file: str) -> None:
    """Refuse unknown kinds and sectors; `universe` still has its `symbol` column."""
    refuse_rows(
        universe,
        universe["symbol"].duplicated() | (universe["symbol"] == ""),
        wanted=f"every symbol once in {file}",
        todo="Remove the repeated or empty symbol.",
    )
    refuse_rows(
        universe,
        ~universe["kind"].isin(KINDS),
        wanted=f"kind {', '.join(KINDS)} in {file}",
        todo="Correct the kind.",
    )
    refuse_rows(
        universe,
        ~universe["sector"].isin([*codes, ""]),
        wanted=f"sectors of sectors.csv in column sector of {file}",
        todo="Add the sector to sectors.csv or correct the code (codes are text: 0500 is not 500).",
    )
    refuse_rows(
        universe,
        (universe["sector"] == "") & (universe["kind"] == "sector"),
        wanted=f"a sector for each symbol of kind sector in {file}",
        todo="Fill in the sector's code.",
    )


def check_macro(macro: pd.DataFrame, keys: Sequence[str], file: str) -> None:
    """Refuse rows published before they were observed, duplicates and missing values."""
    refuse_rows(
        macro,
        (macro["published_on"] < macro["observed_on"]).to_numpy(),
        wanted=f"published_on on or after observed_on in {file}",
        todo="Correct the dates: nothing is published before it is observed.",
    )
    refuse_rows(
        macro,
        macro.duplicated([*keys, "observed_on", "published_on"]).to_numpy(),
        wanted=f"one value for each {', '.join(keys)}, observed_on and published_on in {file}",
        todo="Remove the duplicated rows; a revision has a later published_on.",
    )
    refuse_rows(
        macro,
        macro["value"].isna().to_numpy(),
        wanted=f"a value in every row of {file}",
        todo="Remove rows without a value.",
    )
