"""Scores the linear model of ``model.json`` in plain Python: word and letter n-grams."""

from __future__ import annotations

import json
import math
from collections import Counter
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

from agent.brains.offline.text import clean, fold

_SURE = 0.7
_MARGIN = 0.3


class Guess(NamedTuple):
    """The likeliest intent of a question."""

    label: str
    probability: float
    ranking: tuple[str, ...]
    sure: bool
    """Likely enough to act on without asking back."""


class Model(NamedTuple):
    """A fitted model."""

    labels: tuple[str, ...]
    features: dict[str, tuple[float, tuple[float, ...]]]
    """N-gram → inverse document frequency, weight a label."""
    bias: tuple[float, ...]


def ngrams(text: str) -> Counter[str]:
    """Count the words, word pairs and letter trigrams to pentagrams of a question, folded."""
    words = fold(clean(text)).split()
    words = ["".join(c for c in word if c.isalnum()) for word in words]
    words = ["0" if word.isdigit() else word for word in words if word]
    counts: Counter[str] = Counter(f"w:{word}" for word in words)
    counts.update(f"w:{a} {b}" for a, b in pairwise(words))
    for word in words:
        padded = f" {word} "
        for size in (3, 4, 5):
            counts.update(f"c:{padded[i : i + size]}" for i in range(len(padded) - size + 1))
    return counts


@cache
def load_model() -> Model:
    """Read the shipped model."""
    raw = json.loads(resources.files("agent.brains.offline").joinpath("model.json").read_text())
    return Model(
        tuple(raw["labels"]),
        {name: (idf, tuple(weights)) for name, (idf, weights) in raw["features"].items()},
        tuple(raw["bias"]),
    )


def guess(text: str) -> Guess:
    """Return the likeliest intents of a question."""
    model = load_model()
    values = {
        name: (1 + math.log(count)) * model.features[name][0]
        for name, count in ngrams(text).items()
        if name in model.features
    }
    norm = math.sqrt(sum(value * value for value in values.values())) or 1.0
    margins = [
        bias + sum(value / norm * model.features[name][1][k] for name, value in values.items())
        for k, bias in enumerate(model.bias)
    ]
    highest = max(margins)
    odds = [math.exp(margin - highest) for margin in margins]
    shares = [value / sum(odds) for value in odds]
    order = sorted(range(len(shares)), key=lambda k: (-shares[k], k))
    sure = (
        bool(values)
        and shares[order[0]] >= _SURE
        and (shares[order[0]] - shares[order[1]] >= _MARGIN)
    )
    return Guess(
        model.labels[order[0]], shares[order[0]], tuple(model.labels[k] for k in order), sure
    )
