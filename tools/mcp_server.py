"""The tools over MCP: in process, and on stdio; :mod:`tools.serving` takes the same server to HTTP.

A server is bound to one desk, which no schema shows. A call that cannot be answered comes back as
an error result with one plain sentence; ``_meta`` says who can act on it (:data:`ERROR_KEY`:
``input``, ``down`` or ``crash``), so a caller repairs, waits or gives up without parsing prose.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import logging
from collections.abc import Callable  # noqa: TC003 - a field's type, read when the model is built
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast, get_type_hints, overload

import anyio
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import AnyHttpUrl, ConfigDict, Field, ValidationError

from tools import CATALOGUE, ToolEntry
from tools.errors import SectorvaneError, SourceDownError, ToolInputError, UnusableInputError
from tools.names import shortened
from tools.serving.access import OneToken
from tools.serving.paging import Pages
from tools.serving.threads import in_thread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mcp.server.mcpserver import Context

    from tools.contracts import Fact, ToolResult
    from tools.desk import Desk

ERROR_KEY = "sectorvane/error"
"""Key of an error result's ``_meta``; its value is an :data:`ErrorKind`."""
ErrorKind = Literal["input", "down", "crash"]

AnyServer = TypeVar("AnyServer", bound=MCPServer[Any])

_logger = logging.getLogger(__name__)
_MOST_PROBLEMS = 5
"""Wrong arguments that a refusal names."""
_REPORT_SECONDS = 1.0
_ISSUER = AnyHttpUrl("http://127.0.0.1")
_READ_ONLY = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
INSTRUCTIONS = (
    "Facts about one market at one as-of date. Every number has an id, unit, dates and source; "
    "what is missing is named as a gap. Fractions are fractions, never percent. Not advice."
)


class PlainTool(Tool):
    """A tool that refuses unknown arguments and answers errors in one plain sentence."""

    async def run(
        self,
        arguments: dict[str, Any],
        context: Context[Any, Any],
        convert_result: bool = False,  # noqa: FBT001, FBT002 - the signature is the SDK's
    ) -> Any:  # noqa: ANN401 - the SDK's own return type
        """Run the tool and return its result, or an error result."""
        try:
            accepted = self.fn_metadata.validate_arguments(arguments)
            return await self.answer(accepted, context, convert_result)
        except ValidationError as refused:
            return _error(self._refusal(refused), "input")
        except (ToolInputError, UnusableInputError) as refused:
            return _error(str(refused), "input")
        except SourceDownError as down:
            return _error(str(down), "down")
        except SectorvaneError as failed:
            return _error(str(failed), "crash")
        except Exception as crash:
            # The exception's own text may hold a path or a secret: it stays out of the answer.
            kind = type(crash).__name__
            _logger.error("%s failed: %s", self.name, kind)  # noqa: TRY400 - no traceback by default
            _logger.debug("%s failed", self.name, exc_info=crash)
            return _error(f"{self.name} failed ({kind}). Other tools may still answer.", "crash")

    async def answer(
        self,
        accepted: dict[str, Any],
        context: Context[Any, Any],
        convert_result: bool,  # noqa: FBT001 - as the SDK hands it on
    ) -> Any:  # noqa: ANN401 - the SDK's own return type
        """Return the result of accepted arguments."""
        raise NotImplementedError

    def _refusal(self, refused: ValidationError) -> str:
        known = ", ".join(self.fn_metadata.arg_model.model_fields) or "none"
        problems = []
        for error in refused.errors(include_url=False, include_context=False):
            where = ".".join(str(part) for part in error["loc"])
            match error["type"]:
                case "extra_forbidden":
                    problems.append(f"there is no argument {shortened(where)}")
                case "missing":
                    problems.append(f"{where} is required")
                case _:
                    problems.append(f"{where}: {error['msg']}, got {shortened(error['input'])}")
        shown = problems[:_MOST_PROBLEMS]
        if len(problems) > len(shown):
            shown.append(f"and {len(problems) - len(shown)} more")
        return f"{self.name}: {'; '.join(shown)}. Its arguments: {known}."


