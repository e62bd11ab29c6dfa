"""One way to talk to a remote server, over MCP or over plain JSON-RPC; every failure has one type.

An MCP connection lives in a task of its own: the SDK's contexts must be left by the task that
entered them, and the nodes of a run are many tasks.
"""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pydantic import ValidationError

from agent.closing import closed_soundly
from agent.remote.failures import PAGE, RemoteFailedError, kind_of, kind_of_status
from agent.remote.reading import Raw
from agent.retry import retry_after

if TYPE_CHECKING:
    import httpx2
    from mcp import Client
    from mcp.types import CallToolResult

    from agent.remote.settings import RemoteServer

MOST_PAGES = 20
MOST_TOOLS = 200
MOST_BYTES = 4_000_000
CLOSE_SECONDS = 5.0


class Served(NamedTuple):
    """One tool as ``tools/list`` serves it."""

    name: str
    description: str
    schema: dict[str, Any]

    @property
    def properties(self) -> dict[str, Any]:
        """The arguments that it declares."""
        declared = self.schema.get("properties")
        return declared if isinstance(declared, dict) else {}


class Connection(Protocol):
    """A server that answers."""

    async def tools(self) -> tuple[Served, ...]:
        """List what is served."""
        ...

    async def call(self, tool: str, arguments: dict[str, Any]) -> Raw:
        """Call one tool."""
        ...

    async def close(self) -> None:
        """Hang up."""
        ...


async def connect(name: str, server: RemoteServer) -> tuple[Connection, tuple[Served, ...]]:
    """Connect and list the tools; where the protocol is not known, MCP is tried first.

    Raises
    ------
    RemoteFailedError
        When the server cannot be reached, refuses, or speaks neither protocol.
    """
    if server.protocol != "jsonrpc":
        try:
            return await _listed(await McpConnection.open(name, server))
        except RemoteFailedError as error:
            settled = error.kind in {"auth", "limit", "timeout"}
            if server.protocol == "mcp" or server.url is None or settled:
                raise
    return await _listed(JsonRpcConnection(server))


async def _listed(connection: Connection) -> tuple[Connection, tuple[Served, ...]]:
    try:
        return connection, await connection.tools()
    except BaseException:
        await connection.close()
        raise


def _headers(server: RemoteServer) -> dict[str, str]:
    headers = {name: value.get_secret_value() for name, value in server.headers.items()}
    if server.key is not None:
        headers[server.key_header] = server.key.get_secret_value()
    return headers


class _Refusals:
    """Remembers the last HTTP status that was a refusal: the SDK's errors do not carry it."""

    def __init__(self) -> None:
        self.last: RemoteFailedError | None = None

    async def __call__(self, response: httpx2.Response) -> None:
        if response.status_code >= 400:
            self.last = _refusal(response)

    def take(self) -> RemoteFailedError | None:
        """Return it and forget it."""
        last, self.last = self.last, None
        return last


def _refusal(response: httpx2.Response) -> RemoteFailedError:
    asked = type("Refused", (Exception,), {"response": response})()
    wait = retry_after(asked, datetime.now(UTC))
    return RemoteFailedError(
        kind_of_status(response.status_code), f"HTTP {response.status_code}", wait
    )


