"""Alternative data beside the market's days: news tone, short interest, earnings revisions, block trades, any other.

A signal is a dated series about a sector, a share or the market. Its value on a day is the newest one that had been
published when that day's prices became usable; a source that falls silent is not carried on for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from tools.contracts import MARKET_ENTITY
from tools.measures.calendar import as_days
from tools.measures.returns import remembered, shifted, window_sum
from tools.measures.vintages import Vintages

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from tools.measures.calendar import Days
    from tools.view import AsOfView

    Floats = npt.NDArray[np.float64]

SENTIMENT = "sentiment"
"""The signal that answers questions about the tone of the news."""
BLOCK_TRADES = "block_trades"
"""The signal that holds the value of a share's block trades on a day with any."""
SILENT_GAPS = 3
"""Usual distances between observations after which the newest one no longer stands."""
USUAL_NEEDED = 60
"""Days with a value, of a year, before a level can be called usual or not."""


def signal_names(view: AsOfView) -> tuple[str, ...]:
    """Return the signals of which anything was published by the view's date."""
    return tuple(sorted({name for name, _ in _all(view)}))


def sector_signals(view: AsOfView) -> tuple[str, ...]:
    """Return the signals that are about sectors; block trades are money, and counted as such."""
    codes = set(view.sector_codes)
    named = {name for name, entity in _all(view) if entity in codes}
    return tuple(sorted(named - {BLOCK_TRADES}))


def _all(view: AsOfView) -> dict[tuple[str, str], pd.DataFrame]:
    if "signals" not in view.memo:
        rows = view.signals
        keys = ["name", "entity"]
        groups = () if rows is None else rows.groupby(keys, observed=True, sort=True)
        view.memo["signals"] = {(str(n), str(e)): part for (n, e), part in groups}
    return cast("dict[tuple[str, str], pd.DataFrame]", view.memo["signals"])


def vintages(view: AsOfView, name: str, entity: str) -> Vintages | None:
    """Return one signal of one entity as known at the view's date, or None where it has none."""
    key = ("signal vintages", name, entity)
    if key not in view.memo:
        rows = _all(view).get((name, entity))
        view.memo[key] = None if rows is None else Vintages(rows)
    return cast("Vintages | None", view.memo[key])


