"""A run keeps its events for whoever comes later, and ends once."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from agent.web.runs import Run
from agent.web.telling import WRITING_EVERY, Teller, detail


async def followed(run: Run, after: int = 0) -> list[int]:
    return [event.number async for event in run.follow(after)]


class TestFollowing:
    @given(st.data())
    def test_every_event_after_a_number_comes_once_and_in_order(self, data: st.DataObject) -> None:
        total = data.draw(st.integers(min_value=1, max_value=20))
        before = data.draw(st.integers(min_value=0, max_value=total - 1))
        after = data.draw(st.integers(min_value=-5, max_value=before))

        async def tell() -> list[int]:
            run = Run("t", "q")
            for _ in range(before):
                run.add("call", {})
            task = asyncio.create_task(followed(run, after))
            for _ in range(before, total - 1):
                await asyncio.sleep(0)
                run.add("call", {})
            run.add("answered", {})
            return await task

        assert asyncio.run(tell()) == list(range(max(after, 0) + 1, total + 1))

    async def test_a_number_that_has_not_come_yet_means_the_next(self) -> None:
        run = Run("t", "q")
        run.add("asked", {})
        run.add("failed", {})
        assert await followed(run, 99) == []

    async def test_nothing_comes_after_the_end(self) -> None:
        run = Run("t", "q")
        run.add("stopped", {})
        run.add("answered", {})
        assert run.over
        assert [event.name async for event in run.follow()] == ["stopped"]

    async def test_many_pages_may_follow(self) -> None:
        run = Run("t", "q")
        tasks = [asyncio.create_task(followed(run)) for _ in range(5)]
        await asyncio.sleep(0)
        run.add("asked", {})
        await asyncio.sleep(0)
        run.add("failed", {})
        assert await asyncio.gather(*tasks) == [[1, 2]] * 5


class TestTelling:
    def test_what_a_model_writes_is_counted_and_never_shown(self) -> None:
        now = [10.0]
        told: list[tuple[str, dict[str, object]]] = []
        teller = Teller(lambda name, content: told.append((name, content)), clock=lambda: now[0])
        for _ in range(100):
            teller("token", {"text": "secret draft "})
            now[0] += WRITING_EVERY / 10
        assert 9 <= len(told) <= 11
        assert "secret" not in repr(told)
        assert told[0][1]["characters"] == len("secret draft ")

    def test_a_plan_says_what_is_held(self) -> None:
        told: list[tuple[str, dict[str, object]]] = []
        calls = [{"tool": "a", "arguments": {"x": ["1", "2"], "y": 3}}, {"tool": "b"}]
        Teller(lambda name, content: told.append((name, content)))(
            "plan", {"calls": calls, "keys": ["k1", "k2"], "held": ["k2"]}
        )
        assert told == [
            ("plan", {"calls": [
                {"key": "k1", "tool": "a", "detail": "x 1 + 2, y 3", "held": False},
                {"key": "k2", "tool": "b", "detail": "", "held": True},
            ]})
        ]  # fmt: skip

    def test_arguments_are_one_line(self) -> None:
        assert detail({"sector": "4000", "periods": ("1W", "1M")}) == "sector 4000, periods 1W + 1M"
