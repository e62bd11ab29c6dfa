"""The canvas of images: Matplotlib without its global state, at twice the size it is shown at."""

from __future__ import annotations

import io
import warnings
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from agent.brief.gaps import note_text
from agent.reports.palette import LIGHT
from agent.reports.placing import cut
from agent.reports.words import word
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

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
MOST_CUT = 8
"""Letters that stay of a name at least."""
FOOT = 30
_ONE_AT_A_TIME = Lock()


class Canvas(NamedTuple):
    """A figure with one plot, measured in pixels as shown, from the upper left corner."""

    figure: Figure
    axes: Axes
    height: int
    faces: tuple[str, ...]
    """Names of type faces, the first that has a letter draws it."""


def check_drawing() -> None:
    """Refuse where Matplotlib is not installed.

    Raises
    ------
    UnusableInputError
        With what installs it.
    """
    try:
        import matplotlib  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise UnusableInputError(
            "Matplotlib, which draws images",
            "an installation without it",
            "Install it: python -m pip install 'sectorvane[images]'.",
        ) from error


@contextmanager
def canvas(height: int) -> Iterator[Canvas]:
    """Give an empty canvas whose plot spans all of it; one unit is one pixel as shown.

    One at a time draws: neither Matplotlib nor a filter of warnings is safe among threads. A letter
    that no face has is a box, without a warning for each.
    """
    check_drawing()
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield _empty(height)


def _empty(height: int) -> Canvas:
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
    return Canvas(figure, axes, height, (*faces[:1], OWN))


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
    halo: str = "",
) -> None:
    """Write a text around the height `y`, its size in pixels as shown, on a halo of a colour."""
    from matplotlib.patheffects import withStroke

    canvas.axes.text(
        x, y, text, fontsize=size * 72.0 / UNIT, color=colour, ha=align, va="center_baseline",
        fontweight=weight, family=canvas.faces,
        # a dollar sign in a name means itself
        parse_math=False,
        path_effects=[withStroke(linewidth=2.5, foreground=halo, alpha=0.85)] if halo else None,
    )  # fmt: skip


def measured(canvas: Canvas, text: str, size: float, weight: str = "normal") -> float:
    """Return the width of a text in pixels as shown."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    if not text.strip():
        return 0.0
    face = FontProperties(family=list(canvas.faces), weight=weight)
    return float(TextPath((0, 0), text, size=size, prop=face).get_extents().width)


def shortened(canvas: Canvas, text: str, size: float, room: float) -> str:
    """Return a text that fits a width in pixels, cut with an ellipsis where it must be."""
    if measured(canvas, text, size) <= room:
        return text
    letters = len(text)
    while letters > MOST_CUT and measured(canvas, cut(text, letters), size) > room:
        letters -= 1
    return cut(text, letters)


def head(canvas: Canvas, title: str, market: BriefMarket, language: Language) -> None:
    """Write title, market and day, and mark data that are generated."""
    write(canvas, MARGIN, 30, title, size=18, weight="bold")
    named = note_text(market.name, language)
    write(canvas, MARGIN, 56, f"{named} · {market.as_of.isoformat()}", colour=LIGHT.muted)
    if market.simulated:
        mark = word("simulated", language)
        wide = measured(canvas, mark, 11.5, "bold")
        right = WIDTH - MARGIN
        canvas.axes.add_patch(_pill(right - wide - 20, 17, wide + 20, 25))
        write(canvas, right - 10, 29.5, mark, size=11.5, weight="bold", align="right",
              colour=LIGHT.surface)  # fmt: skip


def _pill(x: float, y: float, width: float, height: float) -> Patch:
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
