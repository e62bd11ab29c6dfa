"""One published series with its revisions, asked what was known when.

The vintage at an instant is, for each observation, the row with the largest `published_on` up to it; the observation
in force is the newest one in that vintage. All answers are vectors over instants.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tools.measures.calendar import as_days

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from tools.measures.calendar import Days

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

INDEX_UNIT = "index"
SURPRISE_RELEASES = 36
SURPRISE_NEEDED = 24
EXPECTATION_RELEASES = 120
"""Releases before one that say how the series tends to go on."""
EXPECTATION_PRIOR = 4.0
"""Weight, in releases, of the belief that changes neither go on nor are taken back."""
LONGEST_GAP_DAYS = 31
"""How much older than a year the observation of a year ago may be in a series without one a month."""


class Releases(NamedTuple):
    """First publications that brought a newer observation, in the order they came."""

    published: Days
    change: Floats
    """From the newest observation before, as that stood at the release."""
    surprise: Floats
    """NaN where fewer than 24 releases came before and with it, or they all were the same."""


class Vintages:
    """One series; `rows` are sorted by `observed_on` and `published_on`, no two alike in both."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.unit = str(rows["unit"].iloc[-1])
        self.value: Floats = rows["value"].to_numpy(dtype=np.float64)
        self.row_published: Days = as_days(rows["published_on"].to_numpy())
        observed = as_days(rows["observed_on"].to_numpy())
        self.observed: Days
        self.observed, self.position = np.unique(observed, return_inverse=True)
        published = self.row_published.astype(np.int64)
        self._origin = published.min()
        self._span = published.max() - self._origin + 2
        self._key: Integers = self.position * self._span + published - self._origin

    @property
    def is_index(self) -> bool:
        """Whether changes are growth rather than differences."""
        return self.unit == INDEX_UNIT

    @property
    def revised_on(self) -> np.datetime64:
        """Day on which an observation was first published again; NaT: none ever was."""
        again = self.row_published[1:][self.position[1:] == self.position[:-1]]
        return again.min() if len(again) else np.datetime64("NaT", "D")

    def row_of(self, position: Integers, instants: Days) -> Integers:
        """Return the row that holds an observation in the vintage of each instant; -1 where not yet known."""
        since = np.clip(instants.astype(np.int64) - self._origin, -1, self._span - 1)
        row = np.searchsorted(self._key, position * self._span + since, side="right") - 1
        found = (row >= 0) & (position >= 0)
        return np.where(found & (self.position[np.maximum(row, 0)] == position), row, -1)

    def _values(self, rows: Integers) -> Floats:
        return np.where(rows >= 0, self.value[np.maximum(rows, 0)], np.nan)

    @cached_property
    def _newest_by_publication(self) -> tuple[Days, Integers]:
        order = np.argsort(self.row_published, kind="stable")
        return self.row_published[order], np.maximum.accumulate(self.position[order])

    def newest(self, instants: Days) -> Integers:
        """Return the position of the observation in force at each instant; -1 before the first."""
        published, newest = self._newest_by_publication
        at = np.searchsorted(published, instants, side="right") - 1
        return np.where(at >= 0, newest[np.maximum(at, 0)], -1)

    def latest_rows(self, instants: Days) -> Integers:
        """Return the row of the observation in force at each instant; -1 before the first."""
        return self.row_of(self.newest(instants), instants)

    def latest(self, instants: Days) -> Floats:
        """Return the value in force at each instant."""
        return self._values(self.latest_rows(instants))

    def change(self, instants: Days, earlier: Days) -> Floats:
        """Return the value in force at `instants` against the observation in force at `earlier`.

        In force at `earlier` means the newest observation published by then. Both values are taken from the vintage
        of `instants`, so that a change of base year is no change. A fraction for `index` units, else a difference.
        """
        then = self._values(self.row_of(self.newest(earlier), instants))
        return self._against(self.latest(instants), then)

    def _against(self, now: Floats, then: Floats) -> Floats:
        if not self.is_index:
            return now - then
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(then != 0, now / then - 1.0, np.nan)

    @cached_property
    def _year_earlier(self) -> Integers:
        """The observation 12 months before each one: its month's only one, else the newest by that day."""
        months = self.observed.astype("datetime64[M]")
        target = months - 12
        low = np.searchsorted(months, target, side="left")
        count = np.searchsorted(months, target, side="right") - low
        length = ((target + 1).astype("datetime64[D]") - target.astype("datetime64[D]")).astype(int)
        in_month = (self.observed - months.astype("datetime64[D]")).astype(int)
        same_day = target.astype("datetime64[D]") + np.minimum(in_month, length - 1)
        by_day = np.searchsorted(self.observed, same_day, side="right") - 1
        age = (same_day - self.observed[np.maximum(by_day, 0)]).astype(int)
        by_day = np.where((by_day >= 0) & (age <= LONGEST_GAP_DAYS), by_day, -1)
        return np.where(count == 1, low, by_day)

    def yoy(self, instants: Days) -> Floats:
        """Return growth over 12 months within the vintage of each instant; NaN unless the unit is `index`."""
        newest = self.newest(instants)
        if not self.is_index:
            return np.full(len(instants), np.nan)
        earlier = np.where(newest >= 0, self._year_earlier[np.maximum(newest, 0)], -1)
        now = self._values(self.row_of(newest, instants))
        return self._against(now, self._values(self.row_of(earlier, instants)))

    @cached_property
    def _first_row(self) -> Integers:
        """The first row of each observation."""
        return np.searchsorted(self.position, np.arange(len(self.observed)), side="left")

    def usual_gap_days(self, n: int) -> float:
        """Return the median distance between the first `n` observations that were published; NaN for fewer than two.

        The first decide, so that a series is at any date what it was before.
        """
        came = np.argsort(self.row_published[self._first_row], kind="stable")[:n]
        gaps = np.diff(np.sort(self.observed[came])).astype(int)
        return float(np.median(gaps)) if len(gaps) else np.nan

    @cached_property
    def releases(self) -> Releases:
        """First publications, their changes and surprises."""
        first_row = self._first_row
        published = self.row_published[first_row]
        order = np.lexsort((np.arange(len(published)), published))
        newer = order > np.maximum.accumulate(np.append(-1, order[:-1]))
        order = order[newer]
        published = published[order]
        # not the observation next to it: that may have been filled in later
        before = self._values(self.row_of(np.append(-1, order[:-1]), published))
        change = self._against(self.value[first_row[order]], before)
        known = np.isfinite(change)
        return Releases(published[known], change[known], _standardised(change[known]))

    @cached_property
    def innovations(self) -> Floats:
        """What each release brought beyond how the series tends to go on, in standard deviations.

        The expectation is an autoregression of the changes on the change before and, but for `index` units, on the
        level before, fitted to the releases before. NaN for the first 24.
        """
        change = self.releases.change
        level = np.append(0.0, np.cumsum(change)[:-1])
        before = np.append(0.0, change[:-1])
        told = before[:, None] if self.is_index else np.column_stack([before, level])
        return _innovations(change, told)

    def surprise(self, instants: Days) -> Floats:
        """Return the surprise of the newest release at each instant."""
        releases = self.releases
        at = np.searchsorted(releases.published, instants, side="right") - 1
        if not len(releases.published):
            return np.full(len(instants), np.nan)
        return np.where(at >= 0, releases.surprise[np.maximum(at, 0)], np.nan)


