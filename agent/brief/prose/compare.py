"""Sectors side by side, and why one ranks where it does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent.brief.evidence import number
from agent.brief.prose import caution, moves, outlook, premise, report, tensions, track
from agent.brief.prose.piece import Piece
from agent.brief.prose.voice import name, signed
from agent.brief.slots import THEN, THEN_DATE

if TYPE_CHECKING:
    from collections.abc import Collection

    from agent.brief.evidence import Evidence
    from agent.brief.prose.voice import Voice
    from tools.contracts import Fact, SectorScore

CHANGE_OF_MIND = re.compile(
    r"\bchange (?:your|its|the) (?:mind|call|view)|\bflip\b|\bđổi ý|đổi (?:được )?(?:nhận định|quan điểm)",
    re.IGNORECASE,
)
"""How a question asks what would change a call."""
MOST_MOVED = 2
"""Sectors whose way through the ranking is told; the table shows all of them."""


def compare(evidence: Evidence, voice: Voice) -> Piece:
    """Answer which of the sectors asked about is ahead, and what the scorecard makes of them."""
    if len(evidence.asked) < 2:
        return report.brief(evidence, voice)
    ranked = evidence.ranked("rel_return", evidence.window_of("rel_return"), evidence.asked)
    if len(ranked) < 2:
        return Piece.of(voice.say("nothing_known"), _chances(evidence, voice))
    ahead = [] if _is_of_the_past(evidence.request.question) else _by_chance(evidence)
    opening = _side_by_side(ranked[0], ranked[-1], ahead, evidence, voice)
    apart = bool(ahead) and number(ranked[0]) > number(ranked[-1])
    told = {ahead[0].entity, ahead[-1].entity} if apart else set()
    between = [moves.relative(fact, voice) for fact in ranked[1:-1]]
    return Piece.of(
        opening,
        between,
        _chances(evidence, voice, told),
        tensions.disagreements(evidence, voice),
        risks=caution.risks(evidence, voice),
        watch=caution.watch(evidence, voice, flips=False),
    )


def _is_of_the_past(question: str) -> bool:
    """Whether a question asks only how sectors have done."""
    return moves.GONE.search(question) is not None and moves.TO_COME.search(question) is None


def _by_chance(evidence: Evidence) -> list[Fact]:
    """Return the chances of the sectors asked about, largest first; nothing where no call is made."""
    rows = [row for row in evidence.scores if row.sector in evidence.asked]
    if len(rows) < 2 or all(row.call == "none" for row in rows):
        return []
    horizon = outlook.horizon_of(evidence)
    return evidence.ranked("probability", horizon, [row.sector for row in rows])


def _side_by_side(
    best: Fact, last: Fact, ahead: list[Fact], evidence: Evidence, voice: Voice
) -> str:
    """Return who did better and, where a call is made, whose chance is larger."""
    parts = {
        "first": name(best.entity),
        "second": name(last.entity),
        "first_value": signed(best),
        "second_value": signed(last),
        "window": voice.window(best.period),
    }
    if number(best) <= number(last):
        return voice.say("compare_level", **parts)
    if not ahead:
        return voice.say("compare_head", **parts)
    forward = voice.say(
        "compare_ahead",
        ahead=name(ahead[0].entity),
        behind=name(ahead[-1].entity),
        chance=signed(ahead[0]),
        other_chance=signed(ahead[-1]),
        horizon=voice.ahead(outlook.horizon_of(evidence)),
    )
    key = "compare_head" if ahead[0].entity == best.entity else "compare_yet"
    return f"{forward} {voice.say(key, **parts)}"


def since(evidence: Evidence, voice: Voice) -> list[str]:
    """Return who has moved furthest in the ranking since the earlier date of a comparison."""
    compared = evidence.request.comparison
    if compared is None or compared.scorecard is None:
        return []
    before = {row.sector: row for row in compared.scorecard.sectors}
    horizon = outlook.horizon_of(evidence)
    moved = [
        row
        for row in evidence.scores
        if row.sector in before
        and evidence.shows(row.sector)
        and before[row.sector].rank != row.rank
        and f"{row.sector}.rank.{horizon}" in compared.facts
    ]
    moved.sort(key=lambda row: (-abs(row.rank - before[row.sector].rank), row.rank))
    sentences = []
    for row in moved[:MOST_MOVED]:
        sentences += _then_and_now(row, before[row.sector], horizon, voice)
    return sentences


def _then_and_now(row: SectorScore, before: SectorScore, horizon: str, voice: Voice) -> list[str]:
    """Return a sector's rank at both dates, and its chance where the call has changed."""
    parts = {
        "name": name(row.sector),
        "horizon": voice.ahead(horizon),
        "day": f"{{{{{THEN_DATE}}}}}",
    }
    told = [("then_now", "rank")]
    if row.call != before.call:
        told.append(("then_chance", "probability"))
    return [
        voice.say(
            key,
            now=f"{{{{{row.sector}.{metric}.{horizon}}}}}",
            then=f"{{{{{THEN}{row.sector}.{metric}.{horizon}}}}}",
            **parts,
        )
        for key, metric in told
    ]


def _chances(evidence: Evidence, voice: Voice, told: Collection[str] = ()) -> list[str]:
    """Return what the scorecard makes of the sectors; a chance `told` already is not told again."""
    sentences = []
    rows = [row for row in evidence.scores if row.sector in evidence.asked]
    quiet = len(rows) > 1 and all(row.call == "none" for row in rows)
    if quiet:
        names = voice.joined([name(row.sector) for row in rows])
        horizon = voice.ahead(outlook.horizon_of(evidence))
        sentences.append(voice.say("chance_none", name=names, horizon=horizon))
    for row in rows:
        if not quiet:
            said = row.sector in told and row.call != "none"
            sentences.append((outlook.median if said else outlook.chance)(evidence, voice, row))
        sentences.extend(outlook.weights(evidence, voice, row.sector))
    return sentences


def explain(evidence: Evidence, voice: Voice) -> Piece:
    """Answer why a sector ranks where it does."""
    rows = [row for row in evidence.scores if row.sector in evidence.asked] or list(
        evidence.scores[:1]
    )
    if not rows:
        return Piece(voice.say("nothing_known"))
    piece = _explained(rows[0], evidence, voice)
    for other in rows[1:]:
        piece = piece.joined(_explained(other, evidence, voice, first=False))
    return piece


def _turning(evidence: Evidence, voice: Voice, code: str) -> str:
    """Return what would change the call, where that was asked, or that no single input would."""
    if CHANGE_OF_MIND.search(evidence.request.question) is None:
        return ""
    found = outlook.flip(evidence, voice, code, key="watch_flip")
    return found[0] if found else voice.say("no_flip", name=name(code))


def _explained(row: SectorScore, evidence: Evidence, voice: Voice, *, first: bool = True) -> Piece:
    """Return why one sector ranks where it does; where the question takes something wrong for granted, that first."""
    code = row.sector
    answer = premise.checked(evidence, voice, code) or _turning(evidence, voice, code)
    standing = outlook.standing(evidence, voice, code)
    if outlook.opposed(evidence, code):
        reasons = outlook.weights(evidence, voice, code)
    else:
        reasons = outlook.next_weights(evidence, voice, code)
    lead = [standing] if answer else []
    reasons += outlook.second_opinion(evidence, voice, code)
    beyond = [*moves.two_windows(evidence, voice, code)]
    if first:
        beyond.append(outlook.chance(evidence, voice, row))
    return Piece.of(
        answer or standing,
        [*lead, *reasons],
        beyond,
        risks=track.record(evidence, voice) if first else [],
    )
