"""Whether probabilities mean what they say: Brier and its parts, log loss, calibration, the surest calls.

Bins hold equally many predictions. Predictions with the same probability, abstentions above all, cannot be told apart:
they are spread evenly over the bins that they fall into, so that no order of rows decides the result.

The range of a perfectly calibrated forecaster is simulated: its outcomes come true with exactly the probabilities that
were said, and hang together as the market's own did. Each sector's outcomes are replaced by their ranks, which are
uniform; whole dates of ranks are drawn in blocks, so that sectors of one date offset each other and overlapping windows
agree as they do in the market; and a prediction of probability p comes true where the rank drawn is above 1 - p.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.backtest.resampling import (
    N_DRAWS,
    SEED,
    Estimate,
    Spread,
    drawn_dates,
    middle,
    ratio,
)
from tools.contracts import Frozen
from tools.scoring.calibration import rounded
from tools.scoring.record import HitRate, hit_rate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tools.backtest.layout import Laid

N_BINS = 10
_CHUNK = 50
_LEAST = 1e-12


class ReliabilityBin(Frozen):
    """About a tenth of all predictions, by their probability."""

    probability: float
    """Mean of what was said."""
    frequency: float
    """Share that beat the benchmark."""
    n: float
    """How many there are, equal probabilities shared out."""


class BrierParts(Frozen):
    """Brier = reliability − resolution + uncertainty + what differs within the bins (Murphy 1973)."""

    reliability: float
    """How far said and seen lie apart; 0 is best."""
    resolution: float
    """How far what was seen differs from bin to bin; 0 is a forecaster who knows nothing."""
    uncertainty: float
    within_bins: float


class ProbabilityMeasures(Frozen):
    """One model's probabilities against what followed."""

    n: int
    brier: float
    parts: BrierParts
    skill_half: Estimate | None
    """1 − Brier ÷ that of a constant one half."""
    skill_known_rate: Estimate | None
    """1 − Brier ÷ that of the base rate known at each date."""
    log_loss: float
    calibration_error: Spread
    """Mean distance of said and seen over ten equal-count bins."""
    bins: tuple[ReliabilityBin, ...]
    surest: HitRate | None
    """Hits among the calls in the tenth of all predictions that lies farthest from one half."""


def probability_measures(laid: Laid) -> ProbabilityMeasures | None:
    """Measure the probabilities of one model; None where it has none."""
    rated = laid.rated
    if not rated.any():
        return None
    said, beat = laid.probability[rated], laid.beat[rated].astype(np.float64)
    error = float(np.mean((said - beat) ** 2))
    shares = bin_shares(said)
    return ProbabilityMeasures(
        n=int(rated.sum()),
        brier=rounded(error),
        parts=_parts(said, beat, shares, error),
        skill_half=_skill(laid, np.full(laid.probability.shape, 0.5)),
        skill_known_rate=_skill(
            laid, np.broadcast_to(laid.known_rate[:, None], laid.probability.shape)
        ),
        log_loss=rounded(_log_loss(said, beat)),
        calibration_error=_calibration_error(laid, said, beat, shares),
        bins=_bins(said, beat, shares),
        surest=_surest(laid),
    )


def bin_shares(said: NDArray[np.float64], n_bins: int = N_BINS) -> NDArray[np.float64]:
    """Return which share of each prediction lies in each of the equal-count bins.

    Parameters
    ----------
    said
        Probabilities, shape (n_predictions,).
    n_bins
        How many bins there are.

    Returns
    -------
    ndarray of shape (n_predictions, n_bins)
        Rows add up to 1, columns to n_predictions / n_bins.

    Examples
    --------
    >>> import numpy as np
    >>> bin_shares(np.array([0.4, 0.5, 0.5, 0.6]), 2)
    array([[1. , 0. ],
           [0.5, 0.5],
           [0.5, 0.5],
           [0. , 1. ]])
    """
    _, position, counts = np.unique(said, return_inverse=True, return_counts=True)
    end = np.cumsum(counts)
    begin = end - counts
    edges = np.arange(n_bins + 1) * said.size / n_bins
    inside = np.minimum(end[:, None], edges[1:]) - np.maximum(begin[:, None], edges[:-1])
    shares = np.maximum(inside, 0.0) / counts[:, None]
    return np.asarray(shares[position], dtype=np.float64)


def _parts(
    said: NDArray[np.float64], beat: NDArray[np.float64], shares: NDArray[np.float64], error: float
) -> BrierParts:
    weight = shares.sum(axis=0) / said.size
    mean_said, mean_beat = _means(said, shares), _means(beat, shares)
    rate = float(beat.mean())
    reliability = float(np.sum(weight * (mean_said - mean_beat) ** 2))
    resolution = float(np.sum(weight * (mean_beat - rate) ** 2))
    uncertainty = rate * (1.0 - rate)
    return BrierParts(
        reliability=rounded(reliability),
        resolution=rounded(resolution),
        uncertainty=rounded(uncertainty),
        within_bins=rounded(error - reliability + resolution - uncertainty),
    )


