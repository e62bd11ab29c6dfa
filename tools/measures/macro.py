"""Macro series beside the market's days, vintage by vintage.

A panel row holds what was known at the end of the day on which that row's prices became usable; the observation in
force n trading days earlier is the newest one published by that day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from tools.measures.returns import no_window, remembered, shifted
from tools.measures.vintages import Vintages

if TYPE_CHECKING:
    import numpy.typing as npt

    from tools.view import AsOfView

    Floats = npt.NDArray[np.float64]

DAILY_GAP_DAYS = 4
"""Largest median distance between observations of a series that follows markets."""
ENOUGH_OBSERVATIONS = 60
DIFFERENCED_UNITS = "percent"
"""Units that begin so, percentage points among them, are rates: they change by a difference."""


def series_names(view: AsOfView) -> tuple[str, ...]:
    """Return the series with a value published by the view's date."""
    return tuple(sorted(_all(view)))


def _all(view: AsOfView) -> dict[str, pd.DataFrame]:
    if "macro series" not in view.memo:
        groups = view.macro.groupby("series", observed=True, sort=True)
        view.memo["macro series"] = {str(name): rows for name, rows in groups}
    return cast("dict[str, pd.DataFrame]", view.memo["macro series"])


def vintages(view: AsOfView, series: str) -> Vintages:
    """Return one series as known at the view's date; a KeyError where it has no value yet."""
    key = ("vintages", series)
    if key not in view.memo:
        view.memo[key] = Vintages(_all(view)[series])
    return cast("Vintages", view.memo[key])


def in_force(view: AsOfView, series: str) -> pd.Series:
    """Return the latest value known at the end of each day."""
    values = vintages(view, series).latest(view.knowledge_days)
    return pd.Series(values, index=view.days, name=series)


def change(view: AsOfView, series: str, period: str) -> pd.Series:
    """Return the latest value against the one in force a window earlier, both in the vintage of each day."""
    rows = view.window_rows(period)
    out = np.full(len(view.days), np.nan)
    if rows is not None and rows < len(out):
        known = view.knowledge_days
        out[rows:] = vintages(view, series).change(known[rows:], known[: len(known) - rows])
    return pd.Series(out, index=view.days, name=series)


def yoy(view: AsOfView, series: str) -> pd.Series:
    """Return growth over 12 months of an `index` series, in the vintage of each day."""
    values = vintages(view, series).yoy(view.knowledge_days)
    return pd.Series(values, index=view.days, name=series)


def surprise(view: AsOfView, series: str) -> pd.Series:
    """Return the newest release's change in deviations of the last 36, as of each day."""
    values = vintages(view, series).surprise(view.knowledge_days)
    return pd.Series(values, index=view.days, name=series)


def market_series(view: AsOfView) -> tuple[str, ...]:
    """Return the series that move like a market: not revised so far, and near daily.

    In a monthly market every series that has not been revised counts.
    """
    days = market_days(view)
    return tuple(str(name) for name in days.columns[days.to_numpy(dtype=bool)[-1]])


def market_days(view: AsOfView) -> pd.DataFrame:
    """Return on which days each series counted as one that moves like a market, days × series that ever did.

    A series is on each day what it was then: a revision that comes later takes nothing from the days before it.
    """

    def make() -> pd.DataFrame:
        days = {name: _market_days(view, name) for name in series_names(view)}
        found = {name: counted for name, counted in days.items() if counted.any()}
        return pd.DataFrame(found, index=view.days, dtype=bool)

    return remembered(view, ("market days",), make)


def _market_days(view: AsOfView, name: str) -> npt.NDArray[np.bool_]:
    series, known = vintages(view, name), view.knowledge_days
    published = np.sort(series.row_published)[:ENOUGH_OBSERVATIONS]
    near_daily = series.usual_gap_days(ENOUGH_OBSERVATIONS) <= DAILY_GAP_DAYS
    if len(published) < ENOUGH_OBSERVATIONS or not (view.market.monthly or near_daily):
        return np.zeros(len(known), dtype=bool)
    return np.asarray((known >= published[-1]) & ~(known >= series.revised_on), dtype=bool)


def driver_changes(view: AsOfView, period: str) -> pd.DataFrame:
    """Return the change of each market series over the window, days × series that ever were one.

    A difference for rates and spreads, a fraction for prices and indices; NaN before both ends of the window are
    known, on days on which the series did not count as one that moves like a market, and where a price is not above
    zero at both ends, so that one day of negative oil cannot turn every fraction of the past into a difference.
    """
    rows, names = view.window_rows(period), tuple(map(str, market_days(view).columns))
    if rows is None:
        return no_window(view, names)
    return remembered(
        view,
        ("drivers", period),
        lambda: pd.DataFrame({name: _driver(view, name, rows) for name in names}, index=view.days),
    )


def _driver(view: AsOfView, name: str, rows: int) -> Floats:
    series = vintages(view, name)
    counted = market_days(view)[name].to_numpy()
    level = np.where(counted, series.latest(view.knowledge_days), np.nan)
    if series.unit.startswith(DIFFERENCED_UNITS):
        return level - shifted(level, rows)
    level[~(level > 0)] = np.nan
    return level / shifted(level, rows) - 1.0
