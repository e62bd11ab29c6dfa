"""What a brief alone still says of the request it was made from.

A brief carries facts and the scorecard, but neither the names of sectors in its reader's language
nor which of them the question was about. Both stand in its Markdown: a row of the heatmap, and a
column of the reasons, belong to the sector whose facts they show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brains.base import ComposeRequest, PlannedCall
from agent.brief.labels import label
from agent.brief.slots import render_value
from agent.slack.blocks.parts import Grid
from tools.contracts import HORIZONS, Fact, MarketStamp, SectorName, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agent.brief.model import Brief
    from agent.slack.blocks.page import Page

WINDOWS = ("1D", "1W", "1M", "3M")


def request_of(brief: Brief, page: Page) -> ComposeRequest:
    """Return a request with everything that the blocks of a brief are made from."""
    market = brief.market
    facts = {key: Fact(id=key, **fact.model_dump()) for key, fact in brief.facts.items()}
    scored = {row.sector: row.name for row in brief.scorecard.sectors} if brief.scorecard else {}
    seen = dict(_seen(page, facts, brief))
    measured = {fact.entity: fact.entity for fact in facts.values() if fact.metric == "rel_return"}
    names = {**measured, **scored, **seen}
    ends = any(section.kind == "ends" for section in page.sections)
    everything = ends or len(seen) >= len(scored or measured)
    return ComposeRequest(
        question=brief.question,
        language=brief.language,
        intent=brief.intent,
        intents=brief.intents,
        market=MarketStamp(**market.model_dump(), last_day=market.as_of, currency=""),
        horizon=brief.horizon,
        vocabulary=_vocabulary(brief, names),
        facts=facts,
        scorecard=brief.scorecard,
        gaps=brief.gaps,
        plan=tuple(
            PlannedCall(tool=entry.tool, arguments=entry.arguments, origin=entry.origin)
            for entry in brief.plan
        ),
        sectors=() if everything else tuple(seen),
        mandate=brief.mandate,
        clarification=brief.clarification,
    )


def _vocabulary(brief: Brief, names: Mapping[str, str]) -> Vocabulary:
    return Vocabulary(
        market_id=brief.market.id,
        market_name=brief.market.name,
        currency="",
        monthly=False,
        sectors=tuple(
            SectorName(code=code, name=name, name_vi=name) for code, name in names.items()
        ),
        symbols=(),
        series=(),
        series_aliases={},
        has_flows=False,
        has_shares=False,
        has_trading=False,
    )


def _seen(page: Page, facts: Mapping[str, Fact], brief: Brief) -> Iterator[tuple[str, str]]:
    """Yield code and name of every sector that a heatmap or the reasons show."""
    codes = list(dict.fromkeys(fact.entity for fact in facts.values()))
    for section in page.sections:
        grid = next((part for part in section.parts if isinstance(part, Grid)), None)
        if grid is None:
            continue
        if section.kind in {"heatmap", "ends"}:
            wanted = [(row[0], _heat(grid.header, row, brief)) for row in grid.rows]
        elif section.kind == "rationale":
            score = f"score.{brief.horizon}"
            last = zip(grid.header[1:], grid.rows[-1][1:], strict=True)
            wanted = [(name, {score: shown}) for name, shown in last]
        else:
            continue
        for name, cells in wanted:
            code = next((code for code in codes if _shows(code, cells, facts, brief)), None)
            if code is not None:
                codes.remove(code)
                yield code, name
        return


def _heat(header: tuple[str, ...], row: tuple[str, ...], brief: Brief) -> dict[str, str]:
    """Return the numbers of a row by the metric and window of their columns."""
    chance = label("chance", brief.language)
    metrics = {window: f"rel_return.{window}" for window in WINDOWS}
    metrics |= {f"{chance} {horizon}": f"probability.{horizon}" for horizon in HORIZONS}
    return {
        metrics[heading]: cell.partition(" ")[0]
        for heading, cell in zip(header, row, strict=True)
        if heading in metrics
    }


def _shows(code: str, cells: Mapping[str, str], facts: Mapping[str, Fact], brief: Brief) -> bool:
    """Whether these numbers are those of a sector."""
    missing = label("missing", brief.language)
    for key, shown in cells.items():
        fact = facts.get(f"{code}.{key}")
        fine = key.startswith("score.")
        is_known = missing if fact is None else render_value(fact, brief.language, fine=fine)
        if is_known != shown:
            return False
    return bool(cells)
