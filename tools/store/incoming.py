"""What a feed brought, made ready to be stored; what cannot be right goes into quarantine, with the reason.

A batch without a column that its table needs is refused whole: the provider has changed its form. One row or one
value that cannot be right is set aside and the rest is used. A market read from the store is therefore valid by the
rules of :mod:`tools.sources.checks` without being checked again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from tools.errors import SourceDownError
from tools.sources.checks import KINDS, RESERVED
from tools.store.schema import SPECS
from tools.store.versions import UNSAID

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from tools.sources.feeds import Batch, Table
    from tools.store.schema import TableSpec

    Bools = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

_NEVER_NEGATIVE = ("volume", "value", "listed_shares")
_OTHER_PRICES = ("open", "high", "low", "previous_close")


class Refused(NamedTuple):
    """A row or a value in quarantine."""

    reason: str
    content: str
    """The row as JSON."""


class Words(NamedTuple):
    """A column of text; the same few words stand in most of its rows."""

    spelled: tuple[str | None, ...]
    """Distinct words; None: nothing is said."""
    codes: npt.NDArray[np.intp]
    """Each row's place in `spelled`."""

    def where(self, told: Callable[[str | None], bool]) -> Bools:
        """Return of which rows something can be told of their word."""
        return np.asarray([told(word) for word in self.spelled], dtype=bool)[self.codes]

    def at(self, rows: Bools) -> Words:
        """Return some of the rows."""
        return Words(self.spelled, self.codes[rows])


class Incoming(NamedTuple):
    """The rows of a batch that can be used."""

    keys: tuple[Words, ...]
    """One column of names for each key of the table."""
    observed: Integers
    """Days since 1970-01-01; 0 in tables without days."""
    published: Integers
    """Days, or `UNSAID`."""
    numbers: dict[str, Floats]
    texts: dict[str, Words]
    refused: tuple[Refused, ...]


def accepted(batch: Batch, *, feed_key: str, retrieved: int) -> Incoming:
    """Return what can be used of a batch.

    Parameters
    ----------
    batch
        As the feed brought it.
    feed_key
        Named in the refusal.
    retrieved
        The market's day of retrieval: nothing is observed after it in prices and flows.

    Raises
    ------
    SourceDownError
        When a column is missing.
    """
    table, spec = batch.table, SPECS[batch.table]
    rows = _with_columns(batch.rows, spec)
    _require(rows, spec, table, feed_key)
    judge = _Judge(rows)
    keys = tuple(judge.names(key) for key in spec.keys)
    observed = judge.days("observed_on", needed=True) if spec.dated else np.zeros(len(rows), int)
    published = judge.days("published_on", needed=False)
    numbers = {name: judge.numbers(name) for name in spec.numbers}
    texts = {name: _texts(rows, name) for name in spec.texts}
    if spec.dated:
        early = (published != UNSAID) & (published < observed)
        judge.refuse(early, "published before it was observed")
    _judge_table(judge, table, observed, numbers, texts, retrieved)
    kept = ~judge.unused
    return Incoming(
        keys=tuple(words.at(kept) for words in keys),
        observed=observed[kept],
        published=published[kept],
        numbers={name: values[kept] for name, values in numbers.items()},
        texts={name: words.at(kept) for name, words in texts.items()},
        refused=tuple(judge.refused),
    )