def _standardised(change: Floats) -> Floats:
    """Return each change against the mean and sample deviation of the last 36, itself included."""
    out = np.full(len(change), np.nan)
    for at in range(SURPRISE_NEEDED - 1, min(SURPRISE_RELEASES - 1, len(change))):
        out[at] = _standard(change[None, : at + 1])[0]
    if len(change) >= SURPRISE_RELEASES:
        windows = np.lib.stride_tricks.sliding_window_view(change, SURPRISE_RELEASES)
        out[SURPRISE_RELEASES - 1 :] = _standard(windows)
    return out


def _standard(windows: Floats) -> Floats:
    mean, spread = windows.mean(axis=1), windows.std(axis=1, ddof=1)
    largest = np.abs(windows).max(axis=1)
    moved = spread > 1e-12 * largest
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(moved, (windows[:, -1] - mean) / spread, np.nan)


def _innovations(change: Floats, told: Floats) -> Floats:
    """Return changes against a ridge regression on what was told before them, fitted to those before.

    Parameters
    ----------
    change
        Changes at the releases, shape (n,).
    told
        What was told before each, shape (n, n_told).

    Returns
    -------
    ndarray of shape (n,)
        In standard deviations of the regression's errors; NaN where too little is known or nothing moved.
    """
    out = np.full(len(change), np.nan)
    at = np.arange(SURPRISE_NEEDED, len(change))
    if not len(at):
        return out
    rows = at[:, None] + np.arange(-EXPECTATION_RELEASES, 0)
    # the first change has nothing before it; what is not known is zero and not counted
    known = rows >= 1
    rows, count = np.maximum(rows, 0), known.sum(axis=1)
    outcome, inputs = change[rows], told[rows]
    largest = np.where(known, np.abs(outcome), 0.0).max(axis=1)
    mean, centre = _mean(outcome, known), _mean(inputs, known)
    outcome = np.where(known, outcome - mean[:, None], 0.0)
    inputs = np.where(known[:, :, None], inputs - centre[:, None], 0.0)
    scale = np.sqrt((inputs**2).sum(axis=1) / count[:, None])
    # what stood still tells nothing, also where sums left a last bit of it
    stood = scale <= 1e-9 * np.abs(told[rows]).max(axis=1)
    inputs /= np.where(stood, 1.0, scale)[:, None]
    # einsum without optimisation sums in a fixed order whatever the number of threads
    gram = np.einsum("npi,npj->nij", inputs, inputs) + EXPECTATION_PRIOR * np.eye(told.shape[1])
    moment = np.einsum("npi,np->ni", inputs, outcome)
    weights = np.linalg.solve(gram, moment[:, :, None])[:, :, 0]
    errors = np.where(known, outcome - np.einsum("npi,ni->np", inputs, weights), 0.0)
    errors -= np.where(known, _mean(errors, known)[:, None], 0.0)
    spread = np.sqrt((errors**2).sum(axis=1) / (count - 1))
    now = (told[at] - centre) / np.where(stood, 1.0, scale)
    unexpected = change[at] - mean - np.einsum("ni,ni->n", now, weights)
    moved = spread > 1e-12 * largest
    out[at] = np.where(moved, unexpected / np.where(moved, spread, 1.0), np.nan)
    return out


def _mean(values: Floats, known: npt.NDArray[np.bool_]) -> Floats:
    """Return means over the second axis of what is known; `values` may have one axis more than `known`."""
    held = known.reshape(known.shape + (1,) * (values.ndim - 2))
    return np.asarray(np.where(held, values, 0.0).sum(axis=1) / held.sum(axis=1))
