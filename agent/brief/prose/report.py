"""The full brief: headline, what moved, what the scorecard favours, what disagrees, risks and what to watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.evidence import number
from agent.brief.prose import caution, moves, outlook, tensions
from agent.brief.prose.piece import Piece
from agent.brief.prose.voice import name, sign_key, signed, size

if TYPE_CHECKING:
    from agent.brief.evidence import Evidence
    from agent.brief.prose.voice import Voice


def brief(evidence: Evidence, voice: Voice) -> Piece:
    """Write the whole brief."""
    moved = [
        *moves.market_move(evidence, voice),
        *moves.extremes(evidence, voice),
        *moves.runner_up(evidence, voice),
    ]
    opening = headline(evidence, voice)
    favoured = outlook.favours(evidence, voice)
    if opening in favoured:
        favoured.remove(opening)
    return Piece.of(
        opening,
        moved,
        favoured,
        [*tensions.disagreements(evidence, voice)],
        risks=caution.risks(evidence, voice),
        watch=caution.watch(evidence, voice),
    )


def rotation(evidence: Evidence, voice: Voice) -> Piece:
    """Write the brief with the rotation quadrants in front."""
    piece = brief(evidence, voice)
    where = moves.quadrants(evidence, voice)
    return piece.with_paragraph(where, first=False)


def headline(evidence: Evidence, voice: Voice) -> str:
    """Return the one thing to know: a call if there is one, beside what has moved."""
    window = evidence.window_of("rel_return")
    ranked = evidence.ranked("rel_return", window)
    gain = next((row for row in evidence.scores if row.call == "outperform"), None)
    lose = next((row for row in reversed(evidence.scores) if row.call == "underperform"), None)
    row = gain or lose
    if row is None:
        return _without_call(evidence, voice)
    chance = evidence.fact(row.sector, "probability", _horizon(evidence))
    moved = evidence.fact(row.sector, "rel_return", window)
    if chance is None:
        return _without_call(evidence, voice)
    parts = {
        "name": name(row.sector),
        "probability": signed(chance),
        "horizon": voice.ahead(_horizon(evidence)),
    }
    if moved is None or not ranked:
        return voice.say(f"headline_{row.call}", **parts)
    key = f"headline_{row.call}_{sign_key(number(moved))}"
    return voice.say(key, size=size(moved), window=voice.window(window), **parts)


def _without_call(evidence: Evidence, voice: Voice) -> str:
    ranked = evidence.ranked("rel_return", evidence.window_of("rel_return"))
    if not ranked:
        return voice.say("no_call_bare") if evidence.scores else voice.say("nothing_known")
    best = ranked[0]
    key = "headline_none_" if evidence.scores else "headline_moved_"
    return voice.say(
        key + sign_key(number(best)),
        name=name(best.entity),
        size=size(best),
        window=voice.window(best.period),
        horizon=voice.ahead(_horizon(evidence)),
    )


def _horizon(evidence: Evidence) -> str:
    card = evidence.request.scorecard
    return card.horizon if card is not None else evidence.request.horizon
