"""Plotly figures of a brief, as plain dicts: ``{"data": […], "layout": {…}}``, drawn on light.

:func:`agent.reports.palette.themed` turns one to dark. Every text that came from outside is escaped,
because Plotly reads tags in texts.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from agent.brief.labels import label
from agent.brief.lexicon import QUADRANTS, group_name, window
from agent.brief.slots import render_value
from agent.reports.data import Calibration, ReportData, Rotation
from agent.reports.grid import STRONGEST, facts_of, flow_window, grid, name_of, number, sector_order
from agent.reports.palette import LIGHT
from agent.reports.rotating import placed
from agent.reports.words import word
from tools.contracts import Fact

if TYPE_CHECKING:
    from agent.brief.model import Brief, Language
    from agent.reports.grid import Column, Grid

Figure = dict[str, Any]
FONT = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif"
)
ROW = 30
"""Pixels of a row of a chart."""
NO_DATA = ReportData()
CLEAR = "rgba(0,0,0,0)"
SCALE = (
    (0.0, LIGHT.low), (0.25, LIGHT.rather_low), (0.5, LIGHT.even), (0.75, LIGHT.rather_high),
    (1.0, LIGHT.high),
)  # fmt: skip
GAP = 0.22
"""Width of the gap between what happened and what may come, in columns."""
SYMBOLS = {
    "leading": "circle",
    "improving": "triangle-up",
    "weakening": "diamond",
    "lagging": "square",
}


def heatmap(brief: Brief, data: ReportData = NO_DATA, *, narrow: bool = False) -> Figure | None:
    """Return the heatmap, sectors by window; `narrow` puts names above their rows, for phones."""
    shown = grid(brief, data)
    if shown is None:
        return None
    edges, columns = _edges(shown)
    rows = range(len(shown.codes))
    cells = [[None if c is None else c.cells[row] for c in columns] for row in rows]
    tall = 1.7 if narrow else 1.0
    trace = {
        "type": "heatmap",
        "x": edges,
        "y": list(rows),
        "z": [
            [None if c is None or c.fact is None else round(c.size, 4) for c in r] for r in cells
        ],
        "text": [["" if c is None else c.text for c in row] for row in cells],
        "customdata": [
            [
                ["", ""] if c is None else [escape(shown.names[row], quote=False), c.about]
                for c in columns
            ]
            for row in rows
        ],
        "texttemplate": "%{text}",
        "textfont": {"size": 11 if narrow else 13, "family": FONT},
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{text} %{customdata[1]}<extra></extra>",
        "hoverongaps": False,
        "colorscale": [list(step) for step in SCALE],
        "zmin": -STRONGEST,
        "zmax": STRONGEST,
        "showscale": False,
        "xgap": 2,
        "ygap": 15 if narrow else 2,
    }
    centres = [(a + b) / 2 for a, b, c in zip(edges, edges[1:], columns, strict=False) if c]
    layout = _layout(round(46 + ROW * tall * len(shown.codes)))
    layout["margin"] = {"l": 4, "r": 4, "t": 40, "b": 4}
    layout["xaxis"] = {
        "side": "top", "tickvals": centres, "ticktext": [c.heading for c in shown.columns],
        "fixedrange": True, "showgrid": False, "zeroline": False, "ticks": "",
        "tickfont": {"size": 10 if narrow else 12, "color": LIGHT.muted}, "tickangle": 0,
    }  # fmt: skip
    layout["yaxis"] = {
        "autorange": "reversed", "fixedrange": True, "showgrid": False, "zeroline": False,
        "tickvals": list(rows), "ticktext": [escape(name, quote=False) for name in shown.names],
        "ticks": "", "automargin": True, "showticklabels": not narrow, "ticklabelstandoff": 8,
    }  # fmt: skip
    if narrow:
        layout["annotations"] = [
            {
                "xref": "paper", "x": 0, "xanchor": "left", "y": row - 0.5, "yanchor": "middle",
                "text": escape(name, quote=False), "showarrow": False,
                "font": {"size": 12, "color": LIGHT.ink},
            }
            for row, name in enumerate(shown.names)
        ]  # fmt: skip
    return {"data": [trace], "layout": layout}


def _edges(shown: Grid) -> tuple[list[float], list[Column | None]]:
    """Return the edges of the columns, with a narrow empty one where the subject changes."""
    edges, columns = [0.0], []
    before: Column | None = None
    for column in shown.columns:
        if before is not None and before.ahead != column.ahead:
            edges.append(round(edges[-1] + GAP, 4))
            columns.append(None)
        edges.append(round(edges[-1] + 1.0, 4))
        columns.append(column)
        before = column
    return edges, columns


def rotation(shown: Rotation | None, *, narrow: bool = False) -> Figure | None:
    """Return the relative-rotation chart with a tail a sector; None where nothing is known."""
    if shown is None or not shown.tails:
        return None
    language = shown.language
    size = (340.0, 420.0) if narrow else (860.0, 520.0)
    chart = placed(shown, size=size, letter=5.6 if narrow else 6.4)
    traces: list[Figure] = []
    for mark in chart.marks:
        colour = getattr(LIGHT, mark.quadrant)
        name = escape(mark.name, quote=False)
        last = len(mark.points) - 1
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers+text",
                "name": name,
                "x": [point.rs_ratio for point in mark.points],
                "y": [point.rs_momentum for point in mark.points],
                "line": {"color": colour, "width": 1.6, "shape": "spline", "smoothing": 0.6},
                "opacity": 1.0 if mark.stressed else 0.35,
                "marker": {
                    "color": colour,
                    "size": [11 if i == last else 3.5 for i in range(last + 1)],
                    "symbol": [
                        SYMBOLS[mark.quadrant] if i == last else "circle" for i in range(last + 1)
                    ],
                    "line": {"color": LIGHT.surface, "width": 1},
                    "opacity": [
                        1.0 if i == last else 0.3 + 0.5 * i / max(last, 1) for i in range(last + 1)
                    ],
                },
                "text": ["" if i < last else name for i in range(last + 1)],
                "textposition": mark.side.plotly,
                "textfont": {"size": 11 if narrow else 12, "color": colour},
                "customdata": [[name, point.day.isoformat()] for point in mark.points],
                "hovertemplate": "<b>%{customdata[0]}</b> · %{customdata[1]}<br>RS-Ratio %{x:.1f} · "
                "RS-Momentum %{y:.1f}<extra></extra>",
                "cliponaxis": False,
            }
        )
    layout = _layout(round(size[1]) + 90)
    layout["margin"] = {"l": 54, "r": 16, "t": 8, "b": 52}
    layout["xaxis"] = _rotation_axis(chart.x, word("rs_ratio", language))
    layout["yaxis"] = _rotation_axis(chart.y, word("rs_momentum", language))
    layout["shapes"], layout["annotations"] = _quadrants(chart.x, chart.y, language)
    layout["hovermode"] = "closest"
    return {"data": traces, "layout": layout}


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


def waterfall(brief: Brief, sector: str, data: ReportData = NO_DATA) -> Figure | None:
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
    name = escape(name_of(sector, brief, data), quote=False)
    trace = {
        "type": "waterfall",
        "name": name,
        "orientation": "h",
        "measure": ["absolute", *("relative" for _ in groups), "total"],
        "y": names,
        "x": values,
        "text": [log_odds(value, brief) for value in values],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": f"<b>{name}</b><br>%{{y}} %{{text}}<extra></extra>",
        "connector": {"line": {"color": LIGHT.line, "width": 1}},
        "increasing": {"marker": {"color": LIGHT.high}},
        "decreasing": {"marker": {"color": LIGHT.low}},
        "totals": {"marker": {"color": LIGHT.total}},
    }
    layout = _layout(ROW * len(values) + 44)
    layout["margin"] = {"l": 4, "r": 48, "t": 4, "b": 36}
    layout["yaxis"] = _named_axis()
    layout["xaxis"] = _value_axis(".2f")
    layout["bargap"] = 0.35
    return {"data": [trace], "layout": layout}


def log_odds(value: float, brief: Brief) -> str:
    """Return a weight as the brief's tables show it."""
    day = brief.market.as_of
    fact = Fact(
        id="MARKET.score", value=value, unit="log-odds", entity="MARKET", metric="score",
        observed_on=day, published_on=day, source="",
    )  # fmt: skip
    return render_value(fact, brief.language, fine=True)


