"""The relative-rotation chart as a Plotly figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.lexicon import QUADRANTS
from agent.reports.layout import layout_of, plain
from agent.reports.palette import LIGHT
from agent.reports.rotating import placed
from agent.reports.words import word

if TYPE_CHECKING:
    from agent.brief.model import Language
    from agent.reports.data import Rotation
    from agent.reports.palette import Figure
    from agent.reports.rotating import Mark

SYMBOLS = {
    "leading": "circle",
    "improving": "triangle-up",
    "weakening": "diamond",
    "lagging": "square",
}


def rotation(shown: Rotation | None, *, narrow: bool = False) -> Figure | None:
    """Return the relative-rotation chart with a tail a sector; None where nothing is known."""
    if shown is None or not shown.tails:
        return None
    language = shown.language
    size = (290.0, 420.0) if narrow else (860.0, 520.0)
    chart = placed(shown, size=size, letter=6.0 if narrow else 6.4)
    traces: list[Figure] = []
    for mark in chart.marks:
        traces += _tail_and_head(mark, letters=11 if narrow else 12)
    layout = layout_of(round(size[1]) + 90, language)
    layout["margin"] = {"l": 54, "r": 16, "t": 8, "b": 52}
    layout["xaxis"] = _rotation_axis(chart.x, word("rs_ratio", language))
    layout["yaxis"] = _rotation_axis(chart.y, word("rs_momentum", language))
    layout["shapes"], layout["annotations"] = _quadrants(chart.x, chart.y, language)
    layout["hovermode"] = "closest"
    return {"data": traces, "layout": layout}


def _tail_and_head(mark: Mark, *, letters: int) -> list[Figure]:
    """Return a sector's faint tail and its marker with its name, always two traces."""
    colour, name = getattr(LIGHT, mark.quadrant), plain(mark.name)
    strength = 1.0 if mark.stressed else 0.4
    common = {
        "type": "scatter", "name": name, "legendgroup": mark.code, "cliponaxis": False,
        "hovertemplate": "<b>%{customdata[0]}</b> · %{customdata[1]}<br>RS-Ratio %{x:.1f} · "
        "RS-Momentum %{y:.1f}<extra></extra>",
    }  # fmt: skip
    last = mark.points[-1]
    tail = {
        "mode": "lines+markers", "opacity": 0.42 * strength,
        "x": [point.rs_ratio for point in mark.points],
        "y": [point.rs_momentum for point in mark.points],
        "line": {"color": colour, "width": 1.6},
        "marker": {"color": colour, "size": 4.5},
        "customdata": [[name, point.day.isoformat()] for point in mark.points],
    }  # fmt: skip
    head = {
        "mode": "markers+text", "opacity": strength, "x": [last.rs_ratio], "y": [last.rs_momentum],
        "marker": {
            "color": colour, "size": 11, "symbol": SYMBOLS[mark.quadrant],
            "line": {"color": LIGHT.surface, "width": 1},
        },
        "text": [name], "textposition": mark.side.plotly,
        "textfont": {"size": letters, "color": colour},
        "customdata": [[name, last.day.isoformat()]],
    }  # fmt: skip
    return [{**common, **tail}, {**common, **head}]


def _rotation_axis(ends: tuple[float, float], title: str) -> Figure:
    return {
        "range": list(ends), "title": {"text": title, "font": {"size": 12, "color": LIGHT.muted}},
        "fixedrange": True, "showgrid": False, "zeroline": False, "ticks": "outside", "ticklen": 4,
        "tickcolor": LIGHT.line, "linecolor": LIGHT.line, "showline": False,
        "tickfont": {"size": 11, "color": LIGHT.muted},
    }  # fmt: skip


def _quadrants(
    x: tuple[float, float], y: tuple[float, float], language: Language
) -> tuple[list[Figure], list[Figure]]:
    """Return the four fields with their names in the corners, and the lines through 100."""
    fields = {
        "leading": (100.0, x[1], 100.0, y[1]), "weakening": (100.0, x[1], y[0], 100.0),
        "lagging": (x[0], 100.0, y[0], 100.0), "improving": (x[0], 100.0, 100.0, y[1]),
    }  # fmt: skip
    shapes: list[Figure] = [
        {
            "type": "rect", "layer": "below", "x0": x0, "x1": x1, "y0": y0, "y1": y1,
            "fillcolor": getattr(LIGHT, f"{name}_field"), "line": {"width": 0},
        }
        for name, (x0, x1, y0, y1) in fields.items()
    ]  # fmt: skip
    line = {"color": LIGHT.line, "width": 1.5}
    shapes += [
        {"type": "line", "layer": "below", "x0": 100, "x1": 100, "y0": y[0], "y1": y[1], "line": line},
        {"type": "line", "layer": "below", "x0": x[0], "x1": x[1], "y0": 100, "y1": 100, "line": line},
    ]  # fmt: skip
    corners = {
        "leading": ("right", "top"), "weakening": ("right", "bottom"),
        "lagging": ("left", "bottom"), "improving": ("left", "top"),
    }  # fmt: skip
    notes = [
        {
            "xref": "paper", "yref": "paper", "x": float(side == "right"), "y": float(end == "top"),
            "xanchor": side, "yanchor": end, "xshift": -8 if side == "right" else 8,
            "yshift": -6 if end == "top" else 6, "showarrow": False,
            "text": QUADRANTS[language][name],
            "font": {"size": 12, "color": getattr(LIGHT, name)}, "opacity": 0.8,
        }
        for name, (side, end) in corners.items()
    ]  # fmt: skip
    return shapes, notes
