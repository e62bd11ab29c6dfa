"""Quadrants, calls and confidence are those of the scorecard and of the facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.reviewing.listing import listed

if TYPE_CHECKING:
    from agent.brief.reviewing.binding import Bound
    from agent.brief.reviewing.ground import Ground
    from agent.brief.reviewing.marks import Mark

KINDS = ("quadrant", "call", "confidence", "pace", "strength")


def check_labels(bound: Bound, ground: Ground) -> list[str]:
    """Check every label word of a sentence; return what is wrong."""
    problems: list[str] = []
    if bound.sentence.marks("ask"):
        return problems
    for mark in bound.sentence.marks(*KINDS):
        if mark.kind == "call" and _conditional(bound, mark, ground):
            continue
        problems += _label(bound, mark, ground)
    return problems


def _conditional(bound: Bound, mark: Mark, ground: Ground) -> bool:
    """Whether a call is the one that a flip would lead to."""
    flips = [f for facts in bound.facts.values() for f in facts if f.metric.startswith("flip_")]
    row = ground.scores.get(flips[0].entity) if flips else None
    return row is not None and row.flip is not None and row.flip.new_call == mark.value


def _label(bound: Bound, mark: Mark, ground: Ground) -> list[str]:
    entities = listed(bound, mark)
    if not entities:
        return _of_all(bound, mark, ground)
    problems = []
    for entity in entities:
        known = ground.label(entity, mark.kind)
        if known != mark.value:
            said = "not known" if known is None else f"{known!r}"
            problems.append(
                f"{mark.text!r} in {bound.sentence.text!r} is said of {entity}, whose {mark.kind} is {said}"
            )
    return problems


def _of_all(bound: Bound, mark: Mark, ground: Ground) -> list[str]:
    """Check a label that names nobody: it is said of every sector of the scorecard."""
    known = {ground.label(sector, mark.kind) for sector in ground.scores}
    if known == {mark.value}:
        return []
    return [
        f"{mark.text!r} in {bound.sentence.text!r} names no entity and is not true of all sectors"
    ]
