"""The conversations being held: each in a task of its own, on a thread beside the server's.

A market takes seconds to load and a model some to train, which must not keep the page waiting: so
the server's event loop only passes messages, and conversations live in another thread's. What a
conversation opens it must close in the same task, therefore one task holds one conversation from
its first question until it is put away.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextlib import ExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from anyio.from_thread import start_blocking_portal

from agent.web.runs import Run
from agent.web.telling import Teller, answered
from tools.errors import SectorvaneError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from anyio.from_thread import BlockingPortal

    from agent.conversation import Conversation
    from agent.records import RunRecord
    from agent.settings import Settings
    from agent.web.runs import EventName
    from agent.web.telling import Tell

    Opener = Callable[[str, Callable[[str, dict[str, Any]], None]], Conversation]

_logger = logging.getLogger(__name__)
MOST_ROOMS = 4
"""Conversations kept open; the one unused for longest is put away, and opened again when asked."""
MOST_RUNS = 4
"""Questions answered at the same time."""
MOST_KEPT = 32
"""Conversations whose newest run is kept for pages that come back to it."""


class BusyError(SectorvaneError):
    """A question cannot be taken now; `run_id` is the run in its way, if it is one."""

    def __init__(self, message: str, run_id: str | None = None) -> None:
        super().__init__(message)
        self.run_id = run_id


class _Asked(NamedTuple):
    """One question on its way to a conversation."""

    run: Run
    tell: Tell


class Room:
    """One conversation and the task that holds it. Its methods belong to the second thread."""

    def __init__(self, open_conversation: Opener, thread_id: str) -> None:
        self._open = open_conversation
        self._thread_id = thread_id
        self._questions: asyncio.Queue[_Asked | None] = asyncio.Queue()
        self._now: _Asked | None = None
        self._teller: Teller | None = None
        self._task: asyncio.Task[Any] | None = None
        self._stops = 0

    async def live(self) -> None:
        """Answer one question after the other until told to go."""
        self._task = asyncio.current_task()
        async with self._open(self._thread_id, self._progress) as conversation:
            while (asked := await self._questions.get()) is not None:
                await self._answer(conversation, asked)

    def put(self, asked: _Asked | None) -> None:
        """Hand over a question; None ends the room."""
        self._questions.put_nowait(asked)

    def stop(self, run_id: str) -> None:
        """Stop the answer being worked on, if it is this one; one that waits is not begun."""
        if self._now is not None and self._now.run.run_id == run_id:
            self._cancel()
            return
        # A conversation takes a while to open, and a reader need not wait for that to change his mind.
        for asked in [self._questions.get_nowait() for _ in range(self._questions.qsize())]:
            if asked is not None and asked.run.run_id == run_id:
                asked.tell("stopped", {})
            else:
                self.put(asked)

    def end(self) -> None:
        """Stop what is being worked on and close the conversation, as if nothing more were asked."""
        while not self._questions.empty():
            self._questions.get_nowait()
        self.put(None)
        if self._now is not None:
            self._cancel()

    def _cancel(self) -> None:
        if self._task is not None:
            self._stops += 1
            self._task.cancel()

    async def _answer(self, conversation: Conversation, asked: _Asked) -> None:
        self._now, self._teller, self._stops = asked, Teller(asked.tell), 0
        try:
            await conversation.ask(asked.run.question)
            if conversation.record is not None:
                _tell_answer(asked.tell, conversation.record)
        except asyncio.CancelledError:
            if not self._stops:
                raise
            asked.tell("stopped", {})
        except SectorvaneError as error:
            asked.tell("failed", {"sentence": str(error)})
        finally:
            self._now = self._teller = None
            for _ in range(self._stops):
                if self._task is not None:
                    self._task.uncancel()

    def _progress(self, event: str, details: dict[str, Any]) -> None:
        if self._teller is not None:
            self._teller(event, details)


def _tell_answer(tell: Tell, record: RunRecord) -> None:
    from agent.web.markup import blocks

    for html in blocks(record.brief):
        tell("block", {"html": html})
    tell("answered", answered(record))


class Rooms:
    """The rooms of one server. Its methods belong to the server's event loop.

    Parameters
    ----------
    settings
        As for :class:`agent.conversation.Conversation`.
    open_conversation
        Makes a conversation of a thread and a listener; None: the real one, with `settings`.
    """

    def __init__(self, settings: Settings, *, open_conversation: Opener | None = None) -> None:
        self.settings = settings
        self._open = open_conversation or partial(_open_conversation, settings)
        self._stack = ExitStack()
        self._portal: BlockingPortal
        self._loop: asyncio.AbstractEventLoop
        self._rooms: dict[str, Room] = {}
        self._runs: dict[str, Run] = {}
        """Thread → its newest run."""

    async def __aenter__(self) -> Self:
        """Start the second thread."""
        self._loop = asyncio.get_running_loop()
        self._portal = self._stack.enter_context(start_blocking_portal("asyncio"))
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Stop what is going on and close every conversation.

        Each room ends by itself: a conversation that is cancelled while it closes may never end.
        """
        for room in self._rooms.values():
            self._portal.start_task_soon(_end, room)
        await asyncio.to_thread(self._stack.close)

    def ask(self, thread_id: str | None, question: str) -> Run:
        """Begin to answer a question; a thread of None is a new conversation.

        Raises
        ------
        BusyError
            While the conversation answers another question, or too many do.
        """
        thread_id = thread_id or secrets.token_hex(6)
        current = self._runs.get(thread_id)
        if current is not None and not current.over:
            raise BusyError(
                "This conversation is still answering a question: wait for it, or stop it.",
                current.run_id,
            )
        if sum(not run.over for run in self._runs.values()) >= MOST_RUNS:
            raise BusyError(f"{MOST_RUNS} questions are being answered already: wait for one.")
        run = Run(thread_id, question)
        run.add("asked", {"thread": thread_id, "question": question})
        self._runs.pop(thread_id, None)
        self._runs[thread_id] = run
        self._forget_the_oldest()
        room = self._room(thread_id)
        self._portal.start_task_soon(_put, room, _Asked(run, partial(self._tell, run)))
        return run

    def stop(self, run: Run) -> None:
        """Stop a run; its last event will say so."""
        room = self._rooms.get(run.thread_id)
        if room is not None:
            self._portal.start_task_soon(_stop, room, run.run_id)

    def run(self, run_id: str) -> Run | None:
        """Return a run by its id, as long as it is its conversation's newest."""
        return next((run for run in self._runs.values() if run.run_id == run_id), None)

    def going_on(self, thread_id: str) -> Run | None:
        """Return the run that a conversation is busy with."""
        run = self._runs.get(thread_id)
        return run if run is not None and not run.over else None

    async def beside(self, function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - whatever it returns
        """Call an asynchronous function on the second thread and return what it returns."""
        return await asyncio.wrap_future(self._portal.start_task_soon(function, *arguments))

    def _forget_the_oldest(self) -> None:
        over = [name for name, run in self._runs.items() if run.over]
        for name in over[: max(0, len(self._runs) - MOST_KEPT)]:
            del self._runs[name]

    def _tell(self, run: Run, name: EventName, content: dict[str, Any]) -> None:
        """Pass an event from the second thread to the server's."""
        with suppress(RuntimeError):  # the server has gone
            self._loop.call_soon_threadsafe(run.add, name, content)

    def _room(self, thread_id: str) -> Room:
        """Return the room of a thread, opened where it is not; the newest in use stands last."""
        room = self._rooms.pop(thread_id, None)
        if room is None:
            room = Room(self._open, thread_id)
            future = self._portal.start_task_soon(room.live)
            future.add_done_callback(partial(self._gone, thread_id, room))
        self._rooms[thread_id] = room
        idle = [name for name in self._rooms if self.going_on(name) is None and name != thread_id]
        for name in idle[: max(0, len(self._rooms) - MOST_ROOMS)]:
            self._portal.start_task_soon(_put, self._rooms.pop(name), None)
        return room

    def _gone(self, thread_id: str, room: Room, future: Future[Any]) -> None:
        """Notice, on the second thread, that a room has ended, well or not."""
        error = None if future.cancelled() else future.exception()
        if error is not None:
            _logger.debug("a conversation ended", exc_info=error)
        with suppress(RuntimeError):  # the server has gone
            self._loop.call_soon_threadsafe(self._put_away, thread_id, room, error)

    def _put_away(self, thread_id: str, room: Room, error: BaseException | None) -> None:
        if self._rooms.get(thread_id) is room:
            del self._rooms[thread_id]
        run = self.going_on(thread_id)
        if run is not None and self._rooms.get(thread_id) is None:
            run.add("failed", {"sentence": _sentence(error)})


async def _put(room: Room, asked: _Asked | None) -> None:
    room.put(asked)


async def _stop(room: Room, run_id: str) -> None:
    room.stop(run_id)


async def _end(room: Room) -> None:
    room.end()


def _open_conversation(
    settings: Settings, thread_id: str, progress: Callable[[str, dict[str, Any]], None]
) -> Conversation:
    # Everything an answer needs is imported here, on the second thread, once.
    from agent.conversation import Conversation

    return Conversation(settings, thread=thread_id, progress=progress)


def _sentence(error: BaseException | None) -> str:
    """Say what went wrong: in its own words where they are meant for a reader."""
    if isinstance(error, SectorvaneError):
        return str(error)
    kind = "it was closed" if error is None else type(error).__name__
    return f"Something went wrong that should not have ({kind})."