def level(view: AsOfView, name: str, entities: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the value in force at each day, days × entities.

    Parameters
    ----------
    view
        The market as it was known.
    name
        The signal.
    entities
        Columns; by default the sectors and MARKET.

    Returns
    -------
    DataFrame
        In the signal's own unit. NaN before its first publication, and once nothing has been observed for longer
        than three usual distances between the observations that were known then.
    """
    names = (*view.sector_codes, MARKET_ENTITY) if entities is None else tuple(entities)

    def make() -> pd.DataFrame:
        columns = {entity: _in_force(view, name, entity) for entity in names}
        return pd.DataFrame(columns, index=view.days)

    return remembered(view, ("signal level", name, names), make)


def _in_force(view: AsOfView, name: str, entity: str) -> Floats:
    rows = vintages(view, name, entity)
    if rows is None:
        return np.full(len(view.days), np.nan)
    return standing(rows, view.knowledge_days)


def standing(rows: Vintages, instants: Days) -> Floats:
    """Return the newest value known at each instant that is not too old to stand; NaN elsewhere."""
    newest = rows.newest(instants)
    observed = rows.observed[np.maximum(newest, 0)]
    age = (as_days(instants) - observed).astype(int)
    return np.where((newest >= 0) & (age <= _patience(rows)[newest]), rows.latest(instants), np.nan)


def _patience(rows: Vintages) -> npt.NDArray[np.int64]:
    """Return how many days each observation stands, from the distances between those before it.

    The longest of the last few, so that holidays silence nothing; only what lies before an observation counts.
    """
    gaps = np.diff(rows.observed).astype(np.int64)
    if not len(gaps):
        return np.full(len(rows.observed), 31, dtype=np.int64)
    recent = pd.Series(gaps).rolling(12, min_periods=1).max().to_numpy(dtype=np.int64)
    return SILENT_GAPS * np.append(recent[:1], recent)


def mean_level(
    view: AsOfView, name: str, period: str, entities: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return the mean of the levels in force on the days of the window ending at each day; NaN where none was."""
    rows = view.window_rows(period)
    levels = level(view, name, entities)
    if rows is None:
        return levels * np.nan
    return levels.rolling(rows, min_periods=1).mean().where(levels.notna())


def level_change(
    view: AsOfView, name: str, period: str, entities: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return the level in force less that in force a window earlier, in the signal's unit."""
    rows = view.window_rows(period)
    levels = level(view, name, entities)
    if rows is None:
        return levels * np.nan
    values = levels.to_numpy()
    return pd.DataFrame(values - shifted(values, rows), levels.index, levels.columns)


def unusual_level(view: AsOfView, name: str) -> pd.DataFrame:
    """Return each sector's level against its own past year, in standard deviations, days × sectors.

    NaN where fewer than sixty days of the year have a level, or it stood still.
    """

    def make() -> pd.DataFrame:
        levels = level(view, name)[list(view.sector_codes)]
        year = 12 if view.market.monthly else 252
        needed = 12 if view.market.monthly else USUAL_NEEDED
        past = levels.rolling(year, min_periods=needed)
        spread = past.std()
        return ((levels - past.mean()) / spread).where(spread > 1e-12).clip(-3.0, 3.0)

    return remembered(view, ("signal standard", name), make)


def block_value(view: AsOfView, period: str, entities: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the value of block trades in the window ending at each day; a sector sums its shares.

    Blocks count as first published, on the day on which they were known. A day without a block is zero once any share
    has had one; NaN before, and for entities without shares.
    """
    names = (*view.sector_codes, MARKET_ENTITY) if entities is None else tuple(entities)
    rows = view.window_rows(period)

    def make() -> pd.DataFrame:
        shares, daily = _daily_blocks(view)
        out = np.full((len(view.days), len(names)), np.nan)
        for column, name in enumerate(names):
            members = np.isin(shares, _members(view, name))
            if rows is not None and members.any():
                out[:, column] = window_sum(daily[:, members].sum(axis=1), rows)
        busy = np.flatnonzero(daily.any(axis=1))
        out[: busy[0] if len(busy) else None] = np.nan
        return pd.DataFrame(out, index=view.days, columns=pd.Index(names))

    return remembered(view, ("block value", period, names), make)


def _daily_blocks(view: AsOfView) -> tuple[npt.NDArray[np.str_], Floats]:
    """Return the shares, and the value of their blocks, days × shares; zero without one."""
    if "daily blocks" not in view.memo:
        universe = view.universe
        shares = np.array([str(s) for s in universe.index[universe["kind"] == "stock"]])
        out = np.zeros((len(view.days), len(shares)))
        for column, share in enumerate(shares):
            rows = _all(view).get((BLOCK_TRADES, str(share)))
            if rows is None:
                continue
            first = rows.drop_duplicates("observed_on", keep="first")
            known = as_days(first["published_on"].to_numpy())
            at = np.searchsorted(view.knowledge_days, known)
            kept = at < len(out)
            np.add.at(out[:, column], at[kept], first["value"].to_numpy(dtype=np.float64)[kept])
        view.memo["daily blocks"] = (shares, out)
    return cast("tuple[npt.NDArray[np.str_], Floats]", view.memo["daily blocks"])


def _members(view: AsOfView, name: str) -> list[str]:
    universe = view.universe
    shares = universe["kind"] == "stock"
    if name == MARKET_ENTITY:
        return [str(s) for s in universe.index[shares]]
    if name in view.sectors.index:
        return [str(s) for s in universe.index[shares & (universe["sector"] == name)]]
    return [name]
