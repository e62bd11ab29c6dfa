"""Trains the offline brain's linear model and writes ``model.json``.

Run from the repository root: ``python -m agent.brains.offline.train``. It learns from the utterances
of ``lexicon/utterances.toml`` and from the question sets of ``tests/questions`` that are not marked
unseen. The only module of the brain that needs scikit-learn; nothing imports it at question time.
Deterministic.

``python -m agent.brains.offline.train --leave-one-out`` prints how often a model that never saw a set
names a right label of its questions: what to expect of questions by other people.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

from agent.brains.offline.calls import LABEL_OF
from agent.brains.offline.classifier import OUTSIDE, STEP, guess, read_model
from agent.brains.offline.features import features
from agent.brains.offline.language import detect_language
from agent.brains.offline.lexicon import table
from agent.brains.offline.matching import correct_spelling, find_matches
from agent.brains.offline.names import market_names
from agent.brains.offline.phrasing import plainly
from agent.brains.offline.text import clean, fold, spelled_out, tokenize
from agent.evaluation.questions import read_sets
from tools.contracts import SymbolName, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agent.evaluation.questions import Question

_REGULARISATION = 20.0
_FEWEST = {"c": 5, "w": 2, "q": 2, "t": 1, "u": 1, "g": 1, "n": 1}
"""How many texts must have a feature of each kind."""
_TEMPLATE_WEIGHT = 0.5
_DIGITS = 2
PATH = Path(__file__).with_name("model.json")
QUESTIONS = Path("tests/questions")
_OWN_LABELS = frozenset({"out_of_scope", "help", "smalltalk", "clarify", "brief", "track"})


class Row(NamedTuple):
    """A text, what it asks for, and what it counts."""

    text: str
    label: str
    weight: float


def utterances() -> list[Row]:
    """Return every template with its first fillings, with and without diacritics."""
    entries = table("utterances")
    slots = entries["slots"]
    found: dict[tuple[str, str], None] = {}
    for label, templates in (*entries.items(), *table("homonyms").items()):
        if label == "slots":
            continue
        for language in ("en", "vi"):
            for template in templates[language]:
                text = _filled(template, slots, language)
                found[(text, label)] = None
                found[(fold(text), label)] = None
    return [Row(text, label, _TEMPLATE_WEIGHT) for text, label in sorted(found)]


def labels_of(question: Question) -> tuple[str, ...]:
    """Return the labels that are right for a question."""
    own = [intent for intent in question.intents if intent in _OWN_LABELS]
    tools = [LABEL_OF[str(o["tool"])] for options in question.wanted for o in options]
    return tuple(dict.fromkeys(own or tools))


def asked(questions: Iterable[Question]) -> list[Row]:
    """Return a row a label of every question that stands alone."""
    return [
        Row(question.question, label, 1.0)
        for question in questions
        if not question.history
        for label in labels_of(question)
    ]


class Seen(NamedTuple):
    """What a model is fitted on."""

    rows: list[Row]
    counts: list[Counter[str]]
    """Features of each row."""
    labels: list[str]
    idf: dict[str, float]
    """Feature that is met often enough, in order → its inverse document frequency."""


def see(rows: list[Row] | None = None) -> Seen:
    """Return the rows to learn from, the shipped model's by default, as features."""
    if rows is None:
        opened = [q for q in read_sets(QUESTIONS) if q.use != "unseen"]
        rows = [*utterances(), *asked(opened)]
    vocabulary = _vocabulary()
    counts = [_features(row.text, vocabulary) for row in rows]
    met = Counter(name for row in counts for name in row)
    names = sorted(name for name, number in met.items() if number >= _FEWEST[name[0]])
    idf = {name: round(math.log((1 + len(rows)) / (1 + met[name])) + 1, _DIGITS) for name in names}
    return Seen(rows, counts, sorted({row.label for row in rows}), idf)


def train(seen: Seen | None = None) -> dict[str, Any]:
    """Return the fitted model as it is written: features with idf and weights a label, in steps."""
    rows, counts, labels, idf = seen or see()
    features_met = _matrix(counts, list(idf), idf)
    weights = np.array([row.weight for row in rows])
    fitted = LogisticRegression(
        C=_REGULARISATION, class_weight="balanced", max_iter=500, tol=1e-4
    ).fit(
        features_met,
        np.array([labels.index(row.label) for row in rows]),
        sample_weight=weights,
    )
    gate = LogisticRegression(
        C=_REGULARISATION, class_weight="balanced", max_iter=500, tol=1e-4
    ).fit(features_met, np.array([row.label == OUTSIDE for row in rows]), sample_weight=weights)
    steps = np.rint(np.vstack([fitted.coef_, gate.coef_]) / STEP).astype(int)
    return {
        "labels": labels,
        "bias": [round(float(value), _DIGITS) for value in (*fitted.intercept_, *gate.intercept_)],
        "features": {
            name: [idf[name], *steps[:, column].tolist()] for column, name in enumerate(idf)
        },
    }


def leave_one_out() -> dict[str, tuple[int, int]]:
    """Return, for each set, how often a model without it names a right label, and of how many."""
    questions = [q for q in read_sets(QUESTIONS) if q.use != "unseen" and not q.history]
    vocabulary = _vocabulary()
    found = {}
    for held_out in sorted({q.source for q in questions}):
        model = read_model(
            train(see([*utterances(), *asked(q for q in questions if q.source != held_out)]))
        )
        own = [q for q in questions if q.source == held_out]
        right = sum(
            guess(_features(q.question, vocabulary), model).label in labels_of(q) for q in own
        )
        found[held_out] = (right, len(own))
    return found


def main() -> None:
    """Write the model beside this module, or print what leaving each set out shows."""
    if "--leave-one-out" in sys.argv:
        for name, (right, of) in leave_one_out().items():
            sys.stdout.write(f"{name}: {right}/{of} {right / of:.1%}\n")
        return
    PATH.write_text(json.dumps(train(), ensure_ascii=False, separators=(",", ":")) + "\n")


def _matrix(counts: list[Counter[str]], names: list[str], idf: dict[str, float]) -> csr_matrix:
    position = {name: column for column, name in enumerate(names)}
    rows, columns, values = [], [], []
    for row, found in enumerate(counts):
        own = {name: (1 + math.log(n)) * idf[name] for name, n in found.items() if name in position}
        norm = math.sqrt(sum(value * value for value in own.values())) or 1.0
        for name, value in own.items():
            rows.append(row)
            columns.append(position[name])
            values.append(value / norm)
    return csr_matrix((values, (rows, columns)), shape=(len(counts), len(names)))


def _features(text: str, vocabulary: Vocabulary) -> Counter[str]:
    names = market_names(vocabulary)
    tokens = correct_spelling(tokenize(spelled_out(plainly(clean(text)))), names)
    language = detect_language(tokens)
    return features(tokens, find_matches(tokens, names, language), names, language)


def _vocabulary() -> Vocabulary:
    """Return a market of nothing but well-known shares: features mask names, whichever they are."""
    return Vocabulary(
        market_id="training",
        market_name="training",
        currency="VND",
        monthly=False,
        sectors=(),
        symbols=tuple(SymbolName(symbol=s, name=s) for s in table("companies")["names"]),
        series=(),
        series_aliases={},
        has_flows=True,
        has_shares=True,
        has_trading=True,
    )


def _filled(template: str, slots: dict[str, list[str]], language: str) -> str:
    text = template
    for name in ("s", "p", "f"):
        text = text.replace("{" + name + "}", slots[f"{name}_{language}"][0])
    return text


if __name__ == "__main__":
    main()
