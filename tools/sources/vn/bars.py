"""Daily bars as two providers chart them, turned into price rows in dong and in points.

Vietcap charts shares in dong and VNDirect in thousands of dong; both chart indices in points. Both adjust older
prices for corporate actions, so that a level depends on the day of asking. Returns do not: every row carries as its
`previous_close` the close before it from the same answer, and the ratio of the two never changes.

A row that cannot be right is left out with a note; an answer of which nothing can be right is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from tools.sources.vn import answers, units
from tools.sources.vn.sectors import INDICES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tools.sources.http import Fetcher

    Floats = units.Floats
    Bools = units.Bools

COLUMNS = (
    "symbol", "observed_on", "published_on",
    "open", "high", "low", "close", "volume", "value", "previous_close",
)  # fmt: skip
MILLION = 1e6
WIDEST_DAY = 2.0
"""How far a day's prices may lie apart: the widest limit of the exchanges is 40 % either way, on a first day."""
LARGEST_VOLUME = 1e12
"""A hundred times what the whole exchange has ever traded in a day."""
ROUNDING = 1e-3
"""How far a close may lie outside the day's range: indices are rounded on their own."""


class Chart(NamedTuple):
    """Bars of one instrument, checked, oldest first, with what was left out."""

    rows: pd.DataFrame
    notes: tuple[str, ...]
    left_out: tuple[date, ...] = ()
    """Days whose bar could not be right."""


class _Bars(NamedTuple):
    """Rows as they came, in the wanted unit; NaN where nothing usable came."""

    days: answers.Days
    table: pd.DataFrame


def read_chart(
    raw: Mapping[str, object],
    *,
    symbol: str,
    until: date,
    fetcher: Fetcher,
    share_unit: float = 1.0,
    known_close: float | None = None,
) -> Chart:
    """Return the bars of one instrument from the parallel arrays `t`, `o`, `h`, `l`, `c`, `v`.

    Parameters
    ----------
    raw
        The arrays; numbers may be text, any element may be null.
    until
        The newest day whose session is over; later bars are not finished.
    share_unit
        Dong in the provider's unit of a share's price.
    known_close
        An earlier close in dong or points, where one is known: a newest price far from it is in another unit.

    Raises
    ------
    SourceDownError
        When an array is missing or of another length, or no row can be right.
    """
    share = symbol not in INDICES
    came = _arrays(raw, symbol, fetcher, share_unit if share else 1.0)
    dated, unreadable = _dated(came, symbol, until)
    kept, notes = _kept(dated, symbol, known_close)
    if kept.empty and (unreadable or len(dated)):
        raise fetcher.down(f"no bar of {symbol} that can be right")
    left_out = set(dated["observed_on"]) - set(kept["observed_on"])
    return Chart(
        _finished(kept, symbol, share=share),
        (*unreadable, *notes),
        tuple(sorted(day.date() for day in left_out)),
    )


def _arrays(raw: Mapping[str, object], symbol: str, fetcher: Fetcher, scale: float) -> _Bars:
    lists: dict[str, list[object]] = {}
    for key in "tohlcv":
        found = raw.get(key)
        if not isinstance(found, list):
            raise fetcher.down(f"bars of {symbol} without the array {key}")
        lists[key] = found
    if len({len(found) for found in lists.values()}) > 1:
        raise fetcher.down(f"bars of {symbol} in arrays of different lengths")
    if not lists["t"]:
        raise fetcher.down(f"no bar of {symbol}")
    days = answers.session_days(lists["t"])
    table = pd.DataFrame(
        {
            name: _scaled(lists[key], scale)
            for name, key in (("open", "o"), ("high", "h"), ("low", "l"), ("close", "c"))
        }
    )
    table["volume"] = answers.numbers(lists["v"])
    values = raw.get("accumulatedValue")
    stated = isinstance(values, list) and len(values) == len(days)
    table["value"] = _scaled(values, MILLION) if stated and isinstance(values, list) else np.nan
    return _Bars(days, table)


