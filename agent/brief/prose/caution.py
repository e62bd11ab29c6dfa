"""What could go wrong, and what to watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.evidence import number
from agent.brief.prose.outlook import best_call, flip, horizon_of, interval, worst_call
from agent.brief.prose.track import beats_base, record
from agent.brief.prose.voice import name, sign_key, size
from tools.contracts import HORIZONS

if TYPE_CHECKING:
    from agent.brief.evidence import Evidence
    from agent.brief.prose.voice import Voice
    from tools.contracts import Fact

MOST_WATCHED = 3
MOST_OF_ASKED = 2
"""Risks that an answer about some sectors names."""
NEAR = 3.0
"""Standard deviations beyond which a move that would flip a call is nothing to watch for."""


def risks(evidence: Evidence, voice: Voice) -> list[str]:
    """Return what could go wrong, the model's own limits first."""
    found = [*record(evidence, voice)]
    if evidence.scores:
        told = best_call(evidence) or worst_call(evidence) or evidence.scores[0]
        found += interval(evidence, voice, (evidence.asked or (told.sector,))[0])
        found += _confidence(evidence, voice)
    if evidence.asked:
        return found[:MOST_OF_ASKED]
    return [*found, *_stress(evidence, voice, "volatility"), *_stress(evidence, voice, "drawdown")]


def watch(evidence: Evidence, voice: Voice, *, flips: bool = True) -> list[str]:
    """Return what to watch: the flip points of the sectors that matter, unless a table has them, then macro."""
    rows = list(evidence.asked) if flips else []
    if evidence.scores and flips and not rows:
        rows = [evidence.scores[0].sector, evidence.scores[-1].sector]
    found = [
        sentence
        for code in dict.fromkeys(rows)
        if (evidence.value(code, "flip_sd", horizon_of(evidence)) or 0.0) <= NEAR
        for sentence in flip(evidence, voice, code, key="watch_flip")
    ]
    found += [s for fact in _surprises(evidence) for s in [surprise(fact, voice)]]
    return found[:MOST_WATCHED]


def _confidence(evidence: Evidence, voice: Voice) -> list[str]:
    """Say that every call has a low confidence, or what a high one means beside a record that has not earned it."""
    calls = [row for row in evidence.scores if row.call != "none"]
    if calls and all(row.confidence == "low" for row in calls):
        return [voice.say("confidence_low")]
    shown = [row for row in calls if not evidence.asked or row.sector in evidence.asked]
    if beats_base(evidence) is False and any(row.confidence == "high" for row in shown):
        return [voice.say("confidence_high")]
    return []


def _stress(evidence: Evidence, voice: Voice, metric: str) -> list[str]:
    """Name the most volatile sector, or the one deepest below its peak."""
    for period in ("3M", "1M", "12M"):
        ranked = evidence.ranked(metric, period)
        if len(ranked) < 2:
            continue
        fact = ranked[0] if metric == "volatility" else ranked[-1]
        if any(
            evidence.value(fact.entity, "flip_from", horizon) == number(fact)
            for horizon in HORIZONS
        ):
            return _stress_of(evidence, voice, metric, period, fact.entity)
        if metric == "drawdown" and number(fact) > -0.05:
            return []
        return [
            voice.say(metric, name=name(fact.entity), value=size(fact), window=voice.window(period))
        ]
    return []


def _stress_of(
    evidence: Evidence, voice: Voice, metric: str, period: str, sector: str = ""
) -> list[str]:
    """Return how volatile a sector, or each of those asked about, has been, without ranking it."""
    found = [
        evidence.fact(code, metric, period) for code in ([sector] if sector else evidence.asked)
    ]
    return [
        voice.say(
            f"{metric}_plain", name=name(f.entity), value=size(f), window=voice.window(period)
        )
        for f in found
        if f is not None
    ]


def _surprises(evidence: Evidence) -> list[Fact]:
    found = [f for f in evidence.of_metric("surprise") if abs(number(f)) >= 1]
    return sorted(found, key=lambda f: (-abs(number(f)), f.id))[:1]


def surprise(fact: Fact, voice: Voice) -> str:
    """Return a sentence on a macro release that came out far from its habit."""
    return voice.say(f"surprise_{sign_key(number(fact))}", name=name(fact.entity), size=size(fact))
