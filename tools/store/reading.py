"""Reading a whole market out of a history file, as quickly as memory can be filled.

Columns come out of DuckDB as Arrow and become the columns of a frame without a detour over Python objects. Where
nothing was ever revised or published late the days of publication follow from the market's lag and are left out, so
that a view takes its usual short way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from tools.measures.calendar import as_days, usable_from
from tools.sources.base import MarketData
from tools.sources.checks import KINDS
from tools.store.appending import one
from tools.store.schema import SPECS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb
    import numpy.typing as npt

    from tools.sources.base import FeedReport, Market
    from tools.sources.feeds import Table

_ROWS_AT_ONCE = 1 << 18
_ALWAYS = ("open", "high", "low", "close", "volume", "foreign_buy_value", "foreign_sell_value")


def read_market(
    db: duckdb.DuckDBPyConnection, market: Market, reports: tuple[FeedReport, ...]
) -> MarketData:
    """Return everything the file holds; rows of symbols outside the universe are left out."""
    names = _names(db)
    sectors = _newest(db, "sectors", names)
    universe = read_universe(db)
    universe["sector"] = universe["sector"].where(universe["sector"].isin(sectors.index), "")
    sectors["proxy"] = sectors["proxy"].where(sectors["proxy"].isin(universe.index), "")
    shelf = _Shelf(db, names, universe.index.rename(None))
    flows = shelf.dated("flows", market.flows_days)
    signals = _published(db, "signals", names)
    return MarketData(
        market=market,
        sectors=sectors,
        universe=universe,
        prices=shelf.dated("prices", market.prices_days),
        flows=None if flows.empty else flows,
        macro=_published(db, "macro", names),
        signals=None if signals.empty else signals,
        feed_reports=reports,
    )


def read_universe(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the newest version of every symbol: `name`, `sector`, `kind`, `industry`."""
    universe = _newest(db, "universe", _names(db))
    return universe[universe["kind"].isin(KINDS)].copy()


def _names(db: duckdb.DuckDBPyConnection) -> npt.NDArray[np.object_]:
    rows = db.execute("select name from names order by id").fetchall()
    return np.asarray([name for (name,) in rows], dtype=object)


def _newest(
    db: duckdb.DuckDBPyConnection, table: Table, names: npt.NDArray[np.object_]
) -> pd.DataFrame:
    """Return the newest version of every row of a table without days, by its key."""
    spec = SPECS[table]
    columns = [*spec.keys, *spec.values]
    query = f"select {', '.join(columns)} from {table} order by published_on, batch, rowid"  # noqa: S608 - names of the schema
    rows = {row[0]: row for row in db.execute(query).fetchall()}
    told = [["" if cell is None else names[cell] for cell in row] for row in rows.values()]
    frame = pd.DataFrame(told, columns=columns).astype("str").set_index(spec.keys[0])
    return frame.sort_index()


class _Shelf:
    """Reads tables of symbols and days."""

    def __init__(
        self, db: duckdb.DuckDBPyConnection, names: npt.NDArray[np.object_], symbols: pd.Index
    ) -> None:
        self._db = db
        self._symbols = symbols
        short = np.int16 if len(symbols) < np.iinfo(np.int16).max else np.int32
        self._position = symbols.get_indexer(pd.Index(names)).astype(short)

    def dated(self, table: Table, lag: int) -> pd.DataFrame:
        """Return prices or flows by symbol and day, with `published_on` where it does not follow from the lag."""
        versions = self._has_versions(table, lag)
        extra = ["published_on", "batch"] if versions else []
        rows = self._rows(table, [*extra, *self._columns(table)])
        codes = self._position[rows.pop("symbol")]
        if (codes < 0).any():
            known = codes >= 0
            codes, rows = codes[known], {name: values[known] for name, values in rows.items()}
        if not _is_in_order(codes, rows["date"]):
            order = np.lexsort((rows["date"], codes))
            codes, rows = codes[order], {name: values[order] for name, values in rows.items()}
        if versions:
            chosen = _versions(codes, rows, lag)
            codes, rows = codes[chosen], {name: values[chosen] for name, values in rows.items()}
            _keep_or_drop_publication(codes, rows, lag)
        symbol = pd.Categorical.from_codes(codes, self._symbols)
        return pd.DataFrame({"date": rows.pop("date"), "symbol": symbol, **rows}, copy=False)

    def _has_versions(self, table: Table, lag: int) -> bool:
        """Return whether some row is a revision, or was published later than the market's lag."""
        # Only names of the schema stand in these queries.
        if one(self._db, f"select bool_or(revision) from {table}"):  # noqa: S608
            return True
        odd = one(self._db, f"select bool_or(observed_on <> published_on) from {table}")  # noqa: S608
        if lag == 0 and not odd:
            return False
        query = f"select distinct observed_on, published_on from {table}"  # noqa: S608
        pairs = self._db.execute(query).fetchnumpy()
        usable = usable_from(as_days(pairs["observed_on"]), lag)
        return bool((as_days(pairs["published_on"]) > usable).any())

    def _rows(self, table: Table, names: list[str]) -> dict[str, npt.NDArray[Any]]:
        """Return columns as arrays that are filled while the rows come: no second copy of a market is made."""
        days = [f"{name}::timestamp" if name == "published_on" else name for name in names]
        columns = ", ".join(["symbol", "observed_on::timestamp", *days])
        count = cast("int", one(self._db, f"select count(*) from {table}"))  # noqa: S608 - a table of the schema
        filled: dict[str, npt.NDArray[Any]] = {
            name: np.empty(count, dtype=_dtype_of(name)) for name in ("symbol", "date", *names)
        }
        query = f"select {columns} from {table}"  # noqa: S608 - names of the schema
        place = 0
        for part in self._db.sql(query).to_arrow_reader(_ROWS_AT_ONCE):
            end = place + part.num_rows
            for values, column in zip(filled.values(), part.columns, strict=True):
                values[place:end] = column.to_numpy(zero_copy_only=False)
            place = end
        return filled

    def _columns(self, table: Table) -> list[str]:
        """Return the columns that hold anything, and those every market has."""
        numbers = SPECS[table].numbers
        counts = ", ".join(f"count({name})" for name in numbers)
        rows = self._db.execute(f"select {counts} from {table}").fetchall()  # noqa: S608 - names of the schema
        held = dict(zip(numbers, rows[0], strict=True))
        return [name for name in numbers if name in _ALWAYS or held[name]]


