"""Unusual trading and foreign flow.

Sums run over an entity's symbols first (its shares, or its proxy where it has none; all shares for MARKET). A symbol
without a price row traded 0 that day; a missing flow row is 0 only on days on which any symbol has one. A flow
window ends at the last day whose flow rows are usable, which may be earlier than the last day of prices. A window
that holds a day traded in a unit that cannot be used has no sum of traded values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.measures.calendar import usable_from
from tools.measures.returns import chosen, no_window, remembered, shifted, window_sum

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from tools.view import AsOfView

    Floats = npt.NDArray[np.float64]

USUAL_DAYS = 20
USUAL_ROWS_NEEDED = 15
PRESSURE_HALF_LIFE = 2.0
"""Days of flow after which a day counts half."""
PRESSURE_DAYS_NEEDED = 10


def entity_value(view: AsOfView, names: Sequence[str]) -> pd.DataFrame:
    """Traded value by day and entity; NaN where none of its symbols has a row."""
    return remembered(
        view, ("value", tuple(names)), lambda: _summed(view, view.traded_value, names, view.days)
    )


def entity_flow(view: AsOfView, names: Sequence[str]) -> pd.DataFrame:
    """Foreign net value by flow day and entity; NaN on days without any flow row."""
    return remembered(
        view, ("flow", tuple(names)), lambda: _summed(view, view.flow_net, names, view.flow_days)
    )


def _summed(
    view: AsOfView, panel: pd.DataFrame | None, names: Sequence[str], days: pd.DatetimeIndex
) -> pd.DataFrame:
    out = np.full((len(days), len(names)), np.nan)
    if panel is not None:
        every = panel.to_numpy()
        for position, name in enumerate(names):
            columns = view.member_columns(name)
            if not len(columns):
                continue
            values = every[:, columns]
            known = np.isfinite(values)
            # Added one symbol after another, so that a symbol listed later cannot change how bits round.
            total = np.cumsum(np.where(known, values, 0.0), axis=1)[:, -1]
            out[:, position] = np.where(known.any(axis=1), total, np.nan)
    return pd.DataFrame(out, index=days, columns=pd.Index(names))


def whale_ratio(view: AsOfView, period: str, entities: Sequence[str] | None = None) -> pd.DataFrame:
    """Mean daily traded value in the window over that of the 20 trading days before it; 1 is normal.

    NaN where fewer than 15 of those 20 days have a row, or nothing was traded on them.
    """
    names, rows = chosen(view, entities), view.window_rows(period)
    if rows is None:
        return no_window(view, names)

    def make() -> pd.DataFrame:
        values = entity_value(view, names).to_numpy()
        has_row = np.isfinite(values)
        traded = np.where(has_row, values, 0.0)
        usual = shifted(window_sum(traded, USUAL_DAYS), rows)
        n_rows = shifted(window_sum(has_row.astype(np.float64), USUAL_DAYS), rows)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = window_sum(traded, rows) / (rows * usual / USUAL_DAYS)
        known = (n_rows >= USUAL_ROWS_NEEDED) & (usual > 0)
        known &= ~_unknown_within(view, names, rows + USUAL_DAYS)
        return pd.DataFrame(np.where(known, ratio, np.nan), view.days, pd.Index(names))

    return remembered(view, ("whale_ratio", period, names), make)


def _unknown_within(view: AsOfView, names: Sequence[str], rows: int) -> npt.NDArray[np.bool_]:
    """Mark, days × entities, where a symbol's traded value is unknown on one of the last `rows` days."""
    marked = np.zeros((len(view.days), len(names)), dtype=bool)
    panel = view.value_unknown
    if panel is not None:
        for position, name in enumerate(names):
            days = panel[:, view.member_columns(name)].any(axis=1)
            total = np.cumsum(days)
            marked[:, position] = total - np.append(np.zeros(rows, int), total)[: len(total)] > 0
    return marked


def flow_window_value(
    view: AsOfView, period: str, entities: Sequence[str] | None = None
) -> pd.DataFrame:
    """Foreign net value over the window ending at each *flow* day."""
    return _flow_window(view, period, chosen(view, entities))[0]


