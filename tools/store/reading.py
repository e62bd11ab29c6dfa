"""Reading a whole market out of a history file, as quickly as memory can be filled.

Columns come out of DuckDB as Arrow and become the columns of a frame without a detour over Python objects. Where
nothing was ever revised or published late the days of publication follow from the market's lag and are left out, so
that a view takes its usual short way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from tools.measures.calendar import usable_from
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

    Integers = npt.NDArray[np.int64]

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
    shelf = _Shelf(db, names, pd.Index(universe.index, dtype=object))
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
    frame = pd.DataFrame(told, columns=columns, dtype=object).set_index(spec.keys[0])
    return frame.sort_index()


class _Rows(NamedTuple):
    """Dated rows in long form."""

    codes: Integers
    days: Integers
    published: Integers | None
    values: dict[str, npt.NDArray[np.float64]]

    def at(self, rows: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> _Rows:
        """Return some of the rows, or all in another order."""
        return _Rows(
            self.codes[rows],
            self.days[rows],
            None if self.published is None else self.published[rows],
            {name: values[rows] for name, values in self.values.items()},
        )


class _Shelf:
    """Reads tables of symbols and days."""

    def __init__(
        self, db: duckdb.DuckDBPyConnection, names: npt.NDArray[np.object_], symbols: pd.Index
    ) -> None:
        self._db = db
        self._symbols = symbols
        self._position = symbols.get_indexer(pd.Index(names, dtype=object))

    def dated(self, table: Table, lag: int) -> pd.DataFrame:
        """Return prices or flows by symbol and day, with `published_on` where it does not follow from the lag."""
        rows = self._rows(table, versions=self._has_versions(table, lag))
        if (rows.codes < 0).any():
            rows = rows.at(rows.codes >= 0)
        rows = _in_order(rows) if rows.published is None else _versions(rows, lag)
        frame = {
            "date": rows.days.astype("datetime64[D]").astype("datetime64[us]"),
            "symbol": pd.Categorical.from_codes(rows.codes, self._symbols),  # type: ignore[arg-type]
            **rows.values,
        }
        if rows.published is not None:
            days = rows.published.astype("datetime64[D]")
            frame["published_on"] = days.astype("datetime64[us]")
        return pd.DataFrame(frame, copy=False)

    def _has_versions(self, table: Table, lag: int) -> bool:
        if one(self._db, f"select bool_or(revision) from {table}"):  # noqa: S608 - a table of the schema
            return True
        pairs = self._db.execute(
            f"select distinct observed_on, published_on from {table}"  # noqa: S608 - a table of the schema
        ).fetchnumpy()
        days = pairs["observed_on"].astype("datetime64[D]")
        return bool((pairs["published_on"].astype("datetime64[D]") > usable_from(days, lag)).any())

    def _rows(self, table: Table, *, versions: bool) -> _Rows:
        columns = self._columns(table)
        extra = ["published_on"] if versions else []
        order = " order by symbol, observed_on, published_on, batch" if versions else ""
        query = (
            f"select {', '.join(['symbol', 'observed_on', *extra, *columns])} from {table}{order}"  # noqa: S608 - names of the schema
        )
        answer = self._db.sql(query).to_arrow_table()
        return _Rows(
            self._position[_joined(answer.column("symbol"))],
            _joined(answer.column("observed_on")),
            _joined(answer.column("published_on")) if versions else None,
            {name: _joined(answer.column(name)) for name in columns},
        )

    def _columns(self, table: Table) -> list[str]:
        """Return the columns that hold anything, and those every market has."""
        numbers = SPECS[table].numbers
        counts = ", ".join(f"count({name})" for name in numbers)
        rows = self._db.execute(f"select {counts} from {table}").fetchall()  # noqa: S608 - names of the schema
        held = dict(zip(numbers, rows[0], strict=True))
        return [name for name in numbers if name in _ALWAYS or held[name]]


def _joined(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    """Return a column as one array: numbers as they are, NaN where there is none, days as whole numbers."""
    if column.type == pa.date32():
        column = column.cast(pa.int32())
    parts = [chunk.to_numpy(zero_copy_only=False) for chunk in column.chunks]
    joined: npt.NDArray[np.float64] = (
        np.concatenate(parts) if parts else np.zeros(0, column.type.to_pandas_dtype())
    )
    return joined


def _in_order(rows: _Rows) -> _Rows:
    """Return the rows by symbol and day; a file in order is left as it is."""
    keys = rows.codes.astype(np.int64) * (1 << 20) + rows.days
    return rows if (np.diff(keys) > 0).all() else rows.at(np.argsort(keys, kind="stable"))


def _versions(rows: _Rows, lag: int) -> _Rows:
    """Return versions by symbol, day and first usable day, the last where several share it.

    A day of publication before the market's own lag has passed counts as the lag's.
    """
    usable = usable_from(rows.days.astype("datetime64[D]"), lag).astype(np.int64)
    published = np.maximum(rows.published, usable)  # type: ignore[arg-type]
    # Rows came in order of publication and batch: among equals the stable order keeps the newest last.
    order = np.lexsort((published, rows.days, rows.codes))
    rows = rows._replace(published=published).at(order)
    keys = np.column_stack([rows.codes, rows.days, published[order]])
    last = np.append((np.diff(keys, axis=0) != 0).any(axis=1), np.ones(min(1, len(keys)), bool))
    rows, usable = rows.at(last), usable[order][last]
    alone = np.append((np.diff(keys[last][:, :2], axis=0) != 0).any(axis=1), True).all()
    if alone and rows.published is not None and (rows.published == usable).all():
        return rows._replace(published=None)
    return rows


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
