"""Who may reach the tools over HTTP: addresses, names of hosts and the bearer token.

On the loopback address the server may be left without a token, because whoever reaches it is on
the machine. Anywhere else it does not start without one, nor without the names it is reached
under: checking the Host and Origin headers against them stops a web page that rebinds its own name.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mcp.server.auth.provider import AccessToken
from mcp.server.transport_security import TransportSecuritySettings

from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterable

HTTP_PATH = "/mcp"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Names to compare with, not addresses that anything is bound to here.
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104
SHORTEST_TOKEN = 16
"""Characters; shorter ones can be guessed."""
_HOST = re.compile(r"[\w.-]+|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?", re.ASCII)
"""A name, or an address of either kind; what is longer is compared with no host a request names."""


@dataclass(frozen=True, kw_only=True)
class HttpAccess:
    """Where a server listens, whom it answers, and what one client may take.

    Raises
    ------
    UnusableInputError
        For a token that is too short, a further name that is none, and off the loopback address
        where the token or the name of the host is missing.
    """

    port: int
    host: str = "127.0.0.1"
    token: str | None = None
    """What a client must send as ``Authorization: Bearer …``; None asks for nothing."""
    allow_hosts: tuple[str, ...] = ()
    """Further names or addresses the server is reached under."""
    calls_per_minute: int = 600
    """Requests one client may make; 0 sets no limit."""
    max_body_bytes: int = 1_000_000
    """Size of a request; more is refused with 413."""
    slowest_seconds: float = 30.0
    """Seconds a client may take to send a request; a slower one is refused with 408."""
    max_connections: int = 256
    """Connections open at once; more are refused with 503."""

    def __post_init__(self) -> None:
        if self.token is not None and len(self.token) < SHORTEST_TOKEN:
            raise UnusableInputError(
                f"a token of {SHORTEST_TOKEN} characters or more",
                f"one of {len(self.token)}",
                "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'",
            )
        for name in self.allow_hosts:
            if not _HOST.fullmatch(name):
                raise UnusableInputError(
                    "the name of a host, or its address",
                    repr(name),
                    "Leave out http://, the port and the path; every port of a name is allowed.",
                )
        if self.host in LOOPBACK:
            return
        if self.token is None:
            raise UnusableInputError(
                "a token, because others than this machine can reach the server",
                f"the address {self.host!r} and no SECTORVANE_MCP_TOKEN",
                f"Set one, or listen on a loopback address ({', '.join(LOOPBACK)}).",
            )
        if self.host in EVERYWHERE and not self.allow_hosts:
            raise UnusableInputError(
                "the names that clients reach the server under",
                f"the address {self.host!r}, which is every address, and no --allow-host",
                "Name each with --allow-host NAME.",
            )

    @property
    def address(self) -> str:
        """Where a client finds the server: under its first name where it is bound to every address."""
        host = self.allow_hosts[0] if self.host in EVERYWHERE else self.host
        return f"http://{_in_address(host)}:{self.port}{HTTP_PATH}"

    @property
    def security(self) -> TransportSecuritySettings:
        """The host and origin checks of the SDK, for the names of this server."""
        bound = () if self.host in EVERYWHERE else (self.host,)
        names = [
            _in_address(name) for name in dict.fromkeys((*LOOPBACK, *bound, *self.allow_hosts))
        ]
        return TransportSecuritySettings(
            enable_dns_rebinding_protection=True,
            allowed_hosts=list(_with_ports(names)),
            allowed_origins=[
                f"{scheme}://{name}" for scheme in ("http", "https") for name in _with_ports(names)
            ],
        )


class OneToken:
    """Knows one token; the SDK asks it whether a request's is the one.

    Parameters
    ----------
    token
        The secret.
    """

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return who asks, or None; takes as long for a token that is nearly right."""
        if not hmac.compare_digest(token.encode(), self._token):
            return None
        return AccessToken(token=token, client_id="sectorvane", scopes=[])


def _in_address(name: str) -> str:
    """Return a host as an address writes it: IPv6 in brackets."""
    return f"[{name}]" if ":" in name and not name.startswith("[") else name


def _with_ports(names: Iterable[str]) -> Iterable[str]:
    for name in names:
        yield from (name, f"{name}:*")
