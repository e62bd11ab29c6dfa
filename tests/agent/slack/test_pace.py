"""Calls at the pace that Slack allows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent.slack.pace import Limit, Pace
from tests.fakes import Clock


class Waiting:
    """Lets time pass by as much as is waited."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self.clock.seconds += seconds


def pace_of(**limits: Limit) -> tuple[Pace, Clock, Waiting]:
    clock = Clock()
    waiting = Waiting(clock)
    named = {name.replace("_", "."): limit for name, limit in limits.items()}
    return Pace(named, clock=clock, sleep=waiting), clock, waiting


async def test_a_burst_goes_through_at_once_and_the_rest_waits() -> None:
    pace, _, waiting = pace_of(chat_update=Limit(60, 3))
    for _ in range(5):
        await pace.turn("chat.update")
    assert [round(seconds, 6) for seconds in waiting.seconds] == [1.0, 1.0]


async def test_channels_are_counted_each_for_itself() -> None:
    pace, _, waiting = pace_of(chat_postMessage=Limit(60, 1, by_channel=True))
    for channel in ("C1", "C2", "C3"):
        await pace.turn("chat.postMessage", channel)
    assert waiting.seconds == []
    await pace.turn("chat.postMessage", "C1")
    assert [round(seconds, 6) for seconds in waiting.seconds] == [1.0]


async def test_a_method_that_slack_holds_back_waits_and_others_do_not() -> None:
    pace, clock, waiting = pace_of(chat_update=Limit(60, 5))
    pace.hold("chat.update", 30.0)
    await pace.turn("chat.postMessage")
    assert waiting.seconds == []
    assert pace.seconds_left("chat.update") == 30.0
    clock.seconds = 31.0
    await pace.turn("chat.update")
    assert waiting.seconds == []


@given(
    st.integers(min_value=1, max_value=600),
    st.integers(min_value=1, max_value=20),
    st.lists(st.floats(min_value=0, max_value=30), max_size=60),
)
async def test_no_minute_holds_more_than_its_limit_and_a_burst(
    per_minute: int, burst: int, pauses: list[float]
) -> None:
    pace, clock, _ = pace_of(chat_update=Limit(per_minute, burst))
    made: list[float] = []
    for pause in pauses:
        clock.seconds += pause
        await pace.turn("chat.update")
        made.append(clock.seconds)
    for start in made:
        within = [at for at in made if start <= at < start + 60.0 - 1e-6]
        assert len(within) <= per_minute + burst
