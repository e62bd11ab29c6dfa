"""The deterministic composer: facts in, prose with slots out, the same for the same facts.

It writes for the offline brain, and for every brain whose own prose did not pass the review.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent.brains.base import Draft
from agent.brief.evidence import Evidence
from agent.brief.prose import (
    compare,
    flows,
    macro,
    news,
    premise,
    report,
    research,
    stock,
    talk,
    track,
)
from agent.brief.prose.ellipsis import without_repeats
from agent.brief.prose.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from agent.brains.base import ComposeRequest
    from agent.brief.model import Intent, Language
    from agent.brief.prose.piece import Piece

WRITERS: Mapping[Intent, Callable[[Evidence, Voice], Piece]] = {
    "brief": report.brief,
    "rotation": report.rotation,
    "portfolio": report.portfolio,
    "compare": compare.compare,
    "explain": compare.explain,
    "flow": premise.flow,
    "whale": flows.whale,
    "macro": macro.macro,
    "stock": stock.stock,
    "scenario": research.scenario,
    "backtest": research.backtest,
    "health": research.health,
    "track": track.track,
    "help": talk.help_,
    "smalltalk": talk.smalltalk,
    "out_of_scope": talk.out_of_scope,
    "clarify": talk.clarify,
}
SENTENCE = re.compile(r"(?<=[.!?])\s+")
"""What stands between two sentences."""
TALK: frozenset[Intent] = frozenset({"help", "smalltalk", "out_of_scope", "clarify"})
"""Intents answered without facts."""


REPORTS: frozenset[Intent] = frozenset({"brief", "rotation", "portfolio", "compare", "explain"})
"""Intents about the ranking; the first of a question's speaks for all of them."""


def write(request: ComposeRequest) -> Draft:
    """Write the draft of an answer, all intents of the question in turn, the main one first."""
    evidence = Evidence(request)
    voice = Voice(request.language, seed_of(request), scoped=_scoped(request))
    intents = dict.fromkeys((request.intent, *request.intents))
    if request.intent in TALK:
        intents = {request.intent: None}
    report = next((intent for intent in intents if intent in REPORTS), None)
    told = [intent for intent in intents if intent not in REPORTS or intent == report]
    if news.only_news(request):
        told, report = [], None
    pieces = [WRITERS[intent](evidence, voice) for intent in told]
    if news.asked_for_news(request):
        pieces.append(news.news(evidence, voice))
    whole = pieces[0]
    for piece in pieces[1:]:
        whole = whole.joined(piece)
    if report is not None:
        whole = whole.with_paragraph(compare.since(evidence, voice), first=False)
    return _once(whole, request.language)


def _scoped(request: ComposeRequest) -> bool:
    """Whether only the sectors of a mandate are known to the prose."""
    return request.mandate is not None and bool(request.mandate.sectors)


def seed_of(request: ComposeRequest) -> str:
    """Return what the wording of an answer hangs on: the question, the market and the day.

    A request without a question is written in the first wording of every sentence.
    """
    if not request.question:
        return ""
    return f"{request.question}|{request.market.id}|{request.market.as_of}"


def _once(piece: Piece, language: Language) -> Draft:
    """Return the draft of a piece in which no sentence stands twice, and no paragraph repeats its window."""
    told = {piece.headline}
    parts: list[tuple[str, ...]] = []
    for texts in (piece.paragraphs, piece.risks, piece.watch):
        fresh = (" ".join(without_repeats(_unsaid(text, told), language)) for text in texts)
        parts.append(tuple(text for text in fresh if text))
    paragraphs, risks, watch = parts
    return Draft(headline=piece.headline, paragraphs=paragraphs, risks=risks, watch=watch)


def _unsaid(text: str, told: set[str]) -> list[str]:
    """Return the sentences of a text that were not told before, and count them as told."""
    found = [one for one in dict.fromkeys(SENTENCE.split(text)) if one not in told]
    told.update(found)
    return found
