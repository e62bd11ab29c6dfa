"""The full brief: headline, moves, the scorecard, what disagrees, risks, what to watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.evidence import number
from agent.brief.prose import caution, flows, macro, moves, outlook, premise, tensions
from agent.brief.prose.piece import Piece
from agent.brief.prose.voice import name, sign_key, signed, size

if TYPE_CHECKING:
    from agent.brief.evidence import Evidence
    from agent.brief.prose.voice import Voice
    from tools.contracts import Fact, SectorScore

TILTS = 4
"""Sectors named on either side of a portfolio."""
OVERVIEW, BY_SECTOR = (
    "get_market_overview",
    frozenset({"get_sector_heatmap", "get_sector_rotation"}),
)
"""Tools that say whether a narrow question was about the market or about its sectors."""
SLIGHT = 0.05
"""Distance from an even chance below which a call does not open a brief."""
FAINT = 0.1
"""Distance from an even chance below which a tilt is called small."""


def brief(evidence: Evidence, voice: Voice) -> Piece:
    """Write the whole brief, or a short one about the sectors that the question names."""
    if evidence.asked:
        return focus(evidence, voice)
    piece = _whole(evidence, voice) if evidence.scores else narrow(evidence, voice)
    weakest = moves.asked_weakest(evidence, voice)
    return piece.opened_by(weakest) if weakest else piece


def _whole(evidence: Evidence, voice: Voice) -> Piece:
    """Write a brief on the whole market, where there are forecasts."""
    leader = moves.asked_leader(evidence, voice)
    row = None if leader else opening_call(evidence)
    opening = leader or headline(evidence, voice)
    told = row if row is not None and _chance(evidence, row) is not None else None
    beside = told and (_slim(told, evidence, voice) or _leader_and_call(told, evidence, voice))
    first = told.sector if told and not beside else _strongest(evidence)
    return Piece.of(
        opening,
        [
            *moves.market_move(evidence, voice),
            *moves.extremes(evidence, voice, opened=first),
            *moves.runner_up(evidence, voice),
        ],
        outlook.favours(evidence, voice, opened=told.sector if told else ""),
        tensions.disagreements(evidence, voice),
        _around(evidence, voice),
        risks=caution.risks(evidence, voice),
        watch=caution.watch(evidence, voice),
    )


def rotation(evidence: Evidence, voice: Voice) -> Piece:
    """Write the brief with where every sector stands in its rotation."""
    piece = brief(evidence, voice)
    if not evidence.scores or evidence.asked:
        return piece
    return piece.with_paragraph(moves.quadrants(evidence, voice), first=False)


def narrow(evidence: Evidence, voice: Voice) -> Piece:
    """Answer what has moved in two or three sentences, where no forecast was asked for."""
    moved = moves.market_move(evidence, voice, evidence.window_of("rel_return"))
    tools = {call.tool for call in evidence.request.plan}
    if moved and OVERVIEW in tools and not tools & BY_SECTOR:
        return Piece.of(
            moved[0], [*moves.extremes(evidence, voice), *flows.of_market(evidence, voice)]
        )
    turning = moves.quadrants(evidence, voice)
    if (
        turning
        and not moved
        and not evidence.ranked("rel_return", evidence.window_of("rel_return"))
    ):
        return Piece.of(turning[0], turning[1:])
    opening = _without_call(evidence, voice)
    return Piece.of(
        opening, [*moves.extremes(evidence, voice, opened=_strongest(evidence)), *moved]
    )


def _strongest(evidence: Evidence) -> str:
    """Return the sector that a headline without a call opens with."""
    ranked = evidence.ranked("rel_return", evidence.window_of("rel_return"))
    return ranked[0].entity if len(ranked) > 1 and number(ranked[0]) else ""


def _around(evidence: Evidence, voice: Voice) -> list[str]:
    """Return foreigners and macro of a full brief, unless it asks for them by themselves."""
    request = evidence.request
    if request.intent != "brief":
        return []
    sentences = [] if "flow" in request.intents else flows.money(evidence, voice)
    return sentences + ([] if "macro" in request.intents else macro.backdrop(evidence, voice))


def portfolio(evidence: Evidence, voice: Voice) -> Piece:
    """Write the brief with the sectors that the calls lean towards and away from in front."""
    horizon = voice.ahead(outlook.horizon_of(evidence))
    sentences = []
    for call in ("outperform", "underperform"):
        rows = [row for row in evidence.scores if row.call == call and evidence.shows(row.sector)]
        rows = rows[:TILTS] if call == "outperform" else rows[::-1][:TILTS]
        if rows:
            key = f"tilt_{call}" + ("_one" if len(rows) == 1 else "")
            names = voice.joined([name(row.sector) for row in rows])
            sentences.append(voice.say(key, names=names, horizon=horizon))
    if sentences and all(abs(row.probability - 0.5) < FAINT for row in evidence.scores):
        sentences.append(voice.say("tilt_size"))
    return brief(evidence, voice).with_paragraph(sentences)


def focus(evidence: Evidence, voice: Voice) -> Piece:
    """Write a short brief about the sectors that the question names."""
    whole = None
    for code in evidence.asked:
        piece = _focus(code, evidence, voice)
        whole = piece if whole is None else whole.joined(piece)
    if whole is None:
        return Piece(voice.say("nothing_known"))
    apart = tensions.disagreements(evidence, voice, tape=False)
    return Piece(
        whole.headline,
        (*whole.paragraphs, *([" ".join(apart)] if apart else [])),
        tuple(caution.risks(evidence, voice)),
        tuple(caution.watch(evidence, voice)),
    )


def _focus(code: str, evidence: Evidence, voice: Voice) -> Piece:
    row = evidence.score_of(code)
    fact = evidence.fact(code, "rel_return", evidence.window_of("rel_return"))
    answer = premise.checked(evidence, voice, code)
    if row is None:
        if fact is None:
            return Piece(voice.say("nothing_known_of", name=name(code)))
        lines = [] if answer else [moves.relative(fact, voice)]
        lines += moves.market_move(evidence, voice)
        return Piece.of(answer or lines[0], lines if answer else lines[1:])
    view = outlook.chance if answer else outlook.stance
    lines = [view(evidence, voice, row), *outlook.weights(evidence, voice, code)]
    return Piece.of(answer or lines[0], lines if answer else lines[1:])


def headline(evidence: Evidence, voice: Voice) -> str:
    """Return the one thing to know: a call that is more than slight, else what moved with the call beside it."""
    row = opening_call(evidence)
    if row is None or _chance(evidence, row) is None:
        return _without_call(evidence, voice)
    return (
        _slim(row, evidence, voice)
        or _leader_and_call(row, evidence, voice)
        or _call(row, evidence, voice)
    )


def _slim(row: SectorScore, evidence: Evidence, voice: Voice) -> str:
    """Return who led beside a call too slight to open with; empty where it is not slight, or none led."""
    ranked = evidence.ranked("rel_return", evidence.window_of("rel_return"))
    chance = _chance(evidence, row)
    if chance is None or abs(number(chance) - 0.5) >= SLIGHT or len(ranked) < 2:
        return ""
    best = ranked[0]
    if number(best) <= 0 or (best.entity == row.sector and row.call == "underperform"):
        return ""
    return voice.say(
        "headline_slim_same" if best.entity == row.sector else f"headline_slim_{row.call}",
        best=name(best.entity),
        size=size(best),
        window=voice.window(best.period),
        probability=signed(chance),
        horizon=voice.ahead(outlook.horizon_of(evidence)),
        name=name(row.sector),
    )


def _leader_and_call(row: SectorScore, evidence: Evidence, voice: Voice) -> str:
    """Return who led beside the one cautious call; empty where a sector is favoured or none led."""
    ranked = evidence.ranked("rel_return", evidence.window_of("rel_return"))
    chance = _chance(evidence, row)
    leads = ranked and ranked[0].entity != row.sector and number(ranked[0]) > 0
    if row.call != "underperform" or chance is None or not leads:
        return ""
    return voice.say(
        "headline_leader",
        best=name(ranked[0].entity),
        size=size(ranked[0]),
        window=voice.window(ranked[0].period),
        name=name(row.sector),
        probability=signed(chance),
        horizon=voice.ahead(outlook.horizon_of(evidence)),
    )


def opening_call(evidence: Evidence) -> SectorScore | None:
    """Return the row whose call opens the brief."""
    return outlook.best_call(evidence) or outlook.worst_call(evidence)


def _chance(evidence: Evidence, row: SectorScore) -> Fact | None:
    return evidence.fact(row.sector, "probability", outlook.horizon_of(evidence))


def _call(row: SectorScore, evidence: Evidence, voice: Voice) -> str:
    """Return a sentence on one sector's call beside its move over the question's window."""
    window = evidence.window_of("rel_return")
    chance, moved = _chance(evidence, row), evidence.fact(row.sector, "rel_return", window)
    parts = {"name": name(row.sector), "horizon": voice.ahead(outlook.horizon_of(evidence))}
    if row.call == "none" or chance is None:
        if moved is None:
            return voice.say("chance_none", **parts)
        return voice.say("focus_none", move=signed(moved), window=voice.window(window), **parts)
    parts["probability"] = signed(chance)
    if moved is None:
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
        horizon=voice.ahead(outlook.horizon_of(evidence)),
    )
