"""The brief as Markdown: prose with its slots filled, and tables rendered from facts alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent.brief.compose import REPORTS, TALK
from agent.brief.evidence import Evidence
from agent.brief.figures import figures, source_line, sources
from agent.brief.gaps import gap_lines, note_lines, note_text
from agent.brief.health_texts import COVERAGE, QUARANTINED, TABLE_NAMES, is_whole
from agent.brief.heatmap import heatmap, order
from agent.brief.labels import TITLES, label
from agent.brief.lexicon import TESTED
from agent.brief.prose.news import asked_for_news, only_news
from agent.brief.ranking import comparison, ranking
from agent.brief.rationale import rationale
from agent.brief.record_table import record_table
from agent.brief.remote import remote_section
from agent.brief.shape import is_report, report_parts, shortened, title
from agent.brief.slots import citable, fill
from agent.brief.tilting import tilting
from tools import CATALOGUE
from tools.contracts import MACRO_PREFIX, MARKET_ENTITY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from agent.brains.base import ComposeRequest, Draft
    from agent.brief.model import Intent
    from tools.contracts import Fact

SIMULATED = "SIMULATED"
"""The word in every rendering of simulated data, whatever the language."""
NARROW: dict[Intent, tuple[str, ...]] = {
    "flow": ("foreign_net_value", "foreign_net_ratio", "rel_return"),
    "whale": ("whale_ratio", "return", "block_value"),
    "macro": ("latest", "change", "yoy", "surprise"),
    "stock": (),
    "scenario": (
        "scenario_return",
        "scenario_error",
        "scenario_total_return",
        "scenario_total_error",
    ),
    "backtest": (
        "annual_return",
        "excess_return",
        "volatility",
        "max_drawdown",
        "sharpe",
        "turnover",
        "costs",
    ),
    "health": (
        "trading_days",
        "weekdays_behind",
        "findings",
        "missing_prices",
        "days_silent",
        *(f"{QUARANTINED}{table}" for table in TABLE_NAMES["en"]),
        *(f"{COVERAGE}{entry.name}" for entry in CATALOGUE),
    ),
}
"""Intent → metrics of its small table; none: every fact of what it is about."""
NEWS = ("sentiment_mean", "sentiment", "sentiment_change")
"""Metrics of the table on the tone of the news."""


ROTATION = ("rs_ratio", "rs_momentum", "quadrant")
"""Metrics of the table on where sectors stand in their rotation."""
OF_THE_MODEL = (
    "Out of sample, the model's calls",
    "The model has no out-of-sample record",
    "Other evidence sums",
)
"""How notes on the scoring model begin, which an answer without a scorecard has no use for and a signal
card says with its numbers."""
GOOD_RECORD = "Out of sample, the model's calls here have come true more often"
"""How the note on a good record begins; the risks say it with its numbers."""
READ_AS = re.compile(r"(\S+) is read as the series ")
"""How the note on another name of a series begins: it is for a reader who used that name."""


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
            remote_section(request),
            _section(
                request, "gaps", gap_lines(request.gaps, request.vocabulary, request.language)
            ),
            _sources(evidence),
            _notes(request),
            f"*{label('disclaimer', request.language)}*",
        ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _sources(evidence: Evidence) -> str:
    """Return where the facts came from: a table under a report, a line under a short answer."""
    request = evidence.request
    if is_report(evidence):
        return _section(request, "sources", sources(evidence, request.facts))
    return source_line(evidence, request.facts)


def _title(request: ComposeRequest) -> str:
    language, market = request.language, request.market
    benchmark = _benchmark(request) or label("weighted", language)
    parts = [
        f"{label('as_of', language)} {market.as_of.isoformat()}",
        f"{label('last_day', language)} {market.last_day.isoformat()}",
    ]
    if request.scorecard is not None:
        parts.append(f"{label('horizon', language)} {request.horizon}")
    line = " · ".join((*parts, f"{label('benchmark', language)} {benchmark}"))
    warnings = _warnings(request)
    named = note_text(market.name, language)
    blocks = [f"# {title(Evidence(request))}: {named}", line]
    return "\n\n".join([*blocks, *(f"> **{warning}**" for warning in warnings)])


def _warnings(request: ComposeRequest) -> Iterable[str]:
    """Yield what must be known of the data before anything is read from them, nothing twice."""
    simulated, note = request.market.simulated, request.history_note
    if simulated:
        yield label("simulated", request.language)
    if note and not (simulated and SIMULATED in note):
        yield note_text(note, request.language)


def _benchmark(request: ComposeRequest) -> str:
    """Return the benchmark's symbol; its name where the symbol is a code that no reader would say."""
    symbol = request.market.benchmark
    names = {one.symbol: one.name for one in request.vocabulary.symbols}
    return names.get(symbol, symbol) if "_" in symbol else symbol


def _prose(request: ComposeRequest, draft: Draft) -> list[str]:
    talk = request.intent in TALK
    headline = _fill(request, draft.headline)
    return [headline if talk else f"**{headline}**", *(_fill(request, p) for p in draft.paragraphs)]


def _fill(request: ComposeRequest, text: str) -> str:
    words = " ".join(text.split())
    return fill(words, citable(request), request.vocabulary, request.language)


