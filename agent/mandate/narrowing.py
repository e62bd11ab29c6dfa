"""What prose may be made of, cut to the reader's mandate, with the suggested tilts where a portfolio is asked about.

A sector outside the mandate that the question names is answered for, and said to be outside. Ranks are those among
the sectors that are left; the scorecard of the brief's JSON stays whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.mandate_texts import scope_note
from agent.mandate.tilts import LOSS_BUDGET, tilts
from tools.contracts import MARKET_ENTITY, Fact, parse_fact_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from agent.brains.base import Comparison, ComposeRequest
    from agent.brief.model import BriefMandate
    from tools.contracts import Scorecard

TILT, MANDATE_RANK = "tilt", "mandate_rank"
LARGEST_TILT, LOSS = f"{MARKET_ENTITY}.largest_tilt", f"{MARKET_ENTITY}.loss_budget"
PORTFOLIO = "portfolio"


def within(request: ComposeRequest, mandate: BriefMandate | None) -> ComposeRequest:
    """Return a request within a mandate; without one it stays as it is."""
    if mandate is None:
        return request
    asks = PORTFOLIO in (request.intent, *request.intents)
    if not mandate.sectors:
        return _with_tilts(request, mandate) if asks else _marked(request, mandate)
    outside = _outside(request, mandate)
    # One sector leads nobody: it is told of as if it had been asked about.
    alone = mandate.sectors if len(mandate.sectors) == 1 else ()
    narrow = request.model_copy(
        update={
            "sectors": request.sectors or alone,
            "facts": _facts(request.facts, outside),
            "scorecard": _scorecard(request.scorecard, outside),
            "comparison": _comparison(request.comparison, outside),
            "mandate": mandate,
            "notes": (*request.notes, *scope_note(request, mandate)),
        }
    )
    return _with_tilts(narrow, mandate) if asks else narrow


def _outside(request: ComposeRequest, mandate: BriefMandate) -> frozenset[str]:
    """Return the sectors outside a mandate and their symbols, without what the question names."""
    vocabulary = request.vocabulary
    codes = {sector.code for sector in vocabulary.sectors} - {*mandate.sectors, *request.sectors}
    symbols = {one.symbol for one in vocabulary.symbols if one.sector in codes}
    return frozenset(codes | (symbols - {*request.symbols}))


def told_facts(whole: Mapping[str, Fact], request: ComposeRequest) -> dict[str, Fact]:
    """Return the facts of a brief: all that are known, and what the mandate adds; no rank is said to be another."""
    added = {key: fact for key, fact in request.facts.items() if key not in whole}
    for key, fact in request.facts.items():
        if fact.metric == "rank" and key in whole and fact.value != whole[key].value:
            named = f"{fact.entity}.{MANDATE_RANK}.{fact.period}"
            added[named] = fact.model_copy(update={"id": named, "metric": MANDATE_RANK})
    return {**whole, **added}


def _marked(request: ComposeRequest, mandate: BriefMandate) -> ComposeRequest:
    return request.model_copy(update={"mandate": mandate}) if mandate.said else request


def _facts(facts: Mapping[str, Fact], outside: Collection[str]) -> dict[str, Fact]:
    """Leave out the facts of sectors outside, and number the ranks of the others anew."""
    kept = {key: fact for key, fact in facts.items() if fact.entity not in outside}
    ranks: dict[str | None, list[Fact]] = {}
    for fact in kept.values():
        if fact.metric == "rank":
            ranks.setdefault(fact.period, []).append(fact)
    for found in ranks.values():
        for place, fact in enumerate(sorted(found, key=lambda one: float(one.value)), 1):
            kept[fact.id] = fact.model_copy(update={"value": float(place)})
    return kept


def _scorecard(card: Scorecard | None, outside: Collection[str]) -> Scorecard | None:
    if card is None:
        return None
    rows = sorted((row for row in card.sectors if row.sector not in outside), key=lambda r: r.rank)
    ranked = (row.model_copy(update={"rank": place}) for place, row in enumerate(rows, 1))
    return card.model_copy(update={"sectors": tuple(ranked)}) if rows else None


def _comparison(earlier: Comparison | None, outside: Collection[str]) -> Comparison | None:
    if earlier is None:
        return None
    return earlier.model_copy(
        update={
            "facts": _facts(earlier.facts, outside),
            "scorecard": _scorecard(earlier.scorecard, outside),
        }
    )


def _with_tilts(request: ComposeRequest, mandate: BriefMandate) -> ComposeRequest:
    """Add the tilts of the sectors within the mandate, and their limits, as facts."""
    card = request.scorecard
    if card is None:
        return request.model_copy(update={"mandate": mandate})
    rows = [row for row in card.sectors if not mandate.sectors or row.sector in mandate.sectors]
    found = tilts(rows, mandate)
    made = {LARGEST_TILT: mandate.largest_tilt, LOSS: LOSS_BUDGET[mandate.risk_tolerance]}
    made |= {f"{code}.{TILT}.{card.horizon}": size for code, size in found.items()}
    facts = {key: _made(key, size, request) for key, size in made.items()}
    return request.model_copy(update={"facts": {**request.facts, **facts}, "mandate": mandate})


def _made(key: str, value: float, request: ComposeRequest) -> Fact:
    """Return a number of the mandate as a fact, dated as the forecasts it rests on."""
    entity, metric, period = parse_fact_id(key)
    like = next(fact for fact in request.facts.values() if fact.metric == "probability")
    return Fact(
        id=key,
        value=value,
        unit="fraction",
        entity=entity,
        metric=metric,
        period=period,
        observed_on=like.observed_on,
        published_on=like.published_on,
        source=f"{request.market.id}/mandate" if entity == MARKET_ENTITY else like.source,
    )
