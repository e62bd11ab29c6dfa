"""What syncs wrote down of themselves: how each feed fared, in the file of the rows that it brought."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tools.sources.base import FeedReport
from tools.store.appending import as_utc

if TYPE_CHECKING:
    import duckdb

_DONE_IN = """
select feed_key, max(finished_at) from outcomes where sync = ? and status = 'ok' group by feed_key
"""
_LAST_SYNC = """
with succeeded as (
    select feed_key, max(finished_at) as succeeded_at from outcomes where status = 'ok' group by all
), marks as (
    select feed_key, max(observed_to) as observed_to from batches group by all
), newest as (
    select * from outcomes where sync = (select max(sync) from outcomes)
    qualify row_number() over (partition by feed_key order by finished_at desc) = 1
)
select newest.* exclude (sync), succeeded_at, observed_to
from newest left join succeeded using (feed_key) left join marks using (feed_key)
order by finished_at, feed_key
"""


def last_sync(db: duckdb.DuckDBPyConnection) -> tuple[FeedReport, ...]:
    """Return how each feed fared at the last sync, in the order in which they ended."""
    return tuple(_report(row) for row in db.execute(_LAST_SYNC).fetchall())


def done_in(db: duckdb.DuckDBPyConnection, sync: int) -> dict[str, datetime]:
    """Return the feeds that came through in a sync, and when."""
    rows = db.execute(_DONE_IN, [sync]).fetchall()
    return {key: when.replace(tzinfo=UTC) for key, when in rows}


def record(db: duckdb.DuckDBPyConnection, sync: int, report: FeedReport) -> None:
    """Write down how a feed fared."""
    db.execute(
        "insert into outcomes values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            sync, report.feed_key, report.provider, report.table, report.status,
            report.message, json.dumps(report.notes, ensure_ascii=False),
            as_utc(report.finished_at), report.n_seen, report.n_new, report.n_revised,
            report.n_quarantined,
        ],
    )  # fmt: skip


def _report(row: tuple[Any, ...]) -> FeedReport:
    return FeedReport(
        feed_key=row[0],
        provider=row[1],
        table=row[2],
        status=row[3],
        message=row[4],
        notes=tuple(json.loads(row[5])),
        finished_at=row[6].replace(tzinfo=UTC),
        n_seen=row[7],
        n_new=row[8],
        n_revised=row[9],
        n_quarantined=row[10],
        succeeded_at=row[11] and row[11].replace(tzinfo=UTC),
        observed_to=row[12],
    )
