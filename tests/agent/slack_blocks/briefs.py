"""Briefs as far out as they come: by hand from the shapes of answers, and drawn at random."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from agent.brains.base import PlannedCall
from agent.brief.compose import write
from agent.brief.markdown import render
from agent.brief.model import Brief, BriefFact, BriefMarket, PlanEntry
from tests.agent.brief import requests
from tests.agent.brief.requests import STAMP, VOCABULARY, fact, request_of
from tools.contracts import Gap, Scorecard, SectorName, SectorScore

if TYPE_CHECKING:
    from collections.abc import Callable

    from agent.brains.base import ComposeRequest
    from agent.brief.model import Intent, Language
    from tools.contracts import Fact

RUN_ID = "20221231-084500-abcdef"
NAMES = (
    "Banks",
    "Điện, nước & xăng dầu khí đốt",
    "Công nghệ Thông tin 🚀",
    "Utilities | water * power _ gas ~ `heat`",
    "<!channel> & <@U012AB3CD> <https://example.com|here>",
    "@here #general https://example.com/a?b=1&c=2",
    "銀行・証券・保険",
    "\u202eReversed\u202c and \u200b nothing",
    "A" * 200,
    "Ngành có tên rất dài " * 10,
    "**bold** # heading > quote",
    "x",
)
GROUPS = ("trend", "flow", "risk", "breadth", "macro", "rotation", "other")


def brief_of(request: ComposeRequest) -> Brief:
    """Return the brief of a request, as the graph makes it."""
    market = request.market
    return Brief(
        run_id=RUN_ID,
        thread_id="T1:C1:1.0",
        question=request.question,
        language=request.language,
        intent=request.intent,
        intents=request.intents or (request.intent,),
        clarification=request.clarification,
        market=BriefMarket(
            id=market.id,
            name=market.name,
            as_of=market.as_of,
            benchmark=market.benchmark,
            simulated=market.simulated,
        ),
        horizon=request.horizon,
        plan=tuple(
            PlanEntry(tool=call.tool, arguments=call.arguments, origin=call.origin)
            for call in request.plan
        ),
        facts={name: BriefFact.of(one) for name, one in sorted(request.facts.items())},
        mandate=request.mandate,
        scorecard=request.scorecard,
        gaps=request.gaps,
        markdown=render(request, write(request)),
    )


Numbers = st.one_of(
    st.floats(-0.5, 0.5),
    st.floats(-1e-7, 1e-7),
    st.floats(-1e6, 1e6),
    st.sampled_from([0.0, -0.0, 0.0004, -0.00049, 12345.678]),
)
Chances = st.floats(0.001, 0.999)


@st.composite
def extreme_requests(draw: st.DrawFn) -> ComposeRequest:
    """Draw a request with up to 25 sectors, odd names, missing and huge numbers, and many gaps."""
    n_sectors = draw(st.integers(1, 25))
    language: Language = draw(st.sampled_from(["en", "vi"]))
    sectors = tuple(_sector(draw, at) for at in range(n_sectors))
    facts = [fact("MARKET.return.1M", draw(Numbers)), fact("MARKET.base_value.1M", 0.02)]
    for sector in sectors:
        facts += _moves(draw, sector.code)
    card = None
    if draw(st.booleans()):
        card, more = _scored(draw, sectors)
        facts += more
    gaps = tuple(
        Gap(
            what=draw(st.sampled_from(NAMES)), why="it is not there " * size, effect="less is known"
        )
        for size in draw(st.lists(st.integers(1, 40), max_size=30))
    )
    changes: dict[str, Any] = {
        "facts": {one.id: one for one in facts},
        "scorecard": card,
        "gaps": gaps,
        "vocabulary": VOCABULARY.model_copy(update={"sectors": sectors}),
        "market": STAMP.model_copy(update={"simulated": draw(st.booleans())}),
        "sectors": tuple(s.code for s in sectors[: draw(st.integers(0, 3))]),
    }
    if draw(st.booleans()):
        changes["answers"] = {"other": {"quote": _quote(draw)}}
    intents: list[Intent] = ["brief", "rotation", "compare", "explain", "portfolio"]
    return request_of(draw(st.sampled_from(intents)), language, **changes)


def _sector(draw: st.DrawFn, at: int) -> SectorName:
    odd = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
    name = draw(st.one_of(st.sampled_from(NAMES), odd))
    # Braces are the marks of slots, and no market's name has them.
    plain = " ".join(name.replace("{", "(").replace("}", ")").split()) or "x"
    return SectorName(code=f"S{at:02}", name=f"{plain} {chr(65 + at)}", name_vi=plain)


def _moves(draw: st.DrawFn, code: str) -> list[Fact]:
    windows = draw(st.sets(st.sampled_from(["1D", "1W", "1M", "3M"])))
    found = [fact(f"{code}.rel_return.{window}", draw(Numbers)) for window in sorted(windows)]
    if draw(st.booleans()):
        found.append(fact(f"{code}.foreign_net_ratio.1M", draw(Numbers)))
    return found


def _scored(draw: st.DrawFn, sectors: tuple[SectorName, ...]) -> tuple[Scorecard, list[Fact]]:
    rows, facts = [], []
    for rank, sector in enumerate(sectors, 1):
        weights = {group: draw(Numbers) for group in draw(st.sets(st.sampled_from(GROUPS)))}
        numbers = {
            "score": draw(Numbers),
            "probability": draw(Chances),
            "expected": draw(Numbers),
            "low": draw(Numbers),
            "high": draw(Numbers),
        }
        rows.append(
            SectorScore(
                sector=sector.code,
                name=sector.name,
                rank=rank,
                **numbers,
                call=draw(st.sampled_from(["outperform", "underperform", "none"])),
                confidence=draw(st.sampled_from(["high", "medium", "low"])),
                quadrant=None,
                contributions=weights,
                flip=None,
            )
        )
        told = {
            **numbers,
            "rank": float(rank),
            **{f"contribution.{group}": weight for group, weight in weights.items()},
        }
        facts += [fact(f"{sector.code}.{metric}.1M", value) for metric, value in told.items()]
        facts += [fact(f"{sector.code}.probability.{h}", draw(Chances)) for h in ("1W", "3M")]
    card = Scorecard(
        model="composite", artefact="0f", base_value=0.02, horizon="1M", sectors=tuple(rows)
    )
    return card, facts


def _quote(draw: st.DrawFn) -> dict[str, Any]:
    line = draw(st.sampled_from([*NAMES, "``` fence", "| a | b |", "# heading", "> quote"]))
    return {
        "server": "elsewhere",
        "tool": "look_up",
        "asked": "everything",
        "retrieved_at": "2022-12-31 08:45 UTC",
        "lines": [f"{line} {at}" for at in range(draw(st.sampled_from([0, 1, 50, 400])))],
    }


def overview(language: Language) -> ComposeRequest:
    """Return a question on the state of the market, of which only the ends are shown."""
    codes = [f"S{at:02}" for at in range(11)]
    return request_of(
        "brief",
        language,
        facts=requests.only(
            fact("MARKET.return.1D", 0.012),
            *(fact(f"{code}.rel_return.1D", at / 300 - 0.017) for at, code in enumerate(codes)),
        ),
        scorecard=None,
        gaps=(),
        vocabulary=VOCABULARY.model_copy(
            update={
                "sectors": tuple(
                    SectorName(code=code, name=f"Sector {code}", name_vi=f"Ngành {code}")
                    for code in codes
                )
            }
        ),
        plan=(PlannedCall(tool="get_market_overview", arguments={"timeframe": "1D"}),),
    )


def every_request(language: Language) -> dict[str, ComposeRequest]:
    """Return a request of every shape of answer, by name."""
    made: dict[str, Callable[[], ComposeRequest]] = {
        "brief": lambda: request_of("brief", language),
        "focus": lambda: request_of("brief", language, sectors=("9500",)),
        "compare": lambda: request_of("compare", language, sectors=("8300", "8600")),
        "explain": lambda: request_of("explain", language, sectors=("8600",)),
        "flow": lambda: requests.narrow("flow", language),
        "macro": lambda: requests.narrow("macro", language),
        "whale": lambda: requests.narrow("whale", language),
        "stock": lambda: requests.narrow("stock", language),
        "scenario": lambda: requests.scenario(language),
        "backtest": lambda: requests.backtest(language),
        "news": lambda: requests.news(language),
        "blocks": lambda: requests.blocks(language),
        "overview": lambda: overview(language),
        "nothing": lambda: requests.nothing(language),
        "then_and_now": lambda: requests.compared(language),
        "two_questions": lambda: request_of("rotation", language, intents=("rotation", "flow")),
        "no_calls": lambda: requests.no_calls(language),
        "asked_back": lambda: requests.asked_back(language),
        "help": lambda: request_of("help", language, facts={}, scorecard=None, gaps=()),
    }
    return {name: make() for name, make in made.items()}
