"""Amounts whose unit has changed, decided from earlier rows only.

Two rules. Both wait for a shift that no trading can make, because a market's turnover moves by a factor of a few and a
provider's switch between units, thousands and millions moves it by a thousand.

``traded value against price``
    A row's `value` is close times volume times a constant (1, or 1,000 where prices are in thousands). A value more
    than 50 times, or less than a fiftieth, of what the last used value makes it is in another unit, or its volume is.
``whole market``
    On one day the symbols of the market trade together more than 50 times, or less than a fiftieth, of what the same
    symbols traded on the mean of their last 20 used days, and at least half of them share in it. Foreign trade is
    judged alike, and a day on which a feed is zero for everyone counts: it brought nothing.

What they mark is not used; the price of such a row is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.intp]

SHIFT = 50.0
MOST_SHIFT = 5.0
"""Factor by which at least half of a market's symbols must have moved the same way: one symbol is no market."""
USUAL_DAYS = 20
FEWEST_DAYS = 10
"""Used days before a day of the whole market is judged."""
FEWEST_SYMBOLS = 5
"""Symbols that must have traded before, so that one halted share is no market."""


def shifted_values(code: Integers, value: Floats, worth: Floats, rebased: Bools) -> Bools:
    """Mark the rows whose traded value does not fit their price and volume.

    Parameters
    ----------
    code, value, worth, rebased
        One value a row, sorted by symbol and day: the symbol, its traded value (NaN: not given), its close times its
        volume (NaN or 0: not known), and whether its price begins a new level there.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where((value > 0) & (worth > 0), value / worth, np.nan)
    known = np.flatnonzero(np.isfinite(ratio))
    marked = np.zeros(len(ratio), dtype=bool)
    if len(known) < 2:
        return marked
    step = ratio[known][1:] / ratio[known][:-1]
    leaps = (code[known][1:] == code[known][:-1]) & _beyond(step)
    for symbol in np.unique(code[known][1:][leaps]):
        rows = known[code[known] == symbol]
        levels = np.cumsum(rebased)[rows]
        marked[rows] = _follow(ratio[rows], np.diff(levels, prepend=levels[:1]) > 0)
    return marked


def _follow(ratio: Floats, begins: Bools) -> list[bool]:
    """Walk one symbol's ratios; a new price level begins a new ratio."""
    marked, last = [], float("nan")
    for now, fresh in zip(ratio.tolist(), begins.tolist(), strict=True):
        wrong = not fresh and (now > SHIFT * last or now * SHIFT < last)
        marked.append(wrong)
        last = last if wrong else now
    return marked


def shifted_days(day: Integers, code: Integers, amount: Floats, shape: tuple[int, int]) -> Bools:
    """Mark the days on which a whole market's amounts are in another unit.

    Parameters
    ----------
    day, code, amount
        One value a row: position of the day, of the symbol, and what was traded, 0 or more (NaN: not known).
    shape
        How many days and symbols there are.

    Returns
    -------
    ndarray of shape (n_days,)
    """
    marked = np.zeros(shape[0], dtype=bool)
    known = np.isfinite(amount)
    total: Floats = np.bincount(day[known], weights=amount[known], minlength=shape[0]).astype(float)
    present = np.bincount(day[known], minlength=shape[0]) > 0
    start = _first_doubt(total, present)
    if start is None:
        return marked
    panel = np.full(shape, np.nan)
    panel[day[known], code[known]] = amount[known]
    used: list[int] = np.flatnonzero(present[:start]).tolist()[-USUAL_DAYS:]
    for row in range(start, shape[0]):
        if not present[row]:
            continue
        marked[row] = _is_shifted(panel[row], panel[used])
        if not marked[row]:
            used = [*used, row][-USUAL_DAYS:]
    return marked


def _first_doubt(total: Floats, present: Bools) -> int | None:
    """Return the first day whose total is far from that of the day before; None where there is none."""
    rows = np.flatnonzero(present)
    if len(rows) <= FEWEST_DAYS:
        return None
    now, before = total[rows][1:], total[rows][:-1]
    # A day of few symbols moves the total too: this only says from where each day is looked at closely.
    with np.errstate(invalid="ignore", divide="ignore"):
        doubtful = _beyond(now / before, SHIFT / 5)
    return int(rows[1:][doubtful][0]) if doubtful.any() else None


def _is_shifted(now: Floats, earlier: Floats) -> bool:
    """Whether one day's amounts are far from what the same symbols traded on the mean of earlier days."""
    if len(earlier) < FEWEST_DAYS:
        return False
    count = np.isfinite(earlier).sum(axis=0)
    mean = np.nansum(earlier, axis=0) / np.maximum(count, 1)
    both = np.isfinite(now) & (mean > 0) & (count >= FEWEST_DAYS)
    if both.sum() < FEWEST_SYMBOLS:
        return False
    ratio = now[both].sum() / mean[both].sum()
    each = now[both] / mean[both]
    alike = each * MOST_SHIFT < 1.0 if ratio < 1.0 else each > MOST_SHIFT
    return bool(_beyond(ratio)) and 2 * int(alike.sum()) >= len(alike)


def _beyond(ratio: Floats | float, limit: float = SHIFT) -> Bools:
    return np.asarray((ratio > limit) | (np.asarray(ratio) * limit < 1.0))
