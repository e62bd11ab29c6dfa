"""The single signal that somebody would have held who, at each date, took the best one so far.

Every baseline with a view and every feature by itself is a candidate, and so is its reverse. At each date the candidate
is held whose mean rank correlation with the relative returns known by then is largest, over all past weeks (months in
monthly markets) since the data began; a candidate needs a year of them. Before that it is 12-1 momentum. This is the
bar for the product; the best candidate by hindsight, which nobody could have held, is a ceiling to print beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from tools.backtest.baselines import NO_SIGNAL
from tools.scoring.calibration import rounded
from tools.scoring.record import rank_ic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from tools.scoring.panel import FeaturePanel

PAST_CHOSEN = "past_chosen"
Rule = Literal["mean", "t", "believed"]
"""The largest mean; the largest t; the largest mean without reversing any."""
_AT_FIRST = "momentum_12_1"


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The signal held on each day.

    Attributes
    ----------
    scores
        Shape (n_days, n_sectors).
    names
        Candidates.
    held
        Position of the candidate held on each day, shape (n_days,).
    reversed_
        Whether its reverse was held, shape (n_days,).
    """

    scores: NDArray[np.float64]
    names: tuple[str, ...]
    held: NDArray[np.int64]
    reversed_: NDArray[np.bool_]

    def shares(self, rows: NDArray[np.int64]) -> dict[str, float]:
        """Return for what share of some rows each signal was held, the commonest first; reversed ones after a minus."""
        labels = [
            f"{'-' if back else ''}{self.names[held]}"
            for held, back in zip(self.held[rows], self.reversed_[rows], strict=True)
        ]
        names, counts = np.unique(labels, return_counts=True)
        order = np.lexsort((names, -counts))
        return {str(names[i]): rounded(counts[i] / len(labels)) for i in order}


def candidates(baselines: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """Return the baselines that hold a view."""
    return {name: scores for name, scores in baselines.items() if name not in NO_SIGNAL}


def past_chosen(
    panel: FeaturePanel, baselines: Mapping[str, NDArray[np.float64]], rule: Rule = "mean"
) -> Chosen:
    """Return the signal chosen on the past at each date.

    Parameters
    ----------
    panel
        The panel that the outcomes come from.
    baselines
        Name → scores of shape (n_days, n_sectors).
    rule
        What the best so far is best by.
    """
    singles = candidates(baselines)
    names = tuple(singles)
    grid = np.arange(0, len(panel.days), panel.stride)
    ics = np.stack([_ic(panel, scores, grid) for scores in singles.values()], axis=1)
    mean, t = _so_far(ics)
    best = t if rule == "t" else mean
    enough = np.isfinite(ics).cumsum(axis=0) * panel.stride >= panel.year
    size = np.where(enough, best if rule == "believed" else np.abs(best), -np.inf)
    ended = np.searchsorted(grid + panel.horizon_rows, np.arange(len(panel.days)), side="right")
    last = np.maximum(ended - 1, 0)
    known = (ended > 0) & np.isfinite(size[last]).any(axis=1)
    held = np.where(known, np.argmax(size[last], axis=1), names.index(_AT_FIRST))
    back = known & (best[last, held] < 0.0) & (rule != "believed")
    stacked = np.stack(list(singles.values()))
    scores = stacked[held, np.arange(len(panel.days))]
    return Chosen(
        scores=np.where(back[:, None], -scores, scores), names=names, held=held, reversed_=back
    )


def hindsight_best(
    panel: FeaturePanel, baselines: Mapping[str, NDArray[np.float64]], rows: NDArray[np.int64]
) -> tuple[str, float] | None:
    """Return the candidate, or reverse of one, with the largest mean rank correlation over the rows, and that mean.

    None where no candidate ranks three sectors on half of the dates with a known outcome.
    """
    singles = candidates(baselines)
    found = {}
    for name, scores in singles.items():
        ic = _ic(panel, scores, rows)
        if 2 * np.isfinite(ic).sum() >= np.isfinite(panel.forward[rows]).any(axis=1).sum() > 0:
            found[name] = float(np.nanmean(ic))
    if not found:
        return None
    name = max(found, key=lambda one: abs(found[one]))
    return ("-" if found[name] < 0 else "") + name, abs(found[name])


def _ic(
    panel: FeaturePanel, scores: NDArray[np.float64], rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the rank correlation on some rows; NaN where fewer than three sectors have a value and an outcome."""
    return rank_ic(np.where(panel.listed[rows], scores[rows], np.nan), panel.forward[rows])


def _so_far(ics: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean and t of each column up to each row, NaN left out."""
    known = np.isfinite(ics)
    n = known.cumsum(axis=0)
    filled = np.where(known, ics, 0.0)
    mean = filled.cumsum(axis=0) / np.maximum(n, 1)
    variance = (filled * filled).cumsum(axis=0) / np.maximum(n, 1) - mean * mean
    t = mean / np.sqrt(np.maximum(variance, 1e-12) / np.maximum(n, 1))
    return mean, t
