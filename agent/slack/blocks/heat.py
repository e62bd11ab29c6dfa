"""The heatmap, the ranking and its reasons, from the facts of a brief."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from agent.brief.evidence import number
from agent.brief.heatmap import MARKS, columns, mark, order
from agent.brief.labels import label
from agent.brief.lexicon import CONFIDENCE, TIGHT_CALLS, entity_name, group_name
from agent.brief.rationale import ENDS
from agent.brief.shape import shortened
from agent.brief.slots import render_value
from agent.slack.blocks.parts import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agent.brief.evidence import Evidence
    from agent.brief.heatmap import Column
    from agent.brief.model import Language
    from tools.contracts import SectorScore

HEAT = dict(zip(("", *MARKS), ("", "🟧", "🔸", "", "🔹", "🟦"), strict=True))
"""Mark → its colour: orange below, blue above, which colour-blind readers can tell apart."""
TOLD_WEIGHTS = 3


def name_of(evidence: Evidence, code: str) -> str:
    """Return what a sector is called."""
    return entity_name(code, evidence.request.vocabulary, evidence.language) or code


def heat_grid(evidence: Evidence, *, coloured: bool = True) -> Grid | None:
    """Return the heatmap as a table; None where there is nothing to show.

    The view stands beside the name, so that a narrow window shows both. Where it is not coloured by
    emoji, which have no place in a line of monospace, it has the marks of the Markdown.
    """
    codes = shortened(evidence, order(evidence))
    numbers = columns(evidence, codes)
    if not codes or not numbers:
        return None
    language, scored = evidence.language, bool(evidence.scores)
    view = [label("view", language)] if scored else []
    draw = _coloured if coloured else _marked
    shown = [draw(column, language) for column in numbers]
    rows = [
        (
            name_of(evidence, code),
            *([_view(evidence.score_of(code), evidence)] if scored else []),
            *(cells[at] for cells in shown),
        )
        for at, code in enumerate(codes)
    ]
    header = (label("sector", language), *view, *(column.heading for column in numbers))
    return Grid(header, tuple(rows), frozenset(range(1 + len(view), len(header))))


def _view(row: SectorScore | None, evidence: Evidence) -> str:
    language = evidence.language
    if row is None:
        return label("missing", language)
    return f"{TIGHT_CALLS[language][row.call]} ({CONFIDENCE[language][row.confidence]})"


def _coloured(column: Column, language: Language) -> list[str]:
    """Return the numbers of a column behind their colours, so that they line up at the right."""
    return [f"{HEAT[sign]} {text}".strip() for text, sign in _drawn(column, language)]


def _marked(column: Column, language: Language) -> list[str]:
    return [f"{sign} {text}".strip() for text, sign in _drawn(column, language)]


def _drawn(column: Column, language: Language) -> Iterator[tuple[str, str]]:
    """Yield each number of a column with its mark; where there is none, the dash has none either."""
    for fact in column.facts:
        if fact is None:
            yield label("missing", language), ""
        else:
            yield render_value(fact, language), mark(number(fact) - column.centre, column.typical)


def ranking_grid(evidence: Evidence) -> Grid | None:
    """Return the ranking as a table; None where there is no scorecard."""
    rows = [row for row in evidence.scores if evidence.shows(row.sector)]
    if not rows:
        return None
    language = evidence.language
    keys = ("rank", "sector", "score", "probability", "expected", "interval")
    header = [label(key, language) for key in keys]
    header[-1] += " 10–90%"
    return Grid(
        tuple(header),
        tuple(
            (
                f"{row.rank}.",
                name_of(evidence, row.sector),
                *(_ahead(evidence, row, metric) for metric in ("score", "probability", "expected")),
                f"{_ahead(evidence, row, 'low')} {label('to', language)} "
                f"{_ahead(evidence, row, 'high')}",
            )
            for row in rows
        ),
        frozenset((0, 2, 3, 4, 5)),
    )


def _ahead(evidence: Evidence, row: SectorScore, metric: str) -> str:
    fact = evidence.fact(row.sector, metric, _horizon(evidence))
    if fact is None:
        return label("missing", evidence.language)
    return render_value(fact, evidence.language, fine=True)


class Reason(NamedTuple):
    """Why a sector ranks where it does."""

    name: str
    text: str
    """Its score and the weights that count most."""


def reasons(evidence: Evidence) -> Iterator[Reason]:
    """Yield for each sector that matters its score with its largest weights."""
    language, horizon = evidence.language, _horizon(evidence)
    for code in _told(evidence):
        weights = [
            f"{group_name(fact.metric.partition('.')[2], language)} "
            f"{render_value(fact, language, fine=True)}"
            for fact in evidence.contributions(code, horizon)[:TOLD_WEIGHTS]
        ]
        score = evidence.fact(code, "score", horizon)
        if score is not None and weights:
            shown = render_value(score, language, fine=True)
            yield Reason(name_of(evidence, code), f"{shown}: {', '.join(weights)}")


def _told(evidence: Evidence) -> list[str]:
    """Return the sectors asked about, else the ends of the ranking."""
    rows = [row.sector for row in evidence.scores]
    asked = [code for code in evidence.asked if code in rows]
    both = rows if len(rows) <= 2 * ENDS else [*rows[:ENDS], *rows[-ENDS:]]
    return asked or both


def _horizon(evidence: Evidence) -> str:
    card = evidence.request.scorecard
    return card.horizon if card is not None else evidence.request.horizon


def spoken_ends(evidence: Evidence) -> tuple[str, str] | None:
    """Return the names of the first and the last sector of the ranking, where there are two."""
    rows = [row.sector for row in evidence.scores if evidence.shows(row.sector)]
    if len(rows) < 2:
        return None
    return name_of(evidence, rows[0]), name_of(evidence, rows[-1])
