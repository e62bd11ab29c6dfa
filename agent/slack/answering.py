"""Answers questions beside Slack's own loop, so that a market being read delays no acknowledgement.

One thread has a loop of its own with a few conversations, each opened when it is first needed. A
conversation takes up the thread of its question, so all of them share what is remembered, and it
keeps its market in memory; it is opened anew now and then, because a market is synced beside us.
"""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from tools.errors import SectorvaneError, UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    from agent.brains.base import Progress
    from agent.brief.model import Brief
    from agent.conversation import Conversation
    from agent.settings import Settings
    from agent.slack.journal import Work

KEPT_SECONDS = 600.0
"""How long a conversation keeps the market that it has read."""
_CLOSING_SECONDS = 10.0
_RUN_ID_TIME = "%Y%m%d-%H%M%S"


class Answering(Protocol):
    """Turns a question into a brief."""

    async def answer(self, work: Work, progress: Progress) -> Brief:
        """Brief a question; begun a second time, an answer that was made already is returned."""
        ...

    async def recall(self, work: Work) -> Brief | None:
        """Return the brief of a question that was answered and not delivered, where it is kept."""
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...


class ConversationPool:
    """Answers from the conversations of a home.

    Parameters
    ----------
    settings
        Market, brain, language and limits.
    clock
        Monotonic seconds.
    """

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._seats: list[_Seat] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="answers", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def answer(self, work: Work, progress: Progress) -> Brief:
        """Brief a question in its thread's conversation."""
        here = asyncio.get_running_loop()

        def tell(event: str, details: dict[str, Any]) -> None:
            here.call_soon_threadsafe(progress, event, details)

        brief: Brief = await self._beside(self._answer(work, tell))
        return brief

    async def recall(self, work: Work) -> Brief | None:
        """Return a brief from its run record."""
        return await asyncio.to_thread(_recorded, self._settings.home, work.run_id)

    async def warm(self) -> None:
        """Read the market before the first question comes."""
        await self._beside(self._answer(None, _nobody))

    async def close(self) -> None:
        """Close the conversations and end the thread."""
        await self._beside(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        await asyncio.to_thread(self._thread.join, 5.0)
        if not self._thread.is_alive():
            self._loop.close()

    async def _beside(self, coroutine: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - what it returns
        """Await a coroutine of the thread's loop; cancelled here, it is cancelled there."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, self._loop))

    async def _answer(self, work: Work | None, progress: Progress) -> Brief | None:
        self._seats = [seat for seat in self._seats if not seat.task.done()]
        seat = next((seat for seat in self._seats if seat.job is None), None)
        if seat is None:
            seat = _Seat(self._settings, self._clock)
            self._seats.append(seat)
        return await seat.take(_Job(work, progress))

    async def _close(self) -> None:
        for seat in self._seats:
            seat.jobs.put_nowait(None)
        if self._seats:
            await asyncio.wait([seat.task for seat in self._seats], timeout=_CLOSING_SECONDS)


class _Job:
    """One question and who hears of its progress; without a question the market is only read."""

    def __init__(self, work: Work | None, progress: Progress) -> None:
        self.work = work
        self.progress = progress
        self.done: asyncio.Future[Brief | None] = asyncio.get_running_loop().create_future()


class _Seat:
    """One conversation, held open by one task: the connections that it opens belong to it."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self.job: _Job | None = None
        self.jobs: asyncio.Queue[_Job | None] = asyncio.Queue()
        self.task = asyncio.create_task(self._sit(), name="seat")
        self.task.add_done_callback(self._left)

    async def take(self, job: _Job) -> Brief | None:
        """Brief the question of a job."""
        self.job = job
        self.jobs.put_nowait(job)
        try:
            return await job.done
        except asyncio.CancelledError:
            if self.job is job:
                self.task.cancel()
            raise

    async def _sit(self) -> None:
        from agent.conversation import Conversation

        job = await self.jobs.get()
        while job is not None:
            until = self._clock() + KEPT_SECONDS
            async with Conversation(self._settings, progress=self._tell) as conversation:
                while job is not None and self._clock() < until:
                    await self._do(conversation, job)
                    job = await self.jobs.get()

    async def _do(self, conversation: Conversation, job: _Job) -> None:
        try:
            brief = await _answered(conversation, job.work)
        except asyncio.CancelledError:
            if not job.done.cancelled():
                raise
            self.task.uncancel()
        except SectorvaneError as error:
            job.done.set_exception(error)
        else:
            if not job.done.done():
                job.done.set_result(brief)
        self.job = None

    def _tell(self, event: str, details: dict[str, Any]) -> None:
        if self.job is not None:
            self.job.progress(event, details)

    def _left(self, task: asyncio.Task[None]) -> None:
        """Hand what ended the seat to whoever waits for it."""
        error = None if task.cancelled() else task.exception()
        if self.job is not None and not self.job.done.done():
            if error is None:
                self.job.done.cancel()
            else:
                self.job.done.set_exception(error)


async def _answered(conversation: Conversation, work: Work | None) -> Brief | None:
    if work is None:
        _ = conversation.vocabulary
        return None
    if work.attempts > 1 and (made := await _made_before(conversation, work)):
        return made
    conversation.begin_anew()
    conversation.thread_id = work.thread
    return await conversation.ask(work.question)


async def _made_before(conversation: Conversation, work: Work) -> Brief | None:
    """Return the answer that a killed process had made and not handed over, if there is one."""
    try:
        await conversation.take_up(work.thread)
    except SectorvaneError:
        return None
    last = conversation.last
    if last is None or last.question != work.question:
        return None
    try:
        began = datetime.strptime(last.run_id[:15], _RUN_ID_TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return last if began.timestamp() >= int(work.accepted_at) else None


def _recorded(home: Path, run_id: str) -> Brief | None:
    """Return a brief from its run record, None where there is none that can be read."""
    from agent.records import load_record

    try:
        return load_record(home, run_id).brief
    except UnusableInputError:
        return None


def _nobody(_event: str, _details: dict[str, Any]) -> None:
    """Tell nobody."""
