"""Published values that cannot be believed, decided from earlier publications only.

``unit_change``
    A row whose declared unit is not the series' first one; or a value in another unit by its size. A series that has
    never touched zero and stays within a factor of ten of its usual size (an exchange rate, an index, a rate in
    percent) may not grow by a factor of 50 at once, nor fall to zero, nor to a hundredth, a thousandth or a millionth
    of what it was: those are steps from percent to fractions or to thousands and millions. A rate may fall to zero.
    A series that comes near zero or crosses it (growth, surprises) may do all that, so there five values in a row
    must be 20 times beyond everything in the window, or less than a thirtieth of the usual size.

The rows stay unused until values come back to the old size. A unit that has changed for good has to be corrected at
the source: until then the series falls silent, which is said, instead of being read wrongly.
"""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tools.sources.base import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd

    Bools = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]

USUAL = 12
"""Earlier values that say what is usual."""
STEADY = 10.0
SHIFT = 50.0
STEPS = (1e2, 1e3, 1e6, 1e9)
CLOSE = 2.0
"""Factor within which a value in another unit is the one before, once it is converted."""
SWELL, SHRINK = 20.0, 30.0
HELD = 5
RATE = "percent"


class PublishedQuality(NamedTuple):
    """Which rows to leave out, in the rows' order."""

    unused: Bools
    findings: tuple[Finding, ...]


def judge_published(rows: pd.DataFrame, keys: Sequence[str]) -> PublishedQuality:
    """Judge published rows; `keys` are the columns that name a series."""
    unused = np.zeros(len(rows), dtype=bool)
    if rows.empty:
        return PublishedQuality(unused, ())
    group = _series(rows, keys)
    # The order in which a reader of the time saw them; the verdict on a row looks at those before it alone.
    order = np.lexsort((rows["observed_on"].to_numpy(), rows["published_on"].to_numpy(), group))
    sorted_group = group[order]
    value = rows["value"].to_numpy(dtype=np.float64)[order]
    unit, names = _coded(rows["unit"], order)
    starts = np.flatnonzero(np.diff(sorted_group, prepend=-1))
    first_unit = unit[starts][np.searchsorted(starts, np.arange(len(order)), side="right") - 1]
    redeclared = unit != first_unit
    marked = redeclared.copy()
    rate = np.asarray([name.startswith(RATE) for name in names])[first_unit]
    doubted = _doubts(sorted_group, value)
    for one in np.unique(sorted_group[doubted]):
        mine = np.flatnonzero((sorted_group == one) & ~redeclared)
        # From the first doubt on: before it, a later row must not make a verdict of its own.
        since = np.cumsum(doubted[mine]) > 0
        marked[mine] |= since & _follow(value[mine], rate=bool(rate[mine[0]]))
    unused[order] = marked
    begins = marked & ~(np.roll(marked, 1) & (np.diff(sorted_group, prepend=-1) == 0))
    findings = [_finding(rows, int(order[at]), keys) for at in np.flatnonzero(begins)]
    return PublishedQuality(unused, tuple(findings))


def _coded(unit: pd.Series, order: npt.NDArray[np.intp]) -> tuple[npt.NDArray[np.intp], list[str]]:
    """Return the units as codes in `order`, spelled alike where only case or spaces differ."""
    given = unit.astype("category")
    spelled = [" ".join(str(name).casefold().split()) for name in given.cat.categories]
    names = sorted(set(spelled))
    codes = np.asarray([names.index(name) for name in spelled], dtype=np.intp)
    return codes[given.cat.codes.to_numpy()][order], names


def _series(rows: pd.DataFrame, keys: Sequence[str]) -> npt.NDArray[np.intp]:
    """Return one number a series."""
    group = np.zeros(len(rows), dtype=np.intp)
    for key in keys:
        named = rows[key].astype("category").cat
        group = group * len(named.categories) + named.codes.to_numpy()
    return group


