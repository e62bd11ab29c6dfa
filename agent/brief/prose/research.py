"""Answers whose numbers are a table: scenarios, back-tests, data health and issued forecasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.prose.piece import Piece

if TYPE_CHECKING:
    from agent.brief.evidence import Evidence
    from agent.brief.prose.voice import Voice


def scenario(evidence: Evidence, voice: Voice) -> Piece:
    """Answer what a shock would do."""
    return Piece(voice.say("scenario" if evidence.facts else "nothing_known"))


def backtest(evidence: Evidence, voice: Voice) -> Piece:
    """Answer how a strategy would have done."""
    return Piece(voice.say("backtest" if evidence.facts else "nothing_known"))


def health(evidence: Evidence, voice: Voice) -> Piece:
    """Answer how good the data are."""
    return Piece(voice.say("health_gaps" if evidence.request.gaps else "health"))


def track(evidence: Evidence, voice: Voice) -> Piece:
    """Answer what became of issued forecasts."""
    return Piece(voice.say("track" if evidence.facts else "nothing_known"))
