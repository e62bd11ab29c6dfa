"""A flip flips the call, and nothing nearer does: tried on every side, with straight lines and with trees."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.scoring.grown import with_trees
from tools.scoring.artefact import InputPast
from tools.scoring.features import FEATURES
from tools.scoring.flip import NO_PAST, NOT_WITHIN_PAST, smallest_flip
from tools.scoring.model import (
    Fit,
    InputFit,
    add_up,
    call_of,
    finite_contributions,
    scores,
)
from tools.scoring.trees import Tree, TreeSum

if TYPE_CHECKING:
    from numpy.typing import NDArray

N = len(FEATURES)
NAMES = [spec.fact_id("S", "1M") for spec in FEATURES]
STEPS = 60


def straight(rng: np.random.Generator) -> Fit:
    """Return a fit of straight lines with random coefficients."""
    return Fit(
        intercept=float(rng.normal(0, 0.05)),
        slope=1.0,
        slope_floored=False,
        trained=True,
        inputs=tuple(
            InputFit(
                name=spec.name,
                centre=float(rng.normal()),
                scale=float(rng.uniform(0.01, 3)),
                coefficient=float(rng.normal(0, 0.02)) * float(rng.random() < 0.8),
            )
            for spec in FEATURES
        ),
        spread=1.0,
        spreads={},
        usual_volatility={},
        low_residual=-1.0,
        high_residual=1.0,
    )


class Case:
    """One sector under one fit, with everything the search is told."""

    def __init__(self, seed: int, *, trees: bool) -> None:
        rng = np.random.default_rng(seed)
        fit = straight(rng)
        self.fit = with_trees(fit, seed) if trees else fit
        centre = np.array([entry.centre for entry in fit.inputs])
        scale = np.array([entry.scale for entry in fit.inputs])
        self.reference = np.where(rng.random(N) < 0.2, rng.normal(size=N), 0.0)
        self.raw = centre + scale * rng.normal(0, 1.5, N) + self.reference
        self.raw[rng.random(N) < 0.2] = np.nan
        self.pasts = {
            spec.name: InputPast(
                sd=float(scale[i]),
                low=float(centre[i] + self.reference[i] - scale[i] * rng.uniform(0, 3)),
                high=float(centre[i] + self.reference[i] + scale[i] * rng.uniform(0, 3)),
            )
            for i, spec in enumerate(FEATURES)
            if rng.random() < 0.9
        }

    def call(self, raw: NDArray[np.float64]) -> str:
        contributions = finite_contributions(self.fit, raw - self.reference)
        return call_of(add_up(self.fit.intercept, contributions), self.fit.intercept)

    def moved(self, index: int, value: float) -> str:
        changed = self.raw.copy()
        changed[index] = value
        return self.call(changed)

    def nearer(self, sd: float) -> list[str]:
        """Return inputs of which a move of less than `sd` deviations within the past gives another call."""
        now, found, rows = self.call(self.raw), [], []
        for index, spec in enumerate(FEATURES):
            past = self.pasts.get(spec.name)
            if past is None or math.isnan(self.raw[index]):
                continue
            reach = max(0.0, sd - 1e-6) * past.sd  # trees compare in single precision
            low = max(past.low, self.raw[index] - reach)
            high = min(past.high, self.raw[index] + reach)
            if low <= high:
                moved = np.repeat(self.raw[None, :], STEPS, axis=0)
                moved[:, index] = np.linspace(low, high, STEPS)
                rows.append(moved)
                found.append(spec.name)
        if not rows:
            return []
        values = scores(self.fit, np.stack(rows) - self.reference)
        other = [[call_of(v, self.fit.intercept) != now for v in line] for line in values]
        return [name for name, line in zip(found, other, strict=True) if any(line)]


@pytest.mark.parametrize("trees", [False, True], ids=["lines", "trees"])
@settings(max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_applying_the_flip_flips_and_nothing_nearer_does(seed: int, *, trees: bool) -> None:
    case = Case(seed, trees=trees)
    flip, reason = smallest_flip(case.fit, "S", "1M", case.raw, case.reference, case.pasts)
    if flip is None:
        assert reason == NOT_WITHIN_PAST
        assert case.nearer(100.0) == []
        return
    index = NAMES.index(flip.input)
    past = case.pasts[FEATURES[index].name]
    assert flip.from_ == case.raw[index]
    assert past.low <= flip.to <= past.high
    assert flip.sd == pytest.approx(abs(flip.to - flip.from_) / past.sd)
    assert case.moved(index, flip.to) == flip.new_call != case.call(case.raw)
    assert case.nearer(flip.sd) == []


def test_both_kinds_of_fit_do_flip_and_do_not() -> None:
    for trees in (False, True):
        found = [
            smallest_flip(c.fit, "S", "1M", c.raw, c.reference, c.pasts).flip is not None
            for c in (Case(seed, trees=trees) for seed in range(60))
        ]
        assert 10 < sum(found) < 60


def test_a_narrow_band_of_another_call_is_not_stepped_over() -> None:
    """A tree that lifts the score on a thousandth of the range only."""
    case = Case(3, trees=False)
    spec, index = FEATURES[0], 0
    flat = tuple(entry.model_copy(update={"coefficient": 0.0}) for entry in case.fit.inputs)
    band = Tree(
        input=(index, -1, index, -1, -1),
        threshold=(0.5, 0.0, 0.501, 0.0, 0.0),
        left=(1, -1, 3, -1, -1),
        right=(2, -1, 4, -1, -1),
        value=(0.0, 0.0, 0.0, 0.2, 0.0),
    )
    grown = TreeSum(member="forest", group=spec.group, rate=1.0, offset=0.0, trees=(band,))
    fit = case.fit.model_copy(
        update={"intercept": 0.0, "inputs": flat, "trees": (grown,), "tree_weights": (1.0,)}
    )
    entry, raw = fit.inputs[index], np.full(N, np.nan)
    raw[index] = entry.centre - entry.scale
    past = InputPast(
        sd=entry.scale, low=entry.centre - 2 * entry.scale, high=entry.centre + 2 * entry.scale
    )
    flip, _ = smallest_flip(fit, "S", "1M", raw, np.zeros(N), {spec.name: past})
    assert flip is not None
    assert flip.new_call == "outperform"
    assert flip.sd == pytest.approx(1.5, abs=1e-5)


def test_without_a_past_nobody_can_say_how_far_is_far() -> None:
    case = Case(1, trees=False)
    assert smallest_flip(case.fit, "S", "1M", case.raw, case.reference, {}).reason == NO_PAST
