"""``sectorvane health``, ``train`` and ``mcp``: done to a market, not asked of it."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from agent.commands.desk import open_desk

if TYPE_CHECKING:
    from agent.settings import Settings


def health(settings: Settings, *, as_json: bool) -> int:
    """Audit the feeds of a market."""
    from tools.mcp_server import as_text
    from tools.research import get_data_health

    audit = get_data_health(open_desk(settings))
    text = audit.model_dump_json(indent=2) if as_json else as_text(audit)
    sys.stdout.write(f"{text}\n")
    return 0


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
