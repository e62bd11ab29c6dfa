"""What the model's own forecasts have been worth: the short form for every brief, and the whole answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.brief.evidence import number
from agent.brief.prose.outlook import horizon_of
from agent.brief.prose.piece import Piece
from agent.brief.prose.voice import signed
from tools.contracts import HORIZONS, MARKET_ENTITY, parse_fact_id

if TYPE_CHECKING:
    from agent.brief.evidence import Evidence
    from agent.brief.prose.voice import Voice
    from tools.contracts import Fact

CARD = "get_signal_card"
HITS = ("hit_rate", "hit_rate_low", "hit_rate_high", "base_rate")
ORDER = ("mean_ic", "mean_ic_low", "mean_ic_high")
LEAD = ("baseline_gap", "baseline_gap_low", "baseline_gap_high")
CHOICE = ("choice_gap", "choice_gap_low", "choice_gap_high")
HELD = ("interval_held", "interval_held_low", "interval_held_high")


def record(evidence: Evidence, voice: Voice, horizon: str = "") -> list[str]:
    """Return the record in short: how many calls came true, and whether a simple rule did as well."""
    horizon = horizon or horizon_of(evidence)
    calls = calls_verdict(evidence, voice, horizon)
    if not calls:
        return [voice.say("record_none")] if evidence.scores else []
    order = _facts(evidence, ORDER, horizon)
    only_order = (
        bool(order) and number(order[1]) > 0 and _calls_standing(evidence, horizon) == "even"
    )
    told = order_verdict(evidence, voice, horizon) if only_order else []
    return [" ".join((*calls, *told, *against_baseline(evidence, voice, horizon)))]


def calls_verdict(evidence: Evidence, voice: Voice, horizon: str) -> list[str]:
    """Return whether the calls came true more often than the base rate."""
    known = _facts(evidence, HITS, horizon)
    if not known:
        return []
    rate, low, high, base = known
    return [
        voice.say(
            f"record_{_calls_standing(evidence, horizon)}",
            rate=signed(rate),
            low=signed(low),
            high=signed(high),
            base=signed(base),
            length=voice.length(horizon),
        )
    ]


def beats_base(evidence: Evidence) -> bool | None:
    """Return whether calls came true more often than the base rate; None without a record."""
    horizon = horizon_of(evidence)
    if not _facts(evidence, HITS, horizon):
        return None
    return _calls_standing(evidence, horizon) == "above"


def _calls_standing(evidence: Evidence, horizon: str) -> str:
    _rate, low, high, base = _facts(evidence, HITS, horizon)
    return _beside(low, high, number(base), "above", "even", "below")


def order_verdict(evidence: Evidence, voice: Voice, horizon: str) -> list[str]:
    """Return whether whole rankings were ordered better than chance would."""
    known = _facts(evidence, ORDER, horizon)
    if not known:
        return []
    ic, low, high = known
    return [
        voice.say(
            f"order_{_beside(low, high, 0.0, 'above', 'even', 'below')}",
            ic=signed(ic),
            low=signed(low),
            high=signed(high),
            length=voice.length(horizon),
        )
    ]


def against_baseline(evidence: Evidence, voice: Voice, horizon: str) -> list[str]:
    """Return where the ranking stands beside the best single signal chosen on the past."""
    known = _facts(evidence, LEAD, horizon)
    if not known:
        return []
    gap, low, high = known
    place = _beside(low, high, 0.0, "ahead", "level", "behind")
    return [
        voice.say(f"baseline_{place}", gap=signed(gap), low=signed(low), high=signed(high)),
    ]


def track(evidence: Evidence, voice: Voice) -> Piece:
    """Answer how good the forecasts have been: the verdict first, then what it rests on."""
    if not evidence.facts:
        return Piece(voice.say("nothing_known"))
    own = horizon_of(evidence)
    others = [horizon for horizon in HORIZONS if horizon != own]
    verdict = calls_verdict(evidence, voice, own) or [voice.say("record_none")]
    return Piece.of(
        verdict[0],
        [*_extent(evidence, voice, own), *order_verdict(evidence, voice, own)],
        [*against_baseline(evidence, voice, own), *_rule_now(evidence, voice)],
        [*_honesty(evidence, voice, own), *_coverage(evidence, voice, own)],
        _serving(evidence, voice, own),
        [s for horizon in others for s in calls_verdict(evidence, voice, horizon)],
    )


def _extent(evidence: Evidence, voice: Voice, horizon: str) -> list[str]:
    """Return how often a call was made, and since when."""
    sentences = []
    share, calls = (evidence.fact(MARKET_ENTITY, m, horizon) for m in ("call_share", "calls"))
    if share is not None and calls is not None:
        length = voice.length(horizon)
        sentences.append(
            voice.say("track_calls", share=signed(share), calls=signed(calls), length=length)
        )
    days = [
        evidence.facts.get(f"{MARKET_ENTITY}.record_{end}.{horizon}") for end in ("first", "last")
    ]
    first, last = days
    if first is not None and last is not None:
        sentences.append(voice.say("track_span", first=signed(first), last=signed(last)))
    return sentences


def _rule_now(evidence: Evidence, voice: Voice) -> list[str]:
    """Return which single signal the simple rule would go by now."""
    baseline = (_card(evidence).get("record") or {}).get("baseline") or {}
    signal = baseline.get("signal")
    if not signal:
        return []
    found = parse_fact_id(f"{MARKET_ENTITY}.{signal}")
    way = voice.say("way_up" if baseline.get("sign", 1) > 0 else "way_down")
    return [
        voice.say(
            "baseline_now",
            metric=voice.metric(found.metric),
            window=voice.window(found.period),
            way=way,
        )
    ]


def _honesty(evidence: Evidence, voice: Voice, horizon: str) -> list[str]:
    """Return whether calls came true as often as they said."""
    known = _facts(evidence, (*HITS[1:3], "stated_rate"), horizon)
    if not known:
        return []
    low, high, stated = known
    verdict = _beside(low, high, number(stated), "underconfident", "honest", "overconfident")
    return [voice.say(f"stated_{verdict}", stated=signed(stated))]


def _coverage(evidence: Evidence, voice: Voice, horizon: str) -> list[str]:
    """Return whether the forecast ranges held as many outcomes as they were to hold."""
    known = _facts(evidence, HELD, horizon)
    if not known:
        return []
    held, low, high = known
    verdict = _beside(low, high, 0.8, "wide", "honest", "narrow")
    return [voice.say(f"held_{verdict}", held=signed(held), low=signed(low), high=signed(high))]


def _serving(evidence: Evidence, voice: Voice, horizon: str) -> list[str]:
    """Return which model serves, and why the rule chose it."""
    reason = (_card(evidence).get("choice") or {}).get("reason")
    if reason == "young":
        return [voice.say("serves_young")]
    known = _facts(evidence, CHOICE, horizon)
    if reason is None or not known:
        return []
    gap, low, high = (signed(fact) for fact in known)
    return [voice.say(f"serves_{reason}", gap=gap, low=low, high=high)]


def _beside(low: Fact, high: Fact, level: float, above: str, even: str, below: str) -> str:
    """Return the word for where an interval lies beside a level."""
    return above if number(low) > level else below if number(high) < level else even


def _card(evidence: Evidence) -> dict[str, Any]:
    return evidence.request.answers.get(CARD, {})


def _facts(evidence: Evidence, metrics: tuple[str, ...], horizon: str) -> list[Fact]:
    """Return the market's facts of some metrics; nothing where one is missing."""
    found = [evidence.fact(MARKET_ENTITY, metric, horizon) for metric in metrics]
    known = [fact for fact in found if fact is not None]
    return known if len(known) == len(metrics) else []
