"""The score is what the estimators say, and the contributions are the groups' Shapley values."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.tools.scoring.estimators import estimated, groups_removed
from tests.tools.scoring.grown import with_trees
from tools.scoring.features import FEATURES, GROUPS
from tools.scoring.model import add_up, contributions_of, finite_contributions, scores
from tools.scoring.panel import feature_panel
from tools.scoring.record import rank_ic
from tools.scoring.schedule import refit_rows
from tools.scoring.training import MODELS, Model, Walk, walk_models
from tools.scoring.trees import Tree, TreeSum, members

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.tools.conftest import OpenDesk
    from tools.scoring.model import Fit

COLUMNS = {group: [i for i, s in enumerate(FEATURES) if s.group == group] for group in GROUPS}


@pytest.fixture(scope="module")
def walks(open_desk: OpenDesk) -> dict[Model, Walk]:
    panel = feature_panel(open_desk(n_days=700, with_signals=True).view, "1M")
    return walk_models(panel, refit_rows(panel.days, monthly=False)).walks


@pytest.fixture(scope="module")
def grown(open_desk: OpenDesk) -> Fit:
    """Return a fit of a small market with trees of every group."""
    desk = open_desk(n_days=700, with_signals=True)
    return with_trees(desk.scorer.artefact.horizons["1M"].models["ensemble"].fit)


class TestExactness:
    @pytest.mark.parametrize("trees", [False, True], ids=["as fitted", "with trees"])
    @pytest.mark.parametrize("model", MODELS)
    def test_every_score_of_a_walk_is_base_plus_contributions_and_the_estimators_own(
        self, walks: dict[Model, Walk], model: Model, *, trees: bool
    ) -> None:
        walk, rng = walks[model], np.random.default_rng(1)
        for position, fitted in enumerate(walk.fits):
            # one row of trees costs what a hundred rows of lines do
            rows = np.flatnonzero(walk.fit_of_row == position)[:: 31 if trees else 5]
            fit = with_trees(fitted, position) if trees else fitted
            values = walk.values[rows].reshape(-1, len(FEATURES))
            for given in (values, groups_removed(values, rng)):
                said = scores(fit, given)
                np.testing.assert_allclose(said, estimated(fit, given), rtol=0, atol=1e-6)
                for row, score in zip(given, said.tolist(), strict=True):
                    assert score == add_up(fit.intercept, finite_contributions(fit, row))

    def test_what_is_kept_of_an_estimator_predicts_what_it_predicts(self) -> None:
        rng = np.random.default_rng(2)
        columns = [2, 5, 11]
        rows = np.clip(rng.normal(size=(800, len(FEATURES))), -3, 3)
        target = np.sin(3 * rows[:, columns]).sum(axis=1) + rng.normal(size=800)
        weights = rng.uniform(0.1, 1, 800)
        for name, model, rate in members(800):
            model.fit(rows[:, columns], target, sample_weight=weights)
            kept = TreeSum(
                member=name,
                group="trend",
                rate=rate,
                offset=0.0,
                trees=tuple(
                    _as_numbers(tree.tree_, columns) for tree in np.ravel(model.estimators_)
                ),
            )
            again = TreeSum.model_validate_json(kept.model_dump_json())
            fresh = np.clip(rng.normal(size=(5000, len(FEATURES))), -3, 3)
            np.testing.assert_allclose(
                again.predict(fresh), model.predict(fresh[:, columns]), rtol=0, atol=1e-9
            )


class TestShapley:
    def test_contributions_are_the_groups_shapley_values_up_to_a_constant(self, grown: Fit) -> None:
        """Players are the groups; an absent one takes its inputs from a background row, all of which are averaged."""
        rng = np.random.default_rng(3)
        centre = np.array([entry.centre for entry in grown.inputs])
        scale = np.array([entry.scale for entry in grown.inputs])
        background = centre + scale * rng.normal(size=(12, len(FEATURES)))
        at_rest = {g: float(v.mean()) for g, v in contributions_of(grown, background).items()}
        for _ in range(3):
            row = centre + scale * rng.normal(size=len(FEATURES))
            value = _game(grown, row, background)
            parts = finite_contributions(grown, row)
            for group in GROUPS:
                wanted = parts[group] - at_rest[group]
                assert _shapley(value, group) == pytest.approx(wanted, abs=1e-12)
            assert math.fsum(parts.values()) + grown.intercept == pytest.approx(
                value[frozenset(GROUPS)], abs=1e-12
            )

    def test_a_tree_across_groups_would_be_noticed(self, grown: Fit) -> None:
        """The same check fails where trees are handed to the wrong group."""
        one, two = COLUMNS["trend"][0], COLUMNS["risk"][0]
        across = Tree(
            input=(one, -1, two, -1, -1), threshold=(0.0,) * 5, left=(1, -1, 3, -1, -1),
            right=(2, -1, 4, -1, -1), value=(0.0, 0.0, 0.0, -1.0, 1.0),
        )  # fmt: skip
        mixed = TreeSum(member="forest", group="trend", rate=1.0, offset=0.0, trees=(across,))
        fit = grown.model_copy(update={"trees": (mixed,), "tree_weights": (1.0,)})
        rng = np.random.default_rng(4)
        centre = np.array([entry.centre for entry in fit.inputs])
        scale = np.array([entry.scale for entry in fit.inputs])
        background = centre + scale * rng.normal(size=(12, len(FEATURES)))
        row = centre + scale
        at_rest = contributions_of(fit, background)["trend"].mean()
        told = finite_contributions(fit, row)["trend"] - at_rest
        assert abs(_shapley(_game(fit, row, background), "trend") - told) > 0.01


class TestStability:
    @pytest.mark.parametrize("trees", [False, True], ids=["lines", "with trees"])
    def test_inputs_that_barely_move_leave_the_reasons_in_their_order(
        self, grown: Fit, *, trees: bool
    ) -> None:
        fit = grown if trees else grown.model_copy(update={"trees": (), "tree_weights": ()})
        rng = np.random.default_rng(6)
        centre = np.array([entry.centre for entry in fit.inputs])
        scale = np.array([entry.scale for entry in fit.inputs])
        today = rng.normal(size=(300, len(FEATURES)))
        tomorrow = today + rng.uniform(-0.05, 0.05, today.shape)
        before, after = (
            np.stack(list(contributions_of(fit, centre + scale * day).values()), axis=1)
            for day in (today, tomorrow)
        )
        assert rank_ic(before, after).mean() > 0.9


def _as_numbers(tree: object, columns: list[int]) -> Tree:
    """Return the nodes of the library's tree as an artefact keeps them, rounding aside."""
    return Tree(
        input=tuple(columns[f] if f >= 0 else -1 for f in tree.feature),  # type: ignore[attr-defined]
        threshold=tuple(tree.threshold),  # type: ignore[attr-defined]
        left=tuple(tree.children_left),  # type: ignore[attr-defined]
        right=tuple(tree.children_right),  # type: ignore[attr-defined]
        value=tuple(tree.value.ravel()),  # type: ignore[attr-defined]
    )


def _game(
    fit: Fit, row: NDArray[np.float64], background: NDArray[np.float64]
) -> dict[frozenset[str], float]:
    """Return the mean score of every coalition of groups."""
    value = {}
    for size in range(len(GROUPS) + 1):
        for chosen in combinations(GROUPS, size):
            told = background.copy()
            for group in chosen:
                told[:, COLUMNS[group]] = row[COLUMNS[group]]
            value[frozenset(map(str, chosen))] = float(scores(fit, told).mean())
    return value


def _shapley(value: dict[frozenset[str], float], group: str) -> float:
    """Return a player's Shapley value by its definition."""
    n, total = len(GROUPS), 0.0
    for coalition, worth in value.items():
        if group not in coalition:
            size = len(coalition)
            weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
            total += weight * (value[coalition | {group}] - worth)
    return total
