"""Relative rotation: where an entity stands against the benchmark, and whether that improves.

RS is the entity's return index over the benchmark's. `rs_ratio` compares it with its own mean over a quarter,
`rs_momentum` compares that ratio with its mean over a month; both are 100 at rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tools.contracts import MARKET_ENTITY, Quadrant
from tools.measures.returns import chosen, remembered

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd

    from tools.view import AsOfView

RATIO_DAYS, RATIO_MONTHS = 63, 12
MOMENTUM_DAYS, MOMENTUM_MONTHS = 21, 3
TAIL_DAYS, TAIL_MONTHS = 5, 1
LEVEL = 100.0


class TailPoint(NamedTuple):
    """One point of an entity's way through the quadrants."""

    day: date
    rs_ratio: float
    rs_momentum: float


def rs_ratio(view: AsOfView, entities: Sequence[str] | None = None) -> pd.DataFrame:
    """100 × RS over its mean of 63 days (12 months), today included."""
    names = chosen(view, entities)
    rows = RATIO_MONTHS if view.market.monthly else RATIO_DAYS

    def make() -> pd.DataFrame:
        index = view.index
        strength = index[list(names)].div(index[MARKET_ENTITY], axis=0)
        return LEVEL * strength / strength.rolling(rows).mean()

    return remembered(view, ("rs_ratio", names), make)


def rs_momentum(view: AsOfView, entities: Sequence[str] | None = None) -> pd.DataFrame:
    """100 × rs_ratio over its mean of 21 days (3 months), today included."""
    names = chosen(view, entities)
    rows = MOMENTUM_MONTHS if view.market.monthly else MOMENTUM_DAYS

    def make() -> pd.DataFrame:
        ratio = rs_ratio(view, names)
        return LEVEL * ratio / ratio.rolling(rows).mean()

    return remembered(view, ("rs_momentum", names), make)


def quadrant(ratio: float, momentum: float) -> Quadrant:
    """Return the quadrant of a point; both coordinates are cut at 100, which counts as above."""
    if ratio >= LEVEL:
        return "leading" if momentum >= LEVEL else "weakening"
    return "improving" if momentum >= LEVEL else "lagging"


def tail(view: AsOfView, sector: str, n: int = 8) -> tuple[TailPoint, ...]:
    """Return the last `n` points, 5 days (1 month) apart, oldest first; fewer where history is short."""
    if sector not in view.entities:
        return ()
    step = TAIL_MONTHS if view.market.monthly else TAIL_DAYS
    ratio, momentum = rs_ratio(view, (sector,))[sector], rs_momentum(view, (sector,))[sector]
    positions = range(len(view.days) - 1, -1, -step)[:n]
    points = [
        TailPoint(
            view.days[at].date(),
            float(ratio.iloc[at]),
            float(momentum.iloc[at]),
        )
        for at in reversed(positions)
    ]
    return tuple(point for point in points if point.rs_momentum == point.rs_momentum)