class DeskTool(PlainTool):
    """A tool bound to a desk, run in a thread of its own."""

    waits_for: Callable[[], str] = Field(default=lambda: "", exclude=True)
    """Says what else a call has to wait for, such as the training of a model; empty: for nothing."""

    async def answer(
        self,
        accepted: dict[str, Any],
        context: Context[Any, Any],
        convert_result: bool,  # noqa: FBT001 - as the SDK hands it on
    ) -> Any:  # noqa: ANN401 - the SDK's own return type
        """Return the result; a caller who asked to be told hears that the tool is still at work."""
        reporting = asyncio.create_task(self._report(context)) if wants_progress(context) else None
        try:
            # A caller's time limit must end the wait even while the tool still computes.
            return await in_thread(lambda: self._computed(accepted, convert_result))
        finally:
            if reporting is not None:
                reporting.cancel()

    async def _report(self, context: Context[Any, Any]) -> None:
        """Send what the tool is doing until cancelled; a caller who left is told no more."""
        started = anyio.current_time()
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            while True:
                await anyio.sleep(_REPORT_SECONDS)
                seconds = round(anyio.current_time() - started, 1)
                doing = self.waits_for() or f"{self.name} is at work"
                await context.report_progress(seconds, None, f"{doing} ({seconds:.0f} s)")

    def _computed(self, accepted: dict[str, Any], convert_result: bool) -> Any:  # noqa: ANN401, FBT001
        result = self.fn(**accepted)
        if not convert_result:
            return result
        return CallToolResult(
            content=[TextContent(type="text", text=as_text(result))],
            structured_content=result.model_dump(mode="json", by_alias=True),
        )


def build_server(desk: Desk, *, catalogue: Iterable[ToolEntry] = CATALOGUE) -> MCPServer[Any]:
    """Return an MCP server whose tools answer from `desk`.

    Parameters
    ----------
    desk
        The market at its as-of that every call is answered from.
    catalogue
        What may be called.
    """
    return new_server([bind(entry.load(), lambda: desk, name=entry.name) for entry in catalogue])


@overload
def new_server(
    tools: Iterable[Tool],
    *,
    kind: type[AnyServer],
    token: str | None = ...,
    page_size: int | None = ...,
    version: str = ...,
    instructions: str = ...,
) -> AnyServer: ...
@overload
def new_server(
    tools: Iterable[Tool],
    *,
    token: str | None = ...,
    page_size: int | None = ...,
    version: str = ...,
    instructions: str = ...,
) -> MCPServer[Any]: ...
def new_server(
    tools: Iterable[Tool],
    *,
    kind: type[MCPServer[Any]] = MCPServer,
    token: str | None = None,
    page_size: int | None = None,
    version: str = "",
    instructions: str = INSTRUCTIONS,
) -> MCPServer[Any]:
    """Return an MCP server with these tools, and nothing else yet.

    Parameters
    ----------
    tools
        From :func:`bind`, or of another kind.
    kind
        The class of the server.
    token
        What every request over HTTP must bear; None asks for nothing.
    page_size
        Items on a page of a list; None puts all on one.
    """
    with _logging_untouched():
        return kind(
            "sectorvane",
            title="Sectorvane",
            instructions=instructions,
            version=version,
            tools=list(tools),
            log_level="WARNING",
            token_verifier=OneToken(token) if token else None,
            # The SDK wants an issuer beside a verifier; without a resource it is shown to nobody.
            auth=AuthSettings(issuer_url=_ISSUER, resource_server_url=None) if token else None,
            middleware=[Pages(page_size)] if page_size else [],
        )


def bind(
    function: Callable[..., ToolResult],
    desk: Callable[[], Desk],
    *,
    name: str,
    waits_for: Callable[[], str] = lambda: "",
) -> DeskTool:
    """Return `function` as a tool of a desk, with the schemas of its arguments and result.

    Parameters
    ----------
    desk
        Returns the desk; asked anew for every call, in the call's own thread.
    waits_for
        Says what else a call has to wait for; empty: for nothing.
    """

    @functools.wraps(function)
    def bound(**accepted: Any) -> ToolResult:  # noqa: ANN401 - validated against the schema
        return function(desk(), **accepted)

    return _unbound(function, name).model_copy(update={"fn": bound, "waits_for": waits_for})


