"""What each tool can answer as of a day: the share of its sectors, symbols or series that have a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tools.health.cadence import macro_cadences
from tools.measures import returns, rotation, signals, trading

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from tools.view import AsOfView

ENOUGH_DAYS = 252
"""Trading days before a back-test or a scenario has anything to go by; 60 months in a monthly market."""
ENOUGH_MONTHS = 60


class Coverage(NamedTuple):
    """How much of what it may be asked one tool can answer."""

    tool: str
    answerable: int
    of: int
    kind: str
    """What is counted: ``sectors``, ``symbols``, ``series``, ``windows`` or ``market``."""

    @property
    def share(self) -> float:
        """The part that can be answered; 0 where there is nothing to ask about."""
        return self.answerable / self.of if self.of else 0.0


def coverages(view: AsOfView) -> tuple[Coverage, ...]:
    """Return the coverage of every tool that answers from the market's tables."""
    n_sectors = len(view.sectors)
    symbols = [name for name in view.universe.index if name in set(view.symbols)]
    fresh = [row for row in macro_cadences(view) if not row.is_late(view.as_of)]
    return (
        Coverage("get_market_overview", *_market(view), "windows"),
        _sectors(view, "get_sector_heatmap", lambda: returns.rel_return(view, "1M")),
        Coverage("get_macro_indicators", len(fresh), len(macro_cadences(view)), "series"),
        _sectors(view, "get_foreign_flow", lambda: trading.foreign_net_value(view, "1M")),
        _sectors(view, "get_whale_activity", lambda: trading.whale_ratio(view, "1M")),
        Coverage("get_stock_analysis", _priced(view, symbols), len(view.universe), "symbols"),
        _sectors(view, "get_sector_rotation", lambda: rotation.rs_momentum(view)),
        _sectors(view, "get_sector_forecast", lambda: returns.rel_return(view, "3M")),
        _sectors(view, "run_scenario", lambda: _long_enough(view)),
        Coverage("run_backtest", int(_n_long(view) > 0), 1, "market"),
        Coverage("get_news_sentiment", len(_toned(view)), n_sectors, "sectors"),
        Coverage("search_instruments", len(view.universe), len(view.universe), "symbols"),
    )


def _sectors(view: AsOfView, tool: str, panel: Callable[[], pd.DataFrame]) -> Coverage:
    """Count the sectors with a value in the last row of a panel."""
    codes, values = list(view.sector_codes), panel()
    last = values.iloc[-1] if len(values) else None
    known = 0 if last is None else int(np.isfinite(last.reindex(codes).to_numpy(dtype=float)).sum())
    return Coverage(tool, known, len(view.sectors), "sectors")


def _market(view: AsOfView) -> tuple[int, int]:
    """Count the windows in which the market's own return is known."""
    periods = [period for period in ("1D", "1W", "1M", "3M") if view.window_rows(period)]
    rows = [view.window_rows(period) or 0 for period in periods]
    return sum(n < len(view.days) for n in rows), len(periods)


def _priced(view: AsOfView, symbols: list[str]) -> int:
    """Count the symbols with a price in the newest month, whose return over it can be told."""
    rows = view.window_rows("1M") or 1
    recent = view.daily_returns[symbols].iloc[-rows:].notna().to_numpy().any(axis=0)
    return int(recent.sum())


def _long_enough(view: AsOfView) -> pd.DataFrame:
    rows = ENOUGH_MONTHS if view.market.monthly else ENOUGH_DAYS
    return view.index[list(view.sector_codes)].shift(rows).iloc[-1:]


def _n_long(view: AsOfView) -> int:
    return int(_long_enough(view).notna().to_numpy().sum())


def _toned(view: AsOfView) -> list[str]:
    """Return the sectors of whose news tone something is known and still stands."""
    if view.signals is None or signals.SENTIMENT not in signals.signal_names(view):
        return []
    last = signals.level(view, signals.SENTIMENT, tuple(view.sector_codes)).iloc[-1]
    return [str(code) for code in last.index[last.notna()]]
