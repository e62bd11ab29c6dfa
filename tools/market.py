"""The market and its sectors over trailing windows: the overview and the sector heatmap."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from tools.contracts import (
    HEATMAP_WINDOW,
    MARKET_ENTITY,
    Fact,
    Gap,
    HeatmapPeriod,
    Timeframe,
    ToolResult,
)
from tools.names import fold, symbol_named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.desk import Desk

HEATMAP_WINDOWS: tuple[Timeframe, ...] = ("1D", "1W", "1M", "3M")
FLOW_WINDOWS = ("1D", "1W", "1M")
PATH_WINDOW: Timeframe = "3M"
PATH_STEPS = 12
"""Steps of a path: about a week of a daily market each."""

AskedWindow = Annotated[
    Timeframe, Field(description="Trailing window: 1, 5, 21 or 63 trading days.")
]
AskedPeriod = Annotated[
    HeatmapPeriod, Field(description="Window the sectors are ordered by: 1D, 1W or 1M.")
]
AskedBenchmark = Annotated[
    str | None,
    Field(description="Symbol to compare with besides the market's own benchmark, e.g. VN30."),
]


class MarketOverview(ToolResult):
    """The market over one window, and every sector against it."""

    benchmark_name: str
    """What MARKET is: the benchmark's name, or how it is built."""


class SectorHeatmap(ToolResult):
    """Every sector over the windows of a heatmap."""

    ranked_by: Timeframe
    """Window that `period` means, and that `order` is sorted by."""
    order: tuple[str, ...]
    """Sector codes, best relative return first; empty where the market has no such window."""
    compared_with: str | None = None
    """Symbol of the other benchmark, where one was asked for."""
    paths: dict[str, tuple[float, ...]] = Field(default_factory=dict)
    """Sector → relative return since three months ago at each of `path_days`; the last is its ``rel_return.3M``."""
    path_days: tuple[date, ...] = ()
    """Evenly spaced days of those three months, oldest first; empty where the past is shorter."""


def benchmark_name(desk: Desk) -> str:
    """Return what MARKET stands for, in words."""
    symbol = desk.stamp.benchmark
    if not symbol:
        return "all shares of the market, weighted"
    names = {row.symbol: row.name for row in desk.vocabulary.symbols}
    return names.get(symbol) or symbol


def existing_windows(desk: Desk, windows: Iterable[str]) -> tuple[str, ...]:
    """Return the windows this market has; a monthly one has no 1D and no 1W."""
    return tuple(window for window in windows if desk.view.window_rows(window) is not None)


def volatility_windows(desk: Desk) -> tuple[str, ...]:
    """Return the windows of volatility; one monthly return has no spread."""
    return ("3M",) if desk.stamp.monthly else ("1M", "3M")


def missing_window(desk: Desk, window: str) -> tuple[Gap, ...]:
    """Return the gap to name where the market has no such window."""
    if desk.view.window_rows(window) is not None:
        return ()
    return (
        Gap(
            what=f"the {window} window",
            why="this market is monthly and has no daily data",
            effect="nothing can be said about moves shorter than a month",
        ),
    )


def get_market_overview(desk: Desk, *, timeframe: AskedWindow) -> MarketOverview:
    """Return, volatility and drawdown of the market; return and breadth of every sector."""
    gaps = missing_window(desk, timeframe)
    wanted = [f"{MARKET_ENTITY}.volatility.{volatility_windows(desk)[0]}"]
    wanted.append(f"{MARKET_ENTITY}.drawdown.3M")
    if not gaps:
        wanted = [f"{MARKET_ENTITY}.return.{timeframe}", *wanted]
        wanted += _market_flow(desk, timeframe)
    for code in desk.view.sector_codes:
        if not gaps:
            wanted += [f"{code}.return.{timeframe}", f"{code}.rel_return.{timeframe}"]
        if desk.vocabulary.has_shares:
            wanted.append(f"{code}.breadth")
    facts, more_gaps = desk.facts.collect(wanted)
    return MarketOverview(
        tool="get_market_overview",
        market=desk.stamp,
        facts=facts,
        gaps=(*gaps, *more_gaps, *_no_breadth(desk)),
        notes=desk.facts.notes(facts),
        benchmark_name=benchmark_name(desk),
    )


