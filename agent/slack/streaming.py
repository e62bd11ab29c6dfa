"""One answer as it comes about in its thread: a status at once, the plan ticking off, then the brief.

The plan is a message that Slack streams. Such a stream costs calls that Slack counts, and it may be
closed by Slack at any time, some five minutes after it began for certain. So it is a decoration:
without room for it there is none, a closed one is begun anew with everything that it showed, and
what matters, the answer, is put in place whatever became of it.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from agent.slack.blocks import neutralise
from agent.slack.sending import (
    EXPIRED,
    NO_METHOD,
    Place,
    SlackRefusedError,
    SlackUnknownError,
    metadata,
)
from agent.slack.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from agent.slack.blocks import Block
    from agent.slack.journal import Journal, Work
    from agent.slack.sending import Sender

EVERY_SECONDS = 1.0
"""How often a stream is told what changed."""
STREAM_SECONDS = 270.0
"""Age at which a stream is begun anew before Slack closes it."""
STAGES = ("score", "compose", "review")
_TITLE = 120
_STATUSES = {"ok": "complete", "cached": "complete", "held": "complete", "dropped": "complete"}


@dataclass(frozen=True, kw_only=True)
class Task:
    """One line of the plan."""

    id: str
    title: str
    status: str = "in_progress"
    output: str = ""

    def chunk(self) -> dict[str, str]:
        """Return it as Slack's streams take it."""
        shown = {"type": "task_update", "id": self.id, "title": self.title, "status": self.status}
        return shown | ({"output": self.output} if self.output else {})


