"""Several markets and horizons taken together: too few dates in any one of them to tell skill from luck.

Markets are taken as independent, which two markets of one country are not quite. Within a market the same dates are
drawn for all of its horizons, in blocks of the longest one's length, because a week that was good for one horizon was
good for the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tools.backtest.measures_interval import bounded, calibrated_insides
from tools.backtest.measures_probability import bin_shares, calibrated_outcomes, calibration_error
from tools.backtest.past_chosen import PAST_CHOSEN
from tools.backtest.resampling import N_DRAWS, SEED, Estimate, Spread, draw_counts, middle
from tools.contracts import Frozen
from tools.scoring.calibration import rounded
from tools.scoring.record import rank_ic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from tools.backtest.layout import Laid
    from tools.backtest.report import WalkForwardReport

    Addends = Callable[[Laid, Laid], tuple[NDArray[np.float64], NDArray[np.float64]]]


class Pooled(Frozen):
    """One model over all markets and horizons."""

    model: str
    runs: int
    """Pairs of a market and a horizon."""
    dates: int
    predictions: int
    ic: Estimate
    bar: Estimate
    """Mean rank correlation of the single signal chosen on the past."""
    gap: Estimate
    """The first less the second, every date counting the same."""
    gap_by_run: Estimate
    """The same, every run counting the same."""
    ceiling: float
    """Mean over runs of the best single signal by hindsight."""
    calibration_error: Spread
    coverage: Spread
    call_share: float
    resolution: float
    reliability: float
    skill_half: Estimate
    skill_known_rate: Estimate
    hit_rate: Estimate


class _Run(NamedTuple):
    market: str
    mine: Laid
    bar: Laid
    ceiling: float


def pooled(reports: Sequence[WalkForwardReport], model: str) -> Pooled:
    """Take one model's runs together.

    Parameters
    ----------
    reports
        Walk-forwards with every model, of any markets and horizons.
    model
        One with probabilities and intervals.
    """
    runs = [_run(report, model) for report in reports]
    said = np.concatenate([run.mine.probability[run.mine.rated] for run in runs])
    beat = np.concatenate([run.mine.beat[run.mine.rated] for run in runs]).astype(np.float64)
    shares = bin_shares(said)
    weight = shares.sum(axis=0)
    seen, told = (beat @ shares) / weight, (said @ shares) / weight
    share = weight / said.size
    return Pooled(
        model=model,
        runs=len(runs),
        dates=sum(int(np.isfinite(_ic(run.mine)).sum()) for run in runs),
        predictions=said.size,
        ic=_over_dates(runs, lambda mine, _: _counted(_ic(mine))),
        bar=_over_dates(runs, lambda _, bar: _counted(_ic(bar))),
        gap=_over_dates(runs, _gap),
        gap_by_run=_over_dates(runs, _gap, by_run=True),
        ceiling=rounded(float(np.mean([run.ceiling for run in runs]))),
        calibration_error=_calibration(runs, said, beat, shares),
        coverage=_coverage(runs),
        call_share=rounded(float(np.mean(said != 0.5))),
        resolution=rounded(float(np.sum(share * (seen - beat.mean()) ** 2))),
        reliability=rounded(float(np.sum(share * (seen - told) ** 2))),
        skill_half=_over_dates(runs, lambda mine, _: _skill(mine, np.full(len(mine.rows), 0.5))),
        skill_known_rate=_over_dates(runs, lambda mine, _: _skill(mine, mine.known_rate)),
        hit_rate=_over_dates(runs, lambda mine, _: _hits(mine)),
    )


def _run(report: WalkForwardReport, model: str) -> _Run:
    by_name = {laid.model: laid for laid in report.laid}
    ceiling = report.ceiling.mean_ic if report.ceiling else float("nan")
    return _Run(report.market, by_name[model], by_name[PAST_CHOSEN], ceiling)


def _ic(laid: Laid) -> NDArray[np.float64]:
    return rank_ic(laid.score, laid.outcome)


def _counted(series: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    known = np.isfinite(series)
    return np.where(known, series, 0.0), known.astype(np.float64)


def _gap(mine: Laid, bar: Laid) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return _counted(_ic(mine) - _ic(bar))


def _skill(
    mine: Laid, reference: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rated = mine.rated
    own = np.where(rated, (mine.probability - mine.beat) ** 2, 0.0).sum(axis=1)
    other = np.where(rated, (reference[:, None] - mine.beat) ** 2, 0.0).sum(axis=1)
    return other - own, other


def _hits(mine: Laid) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    called = mine.called
    right = called & ((mine.probability > 0.5) == mine.beat)
    return right.sum(axis=1).astype(np.float64), called.sum(axis=1).astype(np.float64)


def _over_dates(runs: Sequence[_Run], addends: Addends, *, by_run: bool = False) -> Estimate:
    """Return a ratio of sums over all dates, or the mean of the runs' own ratios, with its interval."""
    value = _combined(
        [_sums(run, addends, np.ones((1, len(run.mine.rows)))) for run in runs], by_run=by_run
    )
    drawn = _combined([_sums(run, addends, counts) for run, counts in _drawn(runs)], by_run=by_run)
    low, high = middle(drawn)
    return Estimate(value=rounded(float(value[0])), low=low, high=high)