def _doubts(group: npt.NDArray[np.intp], value: Floats) -> Bools:
    """Mark values far from those before them in their series: only from these on is a series walked."""
    size, place = np.abs(value), np.arange(len(value))
    begins = np.diff(group, prepend=-1) != 0
    since = place - np.maximum.accumulate(np.where(begins, place, 0))
    crossed = (value == 0) | ((value * np.roll(value, 1) < 0) & ~begins)
    touched = np.cumsum(crossed) - crossed
    touched -= touched[place - since]
    smallest = _smallest_before(size)
    far = (size > SHIFT * smallest) | (size * SHIFT < np.roll(size, 1)) | (size == 0)
    doubts: Bools = (since >= USUAL) & (touched == 0) & far
    for at in np.flatnonzero(_small_or_large_runs(size) & (since >= USUAL + HELD)):
        before = size[at - HELD - USUAL + 1 : at - HELD + 1]
        run = size[at - HELD + 1 : at + 1]
        doubts[at] |= run.max() * SHRINK < np.median(before) or run.min() > SWELL * before.max()
    return doubts


def _smallest_before(size: Floats) -> Floats:
    """Return the smallest of the values before each, over the usual window."""
    padded = np.concatenate([np.full(USUAL, np.inf), size[:-1]])
    smallest: Floats = np.lib.stride_tricks.sliding_window_view(padded, USUAL).min(axis=1)
    return smallest


def _small_or_large_runs(size: Floats) -> Bools:
    """Mark the ends of runs all of whose values are far below or above the largest of what came before."""
    marked = np.zeros(len(size), dtype=bool)
    if len(size) > HELD + USUAL:
        runs = np.lib.stride_tricks.sliding_window_view(size, HELD)[USUAL:]
        before = np.lib.stride_tricks.sliding_window_view(size, USUAL)[: len(runs)].max(axis=1)
        marked[HELD + USUAL - 1 :] = (runs.max(axis=1) * SHRINK < before) | (
            runs.min(axis=1) > SWELL * before
        )
    return marked


def _follow(value: Floats, *, rate: bool) -> Bools:
    """Walk one series and say of each value whether it is in another unit."""
    past = _Past(rate=rate)
    return np.asarray([past.refuses(now) for now in value.tolist()], dtype=bool)


class _Past:
    """What one series has been like, as far as its values were used."""

    def __init__(self, *, rate: bool) -> None:
        self.rate = rate
        self.window: deque[float] = deque(maxlen=USUAL)
        self.sign, self.n_odd = 0.0, 0
        self.touched = False

    def refuses(self, value: float) -> bool:
        """Judge the next value, and remember it where it is used."""
        now, wrong, odd = abs(value), False, False
        if len(self.window) == USUAL:
            largest, smallest = max(self.window), min(self.window)
            # Most values are near all of the last ones, and no rule below could object.
            if now > SWELL * smallest or now * SHRINK < largest:
                usual = median(self.window)
                if not self.touched and smallest * STEADY >= usual and largest <= usual * STEADY:
                    wrong = now > SHIFT * usual or self._fell(now)
                else:
                    odd = now > SWELL * largest > 0 or 0 < now * SHRINK < usual
        self.n_odd = self.n_odd + 1 if odd else 0
        wrong = wrong or self.n_odd >= HELD
        if not wrong:
            self._remember(value, odd=odd)
        return wrong

    def _fell(self, now: float) -> bool:
        """Whether a value is the last one in a larger unit, or nothing at all."""
        if now == 0:
            return not self.rate
        fall = self.window[-1] / now
        return any(step / CLOSE < fall < step * CLOSE for step in STEPS)

    def _remember(self, value: float, *, odd: bool) -> None:
        self.touched = self.touched or value == 0 or value * self.sign < 0
        self.sign = value
        if not odd:
            self.window.append(abs(value))


def _finding(rows: pd.DataFrame, row: int, keys: Sequence[str]) -> Finding:
    line = rows.iloc[row]
    return Finding(
        name="unit_change",
        entity=".".join(str(line[key]) for key in reversed(keys)),
        observed_on=line["published_on"].strftime("%Y-%m-%d"),
        detail=f"{line['value']:g} {line['unit']}: another unit than before, not used".replace(
            "  ", " "
        ),
    )
