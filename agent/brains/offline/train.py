"""Trains the offline brain's linear model from its utterances and writes ``model.json``.

Run from the repository root: ``python -m agent.brains.offline.train``. The only module of the
brain that needs scikit-learn; nothing imports it at question time. Deterministic.
"""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from agent.brains.offline.classifier import ngrams
from agent.brains.offline.lexicon import table
from agent.brains.offline.text import fold

_REGULARISATION = 20.0
_FEWEST = 2
_DIGITS = 3
PATH = Path(__file__).with_name("model.json")


def utterances() -> list[tuple[str, str]]:
    """Return (text, label) of every template with every filling, with and without diacritics."""
    entries = table("utterances")
    slots = entries["slots"]
    found: dict[tuple[str, str], None] = {}
    for label, templates in entries.items():
        if label == "slots":
            continue
        for language in ("en", "vi"):
            for template in templates[language]:
                for text in _filled(template, slots, language):
                    found[(text, label)] = None
                    found[(fold(text), label)] = None
    return sorted(found)


def train() -> dict[str, Any]:
    """Return the fitted model as it is written: features with idf and a weight a label."""
    rows = utterances()
    counts = [ngrams(text) for text, _ in rows]
    seen = Counter(name for row in counts for name in row)
    names = sorted(name for name, number in seen.items() if number >= _FEWEST)
    idf = {name: math.log((1 + len(rows)) / (1 + seen[name])) + 1 for name in names}
    position = {name: column for column, name in enumerate(names)}
    X = np.zeros((len(rows), len(names)))
    for row, found in enumerate(counts):
        for name, count in found.items():
            if name in position:
                X[row, position[name]] = (1 + math.log(count)) * idf[name]
    X /= np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1e-12)
    labels = sorted({label for _, label in rows})
    y = np.array([labels.index(label) for _, label in rows])
    fitted = LogisticRegression(
        C=_REGULARISATION, class_weight="balanced", max_iter=500, tol=1e-6
    ).fit(X, y)
    return {
        "labels": labels,
        "bias": [round(float(value), _DIGITS) for value in fitted.intercept_],
        "features": {
            name: [
                round(idf[name], _DIGITS),
                [round(float(value), 2) for value in fitted.coef_[:, column]],
            ]
            for name, column in position.items()
        },
    }


def main() -> None:
    """Write the model beside this module."""
    PATH.write_text(json.dumps(train(), ensure_ascii=False, separators=(",", ":")) + "\n")


def _filled(template: str, slots: dict[str, list[str]], language: str) -> list[str]:
    blanks = [name for name in ("s", "p", "f") if "{" + name + "}" in template]
    texts = []
    for values in itertools.product(*(slots[f"{name}_{language}"] for name in blanks)):
        text = template
        for name, value in zip(blanks, values, strict=True):
            text = text.replace("{" + name + "}", value)
        texts.append(text)
    return texts


if __name__ == "__main__":
    main()
