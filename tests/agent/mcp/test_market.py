"""A server that runs for weeks answers from the market of the day."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from agent.mcp.asking import Asker
from agent.mcp.market import ServedMarket
from agent.settings import Settings
from tools.errors import UnusableInputError
from tools.scoring.fitting import Trained

if TYPE_CHECKING:
    from pathlib import Path


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
