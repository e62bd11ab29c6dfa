"""A real HTTP server on loopback that speaks the chat-completions protocol from a script.

It is no model: every answer is written down beforehand, and every answer says so
(`system_fingerprint` begins with ``scripted``). Replies are given in the order of the requests;
when the script has run out, the server answers 410, which no client of ours retries.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

FINGERPRINT = "scripted-server"
MODEL = "scripted"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One scripted answer."""

    text: str = ""
    calls: tuple[tuple[str, str], ...] = ()
    """Tool calls: name and arguments as written, broken JSON included."""
    status: int = 200
    message: str = ""
    """Message of an error."""
    headers: tuple[tuple[str, str], ...] = ()
    delay_seconds: float = 0.0
    cut_after: int | None = None
    """Characters of the text after which the stream ends without an end."""
    drop: bool = False
    """Whether the connection breaks in the middle of the body instead of ending."""
    refusal: str = ""
    """What a model says that will not answer; its text is then empty."""
    reason: str = ""
    """Why the model stopped, where it is not the usual reason."""
    endless: bool = False
    """Whether the text comes again and again until nobody listens."""
    raw: str | None = None
    """A body that is no chat completion."""


def call(*calls: tuple[str, dict[str, Any] | str]) -> Reply:
    """Answer with tool calls; arguments may be a value or text as it stands."""
    written = tuple((name, a if isinstance(a, str) else json.dumps(a)) for name, a in calls)
    return Reply(calls=written)


def say(text: str) -> Reply:
    """Answer with text."""
    return Reply(text=text)


def write(
    headline: str,
    paragraphs: Sequence[str] = (),
    risks: Sequence[str] = (),
    watch: Sequence[str] = (),
) -> Reply:
    """Answer with a draft."""
    draft = {
        "headline": headline,
        "paragraphs": list(paragraphs),
        "risks": list(risks),
        "watch": list(watch),
    }
    return Reply(text=json.dumps(draft, ensure_ascii=False))


def fail(
    status: int, message: str = "scripted failure", *, retry_after: str | None = None
) -> Reply:
    """Answer with an error."""
    headers = () if retry_after is None else (("Retry-After", retry_after),)
    return Reply(status=status, message=message, headers=headers)


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    def text_of(self, role: str) -> str:
        """Return what was said in a role."""
        return "\n".join(str(m["content"]) for m in self.body["messages"] if m["role"] == role)


@dataclass
class ScriptedModel:
    """The server; use it as a context manager."""

    replies: Sequence[Reply]
    port: int = 0
    """0 takes a free one."""
    requests: list[Seen] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.script = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def base_url(self) -> str:
        """The address to give to a client."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def next_reply(self, seen: Seen) -> Reply:
        """Note a request and return what answers it."""
        with self._lock:
            self.requests.append(seen)
            number = len(self.requests)
        if number > len(self.replies):
            return fail(410, "the script has run out")
        return self.replies[number - 1]


class _Server(ThreadingHTTPServer):
    script: ScriptedModel
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = Seen(self.path, headers, json.loads(raw))
        reply = self.server.script.next_reply(seen)
        time.sleep(reply.delay_seconds)
        if reply.raw is not None:
            self._send(reply.status, reply.raw.encode(), "text/html", reply.headers)
        elif reply.status != 200:
            error = {"error": {"message": reply.message, "type": "scripted", "code": reply.status}}
            self._send(reply.status, json.dumps(error).encode(), "application/json", reply.headers)
        elif reply.endless:
            self._repeat(reply)
        elif seen.body.get("stream"):
            self._stream(reply, seen.body)
        else:
            self._send(200, json.dumps(_whole(reply, seen.body)).encode(), "application/json")

    def _send(
        self, status: int, body: bytes, kind: str, headers: Sequence[tuple[str, str]] = ()
    ) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _repeat(self, reply: Reply) -> None:
        event = json.dumps(_chunk({"role": "assistant", "content": reply.text}))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        with contextlib.suppress(OSError):
            while True:
                self.wfile.write(f"data: {event}\n\n".encode())

    def _stream(self, reply: Reply, asked: dict[str, Any]) -> None:
        events = [json.dumps(event, ensure_ascii=False) for event in _events(reply, asked)]
        lines = [f"data: {event}\n\n" for event in events]
        if reply.cut_after is None:
            lines.append("data: [DONE]\n\n")
        body = "".join(lines).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        if reply.drop:
            self.send_header("Content-Length", str(len(body) + 100))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True


def _whole(reply: Reply, asked: dict[str, Any]) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text or None}
    if reply.refusal:
        message["refusal"] = reply.refusal
    if reply.calls:
        message["tool_calls"] = [_tool_call(i, *one) for i, one in enumerate(reply.calls)]
    choice = {"index": 0, "message": message, "finish_reason": _reason(reply)}
    return {**_frame("chat.completion"), "choices": [choice], "usage": _usage(reply, asked)}


def _events(reply: Reply, asked: dict[str, Any]) -> list[dict[str, Any]]:
    text = reply.text if reply.cut_after is None else reply.text[: reply.cut_after]
    events = [
        _chunk({"role": "assistant", "content": piece}) for piece in text.splitlines(keepends=True)
    ]
    if reply.refusal:
        events.append(_chunk({"role": "assistant", "refusal": reply.refusal}))
    for i, one in enumerate(reply.calls):
        events.append(_chunk({"tool_calls": [{"index": i, **_tool_call(i, *one)}]}))
    if reply.cut_after is None:
        events.append(_chunk({}, _reason(reply)))
        events.append(
            {**_frame("chat.completion.chunk"), "choices": [], "usage": _usage(reply, asked)}
        )
    return events


def _chunk(delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return {**_frame("chat.completion.chunk"), "choices": [choice]}


def _frame(kind: str) -> dict[str, Any]:
    return {
        "id": "chatcmpl-scripted",
        "object": kind,
        "created": 0,
        "model": MODEL,
        "system_fingerprint": FINGERPRINT,
    }


def _tool_call(number: int, name: str, arguments: str) -> dict[str, Any]:
    return {
        "id": f"call_{number}",
        "type": "function",
        "function": {"name": name, "arguments": arguments},
    }


def _reason(reply: Reply) -> str:
    return reply.reason or ("tool_calls" if reply.calls else "stop")


def _usage(reply: Reply, asked: dict[str, Any]) -> dict[str, int]:
    """Count four characters as a token, which is all a script can say."""
    read = len(json.dumps(asked["messages"])) // 4
    written = len(reply.text) // 4 + sum(len(arguments) for _, arguments in reply.calls) // 4
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
