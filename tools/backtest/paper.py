"""What a ranking would have earned: its top three, a tilt within the mandate, the top three against the bottom three.

Decided on a date, traded at the next day's close or open, each unit traded bearing the costs; borrowing is free and no
dividend is added to what the market's prices hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from tools.backtest.performance import Performance, performance
from tools.backtest.portfolio import Path, hold, tilted_weights, top_weights

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Weigh = Callable[[NDArray[np.float64], NDArray[np.bool_]], NDArray[np.float64]]

TOP = 3
LARGEST_TILT = 0.05
Trade = Literal["open", "close"]
Kind = Literal["top", "tilt", "long_short"]
KINDS: tuple[Kind, ...] = ("top", "tilt", "long_short")


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """Where paper portfolios trade.

    Attributes
    ----------
    index
        Return index of the sectors, shape (n_prices, n_sectors): a row a day at its close, or two a day, its open and
        its close.
    market
        The benchmark's, shape (n_prices, 1).
    listed
        Whether a sector has a price by a day, shape (n_days, n_sectors).
    delay
        Days from a decision to its trade.
    per_day
        Prices a day: 1, or 2 with opens; trades are at the first of them.
    costs_bp
        Of each unit traded.
    largest_tilt
        Largest change of a weight from equal weights.
    year
        Days in a year.
    """

    index: NDArray[np.float64]
    market: NDArray[np.float64]
    listed: NDArray[np.bool_]
    delay: int
    per_day: int
    costs_bp: float
    largest_tilt: float
    year: int

    def price_row(self, row: int) -> int:
        """Return the row of `index` at which a decision of a day is traded."""
        return self.per_day * (row + self.delay)


def trade(
    exchange: Exchange, rows: NDArray[np.int64], scores: NDArray[np.float64]
) -> dict[Kind, Performance]:
    """Return the performance of each kind of portfolio; nothing where no trade has two days after it.

    Parameters
    ----------
    exchange
        Where it trades.
    rows
        Days of the decisions, shape (n_dates,).
    scores
        Shape (n_dates, n_sectors).
    """
    top = _path(exchange, rows, scores, _top)
    if top is None:
        return {}
    tilt = _path(exchange, rows, scores, lambda s, ok: tilted_weights(s, ok, exchange.largest_tilt))
    found: dict[Kind, Path | None] = {
        "top": top,
        "tilt": tilt,
        "long_short": _long_short(exchange, rows, scores),
    }
    return {kind: performance(path, exchange.year) for kind, path in found.items() if path}


def benchmark(exchange: Exchange, first_row: int) -> Performance | None:
    """Return the benchmark's performance, bought with the first trade; it bears no costs."""
    start = exchange.price_row(first_row)
    if start > len(exchange.market) - 3 * exchange.per_day:
        return None
    path = hold(exchange.market, {start: np.ones(1)}, 0.0)
    return performance(_daily(exchange, path), exchange.year)


def _top(scores: NDArray[np.float64], listed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return equal weights in the top three; in all where equal scores say nothing."""
    told = np.unique(scores[np.isfinite(scores)]).size > 1
    return top_weights(scores, listed, TOP if told else scores.size)


def _path(
    exchange: Exchange, rows: NDArray[np.int64], scores: NDArray[np.float64], weigh: Weigh
) -> Path | None:
    trades = _trades(exchange, rows, scores, weigh)
    if not trades or min(trades) > len(exchange.index) - 3 * exchange.per_day:
        return None
    return _daily(exchange, hold(exchange.index, trades, exchange.costs_bp))


def _trades(
    exchange: Exchange, rows: NDArray[np.int64], scores: NDArray[np.float64], weigh: Weigh
) -> dict[int, NDArray[np.float64]]:
    trades: dict[int, NDArray[np.float64]] = {}
    for row, score in zip(rows, scores, strict=True):
        at = exchange.price_row(int(row))
        if at < len(exchange.index):
            weights = weigh(score, exchange.listed[row])
            if weights.any() or trades:
                trades[at] = weights
    return trades


def _long_short(
    exchange: Exchange, rows: NDArray[np.int64], scores: NDArray[np.float64]
) -> Path | None:
    """Return the top three less the bottom three, both legs of one unit, each bearing its costs."""
    sides = []
    for sign in (1.0, -1.0):
        trades = _trades(exchange, rows, sign * scores, _told_top)
        if not trades or min(trades) > len(exchange.index) - 3 * exchange.per_day:
            return None
        sides.append(
            (hold(exchange.index, trades, exchange.costs_bp), hold(exchange.index, trades, 0.0))
        )
    (up, _), (costly, free) = sides
    short = free.returns + (free.returns - costly.returns)
    n = min(up.returns.size, short.size)
    path = Path(returns=up.returns[-n:] - short[-n:], turnover=up.turnover + costly.turnover)
    return _daily(exchange, path)


def _told_top(scores: NDArray[np.float64], listed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return equal weights in the top three; nothing where equal scores say nothing."""
    told = np.unique(scores[np.isfinite(scores)]).size > 1
    return top_weights(scores, listed, TOP) if told else np.zeros(scores.shape)


def _daily(exchange: Exchange, path: Path) -> Path:
    """Compound the returns of a day's two prices; the first day's from its open to its close."""
    if exchange.per_day == 1:
        return path
    returns = path.returns
    first, rest = returns[:1], returns[1:]
    pairs = (1.0 + rest[0::2]) * (1.0 + rest[1::2]) - 1.0
    return Path(returns=np.concatenate([first, pairs]), turnover=path.turnover)
