"""Who may speak to the page: this machine's reader alone, in a page that this server sent.

Any program and any web page on this machine can reach the loopback address. So every request must
name this address as its host (a page of another name that resolves here does not), must not come
from another page, and must hold a secret: the token in the address that the terminal showed, which
is exchanged for a cookie at once and then stands in no address any more.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, Response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""What a page may load: this server's own files and nothing else. ``data:`` is for a chart's saved image."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
TOKEN = "token"  # noqa: S105 - the name of a parameter
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
ASK_THE_TERMINAL = "This page opens only with the address that the terminal shows."


class Keys(NamedTuple):
    """The two secrets of one server: what opens it, and what a browser holds afterwards."""

    token: str
    session: str

    @classmethod
    def new(cls) -> Keys:
        """Return secrets that nobody can guess."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32))


class Gate:
    """Lets in what holds a key and comes from this server's own page; answers the rest itself.

    Parameters
    ----------
    app
        What is behind the gate.
    port
        Port that the server is reached at.
    keys
        The server's secrets.
    """

    def __init__(self, app: ASGIApp, *, port: int, keys: Keys) -> None:
        self._app = app
        self._keys = keys
        names = ("127.0.0.1", "localhost")
        # Browsers leave the usual port out.
        self._hosts = (*(f"{name}:{port}" for name in names), *(names if port == 80 else ()))
        # Cookies know no ports: two servers of one machine must not overwrite each other's.
        self._cookie = f"sectorvane-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        response = self._answer(scope)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                # Files are asked for again, and answered as unchanged; what was said is kept nowhere.
                kept = scope["path"].startswith(("/static/", "/charts/"))
                headers.setdefault("cache-control", "no-cache" if kept else "no-store")
            await send(message)

        await (response or self._app)(scope, receive, send_guarded)

    def _answer(self, scope: Scope) -> Response | None:
        """Return what the gate itself answers, None for what may pass."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if host not in self._hosts:
            return refusal("The page answers only at its own address.", 421)
        if not self._own_page(scope, headers, host):
            return refusal("Another page may not ask here.", 403)
        token = QueryParams(scope["query_string"]).get(TOKEN)
        if token is not None:
            return self._exchange(scope, token)
        if not _same(
            cookie_parser(headers.get("cookie", "")).get(self._cookie), self._keys.session
        ):
            return self._closed(scope)
        return None

    def _own_page(self, scope: Scope, headers: Headers, host: str) -> bool:
        """Whether a request was made by a page of this server, or by a reader who opens it."""
        origin = headers.get("origin")
        if scope["method"] in CHANGING or origin is not None:
            return origin == f"http://{host}"
        site = headers.get("sec-fetch-site", "same-origin")
        opened = headers.get("sec-fetch-mode") == "navigate"
        return opened or site in ("same-origin", "none")

    def _exchange(self, scope: Scope, token: str) -> Response:
        """Give a cookie for the token, and send the browser to the address without it."""
        if scope["method"] != "GET" or not _same(token, self._keys.token):
            return self._closed(scope)
        path = quote(scope["path"])
        # Not a redirect: one that began on another page would leave a strict cookie behind.
        response = HTMLResponse(
            '<!doctype html><html lang="en"><title>Sectorvane</title><link rel="icon" href="data:,">',
            headers={"refresh": f"0;url={path if path.startswith('/c/') else '/'}"},
        )
        response.set_cookie(
            self._cookie, self._keys.session, path="/", httponly=True, samesite="strict"
        )
        return response

    def _closed(self, scope: Scope) -> Response:
        if scope["path"].startswith("/api/"):
            return refusal(ASK_THE_TERMINAL, 403)
        page = (
            '<!doctype html><html lang="en"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><title>Sectorvane</title>'
            f"<main><h1>Sectorvane</h1><p>{ASK_THE_TERMINAL}</p></main></html>"
        )
        return HTMLResponse(page, status_code=403)


def refusal(sentence: str, status: int) -> Response:
    """Return one sentence that says why not, as JSON."""
    return JSONResponse({"sentence": sentence}, status_code=status)


def _same(came: str | None, secret: str) -> bool:
    """Compare in constant time; texts that are not ASCII are never equal."""
    return secrets.compare_digest((came or "").encode(), secret.encode())
