"""How often each method of Slack's Web API may be called, so that it need not refuse.

Slack counts by method and workspace, and messages by channel as well; it lets short bursts pass.
https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping


class Limit(NamedTuple):
    """So many calls in a minute, of which `burst` may come at once."""

    per_minute: float
    burst: int
    by_channel: bool = False


TIER_2, TIER_3, TIER_4 = Limit(20, 20), Limit(50, 20), Limit(100, 30)
LIMITS: Mapping[str, Limit] = {
    "chat.startStream": TIER_2,
    "chat.stopStream": TIER_2,
    "chat.appendStream": TIER_4,
    "chat.update": TIER_3,
    "chat.postMessage": Limit(60, 5, by_channel=True),
    "chat.postEphemeral": TIER_4,
    "conversations.replies": TIER_3,
    "conversations.history": TIER_3,
    "files.getUploadURLExternal": TIER_4,
    "files.completeUploadExternal": TIER_4,
    "views.publish": TIER_4,
}
"""Methods that are not named have limits that are never met: a status may be set ten times a second."""


class Pace:
    """Lets calls through at the pace that Slack allows, in the order in which they came.

    Parameters
    ----------
    limits
        The pace of each method.
    clock
        Monotonic seconds.
    sleep
        Waits.
    """

    def __init__(
        self,
        limits: Mapping[str, Limit] = LIMITS,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._due: dict[str, float] = {}
        self._held: dict[str, float] = {}

    def seconds_left(self, method: str, channel: str = "") -> float:
        """Return how long a call would have to wait that came now."""
        limit = self._limits.get(method)
        now = self._clock()
        held = max(0.0, self._held.get(method, 0.0) - now)
        if limit is None:
            return held
        ahead = self._due.get(_key(method, channel, limit), now) - now
        return max(held, ahead - _interval(limit) * (limit.burst - 1), 0.0)

    async def turn(self, method: str, channel: str = "") -> None:
        """Wait until a call may be made, and count it."""
        wait = self.seconds_left(method, channel)
        limit = self._limits.get(method)
        if limit is not None:
            key = _key(method, channel, limit)
            self._due[key] = max(self._due.get(key, 0.0), self._clock()) + _interval(limit)
        if wait > 0:
            await self._sleep(wait)

    def hold(self, method: str, seconds: float) -> None:
        """Let no call of a method through for a while: Slack asked for it."""
        self._held[method] = max(self._held.get(method, 0.0), self._clock() + seconds)


def _interval(limit: Limit) -> float:
    return 60.0 / limit.per_minute


def _key(method: str, channel: str, limit: Limit) -> str:
    return f"{method} {channel}" if limit.by_channel else method
