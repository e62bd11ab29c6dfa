"""The ranking with its intervals, and the ranking then and now where two dates are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.evidence import Evidence, number
from agent.brief.labels import label
from agent.brief.lexicon import entity_name, group_name
from agent.brief.slots import render_value
from agent.brief.tables import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.brief.model import Language
    from tools.contracts import Fact, SectorScore

TOLD_CHANGES = 2


def ranking(evidence: Evidence) -> str:
    """Return the ranking as a table, or an empty text where there is no scorecard."""
    if not evidence.scores:
        return ""
    language = evidence.language
    header = [
        label(key, language)
        for key in ("rank", "sector", "score", "probability", "expected", "interval")
    ]
    header[-1] += " 10–90%"
    rows = [_row(evidence, row) for row in evidence.scores if evidence.shows(row.sector)]
    return table(header, rows, right=(0, 2, 3, 4, 5))


def _row(evidence: Evidence, row: SectorScore) -> list[str]:
    language, horizon = evidence.language, _horizon(evidence)

    def shown(metric: str) -> str:
        fact = evidence.fact(row.sector, metric, horizon)
        return (
            label("missing", language) if fact is None else render_value(fact, language, fine=True)
        )

    return [
        f"{row.rank}.",
        entity_name(row.sector, evidence.request.vocabulary, language) or row.sector,
        shown("score"),
        shown("probability"),
        shown("expected"),
        f"{shown('low')} {label('to', language)} {shown('high')}",
    ]


def comparison(evidence: Evidence) -> str:
    """Return rank and probability then and now, and the weights that moved most."""
    earlier = evidence.request.comparison
    if earlier is None or earlier.scorecard is None or not evidence.scores:
        return ""
    language, horizon = evidence.language, _horizon(evidence)
    then, now = label("then", language), label("now", language)
    chance, rank = label("probability", language), label("rank", language)
    header = [
        label("sector", language), f"{rank} {then}", f"{rank} {now}", f"{chance} {then}",
        f"{chance} {now}", label("moved_most", language),
    ]  # fmt: skip
    rows = []
    for row in evidence.scores:
        if not evidence.shows(row.sector):
            continue
        cells = [entity_name(row.sector, evidence.request.vocabulary, language) or row.sector]
        for metric in ("rank", "probability"):
            for facts in (earlier.facts, evidence.facts):
                fact = facts.get(f"{row.sector}.{metric}.{horizon}")
                cells.append(_plain(fact, language))
        cells.append(_moved(row.sector, horizon, earlier.facts, evidence))
        rows.append(cells)
    days = (earlier.market.as_of.isoformat(), evidence.request.market.as_of.isoformat())
    lead = f"{then}: {days[0]} · {now}: {days[1]}"
    return f"{lead}\n\n{table(header, rows, right=(1, 2, 3, 4))}"


def _plain(fact: Fact | None, language: Language) -> str:
    if fact is None:
        return label("missing", language)
    if fact.unit == "rank":
        return f"{round(number(fact))}."
    return render_value(fact, language, fine=True)


def _moved(sector: str, horizon: str, earlier: Mapping[str, Fact], evidence: Evidence) -> str:
    """Return the weights that differ most between the two dates, each as it was and as it is."""
    language = evidence.language
    moves = []
    for fact in evidence.contributions(sector, horizon):
        before = earlier.get(fact.id)
        if before is not None:
            moves.append((-abs(number(fact) - number(before)), fact.id, before, fact))
    moves.sort(key=lambda item: item[:2])
    parts = [
        f"{group_name(fact.metric.partition('.')[2], language)} "
        f"{render_value(before, language, fine=True)} → {render_value(fact, language, fine=True)}"
        for change, _, before, fact in moves[:TOLD_CHANGES]
        if change
    ]
    return ", ".join(parts) or label("missing", language)


def _horizon(evidence: Evidence) -> str:
    card = evidence.request.scorecard
    return card.horizon if card is not None else evidence.request.horizon