def _dtype_of(name: str) -> str:
    if name in ("date", "published_on"):
        return "datetime64[us]"
    return "int32" if name in ("symbol", "batch") else "float64"


def _is_in_order(codes: npt.NDArray[Any], days: npt.NDArray[Any]) -> bool:
    """Return whether rows stand by symbol and day; piece by piece, since a market's keys would fill the memory."""
    for start in range(0, len(codes), _ROWS_AT_ONCE):
        code, day = (part[start : start + _ROWS_AT_ONCE + 1] for part in (codes, days))
        later = (code[1:] > code[:-1]) | ((code[1:] == code[:-1]) & (day[1:] >= day[:-1]))
        if not later.all():
            return False
    return True


def _versions(
    codes: npt.NDArray[Any], rows: dict[str, npt.NDArray[Any]], lag: int
) -> npt.NDArray[np.intp]:
    """Return the rows by symbol, day and publication, of several on one day of publication the newest.

    `rows` stand by symbol and day already, and lose their batch; a day of publication before the market's own lag has
    passed becomes the lag's.
    """
    days, batch = rows["date"], rows.pop("batch")
    usable = usable_from(as_days(days), lag).astype(days.dtype)
    published = rows["published_on"] = np.maximum(rows["published_on"], usable)
    order = np.arange(len(codes))
    same = (codes[1:] == codes[:-1]) & (days[1:] == days[:-1])
    several = np.append(same, False) | np.append(False, same)
    few = np.flatnonzero(several)
    order[few] = few[np.lexsort((batch[few], published[few], days[few], codes[few]))]
    # A pair of neighbours of one observation stays one after sorting: only publication and batch change places.
    last = np.append(~(same & (published[order][1:] == published[order][:-1])), True)
    chosen: npt.NDArray[np.intp] = order[last[: len(order)]]
    return chosen


def _keep_or_drop_publication(
    codes: npt.NDArray[Any], rows: dict[str, npt.NDArray[Any]], lag: int
) -> None:
    """Drop `published_on` where, after all, every day has one version that follows from the lag."""
    days = rows["date"]
    alone = not ((codes[1:] == codes[:-1]) & (days[1:] == days[:-1])).any()
    usable = usable_from(as_days(days), lag).astype(days.dtype)
    if alone and (rows["published_on"] == usable).all():
        del rows["published_on"]


def _published(
    db: duckdb.DuckDBPyConnection, table: Table, names: Sequence[str] | npt.NDArray[np.object_]
) -> pd.DataFrame:
    """Return a table of published values; of versions of one day of publication the one retrieved last."""
    spec = SPECS[table]
    keys = [*spec.keys, "observed_on", "published_on"]
    query = (
        f"select {', '.join([*keys, *spec.values])} from {table} "  # noqa: S608 - names of the schema
        f"qualify row_number() over (partition by {', '.join(keys)} order by batch desc, rowid desc) = 1"
    )
    frame: pd.DataFrame = db.sql(query).to_arrow_table().to_pandas()
    words = np.append(np.asarray(names, dtype=object), "")
    for name in (*spec.keys, *spec.texts):
        numbers = frame[name].fillna(-1).to_numpy(dtype=np.int64)
        found = pd.Series(words[numbers], dtype=object)
        frame[name] = pd.Categorical(found, categories=sorted(set(found)))
    for name in ("observed_on", "published_on"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    frame["value"] = frame["value"].astype("float64")
    return frame.sort_values(keys, ignore_index=True)[[*keys, "value", "unit"]]
