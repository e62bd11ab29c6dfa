"""The model's own out-of-sample record: what confidence rests on.

Outcomes overlap in time and lean on each other across sectors, so a thousand calls are far fewer
independent ones. Hit rates carry intervals from blocks of one horizon; information coefficients
carry Newey-West errors.
"""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.contracts import Frozen
from tools.scoring.calibration import MEDIAN_PER_LOG_ODDS, rounded
from tools.scoring.features import VOLATILITY_INPUT
from tools.scoring.model import borders, volatility_ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.scoring.model import Fit
    from tools.scoring.panel import FeaturePanel
    from tools.scoring.singles import Singles
    from tools.scoring.training import Walk

MIN_BLOCKS = 8
"""Fewer independent windows than this are no record."""
_Z = 1.959963985
_EXACT_T = {1: 12.70620474, 2: 4.30265273}
"""Where the expansion falls short by a quarter and by three in a hundred."""
_N_BINS = 3


class HitRate(Frozen):
    """How often calls were right."""

    n: int
    """Calls counted."""
    hits: int
    blocks: int
    """Non-overlapping windows they fall into: the independent evidence."""
    rate: float
    low: float
    """95 % interval, widened for overlap."""
    high: float
    base_rate: float
    """What the better of two constant calls, always up or always down, would have hit."""
    stated: float | None = None
    """Mean probability that these calls gave themselves of coming true."""


class Coverage(Frozen):
    """How often outcomes fell into the interval that was to hold the middle 80 % of them."""

    n: int
    """Forecasts counted, those without a call included."""
    blocks: int
    """Non-overlapping windows they fall into."""
    rate: float
    low: float
    """95 % interval, widened for overlap."""
    high: float


class Baseline(Frozen):
    """The record of the best simple alternative, on the dates on which both had one."""

    signal: str
    """Input that would be gone by now, named as in a fact id."""
    sign: int
    """Whether a high value of it is taken to lead (1) or to lag (-1)."""
    dates: int
    mean_ic: float
    """Mean rank correlation of the single signal that had done best by each refit."""
    gap: float
    """Mean rank correlation of the model less that of the single signal."""
    gap_low: float
    """95 % interval."""
    gap_high: float


class ConfidenceBin(Frozen):
    """The record of about equally confident calls."""

    from_edge: float
    """Smallest distance of the probability from one half in this bin."""
    record: HitRate | None


class Record(Frozen):
    """The record of one horizon up to a refit."""

    first: date | None
    last: date | None
    dates: int
    """Weekly dates (months in monthly markets) with an outcome."""
    mean_ic: float | None
    """Mean rank correlation of score and relative return, over dates."""
    ic_low: float | None
    ic_high: float | None
    call_share: float | None
    """Share of predictions that were calls."""
    calls: HitRate | None
    bins: tuple[ConfidenceBin, ...] = ()
    coverage: Coverage | None = None
    baseline: Baseline | None = None

    def bin_of(self, probability: float) -> ConfidenceBin | None:
        """Return the record of equally confident calls."""
        distance = abs(probability - 0.5)
        fitting = [entry for entry in self.bins if entry.from_edge <= distance]
        return fitting[-1] if fitting else (self.bins[0] if self.bins else None)


NO_RECORD = Record(
    first=None, last=None, dates=0, mean_ic=None, ic_low=None, ic_high=None, call_share=None,
    calls=None,
)  # fmt: skip


def t_quantile(degrees: int) -> float:
    """Return the two-sided 95 % quantile of Student's t (Cornish-Fisher, three terms; exact below three degrees)."""
    v, z = max(degrees, 1), _Z
    if v in _EXACT_T:
        return _EXACT_T[v]
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / v + second / v**2 + third / v**3


