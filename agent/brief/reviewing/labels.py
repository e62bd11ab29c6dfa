"""Quadrants, calls and confidence are those of the scorecard and of the facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.reviewing.binding import window_of
from agent.brief.reviewing.listing import listed

if TYPE_CHECKING:
    from agent.brief.reviewing.binding import Bound
    from agent.brief.reviewing.ground import Ground
    from agent.brief.reviewing.marks import Mark
    from tools.contracts import Flip

KINDS = ("quadrant", "call", "confidence", "pace", "strength", "edge", "half")


def check_labels(bound: Bound, ground: Ground) -> list[str]:
    """Check every label word of a sentence; return what is wrong."""
    problems: list[str] = []
    if bound.sentence.marks("ask"):
        return problems
    for mark in bound.sentence.marks(*KINDS):
        flip = _flip(bound, ground) if mark.kind == "call" else None
        if flip is None:
            problems += _label(bound, mark, ground)
        elif flip.new_call != mark.value:
            problems.append(
                f"{mark.text!r} in {bound.sentence.text!r} is not the call of the flip: {flip.new_call!r}"
            )
    return problems


def _flip(bound: Bound, ground: Ground) -> Flip | None:
    """Return the flip that would lead to a call, where the sentence is a condition."""
    if not bound.sentence.marks("if"):
        return None
    flips = [f for facts in bound.facts.values() for f in facts if f.metric.startswith("flip_")]
    row = ground.scores.get(flips[0].entity) if flips else None
    return row.flip if row is not None else None


def _of_horizon(bound: Bound, mark: Mark, ground: Ground) -> bool:
    """Whether a call's window, where its clause names one, is the scorecard's horizon."""
    clause = bound.sentence.clauses[bound.sentence.clause_of(mark)]
    if not clause.has("window") or clause.has("value"):
        return True
    window = window_of(bound, mark, ahead=True)
    return window is None or (window.tense != "past" and window.period == ground.horizon)


def _label(bound: Bound, mark: Mark, ground: Ground) -> list[str]:
    if mark.kind in {"call", "edge"} and not _of_horizon(bound, mark, ground):
        return [
            f"{mark.text!r} in {bound.sentence.text!r} is said of another time than {ground.horizon} ahead"
        ]
    entities = listed(bound, mark)
    if not entities:
        return _of_all(bound, mark, ground)
    problems = []
    denied = mark.kind == "half" and _denied(bound, mark)
    for entity in entities:
        known = ground.label(entity, mark.kind)
        if (known != mark.value) != denied:
            said = "not known" if known is None else f"{known!r}"
            problems.append(
                f"{mark.text!r} in {bound.sentence.text!r} is said of {entity}, whose {mark.kind} is {said}"
            )
    return problems


def _denied(bound: Bound, mark: Mark) -> bool:
    """Whether a word of negation stands before a label in its clause."""
    clause = bound.sentence.clauses[bound.sentence.clause_of(mark)]
    return any(other.end <= mark.start for other in clause.of("not"))


def _of_all(bound: Bound, mark: Mark, ground: Ground) -> list[str]:
    """Check a label that names nobody: it is said of every sector of the scorecard, or of none."""
    known = {ground.label(sector, mark.kind) for sector in ground.scores}
    denied = any(other.end <= mark.start for other in bound.sentence.marks("not"))
    if mark.value not in known if denied else known == {mark.value}:
        return []
    return [
        f"{mark.text!r} in {bound.sentence.text!r} names no entity and is not true of all sectors"
    ]
