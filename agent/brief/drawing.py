"""Charts in characters: a line of eight heights, and the plane of relative rotation.

Everything is told without colour too: a sector's letter stands where it is now, its small letter where it was, and
the legend gives its coordinates.
"""

from __future__ import annotations

from string import ascii_uppercase
from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text

from tools.measures.rotation import quadrant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEIGHTS = "▁▂▃▄▅▆▇█"
FINEST = 0.25
"""Range of the widest line below which no other line is drawn larger than it is."""
REST = 100.0
"""Both coordinates at rest."""
LEAST = 0.5
"""Smallest way from rest to the edge of the plane."""
ROOM = 1.06
MOST_MARKS = len(ascii_uppercase)
TAILS = ((6, 6), (12, 3))
"""Most sectors → most points of a tail: many long ones would hide each other."""
SHORTEST_TAIL = 2
QUADRANT_STYLES = {
    "leading": "#1f6f9f", "improving": "#5aa5c8", "weakening": "#c98a3c", "lagging": "#b3500b",
}  # fmt: skip
CORNERS = (("improving", "leading"), ("lagging", "weakening"))
"""Quadrants as they lie: the upper two, then the lower two, each from the left."""
FRAME = "dim"

Point = tuple[float, float]
"""RS-Ratio and RS-Momentum."""


class Mark(NamedTuple):
    """One sector of the plane."""

    letter: str
    code: str
    quadrant: str
    tail: tuple[Point, ...]
    """Oldest first; the last is where it stands now."""


def lines(paths: Mapping[str, Sequence[float]], width: int) -> dict[str, str]:
    """Return each path as a line of heights, none finer than a part of the widest one's range.

    Parameters
    ----------
    paths
        Name → values, oldest first.
    width
        Most characters; a longer path is thinned, its ends kept.
    """
    widest = max((max(path) - min(path) for path in paths.values() if path), default=0.0)
    return {
        name: _line(_thinned(path, width), FINEST * widest) for name, path in paths.items() if path
    }


def _line(path: Sequence[float], finest: float) -> str:
    low, high = min(path), max(path)
    # a calm line keeps to the middle instead of being blown up to the size of a wild one
    spread = max(high - low, finest)
    if spread <= 0:
        return HEIGHTS[3] * len(path)
    foot = (low + high - spread) / 2
    last = len(HEIGHTS) - 1
    return "".join(
        HEIGHTS[min(last, int((value - foot) / spread * len(HEIGHTS)))] for value in path
    )


def _thinned(path: Sequence[float], width: int) -> Sequence[float]:
    if len(path) <= width or width < 2:
        return path
    return [path[round(at * (len(path) - 1) / (width - 1))] for at in range(width)]


def marked(tails: Mapping[str, Sequence[Point]], asked: Sequence[str] = ()) -> list[Mark]:
    """Return the sectors of a plane, lettered by quadrant and by their way from rest.

    Parameters
    ----------
    tails
        Sector → its points, oldest first.
    asked
        Sectors that are drawn whatever the crowd.
    """
    known = {code: tuple(points) for code, points in tails.items() if points}
    far = sorted(known, key=lambda code: (code not in asked, -_way(known[code][-1]), code))
    order = [name for row in (CORNERS[0][::-1], CORNERS[1][::-1]) for name in row]
    longest = next((points for crowd, points in TAILS if len(known) <= crowd), SHORTEST_TAIL)
    placed = sorted(
        far[:MOST_MARKS],
        key=lambda code: (order.index(quadrant(*known[code][-1])), -_way(known[code][-1]), code),
    )
    return [
        Mark(letter, code, quadrant(*known[code][-1]), known[code][-longest:])
        for letter, code in zip(ascii_uppercase, placed, strict=False)
    ]


def _way(point: Point) -> float:
    return float(((point[0] - REST) ** 2 + (point[1] - REST) ** 2) ** 0.5)


