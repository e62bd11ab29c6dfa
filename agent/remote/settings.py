"""``[remote.NAME]`` of the settings file: where a server is, what it allows, what its answers mean.

Keys come from the environment alone. Nothing here is read when no such table is written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from tools.contracts import Frozen, Period
from tools.errors import UnusableInputError
from tools.sources import KNOWN_MARKETS

if TYPE_CHECKING:
    from collections.abc import Mapping

Protocol = Literal["auto", "mcp", "jsonrpc"]
Accumulate = Literal["none", "sum", "compound"]
SERVER_NAME = re.compile(r"[a-z][a-z0-9]{0,23}")
BUILT_IN = tuple(name for name in KNOWN_MARKETS if not name.startswith("folder:"))
_MARKET = re.compile(rf"({'|'.join(BUILT_IN)})|demo[:-]\d+|folder:.+")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class RemoteFact(Frozen):
    """Where one measure stands in a tool's answer, and in which unit."""

    metric: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    unit: Annotated[str, Field(min_length=1)]
    """Unit of the value once it is multiplied by `scale`."""
    value: Annotated[str, Field(min_length=1)]
    """Path of the number, within a row where `rows` is given."""
    rows: str = ""
    """Path of a list with a row an entity; empty: the answer holds one value."""
    entity: str = "MARKET"
    """Entity of the value where `entity_path` is empty; any name that the market knows."""
    entity_path: str = ""
    """Path of the entity's name within a row."""
    scale: float = 1.0
    """What the served number is multiplied by: 0.01 turns percent into a fraction."""
    window: Period | None = None
    """Window that the value describes; None: a level. A window that the tool was asked for wins."""
    accumulate: Accumulate = "none"
    """How days add up to a longer window: ``sum`` amounts, ``compound`` returns."""

    @model_validator(mode="after")
    def _adds_up_days(self) -> Self:
        if self.accumulate != "none" and self.window != "1D":
            raise ValueError("accumulate needs window = '1D': only days add up")
        return self


class RemoteTool(Frozen):
    """What one served tool is asked for and what its answer means."""

    answers: tuple[str, ...] = ()
    """Our tools beside which it is asked; empty: the ones it is known to be nearest to."""
    arguments: dict[str, Any] = Field(default_factory=dict)
    """Arguments it is always given; ``$symbol`` stands for an argument of our tool."""
    date: str = ""
    """Path of the session's day; empty: looked for under its usual names."""
    prose: bool = False
    """Whether plain text is an answer; else only JSON is."""
    facts: tuple[RemoteFact, ...] = ()


