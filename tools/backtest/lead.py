"""How early a ranking sees leadership come: lead in days, misses and false entries.

Leaders of a day are the top three sectors by relative return over the trailing 63 trading days. An *entry* is a sector
that joins them and is among them on 21 of the next 26 days. Its *lead* is the entry day minus the day on which the
ranking's own top three last took the sector in and kept it until then, at most 63; taken in later it is negative, and
not taken in within 63 days after is a *miss*. A *false entry* is a sector that the ranking's top three took in and that
was not among the leaders on that day nor within 63 days after. In monthly markets 63 days are three rows, and an entry
stays on the next row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.contracts import Frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOP = 3


class Lead(Frozen):
    """How early one ranking was."""

    entries: int
    """Sectors that joined the leaders and stayed, with enough days after them to tell."""
    median: float | None
    """Median lead in rows (trading days, or months) over the entries not missed; None where all were."""
    lower_quarter: float | None
    upper_quarter: float | None
    early: int
    """Entries that the ranking had taken in before."""
    misses: int
    taken_in: int
    """Sectors that the ranking's own top three took in."""
    false_entries: int


class LeadRule(Frozen):
    """The definition's lengths in rows."""

    cap: int
    stay: int
    within: int


DAILY, MONTHLY = LeadRule(cap=63, stay=21, within=26), LeadRule(cap=3, stay=1, within=1)


def top_of(scores: NDArray[np.float64], listed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the top three of each row, ties by position; none where all scores are equal.

    Parameters
    ----------
    scores, listed
        Shape (n_rows, n_sectors); NaN has no place.
    """
    able = listed & np.isfinite(scores)
    filled = np.where(able, scores, -np.inf)
    order = np.argsort(-filled, axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(scores.shape[1])[None, :], axis=1)
    lowest = np.where(able, scores, np.inf).min(axis=1)
    told = filled.max(axis=1) > lowest
    return np.asarray(able & (place < TOP) & told[:, None], dtype=bool)


def lead(
    leaders: NDArray[np.bool_],
    chosen: NDArray[np.bool_],
    first: int,
    rule: LeadRule,
    last: int | None = None,
) -> Lead:
    """Measure how early a ranking's top three took the coming leaders in.

    Parameters
    ----------
    leaders
        Who led on each row, shape (n_rows, n_sectors).
    chosen
        The ranking's own top three, shape (n_rows, n_sectors).
    first
        First row on which entries count.
    rule
        The definition's lengths.
    last
        Last row on which entries count; None: the last of all. What follows an entry may lie behind it.

    Examples
    --------
    >>> import numpy as np
    >>> led = np.array([[False], [False], [True], [True], [True]])
    >>> seen = np.array([[False], [True], [True], [True], [True]])
    >>> lead(led, seen, 1, MONTHLY).median
    1.0
    """
    n = len(leaders)
    stop = n if last is None else last + 1
    stays = _counts_after(leaders, rule.within) >= rule.stay
    entered = _joined(leaders) & stays
    entered[: max(first, 1)] = False
    entered[min(stop, max(0, n - max(rule.within, rule.cap))) :] = False
    leads = _leads(entered, chosen, rule.cap)
    caught = leads[np.isfinite(leads)]
    taken = _joined(chosen)
    taken[: max(first, 1)] = False
    taken[min(stop, max(0, n - rule.cap)) :] = False
    false = taken & ~leaders & (_counts_after(leaders, rule.cap) == 0)
    quarters = np.quantile(caught, [0.25, 0.5, 0.75]) if caught.size else None
    return Lead(
        entries=int(entered.sum()),
        median=None if quarters is None else float(quarters[1]),
        lower_quarter=None if quarters is None else float(quarters[0]),
        upper_quarter=None if quarters is None else float(quarters[2]),
        early=int((caught > 0).sum()),
        misses=int(np.isnan(leads).sum()),
        taken_in=int(taken.sum()),
        false_entries=int(false.sum()),
    )


def _joined(member: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return where a sector is in and was not on the row before."""
    out = member.copy()
    out[1:] &= ~member[:-1]
    out[:1] = False
    return out


def _counts_after(member: NDArray[np.bool_], rows: int) -> NDArray[np.int64]:
    """Return on how many of the next rows a sector is in."""
    total = np.vstack([np.zeros((1, member.shape[1]), dtype=np.int64), member.cumsum(axis=0)])
    at = np.arange(len(member))
    return np.asarray(total[np.minimum(at + rows + 1, len(member))] - total[at + 1])


def _leads(entered: NDArray[np.bool_], chosen: NDArray[np.bool_], cap: int) -> NDArray[np.float64]:
    """Return the lead of each entry, NaN for a miss."""
    n, found = len(chosen), []
    rows = np.arange(n)[:, None]
    # the last row outside the top three before each row, and the first one inside after it
    outside = np.maximum.accumulate(np.where(chosen, -1, rows), axis=0)
    inside = np.minimum.accumulate(np.where(chosen, rows, 2 * n)[::-1], axis=0)[::-1]
    for row, column in np.argwhere(entered):
        if chosen[row, column]:
            found.append(min(float(row - outside[row, column] - 1), float(cap)))
        else:
            late = float(inside[row, column] - row)
            found.append(-late if late <= cap else np.nan)
    return np.array(found, dtype=np.float64)
