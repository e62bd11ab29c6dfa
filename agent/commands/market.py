"""``sectorvane health``: done to a market, not asked of it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from agent.commands.desk import open_desk
from agent.commands.tables import markdown_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.settings import Settings
    from tools.health.report import DataHealth, SeriesHealth

SCHEMA = "sectorvane.health/1"


def health(settings: Settings, *, as_json: bool) -> int:
    """Audit the feeds of a market."""
    from tools.research import get_data_health

    audit = get_data_health(open_desk(settings))
    text = _as_json(audit) if as_json else as_markdown(audit)
    sys.stdout.write(f"{text}\n")
    return 0


def _as_json(audit: DataHealth) -> str:
    content = {"schema": SCHEMA, **audit.model_dump(mode="json")}
    return json.dumps(content, ensure_ascii=False, indent=2)


def as_markdown(audit: DataHealth) -> str:
    """Return an audit as tables: feeds, series, what tools can answer, irregularities, and what is missing."""
    stamp = audit.market
    parts = [f"# Feeds of {stamp.name}, as of {stamp.as_of}", _verdict(audit)]
    parts += _feeds(audit)
    for title, rows in (("Macro series", audit.series), ("Signals", audit.signals)):
        if rows:
            parts += [f"## {title}", _series(rows)]
    if audit.synced:
        parts += ["## Last sync", _synced(audit)]
    parts += ["## What each tool can answer", _coverage(audit)]
    if audit.missing:
        heads = ("symbol", "days without a price", "of the newest")
        rows_missing = [(row.symbol, row.missing, row.of) for row in audit.missing]
        parts += [
            "## Symbols that lack most prices",
            markdown_table(heads, rows_missing, numbers=True),
        ]
    findings = [(f.name, f.entity, f.observed_on, f.detail) for f in audit.findings]
    if findings:
        parts.append("## The newest irregularities; the rows they name are not used")
        parts.append(markdown_table(("irregularity", "entity", "day", "detail"), findings))
    else:
        parts.append("No irregularities.")
    notes = [f"- Missing: {gap.what}: {gap.why}; {gap.effect}." for gap in audit.gaps]
    notes += [f"- {note}" for note in audit.notes]
    return "\n\n".join([*parts, "\n".join(notes)]).rstrip()


def _verdict(audit: DataHealth) -> str:
    """Say in one line whether a feed fails its checks."""
    failing = [feed.feed for feed in audit.feeds if feed.failing]
    if not failing:
        return "No feed fails its checks."
    return f"Failing their checks, and lowering confidence: {', '.join(failing)}."


def _feeds(audit: DataHealth) -> list[str]:
    heads = ("feed", "status", "rows", "first day", "last day", "expected", "source")
    reach = [
        (f.feed, "failing" if f.failing and f.status == "fresh" else f.status, f.rows, f.first_day,
         f.last_day, f.expected_last, f.source)
        for f in audit.feeds
    ]  # fmt: skip
    columns = ("gaps", "jumps", "flat_lines", "repeated_days", "unit_changes", "impossible",
               "quarantined", "revisions")  # fmt: skip
    wrong = [(f.feed, *(getattr(f, column) for column in columns)) for f in audit.feeds]
    titles = [column.replace("_", " ") for column in columns]
    return [markdown_table(heads, reach), markdown_table(("feed", *titles), wrong, numbers=True)]


def _series(rows: Sequence[SeriesHealth]) -> str:
    heads = ("series", "status", "rows", "first", "observed", "published", "next by", "missed",
             "revisions")  # fmt: skip
    return markdown_table(
        heads,
        [
            (s.series, s.status, s.rows, s.first_day, s.observed_on, s.published_on,
             s.expected_by, s.missed, s.revisions)
            for s in rows
        ],
    )  # fmt: skip


def _synced(audit: DataHealth) -> str:
    heads = ("provider", "table", "ended", "ok", "failed", "skipped", "newest day", "new",
             "revised", "quarantined", "why")  # fmt: skip
    return markdown_table(
        heads,
        [
            (s.provider, s.table, s.finished_on, s.ok, s.failed, s.skipped, s.observed_to,
             s.new, s.revised, s.quarantined, s.message)
            for s in audit.synced
        ],
    )  # fmt: skip


def _coverage(audit: DataHealth) -> str:
    rows = [
        (row.tool, f"{row.answerable} of {row.of} {row.kind}", f"{row.answerable / row.of:.0%}")
        if row.of
        else (row.tool, f"no {row.kind}", "")
        for row in audit.coverage
    ]
    return markdown_table(("tool", "can answer", "share"), rows)
