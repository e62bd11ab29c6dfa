"""Which rows of an answer are new versions of what is known, and since when each counts as published.

The rules, for one observation whose known versions are in order of publication:

- Nothing known: the row is the first version, published on the day it says, else after the market's lag.
- The row says no day: it is compared with the newest version; a change is published on the day of retrieval.
- The row says a day: it is compared with the version in force on that day; a change is published on that day.
  Where a version of that very day says otherwise, the provider has changed its mind about the past, which was not
  known then: the change is published on the day of retrieval.
- A missing value says nothing: it takes the value of the version that it is compared with.

An unchanged row is no version. Whole answers are settled at once where a row stands alone for its observation; the
rest goes one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

    Integers = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]

UNSAID = np.iinfo(np.int64).min
"""Stands for a day of publication that the provider does not say."""


class Versions(NamedTuple):
    """Versions of observations, one a row."""

    keys: Integers
    """Of shape (n_rows, n_keys): what names the observation, its day included."""
    published: Integers
    """Days since 1970-01-01, or `UNSAID`."""
    values: Floats
    """Of shape (n_rows, n_values); NaN where nothing is said."""


class NewVersions(NamedTuple):
    """What is to be stored."""

    keys: Integers
    published: Integers
    values: Floats
    revision: Bools
    """Whether the observation was known before."""


class _Version(NamedTuple):
    published: int
    values: tuple[float, ...]


def new_versions(
    incoming: Versions, known: Versions, *, first: Integers, retrieved: int
) -> NewVersions:
    """Return the versions that `incoming` adds to `known`.

    Parameters
    ----------
    incoming
        The rows of an answer in any order; of rows that say the same day for the same observation the last counts.
    known
        Every stored version of the same observations, in order of publication and then of storage.
    first
        For each incoming row, the day on which a first version counts as published where nothing is said.
    retrieved
        The day of retrieval.
    """
    known_of, of = _observations(known.keys, incoming.keys)
    n_observations = int(max(known_of.max(initial=-1), of.max(initial=-1))) + 1
    alone = np.bincount(of, minlength=n_observations)[of] == 1
    n_known = np.bincount(known_of, minlength=n_observations)[of]
    fresh = alone & (n_known == 0)
    settled, changed = (np.zeros(len(of), dtype=bool) for _ in range(2))
    merged = incoming.values.copy()
    said = incoming.published != UNSAID
    published = np.where(said, incoming.published, first)
    if len(known_of):
        newest = np.full(n_observations, -1)
        newest[known_of] = np.arange(len(known_of))
        base = newest[of]
        filled = _merged(incoming.values, known.values[base])
        same = _same(filled, known.values[base])
        since = known.published[base]
        only = n_known == 1
        # A version of the very day that says otherwise is for the rules one by one.
        clear = ~said | (only & ((published > since) | ((published == since) & same)))
        settled = alone & (n_known > 0) & clear
        changed = settled & ~same
        merged = np.where(settled[:, None], filled, merged)
        published = np.where(changed & ~said, np.maximum(retrieved, since), published)
    chosen = fresh | changed
    at_once = NewVersions(incoming.keys[chosen], published[chosen], merged[chosen], changed[chosen])
    rest = ~fresh & ~settled
    if not rest.any():
        return at_once
    one_by_one = _one_by_one(incoming, known, (known_of, of), first, retrieved, rest)
    return NewVersions(*(np.concatenate(both) for both in zip(at_once, one_by_one, strict=True)))


def _observations(known: Integers, incoming: Integers) -> tuple[Integers, Integers]:
    """Give the same number to the same observation in both tables."""
    both = pd.DataFrame(np.concatenate([known, incoming]))
    groups = both.groupby(list(both.columns), sort=False).ngroup()
    numbers = groups.to_numpy().astype(np.int64)
    return numbers[: len(known)], numbers[len(known) :]


def _merged(values: Floats, base: Floats) -> Floats:
    return np.where(np.isnan(values), base, values)


def _same(values: Floats, base: Floats) -> Bools:
    same: Bools = ((values == base) | (np.isnan(values) & np.isnan(base))).all(axis=1)
    return same


def _one_by_one(
    incoming: Versions,
    known: Versions,
    observations: tuple[Integers, Integers],
    first: Integers,
    retrieved: int,
    rest: Bools,
) -> NewVersions:
    """Settle the rows that `rest` marks in order of publication, those that say no day last."""
    known_of, of = observations
    histories: dict[int, list[_Version]] = {}
    wanted = np.isin(known_of, of[rest])
    for place in np.flatnonzero(wanted):
        held = _Version(int(known.published[place]), tuple(known.values[place].tolist()))
        histories.setdefault(int(known_of[place]), []).append(held)
    when = np.where(incoming.published == UNSAID, np.iinfo(np.int64).max, incoming.published)
    rows = np.flatnonzero(rest)
    stored: list[tuple[int, _Version, bool]] = []
    for row in _last_said(rows[np.argsort(when[rows], kind="stable")], of, when):
        history = histories.setdefault(int(of[row]), [])
        said = int(incoming.published[row])
        values = tuple(incoming.values[row].tolist())
        version = _place(history, said, values, int(first[row]), retrieved)
        if version is not None:
            stored.append((int(row), version, bool(history)))
            history.append(version)
            history.sort(key=lambda one: one.published)
    width = incoming.values.shape[1]
    return NewVersions(
        incoming.keys[[row for row, _, _ in stored]],
        np.asarray([version.published for _, version, _ in stored], dtype=np.int64),
        np.asarray([version.values for _, version, _ in stored]).reshape(len(stored), width),
        np.asarray([revision for _, _, revision in stored], dtype=bool),
    )


def _last_said(rows: Integers, of: Integers, when: Integers) -> list[int]:
    """Leave out rows after which the same answer says another value for the same day."""
    last = {(int(of[row]), int(when[row])): int(row) for row in rows}
    return [int(row) for row in rows if last[int(of[row]), int(when[row])] == row]


def _place(
    history: list[_Version], said: int, values: tuple[float, ...], first: int, retrieved: int
) -> _Version | None:
    """Return the version that one row adds to an observation's history, None where it adds nothing."""
    if said == UNSAID:
        if not history:
            return _Version(first, values)
        return _change(history[-1], values, max(retrieved, history[-1].published))
    in_force = [version for version in history if version.published <= said]
    if not in_force:
        return _Version(said, values)
    change = _change(in_force[-1], values, said)
    if change is None or in_force[-1].published < said:
        return change
    return _change(history[-1], values, max(retrieved, history[-1].published))


def _change(base: _Version, values: tuple[float, ...], published: int) -> _Version | None:
    merged = tuple(old if new != new else new for new, old in zip(values, base.values, strict=True))
    same = all(
        new == old or (new != new and old != old)
        for new, old in zip(merged, base.values, strict=True)
    )
    return None if same else _Version(published, merged)