def _means(values: NDArray[np.float64], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((values @ shares) / np.maximum(shares.sum(axis=0), 1e-300), dtype=np.float64)


def _skill(laid: Laid, reference: NDArray[np.float64]) -> Estimate | None:
    rated, beat = laid.rated, laid.beat
    own = np.where(rated, (laid.probability - beat) ** 2, 0.0).sum(axis=1)
    other = np.where(rated, (reference - beat) ** 2, 0.0).sum(axis=1)
    dated = rated.any(axis=1)
    return ratio((other - own)[dated], other[dated], laid.overlap)


def _log_loss(said: NDArray[np.float64], beat: NDArray[np.float64]) -> float:
    seen = np.where(beat > 0.0, said, 1.0 - said)
    return float(-np.mean(np.log(np.maximum(seen, _LEAST))))


def calibration_error(
    said: NDArray[np.float64], beat: NDArray[np.float64], shares: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the mean distance of said and seen over the bins, shape (...,).

    Parameters
    ----------
    said
        Probabilities, shape (n_predictions,).
    beat
        Whether each came true, shape (..., n_predictions).
    shares
        As :func:`bin_shares` returns them.
    """
    apart = np.abs(beat @ shares - said @ shares)
    return np.asarray(apart.sum(axis=-1) / said.size, dtype=np.float64)


def _calibration_error(
    laid: Laid, said: NDArray[np.float64], beat: NDArray[np.float64], shares: NDArray[np.float64]
) -> Spread:
    value = rounded(float(calibration_error(said, beat, shares)))
    drawn = [calibration_error(said, came, shares) for came in calibrated_outcomes(laid)]
    if not drawn:
        return Spread(value=value, low=None, high=None)
    low, high = middle(np.concatenate(drawn))
    return Spread(value=value, low=low, high=high)


def calibrated_outcomes(laid: Laid, seed: int = SEED) -> Iterator[NDArray[np.float64]]:
    """Yield outcomes as a perfectly calibrated forecaster would have seen them.

    Yields
    ------
    ndarray of shape (n_draws, n_rated)
        1 where the benchmark was beaten, in the order of the rated predictions; `N_DRAWS` rows in all, none where
        there are fewer than 20 dates.
    """
    rated = laid.rated
    ranks = uniform_ranks(np.where(rated, laid.outcome, np.nan))[rated.any(axis=1)]
    kept = rated[rated.any(axis=1)]
    needed = 1.0 - laid.probability[rated]
    for rank in drawn_ranks(ranks, kept, laid.overlap, seed):
        yield (rank > needed).astype(np.float64)


def drawn_ranks(
    ranks: NDArray[np.float64], kept: NDArray[np.bool_], overlap: int, seed: int = SEED
) -> Iterator[NDArray[np.float64]]:
    """Yield ranks of whole dates drawn in blocks.

    Parameters
    ----------
    ranks
        Uniform over each sector's dates, shape (n_dates, n_sectors); NaN where a sector has no outcome: what is drawn
        there is an independent rank instead.
    kept
        Which predictions are wanted, shape (n_dates, n_sectors).
    overlap
        Dates that one window spans.
    seed
        Of the draws.

    Yields
    ------
    ndarray of shape (n_draws, n_kept)
    """
    n = len(ranks)
    if n < 20:
        return
    drawn = drawn_dates(n, overlap, seed=seed)
    chance = np.random.default_rng(seed + 1)
    for first in range(0, N_DRAWS, _CHUNK):
        rank = ranks[drawn[first : first + _CHUNK]]
        absent = np.isnan(rank)
        rank[absent] = chance.random(int(absent.sum()))
        yield rank[:, kept]


def uniform_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each value's rank within its column, between 0 and 1, NaN where there is none."""
    frame = pd.DataFrame(values)
    return ((frame.rank() - 0.5) / frame.notna().sum()).to_numpy(dtype=np.float64)


def _bins(
    said: NDArray[np.float64], beat: NDArray[np.float64], shares: NDArray[np.float64]
) -> tuple[ReliabilityBin, ...]:
    rows = zip(_means(said, shares), _means(beat, shares), shares.sum(axis=0), strict=True)
    return tuple(
        ReliabilityBin(
            probability=rounded(float(p)), frequency=rounded(float(f)), n=rounded(float(n))
        )
        for p, f, n in rows
    )


def _surest(laid: Laid) -> HitRate | None:
    rated = laid.rated
    distance = np.where(rated, np.abs(laid.probability - 0.5), np.nan)
    edge = float(np.nanquantile(distance, 0.9))
    chosen = laid.called & (distance >= edge)
    if not chosen.any():
        return None
    right = (laid.probability > 0.5) == laid.beat
    windows = np.broadcast_to(laid.windows[:, None], chosen.shape)
    return hit_rate(right[chosen], laid.beat[chosen], windows[chosen])
