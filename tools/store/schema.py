"""The tables of a history file.

Observations are only ever inserted. A name (symbol, series, unit) is stored once and stands as a number in the rows;
`batch` leads from a row to the answer it came with, and so to `retrieved_at`. What a sync remembers of itself
(batches, outcomes) is inserted in the transaction of the rows it speaks of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from tools.sources.feeds import Table

FORMAT = 1
"""Of the file; a file of another format is refused."""


@dataclass(frozen=True)
class TableSpec:
    """One table of observations."""

    keys: tuple[str, ...]
    """Names that, with the day of a dated table, name an observation."""
    numbers: tuple[str, ...]
    texts: tuple[str, ...]
    required: tuple[str, ...]
    """Columns that a batch must bring beside the keys and the day."""
    dated: bool = True

    @property
    def values(self) -> tuple[str, ...]:
        """What is observed."""
        return (*self.numbers, *self.texts)


SPECS: dict[Table, TableSpec] = {
    "sectors": TableSpec(("sector",), (), ("name", "name_vi", "proxy"), ("name",), dated=False),
    "universe": TableSpec(
        ("symbol",), (), ("name", "sector", "kind", "industry"), ("name", "kind"), dated=False
    ),
    "prices": TableSpec(
        ("symbol",),
        ("open", "high", "low", "close", "volume", "value", "previous_close", "listed_shares"),
        (),
        ("close",),
    ),
    "flows": TableSpec(
        ("symbol",),
        ("foreign_buy_value", "foreign_sell_value"),
        (),
        ("foreign_buy_value", "foreign_sell_value"),
    ),
    "macro": TableSpec(("series",), ("value",), ("unit",), ("value", "unit")),
    "signals": TableSpec(("name", "entity"), ("value",), ("unit",), ("value", "unit")),
}

_DDL = """
create table store (format integer, generation integer, base_generation integer);
create table names (id integer, name varchar);
create table batches (
    batch integer, feed_key varchar, provider varchar, table_name varchar, retrieved_at timestamp,
    observed_to date, n_seen integer, n_stored integer, n_revised integer, n_quarantined integer,
    notes varchar
);
create table outcomes (
    sync integer, feed_key varchar, provider varchar, table_name varchar, status varchar,
    message varchar, notes varchar, finished_at timestamp, n_seen integer, n_new integer,
    n_revised integer, n_quarantined integer
);
create table syncs (sync integer, finished_at timestamp);
create table quarantine (batch integer, table_name varchar, reason varchar, content varchar);
create table prices (
    symbol integer, observed_on date, published_on date, batch integer, revision boolean,
    open double, high double, low double, close double, volume double, value double,
    previous_close double, listed_shares double
);
create table flows (
    symbol integer, observed_on date, published_on date, batch integer, revision boolean,
    foreign_buy_value double, foreign_sell_value double
);
create table macro (
    series integer, observed_on date, published_on date, batch integer, revision boolean,
    value double, unit integer
);
create table signals (
    name integer, entity integer, observed_on date, published_on date, batch integer,
    revision boolean, value double, unit integer
);
create table sectors (
    sector integer, published_on date, batch integer, revision boolean,
    name integer, name_vi integer, proxy integer
);
create table universe (
    symbol integer, published_on date, batch integer, revision boolean,
    name integer, sector integer, kind integer, industry integer
);
"""
TABLES = tuple(line.split()[2] for line in _DDL.splitlines() if line.startswith("create table"))
"""Every table of a history file."""


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of a new history."""
    connection.execute("begin")
    connection.execute(_DDL)
    connection.execute("insert into store values (?, 0, 0)", [FORMAT])
    connection.execute("commit")


def columns_of(table: Table) -> tuple[str, ...]:
    """Return the columns of a table of observations, in order."""
    spec = SPECS[table]
    days = ("observed_on", "published_on") if spec.dated else ("published_on",)
    return (*spec.keys, *days, "batch", "revision", *spec.values)
