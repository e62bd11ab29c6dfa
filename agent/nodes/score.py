"""Score: facts in, scorecard out. A pure function of the gathered facts and the quarter's model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brains.base import Comparison
from agent.brief.lexicon import group_name
from agent.planning import SCORED, SCORING
from agent.state import RunState, Scored
from tools.contracts import HORIZONS, MARKET_ENTITY, Fact, Gap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from langgraph.runtime import Runtime

    from agent.brief.model import Language
    from agent.context import RunContext, Side
    from agent.state import CallOutcome, Settled
    from tools.contracts import Horizon, Scorecard


async def score(state: RunState, runtime: Runtime[RunContext]) -> RunState:
    """Merge the facts of the plan's calls and score them where the question needs it."""
    context, settled = runtime.context, state["settled"]
    outcomes = outcomes_of(state)
    facts = {fact.id: fact for outcome in outcomes for fact in outcome.facts}
    scorecard: Scorecard | None = None
    gaps: tuple[Gap, ...] = ()
    if needs_scorecard(settled):
        scorecard, facts, gaps = _scorecard(context.now, facts, settled)
        context.progress("score", {"model": scorecard.model if scorecard else None})
    return {
        "scored": Scored(
            facts=facts,
            scorecard=scorecard,
            comparison=_comparison(context, state, settled) if scorecard else None,
            gaps=gaps,
        )
    }


def outcomes_of(state: RunState, side: str = "now") -> list[CallOutcome]:
    """Return the answers of this run's plan, in the plan's order."""
    held = state.get("outcomes", {})
    settled = state["settled"]
    keys = [task.key for task in (*settled.held, *settled.tasks) if task.side == side]
    return [held[key] for key in keys if key in held]


def needs_scorecard(settled: Settled) -> bool:
    """Whether any part of the question is about the ranking, and the plan has a call that gives it."""
    planned = (task.call.tool for task in (*settled.held, *settled.tasks))
    about = any(intent in SCORED for intent in (settled.draft.intent, *settled.draft.intents))
    return about and any(tool in SCORING for tool in planned)


def _scorecard(
    side: Side, facts: dict[str, Fact], settled: Settled
) -> tuple[Scorecard | None, dict[str, Fact], tuple[Gap, ...]]:
    """Score at every horizon: the asked one is the scorecard, the others feed its heatmap."""
    model = side.scoring()
    groups = settled.draft.exclude_groups
    dropped = {f"contribution.{group}" for group in groups}
    complete = {name: fact for name, fact in facts.items() if fact.metric not in dropped}
    cards: dict[str, Scorecard] = {}
    for horizon in _horizons(side, settled.horizon):
        scored = model.score(facts, horizon, exclude_groups=groups)
        if scored.sectors:
            cards[horizon] = scored
            complete |= {fact.id: fact for fact in (*model.facts(scored), *derived(scored, facts))}
    card = cards.get(settled.horizon)
    if card is None:
        gap = Gap(
            what=f"the ranking at {settled.horizon}",
            why="no input of the scoring model is available",
            effect="this answer has no ranking and no probabilities",
        )
        return None, facts, (gap,)
    return card, complete, _left_out(groups, settled.language)


def _left_out(groups: tuple[str, ...], language: Language) -> tuple[Gap, ...]:
    """Name the groups that the reader wanted left out of the ranking."""
    if not groups:
        return ()
    what = ", ".join(group_name(group, language) for group in groups)
    if language == "vi":
        why, effect = "bạn yêu cầu bỏ qua", "bảng xếp hạng này không tính đến"
    else:
        why, effect = "you asked to leave it out", "this ranking is made without it"
    return (Gap(what=what, why=why, effect=effect),)


def _horizons(side: Side, asked: Horizon) -> Iterable[Horizon]:
    return [h for h in HORIZONS if h == asked or not (side.stamp.monthly and h == "1W")]


def _comparison(context: RunContext, state: RunState, settled: Settled) -> Comparison | None:
    if context.then is None:
        return None
    facts = {fact.id: fact for outcome in outcomes_of(state, "then") for fact in outcome.facts}
    scorecard, facts, _gaps = _scorecard(context.then, facts, settled)
    return Comparison(market=context.then.stamp, scorecard=scorecard, facts=facts)


def derived(scorecard: Scorecard, facts: dict[str, Fact]) -> Iterator[Fact]:
    """Yield the base value and the flips as facts, so that every number shown is citable."""
    newest = max(facts.values(), key=lambda fact: fact.published_on)
    source = f"{newest.source.partition('/')[0]}/scorecard"

    def made(entity: str, metric: str, value: float, unit: str, like: Fact) -> Fact:
        return Fact(
            id=f"{entity}.{metric}.{scorecard.horizon}",
            value=value,
            unit=unit,
            entity=entity,
            metric=metric,
            period=scorecard.horizon,
            observed_on=like.observed_on,
            published_on=like.published_on,
            source=source,
        )

    yield made(MARKET_ENTITY, "base_value", scorecard.base_value, "log-odds", newest)
    for row in scorecard.sectors:
        moved = facts.get(row.flip.input) if row.flip else None
        if row.flip is None or moved is None:
            continue
        yield made(row.sector, "flip_from", row.flip.from_, moved.unit, moved)
        yield made(row.sector, "flip_to", row.flip.to, moved.unit, moved)
        yield made(row.sector, "flip_sd", row.flip.sd, "ratio", moved)
