"""What the scorecard says: the favoured sectors, the weights behind them and what would flip a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.evidence import number
from agent.brief.prose.voice import name, sign_key, signed, size
from tools.contracts import parse_fact_id

if TYPE_CHECKING:
    from agent.brief.evidence import Evidence
    from agent.brief.prose.voice import Voice
    from tools.contracts import Fact, SectorScore

NAMED_CONTRIBUTIONS = 2


def favours(evidence: Evidence, voice: Voice) -> list[str]:
    """Return sentences on the sector in front and the one behind, or that no call is made."""
    scores = evidence.scores
    if not scores:
        return []
    calls = [row for row in scores if row.call != "none"]
    if not calls:
        return [no_call(evidence, voice)]
    sentences = []
    gain = next((row for row in calls if row.call == "outperform"), None)
    lose = next((row for row in reversed(calls) if row.call == "underperform"), None)
    for row in (gain, lose):
        if row is not None:
            sentences.append(chance(evidence, voice, row))
            sentences.extend(weights(evidence, voice, row.sector))
    if gain is None:
        sentences.insert(0, voice.say("no_gainer", horizon=voice.ahead(_horizon(evidence))))
    return sentences


def no_call(evidence: Evidence, voice: Voice) -> str:
    """Say that the model abstains on every sector."""
    return voice.say(
        "no_call", top=name(evidence.scores[0].sector), horizon=voice.ahead(_horizon(evidence))
    )


def chance(evidence: Evidence, voice: Voice, row: SectorScore) -> str:
    """Return a sentence on one sector's chance and expected relative return."""
    horizon = _horizon(evidence)
    probability = evidence.fact(row.sector, "probability", horizon)
    expected = evidence.fact(row.sector, "expected", horizon)
    if probability is None:
        return ""
    if row.call == "none":
        return voice.say("chance_none", name=name(row.sector), horizon=voice.ahead(horizon))
    key = f"chance_{row.call}" + ("" if expected is not None else "_bare")
    return voice.say(
        key,
        name=name(row.sector),
        probability=signed(probability),
        expected="" if expected is None else signed(expected),
        horizon=voice.ahead(horizon),
    )


def weights(evidence: Evidence, voice: Voice, sector: str) -> list[str]:
    """Return a sentence on the largest contributions to a sector's score."""
    found = evidence.contributions(sector, _horizon(evidence))[:NAMED_CONTRIBUTIONS]
    found = [fact for fact in found if number(fact) != 0]
    if not found:
        return []
    first = found[0]
    parts = {
        "name": name(sector),
        "first": voice.group(_group(first)),
        "first_size": size(first),
    }
    if len(found) == 1:
        return [voice.say("weight_" + sign_key(number(first)), **parts)]
    second = found[1]
    key = f"weights_{sign_key(number(first))}_{sign_key(number(second))}"
    return [voice.say(key, second=voice.group(_group(second)), second_size=size(second), **parts)]


def standing(evidence: Evidence, voice: Voice, sector: str) -> str:
    """Return a sentence on a sector's score and rank."""
    horizon = _horizon(evidence)
    score, rank = evidence.fact(sector, "score", horizon), evidence.fact(sector, "rank", horizon)
    if score is None:
        return voice.say("nothing_known_of", name=name(sector))
    return voice.say(
        "score" if rank is not None else "score_bare",
        name=name(sector),
        score=signed(score),
        rank="" if rank is None else signed(rank),
        horizon=voice.ahead(horizon),
    )


def all_weights(evidence: Evidence, voice: Voice, sector: str) -> list[str]:
    """Return sentences that name every contribution to a score, largest first."""
    horizon = _horizon(evidence)
    found = evidence.contributions(sector, horizon)
    sentences = []
    for direction in ("up", "down"):
        parts = [
            voice.say("part", group=voice.group(_group(fact)), size=size(fact))
            for fact in found
            if sign_key(number(fact)) == direction
        ]
        if parts:
            sentences.append(
                voice.say(f"parts_{direction}", name=name(sector), parts=voice.joined(parts))
            )
    return sentences


def flip(evidence: Evidence, voice: Voice, sector: str) -> list[str]:
    """Return a sentence on the smallest single move that changes a sector's call, where there is one."""
    row = evidence.score_of(sector)
    horizon = _horizon(evidence)
    found = [evidence.fact(sector, f"flip_{part}", horizon) for part in ("from", "to", "sd")]
    if row is None or row.flip is None or any(fact is None for fact in found):
        return []
    start, end, deviations = (fact for fact in found if fact is not None)
    moved = parse_fact_id(row.flip.input)
    of = "" if moved.entity == sector else "_other"
    return [
        voice.say(
            f"flip_{row.flip.new_call}{of}",
            name=name(sector),
            metric=voice.metric(moved.metric),
            window=voice.window(moved.period),
            start=signed(start),
            end=signed(end),
            sd=size(deviations),
            **({"other": name(moved.entity)} if of else {}),
        )
    ]


def interval(evidence: Evidence, voice: Voice, sector: str) -> list[str]:
    """Return a sentence on how wide a forecast is."""
    horizon = _horizon(evidence)
    low, high = evidence.fact(sector, "low", horizon), evidence.fact(sector, "high", horizon)
    if low is None or high is None:
        return []
    straddles = number(low) < 0 < number(high)
    return [
        voice.say(
            "interval_straddles" if straddles else "interval",
            name=name(sector),
            low=signed(low),
            high=signed(high),
            horizon=voice.ahead(horizon),
        )
    ]


def _horizon(evidence: Evidence) -> str:
    card = evidence.request.scorecard
    return card.horizon if card is not None else evidence.request.horizon


def _group(fact: Fact) -> str:
    return fact.metric.partition(".")[2]
