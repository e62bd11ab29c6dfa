"""The tools over MCP: in process, on stdio, and as streamable HTTP on the loopback address.

A server is bound to one desk, which no schema shows. A call that cannot be answered comes back as
an error result with one plain sentence; ``_meta`` says who can act on it (:data:`ERROR_KEY`:
``input``, ``down`` or ``crash``), so a caller repairs, waits or gives up without parsing prose.
"""

from __future__ import annotations

import functools
import inspect
import logging
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, cast, get_type_hints

import anyio
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import ConfigDict, ValidationError

from tools import CATALOGUE, ToolEntry
from tools.errors import SectorvaneError, SourceDownError, ToolInputError, UnusableInputError
from tools.names import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mcp.server.mcpserver import Context

    from tools.contracts import Fact, ToolResult
    from tools.desk import Desk

ERROR_KEY = "sectorvane/error"
"""Key of an error result's ``_meta``; its value is an :data:`ErrorKind`."""
ErrorKind = Literal["input", "down", "crash"]
HTTP_PATH = "/mcp"

_logger = logging.getLogger(__name__)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_READ_ONLY = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_INSTRUCTIONS = (
    "Facts about one market at one as-of date. Every number has an id, unit, dates and source; "
    "what is missing is named as a gap. Fractions are fractions, never percent. Not advice."
)


class DeskTool(Tool):
    """A tool bound to a desk; refuses unknown arguments, answers errors in one plain sentence."""

    async def run(
        self,
        arguments: dict[str, Any],
        context: Context[Any, Any],  # noqa: ARG002 - the signature is the SDK's
        convert_result: bool = False,  # noqa: FBT001, FBT002 - the signature is the SDK's
    ) -> Any:  # noqa: ANN401 - the SDK's own return type
        """Run the tool in a worker thread and return its result, or an error result."""
        try:
            accepted = self.fn_metadata.validate_arguments(arguments)
            # A caller's time limit must end the wait even while the tool still computes.
            return await anyio.to_thread.run_sync(
                self._answer, accepted, convert_result, abandon_on_cancel=True
            )
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

    def _answer(self, accepted: dict[str, Any], convert_result: bool) -> Any:  # noqa: ANN401, FBT001
        result = self.fn(**accepted)
        if not convert_result:
            return result
        return CallToolResult(
            content=[TextContent(type="text", text=as_text(result))],
            structured_content=result.model_dump(mode="json", by_alias=True),
        )

    def _refusal(self, refused: ValidationError) -> str:
        known = ", ".join(self.fn_metadata.arg_model.model_fields) or "none"
        problems = []
        for error in refused.errors(include_url=False, include_context=False):
            where = ".".join(str(part) for part in error["loc"])
            match error["type"]:
                case "extra_forbidden":
                    problems.append(f"there is no argument {where!r}")
                case "missing":
                    problems.append(f"{where} is required")
                case _:
                    problems.append(f"{where}: {error['msg']}, got {shortened(error['input'])}")
        return f"{self.name}: {'; '.join(problems)}. Its arguments: {known}."


def build_server(desk: Desk, *, catalogue: Iterable[ToolEntry] = CATALOGUE) -> MCPServer[Any]:
    """Return an MCP server whose tools answer from `desk`.

    Parameters
    ----------
    desk
        The market at its as-of that every call is answered from.
    catalogue
        What may be called.
    """
    with _logging_untouched():
        return MCPServer(
            "sectorvane",
            instructions=_INSTRUCTIONS,
            tools=[bind(entry.load(), desk, name=entry.name) for entry in catalogue],
            log_level="WARNING",
        )


def bind(function: Callable[..., ToolResult], desk: Desk, *, name: str) -> DeskTool:
    """Return `function` as a tool of `desk`, with the schemas of its arguments and result."""
    # Desk is a type-checking import of the tool modules, so its name is handed in.
    hints = get_type_hints(function, localns={"Desk": object}, include_extras=True)
    signature = inspect.signature(function)
    arguments = [
        parameter.replace(annotation=hints[parameter.name])
        for parameter in list(signature.parameters.values())[1:]
    ]

    @functools.wraps(function)
    def bound(**accepted: Any) -> ToolResult:  # noqa: ANN401 - validated against the schema
        return function(desk, **accepted)

    shown = signature.replace(parameters=arguments, return_annotation=hints["return"])
    bound.__signature__ = shown  # type: ignore[attr-defined]  # read by inspect.signature
    tool = DeskTool.from_function(
        bound,
        name=name,
        description=" ".join((function.__doc__ or "").split()),
        annotations=_READ_ONLY,
        structured_output=True,
    )
    accepted_model = tool.fn_metadata.arg_model
    tool.fn_metadata.arg_model = type(
        accepted_model.__name__, (accepted_model,), {"model_config": ConfigDict(extra="forbid")}
    )
    tool.parameters = plain_schema(tool.parameters)
    return cast("DeskTool", tool)


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


def serve_stdio(desk: Desk) -> None:
    """Serve on standard input and output until the caller hangs up."""
    server = build_server(desk)
    anyio.run(server.run_stdio_async)


def serve_http(desk: Desk, port: int, host: str = "127.0.0.1") -> None:
    """Serve as streamable HTTP under ``/mcp`` until interrupted.

    Host and Origin headers that are not the loopback address are refused, which stops a web page
    from reaching the server by rebinding its own name.

    Raises
    ------
    UnusableInputError
        When `host` is not a loopback address (the server asks nobody who they are), or the port
        is taken.
    """
    if host not in _LOOPBACK:
        raise UnusableInputError(
            f"a loopback address ({', '.join(_LOOPBACK)})",
            repr(host),
            "The tools are served without a password, so put a proxy that asks for one in front.",
        )
    _check_free(host, port)
    server = build_server(desk)
    serve = functools.partial(
        server.run_streamable_http_async,
        host=host,
        port=port,
        streamable_http_path=HTTP_PATH,
        json_response=True,
        stateless_http=True,
    )
    anyio.run(serve)


def _check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise UnusableInputError(
                "a port that can be opened", f"{host}:{port}", "Choose another port."
            ) from error


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
