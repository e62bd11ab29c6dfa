"""How good predictions were, said with the uncertainty that overlapping windows leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.backtest.baselines import ALWAYS_OUTPERFORM
from tools.backtest.layout import Laid, lay_out
from tools.backtest.measures_interval import IntervalMeasures, interval_measures
from tools.backtest.measures_probability import ProbabilityMeasures, probability_measures
from tools.backtest.past_chosen import PAST_CHOSEN
from tools.backtest.regimes import Slice, by_regime, by_year, market_states
from tools.backtest.resampling import Estimate, information, mean_over_dates
from tools.contracts import Frozen
from tools.scoring.calibration import rounded
from tools.scoring.panel import feature_panel
from tools.scoring.record import HitRate, hit_rate, rank_ic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from numpy.typing import NDArray

    from tools.contracts import Horizon
    from tools.view import AsOfView


class Measures(Frozen):
    """One model's record over a walk-forward."""

    model: str
    dates: int
    """Dates whose outcome is known."""
    predictions: int
    mean_ic: float | None
    """Mean rank correlation with the relative return that followed."""
    ic_low: float | None
    """None where the dates span fewer than two windows."""
    ic_high: float | None
    ic_t: float | None
    """t of the mean, Newey-West over the overlap."""
    base_rate: float
    """Share of all predictions whose sector beat the benchmark."""
    call_share: float | None
    hits: HitRate | None
    """Over calls; None without calls or without enough independent windows."""
    brier: float | None
    brier_half: float | None
    """Brier score of a constant one half on the same rows."""
    coverage: float | None
    """Share of outcomes inside the 80 % interval."""
    flip_rate: float | None
    """Share of sectors that changed from the upper to the lower half of the ranking, or back, from one date to the
    next."""
    probability: ProbabilityMeasures | None
    interval: IntervalMeasures | None
    against_past_chosen: Estimate | None
    """Mean rank correlation less that of the single signal chosen on the past, on the same dates; block bootstrap."""
    regimes: tuple[Slice, ...]
    years: tuple[Slice, ...]


def measures(predictions: pd.DataFrame, view: AsOfView, horizon: Horizon) -> tuple[Measures, ...]:
    """Measure every model of a prediction frame against what followed.

    Parameters
    ----------
    predictions
        The frame of :func:`tools.backtest.walk_forward.predictions`.
    view
        A view late enough to know the outcomes; later ones are left out.
    horizon
        Window of the forecast.
    """
    states = market_states(view)
    laid = lay_out(predictions, feature_panel(view, horizon))
    bar = next((one for one in laid if one.model == PAST_CHOSEN), None)
    return tuple(measure(one, states, bar) for one in laid)


def measure(
    laid: Laid, states: Mapping[str, NDArray[np.bool_]], bar: Laid | None = None
) -> Measures:
    """Measure one model.

    Parameters
    ----------
    laid
        Its predictions beside the outcomes.
    states
        The market's states by day, as :func:`tools.backtest.regimes.market_states` returns them.
    bar
        The single signal chosen on the past, on the same dates.
    """
    known, beat, rated, called = laid.known, laid.beat, laid.rated, laid.called
    ic = rank_ic(laid.score, laid.outcome)
    mean, low, high, t = information(ic, laid.overlap)
    right = (laid.probability > 0.5) == beat
    windows = np.broadcast_to(laid.windows[:, None], known.shape)
    constant = laid.model == ALWAYS_OUTPERFORM
    probability = None if constant else probability_measures(laid)
    interval = interval_measures(laid)
    return Measures(
        model=laid.model,
        dates=int(known.any(axis=1).sum()),
        predictions=int(known.sum()),
        mean_ic=mean,
        ic_low=low,
        ic_high=high,
        ic_t=t,
        base_rate=_mean(beat[known]) or 0.0,
        call_share=_mean(called[rated]),
        hits=hit_rate(right[called], beat[called], windows[called]) if called.any() else None,
        brier=probability.brier if probability else None,
        brier_half=0.25 if probability else None,
        coverage=interval.coverage.value if interval else None,
        flip_rate=flip_rate(laid.score),
        probability=probability,
        interval=interval,
        against_past_chosen=_against(ic, laid, bar),
        regimes=by_regime(laid, dict(states)),
        years=by_year(laid),
    )


def _against(ic: NDArray[np.float64], laid: Laid, bar: Laid | None) -> Estimate | None:
    if bar is None or bar.model == laid.model or not np.array_equal(bar.rows, laid.rows):
        return None
    return mean_over_dates(ic - rank_ic(bar.score, bar.outcome), laid.overlap)


def flip_rate(scores: NDArray[np.float64]) -> float | None:
    """Return how often a sector changes between the halves of the ranking from one date to the next.

    Parameters
    ----------
    scores
        Shape (n_dates, n_sectors); NaN where a sector is not ranked.

    Returns
    -------
    float or None
        A share of the pairs of neighbouring dates on which a sector was in one of the halves; None without any.
    """
    rank = pd.DataFrame(scores).rank(axis=1).to_numpy()
    half = (np.isfinite(scores).sum(axis=1) + 1) / 2
    side = np.sign(rank - half[:, None])
    turned = side[1:] * side[:-1]
    told = np.isfinite(turned) & (turned != 0)
    return _mean((turned < 0)[told])


def _mean(values: NDArray[Any]) -> float | None:
    return rounded(float(np.mean(values))) if values.size else None
