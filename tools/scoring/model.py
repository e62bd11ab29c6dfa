"""The arithmetic of both models: inputs to contributions, score, call, probability and interval.

The same functions score one sector today and every sector of twenty years. A score is its base
value plus its group contributions, added in the order of :data:`tools.scoring.features.GROUPS`;
nothing else enters it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tools.contracts import Call, Frozen
from tools.scoring.calibration import MEDIAN_PER_LOG_ODDS
from tools.scoring.features import FEATURES, GROUPS, Group
from tools.scoring.linear import CLIP, standardised
from tools.scoring.trees import TreeSum

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

VERSIONS = {"composite": "composite/2", "ensemble": "ensemble/1"}
"""Model → what a scorecard calls it."""
ABSTAIN = 0.03
"""Log-odds within which no call is made: three quarters of a percentage point of probability. A
tilt on less would be expected to earn under 2 % of a sector's spread, below what it costs to
trade, and would be shown as an even chance."""


class InputFit(Frozen):
    """How one input enters the score."""

    name: str
    centre: float
    scale: float
    coefficient: float
    """Log-odds per standard deviation."""


class Fit(Frozen):
    """The parameters of one model at one horizon."""

    intercept: float
    slope: float
    """Log-odds per standard deviation of relative return that is expected."""
    slope_floored: bool
    trained: bool
    """Whether a year of the market's own past was known; else the priors speak."""
    inputs: tuple[InputFit, ...]
    """In the order of the feature table."""
    trees: tuple[TreeSum, ...] = ()
    """What straight lines miss, by group; none in the composite."""
    tree_weights: tuple[float, ...] = ()
    """Log-odds per unit of each of them."""
    spread: float
    """Robust standard deviation of relative returns over the horizon, all sectors."""
    spreads: dict[str, float]
    """The same by sector, shrunk towards it."""
    usual_volatility: dict[str, float]
    """Median volatility of a sector's relative return over the years of its spread; 0: not known."""
    low_residual: float
    """10 % quantile of what the median forecast missed, in spreads."""
    high_residual: float

    def spread_of(self, sector: str) -> float:
        """Return a sector's spread, the pooled one where it has no past."""
        return self.spreads.get(sector, self.spread)


def input_contributions(fit: Fit, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return log-odds by input.

    Parameters
    ----------
    fit
        The parameters.
    values
        Shape (..., n_inputs), in the facts' units; NaN where there is no fact.

    Returns
    -------
    ndarray of shape (..., n_inputs)
        NaN where the input is missing.
    """
    centre = np.array([entry.centre for entry in fit.inputs])
    scale = np.array([entry.scale for entry in fit.inputs])
    coefficient = np.array([entry.coefficient for entry in fit.inputs])
    standard = np.clip((values - centre) / scale, -CLIP, CLIP)
    return np.asarray(coefficient * standard, dtype=np.float64)


def volatility_ratio(now: NDArray[np.float64], usual: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return by how much a sector's spread is wider than usual: the root of its volatility over the usual one.

    The root, because volatility is half way back to its usual size by the end of a horizon; between a half and two,
    and 1 where either is unknown.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.sqrt(now / usual)
    return np.clip(np.where(np.isfinite(ratio) & (usual > 0), ratio, 1.0), 0.5, 2.0)


def contributions_of(fit: Fit, values: NDArray[np.float64]) -> dict[Group, NDArray[np.float64]]:
    """Return each group's log-odds: of its inputs, and of its trees; NaN where all of its inputs are missing."""
    groups = group_contributions(input_contributions(fit, values))
    if fit.trees:
        standard = standardised(values, [(entry.centre, entry.scale) for entry in fit.inputs])
        for tree, weight in zip(fit.trees, fit.tree_weights, strict=True):
            group: Group = tree.group  # type: ignore[assignment]
            groups[group] = groups[group] + weight * tree.predict(standard)
    return groups


def group_contributions(parts: NDArray[np.float64]) -> dict[Group, NDArray[np.float64]]:
    """Add input contributions up to groups; a group is NaN where all of its inputs are."""
    groups: dict[Group, NDArray[np.float64]] = {}
    for group in GROUPS:
        total = np.zeros(parts.shape[:-1])
        seen = np.zeros(parts.shape[:-1], dtype=bool)
        for index, spec in enumerate(FEATURES):
            if spec.group != group:
                continue
            part = parts[..., index]
            known = np.isfinite(part)
            total = total + np.where(known, part, 0.0)
            seen |= known
        groups[group] = np.where(seen, total, np.nan)
    return groups


def scores(fit: Fit, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return base value plus group contributions, shape (...,); bare base value without inputs."""
    total = np.full(values.shape[:-1], fit.intercept)
    for part in contributions_of(fit, values).values():
        total = total + np.where(np.isfinite(part), part, 0.0)
    return total


def add_up(base_value: float, contributions: Mapping[str, float]) -> float:
    """Return the score: base value plus contributions, added in their order."""
    total = base_value
    for contribution in contributions.values():
        total += contribution
    return total


def finite_contributions(fit: Fit, relative: NDArray[np.float64]) -> dict[str, float]:
    """Return one sector's contributions by group; a missing group is absent."""
    groups = contributions_of(fit, relative)
    return {str(group): float(part) for group, part in groups.items() if np.isfinite(part)}


class Borders(NamedTuple):
    """The scores at which calls begin."""

    underperform: float
    outperform: float


def borders(base_value: float) -> Borders:
    """Return where calls begin.

    A call needs the sector's own reasons: where the base value alone says that most sectors beat
    their benchmark (survivors in the universe do that), a sector must stand out from it too.
    """
    return Borders(min(base_value, 0.0) - ABSTAIN, max(base_value, 0.0) + ABSTAIN)


def call_of(score: float, base_value: float) -> Call:
    """Return the call a score stands for."""
    border = borders(base_value)
    if score >= border.outperform:
        return "outperform"
    return "underperform" if score <= border.underperform else "none"


def probability_of(score: float, base_value: float) -> float:
    """Return the chance of beating the benchmark; exactly one half without a call."""
    return 0.5 if call_of(score, base_value) == "none" else 1.0 / (1.0 + math.exp(-score))


def expected_interval(
    fit: Fit, sector: str, score: float, volatility: float = math.nan
) -> tuple[float, float, float]:
    """Return the median relative return with its 10 and 90 % quantiles, as fractions.

    The spread widens and narrows with the sector's `volatility` against the market (of a year, NaN where unknown).

    The median is that of a normal relative return whose chance of being positive is the
    probability, so that both always agree in sign.
    """
    usual = np.array([fit.usual_volatility.get(sector, 0.0)])
    spread = fit.spread_of(sector) * float(volatility_ratio(np.array([volatility]), usual)[0])
    called = 0.0 if call_of(score, fit.intercept) == "none" else score
    expected = MEDIAN_PER_LOG_ODDS * called * spread
    low = min(expected, expected + fit.low_residual * spread)
    return expected, low, max(expected, expected + fit.high_residual * spread)
