"""Slack on the loopback address: its Web API and its Socket Mode, as far as the app uses them.

Messages are kept as Slack would keep them, so that tests read what a person would see. A test tells
the server what to refuse, when to close the socket and which streams have expired. Events go to
whichever socket is open; one that is not acknowledged in time is sent again, as Slack does.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import threading
import time
from collections import Counter, deque
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from agent.slack.blocks import problems
from tests.slack_messages import Call, Message, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TEAM, BOT, BOT_ID, USER = "T100", "U900", "B900", "U100"
Event = dict[str, Any]


class SlackServer:
    """A workspace with one app. Its methods may be called from any thread."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.calls: list[Call] = []
        self.messages: dict[tuple[str, str], Message] = {}
        self.ephemeral: list[dict[str, Any]] = []
        self.refusals: dict[str, list[Refusal]] = {}
        self.latency_seconds = 0.0
        self.ack_seconds = 3.0
        self.acks: dict[str, float] = {}
        self.ack_payloads: dict[str, Any] = {}
        self.sent: dict[str, float] = {}
        self.views: dict[str, dict[str, Any]] = {}
        self.sockets_opened = 0
        self.has_sessions = True
        self.files: dict[str, tuple[str, bytes]] = {}
        self.faults: list[str] = []
        """What the app sent that Slack would not take."""
        self.on_call: Callable[[str, bool], None] = lambda _method, _is_done: None
        """Is told of every call, before it is carried out and before it is answered."""
        self._names = itertools.count(1)
        self._clock = itertools.count(1)
        self._sockets: list[web.WebSocketResponse] = []
        self._backlog: deque[dict[str, Any]] = deque()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._started = time.time()
        self._thread = threading.Thread(target=self._serve, name="slack", daemon=True)

    # Life

    def start(self) -> None:
        """Listen on the loopback address."""
        self._thread.start()
        if not self._ready.wait(30):
            raise TimeoutError("the loopback Slack did not start")

    def stop(self) -> None:
        """Close everything."""
        self._call(self._shut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def api_url(self) -> str:
        """Address of the Web API."""
        return f"http://127.0.0.1:{self.port}/api/"

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._ready.set()
        self._loop.run_forever()

    async def _listen(self) -> None:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/api/{method}", self._api)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_get("/socket", self._socket)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        sockets = site._server.sockets  # type: ignore[union-attr]
        self.port = sockets[0].getsockname()[1]

    async def _shut(self) -> None:
        for socket in list(self._sockets):
            await socket.close()
        await self._runner.cleanup()
        waiting = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    def _call(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    # What a test does

    def new_ts(self) -> str:
        """Return the timestamp of something new."""
        return f"{int(self._started)}.{next(self._clock):06d}"

    def refuse(self, method: str, error: str, **details: Any) -> None:
        """Let the next calls of a method fail."""
        self.refusals.setdefault(method, []).append(Refusal(error, **details))

    def say(
        self,
        text: str,
        *,
        channel: str = "C1",
        user: str = USER,
        thread_ts: str = "",
        ts: str = "",
        kind: str = "",
        event_id: str = "",
        **more: Any,
    ) -> Event:
        """Return the event of a person's message, as Slack would send it."""
        at = ts or self.new_ts()
        direct = channel.startswith("D")
        event = {
            "type": kind or ("message" if direct or f"<@{BOT}>" not in text else "app_mention"),
            "channel": channel, "user": user, "text": text, "ts": at, "event_ts": at,
            "team": TEAM, **({"thread_ts": thread_ts} if thread_ts else {}), **more,
        }  # fmt: skip
        if event["type"] == "message":
            event.setdefault("channel_type", "im" if direct else "channel")
        self.messages.setdefault((channel, at), Message(channel, at, thread_ts or at, text=text))
        return self.event(event, event_id)

    def event(self, event: dict[str, Any], event_id: str = "", team: str = TEAM) -> Event:
        """Return an event in Slack's wrapping."""
        name = event_id or f"Ev{next(self._names):06d}"
        return {"type": "event_callback", "team_id": team, "event_id": name, "event": event}

    def send(self, payload: dict[str, Any], kind: str = "events_api", **more: Any) -> str:
        """Send something through the socket and return the envelope's id."""
        envelope = f"env-{next(self._names)}"
        wrapped = {
            "type": kind, "envelope_id": envelope, "payload": payload,
            "accepts_response_payload": kind == "slash_commands", **more,
        }  # fmt: skip
        self._loop.call_soon_threadsafe(self._post, wrapped)
        return envelope

    def command(self, text: str, *, channel: str = "C1", user: str = USER, team: str = TEAM) -> str:
        """Send ``/sectorvane TEXT`` and return the envelope's id."""
        payload = {
            "command": "/sectorvane", "text": text, "channel_id": channel, "user_id": user,
            "team_id": team, "trigger_id": f"trigger{next(self._names)}",
            "response_url": f"http://127.0.0.1:{self.port}/respond",
        }  # fmt: skip
        return self.send(payload, "slash_commands")

    def press(self, action: str, value: str, message: Message, **more: Any) -> str:
        """Press a button below a message and return the envelope's id."""
        pressed = {"action_id": action, "value": value, "action_ts": self.new_ts(), **more}
        payload = {
            "type": "block_actions", "actions": [{"type": "button", "block_id": "b", **pressed}],
            "user": {"id": USER, "team_id": TEAM}, "team": {"id": TEAM},
            "channel": {"id": message.channel},
            "message": {"ts": message.ts, "thread_ts": message.thread_ts},
        }  # fmt: skip
        return self.send(payload, "interactive")

    def expire_streams(self) -> None:
        """Close every stream, as Slack does after some five minutes."""
        for message in self.messages.values():
            message.streaming = False

    def disconnect(self) -> None:
        """Tell the app that its socket is about to be taken away."""
        self.wait_for(lambda: self._sockets)
        for socket in self._sockets[-1:]:
            text = json.dumps({"type": "disconnect", "reason": "refresh_requested"})
            self._call(socket.send_str(text))

    def close_sockets(self) -> None:
        """Close the socket without a word."""
        self.wait_for(lambda: self._sockets)
        for socket in list(self._sockets):
            self._call(socket.close())

    # What a test sees

    def count(self) -> Counter[str]:
        """Return how often each method was called."""
        return Counter(call.method for call in self.calls)

    def answers(self) -> list[Message]:
        """Return the first message of every answer."""
        return [
            message for message in list(self.messages.values()) if message.part in ("main", "plain")
        ]

    def repeated(self) -> list[str]:
        """Return the parts of answers and the files that stand there more than once."""
        messages = list(self.messages.values())
        parts = Counter(f"{one.work} {one.part}" for one in messages if one.work)
        files = Counter(name for one in messages for name in one.files)
        return [name for name, times in (parts + files).items() if times > 1]

    def in_thread(self, channel: str, thread_ts: str) -> list[Message]:
        """Return what the app said in a thread, in order."""
        found = [
            message
            for message in list(self.messages.values())
            if (message.channel, message.thread_ts) == (channel, thread_ts)
            and (message.metadata or message.was_streamed or message.files)
        ]
        return sorted(found, key=lambda message: message.ts)

    def wait_for(self, what: Callable[[], object], seconds: float = 30.0) -> None:
        """Wait until something is so."""
        until = time.monotonic() + seconds
        while not what():
            if time.monotonic() > until:
                raise TimeoutError(f"not so after {seconds} s; calls: {dict(self.count())}")
            time.sleep(0.01)

    # The socket

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        self.sockets_opened += 1
        self._sockets.append(socket)
        await socket.send_str(json.dumps({"type": "hello", "num_connections": 1}))
        while self._backlog:
            self._post(self._backlog.popleft())
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(json.loads(message.data))
        finally:
            self._sockets.remove(socket)
        return socket

    def _acknowledged(self, answer: dict[str, Any]) -> None:
        envelope = str(answer.get("envelope_id"))
        self.acks.setdefault(envelope, time.monotonic())
        self.ack_payloads[envelope] = answer.get("payload")

    def _post(self, envelope: dict[str, Any]) -> None:
        task = self._loop.create_task(self._deliver(envelope))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def _deliver(self, envelope: dict[str, Any]) -> None:
        """Send an envelope until it is acknowledged."""
        name = envelope["envelope_id"]
        self.sent.setdefault(name, time.monotonic())
        for attempt in range(4):
            if not self._sockets:
                self._backlog.append(envelope)
                return
            with suppress(ConnectionError):
                again = {"retry_attempt": attempt, "retry_reason": "timeout"} if attempt else {}
                await self._sockets[-1].send_str(json.dumps({**envelope, **again}))
            until = time.monotonic() + self.ack_seconds
            while time.monotonic() < until:
                if name in self.acks:
                    return
                await asyncio.sleep(0.01)

    # The Web API

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if request.content_type == "application/json":
            arguments = await request.json()
        else:
            arguments = {**request.query, **(await request.post())}
        self.calls.append(Call(method, arguments, time.monotonic()))
        if self.latency_seconds:
            await asyncio.sleep(self.latency_seconds)
        refusal = self._refusal(method, arguments)
        if refusal is not None:
            if refusal.carried_out:
                self._carry_out(method, arguments)
            headers = {"Retry-After": refusal.retry_after} if refusal.retry_after else {}
            said = {"ok": False, "error": refusal.error}
            return web.json_response(said, status=refusal.status, headers=headers)
        self.on_call(method, False)
        answer = self._carry_out(method, arguments)
        self.on_call(method, True)
        return web.json_response(answer)

    def _refusal(self, method: str, arguments: dict[str, Any]) -> Refusal | None:
        for refusal in self.refusals.get(method, ()):
            if refusal.times > 0 and refusal.when(arguments):
                refusal.times -= 1
                return refusal
        return None

    def _carry_out(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        name = re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", method.replace(".", "_"))
        do = getattr(self, f"_do_{name}", None)
        if do is None:
            return {"ok": False, "error": "unknown_method"}
        faults = problems_of(given)
        if faults:
            self.faults += [f"{method}: {fault}" for fault in faults]
            return {"ok": False, "error": "invalid_blocks"}
        answer: dict[str, Any] = do(given)
        return {"ok": True, **answer} if "error" not in answer else {"ok": False, **answer}

    def _do_auth_test(self, _given: dict[str, Any]) -> dict[str, Any]:
        url = "https://example.slack.com/"
        return {"team_id": TEAM, "user_id": BOT, "bot_id": BOT_ID, "url": url}

    def _do_apps_connections_open(self, _given: dict[str, Any]) -> dict[str, Any]:
        return {"url": f"ws://127.0.0.1:{self.port}/socket"}

    def _do_agents_sessions_set_status(self, _given: dict[str, Any]) -> dict[str, Any]:
        return {} if self.has_sessions else {"error": "not_authorized"}

    def _do_assistant_threads_set_status(self, _given: dict[str, Any]) -> dict[str, Any]:
        return {}

    def _do_assistant_threads_set_suggested_prompts(self, _given: dict[str, Any]) -> dict[str, Any]:
        return {}

    def _do_chat_start_stream(self, given: dict[str, Any]) -> dict[str, Any]:
        if not given.get("recipient_user_id") and not given["channel"].startswith("D"):
            return {"error": "missing_recipient_user_id"}
        message = Message(given["channel"], self.new_ts(), given["thread_ts"])
        message.streaming = message.was_streamed = True
        self.messages[message.channel, message.ts] = message
        _add_chunks(message, given.get("chunks", ()))
        return {"ts": message.ts, "channel": message.channel}

    def _do_chat_append_stream(self, given: dict[str, Any]) -> dict[str, Any]:
        message = self.messages.get((given["channel"], given["ts"]))
        if message is None or not message.streaming:
            return {"error": "message_not_in_streaming_state"}
        _add_chunks(message, given.get("chunks", ()))
        return {"ts": message.ts}

    def _do_chat_stop_stream(self, given: dict[str, Any]) -> dict[str, Any]:
        message = self.messages.get((given["channel"], given["ts"]))
        if message is None or not message.streaming:
            return {"error": "message_not_in_streaming_state"}
        _add_chunks(message, given.get("chunks", ()))
        message.streaming = False
        message.blocks += given.get("blocks", [])
        message.metadata = given.get("metadata", message.metadata)
        return {"ts": message.ts}

    def _do_chat_update(self, given: dict[str, Any]) -> dict[str, Any]:
        message = self.messages.get((given["channel"], given["ts"]))
        if message is None:
            return {"error": "message_not_found"}
        if message.streaming:
            return {"error": "streaming_state_conflict"}
        message.text, message.blocks = given.get("text", ""), given.get("blocks", [])
        message.metadata = given.get("metadata", message.metadata)
        message.tasks = {}
        return {"ts": message.ts}

    def _do_chat_post_message(self, given: dict[str, Any]) -> dict[str, Any]:
        at = self.new_ts()
        message = Message(
            given["channel"], at, given.get("thread_ts", at), given.get("text", ""),
            given.get("blocks", []), given.get("metadata", {}),
        )  # fmt: skip
        self.messages[message.channel, at] = message
        return {"ts": at, "channel": message.channel}

    def _do_chat_post_ephemeral(self, given: dict[str, Any]) -> dict[str, Any]:
        self.ephemeral.append(given)
        return {"message_ts": self.new_ts()}

    def _do_conversations_open(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {"id": f"D{given['users'][1:]}"}}

    def _do_conversations_replies(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._listed(
            lambda message: (message.channel, message.thread_ts) == (given["channel"], given["ts"])
        )

    def _do_conversations_history(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._listed(
            lambda message: message.channel == given["channel"] and message.ts == message.thread_ts
        )

    def _listed(self, wanted: Callable[[Message], bool]) -> dict[str, Any]:
        found = [
            {
                "ts": message.ts, "text": message.text, "metadata": message.metadata,
                "files": [{"name": name} for name in message.files],
            }
            for message in self.messages.values()
            if wanted(message)
        ]  # fmt: skip
        return {"messages": found, "response_metadata": {"next_cursor": ""}}

    def _do_files_get_upload_u_r_l_external(self, given: dict[str, Any]) -> dict[str, Any]:
        name = f"F{next(self._names)}"
        self.files[name] = (given["filename"], b"")
        return {"file_id": name, "upload_url": f"http://127.0.0.1:{self.port}/upload/{name}"}

    async def _upload(self, request: web.Request) -> web.Response:
        name = request.match_info["file"]
        refusal = self._refusal("upload", {})
        if refusal is not None:
            return web.Response(status=refusal.status)
        self.files[name] = (self.files[name][0], await request.read())
        return web.Response(text="OK")

    def _do_files_complete_upload_external(self, given: dict[str, Any]) -> dict[str, Any]:
        named = [self.files[file["id"]][0] for file in json.loads(given["files"])]
        at = self.new_ts()
        message = Message(given["channel_id"], at, given.get("thread_ts", at), files=named)
        self.messages[message.channel, at] = message
        return {"files": [{"id": "F"}]}

    def _do_views_publish(self, given: dict[str, Any]) -> dict[str, Any]:
        self.views[given["user_id"]] = given["view"]
        return {}


def problems_of(given: dict[str, Any]) -> list[str]:
    """Return which of Slack's limits the blocks of a call break."""
    from agent.slack.blocks import SlackMessage

    blocks = given.get("blocks")
    if not blocks or "view" in given:
        return []
    return list(problems(SlackMessage(text=given.get("text", "…"), blocks=tuple(blocks))))


def _add_chunks(message: Message, chunks: Any) -> None:
    for chunk in chunks:
        if chunk["type"] == "task_update":
            message.tasks[chunk["id"]] = {**message.tasks.get(chunk["id"], {}), **chunk}


@contextmanager
def slack_server(port: int = 0) -> Iterator[SlackServer]:
    """Run a workspace for as long as the context lasts."""
    server = SlackServer(port)
    server.start()
    try:
        yield server
    finally:
        server.stop()
