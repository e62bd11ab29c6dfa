"""Plotly figures of a brief, as plain dicts: ``{"data": […], "layout": {…}}``, drawn on light.

:func:`agent.reports.palette.themed` turns one to dark. Every text that came from outside is escaped,
because Plotly reads tags in texts.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from agent.brief.labels import label
from agent.brief.lexicon import group_name
from agent.brief.slots import render_value
from agent.reports.calibrating import known_bins, percent, stated
from agent.reports.data import NO_DATA
from agent.reports.grid import STRONGEST, flow_facts, grid, log_odds, name_of
from agent.reports.layout import (
    FONT,
    LOWERED,
    ROW,
    TALL,
    bars,
    layout_of,
    name_rows,
    plain,
    value_axis,
)
from agent.reports.palette import LIGHT
from agent.reports.rotation_figure import rotation
from agent.reports.words import word

if TYPE_CHECKING:
    from agent.brief.model import Brief
    from agent.reports.data import Calibration, ReportData
    from agent.reports.grid import Column, Grid
    from agent.reports.palette import Figure

__all__ = ["calibration", "flows", "heatmap", "rotation", "waterfall"]

SCALE = (
    (0.0, LIGHT.far_below), (0.25, LIGHT.below), (0.5, LIGHT.even), (0.75, LIGHT.above),
    (1.0, LIGHT.far_above),
)  # fmt: skip
GAP = 0.22
"""Width of the gap between what happened and what may come, in columns."""


def heatmap(brief: Brief, data: ReportData = NO_DATA, *, narrow: bool = False) -> Figure | None:
    """Return the heatmap, sectors by window; `narrow` puts names above their rows, for phones."""
    shown = grid(brief, data)
    if shown is None:
        return None
    edges, columns = _edges(shown)
    rows = range(len(shown.codes))
    cells = [[None if c is None else c.cells[row] for c in columns] for row in rows]
    trace = {
        "type": "heatmap",
        "x": edges,
        "y": [row + (LOWERED if narrow else 0) for row in rows],
        "z": [
            [None if c is None or c.fact is None else round(c.size, 4) for c in r] for r in cells
        ],
        "text": [["" if c is None else c.text for c in row] for row in cells],
        "customdata": [
            [["", ""] if c is None else [plain(shown.names[row]), c.about] for c in columns]
            for row in rows
        ],
        "texttemplate": "%{text}",
        "textfont": {"size": 11 if narrow else 13, "family": FONT, "color": LIGHT.ink},
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{text} %{customdata[1]}<extra></extra>",
        "hoverongaps": False,
        "colorscale": [list(step) for step in SCALE],
        "zmin": -STRONGEST,
        "zmax": STRONGEST,
        "showscale": False,
        "xgap": 2,
        "ygap": 20 if narrow else 2,
    }
    centres = [(a + b) / 2 for a, b, c in zip(edges, edges[1:], columns, strict=False) if c]
    headings = [c.heading.replace(" ", "<br>") if narrow else c.heading for c in shown.columns]
    layout = layout_of(38 + (TALL if narrow else ROW) * len(rows), brief.language)
    layout["margin"] = {"l": 0, "r": 0 if narrow else 6, "t": 36, "b": 2}
    layout["xaxis"] = {
        "side": "top", "tickvals": centres, "ticktext": headings,
        "fixedrange": True, "showgrid": False, "zeroline": False, "ticks": "", "tickangle": 0,
        "ticklabelstandoff": 3, "ticklabeloverflow": "allow",
        "tickfont": {"size": 10.5 if narrow else 12, "color": LIGHT.muted},
    }  # fmt: skip
    layout["yaxis"] = {
        "range": [len(rows) - 0.5, -0.5], "fixedrange": True, "showgrid": False,
        "zeroline": False, "showticklabels": False, "ticks": "",
    }  # fmt: skip
    name_rows(layout, shown.names, narrow=narrow)
    return {"data": [trace], "layout": layout}


def _edges(shown: Grid) -> tuple[list[float], list[Column | None]]:
    """Return the edges of the columns, with a narrow empty one where the subject changes."""
    edges = [0.0]
    columns: list[Column | None] = []
    before: Column | None = None
    for column in shown.columns:
        if before is not None and before.ahead != column.ahead:
            edges.append(round(edges[-1] + GAP, 4))
            columns.append(None)
        edges.append(round(edges[-1] + 1.0, 4))
        columns.append(column)
        before = column
    return edges, columns


def waterfall(brief: Brief, sector: str, *, narrow: bool = False) -> Figure | None:
    """Return what makes up a sector's score: base value, groups, and the score as their sum."""
    card = brief.scorecard
    row = next((row for row in card.sectors if row.sector == sector), None) if card else None
    if card is None or row is None:
        return None
    language = brief.language
    groups = sorted(row.contributions, key=lambda group: (-abs(row.contributions[group]), group))
    values = [card.base_value, *(row.contributions[group] for group in groups), row.score]
    names = [
        label("base", language),
        *(group_name(group, language) for group in groups),
        f"= {label('sum', language)}",
    ]
    reached = list(accumulate(row.contributions[group] for group in groups))
    starts = [0.0, *(card.base_value + before for before in (0.0, *reached[:-1])), 0.0]
    starts = starts if groups else [0.0, 0.0]
    colours = [LIGHT.high if value >= 0 else LIGHT.low for value in values]
    colours[0] = colours[-1] = LIGHT.total
    # The vendored bundle has no waterfall trace; bars that begin where the last one ended are one.
    return bars(
        names,
        [(start, start + value) for start, value in zip(starts, values, strict=True)],
        [log_odds(value, language) for value in values],
        colours,
        tickformat=".2f",
        language=language,
        narrow=narrow,
    )


