"""How often a published series speaks, and when it has been silent for longer than that.

A series is late by its own habit: a daily one after days, a monthly one after weeks, a quarterly one after months.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

import numpy as np

from tools.measures.calendar import as_days, to_date

if TYPE_CHECKING:
    import pandas as pd

    from tools.measures.calendar import Days
    from tools.view import AsOfView

LATE = 1.5
"""Usual times between releases after which a series is late, unless it has been silent for longer before."""
SLACK_DAYS = 10
"""Days on top, so that a daily series may rest over a holiday."""
REMEMBERED = 36
"""Releases whose longest distance says how irregular a series is."""
MISSED = 1.6
"""Usual distances between observations from which at least one is missing in between."""
FEAST_DAYS = 12
"""Days that a daily series may rest without missing anything."""


@dataclass(frozen=True, kw_only=True)
class Cadence:
    """The habit of one published series, and how it keeps it."""

    name: str
    n_rows: int
    first_day: date
    """First observation."""
    observed_on: date
    """Newest observation."""
    published_on: date
    """Newest release."""
    expected_by: date
    """The day by which the next release should have come."""
    silent_days: int
    missed: int
    """Observations that are missing between the first and the newest."""
    n_revisions: int
    """Rows that changed an observation published before."""

    def is_late(self, as_of: date) -> bool:
        """Whether the series has been silent for longer than it ever is."""
        return as_of > self.expected_by


def macro_cadences(view: AsOfView) -> tuple[Cadence, ...]:
    """Return the habit of every macro series with a used value."""
    return _remembered(view, "macro cadences", view.macro, "series")


def signal_cadences(view: AsOfView) -> tuple[Cadence, ...]:
    """Return the habit of every signal, over all it is about."""
    signals = view.signals
    return () if signals is None else _remembered(view, "signal cadences", signals, "name")


def _remembered(view: AsOfView, key: str, rows: pd.DataFrame, by: str) -> tuple[Cadence, ...]:
    if key not in view.memo:
        groups = rows.groupby(by, observed=True, sort=True)
        view.memo[key] = tuple(_cadence(str(name), part, view.as_of) for name, part in groups)
    return cast("tuple[Cadence, ...]", view.memo[key])


def _cadence(name: str, rows: pd.DataFrame, as_of: date) -> Cadence:
    observed = np.unique(as_days(rows["observed_on"].to_numpy()))
    releases = np.unique(as_days(rows["published_on"].to_numpy()))
    keys = ["entity", "observed_on"] if "entity" in rows else ["observed_on"]
    last = to_date(releases[-1])
    return Cadence(
        name=name,
        n_rows=len(rows),
        first_day=to_date(observed[0]),
        observed_on=to_date(observed[-1]),
        published_on=last,
        expected_by=last + timedelta(days=_patience(releases)),
        silent_days=(as_of - last).days,
        missed=_missed(observed),
        n_revisions=int(rows.duplicated(keys).sum()),
    )


def _patience(releases: Days) -> int:
    """Return how many days of silence are usual; the whole past of a series that has spoken once."""
    gaps = np.diff(releases).astype(int)[-REMEMBERED:]
    if not len(gaps):
        return SLACK_DAYS
    return int(max(LATE * float(np.median(gaps)), float(gaps.max())) + SLACK_DAYS)


def _missed(observed: Days) -> int:
    gaps = np.diff(observed).astype(int)
    if not len(gaps):
        return 0
    usual = float(np.median(gaps))
    far = gaps[(gaps > MISSED * usual) & (gaps > FEAST_DAYS)]
    return int(np.round(far / max(usual, 1.0) - 1.0).sum())