class RunView:
    """Shows one question's run.

    Parameters
    ----------
    sender, journal
        Where it is shown, and where it is written down how far it is.
    work
        The question.
    every
        Seconds between two updates of the plan.
    clock
        Monotonic seconds.
    """

    def __init__(
        self,
        sender: Sender,
        journal: Journal,
        work: Work,
        *,
        every: float = EVERY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.work = work
        self._sender = sender
        self._journal = journal
        self._every = every
        self._clock = clock
        self._tasks: dict[str, Task] = {}
        self._changed: dict[str, None] = {}
        self._title = ""
        self._began = clock()
        self._streams = bool(work.user)
        self._flusher: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._is_parted = False

    @property
    def place(self) -> Place:
        """Where the answer belongs."""
        return Place(self.work.channel, self.work.thread_ts)

    def note(self, **changes: Any) -> None:  # noqa: ANN401 - fields of Work
        """Write down what changed about the question."""
        self.work = self._journal.note(self.work, **changes)

    # Status

    async def greet(self) -> None:
        """Show that somebody is at work: as a session with a stop button, else as a status."""
        if not self.work.thread_ts:
            return
        if self._sender.has_sessions and await self._set_session("processing"):
            return
        await self._sender.try_call(
            "assistant.threads.setStatus",
            channel_id=self.work.channel,
            thread_ts=self.work.thread_ts,
            status=say("working", self.work.question),
        )

    async def part(self) -> None:
        """Take the status away, where the answer has not done so."""
        if self._is_parted:
            return
        if self._sender.has_sessions and await self._set_session("active"):
            return
        if self.work.stream_ts:
            await self._sender.try_call(
                "assistant.threads.setStatus",
                channel_id=self.work.channel,
                thread_ts=self.work.thread_ts,
                status=" ",
            )

    async def _set_session(self, status: str) -> bool:
        try:
            await self._sender.call(
                "agents.sessions.setStatus",
                patience=0.0,
                channel_id=self.work.channel,
                thread_ts=self.work.thread_ts,
                status=status,
                title=neutralise(self.work.question)[:200] if status == "processing" else "",
            )
        except SlackRefusedError as error:
            if error.code in NO_METHOD:
                # Slack does not know the app as an agent, and will not within the life of a process.
                self._sender.has_sessions = False
            return False
        except SlackUnknownError:
            return False
        return True

    # The plan

    def take(self, event: str, details: Mapping[str, Any]) -> None:
        """Take one event of the run in."""
        if event == "plan":
            self._title = say("gathering", self.work.question)
            for key, call in zip(details.get("keys", ()), details.get("calls", ()), strict=False):
                held = key in details.get("held", ())
                self._put(_planned(str(key), call, "complete" if held else "in_progress"))
        elif event == "plan_more":
            self._put(_planned(str(details.get("key")), details.get("call", {}), "in_progress"))
        elif event == "call":
            self._answered(details)
        elif event in STAGES:
            self._stage(event)
        else:
            return
        self._wake()

    def _answered(self, details: Mapping[str, Any]) -> None:
        key = str(details.get("key"))
        task = self._tasks.get(key) or _planned(key, {"tool": details.get("tool", "")}, "")
        status = _STATUSES.get(str(details.get("status", "ok")), "error")
        self._put(replace(task, status=status, output=f"{float(details.get('ms', 0.0)):.0f} ms"))

    def _stage(self, event: str) -> None:
        """Tick off the stage before; calls that never came back are not waited for any more."""
        for task in self._tasks.values():
            if task.status == "in_progress" and task.id in STAGES:
                self._put(replace(task, status="complete"))
        self._put(Task(id=event, title=say(event, self.work.question)))

    def _put(self, task: Task) -> None:
        self._tasks = {**self._tasks, task.id: task}
        self._changed[task.id] = None

    def _wake(self) -> None:
        idle = self._flusher is None or self._flusher.done()
        if self._streams and idle and not self._closing.is_set():
            self._flusher = asyncio.create_task(self._flush(), name=f"stream {self.work.id}")

    async def _flush(self) -> None:
        """Tell the stream what changed, until nothing does."""
        while self._changed and self._streams:
            if self.work.stream_ts and self._clock() - self._began < STREAM_SECONDS:
                await self._append()
            else:
                await self._start()
            try:
                await asyncio.wait_for(self._closing.wait(), self._every)
            except TimeoutError:
                continue
            return

    async def _start(self) -> None:
        """Begin a stream with all that there is to show, in place of the one before."""
        before = self.work.stream_ts
        shown = [*self._heading(), *(task.chunk() for task in self._tasks.values())]
        self._changed.clear()
        self._began = self._clock()
        begun = await self._sender.try_call(
            "chat.startStream",
            patience=0.0,
            channel=self.work.channel,
            thread_ts=self.work.thread_ts,
            recipient_team_id=self.work.team,
            recipient_user_id=self.work.user,
            task_display_mode="plan",
            chunks=shown,
        )
        if begun is None:
            self._streams = bool(before)
            return
        self.note(stream_ts=str(begun["ts"]))
        if before:
            await self._leave(before)

    async def _leave(self, before: str) -> None:
        """Close a stream that another takes the place of."""
        channel = self.work.channel
        await self._sender.try_call("chat.stopStream", patience=0.0, channel=channel, ts=before)
        text = say("continued", self.work.question)
        await self._sender.try_call(
            "chat.update", channel=channel, ts=before, text=text, blocks=[_line(text)]
        )

    async def _append(self) -> None:
        if not self._sender.has_room("chat.appendStream"):
            return
        changed = [*self._heading(), *(self._tasks[key].chunk() for key in self._changed)]
        taken = dict(self._changed)
        self._changed.clear()
        try:
            await self._sender.call(
                "chat.appendStream",
                patience=0.0,
                channel=self.work.channel,
                ts=self.work.stream_ts,
                chunks=changed,
            )
        except SlackRefusedError as error:
            if error.code in EXPIRED:
                await self._start()
            else:
                self._changed = taken | self._changed
        except SlackUnknownError:
            self._changed = taken | self._changed

    def _heading(self) -> list[dict[str, str]]:
        """Return the plan's title, once, and the question where the thread does not show it."""
        title, self._title = self._title, ""
        return [{"type": "plan_update", "title": title}] if title else []

    # The answer

    async def close_plan(self) -> None:
        """Let the plan change no more; a call on its way is waited for."""
        self._closing.set()
        if self._flusher is not None:
            await asyncio.wait({self._flusher})

    async def show(self, part: str, text: str, blocks: Sequence[Block] = ()) -> None:
        """Put the first message of an answer where the plan is, or below the question.

        Raises
        ------
        SlackRefusedError
            Where Slack does not take the message.
        SlackUnknownError
            Where it is not known whether it stands there.
        """
        await self.close_plan()
        message: dict[str, Any] = {
            "blocks": list(blocks) or None,
            "metadata": metadata(self.work.id, part),
        }
        if not self.work.stream_ts:
            await self._sender.call(
                "chat.postMessage",
                channel=self.work.channel,
                thread_ts=self.work.thread_ts,
                text=text,
                unfurl_links=False,
                unfurl_media=False,
                **message,
            )
            return
        try:
            await self._stop_with(text, message)
        except SlackRefusedError as error:
            if error.code not in EXPIRED:
                raise
            # Carried out twice it leaves the same message.
            await self._sender.call(
                "chat.update",
                channel=self.work.channel,
                ts=self.work.stream_ts,
                text=text,
                **{**message, "blocks": message["blocks"] or [_line(text)]},
            )

    async def _stop_with(self, text: str, message: dict[str, Any]) -> None:
        ended = [
            replace(task, status="complete") if task.status == "in_progress" else task
            for task in self._tasks.values()
        ]
        chunks = [*self._heading(), *(task.chunk() for task in ended)]
        await self._sender.call(
            "chat.stopStream",
            channel=self.work.channel,
            ts=self.work.stream_ts,
            chunks=chunks,
            session_status="active" if self._sender.has_sessions else "",
            **{**message, "blocks": message["blocks"] or [_line(text)]},
        )
        self._is_parted = True

    async def drop_plan(self) -> None:
        """End the stream as it is: the answer comes in another form, below."""
        await self.close_plan()
        if self.work.stream_ts:
            await self._sender.try_call(
                "chat.stopStream", channel=self.work.channel, ts=self.work.stream_ts
            )


def _planned(key: str, call: Mapping[str, Any], status: str) -> Task:
    name = str(call.get("tool", "")).removeprefix("get_").replace("_", " ")
    given = call.get("arguments") or {}
    values = ", ".join(
        "+".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
        for value in given.values()
        if value is not None
    )
    title = f"{name[:1].upper()}{name[1:]}" + (f": {values}" if values else "")
    return Task(id=key, title=neutralise(title)[:_TITLE], status=status)


def _line(text: str) -> dict[str, Any]:
    """Return a text of ours as a block."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:3_000]}}
