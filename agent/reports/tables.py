"""The tables behind the charts of a page: every number of a chart, rendered as the brief renders it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from agent.brief.labels import label
from agent.brief.lexicon import QUADRANTS, group_name, metric_name, window
from agent.brief.slots import render_value
from agent.reports.calibrating import known_bins, percent, stated
from agent.reports.data import NO_DATA
from agent.reports.grid import fact_of, flow_facts, log_odds, name_of
from agent.reports.words import word
from tools.measures.rotation import quadrant

if TYPE_CHECKING:
    from agent.brief.model import Brief, Language
    from agent.reports.data import Calibration, Hits, ReportData, Rotation


class Table(NamedTuple):
    """One table; the first column names its rows, the others are numbers."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def rotation_table(shown: Rotation | None) -> Table | None:
    """Return where sectors stand, and where their tails begin."""
    if shown is None:
        return None
    language = shown.language
    ratio, momentum = "RS-Ratio", "RS-Momentum"
    long = any(len(tail) > 1 for tail in shown.tails.values())
    rows = []
    for code, tail in shown.tails.items():
        last, first = tail[-1], tail[0]
        where = QUADRANTS[language][quadrant(last.rs_ratio, last.rs_momentum)]
        numbers = [last.rs_ratio, last.rs_momentum]
        cells = [shown.names.get(code, code), where]
        cells += [level(number, language) for number in numbers]
        if long:
            cells += [
                first.day.isoformat(), level(first.rs_ratio, language),
                level(first.rs_momentum, language),
            ]  # fmt: skip
        rows.append(tuple(cells))
    header = [label("sector", language), word("quadrant", language), ratio, momentum]
    if long:
        header += [word("since", language), ratio, momentum]
    return Table(word("rotation", language), tuple(header), tuple(rows))


def level(value: float, language: Language) -> str:
    """Return a coordinate of the rotation chart."""
    text = f"{value:.1f}"
    return text if language == "en" else text.replace(".", ",")


def waterfall_table(brief: Brief, data: ReportData = NO_DATA) -> Table | None:
    """Return what makes up each sector's score."""
    card = brief.scorecard
    if card is None or not card.sectors:
        return None
    language = brief.language
    groups = weightiest(brief)
    shown = [row for row in card.sectors if not data.asked or row.sector in data.asked]
    rows = tuple(
        (
            name_of(row.sector, brief, data),
            log_odds(card.base_value, language),
            *(
                log_odds(row.contributions[g], language) if g in row.contributions else "–"
                for g in groups
            ),
            log_odds(row.score, language),
        )
        for row in sorted(shown, key=lambda row: row.rank)
    )
    header = (
        label("sector", language), label("base", language),
        *(group_name(group, language) for group in groups), f"= {label('sum', language)}",
    )  # fmt: skip
    return Table(word("waterfall", language), header, rows)


def weightiest(brief: Brief) -> list[str]:
    """Return the scoring groups, the largest in total first."""
    totals: dict[str, float] = {}
    for row in brief.scorecard.sectors if brief.scorecard else ():
        for group, value in row.contributions.items():
            totals[group] = totals.get(group, 0.0) + abs(value)
    return sorted(totals, key=lambda group: (-totals[group], group))


def flow_table(brief: Brief, data: ReportData = NO_DATA) -> Table | None:
    """Return net buying by foreigners, by share of trading and by value where it is known."""
    shares = flow_facts(brief, data)
    if not shares:
        return None
    language = brief.language
    values = [fact_of(brief, f"{f.entity}.foreign_net_value.{f.period}") for f in shares]
    valued = any(values)
    rows = []
    for share, value in zip(shares, values, strict=True):
        cells = [name_of(share.entity, brief, data), render_value(share, language)]
        if valued:
            cells.append(render_value(value, language) if value else "–")
        rows.append(tuple(cells))
    header = [label("sector", language), metric_name("foreign_net_ratio", language)]
    header += [metric_name("foreign_net_value", language)] if valued else []
    caption = f"{word('flows', language)}, {window(shares[0].period, language)}"
    return Table(caption, tuple(header), tuple(rows))


def calibration_table(record: Calibration | None) -> Table | None:
    """Return how often calls came true, by how confident they were and in all."""
    known = known_bins(record)
    if record is None or not known:
        return None
    language = record.language
    rows = [_hits(stated(one, language), one.hits, language) for one in known]
    if record.calls is not None:
        rows.append(_hits(word("all_calls", language), record.calls, language))
    keys = ("stated", "came_true", "interval", "base_rate", "calls")
    header = tuple(word(key, language) for key in keys)
    return Table(word("calibration", language), header, tuple(rows))


def _hits(name: str, hits: Hits, language: Language) -> tuple[str, ...]:
    low, high = percent(hits.low, language), percent(hits.high, language)
    count = f"{hits.n:,}"
    return (
        name, percent(hits.rate, language), f"{low} – {high}", percent(hits.base_rate, language),
        count if language == "en" else count.replace(",", "."),
    )  # fmt: skip
