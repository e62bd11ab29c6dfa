"""Posts subscriptions when they are due: looks every few seconds, in one process at a time.

What is due is read from the file and not from timers in memory, so that a restart, a sleep of the
machine and a change made by another process need nothing of their own: what was missed meanwhile
is posted once, and what was deleted is not posted any more.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from agent.slack.subscriptions import LEASE_SECONDS, MOST_ATTEMPTS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from agent.slack.schedules import TradingCalendar
    from agent.slack.subscriptions import Due, Subscriptions

    Post = Callable[[Due], Awaitable[None]]

LOOK_SECONDS = 10.0
"""How late a post may be; well below the lease, so that it never runs out by itself."""
RETRY_SECONDS = 60.0
LATE = timedelta(minutes=15)
"""From when on a post says that it comes late."""
log = logging.getLogger(__name__)


class Timer:
    """Runs the subscriptions of a home.

    Parameters
    ----------
    subscriptions
        Where they are kept; its clock is the one that counts.
    calendar
        Says on which days the market trades; asked at every look.
    post
        Makes one post. What it raises lets the post be tried again, :data:`MOST_ATTEMPTS` times in
        all. ``due.key`` is the same every time.
    """

    def __init__(
        self,
        subscriptions: Subscriptions,
        calendar: Callable[[], TradingCalendar],
        post: Post,
    ) -> None:
        self._subscriptions = subscriptions
        self._calendar = calendar
        self._post = post
        self._holder = secrets.token_hex(8)
        self._scheduler: Any = None
        self._looks: set[asyncio.Task[Any]] = set()

    async def look(self) -> int:
        """Post whatever is due, where no other process does, and return how many posts were made."""
        claimed = await asyncio.to_thread(self._claim)
        done = [self._made(due) for due in claimed]
        return sum(await asyncio.gather(*done))

    def _claim(self) -> list[Due]:
        if not self._subscriptions.lease(self._holder):
            return []
        return self._subscriptions.claim(self._holder, self._calendar())

    async def _made(self, due: Due) -> bool:
        outcome = (await asyncio.gather(self._post(due), return_exceptions=True))[0]
        if isinstance(outcome, Exception) and due.attempt < MOST_ATTEMPTS:
            log.warning("a subscription could not be posted, once more in a minute: %s", outcome)
            await asyncio.to_thread(self._subscriptions.again, due, RETRY_SECONDS)
            return False
        if isinstance(outcome, BaseException) and not isinstance(outcome, Exception):
            raise outcome
        if isinstance(outcome, Exception):
            log.error("a subscription could not be posted and is left out: %s", outcome)
        await asyncio.to_thread(self._subscriptions.made, due)
        return outcome is None

    async def start(self) -> None:
        """Look from now on, in the running loop."""
        # The library ships no types.
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]

        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._scheduler.add_job(
            self._tick,
            "interval",
            seconds=LOOK_SECONDS,
            next_run_time=datetime.now(UTC),
            max_instances=int(LEASE_SECONDS // LOOK_SECONDS),
            coalesce=True,
            misfire_grace_time=None,
        )
        self._scheduler.start()

    async def _tick(self) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._looks.add(task)
            task.add_done_callback(self._looks.discard)
        await self.look()

    async def stop(self) -> None:
        """Look no more, finish a look that is under way, and let another process post at once."""
        if self._scheduler is not None:
            self._scheduler.pause()
            # A look that was begun just now has not told of itself yet.
            await asyncio.sleep(0)
            if self._looks:
                # The scheduler would break it off, between a post and the note that it was made.
                await asyncio.wait(set(self._looks))
            self._scheduler.shutdown(wait=False)
            self._scheduler = None
        await asyncio.to_thread(self._subscriptions.release, self._holder)


def lateness(due: Due, now: float) -> timedelta | None:
    """Return how late a post is; None where it is in time."""
    late = datetime.fromtimestamp(now, UTC) - due.at
    return late if late >= LATE else None
