"""What all Plotly figures have in common: type, axes that stay as they are, room for names."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from agent.reports.palette import LIGHT
from agent.reports.placing import cut

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
TALL = 46
"""Pixels of a row whose name stands above it."""
LOWERED = 0.16
"""How far what a row shows lies below its middle where the name stands above it, in rows."""
LETTER = 7.3
"""Pixels of a letter of a name; faces differ, so there is room to spare."""
MOST_NAME = 230
"""Pixels that names may take beside their rows."""
BESIDE = 0.22
"""Room beside the bars for their values, in parts of what the bars take."""


def plain(text: str) -> str:
    """Return a text that Plotly shows as it is: no tag of it is one, no dollar sign begins a formula."""
    return escape(text, quote=False).replace("$", "&#36;")


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
    narrow: bool,
) -> Figure:
    """Return one bar a row, first on top, its text beside its end.

    Parameters
    ----------
    names
        Not escaped; two rows may have the same.
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
    narrow
        Names stand above their bars, for phones.
    """
    reached = [0.0, *(value for pair in ends for value in pair)]
    low, high = min(reached), max(reached)
    room = BESIDE * ((high - low) or 1.0)
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": [row + (LOWERED if narrow else 0) for row in range(len(names))],
        "base": [first for first, _ in ends],
        "x": [last - first for first, last in ends],
        "text": list(texts),
        "textposition": "outside",
        "textfont": {"size": 12},
        "cliponaxis": False,
        "marker": {"color": list(colours)},
        "customdata": [plain(name) for name in names],
        "hovertemplate": "<b>%{customdata}</b><br>%{text}<extra></extra>",
    }
    layout = layout_of((TALL if narrow else ROW) * len(names) + 36, language)
    layout["margin"] = {"l": 0, "r": 0, "t": 4, "b": 28}
    layout["bargap"] = 0.62 if narrow else 0.4
    layout["yaxis"] = {
        "range": [len(names) - 0.5, -0.5], "fixedrange": True, "showgrid": False,
        "zeroline": False, "showticklabels": False, "ticks": "",
    }  # fmt: skip
    name_rows(layout, names, narrow=narrow)
    layout["xaxis"] = {
        **value_axis(tickformat),
        "range": [low - room if low < 0 else 0.0, high + room if high > 0 else 0.0],
    }
    return {"data": [trace], "layout": layout}


def name_rows(layout: Figure, names: Sequence[str], *, narrow: bool) -> None:
    """Write the names of rows 0, 1, … left of the plot, or above each row where it is narrow.

    Parameters
    ----------
    layout
        Changed: its annotations and left margin.
    names
        Not escaped.
    narrow
        Above the rows.
    """
    most = int((MOST_NAME + 70 * narrow) / LETTER)
    room = min(MOST_NAME, round(LETTER * max(map(len, names), default=0)) + 14)
    if not narrow:
        layout["margin"]["l"] = room
    layout["annotations"] = [
        {
            "xref": "paper", "x": 0, "xanchor": "left", "xshift": 0 if narrow else -room,
            "y": row - (0.5 if narrow else 0), "yanchor": "top" if narrow else "middle",
            "text": plain(cut(name, most)), "showarrow": False,
            "align": "left", "borderpad": 0, "font": {"size": 12.5 if narrow else 13},
        }
        for row, name in enumerate(names)
    ]  # fmt: skip


def value_axis(tickformat: str) -> Figure:
    """Return an axis of numbers."""
    return {
        "fixedrange": True, "gridcolor": LIGHT.faint, "zerolinecolor": LIGHT.line,
        "zerolinewidth": 1.5, "tickformat": tickformat, "nticks": 6, "ticks": "",
        "tickfont": {"size": 11, "color": LIGHT.muted},
    }  # fmt: skip
