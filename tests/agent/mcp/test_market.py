"""A server that runs for weeks answers from the market of the day."""

from __future__ import annotations

import asyncio
import threading
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from agent.mcp.asking import AT_ONCE, MOST_WAITING, Asked, Asker
from agent.mcp.market import KEPT_SECONDS, ServedMarket
from agent.settings import Settings
from tests.markets import write_past_of_vn
from tools.errors import SourceDownError, UnusableInputError
from tools.scoring.fitting import Trained

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli


class Days:
    """A calendar that a test turns."""

    def __init__(self) -> None:
        self.today = date(2026, 1, 1)

    def __call__(self) -> date:
        return self.today


def served(folder: Path, home: Path, days: Days, **given: Any) -> ServedMarket:
    settings = Settings(home=home, market=f"folder:{folder}", brain="offline", **given)
    return ServedMarket(settings, days)


class TestTheDay:
    def test_it_is_opened_once_a_day(self, folder: Path, home: Path) -> None:
        days = Days()
        market = served(folder, home, days)
        first = market.opened()
        assert market.opened() is first
        days.today += timedelta(days=1)
        second = market.opened()
        assert second is not first
        assert second.today == days.today
        assert market.desk() is second.desk

    def test_a_fixed_day_is_opened_once(self, folder: Path, home: Path) -> None:
        days = Days()
        market = served(folder, home, days, as_of=date(2022, 6, 1))
        first = market.opened()
        days.today += timedelta(days=40)
        assert market.opened() is first

    def test_an_unknown_market_is_refused_at_the_start(self, home: Path) -> None:
        with pytest.raises(UnusableInputError):
            ServedMarket(Settings(home=home, market="atlantis"), Days())


def test_what_another_process_synced_is_seen_after_a_while(
    cli: Cli, home: Path, tmp_path: Path
) -> None:
    def sync(n_days: int) -> None:
        past = write_past_of_vn(tmp_path / f"{n_days}" / "past", n_days)
        command = ("sync", "--market", "vn", "--import", str(past))
        assert cli(*command, env={"SECTORVANE_HOME": str(home)}).returncode == 0

    seconds = [0.0]
    sync(60)
    settings = Settings(home=home, market="vn", brain="offline")
    market = ServedMarket(settings, Days(), lambda: seconds[0])
    first = market.opened()
    sync(70)
    seconds[0] = KEPT_SECONDS - 1.0
    assert market.opened() is first
    seconds[0] = KEPT_SECONDS
    assert market.desk().stamp.last_day > first.desk.stamp.last_day


def test_a_training_is_told_of_until_it_is_done(folder: Path, home: Path) -> None:
    market = served(folder, home, Days())
    assert market.waits_for() == ""
    tell = market.desk().scorer._training.tell
    tell(Trained(1, 3, "1W"))
    assert market.waits_for().endswith("1 of 3 horizons")
    tell(Trained(3, 3, "3M"))
    assert market.waits_for() == ""


async def test_other_clients_are_served_while_a_new_day_is_opened(folder: Path, home: Path) -> None:
    days = Days()
    market = served(folder, home, days)

    class Midnight(Exception):  # noqa: N818 - it happens every day
        """Opening begins here."""

    def turn() -> date:
        opened_in.append(threading.current_thread())
        raise Midnight

    opened_in: list[threading.Thread] = []
    market._today = turn
    with pytest.raises(Midnight):
        await Asker(market._settings, market).daily()
    assert opened_in != [threading.current_thread()]
    assert len(opened_in) == 1


async def test_questions_that_wait_are_bounded_and_the_next_is_refused(
    folder: Path, home: Path
) -> None:
    market = served(folder, home, Days())
    gate = threading.Event()

    class NeverOpenError(Exception):
        """The market of this test opens for nobody."""

    def turn() -> date:
        gate.wait(120)
        raise NeverOpenError

    market._today = turn
    asker = Asker(market._settings, market)
    asked = Asked(question="How risky is every sector?")
    waiting = [asyncio.create_task(asker.ask(asked)) for _ in range(AT_ONCE + MOST_WAITING)]
    try:
        await asyncio.sleep(0)
        with pytest.raises(SourceDownError, match="ask again"):
            await asker.ask(asked)
        # Whoever leaves the queue makes room in it.
        waiting.pop().cancel()
        await asyncio.sleep(0.01)
        waiting.append(asyncio.create_task(asker.ask(asked)))
    finally:
        gate.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {NeverOpenError}
