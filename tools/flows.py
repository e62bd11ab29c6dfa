"""Who trades: net foreign buying, and unusually large trading, by sector and share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from tools.contracts import MARKET_ENTITY, FlowTimeframe, Gap, SymbolName, ToolResult
from tools.facts import BLOCK_VALUE
from tools.market import missing_window
from tools.measures import signals, trading
from tools.names import sector_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from tools.desk import Desk

UNUSUAL = 2.0
"""Traded value over its 20-day mean above which trading is unusual."""
_TOP_FLOWS = 5
_TOP_WHALES = 10
_FLOW_METRICS = ("foreign_net_value", "foreign_net_ratio")

AskedWindow = Annotated[
    FlowTimeframe, Field(description="Trailing window: 1, 5 or 21 trading days.")
]
AskedSector = Annotated[
    str | None, Field(description="Code, name or alias of one sector; leave out for all of them.")
]


class ForeignFlow(ToolResult):
    """Net foreign buying over one window."""

    sector: str | None = None
    """Code of the sector asked about; None for all."""
    bought: tuple[SymbolName, ...] = ()
    """Shares of that sector, or of all, with the largest net foreign buying, largest first."""
    sold: tuple[SymbolName, ...] = ()
    """Shares of that sector, or of all, with the largest net foreign selling, largest first."""


class WhaleActivity(ToolResult):
    """Trading far above its usual size over one window."""

    sector: str | None = None
    unusual: tuple[SymbolName, ...] = ()
    """Shares that traded more than twice their usual value, most unusual first."""
    blocks: tuple[SymbolName, ...] = ()
    """Shares with the largest block trades in the window, largest first; empty without a source of blocks."""


def get_foreign_flow(
    desk: Desk, *, timeframe: AskedWindow, sector: AskedSector = None
) -> ForeignFlow:
    """Net foreign buying by sector, or of one sector and its most bought and sold shares."""
    code = _asked_sector(desk, sector)
    gaps = missing_window(desk, timeframe) if desk.vocabulary.has_flows else no_flows()
    if gaps:
        return ForeignFlow(tool="get_foreign_flow", market=desk.stamp, gaps=gaps, sector=code)
    wanted = []
    for entity in (MARKET_ENTITY, *_sectors(desk, code)):
        wanted += [f"{entity}.{metric}.{timeframe}" for metric in (*_FLOW_METRICS, "return")]
        if entity != MARKET_ENTITY:
            wanted.append(f"{entity}.rel_return.{timeframe}")
    net = _by_share(desk, code, trading.flow_window_value, timeframe)
    bought = _largest(net, sign=1)
    sold = _largest(net, sign=-1)
    for symbol in (*bought, *sold):
        wanted += [f"{symbol}.{metric}.{timeframe}" for metric in _FLOW_METRICS]
    facts, more_gaps = desk.facts.collect(wanted)
    return ForeignFlow(
        tool="get_foreign_flow",
        market=desk.stamp,
        facts=facts,
        gaps=more_gaps,
        notes=desk.facts.notes(facts),
        sector=code,
        bought=named(desk, bought),
        sold=named(desk, sold),
    )


def get_whale_activity(
    desk: Desk, *, timeframe: AskedWindow, sector: AskedSector = None
) -> WhaleActivity:
    """Traded value against its 20-day mean, by sector, the shares that trade unusually, and block trades."""
    code = _asked_sector(desk, sector)
    gaps = _no_trading(desk) or missing_window(desk, timeframe)
    if gaps:
        return WhaleActivity(tool="get_whale_activity", market=desk.stamp, gaps=gaps, sector=code)
    unusual = _unusual(desk, code, dict.fromkeys((timeframe, "1D")))
    entities = (*_sectors(desk, code), *unusual)
    wanted = [f"{entity}.whale_ratio.{timeframe}" for entity in entities]
    wanted += [f"{entity}.return.{timeframe}" for entity in entities]
    wanted += [f"{symbol}.whale_ratio.1D" for symbol in unusual if timeframe != "1D"]
    blocks = _blocks(desk, code, timeframe)
    if blocks:
        entities = (code or MARKET_ENTITY, *blocks)
        wanted += [f"{entity}.{BLOCK_VALUE}.{timeframe}" for entity in entities]
    facts, more_gaps = desk.facts.collect(wanted)
    whole = desk.facts.get(f"{MARKET_ENTITY}.whale_ratio.{timeframe}")
    return WhaleActivity(
        tool="get_whale_activity",
        market=desk.stamp,
        facts=facts if code or isinstance(whole, Gap) else (whole, *facts),
        gaps=more_gaps,
        notes=(*_how_to_read(desk, unusual), *desk.facts.notes(facts)),
        sector=code,
        unusual=named(desk, unusual),
        blocks=named(desk, blocks),
    )


def named(desk: Desk, symbols: Iterable[str]) -> tuple[SymbolName, ...]:
    """Return the names of `symbols`, in their order."""
    known = {row.symbol: row for row in desk.vocabulary.symbols}
    return tuple(known[symbol] for symbol in symbols if symbol in known)


def _asked_sector(desk: Desk, sector: str | None) -> str | None:
    return sector_named(desk, sector) if sector and sector.strip() else None


def _sectors(desk: Desk, code: str | None) -> tuple[str, ...]:
    return (code,) if code else desk.view.sector_codes


def no_flows() -> tuple[Gap]:
    """Return the gap of a market that knows no foreign flow."""
    return (
        Gap(
            what="foreign flow",
            why="this market has no foreign flow data",
            effect="what foreigners buy and sell is unknown, and no other number stands in for it",
        ),
    )


def _no_trading(desk: Desk) -> tuple[Gap, ...]:
    if desk.vocabulary.has_trading:
        return ()
    return (
        Gap(
            what="unusual trading",
            why="this market has no volume or traded value",
            effect="unusually large trading cannot be seen, and no other number stands in for it",
        ),
    )


def _by_share(
    desk: Desk, code: str | None, measure: Callable[..., pd.DataFrame], period: str
) -> dict[str, float]:
    """Return the newest value of one measure for every share, or every share of one sector."""
    shares = tuple(
        row.symbol
        for row in desk.vocabulary.symbols
        if row.kind == "stock" and (code is None or row.sector == code)
    )
    panel = measure(desk.view, period, shares) if shares else None
    if panel is None or panel.empty:
        return {}
    return {str(symbol): float(value) for symbol, value in panel.iloc[-1].dropna().items()}


def _largest(net: dict[str, float], *, sign: int) -> tuple[str, ...]:
    """Return the symbols with the largest net value of one sign, largest first, ties by symbol."""
    one_sided = [symbol for symbol, value in net.items() if sign * value > 0]
    ranked = sorted(one_sided, key=lambda symbol: (-sign * net[symbol], symbol))
    return tuple(ranked[:_TOP_FLOWS])


def _unusual(desk: Desk, code: str | None, periods: Iterable[str]) -> tuple[str, ...]:
    """Return the shares whose ratio on the last day or over the window is above twice the usual."""
    highest: dict[str, float] = {}
    for period in periods:
        for symbol, ratio in _by_share(desk, code, trading.whale_ratio, period).items():
            if ratio > UNUSUAL:
                highest[symbol] = max(ratio, highest.get(symbol, 0.0))
    return tuple(sorted(highest, key=lambda symbol: (-highest[symbol], symbol))[:_TOP_WHALES])


def _blocks(desk: Desk, code: str | None, timeframe: str) -> tuple[str, ...]:
    """Return the shares with the largest block trades, largest first, where a source tells of any."""
    if signals.BLOCK_TRADES not in desk.vocabulary.signals:
        return ()
    return _largest(_by_share(desk, code, signals.block_value, timeframe), sign=1)


def _how_to_read(desk: Desk, unusual: tuple[str, ...]) -> tuple[str, ...]:
    if desk.vocabulary.has_shares and not unusual:
        return ("No share traded more than twice its usual value.",)
    return ("A day that trades more than twice its usual value is unusual.",)
