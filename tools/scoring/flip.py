"""What would change a call: the smallest move of one input, checked by applying it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from tools.contracts import Call, Flip
from tools.scoring.features import FEATURES
from tools.scoring.model import (
    CLIP,
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
        if past is None or entry.coefficient == 0 or not math.isfinite(value):
            continue
        for target in _targets(call_of(score, fit.intercept), fit.intercept):
            moved = _value_reaching(entry, value, float(reference[index]), target - score)
            if moved is None or not past.low <= moved <= past.high:
                continue
            changed = raw.copy()
            changed[index] = moved
            new_call = call_of(_score(fit, changed - reference), fit.intercept)
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
