"""Small trees that each look at one group of inputs: what a straight line misses, still added up by group.

A forest and a boosted sum are fitted by scikit-learn to what the linear part leaves over, group by group, so that a
group's contribution is exactly the sum of its own trees, and Shapley values, which average over the order in which
groups are told, can give nothing else. What is kept of an estimator is its arrays: they are read and checked like the
rest of an artefact, and scored without importing the library.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from pydantic import Field

from tools.contracts import Frozen
from tools.scoring.calibration import rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

N_TREES = 16
DEPTH = 2
LEAF_SHARE = 0.04
"""Smallest share of the sample in a leaf."""
RATE = 0.1
"""Share of a boosted tree's correction that is kept."""
MOST_ROWS = 4000
SEED = 20_190_401


class Tree(Frozen):
    """One binary tree; node 0 is the root, a leaf has `left` −1."""

    input: tuple[int, ...]
    """Position of the input that a node splits on."""
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    value: tuple[float, ...]
    """Mean of the target in a node."""


class TreeSum(Frozen):
    """The trees of one member for one group: ``rate`` × their sum, less what they give on average."""

    member: str
    group: str
    rate: float
    offset: float
    trees: tuple[Tree, ...] = Field(repr=False)

    def predict(self, standard: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum for standardised inputs of shape (..., n_inputs); a missing input counts as its centre."""
        # the library compares in single precision
        flat = np.nan_to_num(standard.reshape(-1, standard.shape[-1])).astype(np.float32)
        total = np.zeros(len(flat))
        for leaf in self._table.leaves(flat):
            total += leaf
        return np.asarray(self.rate * total - self.offset).reshape(standard.shape[:-1])

    @cached_property
    def _table(self) -> _Table:
        return _Table.of(self.trees)


class _Table(NamedTuple):
    """The nodes of several trees one after the other; leaves lead to themselves."""

    root: NDArray[np.int64]
    input: NDArray[np.int64]
    threshold: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]

    @classmethod
    def of(cls, trees: Sequence[Tree]) -> _Table:
        sizes = [len(tree.value) for tree in trees]
        root = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
        shift = np.repeat(root, sizes)
        here = np.arange(len(shift))
        left, right, inputs = (
            np.concatenate([getattr(tree, name) for tree in trees]).astype(np.int64)
            for name in ("left", "right", "input")
        )
        leaf = left < 0
        return cls(
            root=root,
            input=np.where(leaf, 0, inputs),
            threshold=np.concatenate([tree.threshold for tree in trees]),
            left=np.where(leaf, here, left + shift),
            right=np.where(leaf, here, right + shift),
            value=np.concatenate([tree.value for tree in trees]),
        )

    def leaves(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the value of every tree's leaf for every row, shape (n_trees, n_rows)."""
        at = np.repeat(self.root[:, None], len(rows), axis=1)
        sample = np.arange(len(rows))[None, :]
        for _ in range(DEPTH):
            below = rows[sample, self.input[at]] <= self.threshold[at]
            at = np.where(below, self.left[at], self.right[at])
        return self.value[at]


def fit_trees(
    standard: NDArray[np.float64],
    target: NDArray[np.float64],
    weights: NDArray[np.float64],
    groups: Sequence[tuple[str, Sequence[int]]],
) -> tuple[TreeSum, ...]:
    """Fit a forest and a boosted sum to each group.

    Parameters
    ----------
    standard
        Standardised inputs, oldest first, shape (n_samples, n_inputs); NaN where missing.
    target
        What the linear part leaves over, shape (n_samples,).
    weights
        What each sample counts, shape (n_samples,).
    groups
        Group and the positions of its inputs.
    """
    step = max(1, -(-len(target) // MOST_ROWS))
    rows = np.nan_to_num(standard[::step])
    found: list[TreeSum] = []
    for group, columns in groups:
        used = [c for c in columns if np.ptp(rows[:, c]) > 0]
        if used:
            found += _fit_group(group, rows, used, target[::step], weights[::step])
    return tuple(found)


def members(n_rows: int) -> list[tuple[str, Any, float]]:
    """Return the unfitted estimators: name, estimator, and what one of its trees counts."""
    from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor

    leaf = max(20, int(LEAF_SHARE * n_rows))
    forest = RandomForestRegressor(
        N_TREES, max_depth=DEPTH, min_samples_leaf=leaf, max_samples=0.5, random_state=SEED
    )
    boosted = GradientBoostingRegressor(
        n_estimators=N_TREES,
        max_depth=DEPTH,
        min_samples_leaf=leaf,
        learning_rate=RATE,
        subsample=0.5,
        init="zero",
        random_state=SEED,
    )
    return [("forest", forest, 1 / N_TREES), ("boosting", boosted, RATE)]


def _fit_group(
    group: str,
    rows: NDArray[np.float64],
    columns: Sequence[int],
    target: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> list[TreeSum]:
    own = rows[:, columns]
    sums = []
    for name, model, rate in members(len(rows)):
        model.fit(own, target, sample_weight=weights)
        trees = tuple(_kept(tree, columns) for tree in np.ravel(model.estimators_))
        bare = TreeSum(member=name, group=group, rate=rate, offset=0.0, trees=trees)
        offset = rounded(float(np.average(bare.predict(rows), weights=weights)))
        sums.append(bare.model_copy(update={"offset": offset}))
    return sums


def _kept(fitted: object, columns: Sequence[int]) -> Tree:
    """Return the arrays of one tree of the library."""
    tree = fitted.tree_  # type: ignore[attr-defined]
    return Tree(
        input=tuple(columns[f] if f >= 0 else -1 for f in tree.feature.tolist()),
        threshold=tuple(tree.threshold.tolist()),
        left=tuple(tree.children_left.tolist()),
        right=tuple(tree.children_right.tolist()),
        value=tuple(rounded(v) for v in tree.value.ravel().tolist()),
    )
