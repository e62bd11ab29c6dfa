"""From facts to the matrix the model reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tools.contracts import MARKET_ENTITY
from tools.scoring.features import FEATURES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from tools.contracts import Fact, Horizon


class InputMatrix(NamedTuple):
    """The inputs of every sector.

    Attributes
    ----------
    codes
        Sector codes.
    raw
        Fact values, shape (n_sectors, n_inputs); NaN where there is no fact.
    reference
        The market's value to subtract, 0 where none, shape (n_inputs,).
    """

    codes: tuple[str, ...]
    raw: NDArray[np.float64]
    reference: NDArray[np.float64]

    @property
    def relative(self) -> NDArray[np.float64]:
        """What the model reads: the market's value subtracted."""
        return self.raw - self.reference


def read_inputs(
    facts: Mapping[str, Fact],
    codes: tuple[str, ...],
    horizon: Horizon,
    excluded: Collection[str] = (),
) -> InputMatrix:
    """Pick the model's inputs out of facts by id; what is missing or excluded is NaN."""
    raw = np.full((len(codes), len(FEATURES)), np.nan)
    reference = np.zeros(len(FEATURES))
    for index, spec in enumerate(FEATURES):
        if spec.group in excluded:
            continue
        if spec.against_market:
            market = number(facts, spec.fact_id(MARKET_ENTITY, horizon))
            if market is None:
                continue
            reference[index] = market
        for row, code in enumerate(codes):
            value = number(facts, spec.fact_id(code, horizon))
            if value is not None:
                raw[row, index] = value
    return InputMatrix(codes, raw, reference)


def number(facts: Mapping[str, Fact], fact_id: str) -> float | None:
    """Return the number of a fact, or None where there is none."""
    fact = facts.get(fact_id)
    return None if fact is None or isinstance(fact.value, str) else float(fact.value)
