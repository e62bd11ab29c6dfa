"""Small tables: the facts of a narrow question, and where every fact came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.evidence import number
from agent.brief.health_texts import COVERAGE, COVERAGE_NAME
from agent.brief.labels import label
from agent.brief.lexicon import (
    PERIOD_ORDER,
    TESTED,
    entity_name,
    is_ahead,
    short_name,
)
from agent.brief.lexicon_record import RECORD_METRICS
from agent.brief.shape import ends
from agent.brief.slots import render_value
from agent.brief.tables import table
from tools.contracts import MACRO_PREFIX, MARKET_ENTITY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from agent.brief.evidence import Evidence
    from tools.contracts import Fact

Column = tuple[str, str | None]
"""Metric and window."""
MOST_ROWS = 24
WHO_TRADES = frozenset({"foreign_net_value", "whale_ratio"})
"""Metrics of which a table shows both ends."""
TALL = 5
"""Columns from which one entity's facts stand as a row a metric and a column a window."""


def figures(evidence: Evidence, facts: Sequence[Fact]) -> str:
    """Return facts as a table: a row an entity, a column a metric and window.

    The market comes first, then sectors and shares, each largest first by the leading metric.
    """
    by_entity: dict[str, dict[Column, Fact]] = {}
    columns: dict[Column, None] = {}
    for fact in facts:
        by_entity.setdefault(fact.entity, {})[fact.metric, fact.period] = fact
        columns[fact.metric, fact.period] = None
    if not by_entity:
        return ""
    metrics = list(dict.fromkeys(metric for metric, _ in columns))
    shown = sorted(columns, key=lambda column: (metrics.index(column[0]), period_key(column[1])))
    if len(by_entity) == 1 and len(shown) > TALL:
        return _tall(evidence, next(iter(by_entity.values())), metrics)
    order = _shortened(_order(evidence, by_entity, shown[0]), shown[0], evidence)
    language = evidence.language
    header = [label("name", language), *(_heading(column, evidence) for column in shown)]
    rows = [
        [_name(entity, evidence), *(_cell(by_entity[entity].get(c), evidence) for c in shown)]
        for entity in order
    ]
    return table(header, rows, right=range(1, 1 + len(shown)))


def _tall(evidence: Evidence, known: Mapping[Column, Fact], metrics: Sequence[str]) -> str:
    """Return one entity's facts: a row a metric, a column a window."""
    language = evidence.language
    periods = sorted({period for _, period in known}, key=period_key)
    header = [label("measure", language), *(period or label("now", language) for period in periods)]
    rows = [
        [
            _capital(short_name(metric, language)),
            *(_cell(known.get((metric, period)), evidence, missing="") for period in periods),
        ]
        for metric in metrics
    ]
    return table(header, rows, right=range(1, 1 + len(periods)))


def _order(
    evidence: Evidence, by_entity: Mapping[str, Mapping[Column, Fact]], leading: Column
) -> list[str]:
    """Return the entities: the market, sectors, then others, each largest first."""
    places = {entity: place for place, entity in enumerate(by_entity)}

    def key(entity: str) -> tuple[int, float, int]:
        kind = 0 if entity == MARKET_ENTITY else 1 if entity in evidence.codes else 2
        fact = by_entity[entity].get(leading)
        sized = kind and fact is not None and not isinstance(fact.value, str)
        ranked = sized and not entity.startswith(MACRO_PREFIX) and entity not in TESTED["en"]
        return kind, -number(fact) if ranked and fact is not None else 0.0, places[entity]

    return sorted(by_entity, key=key)


def _shortened(order: list[str], leading: Column, evidence: Evidence) -> list[str]:
    """Return the rows to show: of who trades, where nobody is asked about, only both ends of each kind."""
    if leading[0] not in WHO_TRADES or evidence.asked or evidence.request.symbols:
        return order[:MOST_ROWS]
    sectors = [entity for entity in order if entity in evidence.codes]
    others = [
        entity for entity in order if entity not in evidence.codes and entity != MARKET_ENTITY
    ]
    kept = {MARKET_ENTITY, *ends(sectors), *ends(others)}
    return [entity for entity in order if entity in kept]


def _heading(column: Column, evidence: Evidence) -> str:
    metric, period = column
    return " ".join(part for part in (short_name(metric, evidence.language), period) if part)


def _name(entity: str, evidence: Evidence) -> str:
    name = entity_name(entity, evidence.request.vocabulary, evidence.language) or entity
    return _capital(name.removeprefix("the "))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cell(fact: Fact | None, evidence: Evidence, *, missing: str | None = None) -> str:
    if fact is None:
        return label("missing", evidence.language) if missing is None else missing
    return render_value(fact, evidence.language, fine=True)


def sources(evidence: Evidence, facts: Mapping[str, Fact]) -> str:
    """Return where the facts came from: source, metrics, days of observation and publication."""
    by_source: dict[str, list[Fact]] = {}
    for fact in sorted(facts.values(), key=lambda f: (f.source, f.id)):
        by_source.setdefault(fact.source, []).append(fact)
    if not by_source:
        return ""
    language = evidence.language
    header = [label(key, language) for key in ("source", "metrics", "observed", "published")]
    rows = []
    for source, found in by_source.items():
        names = sorted({_kind(f, evidence) for f in found})
        observed = sorted(f.observed_on.isoformat() for f in found)
        published = sorted(f.published_on.isoformat() for f in found)
        rows.append(
            [
                source,
                ", ".join(names),
                _span(observed, evidence),
                _span(published, evidence),
            ]
        )
    return table(header, rows)


def source_line(evidence: Evidence, facts: Mapping[str, Fact]) -> str:
    """Return on one line which sources the facts came from, and their days of observation and publication."""
    if not facts:
        return ""
    language = evidence.language
    names = sorted({fact.source for fact in facts.values()})
    observed = sorted(fact.observed_on.isoformat() for fact in facts.values())
    published = sorted(fact.published_on.isoformat() for fact in facts.values())
    days = [
        f"{label('observed', language).lower()} {_span(observed, evidence)}",
        f"{label('published', language).lower()} {_span(published, evidence)}",
    ]
    return f"*{label('sources', language)}: {' · '.join([', '.join(names), *days])}*"


def _kind(fact: Fact, evidence: Evidence) -> str:
    """Return what a fact is called among the sources; families of facts go by one name."""
    language = evidence.language
    if fact.metric.startswith(COVERAGE):
        return COVERAGE_NAME[language]
    if fact.metric in RECORD_METRICS:
        return label("record", language)
    if is_ahead(fact.metric):
        return label("scorecard", language)
    if fact.metric.startswith(("scenario_", "sensitivity")):
        return label("sensitivity", language)
    return short_name(fact.metric, language)


def _span(days: Sequence[str], evidence: Evidence) -> str:
    first, last = days[0], days[-1]
    return first if first == last else f"{first} {label('to', evidence.language)} {last}"


def period_key(period: str | None) -> int:
    """Return the place of a window among the others, shortest first; no window comes last."""
    return PERIOD_ORDER.index(period) if period in PERIOD_ORDER else len(PERIOD_ORDER)