def flow_window_ratio(
    view: AsOfView, period: str, entities: Sequence[str] | None = None
) -> pd.DataFrame:
    """Foreign net value over traded value, window ending at each *flow* day; NaN where nothing was traded."""
    return _flow_window(view, period, chosen(view, entities))[1]


def _flow_window(
    view: AsOfView, period: str, names: tuple[str, ...]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = view.window_rows(period)
    days, columns = view.flow_days, pd.Index(names)
    if rows is None:
        empty = pd.DataFrame(np.nan, days, columns)
        return empty, empty

    def net() -> pd.DataFrame:
        sums = window_sum(entity_flow(view, names).to_numpy(), rows)
        sums[~_listed(view, names, rows)] = np.nan
        return pd.DataFrame(sums, days, columns)

    value = remembered(view, ("flow_net", period, names), net)

    def share() -> pd.DataFrame:
        traded = entity_value(view, names).to_numpy()[: len(days)]
        total = window_sum(np.where(np.isfinite(traded), traded, 0.0), rows)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = value.to_numpy() / total
        known = (total > 0) & ~_unknown_within(view, names, rows)[: len(days)]
        return pd.DataFrame(np.where(known, ratio, np.nan), days, columns)

    return value, remembered(view, ("flow_ratio", period, names), share)


def _listed(view: AsOfView, names: Sequence[str], rows: int) -> npt.NDArray[np.bool_]:
    """Whether each entity has its first price on or before the first day of the window of sums."""
    index = view.index[list(names)].to_numpy()[: view.n_flow_days]
    return np.isfinite(shifted(index, rows - 1))


def foreign_net_value(
    view: AsOfView, period: str, entities: Sequence[str] | None = None
) -> pd.DataFrame:
    """Foreign net value of the newest flow window known beside each day's prices."""
    return _beside_prices(view, flow_window_value(view, period, entities))


def foreign_net_ratio(
    view: AsOfView, period: str, entities: Sequence[str] | None = None
) -> pd.DataFrame:
    """Foreign net ratio of the newest flow window known beside each day's prices."""
    return _beside_prices(view, flow_window_ratio(view, period, entities))


def flow_pressure(view: AsOfView, entities: Sequence[str] | None = None) -> pd.DataFrame:
    """Fading foreign net value over fading traded value at each *flow* day; each day counts half of it two days later.

    Days without flow rows, or traded in a unit that cannot be used, are passed over. NaN before ten days are known.
    """
    names = chosen(view, entities)

    def make() -> pd.DataFrame:
        days = view.flow_days
        net = entity_flow(view, names).to_numpy()
        traded = entity_value(view, names).to_numpy()[: len(days)]
        known = (
            np.isfinite(net) & np.isfinite(traded) & ~_unknown_within(view, names, 1)[: len(days)]
        )
        parts = [pd.DataFrame(np.where(known, part, np.nan)) for part in (net, traded)]
        fading = [
            part.ewm(
                halflife=PRESSURE_HALF_LIFE, min_periods=PRESSURE_DAYS_NEEDED, ignore_na=True
            ).mean()
            for part in parts
        ]
        share = (fading[0] / fading[1]).where(fading[1] > 0)
        return pd.DataFrame(share.to_numpy(), days, pd.Index(names))

    return remembered(view, ("flow_pressure", names), make)


def foreign_pressure(view: AsOfView, entities: Sequence[str] | None = None) -> pd.DataFrame:
    """Flow pressure of the newest flow day known beside each day's prices."""
    return _beside_prices(view, flow_pressure(view, entities))


def _beside_prices(view: AsOfView, panel: pd.DataFrame) -> pd.DataFrame:
    """Move flow windows from the day they end to the day whose prices became usable with them."""
    price_days = view.days.to_numpy().astype("datetime64[D]")
    usable = usable_from(price_days, view.market.flows_days)
    newest = np.searchsorted(usable, view.knowledge_days, side="right") - 1
    newest = np.minimum(newest, np.minimum(np.arange(len(price_days)), len(panel) - 1))
    values = np.full((len(price_days), panel.shape[1]), np.nan)
    known = newest >= 0
    values[known] = panel.to_numpy()[newest[known]]
    return pd.DataFrame(values, view.days, panel.columns)
