"""Where the names of points go, so that names stand beside their points and not on each other."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Side(NamedTuple):
    """One way to put a name beside a point: which way it goes, in x to the right and y up."""

    x: int
    y: int

    @property
    def plotly(self) -> str:
        """The side as Plotly's ``textposition``."""
        return (
            f"{('bottom', 'middle', 'top')[self.y + 1]} {('left', 'center', 'right')[self.x + 1]}"
        )


def cut(name: str, most: int) -> str:
    """Return a name of at most so many letters; both ends stay, for names that begin alike."""
    if len(name) <= most:
        return name
    end = max((most - 1) // 3, 1)
    return f"{name[: most - 1 - end].rstrip()}…{name[-end:].lstrip()}"


SIDES = (
    Side(1, 0), Side(-1, 0), Side(1, 1), Side(1, -1), Side(-1, 1), Side(-1, -1), Side(0, 1),
    Side(0, -1),
)  # fmt: skip
"""Tried in this order; the first of the least crowded is taken."""
GAP = 9.0
"""Pixels from a point to its name."""


class Box(NamedTuple):
    """A rectangle in pixels, y up."""

    left: float
    bottom: float
    right: float
    top: float

    def overlap(self, other: Box) -> float:
        """Return the area that two boxes share."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.top, other.top) - max(self.bottom, other.bottom)
        return wide * high if wide > 0 and high > 0 else 0.0


class Spot(NamedTuple):
    """A point to be named, in pixels from the lower left corner, y up."""

    x: float
    y: float
    width: float
    """Of its name."""


def sides(
    spots: Sequence[Spot],
    *,
    size: tuple[float, float],
    line: float,
    ways: Sequence[Sequence[tuple[float, float]]] = (),
) -> list[Side]:
    """Return a side for every spot, chosen one after the other, least room first taken.

    Parameters
    ----------
    spots
        The points, the most important first.
    size
        Width and height of the plot in pixels.
    line
        Height of a name in pixels.
    ways
        Lines that names should rather not cover, as points in pixels.
    """
    width, height = size
    plot = Box(0.0, 0.0, width, height)
    marks = [Box(s.x - 6, s.y - 6, s.x + 6, s.y + 6) for s in spots]
    steps = [mid for way in ways for mid in _along(way)]
    taken: list[Box] = []
    chosen = []
    for at, spot in enumerate(spots):
        others = [mark for i, mark in enumerate(marks) if i != at]

        def cost(side: Side, spot: Spot = spot, others: list[Box] = others) -> float:
            box = box_at(spot, side, line)
            area = (box.right - box.left) * (box.top - box.bottom)
            outside = area - box.overlap(plot)
            covered = sum(box.overlap(one) for one in (*taken, *others))
            crossed = sum(box.left < x < box.right and box.bottom < y < box.top for x, y in steps)
            return 5 * outside + 3 * covered + 12.0 * crossed

        side = min(SIDES, key=cost)
        taken.append(box_at(spot, side, line))
        chosen.append(side)
    return chosen


def box_at(spot: Spot, side: Side, line: float) -> Box:
    """Return where a name stands that goes to one side of its point."""
    gap = GAP if side.y == 0 else GAP * 0.6
    left = {1: spot.x + gap, 0: spot.x - spot.width / 2, -1: spot.x - gap - spot.width}[side.x]
    bottom = {1: spot.y + gap, 0: spot.y - line / 2, -1: spot.y - gap - line}[side.y]
    return Box(left, bottom, left + spot.width, bottom + line)


def _along(way: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the points of a line and the middles between them."""
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(way)]
    return [*way, *middles]
