"""Taking a market folder into a history: anyone's own past, kept from then on like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.measures.calendar import as_days, usable_from
from tools.sources.feeds import Batch
from tools.sources.folder import MarketFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from tools.store.appending import Appended
    from tools.store.history import HistoryStore

PROVIDER = "folder"
SYMBOLS_AT_ONCE = 100


def import_folder(
    store: HistoryStore, path: Path, *, retrieved_at: datetime
) -> dict[str, Appended]:
    """Append everything that a market folder holds, and return what became of each of its tables.

    Rows count as published as the folder says: prices and flows after its own lags. Importing it again stores
    nothing; a folder that has changed since adds revisions, published on the day they are imported where the folder
    dates them no later.

    Raises
    ------
    UnusableInputError
        When the folder breaks the layout.
    """
    totals: dict[str, Appended] = {}
    for batch in _batches(path):
        key = f"{PROVIDER}/{batch.table}/{path.name}"
        appended = store.append(batch, feed_key=key, retrieved_at=retrieved_at)
        totals[batch.table] = appended.after(totals.get(batch.table))
    return totals


def _batches(path: Path) -> Iterator[Batch]:
    data = MarketFolder(path).load()
    yield Batch(table="sectors", rows=data.sectors)
    yield Batch(table="universe", rows=data.universe)
    for rows in _by_symbols(data.prices, data.market.prices_days):
        yield Batch(table="prices", rows=rows)
    if data.flows is not None:
        for rows in _by_symbols(data.flows, data.market.flows_days):
            yield Batch(table="flows", rows=rows)
    yield Batch(table="macro", rows=data.macro)
    if data.signals is not None:
        yield Batch(table="signals", rows=data.signals)


def _by_symbols(table: pd.DataFrame, lag: int) -> Iterator[pd.DataFrame]:
    """Yield the rows of some symbols at a time, dated: a whole market at once would fill the memory."""
    codes = table["symbol"].cat.codes.to_numpy()
    present = np.unique(codes)
    for start in range(0, len(present), SYMBOLS_AT_ONCE):
        chosen = present[start : start + SYMBOLS_AT_ONCE]
        rows = table[np.isin(codes, chosen)].rename(columns={"date": "observed_on"})
        days = usable_from(as_days(rows["observed_on"].to_numpy()), lag)
        yield rows.assign(published_on=pd.DatetimeIndex(days))
