"""Returns, risk and breadth: panels of days by entities, each row from rows up to its own day.

Every panel takes `entities`; left out, it is the view's sectors and MARKET. NaN: the entity has no price on or
before the window's start. A window the market does not have gives an empty panel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from tools.contracts import MARKET_ENTITY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from tools.view import AsOfView

    Floats = npt.NDArray[np.float64]

YEAR_DAYS = 252
YEAR_MONTHS = 12


def remembered(
    view: AsOfView, key: tuple[object, ...], make: Callable[[], pd.DataFrame]
) -> pd.DataFrame:
    """Return what `make` gives, worked out at most once for each view and key."""
    if key not in view.memo:
        view.memo[key] = make()
    return cast("pd.DataFrame", view.memo[key])


def chosen(view: AsOfView, entities: Sequence[str] | None) -> tuple[str, ...]:
    """Return the entities asked for that have a price; by default the sectors and MARKET."""
    if entities is None:
        return (*view.sector_codes, MARKET_ENTITY)
    return tuple(name for name in entities if name in view.entities)


def no_window(view: AsOfView, names: Sequence[str]) -> pd.DataFrame:
    """Return a panel of NaN: the market has no such window."""
    return pd.DataFrame(np.nan, index=view.days, columns=pd.Index(names))


def shifted(values: Floats, rows: int) -> Floats:
    """Return the values `rows` rows earlier, NaN at the start."""
    out = np.full_like(values, np.nan)
    if rows < len(values):
        out[rows:] = values[: len(values) - rows]
    return out


def window_sum(values: Floats, rows: int) -> Floats:
    """Return the sum over the last `rows` rows, added in row order; NaN where one is missing."""
    total = np.zeros_like(values)
    total[: rows - 1] = np.nan
    for back in range(min(rows, len(values)) - 1, -1, -1):
        total[back:] += values[: len(values) - back]
    return total


def window_return(
    view: AsOfView, period: str, entities: Sequence[str] | None = None
) -> pd.DataFrame:
    """Compounded return over the window ending at each day."""
    names, rows = chosen(view, entities), view.window_rows(period)
    if rows is None:
        return no_window(view, names)

    def make() -> pd.DataFrame:
        index = view.index[list(names)]
        values = index.to_numpy()
        return pd.DataFrame(values / shifted(values, rows) - 1.0, index.index, index.columns)

    return remembered(view, ("return", period, names), make)


def rel_return(view: AsOfView, period: str, entities: Sequence[str] | None = None) -> pd.DataFrame:
    """Compounded return over the window minus the benchmark's."""
    names = chosen(view, entities)

    def make() -> pd.DataFrame:
        market = window_return(view, period, (MARKET_ENTITY,))[MARKET_ENTITY]
        return window_return(view, period, names).sub(market, axis=0)

    return remembered(view, ("rel_return", period, names), make)


def volatility(view: AsOfView, period: str, entities: Sequence[str] | None = None) -> pd.DataFrame:
    """Sample standard deviation of the window's daily returns, a year's; days without a row do not count.

    Two passes over the window rather than a running variance, which keeps errors of a large return that has
    left the window.
    """
    names, rows = chosen(view, entities), view.window_rows(period)
    if rows is None:
        return no_window(view, names)

    def make() -> pd.DataFrame:
        moves = view.daily_returns[list(names)]
        yearly, count = _deviation(moves.to_numpy(), rows)
        yearly *= np.sqrt(_rows_in_year(view))
        yearly[(count < 2) | ~_started(view, names, rows)] = np.nan
        return pd.DataFrame(yearly, moves.index, moves.columns)

    return remembered(view, ("volatility", period, names), make)


def drawdown(view: AsOfView, period: str, entities: Sequence[str] | None = None) -> pd.DataFrame:
    """Return index over its maximum in the window, start included, minus 1."""
    names, rows = chosen(view, entities), view.window_rows(period)
    if rows is None:
        return no_window(view, names)

    def make() -> pd.DataFrame:
        index = view.index[list(names)]
        highest = index.rolling(rows + 1).max()
        return index / highest - 1.0

    return remembered(view, ("drawdown", period, names), make)


def momentum(view: AsOfView, period: str, entities: Sequence[str] | None = None) -> pd.DataFrame:
    """Growth against the benchmark over the window without its last month (twelve less one, six less one).

    A fraction: the entity's growth over the benchmark's, less 1.
    """
    names, rows, month = chosen(view, entities), view.window_rows(period), view.window_rows("1M")
    if rows is None or month is None or rows <= month:
        return no_window(view, names)

    def make() -> pd.DataFrame:
        strength = _strength(view, names)
        return strength / strength.shift(rows - month) - 1.0

    def lagged() -> pd.DataFrame:
        return make().shift(month)

    return remembered(view, ("momentum", period, names), lagged)


def rel_drawdown(
    view: AsOfView, period: str, entities: Sequence[str] | None = None
) -> pd.DataFrame:
    """Relative strength against the benchmark over its maximum in the window, start included, minus 1."""
    names, rows = chosen(view, entities), view.window_rows(period)
    if rows is None:
        return no_window(view, names)

    def make() -> pd.DataFrame:
        strength = _strength(view, names)
        return strength / strength.rolling(rows + 1).max() - 1.0

    return remembered(view, ("rel_drawdown", period, names), make)


def rel_volatility(
    view: AsOfView, period: str, entities: Sequence[str] | None = None
) -> pd.DataFrame:
    """Sample standard deviation of daily returns less the benchmark's over the window, a year's."""
    names, rows = chosen(view, entities), view.window_rows(period)
    if rows is None:
        return no_window(view, names)

    def make() -> pd.DataFrame:
        moves = view.daily_returns[list(names)].sub(view.daily_returns[MARKET_ENTITY], axis=0)
        yearly, count = _deviation(moves.to_numpy(), rows)
        yearly *= np.sqrt(_rows_in_year(view))
        yearly[(count < 2) | ~_started(view, names, rows)] = np.nan
        return pd.DataFrame(yearly, moves.index, moves.columns)

    return remembered(view, ("rel_volatility", period, names), make)


def _strength(view: AsOfView, names: Sequence[str]) -> pd.DataFrame:
    """Return each entity's index over the benchmark's."""
    index = view.index
    return index[list(names)].div(index[MARKET_ENTITY], axis=0)


def breadth(view: AsOfView) -> pd.DataFrame:
    """Share of a sector's shares priced that day whose index is above its 50-row mean; MARKET: of all shares."""
    return view.breadth


def _deviation(moves: Floats, rows: int) -> tuple[Floats, Floats]:
    """Return the sample deviation of the known moves in each window, and how many they are."""
    known = np.isfinite(moves)
    filled = np.where(known, moves, 0.0)
    count, total, spread = np.zeros_like(moves), np.zeros_like(moves), np.zeros_like(moves)
    for back in range(min(rows, len(moves))):
        count[back:] += known[: len(moves) - back]
        total[back:] += filled[: len(moves) - back]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count
        for back in range(min(rows, len(moves))):
            off = filled[: len(moves) - back] - mean[back:]
            spread[back:] += np.where(known[: len(moves) - back], off * off, 0.0)
        return np.sqrt(spread / (count - 1)), count


def _rows_in_year(view: AsOfView) -> int:
    return YEAR_MONTHS if view.market.monthly else YEAR_DAYS


def _started(view: AsOfView, names: Sequence[str], rows: int) -> npt.NDArray[np.bool_]:
    """Whether each entity has its first price on or before the window's start."""
    return np.isfinite(shifted(view.index[list(names)].to_numpy(), rows))
