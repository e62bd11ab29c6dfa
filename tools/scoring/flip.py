"""What would change a call: the smallest move of one input, checked by applying it.

Along one input the score is a straight line between the clips, lifted or lowered at the thresholds of its group's
trees. Between two such points it is solved, not searched, so no narrower band of another call is stepped over.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tools.contracts import Call, Flip
from tools.scoring.features import FEATURES
from tools.scoring.linear import CLIP, standardised
from tools.scoring.model import (
    add_up,
    borders,
    call_of,
    finite_contributions,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from tools.contracts import Horizon
    from tools.scoring.artefact import InputPast
    from tools.scoring.model import Fit
    from tools.scoring.trees import TreeSum

NOT_WITHIN_PAST = (
    "no single input, moved within its own past 1 to 99 % range, would change the call"
)
NO_PAST = "the inputs have too short a past to say how far they usually move"
_MARGIN = 1e-9
"""Log-odds beyond the threshold, so that rounding cannot leave the call unchanged."""
_NUDGES = (0.0, 1e-12, 1e-9)
"""Standard deviations that a solution may lack for rounding alone."""


class FlipOrReason(NamedTuple):
    """A flip, or why there is none."""

    flip: Flip | None
    reason: str | None


def smallest_flip(
    fit: Fit,
    sector: str,
    horizon: Horizon,
    raw: NDArray[np.float64],
    reference: NDArray[np.float64],
    pasts: Mapping[str, InputPast],
) -> FlipOrReason:
    """Find the smallest single-input move, in its own standard deviations, that changes the call.

    Parameters
    ----------
    fit
        The parameters in force.
    sector, horizon
        What the call is about.
    raw
        The sector's fact values, shape (n_inputs,); NaN where missing.
    reference
        The market's values that are subtracted, shape (n_inputs,).
    pasts
        Input name → its past standard deviation and range.
    """
    score = _score(fit, raw - reference)
    moves = {
        index: _Move(fit, raw, reference, index, score, past)
        for index, spec in enumerate(FEATURES)
        if (past := pasts.get(spec.name)) is not None and math.isfinite(raw[index])
    }
    found = sorted(crossing for move in moves.values() for crossing in move.crossings())
    for crossing in found:
        move = moves[crossing.position]
        moved = move.applied(crossing)
        if moved is not None:
            flip = Flip(
                input=FEATURES[crossing.position].fact_id(sector, horizon),
                from_=float(raw[crossing.position]),
                to=moved.value,
                sd=abs(moved.value - float(raw[crossing.position])) / move.past.sd,
                new_call=moved.call,
            )
            return FlipOrReason(flip, None)
    return FlipOrReason(None, NOT_WITHIN_PAST if pasts else NO_PAST)


class _Crossing(NamedTuple):
    """A place along one input beyond which the call is another; sorted by how far it is."""

    sd: float
    """Distance in the input's past standard deviations."""
    position: int
    reached: float
    """The place, in the fit's standard deviations."""
    away: float
    """Which way leads further from where the input is."""


class _Moved(NamedTuple):
    value: float
    call: Call


class _Piece(NamedTuple):
    """A stretch in which the score is a straight line, in standard deviations, away from where the input is."""

    start: float
    end: float
    score: float
    """At the start."""
    slope: float


