"""The remote servers of one conversation: connected when first needed, counted before every call."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Self

from agent.remote.connection import connect
from agent.remote.failures import RemoteFailedError
from agent.remote.gaps import QUOTA
from agent.remote.ledger import Ledger
from agent.remote.quoting import PLAIN_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from agent.remote.connection import Connection, Served
    from agent.remote.reading import Raw
    from agent.remote.settings import RemoteServer

REST_SECONDS = 60.0
"""How long a server that could not be reached is not tried again."""
LOST = frozenset({"down", "timeout"})


class QuotaError(RemoteFailedError):
    """A call that the quota forbids; it was not made."""

    def __init__(self) -> None:
        super().__init__("limit")
        self.args = (QUOTA,)


class RemoteHub:
    """Use it as an async context manager; the ledger outlives it on disk.

    Parameters
    ----------
    servers
        The servers of the settings, by name.
    home
        Where quota and journal are kept.
    wall
        Seconds since the epoch.
    """

    def __init__(
        self,
        servers: Mapping[str, RemoteServer],
        home: Path,
        *,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.servers = servers
        self.home = home
        self.ledger = Ledger(home, wall)
        self._connections: dict[str, tuple[Connection, dict[str, Served]]] = {}
        self._failed: dict[str, tuple[RemoteFailedError, float]] = {}
        self._locks = {name: asyncio.Lock() for name in servers}

    async def __aenter__(self) -> Self:
        """Connect to nothing yet."""
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Hang up."""
        for connection, _served in self._connections.values():
            await connection.close()
        self._connections.clear()
        self.ledger.close()

    async def served(self, name: str) -> Mapping[str, Served]:
        """Return what a server serves, by name; names that nobody could call safely are left out.

        Raises
        ------
        RemoteFailedError
            When it cannot be reached, or could not a moment ago.
        """
        async with self._locks[name]:
            return (await self._connected(name))[1]

    async def ask(self, name: str, tool: str, arguments: dict[str, Any]) -> Raw:
        """Make one call, counted before it is made.

        Raises
        ------
        QuotaError
            When the quota forbids it.
        RemoteFailedError
            When it fails; where the server says that its limit is reached, it is left alone.
        """
        async with self._locks[name]:
            connection, known = await self._connected(name)
            if tool not in known:
                raise RemoteFailedError("unknown_tool")
            if self.ledger.take(name, self.servers[name]) is not None:
                raise QuotaError
            try:
                return await connection.call(tool, arguments)
            except RemoteFailedError as error:
                self.note(name, error)
                if error.kind in LOST:
                    self._rest(name, error)
                    self._connections.pop(name, None)
                    await connection.close()
                raise

    def note(self, name: str, error: RemoteFailedError) -> None:
        """Leave a server alone that says that its limit is reached."""
        if error.kind == "limit":
            self.ledger.pause(name, error.retry_after)

    def _rest(self, name: str, error: RemoteFailedError) -> None:
        self._failed[name] = (error, time.monotonic() + REST_SECONDS)

    async def _connected(self, name: str) -> tuple[Connection, dict[str, Served]]:
        if name in self._connections:
            return self._connections[name]
        error, until = self._failed.get(name, (None, 0.0))
        if error is not None and time.monotonic() < until:
            raise error
        try:
            connection, tools = await connect(name, self.servers[name])
        except RemoteFailedError as failure:
            self.note(name, failure)
            self._rest(name, failure)
            raise
        known = {tool.name: tool for tool in tools if PLAIN_NAME.fullmatch(tool.name)}
        self._connections[name] = (connection, known)
        return connection, known
