"""Prices and flows that have versions: which version of each day was known at the end of a day.

A source that never revises hands over one row a day and none of this is needed. A history that was synced over years
has days that were corrected or came late, and then a view must show the version of its own time. The market is laid
out anew for each span of days in which no version was published, since everything else of it is the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from tools.measures.calendar import as_days, usable_from

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import numpy.typing as npt
    import pandas as pd

    from tools.measures.calendar import Days
    from tools.sources.base import MarketData

    Bools = npt.NDArray[np.bool_]

_KEPT = 3
"""Laid-out markets that are kept: each is as large as the market."""
_MEMO, _REVISED = "versions", "revised"


def has_versions(market_data: MarketData) -> bool:
    """Return whether prices or flows say when their rows were published."""
    return any(True for _ in _versioned(market_data))


def known_at(market_data: MarketData, as_of: date) -> MarketData:
    """Return the market with one version of each day: the newest that was published by the end of `as_of`.

    Parameters
    ----------
    market_data
        Prices and flows with or without `published_on`; without, it is returned as it is. Rows stand by symbol, date
        and publication.
    as_of
        A day in the market's time zone.

    Returns
    -------
    MarketData
        Without `published_on`. Rows that follow the market's lag stay, those after `as_of` too, since a view cuts
        them by their day; rows published later than the lag are there once they were published.
    """
    if not has_versions(market_data):
        return market_data
    memo = market_data.memo
    events = cast("Days", memo.get("version_days"))
    if events is None:
        events = memo["version_days"] = _events(market_data)
    span = int(np.searchsorted(events, np.datetime64(as_of, "D"), side="right"))
    kept = cast("dict[int, MarketData]", memo.setdefault(_MEMO, {}))
    if span not in kept:
        while len(kept) >= _KEPT:
            kept.pop(next(iter(kept)))
        last = events[span - 1] if span else np.datetime64("0001-01-01", "D")
        tables = {name: _known(rows, lag, last) for name, rows, lag in _versioned(market_data)}
        revised = {name: table.n_revised for name, table in tables.items()}
        kept[span] = replace(
            market_data,
            prices=tables["prices"].rows if "prices" in tables else market_data.prices,
            flows=tables["flows"].rows if "flows" in tables else market_data.flows,
            memo={_REVISED: revised},
        )
    return kept[span]


def n_revised(market_data: MarketData, table: str) -> int:
    """Return how many rows of a market from :func:`known_at` stand in place of an earlier version."""
    revised = cast("dict[str, int]", market_data.memo.get(_REVISED, {}))
    return revised.get(table, 0)


class _Known(NamedTuple):
    """One version of each day."""

    rows: pd.DataFrame
    n_revised: int
    """Earlier versions that were left out."""


def _versioned(market_data: MarketData) -> Iterator[tuple[str, pd.DataFrame, int]]:
    """Yield the tables that have versions, by name, with the market's lag."""
    market = market_data.market
    tables = (
        ("prices", market_data.prices, market.prices_days),
        ("flows", market_data.flows, market.flows_days),
    )
    for name, rows, lag in tables:
        if rows is not None and "published_on" in rows.columns:
            yield name, rows, lag


def _events(market_data: MarketData) -> Days:
    """Return the days on which a row became known otherwise than by the market's lag."""
    days = []
    for _, rows, lag in _versioned(market_data):
        first, late = _publication(rows, lag)
        days.append(first[late])
    found: Days = np.unique(np.concatenate(days))
    return found


def _publication(rows: pd.DataFrame, lag: int) -> tuple[Days, Bools]:
    """Return the first usable day of each row, and whether that is later than the market's lag."""
    usable = usable_from(as_days(rows["date"].to_numpy()), lag)
    published = np.maximum(as_days(rows["published_on"].to_numpy()), usable)
    return published, published > usable


def _known(rows: pd.DataFrame, lag: int, last: np.datetime64) -> _Known:
    """Return the newest version of each symbol and day, late ones only up to `last`."""
    published, late = _publication(rows, lag)
    there = np.flatnonzero(~late | (published <= last))
    codes = rows["symbol"].cat.codes.to_numpy()[there]
    days = as_days(rows["date"].to_numpy())[there]
    same = (codes[1:] == codes[:-1]) & (days[1:] == days[:-1])
    newest = np.append(~same, True)[: len(there)]
    chosen = rows.iloc[there[newest]]
    rows = chosen.drop(columns="published_on").reset_index(drop=True)
    return _Known(rows, int((~newest).sum()))