def _choices(request: ComposeRequest) -> str:
    asked = request.clarification
    return "\n".join(f"{i}. {choice}" for i, choice in enumerate(asked.choices, 1)) if asked else ""


def _tables(evidence: Evidence) -> Iterable[str]:
    request, language = evidence.request, evidence.language
    intents = dict.fromkeys((request.intent, *request.intents))
    if asked_for_news(request):
        facts = [f for metric in NEWS for f in evidence.of_metric(metric)]
        heading = label("figures" if only_news(request) else "news", language)
        yield _under(heading, figures(evidence, facts))
    if only_news(request):
        return
    if REPORTS.intersection(intents):
        yield from [*filter(None, _report(evidence))] or [_rotation(evidence)]
    yield tilting(evidence)
    if "track" in intents:
        yield _section(request, "card", record_table(evidence))
    for intent in intents:
        if intent in NARROW:
            heading = label("figures", language) if len(intents) == 1 else TITLES[language][intent]
            yield _under(heading, _figures(evidence, intent))


def _figures(evidence: Evidence, intent: Intent) -> str:
    """Return the small table of an intent; of data health one for each kind of thing."""
    facts = _narrow(evidence, intent)
    if intent == "whale":
        blocks = [fact for fact in facts if fact.metric == "block_value"]
        trading = [fact for fact in facts if fact.metric != "block_value"]
        return "\n\n".join(text for part in (trading, blocks) if (text := figures(evidence, part)))
    if intent != "health":
        return figures(evidence, facts)
    kinds: dict[str, list[Fact]] = {}
    for fact in facts:
        kinds.setdefault(fact.metric, []).append(fact)
    market = [fact for fact in facts if fact.entity == MARKET_ENTITY]
    others = [found for found in kinds.values() if found[0].entity != MARKET_ENTITY]
    tables = (figures(evidence, found) for found in (market, *others))
    return "\n\n".join(text for text in tables if text)


def _report(evidence: Evidence) -> Iterable[str]:
    request, language = evidence.request, evidence.language
    tables: dict[str, tuple[Callable[[Evidence], str], str]] = {
        "heatmap": (heatmap, "legend" if evidence.scores else "legend_moves"),
        "ranking": (ranking, "ranking_note"),
        "rationale": (rationale, ""),
        "comparison": (comparison, ""),
    }
    for heading in report_parts(evidence):
        part, note = tables[heading]
        text = part(evidence)
        if text and note:
            text = f"{text}\n\n{label(note, language)}"
        short = heading == "heatmap" and shortened(evidence, order(evidence)) != order(evidence)
        if short:
            text = f"{text}\n\n{label('ends_note', language)}"
        yield _section(request, "ends" if short else heading, text)


def _rotation(evidence: Evidence) -> str:
    """Return where sectors stand in their rotation, where nothing else is known of them."""
    facts = [
        f for metric in ROTATION for f in evidence.of_metric(metric) if evidence.shows(f.entity)
    ]
    return _under(label("figures", evidence.language), figures(evidence, facts))


def _narrow(evidence: Evidence, intent: Intent) -> list[Fact]:
    """Return the facts of a narrow question, in the order of its metrics."""
    metrics = NARROW[intent]
    found = [fact for fact in evidence.facts.values() if not metrics or fact.metric in metrics]
    if intent == "stock":
        symbols = {symbol.symbol for symbol in evidence.request.vocabulary.symbols}
        found = [fact for fact in found if fact.entity in symbols]
    if intent == "flow":
        windows = {fact.period for fact in found if fact.metric == "foreign_net_value"}
        found = [fact for fact in found if fact.period in windows] if windows else found
        found = [f for f in found if f.entity not in evidence.codes or evidence.shows(f.entity)]
    if intent == "backtest":
        found = [fact for fact in found if fact.entity in TESTED["en"]]
    if intent == "macro":
        found = [fact for fact in found if fact.entity.startswith(MACRO_PREFIX)]
    if intent == "health":
        found = [fact for fact in found if not is_whole(fact)]
    return sorted(found, key=lambda f: metrics.index(f.metric)) if metrics else found


def _section(request: ComposeRequest, heading: str, text: str) -> str:
    return _under(label(heading, request.language), text)


def _under(heading: str, text: str) -> str:
    return f"## {heading}\n\n{text}" if text else ""


def _list(request: ComposeRequest, heading: str, sentences: Iterable[str]) -> str:
    return _section(request, heading, "\n".join(f"- {_fill(request, s)}" for s in sentences))


def _notes(request: ComposeRequest) -> str:
    """Return the notes that say more than the rest of the page does."""
    return _section(
        request,
        "notes",
        note_lines(
            [note for note in request.notes if _worth_noting(note, request)], request.language
        ),
    )


def _worth_noting(note: str, request: ComposeRequest) -> bool:
    """Whether a note is about this answer, and is said nowhere else on its page."""
    if note == request.history_note or note.startswith(GOOD_RECORD):
        return False
    alias = READ_AS.match(note)
    if alias is not None:
        return alias[1].lower() in request.question.lower()
    told = request.scorecard is None or "track" in (request.intent, *request.intents)
    return not (told and note.startswith(OF_THE_MODEL))
