"""Stand-ins that a test passes in: a tool server, a brain, a scoring model, a clock."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import anyio

from tools.contracts import (
    Fact,
    FlowTimeframe,
    Gap,
    HeatmapPeriod,
    Horizon,
    MarketStamp,
    Scorecard,
    SectorName,
    SectorScore,
    SymbolName,
    Timeframe,
    ToolResult,
    Vocabulary,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.brains.base import ComposeRequest, Draft, PlanDraft, PlanRequest, Progress

T = TypeVar("T")
AS_OF = date(2020, 6, 30)
STAMP = MarketStamp(
    id="toy",
    name="Toy market",
    as_of=AS_OF,
    last_day=AS_OF,
    benchmark="TOY",
    currency="USD",
    simulated=False,
)
VOCABULARY = Vocabulary(
    market_id="toy",
    market_name="Toy market",
    currency="USD",
    monthly=False,
    sectors=(
        SectorName(code="10", name="Energy", name_vi="Năng lượng"),
        SectorName(code="40", name="Financials", name_vi="Tài chính"),
    ),
    symbols=(SymbolName(symbol="OILX", name="Oil Example", sector="10"),),
    series=("CPI", "WTI"),
    series_aliases={"OIL": "WTI"},
    has_flows=True,
    has_shares=True,
    has_trading=True,
)


def fact(name: str, value: float | str, unit: str = "fraction") -> Fact:
    """Return a fact of the toy market by its id."""
    from tools.contracts import parse_fact_id

    entity, metric, period = parse_fact_id(name)
    return Fact(
        id=name,
        value=value,
        unit=unit,
        entity=entity,
        metric=metric,
        period=period,
        observed_on=AS_OF,
        published_on=AS_OF,
        source="toy/prices.parquet",
    )


FACTS: dict[str, tuple[Fact, ...]] = {
    "get_market_overview": (fact("MARKET.return.1M", 0.021), fact("MARKET.return.1W", -0.004)),
    "get_sector_heatmap": tuple(
        fact(f"{code}.rel_return.{window}", value)
        for code, base in (("10", 0.031), ("40", -0.018))
        for window, value in (("1D", base / 9), ("1W", base / 3), ("1M", base), ("3M", base * 2))
    ),
    "get_macro_indicators": (fact("MACRO.CPI.latest", 2.4, "percent"),),
    "get_foreign_flow": (fact("10.foreign_net_ratio.1M", 0.05),),
    "get_whale_activity": (fact("10.whale_ratio.1M", 1.4, "ratio"),),
    "get_sector_forecast": (
        fact("10.rs_ratio", 102.0, "index"),
        fact("40.rs_ratio", 98.5, "index"),
    ),
    "explain_sector": (),
}


@dataclass
class ToolServer:
    """A real MCP server with six tools of canned facts that wait, fail or crash when told to."""

    wait_seconds: float = 0.0
    failing: set[str] = field(default_factory=set)
    down: set[str] = field(default_factory=set)
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)

    def build(self) -> Any:
        """Return the server."""
        from mcp.server.mcpserver import MCPServer

        server = MCPServer("toy")
        owner = self

        async def answer(tool: str) -> ToolResult:
            owner.calls[tool] += 1
            await anyio.sleep(owner.wait_seconds)
            if tool in owner.failing:
                raise ValueError(f"{tool} is broken today")
            if tool in owner.down:
                await anyio.sleep(3600)
            return ToolResult(
                tool=tool, market=STAMP, facts=FACTS[tool], notes=tuple(owner.notes.get(tool, ()))
            )

        @server.tool()
        async def get_market_overview(timeframe: Timeframe) -> ToolResult:
            """Overview."""
            return await answer("get_market_overview")

        @server.tool()
        async def get_sector_heatmap(period: HeatmapPeriod) -> ToolResult:
            """Heatmap."""
            return await answer("get_sector_heatmap")

        @server.tool()
        async def get_macro_indicators(indicator_list: list[str]) -> ToolResult:
            """Macro."""
            return await answer("get_macro_indicators")

        @server.tool()
        async def get_foreign_flow(
            timeframe: FlowTimeframe, sector: str | None = None
        ) -> ToolResult:
            """Flow."""
            return await answer("get_foreign_flow")

        @server.tool()
        async def get_whale_activity(
            timeframe: FlowTimeframe, sector: str | None = None
        ) -> ToolResult:
            """Unusual trading."""
            return await answer("get_whale_activity")

        @server.tool()
        async def get_sector_forecast(horizon: Horizon) -> ToolResult:
            """Forecast."""
            return await answer("get_sector_forecast")

        return server


class ToyScoring:
    """A scoring model of one input: the relative-strength ratio above 100."""

    def score(
        self, facts: Mapping[str, Fact], horizon: Horizon, *, exclude_groups: tuple[str, ...] = ()
    ) -> Scorecard:
        """Rank by the ratio."""
        values = {
            code: float(facts[f"{code}.rs_ratio"].value) / 100.0 - 1.0
            for code in ("10", "40")
            if f"{code}.rs_ratio" in facts
        }
        ranked = sorted(values, key=lambda code: (-values[code], code))
        names = {"10": "Energy", "40": "Financials"}
        return Scorecard(
            model="toy/1",
            artefact="0",
            base_value=0.0,
            horizon=horizon,
            sectors=tuple(
                SectorScore(
                    sector=code,
                    name=names[code],
                    rank=place,
                    score=values[code],
                    probability=0.5,
                    expected=0.0,
                    low=-0.05,
                    high=0.05,
                    call="none",
                    confidence="low",
                    quadrant=None,
                    contributions={"rotation": values[code]},
                    flip=None,
                    flip_reason="no call",
                )
                for place, code in enumerate(ranked, start=1)
            ),
        )

    def facts(self, scorecard: Scorecard) -> tuple[Fact, ...]:
        """Return rank and score as facts."""
        horizon = scorecard.horizon
        return (
            *tuple(
                fact(f"{row.sector}.{metric}.{horizon}", value, unit)
                for row in scorecard.sectors
                for metric, value, unit in (
                    ("rank", float(row.rank), "rank"),
                    ("score", row.score, "log-odds"),
                    ("probability", row.probability, "fraction"),
                    ("expected", row.expected, "fraction"),
                    ("low", row.low, "fraction"),
                    ("high", row.high, "fraction"),
                    ("contribution.rotation", row.contributions["rotation"], "log-odds"),
                )
            ),
            fact(f"MARKET.base_value.{horizon}", scorecard.base_value, "log-odds"),
        )


@dataclass
class ScriptedBrain:
    """A brain that plans and writes what it is told, in order; the last draft repeats."""

    plans: list[PlanDraft | Exception]
    drafts: list[Draft | Exception]
    name: str = "scripted"
    model: str | None = "scripted"
    asked: list[PlanRequest] = field(default_factory=list)
    composed: list[tuple[ComposeRequest, tuple[str, ...]]] = field(default_factory=list)

    async def plan(self, request: PlanRequest, *, progress: Progress | None = None) -> PlanDraft:
        """Return the next plan."""
        self.asked.append(request)
        return _said(self.plans[min(len(self.asked), len(self.plans)) - 1])

    async def compose(
        self,
        request: ComposeRequest,
        *,
        problems: tuple[str, ...] = (),
        progress: Progress | None = None,
    ) -> Draft:
        """Return the next draft."""
        self.composed.append((request, problems))
        return _said(self.drafts[min(len(self.composed), len(self.drafts)) - 1])


def _said(value: T | Exception) -> T:
    if isinstance(value, Exception):
        raise value
    return value


@dataclass
class Clock:
    """Seconds that pass only when a test says so."""

    seconds: float = 0.0
    ticks: Any = field(default_factory=itertools.count)

    def __call__(self) -> float:
        """Return the time."""
        return self.seconds


GAP = Gap(what="a thing", why="it is missing", effect="the answer is shorter")
