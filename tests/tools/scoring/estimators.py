"""A fit's own output worked out another way: by scikit-learn's classes, given back the numbers that were kept."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.linear_model import LinearRegression
from sklearn.tree import DecisionTreeRegressor

from tools.scoring.features import FEATURES, GROUPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.scoring.model import Fit
    from tools.scoring.trees import Tree

N = len(FEATURES)


def estimated(fit: Fit, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the score of rows of inputs, shape (n_rows,), in the facts' own units; NaN where missing."""
    centre = np.array([entry.centre for entry in fit.inputs])
    scale = np.array([entry.scale for entry in fit.inputs])
    standard = np.minimum(3.0, np.maximum(-3.0, (values - centre) / scale))
    told = np.where(np.isnan(standard), 0.0, standard)
    line = LinearRegression()
    line.coef_ = np.array([entry.coefficient for entry in fit.inputs])
    line.intercept_, line.n_features_in_ = fit.intercept, N
    total = np.asarray(line.predict(told), dtype=np.float64)
    for grown, weight in zip(fit.trees, fit.tree_weights, strict=True):
        columns = [i for i, spec in enumerate(FEATURES) if spec.group == grown.group]
        known = np.isfinite(values[:, columns]).any(axis=1)
        single = told.astype(np.float32)
        summed = sum(rebuilt(tree).predict(single).ravel() for tree in grown.trees)
        total += np.where(known, weight * (grown.rate * np.asarray(summed) - grown.offset), 0.0)
    return total


@cache
def rebuilt(tree: Tree) -> Any:
    """Return the library's own tree with the nodes that were kept of it."""
    inner, state = _shell()
    n = len(tree.value)
    nodes = np.zeros(n, dtype=state["nodes"].dtype)
    nodes["left_child"], nodes["right_child"] = tree.left, tree.right
    leaf = np.array(tree.left) < 0
    nodes["feature"] = np.where(leaf, -2, tree.input)
    nodes["threshold"] = np.where(leaf, -2.0, tree.threshold)
    nodes["n_node_samples"], nodes["weighted_n_node_samples"] = 1, 1.0
    grown = inner(N, np.array([1], dtype=np.intp), 1)
    values = np.array(tree.value, dtype=np.float64).reshape(n, 1, 1)
    grown.__setstate__({**state, "node_count": n, "nodes": nodes, "values": values})
    return grown


@cache
def _shell() -> tuple[Any, dict[str, Any]]:
    """Return the class of the library's trees, and the state of one to fill in."""
    tree = DecisionTreeRegressor(max_depth=4).fit(np.zeros((2, N)), [0.0, 1.0]).tree_
    return type(tree), {**tree.__getstate__(), "max_depth": 4}


def groups_removed(
    values: NDArray[np.float64], rng: np.random.Generator, share: float = 0.25
) -> NDArray[np.float64]:
    """Return the rows with whole groups missing at random."""
    out = values.copy()
    for group in GROUPS:
        columns = [i for i, spec in enumerate(FEATURES) if spec.group == group]
        gone = rng.random(len(out)) < share
        out[gone[:, None] & np.isin(np.arange(N), columns)] = np.nan
    return out
