"""Looking a history through, and going back to its last good state.

Every block of a history file carries its checksum, which DuckDB compares whenever it reads the block, and the number
of rows is compared whenever a file is opened. What is done here costs more: the whole file against the sum written
down when it was published, and the rows against the rules of the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from tools.errors import SourceDownError
from tools.store.appending import connect, one
from tools.store.files import MANIFEST, WORKING, Manifest, Published, sha256_of
from tools.store.history import HistoryStore
from tools.store.journal import JOURNAL_FILE, Journal
from tools.store.schema import SPECS

if TYPE_CHECKING:
    from pathlib import Path

    from tools.sources.base import Market
    from tools.store.files import HistoryFiles

BROKEN = "broken-"
"""What a file that cannot be used is renamed to: nothing is deleted by mending."""


def check(folder: Path, market: Market) -> tuple[str, ...]:
    """Return what is wrong with a history that may be read, in sentences; nothing where it is sound."""
    files = HistoryStore(folder, market).files
    problems = [*Journal(folder).check()]
    try:
        manifest = files.manifest()
        if manifest is not None and not files.is_sound(manifest.current):
            problems.append(f"{manifest.current.name} is not as it was published")
        with HistoryStore.open(folder, market) as store:
            problems += [] if store.is_empty else problems_of(store.db)
    except SourceDownError as error:
        problems.append(str(error))
    return tuple(problems)


def problems_of(db: duckdb.DuckDBPyConnection) -> list[str]:
    """Return which rules of the store the rows of a file break; reads all of it."""
    found = []
    for table, spec in SPECS.items():
        names = [*spec.keys, *(["observed_on"] if spec.dated else [])]
        key, values = ", ".join(names), ", ".join(spec.values)
        # Only names of the schema stand in these queries.
        twice = f"""
            select count(*) from (
                select 1 from {table} group by {key}, published_on, batch having count(*) > 1
            )"""  # noqa: S608
        unchanged = f"""
            select count(*) from (
                select row({values}) as told, published_on, batch,
                    lag(row({values})) over (
                        partition by {key} order by published_on, batch) as before
                from {table}
                where ({key}) in (select ({key}) from {table} where revision)
            ) where told is not distinct from before"""  # noqa: S608
        firsts = f"""
            select count(*) from (
                select 1 from {table} group by {key} having count(*) filter (not revision) <> 1
            )"""  # noqa: S608
        told = {
            twice: "versions that are stored twice",
            unchanged: "versions that change nothing",
            firsts: "observations without exactly one first version",
        }
        found += [
            f"{table} has {n} {what}" for query, what in told.items() if (n := one(db, query))
        ]
    return found


def repair(folder: Path, market: Market) -> tuple[str, ...]:
    """Go back to the last good state, and say what was done.

    A file that cannot be used is renamed, not deleted. What a later sync had brought is brought again by the next
    one, since the marks of progress stand in the file that is gone back to.

    Raises
    ------
    SourceDownError
        When another process is writing.
    """
    store = HistoryStore(folder, market)
    files = store.files
    if not folder.is_dir():
        return (f"The market {market.id} has no history on this machine: nothing to mend.",)
    with files.writing():
        told = [*_mend_published(files, market), *_mend_working(files, market)]
        if Journal(folder).check():
            _set_aside(folder / JOURNAL_FILE)
            told.append(f"{JOURNAL_FILE} could not be read and was set aside.")
    return tuple(told) or (f"The history of market {market.id} is sound: nothing was changed.",)


def _mend_published(files: HistoryFiles, market: Market) -> list[str]:
    try:
        manifest = files.manifest()
    except SourceDownError:
        _set_aside(files.folder / MANIFEST)
        return _newest_sound(files, market, f"{MANIFEST} could not be read")
    if manifest is None or files.is_sound(manifest.current):
        return []
    broken = files.folder / manifest.current.name
    why = f"{broken.name} is not as it was published"
    if broken.exists():
        _set_aside(broken)
    if manifest.previous is not None and files.is_sound(manifest.previous):
        files.write_manifest(Manifest(manifest.previous, None, manifest.published_at))
        return [f"{why}: went back to {manifest.previous.name}, the last good state."]
    (files.folder / MANIFEST).unlink()
    return _newest_sound(files, market, why)


def _newest_sound(files: HistoryFiles, market: Market, why: str) -> list[str]:
    """Publish the newest generation that can be read whole."""
    for path in sorted(files.folder.glob("history-*.duckdb"), reverse=True):
        if _is_readable(path, market):
            generation = int(path.stem.rpartition("-")[2])
            found = Published(generation, path.stat().st_size, sha256_of(path))
            files.write_manifest(Manifest(found, None, "found by repair"))
            return [f"{why}: went back to {path.name}, which can be read whole."]
        _set_aside(path)
    return [f"{why}, and no earlier state is left: the next sync begins anew."]


def _mend_working(files: HistoryFiles, market: Market) -> list[str]:
    if not files.working.exists() or _is_readable(files.working, market, write=True):
        return []
    _set_aside(files.working)
    log = files.working.with_name(f"{WORKING}.wal")
    if log.exists():
        _set_aside(log)
    return [f"{WORKING} could not be read and was set aside: what it held is asked for again."]


def _is_readable(path: Path, market: Market, *, write: bool = False) -> bool:
    """Return whether every row of a file can be read and keeps the rules."""
    try:
        with connect(path, read_only=not write) as db:
            store = HistoryStore(path.parent, market)
            store.check_file(db)
            for table in SPECS:
                # Reading every value makes DuckDB compare the checksum of every block.
                one(db, f"select bit_xor(hash({table})) from {table}")  # noqa: S608 - a table of the schema
            return not problems_of(db)
    except (duckdb.Error, SourceDownError):
        return False


def _set_aside(path: Path) -> None:
    path.replace(path.with_name(f"{BROKEN}{path.name}"))
