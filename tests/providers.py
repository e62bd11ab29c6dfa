"""A real HTTP server on loopback that plays a data provider, and every way in which a provider fails.

A service is a function from a request to an answer, and speaks one provider's protocol. `Providers` serves any number
of them, each under its own path, so that one server can stand for all providers of a market. A failure is switched
on with `fail`: it changes the good answer, or comes instead of it. What was asked stands in `asked`.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

HANG_SECONDS = 20.0
"""How long a hanging answer hangs at most; it ends at once when the server is closed."""
PAGE = (
    "<!DOCTYPE html><html><head><title>Just a moment</title></head><body>Please wait.</body></html>"
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    """Below the service's own path, without a leading slash."""
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer."""

    body: bytes = b""
    status: int = 200
    kind: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    hang_seconds: float = 0.0
    """Waits before the first byte."""
    cut_after: int | None = None
    """Bytes of the body after which the connection ends, though more were promised."""
    drip_seconds: float = 0.0
    """Pause after each byte."""


Service = Callable[[Asked], Answer]
Failure = Callable[[Answer], Answer]


def json_answer(value: object, status: int = 200) -> Answer:
    return Answer(body=json.dumps(value).encode(), status=status)


def text_answer(text: str, kind: str = "text/csv", status: int = 200) -> Answer:
    return Answer(body=text.encode(), kind=kind, status=status)


def not_found(asked: Asked) -> Answer:
    return text_answer("not found", "text/plain", 404)


FAILURES: dict[str, Failure] = {
    "empty": lambda good: replace(good, body=b""),
    "empty_object": lambda _: json_answer({}),
    "empty_list": lambda _: json_answer([]),
    "null": lambda _: json_answer(None),
    "page": lambda _: text_answer(PAGE, "text/html"),
    "not_json": lambda good: replace(good, body=b"\xff\xfe" + good.body[: len(good.body) // 2]),
    "cut": lambda good: replace(good, cut_after=len(good.body) // 2),
    "short": lambda good: replace(good, body=good.body[: len(good.body) // 2]),
    "hang": lambda good: replace(good, hang_seconds=HANG_SECONDS),
    "unauthorised": lambda _: text_answer("no", "text/plain", 401),
    "forbidden": lambda _: text_answer(PAGE, "text/html", 403),
    "too_many": lambda _: text_answer("slow down", "text/plain", 429),
    "too_many_later": lambda _: replace(
        text_answer("slow down", "text/plain", 429), headers=(("Retry-After", "86400"),)
    ),
    "broken": lambda _: text_answer("oops", "text/plain", 500),
    "elsewhere": lambda _: Answer(status=302, headers=(("Location", "http://198.51.100.7/x"),)),
}
"""Name → what becomes of a good answer. All of them end as a `SourceDownError`, whatever the provider."""


def changed(good: Answer, change: Callable[[Any], Any]) -> Answer:
    """Return a JSON answer with its value changed."""
    return replace(good, body=json.dumps(change(json.loads(good.body))).encode())


def renamed_key(value: Any, old: str, new: str) -> Any:
    """Return JSON in which a key has another name, at any depth."""
    if isinstance(value, dict):
        pairs = ((new if key == old else key, item) for key, item in value.items())
        return {key: renamed_key(item, old, new) for key, item in pairs}
    if isinstance(value, list):
        return [renamed_key(item, old, new) for item in value]
    return value


def scaled(value: Any, keys: Iterable[str], factor: float) -> Any:
    """Return JSON in which the numbers under some keys are in another unit; numbers as text stay text."""
    wanted = set(keys)

    def change(item: Any, *, inside: bool) -> Any:
        if isinstance(item, dict):
            return {k: change(v, inside=inside or k in wanted) for k, v in item.items()}
        if isinstance(item, list):
            return [change(entry, inside=inside) for entry in item]
        return _times(item, factor) if inside else item

    return change(value, inside=False)


def _times(value: Any, factor: float) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return value * factor
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return str(float(value) * factor)
    return value


def nulls_inside(value: Any, every: int = 3) -> Any:
    """Return JSON in which every third number or text of each list of such is null."""
    if isinstance(value, dict):
        return {key: nulls_inside(item, every) for key, item in value.items()}
    if isinstance(value, list):
        if value and all(not isinstance(item, dict | list) for item in value):
            return [None if (i + 1) % every == 0 else item for i, item in enumerate(value)]
        return [nulls_inside(item, every) for item in value]
    return value


class Providers:
    """Serves services until closed; as a context manager it closes itself.

    Examples
    --------
    >>> with Providers({"fred": fred}) as server:
    ...     server.fail("hang", under="fred")
    ...     Fetcher("FRED", server.url("fred"), timeout_seconds=0.2).json("series")
    """

    def __init__(self, services: dict[str, Service]) -> None:
        self.services = dict(services)
        self.asked: list[Asked] = []
        self._failures: dict[str, tuple[Failure, int | None]] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    def url(self, service: str) -> str:
        """Return the address of a service."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}/{service}"

    def fail(self, failure: str | Failure, *, under: str, times: int | None = None) -> None:
        """Let answers of paths that begin with `under` fail, `times` times or always."""
        made = FAILURES[failure] if isinstance(failure, str) else failure
        with self._lock:
            self._failures[under] = (made, times)

    def heal(self) -> None:
        """Let everything answer well again."""
        with self._lock:
            self._failures.clear()

    def answer(self, asked: Asked) -> Answer:
        name, _, rest = asked.path.partition("/")
        with self._lock:
            self.asked.append(asked)
            failure = self._taken(asked.path)
        service = self.services.get(name, not_found)
        answer = service(replace(asked, path=rest))
        return answer if failure is None else failure(answer)

    def _taken(self, path: str) -> Failure | None:
        for under, (failure, left) in list(self._failures.items()):
            if path.startswith(under) and left != 0:
                self._failures[under] = (failure, None if left is None else left - 1)
                return failure
        return None

    def wait(self, seconds: float) -> None:
        self._closing.wait(seconds)

    def close(self) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, providers: Providers) -> None:
        self.providers = providers
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent about a client that went away; anything else is a fault of the service."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits 40 ms for an acknowledgement
    server: _Server

    def handle_any(self) -> None:
        address = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        asked = Asked(
            method=self.command,
            path=address.path.lstrip("/"),
            query=dict(parse_qsl(address.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        with contextlib.suppress(ConnectionError):
            self.send(
                self.server.providers.answer(asked),
                zipped="gzip" in asked.headers.get("accept-encoding", ""),
            )

    do_GET = do_POST = handle_any  # noqa: N815 - the names that the base class looks for

    def send(self, answer: Answer, *, zipped: bool) -> None:
        if answer.hang_seconds:
            self.server.providers.wait(answer.hang_seconds)
        zipped = zipped and answer.cut_after is None and not answer.drip_seconds
        body = gzip.compress(answer.body, 1) if zipped else answer.body
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(body)))
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        self.send_body(answer, body)

    def send_body(self, answer: Answer, body: bytes) -> None:
        if answer.drip_seconds:
            for byte in body:
                self.wfile.write(bytes((byte,)))
                self.server.providers.wait(answer.drip_seconds)
        elif answer.cut_after is None:
            self.wfile.write(body)
        else:
            self.wfile.write(body[: answer.cut_after])
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Stay silent."""
