"""The Markdown heatmap: one row a sector, what happened on the left, what may happen on the right.

Every number has a mark beside it, so that the picture is there without colour: ``▲▲ ▲ · ▼ ▼▼``,
scaled by the typical size over all sectors. Probabilities are compared with an even chance, on a
scale that is always the same.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from agent.brief.evidence import Evidence, number
from agent.brief.labels import label
from agent.brief.lexicon import CALLS, CONFIDENCE, entity_name
from agent.brief.shape import shortened
from agent.brief.slots import render_value
from agent.brief.tables import align, table
from tools.contracts import HORIZONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.brief.model import Language
    from tools.contracts import Fact

MARKS = ("▼▼", "▼", "·", "▲", "▲▲")
EVEN = 0.1
"""Distance from an even chance that counts as far; fixed, so that a faint chance looks faint."""
NEAR = 0.25
FAR = 1.0
"""Parts of a column's typical size below which a cell is near, and above which it is far."""


class Column(NamedTuple):
    """One numeric column: its heading, the centre of its marks, and a fact per sector."""

    heading: str
    centre: float
    facts: tuple[Fact | None, ...]
    typical: float
    """Size that marks are measured in."""


def heatmap(evidence: Evidence) -> str:
    """Return the heatmap of a request, or an empty text where there is nothing to show."""
    codes = shortened(evidence, order(evidence))
    numbers = columns(evidence, codes)
    if not codes or not numbers:
        return ""
    language = evidence.language
    cells = [_cells(column, language) for column in numbers]
    header = [label("sector", language), *(column.heading for column in numbers)]
    rows = [
        [entity_name(code, evidence.request.vocabulary, language) or code, *(c[i] for c in cells)]
        for i, code in enumerate(codes)
    ]
    if evidence.scores:
        header += [label("confidence", language), label("view", language)]
        rows = [[*row, *_view(evidence, code)] for row, code in zip(rows, codes, strict=True)]
    return table(header, rows, right=range(1, 1 + len(numbers)))


def order(evidence: Evidence) -> list[str]:
    """Return the sectors of the heatmap: best score first, else best relative return first."""
    scored = [row.sector for row in evidence.scores if evidence.shows(row.sector)]
    if scored:
        return scored
    ranked = evidence.ranked("rel_return", evidence.window_of("rel_return"))
    return [fact.entity for fact in ranked if evidence.shows(fact.entity)]


def columns(evidence: Evidence, codes: Sequence[str]) -> list[Column]:
    """Return the numeric columns of a heatmap of these sectors, those of which something is known."""
    language = evidence.language
    found = [
        _column(evidence, codes, "rel_return", period, period, 0.0)
        for period in ("1D", "1W", "1M", "3M")
    ]
    if evidence.scores:
        found += [
            _column(evidence, codes, "probability", h, f"{label('chance', language)} {h}", 0.5)
            for h in HORIZONS
        ]
    flow = evidence.window_of("foreign_net_ratio")
    if flow:
        heading = f"{label('foreign', language)} {flow}"
        found.append(_column(evidence, codes, "foreign_net_ratio", flow, heading, 0.0))
    return [column for column in found if any(column.facts)]


def _column(
    evidence: Evidence, codes: Sequence[str], metric: str, period: str, heading: str, centre: float
) -> Column:
    facts = tuple(evidence.fact(code, metric, period) for code in codes)
    known = [number(fact) for fact in evidence.ranked(metric, period)]
    typical = EVEN if centre else sqrt(sum(v * v for v in known) / max(len(known), 1))
    return Column(heading, centre, facts, typical)


def _cells(column: Column, language: Language) -> list[str]:
    return align(
        [
            (label("missing", language), "")
            if fact is None
            else (render_value(fact, language), mark(number(fact) - column.centre, column.typical))
            for fact in column.facts
        ]
    )


def mark(value: float, typical: float) -> str:
    """Return the mark of a value against the typical size of its column."""
    if typical == 0 or abs(value) < NEAR * typical:
        return MARKS[2]
    steps = 2 if abs(value) > FAR * typical else 1
    return MARKS[2 + steps] if value > 0 else MARKS[2 - steps]


def _view(evidence: Evidence, code: str) -> list[str]:
    row = evidence.score_of(code)
    if row is None:
        return ["", ""]
    language = evidence.language
    return [CONFIDENCE[language][row.confidence], CALLS[language][row.call][0]]
