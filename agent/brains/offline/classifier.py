"""Scores the linear model of ``model.json`` in plain Python: how likely each kind of question is.

The model was fitted by :mod:`agent.brains.offline.train` on the features of
:mod:`agent.brains.offline.features`. Its labels are tools ("flow", "heatmap") and ways out ("help").
"""

from __future__ import annotations

import json
import math
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_SURE = 0.7
_MARGIN = 0.3
STEP = 0.05
"""Weights are kept in steps of this size."""
OUTSIDE = "out_of_scope"
"""The label of what no market answers."""


class Guess(NamedTuple):
    """How likely each label is for a question."""

    shares: dict[str, float]
    """Label → probability, the likeliest first."""
    outside: float = 0.0
    """How likely the question lies outside any market, by the fit that knows only inside and outside."""

    @property
    def label(self) -> str:
        """The likeliest label."""
        return next(iter(self.shares))

    @property
    def probability(self) -> float:
        """How likely that is."""
        return next(iter(self.shares.values()))

    @property
    def ranking(self) -> tuple[str, ...]:
        """All labels, the likeliest first."""
        return tuple(self.shares)

    @property
    def sure(self) -> bool:
        """Whether the likeliest stands out enough to act on without asking back."""
        first, second = list(self.shares.values())[:2]
        return first >= _SURE and first - second >= _MARGIN


class Model(NamedTuple):
    """A fitted model."""

    labels: tuple[str, ...]
    features: dict[str, list[float]]
    """Feature → inverse document frequency, then its weight a label and that of outside, in steps."""
    bias: tuple[float, ...]
    """A number a label, then that of outside."""


@cache
def load_model() -> Model:
    """Read the shipped model."""
    return read_model(
        json.loads(resources.files("agent.brains.offline").joinpath("model.json").read_text())
    )


def read_model(raw: Mapping[str, Any]) -> Model:
    """Return a model as :func:`agent.brains.offline.train.train` writes it."""
    return Model(tuple(raw["labels"]), raw["features"], tuple(raw["bias"]))


def guess(counts: Mapping[str, int], model: Model | None = None) -> Guess:
    """Return how likely each label is for a question with these features."""
    fitted = model or load_model()
    values = {
        name: (1 + math.log(count)) * fitted.features[name][0]
        for name, count in counts.items()
        if name in fitted.features
    }
    norm = math.sqrt(sum(value * value for value in values.values())) or 1.0
    margins = list(fitted.bias)
    for name, value in values.items():
        scaled = value * STEP / norm
        for k, weight in enumerate(fitted.features[name][1:]):
            margins[k] += scaled * weight
    outside = margins.pop()
    highest = max(margins)
    odds = [math.exp(margin - highest) for margin in margins]
    total = sum(odds)
    order = sorted(range(len(odds)), key=lambda k: (-odds[k], k))
    return Guess(
        {fitted.labels[k]: odds[k] / total for k in order}, 1.0 / (1.0 + math.exp(-outside))
    )
