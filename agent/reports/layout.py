"""What all Plotly figures have in common: type, axes that stay as they are, room for names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.reports.palette import LIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.brief.model import Language
    from agent.reports.palette import Figure

FONT = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif"
)
ROW = 30
"""Pixels of a row of a chart."""
CLEAR = "rgba(0,0,0,0)"
BESIDE = 0.22
"""Room beside the bars for their values, in parts of what the bars take."""


def layout_of(height: int, language: Language) -> Figure:
    """Return a layout of a height in pixels."""
    return {
        "height": height,
        "autosize": True,
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": {"family": FONT, "size": 13, "color": LIGHT.ink},
        "hoverlabel": {
            "bgcolor": LIGHT.surface, "bordercolor": LIGHT.line, "align": "left",
            "font": {"family": FONT, "size": 13, "color": LIGHT.ink},
        },
        "showlegend": False,
        "dragmode": False,
        "separators": ".," if language == "en" else ",.",
    }  # fmt: skip


def bars(
    names: Sequence[str],
    ends: Sequence[tuple[float, float]],
    texts: Sequence[str],
    colours: Sequence[str],
    *,
    tickformat: str,
    language: Language,
) -> Figure:
    """Return one bar a row, first on top, its text beside its end.

    Parameters
    ----------
    names
        Escaped; two rows may have the same.
    ends
        Where each bar begins and ends.
    texts
        What its hover and its end say.
    colours
        One a bar.
    tickformat
        Of the axis of numbers.
    language
        Of its decimal mark.
    """
    reached = [0.0, *(value for pair in ends for value in pair)]
    low, high = min(reached), max(reached)
    room = BESIDE * ((high - low) or 1.0)
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(names))),
        "base": [first for first, _ in ends],
        "x": [last - first for first, last in ends],
        "text": list(texts),
        "textposition": "outside",
        "textfont": {"size": 12},
        "cliponaxis": False,
        "marker": {"color": list(colours)},
        "customdata": list(names),
        "hovertemplate": "<b>%{customdata}</b><br>%{text}<extra></extra>",
    }
    layout = layout_of(ROW * len(names) + 36, language)
    layout["margin"] = {"l": 4, "r": 4, "t": 4, "b": 28}
    layout["bargap"] = 0.4
    layout["yaxis"] = {
        "range": [len(names) - 0.5, -0.5], "fixedrange": True, "showgrid": False, "ticks": "",
        "zeroline": False, "automargin": True, "ticklabelstandoff": 8,
        "tickvals": list(range(len(names))), "ticktext": list(names),
    }  # fmt: skip
    layout["xaxis"] = {
        **value_axis(tickformat),
        "range": [low - room if low < 0 else 0.0, high + room if high > 0 else 0.0],
    }
    return {"data": [trace], "layout": layout}


def value_axis(tickformat: str) -> Figure:
    """Return an axis of numbers."""
    return {
        "fixedrange": True, "gridcolor": LIGHT.faint, "zerolinecolor": LIGHT.line,
        "zerolinewidth": 1.5, "tickformat": tickformat, "nticks": 6, "ticks": "",
        "tickfont": {"size": 11, "color": LIGHT.muted},
    }  # fmt: skip
