"""Why a sector scores as it does, input by input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.contracts import Frozen, Horizon, SectorScore
from tools.scoring.features import FEATURES
from tools.scoring.model import (
    contributions_of,
    group_contributions,
    input_contributions,
)
from tools.scoring.record import Record
from tools.scoring.surrogate import SecondOpinion

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.scoring.artefact import InForce
    from tools.scoring.inputs import InputMatrix


class InputPart(Frozen):
    """What one input adds to a sector's score."""

    input: str
    """Fact id."""
    group: str
    meaning: str
    value: float
    standard: float
    """Standard deviations from its centre, clipped."""
    contribution: float
    """Log-odds."""


class Explanation(Frozen):
    """One sector's score, taken apart."""

    horizon: Horizon
    base_value: float
    sector: SectorScore
    inputs: tuple[InputPart, ...]
    """Largest first."""
    missing: tuple[str, ...]
    """Inputs that the market has in general but not for this sector now."""
    record: Record
    second_opinion: SecondOpinion | None
    """What a local surrogate of the model says of the same point."""


def _beyond_lines(
    fitted: InForce, relative: NDArray[np.float64], sector: str, horizon: Horizon
) -> list[InputPart]:
    """Return what the trees of each group add to its inputs' straight lines."""
    lines = group_contributions(input_contributions(fitted.fit, relative))
    parts = []
    for group, whole in contributions_of(fitted.fit, relative).items():
        rest = float(whole - lines[group])
        if np.isfinite(rest) and rest != 0.0:
            parts.append(
                InputPart(
                    input=f"{sector}.contribution.{group}.{horizon}",
                    group=group,
                    meaning="what these inputs say together beyond straight lines",
                    value=rest,
                    standard=rest,
                    contribution=rest,
                )
            )
    return parts


def explain_inputs(
    fitted: InForce, inputs: InputMatrix, horizon: Horizon
) -> tuple[tuple[InputPart, ...], tuple[str, ...]]:
    """Return the parts of the first sector's score, largest first, and what is missing."""
    sector, raw = inputs.codes[0], inputs.raw[0]
    contributions = input_contributions(fitted.fit, inputs.relative[0])
    parts, missing = [], []
    for index, (spec, entry) in enumerate(zip(FEATURES, fitted.fit.inputs, strict=True)):
        fact_id, contribution = spec.fact_id(sector, horizon), float(contributions[index])
        if not np.isfinite(contribution):
            if spec.group in fitted.groups:
                missing.append(fact_id)
            continue
        parts.append(
            InputPart(
                input=fact_id,
                group=spec.group,
                meaning=spec.meaning,
                value=float(raw[index]),
                standard=contribution / entry.coefficient if entry.coefficient else 0.0,
                contribution=contribution,
            )
        )
    parts += _beyond_lines(fitted, inputs.relative[0], sector, horizon)
    parts.sort(key=lambda part: (-abs(part.contribution), part.input))
    return tuple(parts), tuple(missing)
