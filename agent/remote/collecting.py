"""Ask what the settings give a unit, without a question, so that no day of the journal is missing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from agent.brains.base import PlannedCall
from agent.remote import gaps as gaps_of
from agent.remote.desk import BETWEEN
from agent.remote.ledger import MINUTE
from agent.state import CallOutcome, CallTask
from tools.errors import SourceDownError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from agent.remote.desk import RemoteDesk
    from agent.remote.hub import RemoteHub
    from agent.remote.settings import RemoteServer, RemoteTool


async def collect(
    hub: RemoteHub, desk: RemoteDesk, *, pause: Callable[[float], Awaitable[object]] = asyncio.sleep
) -> tuple[CallOutcome, ...]:
    """Ask every mapped tool that needs no argument of a question; once a session is enough.

    Parameters
    ----------
    hub, desk
        The servers, and the market view that they are asked for.
    pause
        Waits so many seconds where the quota of a minute is used up.

    Returns
    -------
    tuple of CallOutcome
        One a tool, failures included; of a server that is away one failure for each of its tools.
    """
    came: list[CallOutcome] = []
    for name, server in hub.servers.items():
        tasks = _tasks(name, server) if desk.serves(f"{name}{BETWEEN}") else {}
        if not tasks:
            continue
        try:
            served = await hub.served(name)
        except SourceDownError as error:
            came += [_away(task, name, tool, error) for tool, task in tasks.items()]
            continue
        for tool, task in tasks.items():
            needed = served[tool].schema.get("required", ()) if tool in served else None
            if needed is None or set(needed) - set(task.call.arguments):
                continue
            outcome = await desk.call(task, timeout_seconds=server.timeout_seconds)
            if outcome.error == gaps_of.QUOTA and _is_a_minute(hub, name):
                await pause(MINUTE)
                outcome = await desk.call(task, timeout_seconds=server.timeout_seconds)
            came.append(outcome)
    return tuple(came)


def _tasks(name: str, server: RemoteServer) -> dict[str, CallTask]:
    """Return a call for every tool that the settings make facts of."""
    found: dict[str, CallTask] = {}
    for tool, settings in server.tools.items():
        if settings.facts:
            call = PlannedCall(
                tool=f"{name}{BETWEEN}{tool}", arguments=_given(settings), origin="default"
            )
            found[tool] = CallTask(key=call.tool, call=call, beside=True)
    return found


def _given(settings: RemoteTool) -> dict[str, Any]:
    return {k: v for k, v in settings.arguments.items() if not str(v).startswith("$")}


def _is_a_minute(hub: RemoteHub, name: str) -> bool:
    """Whether waiting helps: a day's quota, or a server's own, lasts too long."""
    try:
        return hub.ledger.limit(name, hub.servers[name]) == "minute"
    except SourceDownError:
        return False


def _away(task: CallTask, name: str, tool: str, error: SourceDownError) -> CallOutcome:
    return CallOutcome(
        key=task.key,
        tool=task.call.tool,
        arguments=task.call.arguments,
        status="failed",
        gaps=(gaps_of.failed(name, tool, str(error)),),
        error=str(error),
    )
