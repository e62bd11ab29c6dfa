"""What is said rather than traded: the tone of the news, and other signals of the sectors asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.prose import moves
from agent.brief.prose.piece import Piece
from agent.brief.prose.voice import name, signed

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest
    from agent.brief.evidence import Evidence
    from agent.brief.prose.voice import Voice
    from tools.contracts import Fact

NEWS_TOOL = "get_news_sentiment"
TONE, MEAN, CHANGE = "sentiment", "sentiment_mean", "_change"


def asked_for_news(request: ComposeRequest) -> bool:
    """Whether the plan looked up the tone of the news, of the market or of a sector asked about."""
    return any(call.tool == NEWS_TOOL for call in request.plan) and (
        not request.sectors or bool(_looked_up(request))
    )


def _looked_up(request: ComposeRequest) -> tuple[str, ...]:
    """Return the sectors asked about whose news the plan looked up, by themselves or with the whole market's."""
    codes = {sector.code for sector in request.vocabulary.sectors}
    named = {call.arguments.get("sector") for call in request.plan if call.tool == NEWS_TOOL}
    return tuple(code for code in request.sectors if code in named or not named <= codes)


def only_news(request: ComposeRequest) -> bool:
    """Whether it looked up nothing else."""
    return asked_for_news(request) and all(call.tool == NEWS_TOOL for call in request.plan)


def news(evidence: Evidence, voice: Voice) -> Piece:
    """Answer what the tone of the news is, of the sectors asked about or at both ends of the market."""
    asked = [code for code in _looked_up(evidence.request) if code in evidence.asked]
    if TONE not in evidence.request.vocabulary.signals:
        others = [line for code in asked for line in _signals(code, evidence, voice)]
        return Piece.of(voice.say("no_news_market"), others)
    if asked:
        pieces = [_sector(code, evidence, voice) for code in asked]
        whole = pieces[0]
        for piece in pieces[1:]:
            whole = whole.joined(piece)
        return whole
    window = evidence.window_of(MEAN)
    ranked = evidence.ranked(MEAN, window)
    if len(ranked) < 2:
        return Piece(voice.say("no_news"))
    best, worst = ranked[0], ranked[-1]
    opening = voice.say(
        "news_ends",
        best=name(best.entity),
        tone=signed(best),
        worst=name(worst.entity),
        other=signed(worst),
        window=voice.window(window),
    )
    return Piece.of(opening, _prices((best.entity, worst.entity), evidence, voice, window))


def _sector(code: str, evidence: Evidence, voice: Voice) -> Piece:
    window = evidence.window_of(MEAN)
    now, mean = evidence.fact(code, TONE), evidence.fact(code, MEAN, window)
    if now is None:
        return Piece.of(voice.say("no_news_of", name=name(code)), _signals(code, evidence, voice))
    opening = voice.say(
        "news_of" if mean is not None else "news_of_bare",
        name=name(code),
        now=signed(now),
        mean="" if mean is None else signed(mean),
        window=voice.window(window),
    )
    return Piece.of(
        opening, _prices((code,), evidence, voice, window), _signals(code, evidence, voice)
    )


def _prices(
    codes: tuple[str, ...], evidence: Evidence, voice: Voice, window: str | None
) -> list[str]:
    """Return what prices did meanwhile."""
    facts = [evidence.fact(code, "rel_return", window) for code in codes]
    return [moves.relative(fact, voice) for fact in facts if fact is not None]


def _signals(code: str, evidence: Evidence, voice: Voice) -> list[str]:
    """Return a sentence on each other signal of a sector."""
    names = [s for s in evidence.request.vocabulary.signals if s != TONE]
    lines = []
    for signal in names:
        level = evidence.fact(code, signal)
        if level is not None:
            lines.append(_signal(level, _change_of(level, evidence), voice))
    return lines


def _change_of(level: Fact, evidence: Evidence) -> Fact | None:
    metric = level.metric + CHANGE
    return evidence.fact(level.entity, metric, evidence.window_of(metric))


def _signal(level: Fact, change: Fact | None, voice: Voice) -> str:
    return voice.say(
        "signal_of" if change is None else "signal_changed",
        name=name(level.entity),
        signal=voice.metric(level.metric),
        value=signed(level),
        change="" if change is None else signed(change),
        window="" if change is None else voice.window(change.period),
    )
