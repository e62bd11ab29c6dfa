"""The signal card's tables: the record by horizon, and by how confident the calls were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.labels import label
from agent.brief.lexicon_record import THIRDS
from agent.brief.slots import render_value
from agent.brief.tables import table
from tools.contracts import HORIZONS, MARKET_ENTITY
from tools.scoring.record_facts import BINS

if TYPE_CHECKING:
    from agent.brief.evidence import Evidence
    from tools.contracts import Fact

ROWS = (
    "hit_rate",
    "base_rate",
    "stated_rate",
    "call_share",
    "mean_ic",
    "baseline_gap",
    "interval_held",
)
"""Measures of the table by horizon; one that no horizon has is left out."""


def record_table(evidence: Evidence) -> str:
    """Return the record as tables; empty where there is none."""
    parts = [text for text in (_by_horizon(evidence), _by_confidence(evidence)) if text]
    if parts:
        parts.append(label("card_note", evidence.language))
    return "\n\n".join(parts)


def _by_horizon(evidence: Evidence) -> str:
    language = evidence.language
    horizons = [h for h in HORIZONS if evidence.fact(MARKET_ENTITY, "mean_ic", h) is not None]
    rows = []
    for metric in ROWS:
        cells = [_with_ends(evidence, metric, horizon) for horizon in horizons]
        if any(cells):
            missing = label("missing", language)
            rows.append(
                [_capital(label(f"card_{metric}", language)), *(cell or missing for cell in cells)]
            )
    if not rows:
        return ""
    return table([label("measure", language), *horizons], rows, right=range(1, 1 + len(horizons)))


def _by_confidence(evidence: Evidence) -> str:
    """Return the record of the thirds of the calls of the asked horizon, the most confident first."""
    language, horizon = evidence.language, _horizon(evidence)
    names = ("stated_rate", "hit_rate", "base_rate", "calls")
    rows = []
    for third in reversed(BINS):
        if evidence.fact(MARKET_ENTITY, f"hit_rate_{third}", horizon) is None:
            continue
        cells = [_with_ends(evidence, f"{name}_{third}", horizon) for name in names]
        missing = label("missing", language)
        rows.append([_capital(THIRDS[language][third]), *(cell or missing for cell in cells)])
    if not rows:
        return ""
    header = [f"{label('calls', language)} {horizon}"]
    header += [label(f"card_{name}", language) for name in names]
    return table(header, rows, right=range(1, 1 + len(names)))


def _with_ends(evidence: Evidence, metric: str, horizon: str) -> str:
    """Return a measure with its interval, where it has one."""
    language = evidence.language
    fact = evidence.fact(MARKET_ENTITY, metric, horizon)
    if fact is None:
        return ""
    ends = [evidence.fact(MARKET_ENTITY, f"{metric}_{end}", horizon) for end in ("low", "high")]
    shown = _shown(fact, evidence)
    low, high = ends
    if low is None or high is None:
        return shown
    return f"{shown} ({_shown(low, evidence)} {label('to', language)} {_shown(high, evidence)})"


def _shown(fact: Fact, evidence: Evidence) -> str:
    return render_value(fact, evidence.language)


def _horizon(evidence: Evidence) -> str:
    card = evidence.request.scorecard
    return card.horizon if card is not None else evidence.request.horizon


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
