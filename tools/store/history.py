"""The history of one market: appended to by one process, read by any number, and never overwritten.

Every row says what was observed when (`observed_on`), since when it could be known (`published_on`) and, through its
batch, when it was retrieved. What the market was known to be on a day is therefore a question that can be asked of
any day, and its answer changes only by what a provider itself dates back.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self, cast

import duckdb

from tools.errors import SectorvaneError, SourceDownError
from tools.store import history_folder, outcomes
from tools.store.appending import Appender, as_utc, connect, one
from tools.store.clustering import cluster, is_worth_clustering
from tools.store.files import HistoryFiles
from tools.store.journal import Journal
from tools.store.reading import read_market, read_universe
from tools.store.schema import FORMAT, SPECS, create

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path
    from types import TracebackType

    import pandas as pd

    from tools.sources.base import FeedReport, Market, MarketData
    from tools.sources.feeds import Batch
    from tools.store.appending import Appended
    from tools.store.journal import JournalEntry

_WRITER_MEMORY = "384MB"


class HistoryStore:
    """The history of one market; use it as a context manager.

    Opened by :meth:`open` or :meth:`at`. A reader sees what was published when it opened the history; a writer sees
    what it has appended as well, and makes it seen by :meth:`publish`.
    """

    def __init__(self, folder: Path, market: Market) -> None:
        self.files = HistoryFiles(folder, market.id)
        self.market = market
        self._stack = ExitStack()
        self._db: duckdb.DuckDBPyConnection | None = None
        self._appender: Appender | None = None
        self._marks: dict[str, date] = {}

    @classmethod
    def open(cls, folder: Path, market: Market, *, write: bool = False) -> HistoryStore:
        """Open the history in a folder.

        Parameters
        ----------
        folder
            Of this history alone; a writer makes it.
        market
            Its lags and its time zone date what a provider does not.
        write
            Be the one writer.

        Raises
        ------
        SourceDownError
            When another process writes, or the history is damaged; the message says what to run.
        """
        store = cls(folder, market)
        try:
            if write:
                store._stack.enter_context(store.files.writing())
                store._open_working()
            else:
                store._open_published()
        except OSError as error:
            store.close()
            raise store.unwritable(error.strerror or type(error).__name__) from error
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def at(cls, home: Path, market: Market, *, write: bool = False) -> HistoryStore:
        """Open the history that a home keeps of a market."""
        return cls.open(history_folder(home, market.storage_key), market, write=write)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was appended stays, published or not."""
        if self._db is not None:
            self._db.close()
        self._db = self._appender = None
        self._stack.close()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever stored, or published for a reader to see."""
        return self._db is None or one(self._db, "select count(*) from batches") == 0

    def append(self, batch: Batch, *, feed_key: str, retrieved_at: datetime) -> Appended:
        """Store what is new in a batch, its progress mark with it, in one transaction.

        Appending the same batch again stores nothing.

        Raises
        ------
        SourceDownError
            When the batch lacks a column.
        SectorvaneError
            When the file cannot be written.
        """
        if self._appender is None:
            raise ValueError("the history is open for reading only")
        try:
            appended = self._appender.append(batch, feed_key=feed_key, retrieved_at=retrieved_at)
        except duckdb.Error as error:
            raise self.unwritable(_first_line(error)) from error
        if appended.observed_to is not None:
            mark = self._marks.get(feed_key, appended.observed_to)
            self._marks[feed_key] = max(mark, appended.observed_to)
        return appended

    def progress(self, feed_key: str) -> date | None:
        """Return the newest day a feed has brought, for a table without days the day it was last heard."""
        return self._marks.get(feed_key)

    def universe(self) -> pd.DataFrame | None:
        """Return the newest known universe by symbol, None where there is none."""
        if self._db is None:
            return None
        universe = read_universe(self._db)
        return None if universe.empty else universe

    def last_closes(self) -> dict[str, float]:
        """Return the newest close of each symbol."""
        return {} if self._db is None else dict(self._db.execute(_LAST_CLOSES).fetchall())

    def market_data(self) -> MarketData:
        """Return the whole market, every version of every row.

        Raises
        ------
        SourceDownError
            When nothing has been synced, or the benchmark has not, or the file is damaged.
        """
        if self._db is None:
            raise self._unsynced("has no prices")
        try:
            data = read_market(self._db, self.market, self.last_sync())
        except duckdb.Error as error:
            raise self.files.damaged(_first_line(error)) from error
        if data.prices.empty:
            raise self._unsynced("has no prices")
        benchmark = data.market.benchmark
        if benchmark and not (data.prices["symbol"] == benchmark).any():
            raise self._unsynced(f"has no prices of its benchmark {benchmark}")
        return data

    def _unsynced(self, lacks: str) -> SourceDownError:
        name = self.market.id
        return SourceDownError(
            f"The market {name} {lacks} on this machine yet: "
            f"run `sectorvane sync --market {name}` first."
        )

    def last_sync(self) -> tuple[FeedReport, ...]:
        """Return how each feed fared at the last sync, in the order in which they ended."""
        if self._db is None:
            return ()
        return outcomes.last_sync(self._db)

    def current_sync(self) -> int:
        """Return the number of the sync that was cut off, or would be the next."""
        query = "select coalesce(max(sync), 0) + 1 from syncs"
        return cast("int", one(self.db, query))

    def done_in(self, sync: int) -> dict[str, datetime]:
        """Return the feeds that came through in a sync, and when."""
        return outcomes.done_in(self.db, sync)

    def record(self, sync: int, report: FeedReport) -> None:
        """Write down how a feed fared."""
        outcomes.record(self.db, sync, report)

    def finish_sync(self, sync: int, finished_at: datetime) -> None:
        """Write down that a sync has gone through all its feeds."""
        self.db.execute("insert into syncs values (?, ?)", [sync, as_utc(finished_at)])

    def quarantined(self) -> list[tuple[str, str, str]]:
        """Return table, reason and content of what cannot be right, oldest first."""
        query = "select table_name, reason, content from quarantine order by batch"
        rows = self._db.execute(query).fetchall() if self._db is not None else []
        return cast("list[tuple[str, str, str]]", rows)

    def journal(self, entry: JournalEntry) -> bool:
        """Write down what a remote tool answered, reader or writer; return whether it was new."""
        return Journal(self.files.folder).add(entry)

    def journalled(self, **wanted: Any) -> tuple[JournalEntry, ...]:  # noqa: ANN401 - as Journal.entries takes them
        """Return the answers of remote tools that :meth:`Journal.entries` finds."""
        return Journal(self.files.folder).entries(**wanted)

    @property
    def db(self) -> duckdb.DuckDBPyConnection:
        """The open file, for queries over the tables of :mod:`tools.store.schema`.

        Raises
        ------
        ValueError
            When nothing is published, or the store is closed.
        """
        if self._db is None:
            raise ValueError("no history is open")
        return self._db

    def publish(self, *, go_on: bool = True) -> None:
        """Make readers see what was appended, and go on writing where that is wanted.

        The published file is the working file itself, or, where much was appended out of order, a copy of it in
        order of symbol and day, which is what makes reading a view quick.

        Raises
        ------
        SectorvaneError
            When the file cannot be written; what was appended stays.
        """
        try:
            self._publish()
        except duckdb.Error as error:
            raise self.unwritable(_first_line(error)) from error
        except OSError as error:
            raise self.unwritable(error.strerror or type(error).__name__) from error
        if go_on:
            self._open_working()

    def unwritable(self, why: str) -> SectorvaneError:
        """Return the error that says why nothing can be written."""
        return SectorvaneError(f"The history of market {self.market.id} cannot be written: {why}.")

    def _publish(self) -> None:
        """Close the working file and make it, or an ordered copy of it, the next generation."""
        db = self.db
        if self._appender is None:
            raise ValueError("the history is open for reading only")
        db.execute("update store set generation = base_generation + 1")
        generation = cast("int", one(db, "select generation from store"))
        file = self.files.working
        if is_worth_clustering(db):
            file = cluster(db, self.files.folder / "clustered.new")
        db.execute("checkpoint")
        db.close()
        self._db = self._appender = None
        self.files.publish(generation, file)

    def _open_published(self) -> None:
        path = self.files.published()
        if path is None:
            return
        try:
            self._db = connect(path, read_only=True)
            self._check()
        except duckdb.Error as error:
            if not path.exists():
                # Two newer generations were published since the manifest was read.
                self._open_published()
                return
            raise self.files.damaged(_first_line(error)) from error

    def _open_working(self) -> None:
        taken = self.files.take_up()
        manifest = self.files.manifest()
        published = manifest.current.generation if manifest else 0
        try:
            self._db = connect(self.files.working, read_only=False, memory=_WRITER_MEMORY)
            # A kill between making the file and making its tables leaves a file without tables.
            if taken == "new" or not _has_tables(self._db):
                create(self._db)
            elif taken == "left" and _is_left_over(self._db, published):
                self._db.close()
                self.files.drop_working()
                self._open_working()
                return
            self._db.execute("update store set base_generation = ?", [published])
            self._check()
        except duckdb.Error as error:
            raise self.files.damaged(_first_line(error)) from error
        self._appender = Appender(self._db, self.market)

    def _check(self) -> None:
        """Refuse a file that is not whole; read the marks of progress."""
        self.check_file(self.db)
        self._marks = dict(self.db.execute(_MARKS).fetchall())

    def check_file(self, db: duckdb.DuckDBPyConnection) -> None:
        """Refuse a file of another format, or one that holds other rows than its batches have stored.

        Raises
        ------
        SourceDownError
            With the command that mends it.
        """
        found = one(db, "select format from store")
        if found != FORMAT:
            raise SourceDownError(
                f"The history of market {self.market.id} has format {found}; this version reads format {FORMAT}."
            )
        stored = dict(db.execute(_STORED).fetchall())
        for table in SPECS:
            held = one(db, f"select count(*) from {table}")  # noqa: S608 - a table of the schema
            if held != stored.get(table, 0):
                raise self.files.damaged(
                    f"{table} holds {held} rows, and {stored.get(table, 0)} were stored"
                )


_LAST_CLOSES = """
select n.name, arg_max(p.close, (p.observed_on, p.published_on, p.batch))
from prices p join names n on n.id = p.symbol group by n.name
"""
_STORED = "select table_name, sum(n_stored)::bigint from batches group by table_name"
_MARKS = "select feed_key, max(observed_to) from batches where observed_to is not null group by all"


def _has_tables(db: duckdb.DuckDBPyConnection) -> bool:
    return one(db, "select count(*) from duckdb_tables() where table_name = 'store'") == 1


def _is_left_over(db: duckdb.DuckDBPyConnection, published: int) -> bool:
    """Whether what a working file holds has been published already, in order, under a newer generation."""
    base = cast("int", one(db, "select base_generation from store"))
    return base < published


def _first_line(error: duckdb.Error) -> str:
    return str(error).splitlines()[0].rstrip(".")
