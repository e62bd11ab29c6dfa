"""Small tables: the facts of a narrow question, and where every fact came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.labels import label
from agent.brief.lexicon import PERIOD_ORDER, entity_name, is_ahead, short_name
from agent.brief.slots import render_value
from agent.brief.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from agent.brief.evidence import Evidence
    from tools.contracts import Fact

MOST_ROWS = 24


def figures(evidence: Evidence, facts: Iterable[Fact]) -> str:
    """Return facts as a table: a row an entity, a column a metric and window."""
    language, vocabulary = evidence.language, evidence.request.vocabulary
    by_entity: dict[str, dict[tuple[str, str | None], Fact]] = {}
    columns: dict[tuple[str, str | None], None] = {}
    for fact in facts:
        by_entity.setdefault(fact.entity, {})[fact.metric, fact.period] = fact
        columns[fact.metric, fact.period] = None
    if not by_entity:
        return ""
    metrics = list(dict.fromkeys(metric for metric, _ in columns))
    shown = sorted(columns, key=lambda c: (metrics.index(c[0]), period_key(c[1])))
    header = [
        label("name", language),
        *(" ".join(p for p in (short_name(m, language), period) if p) for m, period in shown),
    ]
    rows = [
        [
            (entity_name(entity, vocabulary, language) or entity).removeprefix("the "),
            *(
                render_value(known[column], language)
                if column in known
                else label("missing", language)
                for column in shown
            ),
        ]
        for entity, known in list(by_entity.items())[:MOST_ROWS]
    ]
    return table(header, rows, right=range(1, 1 + len(shown)))


def sources(evidence: Evidence, facts: Mapping[str, Fact]) -> str:
    """Return where the facts came from: source, metrics, and the days they were observed and published."""
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
                _span(observed[0], observed[-1], evidence),
                _span(published[0], published[-1], evidence),
            ]
        )
    return table(header, rows)


def _kind(fact: Fact, evidence: Evidence) -> str:
    if is_ahead(fact.metric):
        return label("scorecard", evidence.language)
    return short_name(fact.metric, evidence.language)


def _span(first: str, last: str, evidence: Evidence) -> str:
    return first if first == last else f"{first} {label('to', evidence.language)} {last}"


def period_key(period: str | None) -> int:
    """Return the place of a window among the others, shortest first."""
    return PERIOD_ORDER.index(period) if period in PERIOD_ORDER else -1
