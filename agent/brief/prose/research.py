"""Answers whose numbers are a table: scenarios, back-tests and data health."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent.brief.evidence import number
from agent.brief.health_texts import QUARANTINED
from agent.brief.prose.piece import Piece
from agent.brief.prose.voice import name, sign_key, signed, size
from agent.brief.slots import render_value
from tools.contracts import MARKET_ENTITY

if TYPE_CHECKING:
    from agent.brief.evidence import Evidence
    from agent.brief.prose.voice import Voice
    from tools.contracts import Fact

TESTED, HELD = "BACKTEST", "BACKTEST_BENCHMARK"
"""Entities of a back-test: the strategy, and the market held without trading."""
FLOW_SCENARIO = "foreign_outflow"
BEYOND = "The shock is larger than any monthly change"
"""How the scenario tool begins its note on a shock larger than any it has seen."""
LOSER = re.compile(
    r"\b(?:hurts?|suffers?|loses? (?:the )?most|losers?|worst|hardest hit|hit (?:the )?hardest|thiệt|thiet"
    r"|(?:giảm|mất|giam) (?:nhiều|mạnh|nhieu) nhất|bất lợi|chịu thiệt)\b",
    re.IGNORECASE,
)
"""How a question on a scenario asks who loses by it."""
CLEAR = 2.0
"""Standard errors beyond which an estimate is called distinct from zero."""


def scenario(evidence: Evidence, voice: Voice) -> Piece:
    """Answer what a shock would do, and how much of that is noise."""
    ranked = evidence.ranked("scenario_return", None, evidence.asked or None)
    if not ranked:
        return Piece(voice.say("nothing_known"))
    if evidence.asked or len(ranked) == 1:
        lines = [line for fact in ranked for line in _asked(fact, evidence, voice)]
        ground = [
            *_stretched(evidence, voice, one=len(ranked) == 1),
            *_distinct_asked(ranked, evidence, voice),
        ]
        return Piece.of(lines[0], lines[1:], ground)
    both = _both(ranked[0], ranked[-1], evidence, voice)
    stretched = _stretched(evidence, voice)
    if both:
        return Piece.of(both, [*stretched, _distinct(evidence, voice)])
    opening = voice.say(
        "scenario_head",
        best=name(ranked[0].entity),
        best_value=signed(ranked[0]),
        worst=name(ranked[-1].entity),
        worst_value=signed(ranked[-1]),
    )
    return Piece.of(opening, [*_shock(evidence, voice), *stretched, _distinct(evidence, voice)])


def _both(best: Fact, worst: Fact, evidence: Evidence, voice: Voice) -> str:
    """Return who gains and who loses most, each with its error; empty where all move one way."""
    shocks = evidence.of_metric("shock")
    errors = [evidence.fact(fact.entity, "scenario_error") for fact in (best, worst)]
    known = [error for error in errors if error is not None]
    if not shocks or len(known) < len(errors) or not number(worst) < 0 < number(best):
        return ""
    return voice.say(
        "scenario_both_worst" if LOSER.search(evidence.request.question) else "scenario_both",
        shock=signed(shocks[0]),
        driver=_driver(shocks[0], evidence, voice),
        best=name(best.entity),
        best_size=size(best),
        best_error=signed(known[0]),
        worst=name(worst.entity),
        worst_size=size(worst),
        worst_error=signed(known[1]),
    )


def _driver(shock: Fact, evidence: Evidence, voice: Voice) -> str:
    """Return what is shocked; the foreign flow of the market is not the market itself."""
    named = {str(call.arguments.get("scenario", "")) for call in evidence.request.plan}
    if FLOW_SCENARIO in named and shock.entity == MARKET_ENTITY:
        return voice.say("driver_flow")
    return name(shock.entity)


def _stretched(evidence: Evidence, voice: Voice, *, one: bool = False) -> list[str]:
    """Warn of a shock beyond everything that the estimates were made from, where the tool says so."""
    beyond = any(note.startswith(BEYOND) for note in evidence.request.notes)
    return [voice.say("scenario_stretched_one" if one else "scenario_stretched")] if beyond else []


def _shock(evidence: Evidence, voice: Voice) -> list[str]:
    """Say what the scenario assumes, and of what."""
    return [
        voice.say("scenario_shock", shock=signed(fact), driver=_driver(fact, evidence, voice))
        for fact in evidence.of_metric("shock")[:1]
    ]


def _asked(fact: Fact, evidence: Evidence, voice: Voice) -> list[str]:
    """Return what a sector that was asked about would gain or lose, against the market and by itself."""
    shock = next(iter(evidence.of_metric("shock")), None)
    error = evidence.fact(fact.entity, "scenario_error")
    whole = evidence.fact(fact.entity, "scenario_total_return")
    whole_error = evidence.fact(fact.entity, "scenario_total_error")
    sentences = []
    if shock is not None and error is not None:
        sentences.append(
            voice.say(
                f"scenario_one_{sign_key(number(fact))}",
                shock=signed(shock),
                driver=_driver(shock, evidence, voice),
                name=name(fact.entity),
                size=size(fact),
                error=signed(error),
            )
        )
    elif error is not None:
        sentences.append(
            voice.say(
                "scenario_asked", name=name(fact.entity), value=signed(fact), error=signed(error)
            )
        )
    if whole is not None and whole_error is not None:
        sentences.append(
            voice.say(
                "scenario_total",
                name=name(fact.entity),
                value=signed(whole),
                error=signed(whole_error),
            )
        )
    return sentences


def _distinct_asked(ranked: list[Fact], evidence: Evidence, voice: Voice) -> list[str]:
    """Say of each estimate that was asked for whether it is larger than twice its standard error."""
    sentences = []
    for fact in ranked:
        error = evidence.value(fact.entity, "scenario_error")
        if error is not None:
            clear = abs(number(fact)) > CLEAR * error
            key = "scenario_clear_asked" if clear else "scenario_doubt_asked"
            sentences.append(voice.say(key, name=name(fact.entity)))
    return sentences


def _distinct(evidence: Evidence, voice: Voice) -> str:
    """Name the sectors whose estimate is larger than twice its standard error."""
    clear = []
    for fact in evidence.ranked("scenario_return", None):
        error = evidence.value(fact.entity, "scenario_error")
        if error is not None and abs(number(fact)) > CLEAR * error:
            clear.append(name(fact.entity))
    if not clear:
        return voice.say("scenario_doubt")
    key = "scenario_clear" if len(clear) > 1 else "scenario_clear_one"
    return voice.say(key, names=voice.joined(clear))


def backtest(evidence: Evidence, voice: Voice) -> Piece:
    """Answer how a strategy would have done, beside the market."""
    found = {fact.metric: fact for fact in evidence.facts.values() if fact.entity == TESTED}
    own = found.get("annual_return")
    if own is None:
        return Piece(voice.say("nothing_known"))
    window = voice.window(own.period)
    base = evidence.fact(HELD, "annual_return", own.period)
    excess = found.get("excess_return")
    names = {"name": name(TESTED), "other": name(HELD), "window": window}
    if base is None or excess is None:
        return Piece(voice.say("backtest_alone", name=name(TESTED), own=signed(own), window=window))
    same = render_value(own, voice.language) == render_value(base, voice.language)
    opening = voice.say(
        "backtest_near" if same and number(excess) else f"backtest_{sign_key(number(excess))}",
        own=signed(own),
        base=signed(base),
        **names,
    )
    ahead = voice.say("backtest_excess", name=names["name"], window=window, excess=signed(excess))
    return Piece.of(opening, [ahead, *_beside(evidence, voice, own.period, names)])


def _beside(
    evidence: Evidence, voice: Voice, period: str | None, names: dict[str, str]
) -> list[str]:
    """Return sentences on the risk and the trading of the strategy."""
    sentences = []
    for key, metric in (("backtest_risk", "max_drawdown"), ("backtest_sharpe", "sharpe")):
        own, base = evidence.fact(TESTED, metric, period), evidence.fact(HELD, metric, period)
        if own is None or base is None:
            continue
        if metric == "sharpe":
            sentences.append(voice.say(key, own=signed(own), base=signed(base), **names))
        else:
            sentences.append(voice.say(key, fall=size(own), other_fall=size(base), **names))
    turnover = evidence.fact(TESTED, "turnover", period)
    if turnover is not None and number(turnover) > 0:
        sentences.append(
            voice.say("backtest_turnover", name=names["name"], turnover=signed(turnover))
        )
    return sentences


def health(evidence: Evidence, voice: Voice) -> Piece:
    """Answer how good the data are: how far they reach, whether a feed fails, and what is set aside."""
    feeds = evidence.request.answers.get("get_data_health", {}).get("feeds", ())
    failing = any(feed.get("failing") for feed in feeds)
    state = "failing" if failing else "lacking" if evidence.request.gaps else "current"
    day = evidence.request.market.last_day.isoformat()
    unused = any(
        number(fact) > 0 for fact in evidence.facts.values() if fact.metric.startswith(QUARANTINED)
    )
    aside = voice.say("health_unused" if unused else "health_none_unused")
    return Piece.of(voice.say(f"health_{state}", day=day), [aside] if feeds else [])
