"""The heatmap's numbers: sectors by window, each with its text and its size against its column."""

from __future__ import annotations

from datetime import date
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from agent.brief.heatmap import EVEN
from agent.brief.labels import label
from agent.brief.lexicon import window
from agent.brief.slots import render_value
from agent.reports.data import NO_DATA
from agent.reports.words import word
from tools.contracts import HORIZONS, Fact

if TYPE_CHECKING:
    from agent.brief.model import Brief, BriefFact, Language
    from agent.reports.data import ReportData

STRONGEST = 2.0
"""Size against the column at which a colour is as strong as it gets."""
EPOCH = date(1970, 1, 1)
"""The day of a value whose rendering needs none."""
FLOW_WINDOWS = ("1D", "1W", "1M", "3M")


class Cell(NamedTuple):
    """One cell of the heatmap."""

    fact: Fact | None
    text: str
    size: float
    """Distance from the column's centre in its typical sizes, within ±`STRONGEST`; 0 if unknown."""


class Column(NamedTuple):
    """One column of the heatmap."""

    heading: str
    about: str
    """What its numbers are, in words."""
    ahead: bool
    """Whether it speaks of what may come."""
    cells: tuple[Cell, ...]


class Grid(NamedTuple):
    """Sectors by window."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    columns: tuple[Column, ...]


def fact_of(brief: Brief, key: str) -> Fact | None:
    """Return a fact of a brief by its id, or None."""
    held = brief.facts.get(key)
    return None if held is None else Fact(id=key, **dict(held))


def name_of(code: str, brief: Brief, data: ReportData) -> str:
    """Return what a sector is called: in the brief's language, else by the scorecard, else its code."""
    if code in data.names:
        return data.names[code]
    rows = brief.scorecard.sectors if brief.scorecard else ()
    return next((row.name for row in rows if row.sector == code), code)


def grid(brief: Brief, data: ReportData = NO_DATA) -> Grid | None:
    """Return the heatmap of a brief, best sector first, or None where there is nothing to show."""
    codes = sector_order(brief, data)
    columns = [column for column in _columns(brief, codes, data) if _is_known(column)]
    if not codes or not columns:
        return None
    return Grid(codes, tuple(name_of(code, brief, data) for code in codes), tuple(columns))


def sector_order(brief: Brief, data: ReportData = NO_DATA) -> tuple[str, ...]:
    """Return the sectors shown: best score first, else best relative return first."""
    shown = set(data.asked)
    if brief.scorecard is not None and brief.scorecard.sectors:
        ranked = [row.sector for row in sorted(brief.scorecard.sectors, key=lambda row: row.rank)]
    else:
        ranked = _by_return(brief, data)
    return tuple(code for code in ranked if not shown or code in shown)


def _scored(brief: Brief) -> tuple[str, ...]:
    rows = brief.scorecard.sectors if brief.scorecard else ()
    return tuple(row.sector for row in rows)


def _by_return(brief: Brief, data: ReportData) -> list[str]:
    for period in ("1M", "3M", "1W", "1D"):
        found = {
            fact.entity: value
            for fact in brief.facts.values()
            if fact.metric == "rel_return"
            and fact.period == period
            and (not data.sectors or fact.entity in data.sectors)
            and (value := number(fact)) is not None
        }
        if found:
            return sorted(found, key=lambda code: (-found[code], code))
    return []


def _columns(brief: Brief, codes: tuple[str, ...], data: ReportData) -> list[Column]:
    language = brief.language
    scale = data.sectors or _scored(brief) or codes
    columns = []
    for period in ("1D", "1W", "1M", "3M"):
        about = word("relative", language, window=window(period, language))
        columns.append(_column(brief, (codes, scale), ("rel_return", period), (period, about, 0.0)))
    for horizon in HORIZONS:
        heading = f"{label('chance', language)} {horizon}"
        about = word("chance_of", language, window=window(horizon, language, ahead=True))
        columns.append(
            _column(brief, (codes, scale), ("probability", horizon), (heading, about, 0.5))
        )
    flow = flow_window(brief, data)
    if flow:
        heading = f"{label('foreign', language)} {flow}"
        about = word("foreign", language, window=window(flow, language))
        columns.append(
            _column(brief, (codes, scale), ("foreign_net_ratio", flow), (heading, about, 0.0))
        )
    return columns


def flow_window(brief: Brief, data: ReportData = NO_DATA) -> str | None:
    """Return the window of foreign flow that is shown.

    It is the brief's own where the report knows it, else the horizon's, else the longest known.
    """
    known = {fact.period for fact in brief.facts.values() if fact.metric == "foreign_net_ratio"}
    wanted = (data.flow_window, brief.horizon, *reversed(FLOW_WINDOWS))
    return next((period for period in wanted if period in known), None)


def _column(
    brief: Brief,
    rows: tuple[tuple[str, ...], tuple[str, ...]],
    kind: tuple[str, str],
    shown: tuple[str, str, float],
) -> Column:
    """Return a column of the sectors shown, in the typical size over all those of the scale."""
    (codes, scale), (metric, period), (heading, about, centre) = rows, kind, shown
    found = [fact_of(brief, f"{code}.{metric}.{period}") for code in codes]
    values = [number(fact) for fact in found]
    over = (number(brief.facts.get(f"{code}.{metric}.{period}")) for code in scale)
    known = [value - centre for value in over if value is not None]
    typical = EVEN if centre else sqrt(sum(v * v for v in known) / max(len(known), 1))
    cells = tuple(
        Cell(None, "–", 0.0)
        if fact is None or value is None
        else Cell(fact, render_value(fact, brief.language), _size(value - centre, typical))
        for fact, value in zip(found, values, strict=True)
    )
    return Column(heading, about, bool(centre), cells)


def _size(value: float, typical: float) -> float:
    return max(-STRONGEST, min(STRONGEST, value / typical)) if typical else 0.0


def _is_known(column: Column) -> bool:
    return any(cell.fact is not None for cell in column.cells)


def number(fact: Fact | BriefFact | None) -> float | None:
    """Return the value of a numeric fact, or None."""
    return None if fact is None or isinstance(fact.value, str) else float(fact.value)


def log_odds(value: float, language: Language) -> str:
    """Return a weight as the brief's tables show it."""
    fact = Fact(
        id="MARKET.score", value=value, unit="log-odds", entity="MARKET", metric="score",
        observed_on=EPOCH, published_on=EPOCH, source="",
    )  # fmt: skip
    return render_value(fact, language, fine=True)


def flow_facts(brief: Brief, data: ReportData = NO_DATA) -> list[Fact]:
    """Return each sector's foreign share of trading in one window, largest first."""
    period = flow_window(brief, data)
    codes = data.asked or data.sectors or sector_order(brief, data)
    found = [fact_of(brief, f"{code}.foreign_net_ratio.{period}") for code in codes]
    known = [fact for fact in found if fact is not None and number(fact) is not None]
    return sorted(known, key=lambda fact: (-float(fact.value), fact.entity))