class McpConnection:
    """A server that speaks MCP, over standard input and output or streamable HTTP."""

    def __init__(self, name: str, server: RemoteServer) -> None:
        self._name = name
        self._server = server
        self._refusals = _Refusals()
        self._closing = asyncio.Event()
        self._client: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._hold(), name=f"remote {name}")

    @classmethod
    async def open(cls, name: str, server: RemoteServer) -> McpConnection:
        """Connect; a server that does not answer in time is not waited for."""
        opened = cls(name, server)
        waiting: set[asyncio.Future[Any]] = {opened._task, opened._client}
        try:
            await asyncio.wait(
                waiting, timeout=server.timeout_seconds, return_when=asyncio.FIRST_COMPLETED
            )
        except BaseException:
            await opened.close()
            raise
        if opened._client.done():
            return opened
        failed = opened._task.done()
        error = opened._ended() if failed else RemoteFailedError("timeout")
        await opened.close()
        raise error

    async def _hold(self) -> None:
        from mcp import Client

        async with AsyncExitStack() as stack:
            target = await self._target(stack)
            client = Client(target, read_timeout_seconds=self._server.timeout_seconds)
            self._client.set_result(await stack.enter_async_context(closed_soundly(client)))
            await self._closing.wait()

    async def _target(self, stack: AsyncExitStack) -> Any:  # noqa: ANN401 - the SDK's transports
        server = self._server
        if server.url is None:
            from mcp.client.stdio import StdioServerParameters, stdio_client

            from agent.remote.settings import key_variable

            secret = {}
            if server.key is not None:
                variable = key_variable(self._name, {"key_env": server.key_env})
                secret = {variable: server.key.get_secret_value()}
            command, *arguments = server.command
            parameters = StdioServerParameters(command=command, args=arguments, env=secret)
            # What the server writes to standard error may hold its key.
            silence = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - closed by the stack
            stack.callback(silence.close)
            return stdio_client(parameters, errlog=silence)
        import httpx2
        from mcp.client.streamable_http import streamable_http_client

        http = httpx2.AsyncClient(
            headers=_headers(server),
            timeout=server.timeout_seconds,
            event_hooks={"response": [self._refusals]},
        )
        await stack.enter_async_context(http)
        return streamable_http_client(server.url, http_client=http, terminate_on_close=False)

    def _ended(self) -> RemoteFailedError:
        """Return why the connection ended."""
        error = None if self._task.cancelled() else self._task.exception()
        return self._refusals.take() or RemoteFailedError("down", _named(error))

    async def tools(self) -> tuple[Served, ...]:
        """List what is served, page by page."""
        from mcp import MCPError

        client = self._client.result()
        found: list[Served] = []
        cursor: str | None = None
        seen: set[str] = set()
        for _page in range(MOST_PAGES):
            try:
                listed = await client.list_tools(cursor=cursor)
            except (MCPError, ValidationError) as error:
                raise self._failure(error) from error
            found += [Served(t.name, t.description or "", t.input_schema) for t in listed.tools]
            cursor = listed.next_cursor
            if cursor is None or cursor in seen or len(found) >= MOST_TOOLS:
                break
            seen.add(cursor)
        return tuple(found[:MOST_TOOLS])

    async def call(self, tool: str, arguments: dict[str, Any]) -> Raw:
        """Call one tool."""
        from mcp import MCPError
        from mcp.types import CallToolRequest, CallToolRequestParams, CallToolResult

        if self._task.done():
            raise self._ended()
        request = CallToolRequest(params=CallToolRequestParams(name=tool, arguments=arguments))
        asking = asyncio.ensure_future(
            self._client.result().session.send_request(request, CallToolResult)
        )
        try:
            await asyncio.wait(
                {asking, self._task},
                timeout=self._server.timeout_seconds,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if not asking.done():
                raise self._ended() if self._task.done() else RemoteFailedError("timeout")
            return _raw(asking.result())
        except (MCPError, ValidationError) as error:
            raise self._failure(error) from error
        finally:
            asking.cancel()

    def _failure(self, error: Exception) -> RemoteFailedError:
        refusal = self._refusals.take()
        if refusal is not None:
            return refusal
        if isinstance(error, ValidationError):
            return RemoteFailedError("not_json", "no tool result")
        text = str(error)
        kind = "down" if "closed" in text.lower() else kind_of(text)
        return RemoteFailedError(kind, text)

    async def close(self) -> None:
        """Hang up; a server that does not let go is left."""
        self._closing.set()
        await asyncio.wait({self._task}, timeout=CLOSE_SECONDS if self._client.done() else 0.0)
        if not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=CLOSE_SECONDS)
        if self._task.done() and not self._task.cancelled():
            self._task.exception()
        if not self._client.done():
            self._client.cancel()


def _named(error: BaseException | None) -> str:
    """Return the kinds of the errors in a group; their texts may hold an address with a key."""
    if isinstance(error, BaseExceptionGroup):
        return ", ".join(sorted({_named(one) for one in error.exceptions}))
    return type(error).__name__ if error is not None else "ended"


