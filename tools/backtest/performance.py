"""The usual measures of a path of returns, and how much of a Sharpe ratio is left after so many were tried."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.backtest.portfolio import Path

_EULER = 0.5772156649015329


@dataclass(frozen=True, kw_only=True)
class Performance:
    """The usual measures of a path; fractions, a year at a time where it applies."""

    annual_return: float
    volatility: float
    sharpe: float | None
    """Mean over standard deviation of returns, annualised, no interest rate taken off."""
    max_drawdown: float
    turnover: float
    sortino: float | None = None
    """Mean over the root of the mean squared loss, annualised."""
    calmar: float | None = None
    """A year's return over the maximum drawdown."""
    deflated_sharpe: float | None = None
    """Chance that the true Sharpe ratio is above what the best of so many models without skill would have shown
    (Bailey and López de Prado 2014)."""
    excess: float | None = None
    """A year's return above the benchmark's; None where nothing is held against it: the benchmark, long and short."""
    rows: int = 0
    skewness: float | None = None
    kurtosis: float | None = None
    """3 is a normal distribution's."""


def performance(path: Path, rows_per_year: int) -> Performance:
    """Return the measures of a path of at least two rows."""
    returns = path.returns
    years = returns.size / rows_per_year
    value = np.cumprod(1.0 + returns)
    peak = np.maximum(np.maximum.accumulate(value), 1.0)
    mean, deviation = float(np.mean(returns)), float(np.std(returns, ddof=1))
    loss = math.sqrt(float(np.mean(np.minimum(returns, 0.0) ** 2)))
    drawdown = float(np.min(value / peak)) - 1.0
    annual = float(value[-1]) ** (1.0 / years) - 1.0 if value[-1] > 0.0 else -1.0
    root = math.sqrt(rows_per_year)
    moves = deviation > 1e-12
    centred = (returns - mean) / float(np.std(returns)) if moves else None
    return Performance(
        annual_return=annual,
        volatility=deviation * root,
        sharpe=mean / deviation * root if moves else None,
        max_drawdown=drawdown,
        turnover=path.turnover / years,
        sortino=mean / loss * root if loss > 1e-12 else None,
        calmar=annual / -drawdown if drawdown < 0.0 else None,
        rows=returns.size,
        skewness=None if centred is None else float(np.mean(centred**3)),
        kurtosis=None if centred is None else float(np.mean(centred**4)),
    )


def deflated(found: Mapping[str, Performance], rows_per_year: int) -> dict[str, Performance]:
    """Add the deflated Sharpe ratio to every portfolio; all of them are the trials.

    Parameters
    ----------
    found
        Model → performance of its portfolio.
    rows_per_year
        Rows in a year.
    """
    root = math.sqrt(rows_per_year)
    ratios = np.array([one.sharpe / root for one in found.values() if one.sharpe is not None])
    if ratios.size < 2:
        return dict(found)
    bar = expected_best(float(np.std(ratios, ddof=1)), ratios.size)
    return {
        name: replace(one, deflated_sharpe=_chance_above(one, one.sharpe / root, bar))
        if one.sharpe is not None
        else one
        for name, one in found.items()
    }


def against(
    found: Mapping[str, Performance], benchmark: Performance | None
) -> dict[str, Performance]:
    """Add what every portfolio earned above the benchmark in a year."""
    if benchmark is None:
        return dict(found)
    bought = benchmark.annual_return
    return {name: replace(one, excess=one.annual_return - bought) for name, one in found.items()}


def expected_best(deviation: float, n_trials: int) -> float:
    """Return the largest Sharpe ratio to be expected of so many trials without skill.

    Parameters
    ----------
    deviation
        Standard deviation of the trials' ratios, a row at a time.
    n_trials
        How many there are, two or more.

    Examples
    --------
    >>> round(expected_best(1.0, 10), 2)
    1.57
    """
    normal = NormalDist()
    first = normal.inv_cdf(1.0 - 1.0 / n_trials)
    second = normal.inv_cdf(1.0 - 1.0 / (n_trials * math.e))
    return deviation * ((1.0 - _EULER) * first + _EULER * second)


def _chance_above(one: Performance, ratio: float, bar: float) -> float:
    """Return the probabilistic Sharpe ratio against a bar, both a row at a time."""
    skewness, kurtosis = one.skewness or 0.0, one.kurtosis or 3.0
    spread = 1.0 - skewness * ratio + (kurtosis - 1.0) / 4.0 * ratio * ratio
    return NormalDist().cdf((ratio - bar) * math.sqrt(one.rows - 1) / math.sqrt(max(spread, 1e-12)))
