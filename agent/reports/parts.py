"""The parts of a page in their order: the sections of the Markdown, and the charts among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from agent.brief.labels import label
from agent.brief.lexicon import CALLS, window
from agent.brief.slots import render_value
from agent.reports import figures
from agent.reports.grid import fact_of, flow_facts, name_of
from agent.reports.rotating import tail_points
from agent.reports.tables import calibration_table, flow_table, rotation_table, waterfall_table
from agent.reports.words import word
from tools.contracts import MARKET_ENTITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.brief.model import Brief
    from agent.reports.data import ReportData
    from agent.reports.palette import Figure
    from agent.reports.sections import Section
    from agent.reports.tables import Table
    from tools.contracts import Call, SectorScore

HEATMAPS = ("heatmap", "ends")
"""Sections that rotation follows; one that shows only the ends of the market is a table."""
RANKED = (*HEATMAPS, "ranking", "rationale", "comparison")
"""Sections about the sectors; the other charts follow the last of them."""
WORDY = ("risks", "watch", "gaps", "notes")
NARROW = ":narrow"
"""What the name of a figure ends in that is drawn for phones."""
MOST_NAMED = 6
"""Sectors of one call that are named at a glance."""
CALL_ORDER: tuple[Call, ...] = ("outperform", "none", "underperform")


class Chart(NamedTuple):
    """One chart of the page, with the tables that say the same."""

    key: str
    label: str
    """What it shows, for those who do not see it."""
    note: str = ""
    tables: tuple[Table, ...] = ()
    html: str = ""
    """Tables of the Markdown."""
    picks: tuple[tuple[str, str], ...] = ()
    """Code and name of what can be chosen."""

    @property
    def first(self) -> str:
        """The figure that is shown first."""
        return f"{self.key}:{self.picks[0][0]}" if self.picks else self.key


class Part(NamedTuple):
    """One section of the page."""

    id: str
    kind: str
    heading: str
    charts: tuple[Chart, ...] = ()
    html: str = ""


class CallGroup(NamedTuple):
    """The sectors with the same call."""

    call: Call
    name: str
    rows: tuple[tuple[str, str], ...]
    more: str = ""
    """How many are not named."""


class Outlook(NamedTuple):
    """The calls at a glance."""

    heading: str
    note: str
    groups: tuple[CallGroup, ...]


def drawn_parts(
    brief: Brief, data: ReportData, sections: Sequence[Section]
) -> tuple[list[list[Part]], dict[str, Figure]]:
    """Return the rows of the page and the figures they draw, by name."""
    drawn: dict[str, Figure] = {}
    rows = [[_section(at, one, brief, data, drawn)] for at, one in enumerate(sections)]
    kinds = [one.part for one in sections]
    after = max((at + 1 for at, kind in enumerate(kinds) if kind in RANKED), default=0)
    beside = [
        part for part in (_flows(brief, data, drawn), _calibration(data, drawn)) if part is not None
    ]
    moving = _rotation(brief, data, drawn)
    first = max((at + 1 for at, kind in enumerate(kinds) if kind in HEATMAPS), default=0)
    if beside:
        rows.insert(after, beside)
    if moving is not None:
        rows.insert(first, [moving])
    return rows, drawn


def _section(
    at: int, section: Section, brief: Brief, data: ReportData, drawn: dict[str, Figure]
) -> Part:
    chart = None
    if section.part == "heatmap":
        chart = _heatmap(section, brief, data, drawn)
    elif section.part == "rationale":
        chart = _waterfall(section, brief, data, drawn)
    kind = "words" if section.part in WORDY else "full"
    html = section.html if chart is None else section.text if section.part == "rationale" else ""
    # Both were escaped when the Markdown was rendered.
    shown = Markup(html)  # noqa: S704
    return Part(
        f"{section.part or 'part'}-{at}",
        f"{kind} {section.part}".strip(),
        section.heading,
        (chart,) if chart else (),
        shown,
    )


def _heatmap(
    section: Section, brief: Brief, data: ReportData, drawn: dict[str, Figure]
) -> Chart | None:
    wide = figures.heatmap(brief, data)
    narrow = figures.heatmap(brief, data, narrow=True)
    if wide is None or narrow is None:
        return None
    drawn.update({"heatmap": wide, f"heatmap{NARROW}": narrow})
    note = word("heatmap_note" if brief.scorecard else "heatmap_note_moves", brief.language)
    html = Markup(section.html)  # noqa: S704 - escaped when it was rendered
    title = word("heatmap" if brief.scorecard else "heatmap_moves", brief.language)
    return Chart("heatmap", title, note, html=html)


def _waterfall(
    section: Section, brief: Brief, data: ReportData, drawn: dict[str, Figure]
) -> Chart | None:
    table = waterfall_table(brief, data)
    rows = brief.scorecard.sectors if brief.scorecard else ()
    shown = [row for row in rows if not data.asked or row.sector in data.asked]
    if table is None or not shown:
        return None
    language = brief.language
    for row in shown:
        for narrow in (False, True):
            figure = figures.waterfall(brief, row.sector, narrow=narrow)
            if figure is not None:
                drawn[f"waterfall:{row.sector}{NARROW * narrow}"] = figure
    ahead = window(brief.horizon, language, ahead=True)
    return Chart(
        "waterfall",
        f"{word('waterfall', language)}: {name_of(shown[0].sector, brief, data)}",
        word("waterfall_note", language, horizon=ahead),
        (table,),
        Markup(section.tables),  # noqa: S704 - escaped when it was rendered
        tuple((row.sector, name_of(row.sector, brief, data)) for row in shown),
    )


def _rotation(brief: Brief, data: ReportData, drawn: dict[str, Figure]) -> Part | None:
    wide = figures.rotation(data.rotation)
    narrow = figures.rotation(data.rotation, narrow=True)
    table = rotation_table(data.rotation)
    if wide is None or narrow is None or table is None or data.rotation is None:
        return None
    if brief.scorecard is None and brief.intent not in {"brief", "rotation", "explain", "compare"}:
        return None
    drawn.update({"rotation": wide, f"rotation{NARROW}": narrow})
    language = brief.language
    long = tail_points(data.rotation)
    note = word("rotation_note", language, n=long) if long > 1 else word("rotation_still", language)
    heading = word("rotation", language)
    return Part("rotation", "full", heading, (Chart("rotation", heading, note, (table,)),))


def _flows(brief: Brief, data: ReportData, drawn: dict[str, Figure]) -> Part | None:
    wide, narrow = figures.flows(brief, data), figures.flows(brief, data, narrow=True)
    table = flow_table(brief, data)
    if wide is None or narrow is None or table is None or len(table.rows) < 2:
        return None
    drawn.update({"flows": wide, f"flows{NARROW}": narrow})
    language = brief.language
    period = flow_facts(brief, data)[0].period
    note = word("flows_note", language, window=window(period, language))
    heading = word("flows", language)
    return Part("flows", "half", heading, (Chart("flows", heading, note, (table,)),))


def _calibration(data: ReportData, drawn: dict[str, Figure]) -> Part | None:
    record = data.calibration
    figure, table = figures.calibration(record), calibration_table(record)
    if record is None or figure is None or table is None:
        return None
    drawn["calibration"] = figure
    language = record.language
    note = word("calibration_note", language, first=record.first, last=record.last)
    heading = word("calibration", language)
    return Part("calibration", "half", heading, (Chart("calibration", heading, note, (table,)),))


def outlook(brief: Brief, data: ReportData) -> Outlook | None:
    """Return the calls at a glance; None where there is no ranking."""
    card = brief.scorecard
    shown = (
        [row for row in card.sectors if not data.asked or row.sector in data.asked] if card else []
    )
    if not shown:
        return None
    language = brief.language
    groups = []
    for call in CALL_ORDER:
        rows = [row for row in sorted(shown, key=lambda row: row.rank) if row.call == call]
        if rows:
            # The worst are what a reader wants to see of those that are poised to lose.
            named = rows[-MOST_NAMED:] if call == "underperform" else rows[:MOST_NAMED]
            entries = tuple((name_of(r.sector, brief, data), _chance(r, brief)) for r in named)
            left = len(rows) - len(named)
            more = word("more", language, n=left) if left else ""
            groups.append(CallGroup(call, CALLS[language][call][0], entries, more))
    ahead = window(brief.horizon, language, ahead=True)
    # the name in words: a symbol like FF_MARKET is a code of its file
    benchmark = data.names.get(MARKET_ENTITY) or label("benchmark", language)
    return Outlook(
        word("outlook", language, window=ahead),
        word("chances", language, benchmark=benchmark),
        tuple(groups),
    )


def _chance(row: SectorScore, brief: Brief) -> str:
    fact = fact_of(brief, f"{row.sector}.probability.{brief.horizon}")
    return render_value(fact, brief.language) if fact else "–"