def _raw(result: CallToolResult) -> Raw:
    texts = [getattr(block, "text", "") for block in result.content]
    structured = result.structured_content
    return Raw(
        text="\n".join(text for text in texts if text),
        structured=structured if isinstance(structured, dict) else None,
        is_error=bool(result.is_error),
    )


class JsonRpcConnection:
    """A server that takes single JSON-RPC posts: no handshake, no session, no stream."""

    def __init__(self, server: RemoteServer) -> None:
        self._server = server
        self._id = 0

    async def tools(self) -> tuple[Served, ...]:
        """List what is served, page by page."""
        found: list[Served] = []
        parameters: dict[str, Any] = {}
        seen: set[str] = set()
        for _page in range(MOST_PAGES):
            result = await self._ask("tools/list", parameters)
            listed = result.get("tools")
            if not isinstance(listed, list):
                raise RemoteFailedError("not_json", "no list of tools")
            found += [_served(tool) for tool in listed if _is_tool(tool)]
            cursor = result.get("nextCursor")
            if not isinstance(cursor, str) or cursor in seen or len(found) >= MOST_TOOLS:
                break
            seen.add(cursor)
            parameters = {"cursor": cursor}
        return tuple(found[:MOST_TOOLS])

    async def call(self, tool: str, arguments: dict[str, Any]) -> Raw:
        """Call one tool."""
        result = await self._ask("tools/call", {"name": tool, "arguments": arguments})
        blocks = result.get("content")
        texts = [
            str(block.get("text") or "")
            for block in (blocks if isinstance(blocks, list) else ())
            if isinstance(block, dict)
        ]
        structured = result.get("structuredContent")
        return Raw(
            text="\n".join(text for text in texts if text),
            structured=structured if isinstance(structured, dict) else None,
            is_error=result.get("isError") is True,
        )

    async def close(self) -> None:
        """Do nothing: no connection outlives its call."""

    async def _ask(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        import httpx2

        self._id += 1
        message = {"jsonrpc": "2.0", "id": self._id, "method": method, "params": parameters}
        try:
            async with asyncio.timeout(self._server.timeout_seconds):
                body = await self._post(message)
        except (TimeoutError, httpx2.TimeoutException) as error:
            raise RemoteFailedError("timeout") from error
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise RemoteFailedError("down", _named(error)) from error
        return result_of(body)

    async def _post(self, message: dict[str, Any]) -> bytes:
        import httpx2

        accept = {"Accept": "application/json", **_headers(self._server)}
        timeout = self._server.timeout_seconds
        async with (
            httpx2.AsyncClient(headers=accept, timeout=timeout) as http,
            http.stream("POST", str(self._server.url), json=message) as response,
        ):
            if response.status_code >= 300:
                raise _refusal(response)
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise RemoteFailedError("refused", "an answer without end")
        return bytes(body)


def result_of(body: bytes) -> dict[str, Any]:
    """Return the result in the body of a JSON-RPC answer.

    Raises
    ------
    RemoteFailedError
        When it holds an error, a web page or anything else.
    """
    text = body.decode("utf-8", errors="replace")
    if PAGE.match(text):
        raise RemoteFailedError("web_page", text)
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RemoteFailedError("not_json", text) from error
    if not isinstance(message, dict):
        raise RemoteFailedError("not_json", text)
    if message.get("error"):
        words = json.dumps(message["error"], ensure_ascii=False)
        raise RemoteFailedError(kind_of(words), words)
    result = message.get("result")
    if not isinstance(result, dict):
        raise RemoteFailedError("not_json", text)
    return result


def _is_tool(tool: object) -> bool:
    return isinstance(tool, dict) and isinstance(tool.get("name"), str) and bool(tool["name"])


def _served(tool: dict[str, Any]) -> Served:
    schema = tool.get("inputSchema")
    return Served(
        name=tool["name"],
        description=str(tool.get("description") or ""),
        schema=schema if isinstance(schema, dict) else {"type": "object", "properties": {}},
    )
