"""Appending to a history file: rows, the names they use and how far their feed has come, in one transaction."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa

from tools.measures.calendar import usable_from
from tools.store.incoming import accepted
from tools.store.schema import SPECS, columns_of
from tools.store.versions import Versions, new_versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tools.sources.base import Market
    from tools.sources.feeds import Batch, Table
    from tools.store.incoming import Incoming, Words
    from tools.store.versions import Floats, Integers, NewVersions

EPOCH = date(1970, 1, 1)


class Appended(NamedTuple):
    """What became of a batch."""

    n_seen: int
    n_new: int
    """Observations that were not known."""
    n_revised: int
    n_quarantined: int
    observed_to: date | None
    """The newest day in it, for a table without days the market's day of retrieval; None: no row could be used."""

    def after(self, earlier: Appended | None) -> Appended:
        """Return what became of this batch and of earlier ones together."""
        if earlier is None:
            return self
        days = [day for day in (earlier.observed_to, self.observed_to) if day is not None]
        return Appended(
            earlier.n_seen + self.n_seen,
            earlier.n_new + self.n_new,
            earlier.n_revised + self.n_revised,
            earlier.n_quarantined + self.n_quarantined,
            max(days, default=None),
        )


class Appender:
    """Appends batches to an open history file.

    Parameters
    ----------
    db
        The file, open for writing.
    market
        Its lags and time zone date what a provider does not.
    """

    def __init__(self, db: duckdb.DuckDBPyConnection, market: Market) -> None:
        self._db = db
        self._market = market
        self._zone = ZoneInfo(market.timezone)
        names = db.execute("select name, id from names order by id").fetchall()
        self._names: dict[str, int] = dict(names)
        self._batch = cast("int", one(db, "select coalesce(max(batch), 0) + 1 from batches"))

    def append(self, batch: Batch, *, feed_key: str, retrieved_at: datetime) -> Appended:
        """Store what is new in a batch; see :meth:`HistoryStore.append`."""
        if batch.rows.empty:
            return Appended(0, 0, 0, 0, None)
        today = retrieved_at.astimezone(self._zone).date()
        incoming = accepted(batch, feed_key=feed_key, retrieved=(today - EPOCH).days)
        n_names = len(self._names)
        try:
            with transaction(self._db):
                stored = self._new_versions(batch.table, incoming, (today - EPOCH).days)
                self._insert_names(n_names)
                self._insert(batch.table, stored)
                appended = Appended(
                    len(batch.rows),
                    int((~stored.revision).sum()),
                    int(stored.revision.sum()),
                    self._insert_refused(batch.table, incoming),
                    _observed_to(batch.table, incoming, today),
                )
                self._insert_batch(batch, appended, feed_key, retrieved_at)
        except BaseException:
            for name in list(self._names)[n_names:]:
                del self._names[name]
            raise
        self._batch += 1
        return appended

    def _new_versions(self, table: Table, incoming: Incoming, retrieved: int) -> NewVersions:
        spec, n_names = SPECS[table], len(self._names)
        ids = [self._as_numbers(words) for words in incoming.keys]
        keys = np.column_stack([*ids, incoming.observed] if spec.dated else ids)
        texts = [self._as_numbers(incoming.texts[name]) for name in spec.texts]
        values = np.column_stack([*incoming.numbers.values(), *texts])
        rows = Versions(keys.astype(np.int64), incoming.published, values)
        unheard_of = not len(keys) or bool((ids[0] >= n_names).all())
        known = _none_of(rows) if unheard_of else self._known(table, keys)
        first = self._first_published(table, incoming.observed, retrieved)
        return new_versions(rows, known, first=first, retrieved=retrieved)

    def _as_numbers(self, words: Words) -> Floats:
        """Return the numbers of words, new ones for new words, NaN where nothing is said."""
        known = self._names
        numbers = np.full(len(words.spelled), np.nan)
        for place in np.unique(words.codes):
            word = words.spelled[place]
            if word is not None:
                numbers[place] = known.setdefault(word, len(known))
        return numbers[words.codes]

    def _first_published(self, table: Table, observed: Integers, retrieved: int) -> Integers:
        lags = {"prices": self._market.prices_days, "flows": self._market.flows_days}
        if table not in lags:
            return np.maximum(observed, retrieved)
        days = usable_from(observed.astype("datetime64[D]"), lags[table])
        return days.astype(np.int64)

    def _known(self, table: Table, keys: Integers) -> Versions:
        """Return every version of the observations between the lowest and the highest of `keys`."""
        spec = SPECS[table]
        names = [*spec.keys, *(["observed_on"] if spec.dated else [])]
        where = " and ".join(f"{name} between ? and ?" for name in names)
        bounds: list[object] = []
        for name, low, high in zip(names, keys.min(axis=0), keys.max(axis=0), strict=True):
            both = (int(low), int(high))
            bounds += [_day(day) for day in both] if name == "observed_on" else both
        days = [name for name in ("observed_on", "published_on") if name in columns_of(table)]
        epoch = [f"{name} - date '1970-01-01' as {name}" for name in days]
        # Only names of the schema stand in the text of the query.
        query = (
            f"select {', '.join([*spec.keys, *epoch, *spec.values])} from {table} where {where} "  # noqa: S608
            "order by published_on, batch, rowid"
        )
        found = self._db.execute(query, bounds).fetchnumpy()
        filled = {
            name: np.ma.filled(np.ma.asarray(column, dtype=np.float64), np.nan)
            for name, column in found.items()
        }
        return Versions(
            np.column_stack([filled[name] for name in names]).astype(np.int64),
            filled["published_on"].astype(np.int64),
            np.column_stack([filled[name] for name in spec.values]),
        )

    def _insert_names(self, n_before: int) -> None:
        new = list(self._names)[n_before:]
        if new:
            ids = pa.array(range(n_before, len(self._names)), pa.int32())
            self._insert_rows("names", pa.table({"id": ids, "name": pa.array(new)}))

    def _insert(self, table: Table, stored: NewVersions) -> None:
        spec, n_rows = SPECS[table], len(stored.revision)
        if not n_rows:
            return
        order = np.lexsort((stored.published, *stored.keys.T[::-1]))
        keys, values = stored.keys[order].astype(np.int32), stored.values[order]
        columns = {name: pa.array(keys[:, place]) for place, name in enumerate(spec.keys)}
        if spec.dated:
            columns["observed_on"] = pa.array(keys[:, -1]).cast(pa.date32())
        published = pa.array(stored.published[order].astype(np.int32))
        columns["published_on"] = published.cast(pa.date32())
        columns["batch"] = pa.array(np.full(n_rows, self._batch, dtype=np.int32))
        columns["revision"] = pa.array(stored.revision[order])
        for place, name in enumerate(spec.values):
            column = pa.array(values[:, place], from_pandas=True)
            columns[name] = column.cast(pa.int32()) if name in spec.texts else column
        self._insert_rows(table, pa.table({name: columns[name] for name in columns_of(table)}))

    def _insert_rows(self, table: str, rows: pa.Table) -> None:
        self._db.register("appended_rows", rows)
        self._db.execute(f"insert into {table} select * from appended_rows")  # noqa: S608 - a table of the schema
        self._db.unregister("appended_rows")

    def _insert_refused(self, table: Table, incoming: Incoming) -> int:
        n_fresh = 0
        for refused in incoming.refused:
            told = [table, refused.reason, refused.content]
            if not one(self._db, _IN_QUARANTINE, told):
                self._db.execute("insert into quarantine values (?, ?, ?, ?)", [self._batch, *told])
                n_fresh += 1
        return n_fresh

    def _insert_batch(
        self, batch: Batch, appended: Appended, feed_key: str, retrieved_at: datetime
    ) -> None:
        self._db.execute(
            "insert into batches values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                self._batch, feed_key, feed_key.partition("/")[0], batch.table,
                as_utc(retrieved_at), appended.observed_to, appended.n_seen,
                appended.n_new + appended.n_revised, appended.n_revised,
                appended.n_quarantined, json.dumps(batch.notes, ensure_ascii=False),
            ],
        )  # fmt: skip


