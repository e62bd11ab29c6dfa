"""Putting a history file in order of symbol and day.

Feeds append in the order in which they answer, and every later day comes behind everything before it. A file in order
is read in the order in which a market is laid out, and is a third smaller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.store.schema import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

_FEW_ROWS = 50_000
_TAIL = 0.05
_CLUSTERED = ("prices", "flows")
_RANKS = "(select id, row_number() over (order by name) as place from names)"


def is_worth_clustering(db: duckdb.DuckDBPyConnection) -> bool:
    """Return whether so many rows stand out of order that reading takes longer."""
    return any(_tail(db, table) > _TAIL for table in _CLUSTERED)


def _tail(db: duckdb.DuckDBPyConnection, table: str) -> float:
    """Return the fraction of rows behind the first one that stands out of order."""
    names = db.execute("select name from names order by id").fetchall()
    query = f"select symbol, observed_on - date '1970-01-01' as day from {table}"  # noqa: S608 - a table of the schema
    rows = db.execute(query).fetchnumpy()
    symbols, days = rows["symbol"], rows["day"]
    if len(symbols) < _FEW_ROWS:
        return 0.0
    rank = np.argsort(np.argsort(np.asarray([name for (name,) in names], dtype=object)))
    keys = rank[symbols].astype(np.int64) * (1 << 20) + days
    broken = np.flatnonzero(np.diff(keys) < 0)
    return 0.0 if not len(broken) else 1.0 - (int(broken[0]) + 1) / len(keys)


def cluster(db: duckdb.DuckDBPyConnection, path: Path) -> Path:
    """Write everything to a new file at `path`, in order, and return it."""
    db.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as ordered")
    for table in TABLES:
        db.execute(f"create table ordered.{table} as {_rows_of(table)}")
    db.execute("checkpoint ordered")
    db.execute("detach ordered")
    return path


def _rows_of(table: str) -> str:
    """Return the query for all rows of a table, in order where that matters."""
    if table not in _CLUSTERED:
        return f"from {table}"
    return (
        f"select t.* from {table} t join {_RANKS} r on r.id = t.symbol "  # noqa: S608 - a table of the schema
        "order by r.place, t.observed_on, t.published_on, t.batch"
    )