def get_sector_heatmap(
    desk: Desk, *, period: AskedPeriod, benchmark: AskedBenchmark = None
) -> SectorHeatmap:
    """Return and relative return of every sector over 1D, 1W, 1M and 3M, breadth, foreign flow."""
    ranked_by = HEATMAP_WINDOW[period]
    windows = existing_windows(desk, HEATMAP_WINDOWS)
    wanted = [f"{MARKET_ENTITY}.return.{window}" for window in windows]
    for code in desk.view.sector_codes:
        wanted += [f"{code}.{m}.{window}" for window in windows for m in ("return", "rel_return")]
        if desk.vocabulary.has_shares:
            wanted.append(f"{code}.breadth")
        if desk.vocabulary.has_flows and ranked_by in windows:
            wanted.append(f"{code}.foreign_net_ratio.{ranked_by}")
    facts, gaps = desk.facts.collect(wanted)
    other = _other_benchmark(desk, benchmark)
    against = _against(desk, other, windows) if other else ()
    paths, path_days = _paths(desk)
    return SectorHeatmap(
        tool="get_sector_heatmap",
        market=desk.stamp,
        facts=(*facts, *against),
        gaps=(
            *missing_window(desk, ranked_by),
            *gaps,
            *_no_breadth(desk),
            *_unmatched(other, against),
        ),
        notes=desk.facts.notes(facts),
        ranked_by=ranked_by,
        order=_ranked(facts, f"rel_return.{ranked_by}"),
        compared_with=other,
        paths=paths,
        path_days=path_days,
    )


def _paths(desk: Desk) -> tuple[dict[str, tuple[float, ...]], tuple[date, ...]]:
    """Return how each sector came to its relative return of three months, and on which days."""
    view = desk.view
    rows, end = view.window_rows(PATH_WINDOW), len(view.days) - 1
    if rows is None or rows > end:
        return {}, ()
    points = min(rows, PATH_STEPS)
    at = [end - rows + round(step * rows / points) for step in range(points + 1)]
    index = view.index[[*view.sector_codes, MARKET_ENTITY]].iloc[at]
    grown = index / index.iloc[0] - 1.0
    ahead = grown.sub(grown[MARKET_ENTITY], axis=0)
    paths = {
        code: tuple(ahead[code].tolist()) for code in view.sector_codes if ahead[code].notna().all()
    }
    return paths, tuple(day.date() for day in view.days[at])


def _market_flow(desk: Desk, timeframe: str) -> list[str]:
    if not desk.vocabulary.has_flows or timeframe not in FLOW_WINDOWS:
        return []
    return [f"{MARKET_ENTITY}.{m}.{timeframe}" for m in ("foreign_net_value", "foreign_net_ratio")]


def _no_breadth(desk: Desk) -> tuple[Gap, ...]:
    if desk.vocabulary.has_shares:
        return ()
    return (
        Gap(
            what="breadth",
            why="this market has no share prices below its sectors",
            effect="how many shares carry a sector's move is unknown",
        ),
    )


def _ranked(facts: Iterable[Fact], metric: str) -> tuple[str, ...]:
    """Return the sectors of the facts whose id ends in `metric`, largest first, ties by code."""
    values = {fact.entity: float(fact.value) for fact in facts if fact.id.endswith(f".{metric}")}
    return tuple(sorted(values, key=lambda code: (-values[code], code)))


def _other_benchmark(desk: Desk, benchmark: str | None) -> str | None:
    """Return the symbol to compare with, or None where it is the market's own benchmark."""
    if benchmark is None or not benchmark.strip():
        return None
    own = {fold(name) for name in (MARKET_ENTITY, desk.stamp.benchmark, benchmark_name(desk))}
    if fold(benchmark) in own:
        return None
    symbol = symbol_named(desk, benchmark)
    return None if symbol == desk.stamp.benchmark else symbol


def _against(desk: Desk, symbol: str, windows: Iterable[str]) -> tuple[Fact, ...]:
    """Return each sector's return minus that of `symbol`; the relative return stays as it is."""
    # A dot in a symbol would end the metric early when the id is read from the right.
    metric = f"rel_return_vs_{symbol.replace('.', '-')}"
    differences = []
    for window in windows:
        other = desk.facts.get(f"{symbol}.return.{window}")
        for code in desk.view.sector_codes:
            own = desk.facts.get(f"{code}.return.{window}")
            if isinstance(own, Gap) or isinstance(other, Gap):
                continue
            differences.append(
                Fact(
                    id=f"{code}.{metric}.{window}",
                    value=float(own.value) - float(other.value),
                    unit=own.unit,
                    entity=code,
                    metric=metric,
                    period=window,
                    observed_on=own.observed_on,
                    published_on=max(own.published_on, other.published_on),
                    source=own.source,
                )
            )
    return tuple(differences)


def _unmatched(symbol: str | None, against: tuple[Fact, ...]) -> tuple[Gap, ...]:
    if symbol is None or against:
        return ()
    return (
        Gap(
            what=f"returns relative to {symbol}",
            why=f"{symbol} has no prices over these windows by this date",
            effect="sectors are compared with the market's own benchmark alone",
        ),
    )