def rank_ic(scores: NDArray[np.float64], outcomes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Spearman's correlation on each date.

    Parameters
    ----------
    scores, outcomes
        Shape (n_dates, n_sectors); NaN where missing.

    Returns
    -------
    ndarray of shape (n_dates,)
        0 where all scores are equal, NaN where fewer than three sectors have both.
    """
    both = np.isfinite(scores) & np.isfinite(outcomes)
    left = pd.DataFrame(np.where(both, scores, np.nan)).rank(axis=1).to_numpy()
    right = pd.DataFrame(np.where(both, outcomes, np.nan)).rank(axis=1).to_numpy()
    count = both.sum(axis=1)
    centre = (count[:, None] + 1) / 2
    left, right = np.where(both, left - centre, 0.0), np.where(both, right - centre, 0.0)
    norm = np.sqrt((left * left).sum(axis=1) * (right * right).sum(axis=1))
    ic = np.where(norm > 0, (left * right).sum(axis=1) / np.where(norm > 0, norm, 1.0), 0.0)
    return np.where(count >= 3, ic, np.nan)


def mean_with_interval(series: NDArray[np.float64], overlap: int) -> tuple[float, float, float]:
    """Return the mean of overlapping windows with its 95 % interval.

    Parameters
    ----------
    series
        One value a date, shape (n_dates,), no NaN.
    overlap
        Dates that one window spans.
    """
    n = series.size
    mean = float(np.mean(series))
    error = overlap_error(series - mean, overlap)
    half = t_quantile(max(n // max(overlap, 1) - 1, 1)) * error
    return mean, mean - half, mean + half


def overlap_error(residual: NDArray[np.float64], overlap: int) -> float:
    """Return the standard error of a mean of values whose windows overlap (Newey-West).

    Bartlett's weights keep the variance positive but take away from the autocovariance that overlap alone brings, so
    that nominal 95 % intervals would hold 88 to 90 %; what they take of it is known, and given back.

    Parameters
    ----------
    residual
        Values less their mean, shape (n_dates,).
    overlap
        Dates that one window spans; 1: none overlap.
    """
    n = residual.size
    variance = float(np.sum(residual * residual))
    kept = 1.0
    for lag in range(1, overlap):
        weight = 1.0 - lag / overlap
        kept += 2.0 * weight * weight
        if lag < n:
            variance += 2.0 * weight * float(np.sum(residual[lag:] * residual[:-lag]))
    return math.sqrt(max(variance, 0.0) * overlap / kept) / n


def hit_rate(
    hit: NDArray[np.bool_],
    beat: NDArray[np.bool_],
    blocks: NDArray[np.int64],
    distance: NDArray[np.float64] | None = None,
) -> HitRate | None:
    """Return the hit rate of calls with an interval that counts blocks, not calls.

    Parameters
    ----------
    hit
        Whether each call was right, shape (n_calls,).
    beat
        Whether the sector beat the benchmark, shape (n_calls,).
    blocks
        Non-overlapping window each call falls into, shape (n_calls,).
    distance
        How far each call's probability was from one half, shape (n_calls,).

    Returns
    -------
    HitRate or None
        None with fewer than `MIN_BLOCKS` blocks.
    """
    found = _share(hit, blocks)
    if found is None:
        return None
    n_blocks, rate, low, high = found
    base = float(np.mean(beat))
    return HitRate(
        n=hit.size,
        hits=int(hit.sum()),
        blocks=n_blocks,
        rate=rate,
        low=low,
        high=high,
        base_rate=rounded(max(base, 1 - base)),
        stated=None if distance is None else rounded(0.5 + float(np.mean(distance))),
    )


def _share(
    hit: NDArray[np.bool_], blocks: NDArray[np.int64]
) -> tuple[int, float, float, float] | None:
    """Return blocks, share of hits and its interval; None with too few blocks."""
    names, position = np.unique(blocks, return_inverse=True)
    n, n_blocks = hit.size, names.size
    if n_blocks < MIN_BLOCKS:
        return None
    rate = float(np.mean(hit))
    excess = np.bincount(position, weights=hit - rate)
    clustered = math.sqrt(float(np.sum(excess * excess)) * n_blocks / (n_blocks - 1)) / n
    # sectors of one date offset each other; never narrower than independent even calls would be
    floor = 0.5 / math.sqrt(n)
    half = t_quantile(n_blocks - 1) * max(clustered, floor)
    low, high = rounded(max(0.0, rate - half)), rounded(min(1.0, rate + half))
    return n_blocks, rounded(rate), low, high


def record_of(panel: FeaturePanel, walked: Walk, singles: Singles | None = None) -> Record:
    """Return the record of all trained refits of a walk, on a weekly grid with known outcomes.

    Parameters
    ----------
    panel
        The market's panel.
    walked
        The model as it was at every date.
    singles
        The best simple alternative on the same grid; None leaves it out.
    """
    grid = np.arange(0, len(panel.days), panel.stride)
    trained = np.array([fit.trained for fit in walked.fits])[walked.fit_of_row[grid]]
    grid = grid[trained]
    scores, outcomes = walked.scores[grid], panel.forward[grid]
    ic = rank_ic(scores, outcomes)
    dated = np.isfinite(ic)
    overlap = max(1, math.ceil(panel.horizon_rows / panel.stride))
    if int(dated.sum()) < MIN_BLOCKS * overlap:
        return NO_RECORD
    mean, low, high = mean_with_interval(ic[dated], overlap)
    known = np.isfinite(scores) & np.isfinite(outcomes)
    border = np.array([borders(fit.intercept) for fit in walked.fits])[walked.fit_of_row[grid]]
    filled = np.nan_to_num(scores)
    called = known & ((filled <= border[:, :1]) | (filled >= border[:, 1:]))
    block = np.broadcast_to((grid // panel.horizon_rows)[:, None], scores.shape)
    distance = np.abs(1.0 / (1.0 + np.exp(-scores[called])) - 0.5)
    beat = outcomes[called] > 0
    hit = (scores[called] > 0) == beat
    inside = _inside(panel, walked, grid, called)
    return Record(
        first=panel.days[grid[dated][0]].date(),
        last=panel.days[grid[dated][-1]].date(),
        dates=int(dated.sum()),
        mean_ic=rounded(mean),
        ic_low=rounded(low),
        ic_high=rounded(high),
        call_share=rounded(float(called.sum()) / max(int(known.sum()), 1)),
        calls=hit_rate(hit, beat, block[called], distance) if called.any() else None,
        bins=_bins(distance, hit, beat, block[called]),
        coverage=_coverage(inside[known], block[known]),
        baseline=None if singles is None else _baseline(ic, singles, grid // panel.stride, overlap),
    )


def _inside(
    panel: FeaturePanel, walked: Walk, rows: NDArray[np.int64], called: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return whether each outcome lay within the interval that was forecast for it, shape (n_rows, n_sectors)."""
    out = np.zeros(called.shape, dtype=bool)
    for position in np.unique(walked.fit_of_row[rows]):
        own = walked.fit_of_row[rows] == position
        at, fit = rows[own], walked.fits[position]
        spread = _spreads(panel, fit, walked.values[at][:, :, VOLATILITY_INPUT])
        said = MEDIAN_PER_LOG_ODDS * np.where(called[own], walked.scores[at], 0.0)
        low, high = said + min(fit.low_residual, 0.0), said + max(fit.high_residual, 0.0)
        with np.errstate(invalid="ignore"):
            missed = panel.forward[at] / spread
            out[own] = (missed >= low) & (missed <= high)
    return out


def _spreads(panel: FeaturePanel, fit: Fit, volatility: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each sector's spread as it was forecast, shape of `volatility` (n_rows, n_sectors)."""
    usual = np.array([fit.usual_volatility.get(sector, 0.0) for sector in panel.sectors])
    spread = np.array([fit.spread_of(sector) for sector in panel.sectors])
    return np.asarray(spread * volatility_ratio(volatility, usual), dtype=np.float64)


def _coverage(inside: NDArray[np.bool_], blocks: NDArray[np.int64]) -> Coverage | None:
    found = _share(inside, blocks)
    if found is None:
        return None
    n_blocks, rate, low, high = found
    return Coverage(n=inside.size, blocks=n_blocks, rate=rate, low=low, high=high)


def _baseline(
    ic: NDArray[np.float64], singles: Singles, rows: NDArray[np.int64], overlap: int
) -> Baseline | None:
    """Return how the best single signal did on the dates of the record, and by how much the model was ahead."""
    other = singles.ic[rows]
    both = np.isfinite(ic) & np.isfinite(other)
    if int(both.sum()) < MIN_BLOCKS * overlap:
        return None
    gap, low, high = mean_with_interval(ic[both] - other[both], overlap)
    return Baseline(
        signal=singles.now,
        sign=singles.sign,
        dates=int(both.sum()),
        mean_ic=rounded(float(np.mean(other[both]))),
        gap=rounded(gap),
        gap_low=rounded(low),
        gap_high=rounded(high),
    )


def _bins(
    distance: NDArray[np.float64],
    hit: NDArray[np.bool_],
    beat: NDArray[np.bool_],
    blocks: NDArray[np.int64],
) -> tuple[ConfidenceBin, ...]:
    """Split calls into thirds by their distance from one half."""
    if distance.size < _N_BINS * MIN_BLOCKS:
        return ()
    edges = [rounded(float(e)) for e in np.quantile(distance, np.arange(_N_BINS) / _N_BINS)]
    bins = []
    for index, edge in enumerate(edges):
        above = distance >= edge
        inside = above & (distance < edges[index + 1]) if index + 1 < _N_BINS else above
        record = (
            hit_rate(hit[inside], beat[inside], blocks[inside], distance[inside])
            if inside.any()
            else None
        )
        bins.append(ConfidenceBin(from_edge=edge, record=record))
    return tuple(bins)
