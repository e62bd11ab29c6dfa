"""What needs no numbers: help, small talk, what is out of scope, and a question back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent.brief.prose.piece import Piece

if TYPE_CHECKING:
    from agent.brief.evidence import Evidence
    from agent.brief.prose.voice import Voice

THANKS = re.compile(r"\b(thanks?|thank you|cheers|cảm ơn|cám ơn|cam on|tks)\b", re.IGNORECASE)
PARTING = re.compile(r"\b(bye|goodbye|see you|tạm biệt|tam biet|hẹn gặp)\b", re.IGNORECASE)


def help_(evidence: Evidence, voice: Voice) -> Piece:
    """Say what can be asked."""
    vocabulary = evidence.request.vocabulary
    lines = [voice.say("help_sectors"), voice.say("help_macro")]
    if vocabulary.has_flows:
        lines.append(voice.say("help_flows"))
    if vocabulary.has_shares:
        lines.append(voice.say("help_shares"))
    lines.append(voice.say("help_more"))
    return Piece(voice.say("help"), (" ".join(lines), voice.say("help_ground")))


def smalltalk(evidence: Evidence, voice: Voice) -> Piece:
    """Answer a greeting, thanks or a parting in kind."""
    question = evidence.request.question
    if THANKS.search(question):
        return Piece(voice.say("thanks"))
    if PARTING.search(question):
        return Piece(voice.say("parting"))
    return Piece(voice.say("hello"))


def out_of_scope(evidence: Evidence, voice: Voice) -> Piece:
    """Say what this is for, or what the data lack, without an answer to what it is not for."""
    lacking = evidence.request.clarification
    if lacking is not None:
        return Piece(lacking.question)
    return Piece(voice.say("out_of_scope"), (voice.say("out_of_scope_instead"),))


def clarify(evidence: Evidence, voice: Voice) -> Piece:
    """Ask back."""
    asked = evidence.request.clarification
    return Piece(asked.question if asked is not None else voice.say("clarify"))
