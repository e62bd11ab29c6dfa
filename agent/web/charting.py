"""The charts of an answer as the page asks for them: one at a time, for its theme and width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from agent.brief.lexicon import window
from agent.records import load_record
from agent.reports import figures, tables
from agent.reports.data import report_data
from agent.reports.grid import flow_facts
from agent.reports.palette import themed
from agent.reports.rotating import tail_points
from agent.reports.words import word
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from agent.brief.model import Brief
    from agent.records import RunRecord
    from agent.reports.data import ReportData
    from agent.reports.palette import Figure, Theme
    from agent.reports.tables import Table

CHARTED = frozenset({"rs_ratio", "foreign_net_ratio"})
"""Metrics of which a chart can be drawn without a scorecard."""
OWN_CHART = {"explain": "waterfall", "flow": "flows", "track": "calibration"}
"""Intent → the chart that answers it, shown first."""
FEWEST = 2
"""Rows below which a chart says no more than its sentence."""


class Wanted(NamedTuple):
    """How a chart will be seen."""

    theme: Theme = "light"
    narrow: bool = False
    sector: str | None = None
    """Of the waterfall; None: the one asked about, else the best."""


class _Source(NamedTuple):
    brief: Brief
    data: ReportData
    wanted: Wanted = Wanted()


class _Chart(NamedTuple):
    """How one chart is drawn, what is said below it, and its numbers."""

    draw: Callable[[_Source], Figure | None]
    note: Callable[[_Source], str]
    table: Callable[[_Source], Table | None]


def has_charts(brief: Brief) -> bool:
    """Whether any chart may be drawn of an answer."""
    drawable = (fact for fact in brief.facts.values() if fact.metric in CHARTED)
    return brief.scorecard is not None or any(drawable)


def chart_list(home: Path, run_id: str) -> dict[str, Any]:
    """Return the charts that an answer has: names and titles in its language."""
    source = _source(load_record(home, run_id))
    language = source.brief.language
    names = [name for name, chart in _CHARTS.items() if _worth_it(chart, source)]
    names.sort(key=lambda name: name != OWN_CHART.get(source.brief.intent))
    return {"charts": [{"name": name, "title": word(name, language)} for name in names]}


def chart(home: Path, run_id: str, name: str, wanted: Wanted) -> dict[str, Any]:
    """Return one chart: its Plotly figure, a note, and its numbers as a table.

    Raises
    ------
    UnusableInputError
        When the answer has no such chart.
    """
    source = _source(load_record(home, run_id), wanted)
    known = _CHARTS.get(name)
    figure = known.draw(source) if known else None
    if known is None or figure is None:
        raise UnusableInputError("a chart of this answer", repr(name), "Choose another.")
    table = known.table(source)
    return {
        "figure": themed(figure, wanted.theme),
        "note": known.note(source),
        "table": {"heads": table.header, "rows": table.rows} if table else None,
        "sectors": _sectors(source) if name == "waterfall" else [],
        "sector": _sector(source),
    }


def _source(record: RunRecord, wanted: Wanted = Wanted()) -> _Source:  # noqa: B008 - it is frozen
    return _Source(record.brief, report_data(record.brief, record.request), wanted)


def _worth_it(known: _Chart, source: _Source) -> bool:
    table = known.table(source)
    enough = table is not None and len(table.rows) >= FEWEST
    return enough and known.draw(source) is not None


def _rotation(source: _Source) -> Figure | None:
    return figures.rotation(source.data.rotation, narrow=source.wanted.narrow)


def _rotation_note(source: _Source) -> str:
    shown = source.data.rotation
    long = tail_points(shown) if shown else 0
    key = "rotation_note" if long > 1 else "rotation_still"
    return word(key, source.brief.language, n=long)


def _waterfall(source: _Source) -> Figure | None:
    sector = _sector(source)
    narrow = source.wanted.narrow
    return figures.waterfall(source.brief, sector, narrow=narrow) if sector else None


def _waterfall_note(source: _Source) -> str:
    language = source.brief.language
    ahead = window(source.brief.horizon, language, ahead=True)
    return word("waterfall_note", language, horizon=ahead)


def _flows(source: _Source) -> Figure | None:
    return figures.flows(source.brief, source.data, narrow=source.wanted.narrow)


def _flows_note(source: _Source) -> str:
    language, facts = source.brief.language, flow_facts(source.brief, source.data)
    return word("flows_note", language, window=window(facts[0].period, language)) if facts else ""


def _calibration_note(source: _Source) -> str:
    record = source.data.calibration
    if record is None:
        return ""
    return word("calibration_note", record.language, first=record.first, last=record.last)


_CHARTS: Mapping[str, _Chart] = {
    "rotation": _Chart(
        _rotation, _rotation_note, lambda source: tables.rotation_table(source.data.rotation)
    ),
    "waterfall": _Chart(
        _waterfall,
        _waterfall_note,
        lambda source: tables.waterfall_table(source.brief, source.data),
    ),
    "flows": _Chart(
        _flows, _flows_note, lambda source: tables.flow_table(source.brief, source.data)
    ),
    "calibration": _Chart(
        lambda source: figures.calibration(source.data.calibration),
        _calibration_note,
        lambda source: tables.calibration_table(source.data.calibration),
    ),
}


def _sector(source: _Source) -> str | None:
    """Return the sector of the waterfall."""
    card = source.brief.scorecard
    scored = [row.sector for row in card.sectors] if card else []
    wished = (source.wanted.sector, *source.data.asked, *scored)
    return next((code for code in wished if code in scored), None)


def _sectors(source: _Source) -> list[dict[str, str]]:
    card, names = source.brief.scorecard, source.data.names
    rows = card.sectors if card else ()
    return [{"code": row.sector, "name": names.get(row.sector, row.name)} for row in rows]
