"""What is said rather than traded: the tone of the news, and any other signal of an asked sector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from tools.contracts import MARKET_ENTITY, FlowTimeframe, Gap, ToolResult
from tools.market import missing_window
from tools.measures import signals
from tools.names import sector_named
from tools.outlook import signals_left_out

if TYPE_CHECKING:
    from tools.desk import Desk

AskedWindow = Annotated[
    FlowTimeframe, Field(description="Trailing window: 1, 5 or 21 trading days.")
]
AskedSector = Annotated[
    str | None, Field(description="Code, name or alias of one sector; leave out for all of them.")
]
_SLOW_WINDOW = "1M"
"""Window over which the change of a sector's other signals is told."""


class NewsSentiment(ToolResult):
    """The tone of the news, between -1 (all bad) and 1 (all good) unless the unit says otherwise."""

    sector: str | None = None
    """Code of the sector asked about; None for all."""
    other_signals: tuple[str, ...] = ()
    """Names of the asked sector's other signals, such as short interest or earnings revisions."""


def get_news_sentiment(
    desk: Desk, *, timeframe: AskedWindow = "1W", sector: AskedSector = None
) -> NewsSentiment:
    """Tone of the news by sector, now and over a window, beside what prices did; all signals of one asked sector."""
    code = sector_named(desk, sector) if sector and sector.strip() else None
    others = _others(desk, code) if code else ()
    wanted = [
        fact_id
        for name in others
        for fact_id in (f"{code}.{name}", f"{code}.{name}_change.{_SLOW_WINDOW}")
    ]
    has_tone = signals.SENTIMENT in desk.vocabulary.signals
    gaps = missing_window(desk, timeframe) if has_tone else signals_left_out(desk) or _no_news()
    if not gaps:
        wanted = [*_tone(desk, code, timeframe), *wanted]
    facts, more_gaps = desk.facts.collect(wanted)
    return NewsSentiment(
        tool="get_news_sentiment",
        market=desk.stamp,
        facts=facts,
        gaps=(*gaps, *more_gaps),
        notes=desk.facts.notes(facts),
        sector=code,
        other_signals=others,
    )


def _tone(desk: Desk, code: str | None, timeframe: str) -> list[str]:
    """Return the facts on the tone: of one sector, or of all and of the market where it has one of its own."""
    tone = signals.SENTIMENT
    entities = (code,) if code else desk.view.sector_codes
    if not code and signals.vintages(desk.view, tone, MARKET_ENTITY) is not None:
        entities = (MARKET_ENTITY, *entities)
    ids: list[str] = []
    for entity in entities:
        move = "return" if entity == MARKET_ENTITY else "rel_return"
        ids += [f"{entity}.{tone}", f"{entity}.{tone}_mean.{timeframe}"]
        ids += [f"{entity}.{tone}_change.{timeframe}", f"{entity}.{move}.{timeframe}"]
    return ids


def _others(desk: Desk, code: str) -> tuple[str, ...]:
    """Return the signals of a sector beside the tone of its news."""
    known = (n for n in signals.sector_signals(desk.view) if n != signals.SENTIMENT)
    return tuple(n for n in known if signals.vintages(desk.view, n, code) is not None)


def _no_news() -> tuple[Gap]:
    return (
        Gap(
            what="news sentiment",
            why="this market has no news sentiment feed",
            effect="the tone of the news is unknown, and no other number stands in for it",
        ),
    )