_IN_QUARANTINE = """
select count(*) from quarantine where table_name = ? and reason = ? and content = ?
"""


@contextmanager
def transaction(db: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Keep everything that is done inside, or nothing."""
    db.execute("begin")
    try:
        yield
    except BaseException:
        db.execute("rollback")
        raise
    db.execute("commit")


def connect(path: Path, *, read_only: bool, memory: str | None = None) -> duckdb.DuckDBPyConnection:
    """Open a file: nothing is fetched for it, and nothing is drawn on stdout, where answers go."""
    config: dict[str, Any] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    if memory is not None:
        config["memory_limit"] = memory
    db = duckdb.connect(str(path), read_only=read_only, config=config)
    db.execute("set enable_progress_bar = false")
    return db


def one(
    db: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] | None = None
) -> object:
    """Return the first value of a query's first row."""
    # All rows are fetched: a connection with an unfinished result refuses its next query.
    rows = db.execute(query, values).fetchall()
    return rows[0][0] if rows else None


def as_utc(moment: datetime) -> datetime:
    """Return a moment as the file keeps it: in UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _none_of(rows: Versions) -> Versions:
    return Versions(rows.keys[:0], rows.published[:0], rows.values[:0])


def _day(number: int) -> date:
    return date.fromordinal(number + EPOCH.toordinal())


def _observed_to(table: Table, incoming: Incoming, today: date) -> date | None:
    if not SPECS[table].dated:
        return today
    return _day(int(incoming.observed.max())) if len(incoming.observed) else None
