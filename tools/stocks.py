"""One symbol looked at closely, and the search for symbols, sectors and series by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from tools.contracts import Frozen, Gap, SymbolName, ToolResult
from tools.errors import ToolInputError
from tools.market import existing_windows, volatility_windows
from tools.names import Instrument, Kind, search, symbol_named

if TYPE_CHECKING:
    from tools.desk import Desk

RETURN_WINDOWS = ("1D", "1W", "1M", "3M", "6M", "12M")
_ROTATION = ("rs_ratio", "rs_momentum", "quadrant")

AskedSymbol = Annotated[
    str,
    Field(
        description="Symbol or name of a share, a sector fund or an index.",
        min_length=1,
        max_length=200,
    ),
]
AskedWords = Annotated[
    str,
    Field(
        description="A name, part of one, a symbol or a code; diacritics do not matter.",
        max_length=200,
    ),
]


class StockAnalysis(ToolResult):
    """Trend, relative strength, risk and flow of one symbol, and where its sector stands."""

    symbol: SymbolName
    """The symbol asked about."""


class Match(Frozen):
    """One thing of the market that sounds like the words searched for."""

    kind: Kind
    code: str
    """What the other tools accept."""
    name: str
    sector: str = ""
    """Code of a symbol's sector."""


class InstrumentSearch(ToolResult):
    """What sounds like the words searched for."""

    query: str
    matches: tuple[Match, ...] = ()
    """Nearest first."""


def get_stock_analysis(desk: Desk, *, symbol: AskedSymbol) -> StockAnalysis:
    """Trend, relative strength, risk, trading and flow of one symbol, and its sector's standing."""
    code = symbol_named(desk, symbol)
    row = next(known for known in desk.vocabulary.symbols if known.symbol == code)
    facts, gaps = desk.facts.collect(_wanted(desk, row))
    return StockAnalysis(
        tool="get_stock_analysis",
        market=desk.stamp,
        facts=facts,
        gaps=(*gaps, *_no_flow_of(desk, row)),
        notes=desk.facts.notes(facts),
        symbol=row,
    )


def search_instruments(desk: Desk, *, query: AskedWords) -> InstrumentSearch:
    """Sectors, symbols and macro series whose name or code sounds like the words searched for."""
    if not query.strip():
        raise ToolInputError("Give a few letters of a name, a symbol or a code to search for.")
    matches = tuple(_described(desk, found) for found in search(desk.vocabulary, query))
    return InstrumentSearch(
        tool="search_instruments",
        market=desk.stamp,
        gaps=() if matches else _nothing_like(desk, query),
        query=query,
        matches=matches,
    )


def _wanted(desk: Desk, row: SymbolName) -> list[str]:
    windows = existing_windows(desk, RETURN_WINDOWS)
    symbol = row.symbol
    benchmark = symbol == desk.stamp.benchmark
    metrics = ("return",) if benchmark else ("return", "rel_return")
    wanted = [f"{symbol}.{metric}.{window}" for window in windows for metric in metrics]
    wanted += [f"{symbol}.volatility.{window}" for window in volatility_windows(desk)]
    wanted += [f"{symbol}.drawdown.3M", f"{symbol}.drawdown.12M"]
    if not benchmark:
        wanted += [f"{symbol}.{metric}" for metric in _ROTATION]
    if desk.vocabulary.has_trading:
        wanted += [f"{symbol}.whale_ratio.{w}" for w in ("1D", "1W") if w in windows]
    if desk.vocabulary.has_flows and row.kind == "stock":
        metrics = ("foreign_net_value", "foreign_net_ratio")
        wanted += [f"{symbol}.{m}.{w}" for w in ("1W", "1M") if w in windows for m in metrics]
    if row.sector:
        wanted += [f"{row.sector}.rel_return.1M", f"{row.sector}.quadrant"]
    return wanted


def _no_flow_of(desk: Desk, row: SymbolName) -> tuple[Gap, ...]:
    if desk.vocabulary.has_flows or row.kind != "stock":
        return ()
    return (
        Gap(
            what=f"foreign flow of {row.symbol}",
            why="this market has no foreign flow data",
            effect="what foreigners buy and sell is unknown",
        ),
    )


def _nothing_like(desk: Desk, query: str) -> tuple[Gap, ...]:
    return (
        Gap(
            what=query,
            why=f"no sector, symbol or series of {desk.stamp.name} sounds like it",
            effect="nothing was found, and nothing is guessed",
        ),
    )


def _described(desk: Desk, found: Instrument) -> Match:
    if found.kind == "series":
        return Match(kind="series", code=found.code, name=found.code)
    if found.kind == "sector":
        names = {sector.code: sector.name for sector in desk.vocabulary.sectors}
        return Match(kind="sector", code=found.code, name=names[found.code])
    row = next(known for known in desk.vocabulary.symbols if known.symbol == found.code)
    return Match(kind="symbol", code=row.symbol, name=row.name, sector=row.sector)
