"""How much of a page an answer gets: a report, or a short answer to a narrow question; and what its title says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.compose import REPORTS
from agent.brief.labels import TITLES, label
from agent.brief.lexicon import entity_name
from agent.brief.prose.news import only_news
from agent.brief.prose.report import BY_SECTOR, OVERVIEW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.brains.base import ComposeRequest
    from agent.brief.evidence import Evidence
    from agent.brief.model import Intent, Language

MOST_NAMED = 3
"""Sectors or shares that a title names at most."""
ENDS = 3
"""Sectors that a short table shows at either end."""
NAMED: Mapping[Language, Mapping[Intent, str]] = {
    "en": {
        "brief": "{names}",
        "rotation": "{names}",
        "portfolio": "{names}",
        "compare": "{names} compared",
        "explain": "Why {names} ranks there",
        "flow": "Foreign flow in {names}",
        "whale": "Trading in {names}",
        "stock": "{names}",
    },
    "vi": {
        "brief": "{names}",
        "rotation": "{names}",
        "portfolio": "{names}",
        "compare": "So sánh {names}",
        "explain": "Vì sao {names} xếp hạng như vậy",
        "flow": "Khối ngoại ở {names}",
        "whale": "Giao dịch ở {names}",
        "stock": "{names}",
    },
}
"""Intent → title of an answer about some sectors or shares."""
AND: Mapping[Language, str] = {"en": "and", "vi": "và"}


def title(evidence: Evidence) -> str:
    """Return what an answer is called: by what was asked, and about whom."""
    request = evidence.request
    language = request.language
    if only_news(request):
        return label("news", language)
    named = NAMED[language].get(request.intent)
    names = _names(evidence)
    if named is not None and names:
        return named.format(names=names)
    if request.intent == "explain" and len(evidence.asked) > 1:
        return label("why_there", language)
    if request.intent in {"brief", "rotation"} and request.scorecard is None:
        return label("market" if is_overview(request) else "leaders", language)
    return TITLES[language][request.intent]


def _names(evidence: Evidence) -> str:
    """Return the sectors or shares of a title; empty where there are none, or too many."""
    request = evidence.request
    entities = request.symbols if request.intent == "stock" else evidence.asked
    if not 0 < len(entities) <= (1 if request.intent == "explain" else MOST_NAMED):
        return ""
    names = [entity_name(one, request.vocabulary, request.language) or one for one in entities]
    link = AND[request.language]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {link} {names[-1]}"


def is_overview(request: ComposeRequest) -> bool:
    """Whether the question was how the market stands, rather than its sectors."""
    tools = {call.tool for call in request.plan}
    return OVERVIEW in tools and not tools & BY_SECTOR


def is_report(evidence: Evidence) -> bool:
    """Whether an answer is a report on the whole market: a ranking that no sector narrows down."""
    request = evidence.request
    broad = REPORTS.intersection((request.intent, *request.intents)) - {"explain", "compare"}
    return bool(evidence.scores) and not evidence.asked and bool(broad)


def report_parts(evidence: Evidence) -> tuple[str, ...]:
    """Return which tables an answer about the ranking gets; a narrow one gets those that answer it."""
    if is_report(evidence):
        return ("heatmap", "ranking", "rationale", "comparison")
    if evidence.request.intent == "explain":
        return ("rationale", "comparison")
    if evidence.request.intent == "compare":
        return ("heatmap", "rationale", "comparison")
    return ("heatmap", "comparison")


def shortened(evidence: Evidence, codes: list[str]) -> list[str]:
    """Return the ends of a list of sectors, where only the state of the market was asked for."""
    short = not evidence.scores and not evidence.asked and is_overview(evidence.request)
    return ends(codes) if short else codes


def ends(codes: list[str]) -> list[str]:
    """Return the first and the last of a list that is longer than both together."""
    return [*codes[:ENDS], *codes[-ENDS:]] if len(codes) > 2 * ENDS + 1 else codes
