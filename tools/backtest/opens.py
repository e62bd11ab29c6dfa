"""Trading at the next open: what each sector had moved from its open to its close, where prices have opens.

A sector's intraday return is its proxy's, else the mean of its shares' weighted by traded value before the day, equally
where that is not known. Where most of a sector's shares lack an open on a day, its close stands in; where that is so on
more than one in ten of the days traded on, trading at the open is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.contracts import MARKET_ENTITY
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.sources.base import MarketData
    from tools.view import AsOfView

ENOUGH = 0.9
"""Share of the days traded on that must have opens."""


def intraday(market_data: MarketData, view: AsOfView) -> NDArray[np.float64]:
    """Return each sector's return from the open to the close, and the market's behind them.

    Returns
    -------
    ndarray of shape (n_days, n_sectors + 1)
        NaN where the open is not known.
    """
    prices = market_data.prices
    prices = prices[prices["date"] <= pd.Timestamp(view.last_day)]
    prices = prices.drop_duplicates(["symbol", "date"], keep="last")
    open_, close = prices["open"].to_numpy(float), prices["close"].to_numpy(float)
    usable = (open_ > 0) & (close > 0)
    moved = np.where(usable, close / np.where(usable, open_, 1.0) - 1.0, np.nan)
    day = view.days.get_indexer(pd.DatetimeIndex(prices["date"]))
    symbols = pd.Index(view.symbols)
    column = symbols.get_indexer(pd.Index(prices["symbol"].astype(object)))
    inside = (day >= 0) & (column >= 0)
    table = np.full((len(view.days), len(symbols)), np.nan)
    table[day[inside], column[inside]] = moved[inside]
    names = (*view.sector_codes, MARKET_ENTITY)
    return np.column_stack([_of_entity(view, symbols, table, name) for name in names])


def _of_entity(
    view: AsOfView, symbols: pd.Index, table: NDArray[np.float64], name: str
) -> NDArray[np.float64]:
    proxy = view.market.benchmark if name == MARKET_ENTITY else str(view.sectors.loc[name, "proxy"])
    if proxy:
        return table[:, symbols.get_loc(proxy)] if proxy in symbols else table[:, 0] * np.nan
    own = table[:, view.member_columns(name)]
    usual = _usual_value(view, name, own.shape)
    known = np.isfinite(own)
    weight = np.where(known, usual, 0.0)
    total = weight.sum(axis=1)
    mean = np.where(known, own, 0.0) * weight
    enough = 2 * known.sum(axis=1) >= np.maximum(
        view.index[view.members(name)].notna().sum(axis=1), 1
    )
    return np.where(
        enough & (total > 0), mean.sum(axis=1) / np.where(total > 0, total, 1.0), np.nan
    )


def _usual_value(view: AsOfView, name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return what each member traded on a usual day of the month before; 1 everywhere where it is not known."""
    traded = view.traded_value
    if traded is None:
        return np.ones(shape)
    own = traded[view.members(name)]
    usual = own.rolling(20, min_periods=1).mean().shift(1).to_numpy(dtype=np.float64)
    return np.asarray(np.nan_to_num(usual, nan=0.0), dtype=np.float64)


def with_opens(
    index: NDArray[np.float64],
    moved: NDArray[np.float64],
    rows: NDArray[np.int64],
    market: str,
) -> NDArray[np.float64]:
    """Return an index of two rows a day, its open and its close.

    Parameters
    ----------
    index
        At the closes, shape (n_days, n_assets).
    moved
        From open to close, shape (n_days, n_assets); NaN where there is no open: the close stands in.
    rows
        Days traded on, which must have opens.
    market
        Its name, for the message.

    Returns
    -------
    ndarray of shape (2 × n_days, n_assets)

    Raises
    ------
    UnusableInputError
        When too many days traded on lack opens.
    """
    needed = np.isfinite(index[rows])
    share = float(np.isfinite(moved[rows])[needed].mean()) if needed.any() else 0.0
    if share < ENOUGH:
        raise UnusableInputError(
            f"opens on {ENOUGH:.0%} of the days traded on",
            f"opens on {share:.0%} of them in {market}",
            "Use --trade close.",
        )
    out = np.repeat(index, 2, axis=0)
    out[0::2] = index / (1.0 + np.nan_to_num(moved))
    return out
