"""The charts of an answer as the page asks for them: one at a time, for its theme and width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from agent.brief.lexicon import QUADRANTS
from agent.records import load_record
from agent.reports import figures
from agent.reports.data import report_data
from agent.reports.palette import themed
from agent.reports.words import word
from tools.errors import UnusableInputError
from tools.measures.rotation import quadrant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from agent.brief.model import Brief
    from agent.records import RunRecord
    from agent.reports.data import ReportData
    from agent.reports.palette import Theme

ChartName = Literal["rotation", "waterfall", "flows", "calibration"]
CHARTED = frozenset({"rs_ratio", "foreign_net_ratio"})
"""Metrics of which a chart can be drawn without a scorecard."""


class Wanted(NamedTuple):
    """Which chart, and how it will be seen."""

    theme: Theme = "light"
    narrow: bool = False
    sector: str | None = None
    """Of the waterfall; None: the best."""


class _Source(NamedTuple):
    brief: Brief
    data: ReportData
    wanted: Wanted


def has_charts(brief: Brief) -> bool:
    """Whether any chart can be drawn of an answer."""
    return brief.scorecard is not None or any(f.metric in CHARTED for f in brief.facts.values())


def chart_list(home: Path, run_id: str) -> dict[str, Any]:
    """Return the charts that an answer has: names and titles in its language."""
    record = load_record(home, run_id)
    source = _source(record, Wanted())
    language = record.brief.language
    names = [name for name, draw in _CHARTS.items() if draw(source) is not None]
    return {"charts": [{"name": name, "title": word(name, language)} for name in names]}


def chart(home: Path, run_id: str, name: str, wanted: Wanted) -> dict[str, Any]:
    """Return one chart: its Plotly figure, a note, its numbers as a table where no other has them.

    Raises
    ------
    UnusableInputError
        When the answer has no such chart.
    """
    source = _source(load_record(home, run_id), wanted)
    draw = _CHARTS.get(name)
    figure = draw(source) if draw else None
    if figure is None:
        raise UnusableInputError("a chart of this answer", repr(name), "Choose another.")
    return {
        "figure": themed(figure, wanted.theme),
        "note": _note(name, source),
        "table": _table(source) if name == "rotation" else None,
        "sectors": _sectors(source) if name == "waterfall" else [],
        "sector": wanted.sector or _first(source),
    }


def _source(record: RunRecord, wanted: Wanted) -> _Source:
    return _Source(record.brief, report_data(record.brief, record.request), wanted)


def _rotation(source: _Source) -> figures.Figure | None:
    return figures.rotation(source.data.rotation, narrow=source.wanted.narrow)


def _waterfall(source: _Source) -> figures.Figure | None:
    sector = source.wanted.sector or _first(source)
    return figures.waterfall(source.brief, sector, source.data) if sector else None


def _flows(source: _Source) -> figures.Figure | None:
    return figures.flows(source.brief, source.data)


def _calibration(source: _Source) -> figures.Figure | None:
    return figures.calibration(source.data.calibration)


_CHARTS: Mapping[str, Callable[[_Source], figures.Figure | None]] = {
    "rotation": _rotation,
    "waterfall": _waterfall,
    "flows": _flows,
    "calibration": _calibration,
}


def _first(source: _Source) -> str | None:
    """Return the sector that the answer is about, else the best."""
    card = source.brief.scorecard
    if card is None or not card.sectors:
        return None
    scored = [row.sector for row in card.sectors]
    return next((code for code in source.data.asked if code in scored), scored[0])


def _sectors(source: _Source) -> list[dict[str, str]]:
    card = source.brief.scorecard
    rows = card.sectors if card else ()
    names = source.data.names
    return [{"code": row.sector, "name": names.get(row.sector, row.name)} for row in rows]


def _note(name: str, source: _Source) -> str:
    language, data = source.brief.language, source.data
    if name == "rotation" and data.rotation is not None:
        length = max(len(tail) for tail in data.rotation.tails.values())
        key = "rotation_note" if length > 1 else "rotation_still"
        return word(key, language, n=length)
    if name == "waterfall":
        return word("waterfall_note", language, horizon=source.brief.horizon)
    if name == "flows":
        facts = figures.flow_facts(source.brief, data)
        return word("flows_note", language, window=facts[0].period) if facts else ""
    if data.calibration is None:
        return ""
    return word(
        "calibration_note", language, first=data.calibration.first, last=data.calibration.last
    )


def _table(source: _Source) -> dict[str, Any] | None:
    """Return where each sector stands, for a reader who cannot see the chart."""
    shown, language = source.data.rotation, source.brief.language
    if shown is None:
        return None
    rows = []
    for code, tail in sorted(shown.tails.items(), key=lambda one: -one[1][-1].rs_ratio):
        at = tail[-1]
        where = QUADRANTS[language][quadrant(at.rs_ratio, at.rs_momentum)]
        numbers = [_number(value, language) for value in (at.rs_ratio, at.rs_momentum)]
        rows.append([shown.names.get(code, code), where, *numbers])
    heads = [word(key, language) for key in ("sector", "quadrant", "rs_ratio", "rs_momentum")]
    return {"heads": heads, "rows": rows}


def _number(value: float, language: str) -> str:
    text = f"{value:.1f}"
    return text if language == "en" else text.replace(".", ",")
