"""Briefs to make reports of: the requests of the brief's own tests, with tails and a record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.brief.compose import write
from agent.brief.markdown import render
from agent.brief.model import Brief, BriefFact, BriefMarket, Usage
from agent.reports.data import ReportData, report_data
from tests.agent.brief import requests
from tools.contracts import SectorName

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest
    from agent.brief.model import Language

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=https://evil.example/x onerror=alert(2)>',
    "![x](https://evil.example/y) [a](javascript:alert(3))",
    "{{ 7 * 7 }} | *bold* </script><!-- $x^2$ &lt;b&gt;",
)


class Made(NamedTuple):
    """A brief with what a report shows beside it."""

    brief: Brief
    data: ReportData
    request: ComposeRequest


def made(request: ComposeRequest, *, simulated: bool = False) -> Made:
    """Return the brief of a request."""
    market = request.market
    brief = Brief(
        run_id="20221231-090000-abcdef",
        thread_id="t",
        question=request.question,
        language=request.language,
        intent=request.intent,
        clarification=request.clarification,
        market=BriefMarket(
            id=market.id, name=market.name, as_of=market.as_of, benchmark=market.benchmark,
            simulated=simulated,
        ),
        horizon=request.horizon,
        facts={key: BriefFact.of(fact) for key, fact in request.facts.items()},
        scorecard=request.scorecard,
        gaps=request.gaps,
        markdown=render(request, write(request)),
        usage=Usage(),
    )  # fmt: skip
    return Made(brief, report_data(brief, request), request)


def report(language: Language = "en", **changes: Any) -> Made:
    """Return a full report with tails and a record."""
    request = requests.request_of(**{"language": language, **changes})
    codes = [sector.code for sector in request.vocabulary.sectors]
    return made(request.model_copy(update={"answers": answers(codes)}))


def answers(codes: list[str]) -> dict[str, dict[str, Any]]:
    """Return what tools answered beside their facts: tails and the model's record."""
    return {
        "get_sector_rotation": {"tails": {code: tail(at) for at, code in enumerate(codes)}},
        "get_sector_forecast": {"horizon": "1M", "record": record()},
    }


def tail(at: int) -> list[dict[str, Any]]:
    """Return a tail of eight weeks that ends in a quadrant of its own."""
    sides = ((1, 1), (-1, 1), (-1, -1), (1, -1))
    x, y = sides[at % 4]
    far = 1.0 + at / 5
    return [
        {
            "day": date(2022, 12, 30) - timedelta(weeks=7 - week),
            "rs_ratio": 100 + x * far * week / 7,
            "rs_momentum": 100 + y * far * (week - 3) / 4,
        }
        for week in range(8)
    ]


def record() -> dict[str, Any]:
    """Return a record as the forecast tool gives it."""
    rates = ((0.0076, 0.5142), (0.0228, 0.5229), (0.0415, 0.5434))
    return {
        "first": "2016-04-05", "last": "2022-05-29", "dates": 300, "mean_ic": 0.05,
        "ic_low": 0.01, "ic_high": 0.09, "call_share": 0.8, "calls": _hits(4842, 0.5268),
        "bins": [{"from_edge": edge, "record": _hits(1614, rate)} for edge, rate in rates],
    }  # fmt: skip


def _hits(n: int, rate: float) -> dict[str, Any]:
    return {
        "n": n, "hits": round(n * rate), "blocks": 80, "rate": rate, "low": rate - 0.03,
        "high": rate + 0.03, "base_rate": 0.51,
    }  # fmt: skip


def renamed(names: tuple[str, ...], language: Language = "en") -> Made:
    """Return a report whose sectors have these names."""
    card = requests.scorecard()
    vocabulary = requests.VOCABULARY.model_copy(
        update={
            "sectors": tuple(
                SectorName(code=sector.code, name=name, name_vi=name)
                for sector, name in zip(requests.SECTORS, names, strict=False)
            )
        }
    )
    known = {sector.code: sector.name for sector in vocabulary.sectors}
    rows = [row.model_copy(update={"name": known[row.sector]}) for row in card.sectors]
    changed = card.model_copy(update={"sectors": tuple(rows)})
    return report(language, vocabulary=vocabulary, scorecard=changed)


def market_of(count: int, name: str = "Consumer discretionary and services no. {}") -> Made:
    """Return a report of a market with so many sectors, all of the first's numbers."""
    base = requests.request_of()
    first = requests.scorecard().sectors[0]
    codes = [f"{100 + at}" for at in range(count)]
    facts = {
        moved: fact.model_copy(update={"id": moved, "entity": code})
        for code in codes
        for key, fact in base.facts.items()
        if fact.entity == first.sector and (moved := key.replace(first.sector, code, 1))
    }
    rows = tuple(
        first.model_copy(
            update={"sector": code, "name": name.format(at), "rank": at + 1, "flip": None}
        )
        for at, code in enumerate(codes)
    )
    vocabulary = requests.VOCABULARY.model_copy(
        update={
            "sectors": tuple(
                SectorName(code=code, name=name.format(at)) for at, code in enumerate(codes)
            )
        }
    )
    market = {key: fact for key, fact in base.facts.items() if fact.entity == "MARKET"}
    return report(
        facts={**facts, **market},
        scorecard=requests.scorecard().model_copy(update={"sectors": rows}),
        vocabulary=vocabulary,
    )