def _scaled(raw: list[object], unit: float) -> Floats:
    """Return numbers in our unit, rounded to more digits than a price has; NaN where there is none."""
    with np.errstate(over="ignore", invalid="ignore"):
        values = np.round(answers.numbers(raw) * unit, 4)
    return np.where(np.isfinite(values), values, np.nan)


def _dated(came: _Bars, symbol: str, until: date) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the rows of finished sessions, oldest first; a session that goes on is not worth a note."""
    table = came.table.assign(observed_on=came.days.astype("datetime64[us]"))
    undated = table["observed_on"].isna().to_numpy()
    notes = answers.left_out(symbol, "their stamp is no session", np.flatnonzero(undated))
    over = (table["observed_on"] <= pd.Timestamp(until)).to_numpy()
    table = table[over].drop_duplicates()
    return table.sort_values("observed_on", ignore_index=True), notes


def _kept(
    table: pd.DataFrame, symbol: str, known_close: float | None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the rows that can be right, one a day, and say which are not and why."""
    usual = units.INDEX_POINTS if symbol in INDICES else units.SHARE_VND
    notes: tuple[str, ...] = ()
    for why, find in (
        ("two bars for one day", _twice),
        ("they have no close", _unpriced),
        ("their prices or volume contradict each other", _contradicting),
        ("in another unit", lambda rows: _alien(rows, usual, known_close)),
    ):
        bad = find(table)
        days = table["observed_on"][bad].dt.date
        notes += answers.left_out(symbol, why, days)
        table = table[~bad].reset_index(drop=True)
    return table, notes


def _twice(table: pd.DataFrame) -> Bools:
    return table["observed_on"].duplicated(keep=False).to_numpy()


def _unpriced(table: pd.DataFrame) -> Bools:
    return np.asarray(~(table["close"].to_numpy(dtype=np.float64) > 0))


def _contradicting(table: pd.DataFrame) -> Bools:
    volume = table["volume"].to_numpy(dtype=np.float64)
    return np.asarray((volume < 0) | (volume > LARGEST_VOLUME) | _outside(table))


def _alien(table: pd.DataFrame, usual: units.Range, known_close: float | None) -> Bools:
    close = table["close"].to_numpy(dtype=np.float64)
    return ~units.in_one_unit(close, usual, known_close)


def _outside(table: pd.DataFrame) -> Bools:
    """Mark rows whose close, open or range contradict each other or lie too far apart for one day.

    What is 0 or NaN is not known and contradicts nothing.
    """
    seen = {name: _positive(table[name]) for name in ("open", "high", "low", "close")}
    low, high = seen["low"] * (1 - ROUNDING), seen["high"] * (1 + ROUNDING)
    bad = (table[["open", "high", "low"]] < 0).any(axis=1).to_numpy() | (low > high)
    for name in ("open", "close"):
        bad = bad | (seen[name] < low) | (seen[name] > high)
    for name in ("open", "high", "low"):
        apart = seen[name] / seen["close"]
        bad = bad | (apart > WIDEST_DAY) | (apart < 1 / WIDEST_DAY)
    return np.asarray(bad)


def _positive(column: pd.Series) -> Floats:
    values = column.to_numpy(dtype=np.float64)
    return np.where(values > 0, values, np.nan)


def _finished(table: pd.DataFrame, symbol: str, *, share: bool) -> pd.DataFrame:
    """Return the columns of a price table; a value that cannot be price times volume is not known."""
    for name in ("open", "high", "low"):
        table[name] = _positive(table[name])
    close, volume = (table[name].to_numpy(dtype=np.float64) for name in ("close", "volume"))
    agreeing = units.agree(table["value"].to_numpy(dtype=np.float64), close, volume)
    table["value"] = table["value"].where(agreeing & share)
    table["previous_close"] = table["close"].shift()
    table["published_on"] = table["observed_on"]
    table["symbol"] = symbol
    return table[list(COLUMNS)]
