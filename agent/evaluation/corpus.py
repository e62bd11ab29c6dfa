"""Correct briefs to make mistakes in: the composer's, over the facts of a market at a date."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from agent.brains.base import ComposeRequest, PlannedCall
from agent.brief.compose import write
from agent.brief.lexicon import entity_name
from agent.brief.markdown import render
from tools.contracts import HORIZONS, MARKET_ENTITY, MONTHLY_ROWS, TRADING_DAYS, Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agent.brief.model import Intent, Language
    from tools.contracts import Horizon, Scorecard
    from tools.desk import Desk

INTENTS: tuple[Intent, ...] = (
    "brief", "rotation", "compare", "flow", "whale", "macro", "stock", "explain", "portfolio",
)  # fmt: skip
SECTOR_METRICS = (
    "return", "rel_return", "volatility", "drawdown", "foreign_net_value", "foreign_net_ratio", "whale_ratio",
)  # fmt: skip
TAKEN_FOR_GRANTED: dict[Language, tuple[str, ...]] = {
    "en": ("Why is {last} ranked high?", "Why is {first} ranked low?", "Is {first} strong?", "Is {last} weak?"),
    "vi": ("Vì sao {last} xếp cao?", "Vì sao {first} xếp thấp?", "{first} có mạnh không?", "{last} có yếu không?"),
}  # fmt: skip
"""Questions that take something for granted, or ask whether it is so, of the ends of the ranking."""
NEWS_CALL = PlannedCall(tool="get_news_sentiment")
PLAIN_METRICS = ("breadth", "rs_ratio", "rs_momentum", "quadrant")
SYMBOLS_SHOWN = 12


class WrittenBrief(NamedTuple):
    """A correct brief and what it was made from."""

    markdown: str
    request: ComposeRequest


def briefs_of(desk: Desk, horizon: Horizon = "1M") -> Iterator[WrittenBrief]:
    """Yield briefs of every intent in both languages over one market at one date.

    Questions that take something for granted and, where the market knows news, questions about them are among them.
    """
    facts, card = facts_of(desk, horizon)
    languages: tuple[Language, ...] = ("en", "vi")
    for language in languages:
        plain = [_request(desk, intent, language, horizon, facts, card) for intent in INTENTS]
        for request in (*plain, *_premises(desk, plain[0]), *_news(desk, plain[0])):
            yield WrittenBrief(render(request, write(request)), request)


def _premises(desk: Desk, whole: ComposeRequest) -> Iterator[ComposeRequest]:
    """Yield the questions about one end of the ranking that take something for granted."""
    card = whole.scorecard
    if card is None:
        return
    ends = {"first": card.sectors[0].sector, "last": card.sectors[-1].sector}
    names = {key: entity_name(code, desk.vocabulary, whole.language) for key, code in ends.items()}
    for question in TAKEN_FOR_GRANTED[whole.language]:
        code = next(code for key, code in ends.items() if f"{{{key}}}" in question)
        changes = {"question": question.format(**names), "sectors": (code,), "intent": "explain"}
        yield whole.model_copy(update=changes)


def _news(desk: Desk, whole: ComposeRequest) -> Iterator[ComposeRequest]:
    """Yield a question about the tone of the news, of the market and of a sector, where it is known."""
    if "sentiment" in desk.vocabulary.signals:
        for sectors in ((), (desk.vocabulary.sectors[0].code,)):
            yield whole.model_copy(update={"sectors": sectors, "plan": (NEWS_CALL,)})


def facts_of(desk: Desk, horizon: Horizon) -> tuple[dict[str, Fact], Scorecard]:
    """Return the facts of a broad question, scorecards of every horizon included, and the horizon's scorecard."""
    held, _ = desk.facts.collect(_wanted(desk))
    facts = {fact.id: fact for fact in held}
    known = [one for one in HORIZONS if not (desk.stamp.monthly and one == "1W")]
    for one in known:
        card = desk.scorer.scorecard(one)
        facts |= {fact.id: fact for fact in (*desk.scorer.inputs(one), *desk.scorer.facts(card))}
        facts |= flip_facts(card, facts)
    return facts, desk.scorer.scorecard(horizon)


def flip_facts(card: Scorecard, facts: dict[str, Fact]) -> dict[str, Fact]:
    """Return each flip's two ends and its size as facts, dated like the input that moves."""
    found = {}
    for row in card.sectors:
        moved = facts.get(row.flip.input) if row.flip is not None else None
        if row.flip is None or moved is None:
            continue
        for metric, value, unit in (
            ("flip_from", row.flip.from_, moved.unit),
            ("flip_to", row.flip.to, moved.unit),
            ("flip_sd", row.flip.sd, "standard deviations"),
        ):
            key = f"{row.sector}.{metric}.{card.horizon}"
            found[key] = moved.model_copy(
                update={"id": key, "value": value, "unit": unit, "entity": row.sector, "metric": metric,
                        "period": card.horizon}
            )  # fmt: skip
    return found


def _wanted(desk: Desk) -> list[str]:
    periods = MONTHLY_ROWS if desk.stamp.monthly else TRADING_DAYS
    vocabulary = desk.vocabulary
    symbols = [one.symbol for one in vocabulary.symbols if one.kind == "stock"][:SYMBOLS_SHOWN]
    entities = [MARKET_ENTITY, *(sector.code for sector in vocabulary.sectors), *symbols]
    wanted = [f"{e}.{m}.{p}" for e in entities for m in SECTOR_METRICS for p in periods]
    wanted += [f"{e}.{m}" for e in entities[1:] for m in PLAIN_METRICS]
    sectors = [sector.code for sector in vocabulary.sectors]
    for signal in vocabulary.signals:
        wanted += [f"{code}.{signal}" for code in sectors]
        wanted += [f"{code}.{signal}_change.1M" for code in sectors]
    if "sentiment" in vocabulary.signals:
        wanted += [f"{code}.sentiment_mean.1M" for code in sectors]
    if "block_trades" in vocabulary.signals:
        wanted += [f"{one}.block_value.1M" for one in (MARKET_ENTITY, *symbols)]
    for series in vocabulary.series:
        wanted += [
            f"MACRO.{series}.{metric}" for metric in ("latest", "change.1M", "yoy", "surprise")
        ]
    return wanted


def _request(
    desk: Desk,
    intent: Intent,
    language: Language,
    horizon: Horizon,
    facts: dict[str, Fact],
    card: Scorecard,
) -> ComposeRequest:
    ranked = [row.sector for row in card.sectors]
    symbols = [one.symbol for one in desk.vocabulary.symbols if f"{one.symbol}.return.1M" in facts]
    asked = tuple(ranked[:: len(ranked) - 1]) if intent in {"compare", "explain"} else ()
    return ComposeRequest(
        question="?",
        language=language,
        intent=intent,
        market=desk.stamp,
        horizon=horizon,
        vocabulary=desk.vocabulary,
        facts=facts,
        scorecard=card,
        sectors=asked,
        symbols=tuple(symbols[:1]) if intent == "stock" else (),
        history_note=desk.view.market.history_note,
    )