def _sums(
    run: _Run, addends: Addends, counts: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    above, below = addends(run.mine, run.bar)
    return counts @ above, counts @ below


def _combined(
    sums: list[tuple[NDArray[np.float64], NDArray[np.float64]]], *, by_run: bool
) -> NDArray[np.float64]:
    if by_run:
        return np.asarray(
            np.mean([above / below for above, below in sums], axis=0), dtype=np.float64
        )
    total = np.sum([above for above, _ in sums], axis=0) / np.sum(
        [below for _, below in sums], axis=0
    )
    return np.asarray(total, dtype=np.float64)


def _drawn(runs: Sequence[_Run]) -> Iterator[tuple[_Run, NDArray[np.float64]]]:
    """Yield how often each date of each run was drawn; a market's runs share their dates."""
    for number, market in enumerate(dict.fromkeys(run.market for run in runs)):
        own = [run for run in runs if run.market == market]
        days = np.unique(np.concatenate([run.mine.dates.to_numpy() for run in own]))
        overlap = max(run.mine.overlap for run in own)
        counts = draw_counts(days.size, overlap, N_DRAWS, SEED + number)
        for run in own:
            yield run, counts[:, np.searchsorted(days, run.mine.dates.to_numpy())]


def _calibration(
    runs: Sequence[_Run],
    said: NDArray[np.float64],
    beat: NDArray[np.float64],
    shares: NDArray[np.float64],
) -> Spread:
    value = rounded(float(calibration_error(said, beat, shares)))
    simulated = [calibrated_outcomes(run.mine, SEED + 7 * i) for i, run in enumerate(runs)]
    drawn = [
        calibration_error(said, np.concatenate(part, axis=1), shares)
        for part in zip(*simulated, strict=True)
    ]
    low, high = middle(np.concatenate(drawn))
    return Spread(value=value, low=low, high=high)


def _coverage(runs: Sequence[_Run]) -> Spread:
    inside, count = 0.0, 0
    for run in runs:
        laid, rated = run.mine, bounded(run.mine)
        held = (laid.outcome >= laid.low) & (laid.outcome <= laid.high)
        inside, count = inside + float(held[rated].sum()), count + int(rated.sum())
    simulated = [calibrated_insides(run.mine, SEED + 7 * i) for i, run in enumerate(runs)]
    drawn = [np.concatenate(part, axis=1).mean(axis=1) for part in zip(*simulated, strict=True)]
    low, high = middle(np.concatenate(drawn))
    return Spread(value=rounded(inside / count), low=low, high=high)
