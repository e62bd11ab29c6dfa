"""A second opinion on why a sector scores as it does: a straight line fitted to the score around where it stands.

The attribution takes the model apart and knows what is inside. This one knows nothing: it moves the sector's inputs a
little at random, looks what the score does, and fits a weighted ridge regression to that (Ribeiro, Singh and Guestrin,
2016). Where both name the same reasons, the attribution says what the model does near this point too, not only at it;
where they part, the score bends there: an input beyond its clip, or close to a tree's threshold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.contracts import Frozen
from tools.scoring.features import FEATURES, GROUPS
from tools.scoring.linear import standardised
from tools.scoring.model import finite_contributions, scores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.scoring.model import Fit

SAMPLES = 400
SPREAD = 0.5
"""Standard deviations by which an input is moved."""
PENALTY = 1e-3
"""Of the ridge, in units of a sample."""
SMALLEST = 0.05
"""Part of the largest contribution below which a sign says nothing."""
SEED = 20_190_401


class SecondOpinion(Frozen):
    """What the surrogate says of one sector, beside its attribution."""

    contributions: dict[str, float]
    """Group → log-odds, from the surrogate's slopes."""
    agreement: float
    """Share of the contributions that count whose sign it confirms."""
    rank_correlation: float | None
    """Spearman's, over the groups; None with fewer than three, or where all of either are equal."""
    r_squared: float
    """How much of what the score did around the point a straight line explains."""


def second_opinion(fit: Fit, relative: NDArray[np.float64]) -> SecondOpinion | None:
    """Fit the surrogate around one sector; None where no input of it is known, or all contributions are nothing.

    Parameters
    ----------
    fit
        The parameters in force.
    relative
        The sector's inputs with the market's values subtracted, shape (n_inputs,); NaN where missing.
    """
    own = finite_contributions(fit, relative)
    largest = max((abs(value) for value in own.values()), default=0.0)
    if largest == 0.0:
        return None
    slopes, r_squared = _slopes(fit, relative)
    here = standardised(relative, [(entry.centre, entry.scale) for entry in fit.inputs])
    parts = np.where(np.isfinite(here), slopes * np.nan_to_num(here), 0.0)
    found = {
        str(group): float(sum(parts[i] for i, spec in enumerate(FEATURES) if spec.group == group))
        for group in GROUPS
        if group in own
    }
    counted = [group for group, value in own.items() if abs(value) >= SMALLEST * largest]
    same = sum(np.sign(own[group]) == np.sign(found[group]) for group in counted)
    return SecondOpinion(
        contributions=found,
        agreement=float(same / len(counted)),
        rank_correlation=_spearman(list(own.values()), [found[group] for group in own]),
        r_squared=r_squared,
    )


def _slopes(fit: Fit, relative: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return log-odds per standard deviation of each input around the point, and what they explain."""
    scale = np.array([entry.scale for entry in fit.inputs])
    known = np.isfinite(relative)
    moves = np.random.default_rng(SEED).normal(0.0, SPREAD, (SAMPLES, len(scale)))
    moves = np.where(known, moves, 0.0)
    said = scores(fit, relative + moves * scale)
    # nearer samples count more; the usual width, in units of the moves themselves
    distance = (moves * moves).sum(axis=1) / (SPREAD * SPREAD * max(int(known.sum()), 1))
    weights = np.exp(-distance / 2)
    weights /= weights.sum()
    # einsum without optimisation sums in a fixed order whatever the number of threads
    centred = moves - np.einsum("n,ni->i", weights, moves)
    outcome = said - np.einsum("n,n->", weights, said)
    gram = np.einsum("n,ni,nj->ij", weights, centred, centred)
    moment = np.einsum("n,ni,n->i", weights, centred, outcome)
    slopes = np.linalg.solve(gram + PENALTY / SAMPLES * np.eye(len(scale)), moment)
    missed = outcome - np.einsum("ni,i->n", centred, slopes)
    total = float(np.einsum("n,n,n->", weights, outcome, outcome))
    left = float(np.einsum("n,n,n->", weights, missed, missed))
    return slopes, 1.0 - left / total if total > 0 else 1.0


def _spearman(one: list[float], two: list[float]) -> float | None:
    if len(one) < 3:
        return None
    left, right = _ranks(one), _ranks(two)
    size = float(np.sqrt((left @ left) * (right @ right)))
    return float(left @ right) / size if size > 0 else None


def _ranks(values: list[float]) -> NDArray[np.float64]:
    """Return centred ranks; equal values share theirs."""
    array = np.array(values)
    below = (array[None, :] < array[:, None]).sum(axis=1)
    equal = (array[None, :] == array[:, None]).sum(axis=1)
    ranks = below + (equal - 1) / 2
    return np.asarray(ranks - ranks.mean(), dtype=np.float64)