def flow_facts(brief: Brief, data: ReportData = NO_DATA) -> list[Fact]:
    """Return each sector's foreign share of trading in one window, largest first."""
    facts = facts_of(brief)
    period = flow_window(brief, facts)
    codes = data.sectors or sector_order(brief, facts, data)
    found = [facts.get(f"{code}.foreign_net_ratio.{period}") for code in codes]
    known = [fact for fact in found if fact is not None and number(fact) is not None]
    return sorted(known, key=lambda fact: (-float(fact.value), fact.entity))


def flows(brief: Brief, data: ReportData = NO_DATA) -> Figure | None:
    """Return net buying by foreigners as bars, a sector each; None where nothing is known of it."""
    facts = flow_facts(brief, data)
    if not facts:
        return None
    values = [float(fact.value) for fact in facts]
    language = brief.language
    about = word("foreign", language, window=window(facts[0].period, language))
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": [escape(name_of(fact.entity, brief, data), quote=False) for fact in facts],
        "x": values,
        "text": [render_value(fact, language) for fact in facts],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {"color": [LIGHT.high if value >= 0 else LIGHT.low for value in values]},
        "hovertemplate": f"<b>%{{y}}</b><br>%{{text}} {about}<extra></extra>",
    }
    layout = _layout(ROW * len(facts) + 44)
    layout["margin"] = {"l": 4, "r": 48, "t": 4, "b": 36}
    layout["yaxis"] = _named_axis()
    layout["xaxis"] = _value_axis(".0%")
    layout["bargap"] = 0.35
    return {"data": [trace], "layout": layout}