def _with_columns(rows: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    """Return rows whose keys and days are columns, as market folders and :class:`MarketData` spell them too."""
    if set(spec.keys) & set(rows.index.names):
        rows = rows.reset_index()
    if spec.dated and "observed_on" not in rows and "date" in rows:
        rows = rows.rename(columns={"date": "observed_on"})
    return rows.reset_index(drop=True)


def _require(rows: pd.DataFrame, spec: TableSpec, table: Table, feed_key: str) -> None:
    days = ("observed_on",) if spec.dated else ()
    missing = [name for name in (*spec.keys, *days, *spec.required) if name not in rows.columns]
    if missing:
        raise SourceDownError(
            f"{feed_key.partition('/')[0]} gave no usable answer: rows of {table} without "
            f"{', '.join(missing)} ({feed_key})."
        )


class _Judge:
    """Reads the columns of a batch and keeps what it refuses."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self._rows = rows
        self.unused: Bools = np.zeros(len(rows), dtype=bool)
        self.refused: list[Refused] = []

    def refuse(self, bad: Bools, reason: str) -> None:
        """Set whole rows aside."""
        self._note(bad & ~self.unused, reason)
        self.unused |= bad

    def blank(self, values: Floats, bad: Bools, reason: str) -> None:
        """Set single values aside: what is left of the row says nothing of them."""
        self._note(bad & ~self.unused, reason)
        values[bad] = np.nan

    def _note(self, bad: Bools, reason: str) -> None:
        for row in np.flatnonzero(bad):
            content = self._rows.iloc[int(row)].to_dict()
            self.refused.append(
                Refused(reason, json.dumps(content, default=str, ensure_ascii=False))
            )

    def names(self, column: str) -> Words:
        """Return a column of names, refusing empty and reserved ones."""
        words = _texts(self._rows, column)
        self.refuse(words.where(lambda word: not word), f"no {column}")
        if column in ("sector", "symbol"):
            self.refuse(
                words.where(lambda word: word in RESERVED), f"a {column} whose name is taken"
            )
        return words

    def days(self, column: str, *, needed: bool) -> Integers:
        """Return a column of days; `UNSAID` where none is given and none needed."""
        if column not in self._rows.columns:
            return np.full(len(self._rows), UNSAID)
        raw = self._rows[column]
        days = pd.to_datetime(
            raw, errors="coerce", format=None if raw.dtype.kind == "M" else "ISO8601"
        )
        if getattr(days.dt, "tz", None) is not None:
            days = days.dt.tz_localize(None)
        unknown = days.isna().to_numpy()
        self.refuse(unknown if needed else unknown & raw.notna().to_numpy(), f"no {column}")
        whole = days.to_numpy().astype("datetime64[D]").astype(np.int64)
        return np.where(unknown, UNSAID, whole)

    def numbers(self, column: str) -> Floats:
        """Return a column of numbers; NaN where there is none."""
        if column not in self._rows.columns:
            return np.full(len(self._rows), np.nan)
        raw = self._rows[column]
        values = pd.to_numeric(raw, errors="coerce").to_numpy(dtype=np.float64, copy=True)
        bad = (np.isnan(values) & raw.notna().to_numpy()) | np.isinf(values)
        self.blank(values, bad, f"no number in {column}")
        return values


def _texts(rows: pd.DataFrame, column: str) -> Words:
    if column not in rows.columns:
        return Words((None,), np.zeros(len(rows), dtype=np.intp))
    codes, found = pd.factorize(rows[column])
    # The code of a missing cell, -1, is the last place.
    spelled = (*(str(word).strip() for word in found), None)
    return Words(spelled, np.where(codes < 0, len(spelled) - 1, codes).astype(np.intp))


def _judge_table(
    judge: _Judge,
    table: Table,
    observed: Integers,
    numbers: dict[str, Floats],
    texts: dict[str, Words],
    retrieved: int,
) -> None:
    if table in ("prices", "flows"):
        judge.refuse(observed > retrieved, "observed after it was retrieved")
    if table == "prices":
        _judge_prices(judge, numbers)
    elif table == "flows":
        for name, values in numbers.items():
            judge.refuse(~(values >= 0), f"no {name} of 0 or more")
    elif table in ("macro", "signals"):
        judge.refuse(np.isnan(numbers["value"]), "no value")
    elif table == "universe":
        kinds, sectors = texts["kind"], texts["sector"]
        judge.refuse(kinds.where(lambda kind: kind not in KINDS), "an unknown kind")
        homeless = kinds.where(lambda kind: kind == "sector") & sectors.where(lambda code: not code)
        judge.refuse(homeless, "a sector's own symbol without its sector")


def _judge_prices(judge: _Judge, numbers: dict[str, Floats]) -> None:
    judge.refuse(~(numbers["close"] > 0), "no close above 0")
    volume = numbers["volume"]
    for name in _OTHER_PRICES:
        values = numbers[name]
        bad = values < 0
        if name == "previous_close":
            bad = values <= 0
        elif name != "open":
            # Exchanges print 0 for high and low on a day without a trade: not known, not a price.
            bad = bad | ((values == 0) & (volume > 0))
        judge.blank(values, bad, f"an impossible {name}")
    for name in _NEVER_NEGATIVE:
        judge.blank(numbers[name], numbers[name] < 0, f"a negative {name}")
