"""The brief as Markdown: prose with its slots filled, and tables that code renders from facts alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.compose import TALK
from agent.brief.evidence import Evidence
from agent.brief.figures import figures, sources
from agent.brief.gaps import gap_lines, note_lines, note_text
from agent.brief.heatmap import heatmap
from agent.brief.labels import TITLES, label
from agent.brief.ranking import comparison, ranking
from agent.brief.rationale import rationale
from agent.brief.slots import fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from agent.brains.base import ComposeRequest, Draft
    from tools.contracts import Fact

REPORTS = frozenset({"brief", "rotation", "portfolio", "compare", "explain", "track"})
"""Intents answered with a heatmap, ranking and rationale."""
NARROW: dict[str, tuple[str, ...]] = {
    "flow": ("foreign_net_value", "foreign_net_ratio", "rel_return"),
    "whale": ("whale_ratio", "return"),
    "macro": ("latest", "change", "yoy", "surprise"),
    "stock": (),
    "scenario": (),
    "backtest": (),
    "health": (),
}
"""Intent → metrics of its small table; none: every fact that is no part of a scorecard."""
SCORECARD = frozenset({"score", "probability", "expected", "low", "high", "rank", "base_value"})


def render(request: ComposeRequest, draft: Draft) -> str:
    """Return the brief of a request as Markdown.

    Raises
    ------
    UnknownSlotError
        When the draft holds a slot that nothing fills.
    """
    evidence = Evidence(request)
    if request.intent in TALK:
        blocks = [*_prose(request, draft), _choices(request)]
    else:
        blocks = [
            _title(request),
            *_prose(request, draft),
            *_tables(evidence),
            _list(request, "risks", draft.risks),
            _list(request, "watch", draft.watch),
            _section(request, "gaps", gap_lines(request.gaps, request.language)),
            _section(request, "sources", sources(evidence, request.facts)),
            _notes(request),
            f"*{label('disclaimer', request.language)}*",
        ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _title(request: ComposeRequest) -> str:
    language, market = request.language, request.market
    benchmark = market.benchmark or label("weighted", language)
    line = " · ".join(
        (
            f"{label('as_of', language)} {market.as_of.isoformat()}",
            f"{label('last_day', language)} {market.last_day.isoformat()}",
            f"{label('horizon', language)} {request.horizon}",
            f"{label('benchmark', language)} {benchmark}",
        )
    )
    warnings = [label("simulated", language)] if market.simulated else []
    if request.history_note:
        warnings.append(note_text(request.history_note, language))
    blocks = [f"# {TITLES[language][request.intent]}: {market.name}", line]
    return "\n\n".join([*blocks, *(f"> **{warning}**" for warning in warnings)])


def _prose(request: ComposeRequest, draft: Draft) -> list[str]:
    talk = request.intent in TALK
    headline = _fill(request, draft.headline)
    return [headline if talk else f"**{headline}**", *(_fill(request, p) for p in draft.paragraphs)]


def _fill(request: ComposeRequest, text: str) -> str:
    return fill(" ".join(text.split()), request.facts, request.vocabulary, request.language)


def _choices(request: ComposeRequest) -> str:
    asked = request.clarification
    return "\n".join(f"{i}. {choice}" for i, choice in enumerate(asked.choices, 1)) if asked else ""


def _tables(evidence: Evidence) -> Iterable[str]:
    request = evidence.request
    intents = dict.fromkeys((request.intent, *request.intents))
    if REPORTS.intersection(intents):
        yield from _report(evidence)
    for intent in intents:
        if intent in NARROW:
            yield _section(request, "figures", figures(evidence, _narrow(evidence, intent)))


def _report(evidence: Evidence) -> Iterable[str]:
    request, language = evidence.request, evidence.language
    parts: tuple[tuple[str, Callable[[Evidence], str], str], ...] = (
        ("heatmap", heatmap, "legend"),
        ("ranking", ranking, "ranking_note"),
        ("rationale", rationale, ""),
        ("comparison", comparison, ""),
    )
    for heading, part, note in parts:
        text = part(evidence)
        if text and note:
            text = f"{text}\n\n{label(note, language)}"
        yield _section(request, heading, text)


def _narrow(evidence: Evidence, intent: str) -> list[Fact]:
    """The facts of a narrow question, as they came."""
    metrics = NARROW[intent]
    found = [
        fact
        for fact in evidence.facts.values()
        if (fact.metric in metrics if metrics else fact.metric not in SCORECARD)
        and not fact.metric.startswith(("contribution.", "flip_"))
    ]
    if intent == "stock":
        sectors = set(evidence.codes)
        own = [fact for fact in found if fact.entity not in sectors]
        return own or found
    return found


def _section(request: ComposeRequest, heading: str, text: str) -> str:
    return f"## {label(heading, request.language)}\n\n{text}" if text else ""


def _list(request: ComposeRequest, heading: str, sentences: Iterable[str]) -> str:
    return _section(request, heading, "\n".join(f"- {_fill(request, s)}" for s in sentences))


def _notes(request: ComposeRequest) -> str:
    return _section(request, "notes", note_lines(request.notes, request.language))