class RemoteServer(Frozen):
    """One remote MCP server."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    url: str | None = None
    """Address of a server over HTTP."""
    command: tuple[str, ...] = ()
    """Program and arguments of a server over standard input and output."""
    protocol: Protocol = "auto"
    """``mcp``: streamable HTTP; ``jsonrpc``: plain stateless JSON-RPC; ``auto`` finds out."""
    headers: dict[str, SecretStr] = Field(default_factory=dict)
    key_env: str | None = None
    """Environment variable that holds the key; None: ``NAME_API_KEY``."""
    key_header: str = "x-api-key"
    key: SecretStr | None = None
    """The key itself; never written in a file, filled in from `key_env`."""
    per_minute: Annotated[int, Field(gt=0)] | None = None
    per_day: Annotated[int, Field(gt=0)] | None = None
    cache_seconds: Annotated[float, Field(ge=0)] | None = None
    """How long an answer is good; None: until the next session."""
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 30.0
    markets: tuple[str, ...] = ()
    """Markets it knows, ``folder:ID`` by the id in a folder's market.toml; empty: every one that is not simulated."""
    prefer: Literal["ours", "remote"] = "ours"
    """Whose number stands where both give the same measure in the same unit."""
    entities: dict[str, str] = Field(default_factory=dict)
    """Its names of sectors and shares → ours, where they differ."""
    offer: tuple[str, ...] = ()
    """Its tools that a planner may choose by themselves."""
    tools: dict[str, RemoteTool] = Field(default_factory=dict)

    @field_validator("command", "markets", "offer", mode="before")
    @classmethod
    def _is_a_list(cls, value: object) -> object:
        if isinstance(value, str):
            raise ValueError(  # noqa: TRY004 - becomes one refusal
                'wanted a list, such as ["one", "two"], and not one string'
            )
        return value

    @field_validator("markets")
    @classmethod
    def _are_markets(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not _MARKET.fullmatch(name):
                raise ValueError(
                    f"there is no market {name!r}; possible are {', '.join(BUILT_IN)}, "
                    "and folder:ID with the id of a market folder"
                )
        return value

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("url is not an http address")
        return value

    @model_validator(mode="after")
    def _is_one_server(self) -> Self:
        if (self.url is None) == (not self.command):
            raise ValueError("give either url or command")
        return self

    @property
    def secrets(self) -> tuple[str, ...]:
        """The key, and headers that may be one."""
        held = (*((self.key,) if self.key else ()), *self.headers.values())
        return tuple(secret.get_secret_value() for secret in held)

    @property
    def is_exposed(self) -> bool:
        """Whether a secret would travel unencrypted beyond this machine."""
        if self.url is None or not self.secrets:
            return False
        parts = urlsplit(self.url)
        return parts.scheme == "http" and parts.hostname not in LOOPBACK

    def knows(self, market_id: str, *, simulated: bool) -> bool:
        """Whether it may be asked about a market."""
        if not self.markets:
            return not simulated
        return market_id in {_market_id(name) for name in self.markets}


def _market_id(name: str) -> str:
    """Return the id of a market as the settings name it."""
    return name.removeprefix("folder:") if name.startswith("folder:") else name.replace(":", "-")


def key_variable(name: str, table: Mapping[str, Any]) -> str:
    """Return the environment variable that holds the key of the server called `name`."""
    return str(table.get("key_env") or f"{name.upper()}_API_KEY")


def read_servers(
    tables: Mapping[str, Any], environ: Mapping[str, str], file: str
) -> tuple[dict[str, RemoteServer], tuple[str, ...]]:
    """Return the servers of the tables with their keys, and the variables the keys came from.

    Raises
    ------
    UnusableInputError
        For a server's name that is no plain word, a table that cannot be used, a key in the file,
        or a secret on its way over an unencrypted line.
    """
    servers: dict[str, RemoteServer] = {}
    present: list[str] = []
    for name, table in tables.items():
        try:
            servers[name] = _server(name, table, environ)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or name
            raise _unusable(name, file, f"`{where}`: {_plain(first['msg'])}") from error
        except ValueError as error:
            raise _unusable(name, file, str(error)) from error
        if servers[name].is_exposed:
            raise UnusableInputError(
                f"an address that begins with https:// for [remote.{name}], which has a key",
                "one that begins with http://",
                "Use https, or leave the key and the headers out.",
            )
        if servers[name].key is not None:
            present.append(key_variable(name, table))
    return servers, tuple(dict.fromkeys(present))


def _server(name: str, table: object, environ: Mapping[str, str]) -> RemoteServer:
    if not SERVER_NAME.fullmatch(name):
        raise ValueError("a server's name is a short word of small letters and digits")
    if not isinstance(table, dict):
        raise ValueError(f"remote.{name} is a table")  # noqa: TRY004 - becomes one refusal
    if "key" in table:
        raise ValueError("a key is set by environment variable, not in a file")
    key = environ.get(key_variable(name, table))
    return RemoteServer.model_validate({**table, "key": key} if key else table)


def _unusable(name: str, file: str, came: str) -> UnusableInputError:
    todo = "The README says what the table may hold."
    return UnusableInputError(f"a usable [remote.{name}] in {file}", came, todo)


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")
