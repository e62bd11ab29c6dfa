"""Images of a brief for places that show no page: Slack, e-mail, MCP clients.

They are drawn on light at 720 pixels of width, twice as sharp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.labels import label
from agent.brief.lexicon import QUADRANTS
from agent.reports.data import NO_DATA
from agent.reports.drawing import (
    FOOT,
    MARGIN,
    TOP,
    WIDTH,
    as_png,
    canvas,
    head,
    measured,
    shortened,
    write,
)
from agent.reports.grid import STRONGEST, grid
from agent.reports.palette import LIGHT
from agent.reports.placing import GAP
from agent.reports.rotating import LINE, REST, placed
from agent.reports.words import word
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agent.brief.model import Brief, Language
    from agent.reports.data import ReportData, Rotation
    from agent.reports.drawing import Canvas
    from agent.reports.grid import Column, Grid
    from agent.reports.rotating import Chart, Mark

ROW = 32
HEADING = 26
SPLIT = 10
"""Pixels between what happened and what may come."""
MOST_NAME = 230
"""Pixels that a name may take."""
PLOT = (648.0, 500.0)
"""Width and height of the plot of the rotation chart."""
MARKERS = {"leading": "o", "improving": "^", "weakening": "D", "lagging": "s"}


def heatmap_png(brief: Brief, data: ReportData = NO_DATA) -> bytes:
    """Return the heatmap of a brief as a PNG image.

    Raises
    ------
    UnusableInputError
        Where the brief has no heatmap, or Matplotlib is missing.
    """
    shown = grid(brief, data)
    if shown is None:
        raise UnusableInputError(
            "an answer with a heatmap",
            f"one without ({brief.intent})",
            'Ask for example "Show me the sector heatmap".',
        )
    with canvas(TOP + HEADING + ROW * len(shown.codes) + FOOT) as drawn:
        title = "heatmap" if any(column.ahead for column in shown.columns) else "heatmap_moves"
        head(drawn, word(title, brief.language), brief.market, brief.language)
        _cells(drawn, shown)
        _foot(drawn, brief.language)
        return as_png(drawn)


def _cells(drawn: Canvas, shown: Grid) -> None:
    wide = max(measured(drawn, name, 13) for name in shown.names)
    left = MARGIN + min(wide, MOST_NAME) + 16
    splits = sum(a.ahead != b.ahead for a, b in zip(shown.columns, shown.columns[1:], strict=False))
    step = (WIDTH - MARGIN - left - SPLIT * splits) / len(shown.columns)
    for row, name in enumerate(shown.names):
        write(drawn, MARGIN, TOP + HEADING + ROW * (row + 0.5), shortened(drawn, name, 13, MOST_NAME),
              size=13)  # fmt: skip
    texts = {cell.text for column in shown.columns for cell in column.cells}
    size = _fitting(drawn, texts, 13, step - 10)
    before = shown.columns[0]
    for column in shown.columns:
        left += SPLIT if column.ahead != before.ahead else 0
        _column(drawn, column, left, step, size)
        left, before = left + step, column


def _column(drawn: Canvas, column: Column, left: float, width: float, size: float) -> None:
    from matplotlib.patches import Rectangle

    write(drawn, left + width / 2, TOP + HEADING / 2 - 2, column.heading,
          size=_fitting(drawn, (column.heading,), 12, width - 4), colour=LIGHT.muted,
          align="center")  # fmt: skip
    for row, cell in enumerate(column.cells):
        top = TOP + HEADING + ROW * row
        fill = shade(cell.size) if cell.fact is not None else LIGHT.surface
        drawn.axes.add_patch(
            Rectangle((left + 1, top + 1), width - 2, ROW - 2, facecolor=fill, linewidth=0)
        )
        write(drawn, left + width / 2, top + ROW / 2, cell.text, size=size, align="center")  # fmt: skip


def _fitting(drawn: Canvas, texts: Iterable[str], size: float, room: float) -> float:
    """Return the size of some texts, smaller where the widest would be wider than its room."""
    widest = max(measured(drawn, text, size) for text in texts)
    return min(size, size * room / max(widest, 1.0))


def shade(size: float) -> str:
    """Return the colour of a size between ±`STRONGEST`, as ``#rrggbb``."""
    steps = (LIGHT.far_below, LIGHT.below, LIGHT.even, LIGHT.above, LIGHT.far_above)
    at = (size + STRONGEST) / (2 * STRONGEST) * (len(steps) - 1)
    below = min(int(at), len(steps) - 2)
    return blend(steps[below], steps[below + 1], at - below)


