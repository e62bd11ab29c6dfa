"""Paper portfolios: weights decided on a day, traded at a later price, drifting until then."""

from __future__ import annotations

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
        Row at whose price is traded → weights after it, shape (n_assets,), adding up to 1, or all zero: nothing held.
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
    rows = sorted(trades)
    ends = [*rows[1:], index.shape[0] - 1]
    weights = np.zeros(index.shape[1])
    turnover, parts = 0.0, []
    for row, end in zip(rows, ends, strict=True):
        traded = float(np.abs(trades[row] - weights).sum())
        turnover += traded / 2
        weights = trades[row]
        held = weights > 0.0
        if not held.any():
            parts.append(np.zeros(end - row))
            continue
        worth = (index[row : end + 1, held] / index[row, held]) @ weights[held]
        returns = worth[1:] / worth[:-1]
        if returns.size:
            # the cost falls on the value carried into the next row
            returns[0] *= 1.0 - traded * costs_bp / 1e4
        parts.append(returns - 1.0)
        drifted = np.zeros_like(weights)
        drifted[held] = weights[held] * index[end, held] / index[row, held] / worth[-1]
        weights = drifted
    return Path(returns=np.concatenate(parts), turnover=turnover)


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


def tilted_weights(
    scores: NDArray[np.float64], eligible: NDArray[np.bool_], largest: float
) -> NDArray[np.float64]:
    """Return equal weights moved towards the better ranked, long only.

    The best gains `largest`, the worst loses it, those between in proportion to their ranks; a weight that would fall
    below zero stays there. Equal scores move nothing.

    Parameters
    ----------
    scores
        Shape (n_assets,); NaN is not eligible.
    eligible
        Shape (n_assets,).
    largest
        Largest change of a weight, a fraction of the portfolio.

    Examples
    --------
    >>> import numpy as np
    >>> tilted_weights(np.array([3.0, 2.0, 1.0, 0.0]), np.ones(4, dtype=bool), 0.1).round(3)
    array([0.35 , 0.283, 0.217, 0.15 ])
    """
    ok = eligible & np.isfinite(scores)
    weights = np.zeros(scores.shape)
    if not ok.any():
        return weights
    values = scores[ok]
    above = (values[:, None] > values).sum(axis=1) - (values[:, None] < values).sum(axis=1)
    reach = int(np.abs(above).max())
    moved = 1.0 / values.size + largest * above / max(reach, 1)
    moved = np.maximum(moved, 0.0)
    weights[ok] = moved / moved.sum()
    return weights
