"""A paper portfolio: weights decided on a day, traded at a later close, drifting until then."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Path:
    """What a portfolio did.

    Attributes
    ----------
    returns
        Simple return on each row after the first trade, costs taken off, shape (n_rows,).
    turnover
        Half of everything traded, in portfolio values, the first purchase included.
    """

    returns: NDArray[np.float64]
    turnover: float


@dataclass(frozen=True, kw_only=True)
class Performance:
    """The usual measures of a path; fractions, a year at a time where it applies."""

    annual_return: float
    volatility: float
    sharpe: float | None
    """Mean over standard deviation of returns, annualised, no interest rate taken off."""
    max_drawdown: float
    turnover: float


def hold(
    index: NDArray[np.float64], trades: Mapping[int, NDArray[np.float64]], costs_bp: float
) -> Path:
    """Follow the weights through the index.

    Parameters
    ----------
    index
        Return index of each asset, shape (n_rows, n_assets); what is held must have a value on each
        row held.
    trades
        Row at whose close is traded → weights after it, shape (n_assets,), adding up to 1.
    costs_bp
        Cost of each unit traded, in basis points.

    Returns
    -------
    Path
        From the row after the first trade to the last row.

    Examples
    --------
    >>> import numpy as np
    >>> hold(np.array([[1.0], [1.1]]), {0: np.array([1.0])}, 0.0).returns.round(3)
    array([0.1])
    """
    first = min(trades)
    weights = np.zeros(index.shape[1])
    turnover = 0.0
    pending = 0.0
    out = []
    for row in range(first, index.shape[0]):
        if row > first:
            growth = np.where(weights > 0, index[row] / index[row - 1], 1.0)
            gross = float(np.sum(weights * growth))
            out.append(gross * (1.0 - pending) - 1.0)
            weights = weights * growth / gross
            pending = 0.0
        if row in trades:
            traded = float(np.sum(np.abs(trades[row] - weights)))
            turnover += traded / 2
            # the cost falls on the value carried into the next day
            pending = traded * costs_bp / 1e4
            weights = trades[row]
    return Path(returns=np.array(out), turnover=turnover)


def performance(path: Path, rows_per_year: int) -> Performance:
    """Return the measures of a path of at least two rows."""
    returns = path.returns
    years = returns.size / rows_per_year
    value = np.cumprod(1.0 + returns)
    peak = np.maximum(np.maximum.accumulate(value), 1.0)
    deviation = float(np.std(returns, ddof=1))
    return Performance(
        annual_return=float(value[-1]) ** (1.0 / years) - 1.0,
        volatility=deviation * math.sqrt(rows_per_year),
        sharpe=(
            float(np.mean(returns)) / deviation * math.sqrt(rows_per_year)
            if deviation > 0
            else None
        ),
        max_drawdown=float(np.min(value / peak)) - 1.0,
        turnover=path.turnover / years,
    )


def top_weights(
    scores: NDArray[np.float64], eligible: NDArray[np.bool_], count: int
) -> NDArray[np.float64]:
    """Return equal weights on the `count` best eligible assets, ties by position.

    All weights are zero where none is eligible.

    Parameters
    ----------
    scores
        Shape (n_assets,); NaN is not eligible.
    eligible
        Shape (n_assets,).
    """
    ok = eligible & np.isfinite(scores)
    order = np.argsort(np.where(ok, -scores, np.inf), kind="stable")[: min(count, int(ok.sum()))]
    weights = np.zeros(scores.shape)
    if order.size:
        weights[order] = 1.0 / order.size
    return weights
