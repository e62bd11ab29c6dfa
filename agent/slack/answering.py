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
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

from tools.errors import SectorvaneError, UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from pathlib import Path

    from agent.brains.base import Progress
    from agent.brief.model import Brief
    from agent.conversation import Conversation
    from agent.settings import Settings
    from agent.slack.journal import Work
    from agent.slack.schedules import TradingCalendar
    from tools.signal_card import SignalCard

    Act = Callable[[Conversation], Awaitable["T"]]

T = TypeVar("T")
FRONT_THREAD = "slack home"
"""The conversation that the Home tab's heatmap is asked in."""
KEPT_SECONDS = 600.0
"""How long a conversation keeps the market that it has read."""
_CLOSING_SECONDS = 10.0
_RUN_ID_TIME = "%Y%m%d-%H%M%S"


class Calendar(NamedTuple):
    """When a market trades."""

    timezone: str
    days: TradingCalendar


class Front(NamedTuple):
    """What everybody may see of a market: a heatmap, and how good the forecasts have been."""

    brief: Brief | None = None
    card: SignalCard | None = None


class Answering(Protocol):
    """Turns a question into a brief."""

    async def answer(self, work: Work, progress: Progress) -> Brief:
        """Answer a question; begun a second time, an answer that was made already is returned."""
        ...

    async def recall(self, work: Work) -> Brief | None:
        """Return the brief of a question that was answered and not delivered, where it is kept."""
        ...

    async def calendar(self) -> Calendar:
        """Read the market, and return where and on which days it trades."""
        ...

    async def front(self) -> Front:
        """Return what the Home tab shows of the market."""
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
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))

    async def answer(self, work: Work, progress: Progress) -> Brief:
        """Answer a question in its thread's conversation."""
        here = asyncio.get_running_loop()

        def tell(event: str, details: dict[str, Any]) -> None:
            here.call_soon_threadsafe(progress, event, details)

        brief: Brief = await self._beside(self._do(partial(_answered, work=work), tell))
        return brief

    async def recall(self, work: Work) -> Brief | None:
        """Return a brief from its run record."""
        return await asyncio.to_thread(_recorded, self._settings.home, work.run_id)

    async def calendar(self) -> Calendar:
        """Return when the market trades; the first question then finds it read."""
        found: Calendar = await self._beside(self._do(_calendar))
        return found

    async def front(self) -> Front:
        """Return the newest heatmap and signal card, by the offline brain: they cost nobody anything."""
        found: Front = await self._beside(self._front())
        return found

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

    async def _do(self, act: Act[T], progress: Progress | None = None) -> T:
        self._seats = [seat for seat in self._seats if not seat.task.done()]
        seat = next((seat for seat in self._seats if seat.job is None), None)
        if seat is None:
            seat = _Seat(self._settings, self._clock)
            self._seats.append(seat)
        return await seat.take(_Job(act, progress or _nobody))

    async def _front(self) -> Front:
        from agent.settings import override

        settings = override(self._settings, {"brain": "offline"})
        seat = _Seat(settings, self._clock)
        try:
            return await seat.take(_Job(_front, _nobody))
        finally:
            seat.jobs.put_nowait(None)

    async def _close(self) -> None:
        for seat in self._seats:
            seat.jobs.put_nowait(None)
        if self._seats:
            await asyncio.wait([seat.task for seat in self._seats], timeout=_CLOSING_SECONDS)


class _Job(Generic[T]):
    """Something to do with a conversation, and who hears of its progress."""

    def __init__(self, act: Act[T], progress: Progress) -> None:
        self.act = act
        self.progress = progress
        self.done: asyncio.Future[T] = asyncio.get_running_loop().create_future()


class _Seat:
    """One conversation, held open by one task: the connections that it opens belong to it."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self.job: _Job[Any] | None = None
        self.jobs: asyncio.Queue[_Job[Any] | None] = asyncio.Queue()
        self.task = asyncio.create_task(self._sit(), name="seat")
        self.task.add_done_callback(self._left)

    async def take(self, job: _Job[T]) -> T:
        """Do a job."""
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

    async def _do(self, conversation: Conversation, job: _Job[Any]) -> None:
        try:
            found = await job.act(conversation)
        except asyncio.CancelledError:
            if not job.done.cancelled():
                raise
            self.task.uncancel()
        except SectorvaneError as error:
            if not job.done.done():
                job.done.set_exception(error)
        else:
            if not job.done.done():
                job.done.set_result(found)
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


async def _answered(conversation: Conversation, work: Work) -> Brief:
    if work.attempts > 1 and (made := await _made_before(conversation, work)):
        return made
    conversation.begin_anew()
    conversation.thread_id = work.thread
    return await conversation.ask(work.question)


async def _calendar(conversation: Conversation) -> Calendar:
    from agent.slack.schedules import calendar_of

    view = conversation.desk.view
    return Calendar(view.market.timezone, calendar_of(view.days))


async def _front(conversation: Conversation) -> Front:
    from agent.slack.schedule_text import STANDING
    from tools.signal_card import get_signal_card

    conversation.begin_anew()
    conversation.thread_id = FRONT_THREAD
    brief = await conversation.ask(STANDING["en"])
    return Front(brief, get_signal_card(conversation.desk))


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