def calibration(record: Calibration | None) -> Figure | None:
    """Return how often calls came true against what the model said; None where there is no record."""
    known = known_bins(record)
    if record is None or not known:
        return None
    language = record.language
    hits = [one[2] for one in known]
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
    layout = _layout(340)
    layout["margin"] = {"l": 48, "r": 8, "t": 30, "b": 40}
    layout["showlegend"] = True
    layout["legend"] = {"orientation": "h", "x": 0, "y": 1.14, "font": {"size": 12}}
    layout["xaxis"] = {"fixedrange": True, "showgrid": False, "ticks": "", "type": "category"}
    layout["yaxis"] = {**_value_axis(".0%"), "zeroline": False}
    layout["shapes"] = [
        {
            "type": "rect", "layer": "below", "x0": at - 0.32, "x1": at + 0.32, "y0": low,
            "y1": low + 0.002 if high is None else high, "fillcolor": LIGHT.rather_low,
            "opacity": 0.7, "line": {"width": 0},
        }
        for at, (low, high, _) in enumerate(known)
    ]  # fmt: skip
    return {"data": [base, observed], "layout": layout}


def known_bins(record: Calibration | None) -> list[tuple[float, float | None, Any]]:
    """Return the bins with a record: smallest and largest stated chance, and the hits."""
    if record is None:
        return []
    edges = [0.5 + one.from_edge for one in record.bins]
    ends: list[float | None] = [*edges[1:], None]
    return [
        (edge, end, one.record)
        for edge, end, one in zip(edges, ends, record.bins, strict=False)
        if one.record is not None
    ]


def stated(one: tuple[float, float | None, Any], language: Language) -> str:
    """Return which chances a bin holds, in words."""
    low, high, _ = one
    if high is None:
        return word("or_more", language, low=percent(low, language))
    return word("between", language, low=percent(low, language), high=percent(high, language))


def percent(value: float, language: Language) -> str:
    """Return a share as a percentage with one decimal."""
    text = f"{100 * value:.1f}%"
    return text if language == "en" else text.replace(".", ",")


def _layout(height: int) -> Figure:
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
    }  # fmt: skip


def _named_axis() -> Figure:
    return {
        "autorange": "reversed", "fixedrange": True, "showgrid": False, "ticks": "",
        "automargin": True, "type": "category", "ticklabelstandoff": 8,
    }  # fmt: skip


def _value_axis(tickformat: str) -> Figure:
    return {
        "fixedrange": True, "gridcolor": LIGHT.faint, "zerolinecolor": LIGHT.line,
        "zerolinewidth": 1.5, "tickformat": tickformat, "nticks": 6, "ticks": "",
        "tickfont": {"size": 11, "color": LIGHT.muted},
    }  # fmt: skip
