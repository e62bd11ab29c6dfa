"""Small values that the tests share: a market of three sectors, a question, a request for prose."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from agent.brains.base import ComposeRequest, Draft, PlanDraft, PlannedCall, PlanRequest, ToolSpec
from agent.brains.openai import OpenAIBrain
from tools.contracts import Fact, Gap, MarketStamp, SectorName, SymbolName, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.brains.base import Brain, Progress

DAY = date(2019, 12, 31)
STAMP = MarketStamp(
    id="toy",
    name="Toy market",
    as_of=DAY,
    last_day=DAY,
    benchmark="SPY",
    currency="USD",
    simulated=False,
)
KEY = "sk-a-key-that-nobody-may-ever-see"
VOCABULARY = Vocabulary(
    market_id="toy",
    market_name="Toy market",
    currency="USD",
    monthly=False,
    sectors=(
        SectorName(code="10", name="Energy", name_vi="Năng lượng", proxy="XLE"),
        SectorName(code="40", name="Financials", name_vi="Tài chính", proxy="XLF"),
        SectorName(code="45", name="Information Technology", name_vi="Công nghệ", proxy="XLK"),
    ),
    symbols=(SymbolName(symbol="AAA", name="Triple A", sector="45"),),
    series=("CPI",),
    series_aliases={},
    has_flows=True,
    has_shares=True,
    has_trading=True,
)
TOOLS = (
    ToolSpec(
        name="get_market_overview",
        description="The market over a window.",
        input_schema={
            "type": "object",
            "title": "Arguments",
            "properties": {
                "timeframe": {"type": "string", "enum": ["1D", "1W"], "title": "Timeframe"}
            },
            "required": ["timeframe"],
        },
    ),
    ToolSpec(
        name="get_foreign_flow",
        description="What foreigners buy and sell.",
        input_schema={"type": "object", "properties": {"timeframe": {"type": "string"}}},
    ),
)
OFFLINE = PlanDraft(
    intent="brief",
    intents=("brief",),
    language="en",
    calls=(PlannedCall(tool="get_market_overview", arguments={"timeframe": "1M"}, reason="asked"),),
    sectors=("10",),
    notes=("a note",),
    quoted=("5",),
)


class Planner:
    """Stands for the offline brain: one plan for every question."""

    name = "offline"
    model: str | None = None

    def __init__(self, draft: PlanDraft = OFFLINE) -> None:
        self.draft = draft

    async def plan(self, request: PlanRequest, *, progress: Progress | None = None) -> PlanDraft:
        return self.draft

    async def compose(
        self,
        request: ComposeRequest,
        *,
        problems: tuple[str, ...] = (),
        progress: Progress | None = None,
    ) -> Draft:
        raise AssertionError("the brain under test writes its own prose")


async def no_wait(_seconds: float) -> None:
    """Wait not at all."""


def brain(base_url: str, *, planner: Brain | None = None, **given: Any) -> OpenAIBrain:
    """Return a brain that asks a server on loopback and never waits."""
    return OpenAIBrain(
        model="scripted",
        api_key=KEY,
        base_url=base_url,
        planner=planner or Planner(),
        sleep=no_wait,
        **given,
    )


def question(text: str = "Which sectors lead?", **given: Any) -> PlanRequest:
    """Return a request for a plan."""
    return PlanRequest(question=text, vocabulary=VOCABULARY, tools=TOOLS, as_of=DAY, **given)


def fact(
    entity: str, metric: str, period: str | None, value: float, unit: str = "fraction"
) -> Fact:
    """Return a fact of the toy market."""
    return Fact(
        id=".".join(part for part in (entity, metric, period) if part),
        value=value,
        unit=unit,
        entity=entity,
        metric=metric,
        period=period,
        observed_on=DAY,
        published_on=DAY,
        source="toy/prices.parquet",
    )


FACTS = (
    fact("MARKET", "return", "1M", 0.021),
    fact("10", "rel_return", "1M", -0.034),
    fact("45", "rel_return", "1M", 0.012),
    fact("45", "rel_return", "1W", 0.004),
)


def prose(facts: Sequence[Fact] = FACTS, **given: Any) -> ComposeRequest:
    """Return a request for prose."""
    values: dict[str, Any] = {
        "question": "Which sectors lead?",
        "language": "en",
        "intent": "brief",
        "market": STAMP,
        "horizon": "1M",
        "vocabulary": VOCABULARY,
        "facts": {one.id: one for one in facts},
        "gaps": (Gap(what="flows", why="the feed is late", effect="confidence is lower"),),
        "notes": ("traded value is an estimate",),
    }  # fmt: skip
    return ComposeRequest(**{**values, **given})
