"""The canvas of images: Matplotlib without its global state, at twice the size it is shown at."""

from __future__ import annotations

import io
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from agent.reports.palette import LIGHT
from agent.reports.words import word
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from agent.brief.model import BriefMarket, Language

WIDTH = 720
"""Pixels of an image as it is shown; it has twice as many, so that it is crisp."""
SHARP = 2
UNIT = 100.0
"""Pixels of an inch, as shown."""
PREFERRED = ("Inter", "Noto Sans", "Segoe UI", "Helvetica Neue", "Arial")
"""Faces with Vietnamese letters, taken where the machine has them; Matplotlib's own is the last."""
OWN = "DejaVu Sans"
MARGIN = 24
TOP = 82
FOOT = 30


class Canvas(NamedTuple):
    """A figure with one plot, measured in pixels as shown, from the upper left corner."""

    figure: Figure
    axes: Axes
    width: int
    height: int


def check_drawing() -> None:
    """Refuse where Matplotlib is not installed.

    Raises
    ------
    UnusableInputError
        With what installs it.
    """
    if find_spec("matplotlib") is None:
        raise UnusableInputError(
            "Matplotlib, which draws images",
            "an installation without it",
            "Install it: python -m pip install 'sectorvane[images]'.",
        )


def canvas(height: int) -> Canvas:
    """Return an empty canvas whose plot spans all of it; one unit is one pixel as shown."""
    check_drawing()
    from matplotlib import font_manager
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(
        figsize=(WIDTH / UNIT, height / UNIT), dpi=UNIT * SHARP, facecolor=LIGHT.surface
    )
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    axes.set_axis_off()
    have = {face.name for face in font_manager.fontManager.ttflist}
    faces = [face for face in PREFERRED if face in have]
    axes.figure.set_label(",".join((*faces[:1], OWN)))
    return Canvas(figure, axes, WIDTH, height)


def write(
    canvas: Canvas,
    x: float,
    y: float,
    text: str,
    *,
    size: float = 12.5,
    colour: str = LIGHT.ink,
    align: str = "left",
    weight: str = "normal",
    base: str = "center_baseline",
) -> None:
    """Write a text, its size in pixels as shown; dollar signs mean themselves."""
    canvas.axes.text(
        x, y, text, fontsize=size * 72.0 / UNIT, color=colour, ha=align, va=base, fontweight=weight,
        family=str(canvas.figure.get_label()).split(","), parse_math=False,
    )  # fmt: skip


def measured(canvas: Canvas, text: str, size: float, weight: str = "normal") -> float:
    """Return the width of a text in pixels as shown."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    family = str(canvas.figure.get_label()).split(",")
    if not text.strip():
        return 0.0
    path = TextPath((0, 0), text, size=size, prop=FontProperties(family=family, weight=weight))
    return float(path.get_extents().width)


def shortened(canvas: Canvas, text: str, size: float, room: float) -> str:
    """Return a text that fits a width in pixels, cut with an ellipsis where it must be."""
    if measured(canvas, text, size) <= room:
        return text
    while text and measured(canvas, f"{text}…", size) > room:
        text = text[:-1].rstrip()
    return f"{text}…"


def head(canvas: Canvas, title: str, market: BriefMarket, language: Language) -> None:
    """Write title, market and day, and mark data that are generated."""
    write(canvas, MARGIN, 30, title, size=18, weight="bold")
    write(canvas, MARGIN, 56, f"{market.name} · {market.as_of.isoformat()}", colour=LIGHT.muted)
    if market.simulated:
        mark = word("simulated", language)
        wide = measured(canvas, mark, 11.5, "bold")
        right = WIDTH - MARGIN
        canvas.axes.add_patch(_pill(right - wide - 20, 18, wide + 20, 24))
        write(canvas, right - 10, 30, mark, size=11.5, weight="bold", align="right",
              colour=LIGHT.surface)  # fmt: skip


def _pill(x: float, y: float, width: float, height: float) -> object:
    from matplotlib.patches import FancyBboxPatch

    return FancyBboxPatch(
        (x, y), width, height, boxstyle="round,pad=0,rounding_size=4", linewidth=0,
        facecolor=LIGHT.low,
    )  # fmt: skip


def as_png(canvas: Canvas) -> bytes:
    """Return the image."""
    stream = io.BytesIO()
    canvas.figure.savefig(
        stream, format="png", facecolor=LIGHT.surface, metadata={"Software": None}
    )
    return stream.getvalue()
