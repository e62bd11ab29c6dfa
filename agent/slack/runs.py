"""Everything that was asked and is not answered: a queue a thread, so many runs at once.

A question is ours from the moment the journal has it. One question of a thread is worked on at a
time, the earliest first; the others wait and are told. What a stopped process left open is taken up
when the next one starts, at the step where it was.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from agent.slack.blocks import neutralise
from agent.slack.sending import NO_ACCESS, SlackRefusedError, SlackUnknownError
from agent.slack.streaming import RunView
from agent.slack.texts import say
from tools.errors import SectorvaneError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from agent.brief.model import Brief
    from agent.slack.answering import Answering
    from agent.slack.delivering import Delivery
    from agent.slack.journal import Journal, Work
    from agent.slack.sending import Sender

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
"""How often a question is begun that the process dies of."""
AGAIN_SECONDS = 30.0
"""After how long an answer is sent again that Slack was not there for."""
MOST_TIMES_AGAIN = 20
FORGET_EVERY = 500
"""After how many questions the journal drops what is too old to matter."""
_UNREACHABLE_CHANNEL = frozenset({"not_in_channel", "channel_not_found"})


class Runs:
    """The questions of a home on their way to an answer.

    Parameters
    ----------
    journal, sender, delivery
        Where they are written down and where they are answered.
    answering
        Who answers them.
    at_once
        How many are worked on at the same time.
    every
        Seconds between two updates of a plan.
    again_seconds
        Seconds after which an answer is tried again that Slack was not there for.
    sleep
        Waits; a test passes one that does not.
    """

    def __init__(
        self,
        journal: Journal,
        sender: Sender,
        delivery: Delivery,
        answering: Answering,
        *,
        at_once: int = 4,
        every: float = 1.0,
        again_seconds: float = AGAIN_SECONDS,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._journal = journal
        self._sender = sender
        self._delivery = delivery
        self._answering = answering
        self._slots = asyncio.Semaphore(at_once)
        self._every = every
        self._again_seconds = again_seconds
        self._sleep = sleep
        self._queues: dict[str, _Queue] = {}
        self._errands: set[asyncio.Task[object]] = set()
        self._is_closing = False
        self._accepted = 0

    def accept(self, work: Work, keys: Iterable[str]) -> bool:
        """Take a question on, unless it came before; on return it is safe in the journal."""
        if not self._journal.accept(work, keys):
            return False
        self._enqueue(work)
        self._accepted += 1
        if self._accepted % FORGET_EVERY == 0:
            self._journal.forget()
        return True

    def recover(self) -> int:
        """Take up what the process before left open, and return how much that is."""
        left = self._journal.open_work()
        for work in left:
            self._enqueue(work)
        return len(left)

    def is_asked(self, thread: str, question: str) -> bool:
        """Return whether a question waits or is worked on in a thread."""
        queue = self._queues.get(thread)
        return queue is not None and any(work.question == question for work in queue.all())

    def stop(self, thread: str) -> bool:
        """Stop what a thread waits for; return whether there was anything to stop."""
        queue = self._queues.get(thread)
        if queue is None:
            return False
        for work in queue.waiting:
            self._journal.note(work, state="stopped")
        queue.waiting.clear()
        if queue.task is not None and not queue.is_handing_over and not queue.is_stopped:
            queue.is_stopped = True
            if queue.is_begun:
                # Cancelled before its first step it could not say that it was stopped.
                queue.task.cancel()
        return True

    def stop_in(self, channel: str) -> bool:
        """Stop what every thread of a channel, ``TEAM:CHANNEL``, waits for."""
        threads = [thread for thread in self._queues if thread.startswith(f"{channel}:")]
        return sum(map(self.stop, threads)) > 0

    async def close(self, grace_seconds: float) -> int:
        """Begin nothing more, wait for what is begun, and return how much stays for the next start."""
        self._is_closing = True
        servers = {queue.server for queue in self._queues.values()} | self._errands
        if servers:
            _, late = await asyncio.wait(servers, timeout=grace_seconds)
            for server in late:
                server.cancel()
            if late:
                await asyncio.wait(late)
        return len(self._journal.open_work())

    def errand(self, coroutine: Awaitable[object]) -> None:
        """Do something that nobody waits for."""
        task: asyncio.Task[object] = asyncio.create_task(_tried(coroutine))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    def _enqueue(self, work: Work) -> None:
        view = RunView(self._sender, self._journal, work, every=self._every)
        queue = self._queues.get(work.thread)
        if queue is None:
            queue = self._queues[work.thread] = _Queue()
            queue.waiting.append(work)
            queue.server = asyncio.create_task(self._serve(queue))
            self.errand(view.greet())
        else:
            queue.waiting.append(work)
            self.errand(self._tell_to_wait(work))

    async def _tell_to_wait(self, work: Work) -> None:
        text = say("queued", work.question)
        where: dict[str, Any] = {"channel": work.channel, "thread_ts": work.thread_ts, "text": text}
        if work.user and not work.channel.startswith("D"):
            await self._sender.try_call("chat.postEphemeral", user=work.user, **where)
        else:
            await self._sender.try_call("chat.postMessage", **where)

    async def _serve(self, queue: _Queue) -> None:
        """Work on the questions of one thread, the earliest first."""
        first = True
        try:
            while queue.waiting and not self._is_closing:
                work = min(queue.waiting, key=lambda waiting: (waiting.ts, waiting.accepted_at))
                queue.waiting.remove(work)
                view = RunView(self._sender, self._journal, work, every=self._every)
                if not first:
                    self.errand(view.greet())
                first = False
                task = asyncio.create_task(self._run(view, queue), name=work.id)
                queue.begin(work, task)
                try:
                    await asyncio.wait({task})
                except asyncio.CancelledError:
                    await queue.cancel()
                    raise
        finally:
            self._queues = {name: one for name, one in self._queues.items() if one is not queue}

    async def _run(self, view: RunView, queue: _Queue) -> None:
        """See one question through; whatever happens, the person who asked hears of it."""
        queue.is_begun = True
        try:
            if queue.is_stopped:
                await self._give_up(view, queue, "stopped", say("stopped", view.work.question))
                return
            await self._see_through(view, queue)
        except asyncio.CancelledError:
            if not queue.is_stopped:
                # The app is closing: the question stays open in the journal.
                raise
            if queue.task is not None:
                queue.task.uncancel()
            await self._give_up(view, queue, "stopped", say("stopped", view.work.question))
        except SlackRefusedError as error:
            log.warning("%s cannot be answered in Slack: %s", view.work.id, error)
            if error.code not in NO_ACCESS:
                view.note(state="failed")
        except SlackUnknownError as error:
            log.warning("%s stays open: %s", view.work.id, error)
        except SectorvaneError as error:
            text = say("cannot", view.work.question, why=neutralise(str(error)))
            await self._give_up(view, queue, "failed", text)
        except Exception as crash:
            # The exception's own text may hold an address with a key.
            log.error("%s failed: %s", view.work.id, type(crash).__name__)  # noqa: TRY400
            log.debug("%s failed", view.work.id, exc_info=crash)
            await self._give_up(view, queue, "failed", say("failed", view.work.question))

    async def _see_through(self, view: RunView, queue: _Queue) -> None:
        """Answer a question and hand the answer over, again and again while Slack is not there."""
        for times in range(MOST_TIMES_AGAIN + 1):
            try:
                brief = await self._answer(view, queue)
                if brief is None:
                    await self._give_up(view, queue, "failed", say("failed", view.work.question))
                    return
                queue.is_handing_over = True
                await self._delivery.deliver(view, brief)
                view.note(state="done")
            except SlackUnknownError as error:
                if times == MOST_TIMES_AGAIN:
                    raise
                log.warning("%s is tried again: %s", view.work.id, error)
                await self._sleep(self._again_seconds)
            else:
                return

    async def _answer(self, view: RunView, queue: _Queue) -> Brief | None:
        """Return the answer of a question, made now or before; None where too many tries ended badly."""
        async with self._slots:
            was_answered = view.work.state == "answered"
            if was_answered:
                made = await self._answering.recall(view.work)
                if made is not None:
                    return made
            if view.work.attempts >= MOST_ATTEMPTS:
                return None
            await self._prepare(view, queue)
            view.note(state="answering", attempts=view.work.attempts + 1)
            # Where an answer may stand already, no plan may take its place.
            progress = _unshown if was_answered else view.take
            brief = await self._answering.answer(view.work, progress)
            view.note(state="answered", run_id=brief.run_id)
            return brief

    async def _prepare(self, view: RunView, queue: _Queue) -> None:
        """Show in Slack what was asked, where it does not stand there."""
        if not view.work.thread_ts:
            await self._open_thread(view)
            # From here on a reply may come, which waits for this answer.
            self._queues.setdefault(view.work.thread, queue)
            await view.greet()
        elif view.work.kind == "button":
            await self._delivery.echo(view)

    async def _open_thread(self, view: RunView) -> None:
        """Post the message under which a question is answered that came without one."""
        work = view.work
        question = neutralise(work.question)
        text = f"<@{work.user}>: {question}" if work.user else question
        if work.kind == "late":
            text += f"\n_{say('late', work.question)}_"
        if not work.channel:
            await self._go_direct(view)
        try:
            ts = await self._delivery.open_thread(view, text)
        except SlackRefusedError as error:
            if error.code not in _UNREACHABLE_CHANNEL or not work.user or not work.channel:
                raise
            await self._go_direct(view)
            note = say("not_in_channel", work.question)
            ts = await self._delivery.open_thread(view, f"{text}\n_{note}_")
        view.note(thread_ts=ts)

    async def _go_direct(self, view: RunView) -> None:
        """Answer in the direct messages of whoever asked."""
        opened = await self._sender.call("conversations.open", users=view.work.user)
        view.note(channel=str(opened["channel"]["id"]))

    async def _give_up(self, view: RunView, queue: _Queue, state: str, text: str) -> None:
        """Say why there is no answer, again and again while Slack is not there."""
        queue.is_handing_over = True
        for _ in range(MOST_TIMES_AGAIN + 1):
            try:
                await self._delivery.tell(view, text)
            except SlackUnknownError as error:
                log.warning("%s is told again: %s", view.work.id, error)
                await self._sleep(self._again_seconds)
            except SlackRefusedError as error:
                log.warning("%s: %s", view.work.id, error)
                break
            else:
                break
        view.note(state=state)


class _Queue:
    """The questions of one thread."""

    server: asyncio.Task[None]

    def __init__(self) -> None:
        self.waiting: list[Work] = []
        self.current: Work | None = None
        self.task: asyncio.Task[None] | None = None
        self.is_begun = False
        """The task has taken its first step."""
        self.is_stopped = False
        self.is_handing_over = False
        """The answer is there, or why there is none: it is too late to stop."""

    def all(self) -> list[Work]:
        """Return what waits and what is worked on."""
        return [*self.waiting, *((self.current,) if self.current else ())]

    def begin(self, work: Work, task: asyncio.Task[None]) -> None:
        """Note what is worked on."""
        self.current, self.task = work, task
        self.is_begun = self.is_stopped = self.is_handing_over = False

    async def cancel(self) -> None:
        """Break off what is worked on."""
        if self.task is not None:
            self.task.cancel()
            await asyncio.wait({self.task})


async def _tried(coroutine: Awaitable[object]) -> None:
    """Do something, or say in the log why not."""
    try:
        await coroutine
    except SectorvaneError as error:
        log.warning("%s", error)


def _unshown(_event: str, _details: dict[str, Any]) -> None:
    """Show nothing."""
