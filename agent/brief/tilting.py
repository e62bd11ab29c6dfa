"""The table of suggested tilts, where a portfolio is asked about; its numbers are facts, made in ``agent.mandate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.evidence import number
from agent.brief.labels import label
from agent.brief.lexicon import CALLS, CONFIDENCE, entity_name
from agent.brief.mandate_texts import MANDATE_TEXTS
from agent.brief.slots import render_value
from agent.brief.tables import table

if TYPE_CHECKING:
    from agent.brief.evidence import Evidence
    from tools.contracts import Fact


def tilting(evidence: Evidence) -> str:
    """Return the section of tilts, largest first; empty where no portfolio is asked about."""
    request, language = evidence.request, evidence.language
    largest, loss = evidence.fact("MARKET", "largest_tilt"), evidence.fact("MARKET", "loss_budget")
    mandate = request.mandate
    if mandate is None or largest is None or loss is None:
        return ""
    words = MANDATE_TEXTS[language]
    tolerance = words[mandate.risk_tolerance]
    heading = f"## {words['within' if mandate.said else 'suggested']}"
    found = sorted(evidence.of_metric("tilt"), key=lambda fact: (-number(fact), fact.id))
    if not found:
        return f"{heading}\n\n{words['none'].format(tolerance=tolerance)}"
    header = [label("sector", language), words["tilt"], label("probability", language)]
    header += [label("confidence", language), label("view", language)]
    note = words["note"].format(
        largest=render_value(largest, language, absolute=True),
        loss=render_value(loss, language, absolute=True),
        tolerance=tolerance,
    )
    rows = [_row(evidence, fact) for fact in found]
    return f"{heading}\n\n{table(header, rows, right=(1, 2))}\n\n{note}"


def _row(evidence: Evidence, tilt: Fact) -> list[str]:
    language, row = evidence.language, evidence.score_of(tilt.entity)
    chance = evidence.fact(tilt.entity, "probability", tilt.period)
    missing = label("missing", language)
    return [
        entity_name(tilt.entity, evidence.request.vocabulary, language) or tilt.entity,
        render_value(tilt, language, fine=True),
        missing if chance is None else render_value(chance, language, fine=True),
        missing if row is None else CONFIDENCE[language][row.confidence],
        missing if row is None else CALLS[language][row.call][0],
    ]
