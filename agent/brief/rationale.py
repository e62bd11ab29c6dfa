"""Why a sector ranks where it does: weights that add up to its score, and what would flip it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.evidence import Evidence, number
from agent.brief.labels import label
from agent.brief.lexicon import entity_name, group_name
from agent.brief.prose.outlook import flip
from agent.brief.prose.voice import Voice
from agent.brief.slots import fill, render_value
from agent.brief.tables import table
from tools.contracts import MARKET_ENTITY

if TYPE_CHECKING:
    from tools.contracts import Fact

ENDS = 2


def rationale(evidence: Evidence) -> str:
    """Return a weights table of the sectors that matter, then what would flip them."""
    codes = _told(evidence)
    groups = _groups(evidence, codes)
    if not codes or not groups:
        return ""
    language, vocabulary = evidence.language, evidence.request.vocabulary
    header = [label("group", language), *(entity_name(c, vocabulary, language) or c for c in codes)]
    rows = [[label("base", language), *(_shown(_base(evidence), evidence) for _ in codes)]]
    for group in groups:
        facts = [evidence.fact(code, f"contribution.{group}", _horizon(evidence)) for code in codes]
        rows.append([group_name(group, language), *(_shown(fact, evidence) for fact in facts)])
    scores = [evidence.fact(code, "score", _horizon(evidence)) for code in codes]
    rows.append([f"= {label('sum', language)}", *(_shown(fact, evidence) for fact in scores)])
    weights = table(header, rows, right=range(1, 1 + len(codes)))
    return "\n".join((weights, "", label("rationale_note", language), "", *_flips(evidence, codes)))


def _told(evidence: Evidence) -> list[str]:
    """Return the sectors asked about, else the ends of the ranking."""
    rows = [row.sector for row in evidence.scores]
    asked = [code for code in evidence.asked if code in rows]
    if asked:
        return asked
    return rows if len(rows) <= 2 * ENDS else [*rows[:ENDS], *rows[-ENDS:]]


def _groups(evidence: Evidence, codes: list[str]) -> list[str]:
    """Return every group with a weight in one of the sectors, the largest in total first."""
    totals: dict[str, float] = {}
    for code in codes:
        for fact in evidence.contributions(code, _horizon(evidence)):
            group = fact.metric.partition(".")[2]
            totals[group] = totals.get(group, 0.0) + abs(number(fact))
    return sorted(totals, key=lambda group: (-totals[group], group))


def _flips(evidence: Evidence, codes: list[str]) -> list[str]:
    """Return a line for each sector whose call can flip, and one for all of the others."""
    language, vocabulary = evidence.language, evidence.request.vocabulary
    lines, firm = [], []
    for code in codes:
        name = entity_name(code, vocabulary, language) or code
        sentences = flip(evidence, Voice(language), code)
        if sentences:
            lines.append(f"- {fill(' '.join(sentences), evidence.facts, vocabulary, language)}")
        else:
            firm.append(name)
    if firm:
        lines.append(f"- {label('no_flip', language)} {', '.join(firm)}.")
    return lines


def _base(evidence: Evidence) -> Fact | None:
    return evidence.fact(MARKET_ENTITY, "base_value", _horizon(evidence))


def _shown(fact: Fact | None, evidence: Evidence) -> str:
    if fact is None:
        return label("missing", evidence.language)
    return render_value(fact, evidence.language, fine=True)


def _horizon(evidence: Evidence) -> str:
    card = evidence.request.scorecard
    return card.horizon if card is not None else evidence.request.horizon
