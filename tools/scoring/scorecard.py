"""Puts one sector's row of the scorecard together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.contracts import Quadrant, SectorScore
from tools.measures import rotation
from tools.scoring.confidence import confidence_of
from tools.scoring.features import FEATURES, VOLATILITY_INPUT
from tools.scoring.flip import smallest_flip
from tools.scoring.inputs import number
from tools.scoring.model import (
    add_up,
    call_of,
    expected_interval,
    finite_contributions,
    probability_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.contracts import Fact, Horizon
    from tools.scoring.artefact import InForce
    from tools.scoring.inputs import InputMatrix


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One sector with its score, before it is ranked."""

    code: str
    row: int
    contributions: dict[str, float]
    score: float


def ranked(fitted: InForce, inputs: InputMatrix) -> list[Scored]:
    """Score every sector, best first, ties by code."""
    scored = []
    for row, code in enumerate(inputs.codes):
        contributions = finite_contributions(fitted.fit, inputs.relative[row])
        score = add_up(fitted.fit.intercept, contributions)
        scored.append(Scored(code=code, row=row, contributions=contributions, score=score))
    return sorted(scored, key=lambda entry: (-entry.score, entry.code))


@dataclass(frozen=True, kw_only=True)
class RowWriter:
    """What all rows of one scorecard share."""

    fitted: InForce
    horizon: Horizon
    inputs: InputMatrix
    facts: Mapping[str, Fact]
    names: Mapping[str, str]
    thin: frozenset[str]
    missing_groups: tuple[str, ...]
    excluded: frozenset[str]
    weak: Mapping[str, frozenset[str]]
    """Groups whose feed fails its checks, by sector."""

    def write(self, entry: Scored, rank: int) -> SectorScore:
        """Return one sector's row."""
        fit, code = self.fitted.fit, entry.code
        raw, call = self.inputs.raw[entry.row], call_of(entry.score, fit.intercept)
        volatility = float(self.inputs.relative[entry.row, VOLATILITY_INPUT])
        expected, low, high = expected_interval(fit, code, entry.score, volatility)
        probability = probability_of(entry.score, fit.intercept)
        pasts = self.fitted.pasts.get(code, {})
        flip, reason = smallest_flip(fit, code, self.horizon, raw, self.inputs.reference, pasts)
        known = [s.name for s, value in zip(FEATURES, raw, strict=True) if np.isfinite(value)]
        return SectorScore(
            sector=code,
            name=self.names[code],
            rank=rank,
            score=entry.score,
            probability=probability,
            expected=expected,
            low=low,
            high=high,
            call=call,
            confidence=confidence_of(
                self.fitted,
                code,
                probability=probability,
                call=call,
                contributions=entry.contributions,
                known=known,
                missing_groups=self.missing_groups,
                excluded=self.excluded,
                thin=code in self.thin,
                weak=self.weak.get(code, frozenset()),
            ),
            quadrant=quadrant_of(self.facts, code),
            contributions=entry.contributions,
            flip=flip,
            flip_reason=reason,
        )


def quadrant_of(facts: Mapping[str, Fact], code: str) -> Quadrant | None:
    """Return the quadrant of a sector's rotation facts, or None where one is missing."""
    ratio, momentum = number(facts, f"{code}.rs_ratio"), number(facts, f"{code}.rs_momentum")
    if ratio is None or momentum is None:
        return None
    return rotation.quadrant(ratio, momentum)
