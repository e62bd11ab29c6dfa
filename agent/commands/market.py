"""``sectorvane health``, ``train`` and ``mcp``: done to a market, not asked of it."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from agent.commands.desk import open_desk
from agent.commands.tables import markdown_table

if TYPE_CHECKING:
    from agent.settings import Settings
    from tools.research import DataHealth


def health(settings: Settings, *, as_json: bool) -> int:
    """Audit the feeds of a market."""
    from tools.research import get_data_health

    audit = get_data_health(open_desk(settings))
    text = audit.model_dump_json(indent=2) if as_json else as_markdown(audit)
    sys.stdout.write(f"{text}\n")
    return 0


def as_markdown(audit: DataHealth) -> str:
    """Return an audit as tables: feeds, macro series, irregularities, and what is missing."""
    stamp = audit.market
    parts = [f"# Feeds of {stamp.name}, as of {stamp.as_of}"]
    feeds = [(f.feed, f.status, f.first_day, f.last_day, f.source) for f in audit.feeds]
    parts.append(markdown_table(("feed", "status", "first day", "last day", "source"), feeds))
    if audit.series:
        series = [(s.series, s.status, s.observed_on, s.published_on) for s in audit.series]
        parts.append(markdown_table(("series", "status", "observed", "published"), series))
    findings = [(f.name, f.entity, f.observed_on, f.detail) for f in audit.findings]
    if findings:
        parts.append("The newest irregularities; the rows they name are not used:")
        parts.append(markdown_table(("irregularity", "entity", "day", "detail"), findings))
    else:
        parts.append("No irregularities.")
    notes = [f"- Missing: {gap.what}: {gap.why}; {gap.effect}." for gap in audit.gaps]
    notes += [f"- {note}" for note in audit.notes]
    return "\n\n".join([*parts, "\n".join(notes)]).rstrip()


def train(settings: Settings) -> int:
    """Train and save the scoring artefact of the market's quarter."""
    from tools.contracts import HORIZONS

    desk = open_desk(settings)
    started = time.monotonic()
    scorer = desk.scorer
    horizons = HORIZONS[1:] if desk.stamp.monthly else HORIZONS
    for horizon in horizons:
        scorer.scorecard(horizon)
    seconds = time.monotonic() - started
    sys.stdout.write(
        f"{desk.stamp.name}: artefact {scorer.artefact_id} serves {', '.join(horizons)} as of "
        f"{desk.as_of} ({seconds:.1f} s).\n"
    )
    return 0


def mcp(settings: Settings, *, port: int | None) -> int:
    """Serve the tools of a market on stdio, or as streamable HTTP on the loopback address."""
    from tools.mcp_server import HTTP_PATH, serve_http, serve_stdio

    desk = open_desk(settings)
    if port is None:
        serve_stdio(desk)
    else:
        sys.stderr.write(f"Serving {desk.stamp.name} on http://127.0.0.1:{port}{HTTP_PATH}\n")
        serve_http(desk, port)
    return 0