def plane(marks: Sequence[Mark], names: Mapping[str, str], width: int, height: int) -> Text:
    """Return the plane of relative rotation: RS-Ratio to the right, RS-Momentum upwards, rest in the middle.

    Parameters
    ----------
    marks
        The sectors.
    names
        Quadrant → its name in the reader's language.
    width, height
        Characters across and lines down, both odd so that rest has a row and a column of its own.
    """
    grid = _Grid(width, height, _reach(marks))
    for (left, right), row in zip(CORNERS, (0, height - 1), strict=True):
        grid.write(names[left], 1, row, QUADRANT_STYLES[left])
        grid.write(names[right], width - 1 - len(names[right]), row, QUADRANT_STYLES[right])
    for mark in marks:
        for point in mark.tail[:-1]:
            grid.trace(point, mark)
    for mark in marks:
        grid.stand(mark)
    return grid.text()


def _reach(marks: Sequence[Mark]) -> Point:
    """Return how far each axis goes to either side of rest."""
    points = [point for mark in marks for point in mark.tail]
    wide = max((abs(point[0] - REST) for point in points), default=0.0)
    high = max((abs(point[1] - REST) for point in points), default=0.0)
    return max(wide, LEAST) * ROOM, max(high, LEAST) * ROOM


class _Grid:
    """Characters with styles, addressed by the coordinates they stand for."""

    def __init__(self, width: int, height: int, reach: Point) -> None:
        self._width, self._height, self._reach = width, height, reach
        middle, rest = height // 2, width // 2
        self._cells = [[(" ", "")] * width for _ in range(height)]
        self._taken: set[tuple[int, int]] = set()
        for row in range(height):
            self._cells[row][rest] = ("│", FRAME)
        for column in range(width):
            self._cells[middle][column] = ("┼" if column == rest else "─", FRAME)

    def write(self, text: str, column: int, row: int, style: str) -> None:
        """Write a word that nothing else may stand on."""
        for at, letter in enumerate(text, start=column):
            self._cells[row][at] = (letter, style)
            self._taken.add((row, at))

    def trace(self, point: Point, mark: Mark) -> None:
        """Set the small letter of a sector where it was, unless something else is there."""
        row, column = self._at(point)
        if (row, column) not in self._taken:
            self._cells[row][column] = (mark.letter.lower(), QUADRANT_STYLES[mark.quadrant])

    def stand(self, mark: Mark) -> None:
        """Set the letter of a sector where it is, or as near as there is room in its own quadrant."""
        row, column = self._free(*self._at(mark.tail[-1]))
        self._taken.add((row, column))
        self._cells[row][column] = (mark.letter, f"bold {QUADRANT_STYLES[mark.quadrant]}")

    def text(self) -> Text:
        """Return the grid line by line."""
        shown = Text(no_wrap=True)
        for at, row in enumerate(self._cells):
            for letter, style in row:
                shown.append(letter, style=style)
            if at + 1 < self._height:
                shown.append("\n")
        return shown

    def _at(self, point: Point) -> tuple[int, int]:
        """Return row and column of a point; rest itself counts as the upper right quadrant."""
        across = self._side(point[0] - REST, self._reach[0], self._width // 2)
        up = self._side(point[1] - REST, self._reach[1], self._height // 2)
        return self._height // 2 - up, self._width // 2 + across

    @staticmethod
    def _side(way: float, reach: float, cells: int) -> int:
        """Return the cell on one side of rest, never the line of rest itself: a quadrant is left or right of it."""
        steps = max(1, min(cells, round(abs(way) / reach * cells)))
        return steps if way >= 0 else -steps

    def _free(self, row: int, column: int) -> tuple[int, int]:
        """Return the nearest free cell of the same quadrant."""
        middle, rest = self._height // 2, self._width // 2
        rows = range(middle) if row < middle else range(middle + 1, self._height)
        columns = range(rest) if column < rest else range(rest + 1, self._width)
        free = [(r, c) for r in rows for c in columns if (r, c) not in self._taken]
        # a line is twice as high as a character is wide
        return min(
            free, key=lambda cell: (4 * (cell[0] - row) ** 2 + (cell[1] - column) ** 2, cell)
        )
