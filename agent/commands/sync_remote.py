"""The remote servers' part of a sync: the day's answers into the journal, a row for each of their tools."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple
from zoneinfo import ZoneInfo

from agent.commands.tables import markdown_table
from agent.remote.bench import remote_desk
from agent.remote.collecting import collect
from agent.remote.desk import BETWEEN
from agent.remote.hub import RemoteHub
from tools.errors import SectorvaneError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from agent.remote.settings import RemoteServer
    from agent.settings import Settings
    from agent.state import CallOutcome
    from tools.sources.base import Market, MarketData

_HEADS = ("remote server", "tool", "status", "facts", "up to", "said")
NOT_MAPPED = "the settings make no facts of its tools, so nothing of it is collected"
NOT_ASKED = "not asked: the server does not serve it, or it needs what only a question gives"


class RemoteRow(NamedTuple):
    """What came of one tool of one remote server."""

    provider: str
    tool: str
    """Empty where the row is about the server as a whole."""
    status: Literal["ok", "failed", "skipped"]
    message: str = ""
    """Why nothing came, or what is missing of what did; never the server's own words."""
    observed_to: str | None = None
    """The session that the answer says it is of."""
    n_facts: int = 0


def servers_for(settings: Settings, market: Market) -> dict[str, RemoteServer]:
    """Return the servers of the settings that may be asked about a market."""
    return {
        name: server
        for name, server in settings.remote.items()
        if server.knows(market.id, simulated=market.simulated)
    }


def ask_remotes(
    settings: Settings,
    market: Market,
    load: Callable[[], MarketData],
    *,
    wall: Callable[[], float] = time.time,
) -> tuple[RemoteRow, ...]:
    """Ask the remote servers what they say today, and journal it.

    The view they are asked for is today's in the market's time zone, and not that of its newest
    day: where the market's own feeds failed, the servers' answers of the day are kept all the same.

    Parameters
    ----------
    settings
        Name the servers, the home and the market's level.
    market
        The market that they are asked about.
    load
        Loads it; called only where there is a server to ask.
    wall
        Seconds since the epoch.

    Returns
    -------
    tuple of RemoteRow
        One a mapped tool, one for a server that has none; a server's or a market's failure is a row.
    """
    servers = servers_for(settings, market)
    if not servers:
        return ()
    came: Sequence[CallOutcome] = ()
    why = NOT_ASKED
    status: Literal["failed", "skipped"] = "skipped"
    try:
        if any(_mapped(server) for server in servers.values()):
            came = asyncio.run(_collected(settings, servers, load(), wall))
    except (SectorvaneError, OSError) as error:
        # The words of a system's error may name a file; its kind is enough.
        told = str(error) if isinstance(error, SectorvaneError) else type(error).__name__
        status, why = "failed", f"the servers could not be asked: {told}"
    rows = {outcome.tool: _row(outcome) for outcome in came}
    return tuple(
        rows.get(f"{name}{BETWEEN}{tool}") or RemoteRow(name, tool, status, why)
        for name, server in servers.items()
        for tool in _mapped(server)
    ) + tuple(
        RemoteRow(name, "", "skipped", NOT_MAPPED)
        for name, server in servers.items()
        if not _mapped(server)
    )


async def _collected(
    settings: Settings,
    servers: Mapping[str, RemoteServer],
    market_data: MarketData,
    wall: Callable[[], float],
) -> tuple[CallOutcome, ...]:
    from tools.desk import Desk

    today = datetime.fromtimestamp(wall(), ZoneInfo(market_data.market.timezone)).date()
    desk = Desk(market_data, today, settings.home)
    async with RemoteHub(servers, settings.home, wall=wall) as hub:
        return await collect(hub, remote_desk(hub, desk, live=True))


def _mapped(server: RemoteServer) -> tuple[str, ...]:
    return tuple(tool for tool, settings in server.tools.items() if settings.facts)


def _row(outcome: CallOutcome) -> RemoteRow:
    name, _, tool = outcome.tool.partition(BETWEEN)
    quote = outcome.answer.get("quote") or {}
    return RemoteRow(
        provider=name,
        tool=tool,
        status=outcome.status,
        message="; ".join(dict.fromkeys(gap.why for gap in outcome.gaps)),
        observed_to=quote.get("observed_on"),
        n_facts=len(outcome.facts),
    )


def as_table(rows: Sequence[RemoteRow]) -> str:
    """Return the rows as a table."""
    cells = [
        (row.provider, row.tool, row.status, row.n_facts, row.observed_to, row.message)
        for row in rows
    ]
    return markdown_table(_HEADS, cells)


def as_dicts(rows: Iterable[RemoteRow]) -> list[dict[str, object]]:
    """Return the rows as JSON has them."""
    return [
        {
            "provider": row.provider,
            "tool": row.tool,
            "status": row.status,
            "message": row.message,
            "observed_to": row.observed_to,
            "facts": row.n_facts,
        }
        for row in rows
    ]
