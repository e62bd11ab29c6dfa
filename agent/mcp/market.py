"""The market that a server answers from, opened again when its day is over and when its history may have grown."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from agent.commands.desk import open_market_as_of
from agent.settings import prepare_home
from tools.desk import Desk
from tools.scoring.fitting import Training
from tools.sources import LIVE_MARKETS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from agent.settings import Settings
    from tools.scoring.fitting import Trained
    from tools.sources.base import MarketData


KEPT_SECONDS = 600.0
"""How long a market that is synced is answered from before it is read again: another process may have synced it."""


class Opened(NamedTuple):
    """A market as it was opened on some day."""

    data: MarketData
    desk: Desk
    today: date
    read_at: float
    """When, on the server's clock, in seconds."""


class ServedMarket:
    """The market of the settings; a server that runs for weeks must not answer from its first day.

    Parameters
    ----------
    settings
        Market, level, as-of, scorer and home.
    today
        Returns the calendar day.
    clock
        Returns seconds that only grow.

    Raises
    ------
    UnusableInputError
        For an unknown market, a broken folder, an impossible date or an unwritable home.
    """

    def __init__(
        self,
        settings: Settings,
        today: Callable[[], date],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._today = today
        self._clock = clock
        self._opening = threading.Lock()
        self._trained: Trained | None = None
        prepare_home(settings.home)
        self._opened = self._open()

    def opened(self) -> Opened:
        """Return the market of today; one of a fixed as-of stays as it is."""
        if self._is_old():
            with self._opening:
                if self._is_old():
                    self._opened = self._open()
        return self._opened

    def desk(self) -> Desk:
        """Return the desk of today."""
        return self.opened().desk

    def waits_for(self) -> str:
        """Return what every answer with a score waits for now, or nothing."""
        trained = self._trained
        if trained is None:
            return ""
        return (
            f"training the scoring model, once a quarter: {trained.done} of {trained.of} horizons"
        )

    def _is_old(self) -> bool:
        if self._settings.as_of is not None:
            return False
        if self._opened.today != self._today():
            return True
        grows = self._settings.market in LIVE_MARKETS
        return grows and self._clock() - self._opened.read_at >= KEPT_SECONDS

    def _told(self, trained: Trained) -> None:
        self._trained = trained if trained.done < trained.of else None

    def _open(self) -> Opened:
        settings, today = self._settings, self._today()
        data, as_of = open_market_as_of(settings)
        training = Training(workers=settings.workers, tell=self._told)
        desk = Desk(data, as_of, settings.home, settings.scorer, training)
        return Opened(data, desk, today, self._clock())
