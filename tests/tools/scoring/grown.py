"""Trees for a fit that has none: grown on data in which the groups do say something beyond straight lines."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from tools.scoring.features import FEATURES, GROUPS
from tools.scoring.trees import TreeSum, fit_trees

if TYPE_CHECKING:
    from tools.scoring.model import Fit

GROUP_COLUMNS = [
    (group, [i for i, spec in enumerate(FEATURES) if spec.group == group]) for group in GROUPS
]


@cache
def trees(seed: int) -> tuple[TreeSum, ...]:
    rng = np.random.default_rng(seed)
    rows = np.clip(rng.normal(size=(600, len(FEATURES))), -3, 3)
    target = sum(np.sin(2 * rows[:, columns]).sum(axis=1) for _, columns in GROUP_COLUMNS)
    return fit_trees(rows, np.asarray(target), np.ones(len(rows)), GROUP_COLUMNS)


def with_trees(fit: Fit, seed: int = 0, size: float = 0.05) -> Fit:
    """Return the fit with trees of every group beside its lines; `size` is what each counts."""
    grown = trees(seed % 5)
    return fit.model_copy(update={"trees": grown, "tree_weights": (size,) * len(grown)})
