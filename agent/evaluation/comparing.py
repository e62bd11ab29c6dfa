"""What changed between two evaluations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tools.contracts import Frozen
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = "sectorvane.eval/1"
_RATES = (
    "right", "exact", "recall", "precision", "arguments", "intent", "out_of_scope", "answered", "clarification",
)  # fmt: skip


class Measure(Frozen):
    """One number, before and now."""

    name: str
    before: float
    now: float


class Change(Frozen):
    """What differs from an earlier evaluation, and the questions that changed sides."""

    measures: tuple[Measure, ...]
    now_wrong: tuple[str, ...]
    now_right: tuple[str, ...]


def read_evaluation(path: Path) -> dict[str, Any]:
    """Read an evaluation that was printed as JSON.

    Raises
    ------
    UnusableInputError
        When the file cannot be read or is no evaluation.
    """
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnusableInputError(
            "an evaluation printed with --json",
            f"{path.name}, which cannot be read",
            "Change --against.",
        ) from error
    if not isinstance(body, dict) or body.get("schema") != SCHEMA:
        raise UnusableInputError(
            "an evaluation printed with --json", f"{path.name}, which is none", "Change --against."
        )
    return body


def compare(before: dict[str, Any], now: dict[str, Any]) -> Change:
    """Compare two evaluations measure by measure; a measure that only one of them has is left out."""
    old, new = dict(_measures(before)), dict(_measures(now))
    wrong_before, wrong_now = _failed(before), _failed(now)
    both = bool(before.get("planning")) and bool(now.get("planning"))
    return Change(
        measures=tuple(
            Measure(name=name, before=old[name], now=value)
            for name, value in new.items()
            if name in old
        ),
        now_wrong=tuple(q for q in wrong_now if q not in wrong_before) if both else (),
        now_right=tuple(q for q in wrong_before if q not in wrong_now) if both else (),
    )


def _measures(body: dict[str, Any]) -> Iterator[tuple[str, float]]:
    planning = body.get("planning") or {}
    for language, one in planning.get("by_language", {}).items():
        yield from ((f"{name}, {language}", _share(one[name])) for name in _RATES if name in one)
        yield f"milliseconds, {language}", float(one["milliseconds"])
    for language, one in planning.get("unseen", {}).items():
        yield f"right where never looked at, {language}", _share(one["right"])
    faithfulness = body.get("faithfulness") or {}
    for kind, one in faithfulness.get("by_kind", {}).items():
        yield f"caught, {kind}", _share(one)
    if "rejected" in faithfulness:
        yield "correct briefs rejected", _share(faithfulness["rejected"])


def _share(one: dict[str, Any]) -> float:
    return one["hits"] / one["n"] if one["n"] else 0.0


def _failed(body: dict[str, Any]) -> tuple[str, ...]:
    failures = (body.get("planning") or {}).get("failures", ())
    return tuple(dict.fromkeys(failure["question"] for failure in failures))