@functools.cache
def _unbound(function: Callable[..., ToolResult], name: str) -> DeskTool:
    """Return a tool with its schemas and no desk: every conversation has a desk, the schemas are the same."""
    # Desk is a type-checking import of the tool modules, so its name is handed in.
    hints = get_type_hints(function, localns={"Desk": object}, include_extras=True)
    signature = inspect.signature(function)
    arguments = [
        parameter.replace(annotation=hints[parameter.name])
        for parameter in list(signature.parameters.values())[1:]
    ]

    @functools.wraps(function)
    def shown(**accepted: Any) -> ToolResult:  # noqa: ANN401 - as the bound one
        return function(None, **accepted)

    shown.__signature__ = signature.replace(  # type: ignore[attr-defined]  # read by inspect.signature
        parameters=arguments, return_annotation=hints["return"]
    )
    tool = DeskTool.from_function(
        shown,
        name=name,
        description=" ".join((function.__doc__ or "").split()),
        annotations=_READ_ONLY,
        structured_output=True,
    )
    return cast("DeskTool", strict(tool))


def strict(tool: Tool) -> Tool:
    """Let a tool refuse arguments it does not know, and show its schema as plainly as can be."""
    accepted_model = tool.fn_metadata.arg_model
    tool.fn_metadata.arg_model = type(
        accepted_model.__name__, (accepted_model,), {"model_config": ConfigDict(extra="forbid")}
    )
    tool.parameters = plain_schema(tool.parameters)
    return tool


def wants_progress(context: Context[Any, Any]) -> bool:
    """Return whether the caller asked to be told how a call goes on."""
    return "progress_token" in (context.request_context.meta or {})


def plain_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Return an input schema without what a model need not read: titles, and null as an option."""
    properties = {}
    for name, shown in schema.get("properties", {}).items():
        plain = {key: value for key, value in shown.items() if key != "title"}
        options = [kind for kind in plain.get("anyOf", ()) if kind != {"type": "null"}]
        if len(options) == 1:
            plain = {**options[0], **{k: v for k, v in plain.items() if k != "anyOf"}}
        if plain.get("default", ...) is None:
            del plain["default"]
        properties[name] = plain
    plain_root: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    for key in ("required", "$defs"):
        if key in schema:
            plain_root[key] = schema[key]
    return plain_root


def as_text(result: ToolResult) -> str:
    """Return a result as text: facts as a table, other fields as JSON, gaps and notes."""
    stamp = result.market
    simulated = " SIMULATED." if stamp.simulated else ""
    lines = [
        f"{result.tool}: {stamp.name}, as of {stamp.as_of}, last day {stamp.last_day}.{simulated}"
    ]
    own = result.model_dump_json(
        exclude={"tool", "market", "facts", "gaps", "notes"}, by_alias=True, exclude_defaults=True
    )
    if own != "{}":
        lines += ["", own]
    if result.facts:
        lines += ["", "| fact | value | unit | observed | source |", "|---|---|---|---|---|"]
        lines += [_row(fact) for fact in result.facts]
    lines += [f"- Missing: {gap.what}: {gap.why}; {gap.effect}." for gap in result.gaps]
    lines += [f"- Note: {note}" for note in result.notes]
    return "\n".join(lines)


def serve_stdio(server: MCPServer[Any]) -> None:
    """Serve on standard input and output until the caller hangs up."""
    anyio.run(server.run_stdio_async)


def _error(message: str, kind: ErrorKind) -> CallToolResult:
    return CallToolResult(
        content=[TextContent(type="text", text=message)], is_error=True, _meta={ERROR_KEY: kind}
    )


def _row(fact: Fact) -> str:
    value = fact.value if isinstance(fact.value, str) else f"{fact.value:.6g}"
    return f"| {fact.id} | {value} | {fact.unit} | {fact.observed_on} | {fact.source} |"


@contextmanager
def _logging_untouched() -> Iterator[None]:
    """Undo what the SDK does to the root logger when a server is built; the front door owns it."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
