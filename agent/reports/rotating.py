"""The relative-rotation chart, measured out once for Plotly and for images."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from agent.reports.placing import Spot, cut, sides
from tools.measures.rotation import quadrant

if TYPE_CHECKING:
    from agent.reports.data import Point, Rotation
    from agent.reports.placing import Side
    from tools.contracts import Quadrant

REST = 100.0
"""Both coordinates at rest."""
LEAST = 0.5
"""Smallest way from rest to the edge of the chart."""
ROOM = 0.08
"""Part of the chart left free around its points."""
WIDEST_NAME = 0.42
CROWDED_NAME = 0.17
"""Parts of the plot's width that a name may take, among few and among many."""
CROWD = 12
"""Sectors that are few."""
LINE = 16.0
"""Height of a name in pixels."""
LENGTHS = ((6, 8), (12, 5), (18, 4))
"""Most sectors → most points of a tail: many long ones would hide each other."""
SHORTEST = 3


class Mark(NamedTuple):
    """One sector of the chart."""

    code: str
    name: str
    quadrant: Quadrant
    points: tuple[Point, ...]
    stressed: bool
    side: Side
    """Where its name goes."""


class Chart(NamedTuple):
    """A relative-rotation chart."""

    x: tuple[float, float]
    y: tuple[float, float]
    marks: tuple[Mark, ...]


def placed(shown: Rotation, *, size: tuple[float, float], letter: float) -> Chart:
    """Return the chart of a rotation, its names placed for a plot of `size` pixels.

    Parameters
    ----------
    shown
        Tails and names.
    size
        Width and height of the plot in pixels.
    letter
        Mean width of a letter in pixels.
    """
    tails = {code: tail[-tail_points(shown) :] for code, tail in shown.tails.items()}
    points = [point for tail in tails.values() for point in tail]
    x = _ends([point.rs_ratio for point in points])
    y = _ends([point.rs_momentum for point in points])

    def at(point: Point) -> tuple[float, float]:
        return (
            (point.rs_ratio - x[0]) / (x[1] - x[0]) * size[0],
            (point.rs_momentum - y[0]) / (y[1] - y[0]) * size[1],
        )

    codes = sorted(tails, key=lambda code: (code not in shown.asked, code))
    most = int((WIDEST_NAME if len(codes) <= CROWD else CROWDED_NAME) * size[0] / letter)
    names = {code: cut(shown.names.get(code, code), most) for code in codes}
    spots = [Spot(*at(tails[code][-1]), width=letter * len(names[code])) for code in codes]
    ways = [[at(point) for point in tails[code][-4:]] for code in codes]
    chosen = sides(spots, size=size, line=LINE, ways=ways)
    marks = [
        Mark(
            code=code,
            name=names[code],
            quadrant=quadrant(tails[code][-1].rs_ratio, tails[code][-1].rs_momentum),
            points=tails[code],
            stressed=not shown.asked or code in shown.asked,
            side=side,
        )
        for code, side in zip(codes, chosen, strict=True)
    ]
    return Chart(x, y, tuple(marks))


def tail_points(shown: Rotation) -> int:
    """Return how many points of each tail are shown."""
    crowd = len(shown.tails)
    most = next((points for sectors, points in LENGTHS if crowd <= sectors), SHORTEST)
    return min(most, max(map(len, shown.tails.values()), default=0))


def _ends(values: list[float]) -> tuple[float, float]:
    """Return the ends of an axis that holds the values and rest, with room around."""
    low, high = min(*values, REST - LEAST), max(*values, REST + LEAST)
    room = ROOM * (high - low)
    return low - room, high + room
