"""What the scorecard says: favoured sectors, the weights behind them, what would flip a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.evidence import number
from agent.brief.prose.voice import name, sign_key, signed, size
from agent.brief.slots import render_value
from tools.contracts import parse_fact_id
from tools.scoring.features import FITTED

if TYPE_CHECKING:
    from agent.brief.evidence import Evidence
    from agent.brief.prose.voice import Voice
    from tools.contracts import Fact, SectorScore

NAMED_CONTRIBUTIONS = 2
MOST_DECISIVE = 3
DECISIVE = 0.4
"""Contributions that an explanation names at most, and the part of the largest that each of them comes to at least."""


def favours(evidence: Evidence, voice: Voice, *, opened: str = "") -> list[str]:
    """Return sentences on the sector in front and the one behind, or that no call is made.

    The chance of the sector that the headline `opened` with is not told again.
    """
    scores = evidence.scores
    if not scores:
        return []
    calls = [row for row in scores if row.call != "none"]
    if not calls:
        return [no_call(evidence, voice)]
    sentences = []
    gain, lose = best_call(evidence), worst_call(evidence)
    for row in (gain, lose):
        if row is not None:
            told = row.sector == opened
            sentences.append((median if told else chance)(evidence, voice, row))
            sentences.extend(weights(evidence, voice, row.sector))
    if gain is None:
        sentences.insert(0, voice.say("no_gainer", horizon=voice.ahead(horizon_of(evidence))))
    if len(scores) > 1 and len({row.call for row in scores}) == 1:
        sentences.append(voice.say("all_alike"))
    return sentences


def best_call(evidence: Evidence) -> SectorScore | None:
    """Return the highest ranked sector that is poised to gain."""
    return next((row for row in evidence.scores if row.call == "outperform"), None)


def worst_call(evidence: Evidence) -> SectorScore | None:
    """Return the lowest ranked sector that is poised to lose."""
    return next((row for row in reversed(evidence.scores) if row.call == "underperform"), None)


def median(evidence: Evidence, voice: Voice, row: SectorScore) -> str:
    """Return a sentence on the expected relative return, where the chance has been told."""
    horizon = horizon_of(evidence)
    expected = evidence.fact(row.sector, "expected", horizon)
    if expected is None:
        return ""
    return voice.say(
        "median", name=name(row.sector), expected=signed(expected), horizon=voice.ahead(horizon)
    )


def no_call(evidence: Evidence, voice: Voice) -> str:
    """Say that the model abstains on every sector."""
    return voice.say(
        "no_call", top=name(evidence.scores[0].sector), horizon=voice.ahead(horizon_of(evidence))
    )


def stance(evidence: Evidence, voice: Voice, row: SectorScore) -> str:
    """Return a sentence on what one sector did and what the scorecard makes of it."""
    horizon = horizon_of(evidence)
    probability = evidence.fact(row.sector, "probability", horizon)
    moved = evidence.fact(row.sector, "rel_return", evidence.window_of("rel_return"))
    if moved is None or probability is None:
        return chance(evidence, voice, row)
    return voice.say(
        f"focus_{row.call}_{sign_key(number(moved))}",
        name=name(row.sector),
        size=size(moved),
        window=voice.window(moved.period),
        probability=signed(probability),
        horizon=voice.ahead(horizon),
    )


def chance(evidence: Evidence, voice: Voice, row: SectorScore) -> str:
    """Return a sentence on one sector's chance and expected relative return."""
    horizon = horizon_of(evidence)
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
    found = evidence.contributions(sector, horizon_of(evidence))[:NAMED_CONTRIBUTIONS]
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
    """Return a sentence on a sector's rank, its score and the weight that explains it most."""
    horizon = horizon_of(evidence)
    score, rank = evidence.fact(sector, "score", horizon), evidence.fact(sector, "rank", horizon)
    if score is None:
        return voice.say("nothing_known_of", name=name(sector))
    parts = {"name": name(sector), "score": signed(score), "horizon": voice.ahead(horizon)}
    if rank is None:
        return voice.say("score_bare", **parts)
    parts["rank"] = signed(rank)
    for fact in evidence.contributions(sector, horizon)[:1]:
        if number(fact) * number(score) > 0:
            key = "explain_" + sign_key(number(fact))
            return voice.say(key, group=voice.group(_group(fact)), size=size(fact), **parts)
    return voice.say("score", **parts)


def opposed(evidence: Evidence, sector: str) -> bool:
    """Whether a sector's largest contribution points the other way than its score."""
    score = evidence.value(sector, "score", horizon_of(evidence))
    found = evidence.contributions(sector, horizon_of(evidence))[:1]
    return bool(found) and score is not None and number(found[0]) * score <= 0


def next_weights(evidence: Evidence, voice: Voice, sector: str) -> list[str]:
    """Return a sentence on the contributions that decide a score after its largest, and whether others are left."""
    found = [f for f in evidence.contributions(sector, horizon_of(evidence)) if number(f) != 0]
    floor = DECISIVE * abs(number(found[0])) if found else 0.0
    told = [f for f in found[1:MOST_DECISIVE] if abs(number(f)) >= floor] or found[1:2]
    parts = [
        voice.say(f"part_{sign_key(number(f))}", group=voice.group(_group(f)), size=size(f))
        for f in told
    ]
    if not parts:
        return []
    key = "parts_more" if len(found) > len(told) + 1 else "parts"
    return [voice.say(key, name=name(sector), parts=voice.joined(parts))]


def second_opinion(evidence: Evidence, voice: Voice, sector: str) -> list[str]:
    """Return a sentence on how far a local surrogate of the model confirms the contributions."""
    agreement = evidence.fact(sector, "surrogate_agreement", horizon_of(evidence))
    if agreement is None:
        return []
    return [voice.say("second_opinion", name=name(sector), agreement=signed(agreement))]


def flip(evidence: Evidence, voice: Voice, sector: str, *, key: str = "flip") -> list[str]:
    """Return a sentence on the smallest single move that changes a sector's call, if any."""
    row = evidence.score_of(sector)
    horizon = horizon_of(evidence)
    found = [evidence.fact(sector, f"flip_{part}", horizon) for part in ("from", "to", "sd")]
    if row is None or row.flip is None or any(fact is None for fact in found):
        return []
    start, end, deviations = (fact for fact in found if fact is not None)
    moved = parse_fact_id(row.flip.input)
    of = "" if moved.entity == sector else "_other"
    key = "flip" if of else key
    same = render_value(start, voice.language) == render_value(end, voice.language)
    return [
        voice.say(
            f"flip_close{of}" if same else f"{key}_{row.flip.new_call}{of}",
            name=name(sector),
            metric=voice.metric(moved.metric),
            # a fitted tilt's period is the horizon of the forecast that it feeds, not a window that has passed
            window="" if moved.metric in FITTED else voice.window(moved.period),
            start=signed(start),
            end=signed(end),
            sd=size(deviations),
            **({"other": name(moved.entity)} if of else {}),
        )
    ]


def interval(evidence: Evidence, voice: Voice, sector: str) -> list[str]:
    """Return a sentence on how wide a forecast is."""
    horizon = horizon_of(evidence)
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


def horizon_of(evidence: Evidence) -> str:
    """Return the horizon of the scorecard, else of the question."""
    card = evidence.request.scorecard
    return card.horizon if card is not None else evidence.request.horizon


def _group(fact: Fact) -> str:
    return fact.metric.partition(".")[2]
