"""Answers whose numbers are a table: scenarios, back-tests, data health and issued forecasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.evidence import number
from agent.brief.prose.piece import Piece
from agent.brief.prose.voice import name, signed

if TYPE_CHECKING:
    from agent.brief.evidence import Evidence
    from agent.brief.prose.voice import Voice

CLEAR = 2.0
"""Standard errors beyond which an estimate is called distinct from zero."""


def scenario(evidence: Evidence, voice: Voice) -> Piece:
    """Answer what a shock would do, and how much of that is noise."""
    ranked = evidence.ranked("scenario_return", None, evidence.asked or None)
    if not ranked:
        return Piece(voice.say("nothing_known"))
    if evidence.asked or len(ranked) == 1:
        lines = [line for fact in ranked for line in _asked(fact.entity, evidence, voice)]
        return Piece.of(lines[0], lines[1:], [_distinct(evidence, voice)])
    best, worst = ranked[0], ranked[-1]
    opening = voice.say(
        "scenario_head",
        best=name(best.entity),
        best_value=signed(best),
        worst=name(worst.entity),
        worst_value=signed(worst),
    )
    return Piece.of(opening, [_distinct(evidence, voice)])


def _asked(sector: str, evidence: Evidence, voice: Voice) -> list[str]:
    sentences = []
    for key, metric in (("scenario_asked", "scenario"), ("scenario_total", "scenario_total")):
        value = evidence.fact(sector, f"{metric}_return")
        error = evidence.fact(sector, f"{metric}_error")
        if value is not None and error is not None:
            sentences.append(
                voice.say(key, name=name(sector), value=signed(value), error=signed(error))
            )
    return sentences


def _distinct(evidence: Evidence, voice: Voice) -> str:
    """Name the sectors whose estimate is larger than twice its standard error."""
    clear = []
    for fact in evidence.ranked("scenario_return", None):
        error = evidence.value(fact.entity, "scenario_error")
        if error is not None and abs(number(fact)) > CLEAR * error:
            clear.append(name(fact.entity))
    if not clear:
        return voice.say("scenario_doubt")
    key = "scenario_clear" if len(clear) > 1 else "scenario_clear_one"
    return voice.say(key, names=voice.joined(clear))


def backtest(evidence: Evidence, voice: Voice) -> Piece:
    """Answer how a strategy would have done."""
    return Piece(voice.say("backtest" if evidence.facts else "nothing_known"))


def health(evidence: Evidence, voice: Voice) -> Piece:
    """Answer how good the data are."""
    return Piece(voice.say("health_gaps" if evidence.request.gaps else "health"))


def track(evidence: Evidence, voice: Voice) -> Piece:
    """Answer what became of issued forecasts."""
    return Piece(voice.say("track" if evidence.facts else "nothing_known"))
