"""The agent's MCP clients: discover tools, compare what is wanted with what is served, call.

The embedded tools answer with facts of their own. Remote servers stand beside them
(:mod:`agent.remote`): their calls are added to a plan, never put in the place of one. What comes
back is data: facts are parsed into typed values, everything else stays in the answer and reaches
neither a plan nor a prompt's system role.
"""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Self

from pydantic import TypeAdapter, ValidationError

from agent.brains.base import ToolSpec
from agent.closing import closed_soundly
from agent.retry import tool_retry
from agent.state import CallOutcome, CallTask
from tools.contracts import Fact, Gap, MarketStamp
from tools.errors import SourceDownError, ToolInputError
from tools.mcp_server import ERROR_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mcp import Client
    from mcp.types import CallToolResult

    from agent.remote.desk import Added, RemoteDesk

_FACTS = TypeAdapter(tuple[Fact, ...])
_GAPS = TypeAdapter(tuple[Gap, ...])
_COMMON = ("tool", "market", "facts", "gaps", "notes")


class Toolbox:
    """Tools of one or more MCP servers, by name; the first server that serves a name has it.

    Parameters
    ----------
    servers
        What ``mcp.Client`` takes: an in-process server, an HTTP address or stdio parameters.
    clock
        Monotonic seconds, for the time each call took.
    remote
        The remote servers of the settings, as this view sees them; None: there are none.
    """

    def __init__(
        self,
        servers: Sequence[Any],
        *,
        clock: Callable[[], float],
        remote: RemoteDesk | None = None,
    ) -> None:
        self._servers = tuple(servers)
        self._clock = clock
        self._remote = remote
        self._stack = AsyncExitStack()
        self._clients: dict[str, Client] = {}
        self.specs: tuple[ToolSpec, ...] = ()

    async def __aenter__(self) -> Self:
        """Connect and discover."""
        try:
            await self._connect()
        except BaseException:
            # Nobody leaves what was not entered: a connection left open ends its task's cancel scopes.
            await self._stack.aclose()
            raise
        return self

    async def _connect(self) -> None:
        from mcp import Client

        specs: dict[str, ToolSpec] = {}
        for server in self._servers:
            client = await self._stack.enter_async_context(closed_soundly(Client(server)))
            for tool in (await client.list_tools()).tools:
                if tool.name not in specs:
                    self._clients[tool.name] = client
                    specs[tool.name] = ToolSpec(
                        name=tool.name,
                        description=tool.description or "",
                        input_schema=tool.input_schema,
                    )
        offered = await self._remote.offered() if self._remote else ()
        self.specs = (*specs.values(), *offered)

    async def __aexit__(self, *exc_info: object) -> None:
        """Close every connection."""
        await self._stack.aclose()

    async def additions(
        self, tasks: Sequence[CallTask], *, room: int, timeout_seconds: float
    ) -> Added | None:
        """Return the remote calls beside a plan's own; None where no remote server is configured."""
        if self._remote is None:
            return None
        return await self._remote.additions(tasks, room=room, timeout_seconds=timeout_seconds)

    async def call(self, task: CallTask, *, timeout_seconds: float) -> CallOutcome:
        """Call one tool; a failure is an outcome too, because an answer must always come."""
        started = self._clock()
        if self._remote is not None and self._remote.serves(task.call.tool):
            outcome = await self._remote.call(task, timeout_seconds=timeout_seconds)
            return outcome.model_copy(update={"ms": (self._clock() - started) * 1000.0})
        try:
            result = await self._attempt(task, timeout_seconds)
            outcome = _parse(task, result)
        except ToolInputError as error:
            outcome = _failure(task, f"the tool refused its arguments: {error}")
        except (TimeoutError, OSError, SourceDownError) as error:
            outcome = _failure(task, _plain(error))
        return outcome.model_copy(update={"ms": (self._clock() - started) * 1000.0})

    async def _attempt(self, task: CallTask, timeout_seconds: float) -> CallToolResult:
        from anyio import fail_after
        from mcp import MCPError
        from mcp.types import CallToolRequest, CallToolRequestParams, CallToolResult

        if task.call.tool not in self._clients:
            # A run that was taken up again may hold a call of a server that is gone since.
            raise SourceDownError("no server of this run has a tool of this name")
        session = self._clients[task.call.tool].session
        asked = CallToolRequestParams(name=task.call.tool, arguments=task.call.arguments)

        async def once() -> CallToolResult:
            with fail_after(timeout_seconds):
                try:
                    # Not `call_tool`: it compiles and checks the schema that the server itself
                    # declared, which costs 40 ms a tool and guards less than the types below.
                    return await session.send_request(CallToolRequest(params=asked), CallToolResult)
                except MCPError as error:
                    raise SourceDownError(
                        f"the tool server answered with an error: {error}"
                    ) from error
                except ValidationError as error:
                    raise SourceDownError("what the tool server sent is no tool result") from error

        return await tool_retry(once)


def _plain(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "the tool did not answer in time"
    return str(error) or type(error).__name__


def _parse(task: CallTask, result: CallToolResult) -> CallOutcome:
    """Turn a tool's result into typed facts.

    Raises
    ------
    ToolInputError
        When the tool says the call was wrong.
    SourceDownError
        When what came back is not an answer of a tool of ours.
    """
    if result.is_error:
        raise _error_of(result)
    content = result.structured_content
    if content is None:
        raise SourceDownError("the tool answered without structured content")
    try:
        return CallOutcome(
            key=task.key,
            tool=task.call.tool,
            arguments=task.call.arguments,
            status="ok",
            side=task.side,
            market=MarketStamp.model_validate(content["market"]),
            facts=_FACTS.validate_python(content.get("facts", ())),
            gaps=_GAPS.validate_python(content.get("gaps", ())),
            notes=tuple(content.get("notes", ())),
            answer={name: value for name, value in content.items() if name not in _COMMON},
            dropped_arguments=task.dropped_arguments,
        )
    except (KeyError, ValidationError) as error:
        raise SourceDownError("the tool's answer does not have the documented shape") from error


def _error_of(result: CallToolResult) -> ToolInputError | SourceDownError:
    """Return the error a tool reports; a server that does not say which kind means the arguments."""
    kind = (result.meta or {}).get(ERROR_KEY, "input")
    return ToolInputError(_text(result)) if kind == "input" else SourceDownError(_text(result))


def _text(result: CallToolResult) -> str:
    return (
        " ".join(getattr(block, "text", "") for block in result.content).strip()
        or "no reason given"
    )


def _shown(arguments: dict[str, Any]) -> str:
    return json.dumps(arguments, ensure_ascii=False, sort_keys=True)


def _failure(task: CallTask, why: str) -> CallOutcome:
    return CallOutcome(
        key=task.key,
        tool=task.call.tool,
        arguments=task.call.arguments,
        status="failed",
        side=task.side,
        gaps=(
            Gap(
                what=f"{task.call.tool} {_shown(task.call.arguments)}",
                why=why,
                effect="its facts are missing from this answer and from its confidence",
            ),
        ),
        dropped_arguments=task.dropped_arguments,
        error=why,
    )