def flows(brief: Brief, data: ReportData = NO_DATA, *, narrow: bool = False) -> Figure | None:
    """Return net buying by foreigners as bars, a sector each; None where nothing is known of it."""
    facts = flow_facts(brief, data)
    if not facts:
        return None
    values = [float(fact.value) for fact in facts]
    return bars(
        [name_of(fact.entity, brief, data) for fact in facts],
        [(0.0, value) for value in values],
        [render_value(fact, brief.language) for fact in facts],
        [LIGHT.high if value >= 0 else LIGHT.low for value in values],
        tickformat=".0%",
        language=brief.language,
        narrow=narrow,
    )


def calibration(record: Calibration | None) -> Figure | None:
    """Return how often calls came true against what the model said; None where there is no record."""
    known = known_bins(record)
    if record is None or not known:
        return None
    language = record.language
    hits = [one.hits for one in known]
    names = [stated(one, language) for one in known]
    shares = [[percent(h.rate, language), percent(h.low, language), percent(h.high, language), h.n]
              for h in hits]  # fmt: skip
    observed = {
        "type": "scatter",
        "mode": "markers",
        "name": word("observed", language),
        "x": names,
        "y": [h.rate for h in hits],
        "error_y": {
            "type": "data", "symmetric": False, "array": [h.high - h.rate for h in hits],
            "arrayminus": [h.rate - h.low for h in hits], "color": LIGHT.high, "thickness": 2,
            "width": 6,
        },
        "marker": {"color": LIGHT.high, "size": 11},
        "customdata": shares,
        "hovertemplate": "%{x}<br><b>%{customdata[0]}</b> (%{customdata[1]} – %{customdata[2]}), "
        "n = %{customdata[3]}<extra></extra>",
    }  # fmt: skip
    base = {
        "type": "scatter",
        "mode": "markers",
        "name": word("base_line", language),
        "x": names,
        "y": [h.base_rate for h in hits],
        "marker": {"symbol": "line-ew", "size": 34, "line": {"width": 2, "color": LIGHT.muted}},
        "hovertemplate": "%{y:.1%}<extra></extra>",
    }
    layout = layout_of(340, language)
    layout["margin"] = {"l": 48, "r": 8, "t": 30, "b": 40}
    layout["showlegend"] = True
    layout["legend"] = {"orientation": "h", "x": 0, "y": 1.14, "font": {"size": 12}}
    layout["xaxis"] = {
        "fixedrange": True, "showgrid": False, "ticks": "", "type": "category", "tickangle": 0,
        "tickfont": {"size": 12},
        "range": [-0.5, len(known) - 0.5],
    }  # fmt: skip
    layout["yaxis"] = {**value_axis(".0%"), "zeroline": False}
    layout["shapes"] = [
        {
            "type": "rect", "layer": "below", "x0": at - 0.32, "x1": at + 0.32, "y0": low,
            "y1": low + 0.002 if high is None else high, "fillcolor": LIGHT.line,
            "line": {"width": 0},
        }
        for at, (low, high, _) in enumerate(known)
    ]  # fmt: skip
    return {"data": [base, observed], "layout": layout}
