"""Ask what the settings give a unit, without a question, so that no day of the journal is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brains.base import PlannedCall
from agent.remote.desk import BETWEEN
from agent.state import CallTask
from tools.errors import SourceDownError

if TYPE_CHECKING:
    from agent.remote.desk import RemoteDesk
    from agent.remote.hub import RemoteHub
    from agent.state import CallOutcome


async def collect(hub: RemoteHub, desk: RemoteDesk) -> tuple[CallOutcome, ...]:
    """Ask every mapped tool that needs no argument of a question; once a session is enough.

    Returns
    -------
    tuple of CallOutcome
        One a tool, failures included; a server that is away has none and the next day asks again.
    """
    came: list[CallOutcome] = []
    for name, server in hub.servers.items():
        if not desk.serves(f"{name}{BETWEEN}"):
            continue
        try:
            served = await hub.served(name)
        except SourceDownError:
            continue
        for tool, settings in server.tools.items():
            given = {k: v for k, v in settings.arguments.items() if not str(v).startswith("$")}
            needed = served[tool].schema.get("required", ()) if tool in served else None
            if not settings.facts or needed is None or set(needed) - set(given):
                continue
            call = PlannedCall(tool=f"{name}{BETWEEN}{tool}", arguments=given, origin="default")
            task = CallTask(key=call.tool, call=call, beside=True)
            came.append(await desk.call(task, timeout_seconds=server.timeout_seconds))
    return tuple(came)