class _Move(NamedTuple):
    """One sector of which one input is moved."""

    fit: Fit
    raw: NDArray[np.float64]
    reference: NDArray[np.float64]
    position: int
    score: float
    past: InputPast

    def call(self, value: float) -> Call:
        """Return the call with the input at `value`."""
        changed = self.raw.copy()
        changed[self.position] = value
        return call_of(_score(self.fit, changed - self.reference), self.fit.intercept)

    def crossings(self) -> Iterator[_Crossing]:
        """Yield the nearest place on either side, within the past, at which the call is another."""
        entry = self.fit.inputs[self.position]
        low, high = self._standard(self.past.low), self._standard(self.past.high)
        here = self._standard(float(self.raw[self.position]))
        for start, end, away in ((max(here, low), high, 1.0), (min(here, high), low, -1.0)):
            if (end - start) * away <= 0:
                continue
            reached = self._reached(start, end)
            if reached is not None:
                sd = abs(reached - here) * entry.scale / self.past.sd
                yield _Crossing(sd, self.position, reached, away)

    def applied(self, crossing: _Crossing) -> _Moved | None:
        """Return the fact value of a crossing once it is seen to change the call."""
        entry, reference = self.fit.inputs[self.position], float(self.reference[self.position])
        now = call_of(self.score, self.fit.intercept)
        for nudge in _NUDGES:
            place = crossing.reached + crossing.away * nudge
            value = reference + entry.centre + entry.scale * place
            value = min(max(value, self.past.low), self.past.high)
            call = self.call(value)
            if call != now:
                return _Moved(value, call)
        return None

    def _standard(self, value: float) -> float:
        entry = self.fit.inputs[self.position]
        return (value - float(self.reference[self.position]) - entry.centre) / entry.scale

    def _reached(self, start: float, end: float) -> float | None:
        """Return the first place between start and end, in standard deviations, with another call."""
        base = self.fit.intercept
        now = call_of(self.score, base)
        for piece in self._pieces(start, end):
            if call_of(piece.score, base) != now:
                return piece.start
            if piece.slope == 0:
                continue
            steps = [(target - piece.score) / piece.slope for target in _targets(now, base)]
            length = piece.end - piece.start
            ahead = [step for step in steps if step * length > 0 and abs(step) <= abs(length)]
            if ahead:
                return piece.start + min(ahead, key=abs)
        return None

    def _pieces(self, start: float, end: float) -> Iterator[_Piece]:
        """Yield the straight stretches from start to end."""
        coefficient, trees = self.fit.inputs[self.position].coefficient, self._trees()
        if coefficient == 0 and not trees:
            return
        up = end > start
        breaks = [-CLIP, CLIP, *_beyond(_thresholds(trees, self.position), up=up)]
        inside = {at for at in breaks if min(start, end) < at < max(start, end)}
        places = [start, *sorted(inside, reverse=not up)]
        stops = [*places[1:], end]
        for place, stop, score in zip(places, stops, self._along(places, trees), strict=True):
            sloping = max(abs(place), abs(stop)) <= CLIP
            yield _Piece(place, stop, score, coefficient if sloping else 0.0)

    def _trees(self) -> list[tuple[TreeSum, float]]:
        """Return the trees that look at the input, with what they count."""
        group = FEATURES[self.position].group
        both = zip(self.fit.trees, self.fit.tree_weights, strict=True)
        return [(grown, weight) for grown, weight in both if grown.group == group]

    def _along(self, places: list[float], trees: list[tuple[TreeSum, float]]) -> list[float]:
        """Return the score with the input at each place."""
        fit, coefficient = self.fit, self.fit.inputs[self.position].coefficient
        here = _clipped(self._standard(float(self.raw[self.position])))
        line = [self.score + coefficient * (_clipped(place) - here) for place in places]
        if not trees:
            return line
        scaled = [(entry.centre, entry.scale) for entry in fit.inputs]
        now = standardised(self.raw - self.reference, scaled)
        moved = np.repeat(now[None, :], len(places) + 1, axis=0)
        moved[1:, self.position] = np.clip(places, -CLIP, CLIP)
        lifted = np.zeros(len(moved))
        for grown, weight in trees:
            lifted += weight * grown.predict(moved)
        return [at + lift for at, lift in zip(line, (lifted[1:] - lifted[0]).tolist(), strict=True)]


def _clipped(place: float) -> float:
    return min(max(place, -CLIP), CLIP)


def _thresholds(trees: list[tuple[TreeSum, float]], position: int) -> NDArray[np.float64]:
    """Return where trees split on an input, in standard deviations."""
    found = {
        threshold
        for grown, _ in trees
        for tree in grown.trees
        for split, threshold, left in zip(tree.input, tree.threshold, tree.left, strict=True)
        if split == position and left >= 0
    }
    return np.array(sorted(found), dtype=np.float64)


def _beyond(thresholds: NDArray[np.float64], *, up: bool) -> list[float]:
    """Return the nearest values on the far side of each threshold, which is compared in single precision."""
    single = thresholds.astype(np.float32)
    if up:
        far = np.where(single > thresholds, single, np.nextafter(single, np.float32(np.inf)))
    else:
        far = np.where(single <= thresholds, single, np.nextafter(single, np.float32(-np.inf)))
    return [float(at) for at in far]


def _score(fit: Fit, relative: NDArray[np.float64]) -> float:
    return add_up(fit.intercept, finite_contributions(fit, relative))


def _targets(call: Call, base_value: float) -> tuple[float, ...]:
    """Return the scores just across the nearest borders of a call."""
    low, high = borders(base_value)
    if call == "outperform":
        return (high - _MARGIN,)
    if call == "underperform":
        return (low + _MARGIN,)
    return (high + _MARGIN, low - _MARGIN)
