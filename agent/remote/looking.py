"""Whether a remote server answers, for the doctor: its tools are listed and none is called."""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from agent.remote.connection import connect
from agent.remote.failures import RemoteFailedError
from agent.remote.ledger import Ledger
from agent.remote.routes import WAYS, nearest
from agent.remote.settings import key_variable
from tools.errors import SourceDownError

if TYPE_CHECKING:
    from agent.remote.connection import Served
    from agent.remote.settings import RemoteServer
    from agent.settings import Settings

SECONDS = 10.0


class Seen(NamedTuple):
    """What was seen of a server."""

    reached: bool
    says: str


def look(settings: Settings, name: str) -> Seen:
    """Return what is seen of the server called `name`; a key is said to be set, never shown."""
    server = settings.remote[name]
    variable = key_variable(name, {"key_env": server.key_env})
    key = f"{variable} {'set' if server.key is not None else 'not set'}"
    try:
        tools = asyncio.run(_listed(name, server))
    except RemoteFailedError as error:
        return Seen(reached=False, says=f"{error}; {key}")
    return Seen(reached=True, says=f"{_serving(tools, server)}; {key}; {_left(settings, name)}")


async def _listed(name: str, server: RemoteServer) -> tuple[Served, ...]:
    try:
        async with asyncio.timeout(min(SECONDS, server.timeout_seconds)):
            connection, tools = await connect(name, server)
            await connection.close()
    except TimeoutError as error:
        raise RemoteFailedError("timeout") from error
    return tools


def _serving(tools: tuple[Served, ...], server: RemoteServer) -> str:
    served = {tool.name: tool for tool in tools}
    answered = [logical for logical in WAYS if nearest(logical, served, server)]
    strange = sorted(set(server.tools) - set(served))
    text = f"{len(tools)} tools, near to {len(answered)} of our {len(WAYS)}"
    return (
        f"{text}; the settings name what it does not serve: {', '.join(strange)}"
        if strange
        else text
    )


def _left(settings: Settings, name: str) -> str:
    try:
        with closing(Ledger(settings.home)) as ledger:
            room = ledger.room(name, settings.remote[name])
    except SourceDownError as error:
        return str(error)
    return "no quota set" if room is None else f"{room} calls may be made now"
