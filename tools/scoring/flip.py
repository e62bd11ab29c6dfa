"""What would change a call: the smallest move of one input, checked by applying it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from tools.contracts import Call, Flip
from tools.scoring.features import FEATURES
from tools.scoring.linear import CLIP
from tools.scoring.model import (
    InputFit,
    add_up,
    borders,
    call_of,
    finite_contributions,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from tools.contracts import Horizon
    from tools.scoring.artefact import InputPast
    from tools.scoring.model import Fit

NOT_WITHIN_PAST = (
    "no single input, moved within its own past 1 to 99 % range, would change the call"
)
NO_PAST = "the inputs have too short a past to say how far they usually move"
_STEPS, _BISECTIONS = 40, 30
_MARGIN = 1e-9
"""Log-odds beyond the threshold, so that rounding cannot leave the call unchanged."""


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
    candidates: list[tuple[float, int, Flip]] = []
    for index, (spec, entry) in enumerate(zip(FEATURES, fit.inputs, strict=True)):
        past, value = pasts.get(spec.name), float(raw[index])
        if past is None or not math.isfinite(value):
            continue
        at = _Move(fit, raw, reference, index)
        crooked = any(tree.group == spec.group for tree in fit.trees)
        found = _searched(at, past) if crooked else _solved(at, entry, score)
        for moved in found:
            if not past.low <= moved <= past.high:
                continue
            new_call = at.call(moved)
            if new_call == call_of(score, fit.intercept):
                continue
            sd = abs(moved - value) / past.sd
            flip = Flip(
                input=spec.fact_id(sector, horizon),
                from_=value,
                to=moved,
                sd=sd,
                new_call=new_call,
            )
            candidates.append((sd, index, flip))
    if candidates:
        return FlipOrReason(min(candidates, key=lambda entry: entry[:2])[2], None)
    return FlipOrReason(None, NOT_WITHIN_PAST if pasts else NO_PAST)


class _Move(NamedTuple):
    """One sector of which one input is moved."""

    fit: Fit
    raw: NDArray[np.float64]
    reference: NDArray[np.float64]
    position: int

    def call(self, value: float) -> Call:
        """Return the call with the input at `value`."""
        changed = self.raw.copy()
        changed[self.position] = value
        return call_of(_score(self.fit, changed - self.reference), self.fit.intercept)


def _solved(at: _Move, entry: InputFit, score: float) -> list[float]:
    """Return the values at which a straight line reaches the borders of another call."""
    if entry.coefficient == 0:
        return []
    value, reference = float(at.raw[at.position]), float(at.reference[at.position])
    targets = _targets(call_of(score, at.fit.intercept), at.fit.intercept)
    found = [_value_reaching(entry, value, reference, target - score) for target in targets]
    return [moved for moved in found if moved is not None]


def _searched(at: _Move, past: InputPast) -> list[float]:
    """Return the nearest value on either side at which trees and line together change the call."""
    value = float(at.raw[at.position])
    call = at.call(value)
    found = []
    for end in (past.low, past.high):
        before = value
        for step in range(1, _STEPS + 1):
            here = value + (end - value) * step / _STEPS
            if at.call(here) != call:
                found.append(_narrowed(at, before, here, call))
                break
            before = here
    return found


def _narrowed(at: _Move, same: float, other: float, call: Call) -> float:
    """Return the end of a bisection that still changes the call."""
    for _ in range(_BISECTIONS):
        middle = (same + other) / 2
        if at.call(middle) == call:
            same = middle
        else:
            other = middle
    return other


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


def _value_reaching(entry: InputFit, value: float, reference: float, wanted: float) -> float | None:
    """Return the fact value that moves the score by `wanted`, or None beyond the clip."""
    standard = (value - reference - entry.centre) / entry.scale
    target = min(max(standard, -CLIP), CLIP) + wanted / entry.coefficient
    if abs(target) > CLIP:
        return None
    return entry.centre + entry.scale * target + reference