def blend(one: str, other: str, part: float) -> str:
    """Return a colour between two."""
    channels = [
        round(int(one[i : i + 2], 16) * (1 - part) + int(other[i : i + 2], 16) * part)
        for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def _foot(drawn: Canvas, language: Language) -> None:
    write(drawn, MARGIN, drawn.height - 16, label("disclaimer", language), size=10.5,
          colour=LIGHT.muted)  # fmt: skip


def rotation_png(shown: Rotation | None) -> bytes:
    """Return the relative-rotation chart as a PNG image.

    Raises
    ------
    UnusableInputError
        Where no sector's rotation is known, or Matplotlib is missing.
    """
    if shown is None or not shown.tails:
        raise UnusableInputError(
            "an answer about sector rotation", "one without", 'Ask "Which sectors rotate in?".'
        )
    chart = placed(shown, size=PLOT, letter=6.7)
    with canvas(round(TOP + PLOT[1] + 42 + FOOT)) as drawn:
        head(drawn, word("rotation", shown.language), shown.market, shown.language)
        _fields(drawn, chart, shown)
        for mark in sorted(chart.marks, key=lambda mark: mark.stressed):
            _tail(drawn, chart, mark)
        for mark in chart.marks:
            _name(drawn, chart, mark)
        _foot(drawn, shown.language)
        return as_png(drawn)


def _at(chart: Chart, x: float, y: float) -> tuple[float, float]:
    """Return where a point of the chart stands on the canvas."""
    left = WIDTH - MARGIN - PLOT[0]
    return (
        left + (x - chart.x[0]) / (chart.x[1] - chart.x[0]) * PLOT[0],
        TOP + PLOT[1] - (y - chart.y[0]) / (chart.y[1] - chart.y[0]) * PLOT[1],
    )


def _fields(drawn: Canvas, chart: Chart, shown: Rotation) -> None:
    from matplotlib.patches import Rectangle

    left, top = _at(chart, chart.x[0], chart.y[1])
    right, bottom = _at(chart, chart.x[1], chart.y[0])
    x, y = _at(chart, REST, REST)
    fields = {
        "improving": (left, top, x, y), "leading": (x, top, right, y),
        "lagging": (left, y, x, bottom), "weakening": (x, y, right, bottom),
    }  # fmt: skip
    for name, (x0, y0, x1, y1) in fields.items():
        fill = getattr(LIGHT, f"{name}_field")
        drawn.axes.add_patch(
            Rectangle((x0 + 1, y0 + 1), x1 - x0 - 2, y1 - y0 - 2, facecolor=fill, linewidth=0)
        )
        at_left, at_top = name in {"improving", "lagging"}, name in {"improving", "leading"}
        write(
            drawn, left + 10 if at_left else right - 10, top + 16 if at_top else bottom - 16,
            QUADRANTS[shown.language][name], size=12, colour=getattr(LIGHT, name),
            align="left" if at_left else "right", weight="bold",
        )  # fmt: skip
    for value in _ticks(chart.x):
        write(drawn, _at(chart, value, REST)[0], bottom + 13, f"{value:g}", size=10.5,
              colour=LIGHT.muted, align="center")  # fmt: skip
    for value in _ticks(chart.y):
        write(drawn, left - 6, _at(chart, REST, value)[1], f"{value:g}", size=10.5,
              colour=LIGHT.muted, align="right")  # fmt: skip
    write(drawn, right, bottom + 32, f"{word('rs_ratio', shown.language)} →", size=11.5,
          colour=LIGHT.muted, align="right")  # fmt: skip
    write(drawn, left, bottom + 32, f"↑ {word('rs_momentum', shown.language)}", size=11.5,
          colour=LIGHT.muted)  # fmt: skip


def _ticks(ends: tuple[float, float]) -> list[float]:
    """Return round values within an axis, 100 among them."""
    span = ends[1] - ends[0]
    step = next(s for s in (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1e9) if span / s <= 7)
    first, last = round((ends[0] - REST) / step), round((ends[1] - REST) / step)
    values = [REST + step * i for i in range(first, last + 1)]
    return [value for value in values if ends[0] + 0.1 * step < value < ends[1] - 0.1 * step]


def _tail(drawn: Canvas, chart: Chart, mark: Mark) -> None:
    colour = getattr(LIGHT, mark.quadrant)
    ways = [_at(chart, point.rs_ratio, point.rs_momentum) for point in mark.points]
    count = len(ways)
    strength = 1.0 if mark.stressed else 0.35
    for at in range(1, count):
        alpha = strength * (0.15 + 0.6 * at / count)
        xs, ys = zip(ways[at - 1], ways[at], strict=True)
        drawn.axes.plot(xs, ys, color=colour, alpha=alpha, linewidth=1.2, solid_capstyle="round")
        drawn.axes.plot(xs[:1], ys[:1], ".", color=colour, alpha=alpha, markersize=3.5)
    drawn.axes.plot(*ways[-1], MARKERS[mark.quadrant], color=colour, markersize=7,
                    markeredgecolor=LIGHT.surface, markeredgewidth=0.8, alpha=strength)  # fmt: skip


def _name(drawn: Canvas, chart: Chart, mark: Mark) -> None:
    point = mark.points[-1]
    x, y = _at(chart, point.rs_ratio, point.rs_momentum)
    side = mark.side
    gap = GAP if side.y == 0 else GAP * 0.6
    align = {1: "left", 0: "center", -1: "right"}[side.x]
    middle = y - side.y * (gap + LINE / 2)
    write(drawn, x + side.x * gap, middle, mark.name, size=12, align=align,
          colour=getattr(LIGHT, mark.quadrant), weight="bold" if mark.stressed else "normal",
          halo=getattr(LIGHT, f"{mark.quadrant}_field"))  # fmt: skip
