"""The newest finished session of all shares, with the date its provider does not give.

A heatmap has no date. It is taken for the session of the benchmark's newest finished bar when it is asked for
outside trading hours and shows the very level at which the benchmark closed then; anything else is a session that
goes on or a board that was cleared for the next one.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from tools.errors import SourceDownError
from tools.sources.vn import answers
from tools.sources.vn.addresses import TIMEZONE
from tools.sources.vn.bars import read_chart
from tools.sources.vn.sectors import BENCHMARK

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.sources.vn.heatmap import Heatmap
    from tools.sources.vn.vietcap import Vietcap

BOARD_CLEARED = time(8, 30)
"""From here on a weekday's board may show the next session."""
SAME_LEVEL = 1e-5
"""Levels of the index are rounded to hundredths of a point."""
TRADED = 0.5
"""More than this fraction of the shares has traded in a finished session, and none on a cleared board."""
ASK_AGAIN = timedelta(minutes=10)
"""How long an answer, or a failure, stands for all who ask."""


class Session(NamedTuple):
    """A finished session of all shares."""

    day: date
    heatmap: Heatmap


class Sessions:
    """The newest finished session, asked for once for all shares.

    Parameters
    ----------
    vietcap
        Who is asked.
    floor
        The exchange.
    now
        The time now, with a time zone.
    """

    def __init__(self, vietcap: Vietcap, floor: str, now: Callable[[], datetime]) -> None:
        self._vietcap, self._floor, self._now = vietcap, floor, now
        self._asked_at: datetime | None = None
        self._found: Session | SourceDownError | None = None

    def newest(self) -> Session | None:
        """Return the newest finished session; None while another goes on, or when the board was cleared for it.

        Raises
        ------
        SourceDownError
            When it cannot be had, or what is shown is another session than the benchmark's newest.
        """
        now = self._now()
        if self._asked_at is None or not timedelta() <= now - self._asked_at < ASK_AGAIN:
            self._asked_at = now
            try:
                self._found = self._ask(now)
            except SourceDownError as error:
                self._found = error
        if isinstance(self._found, SourceDownError):
            raise self._found.with_traceback(None)
        return self._found

    def _ask(self, now: datetime) -> Session | None:
        fetcher = self._vietcap.trading
        here = now.astimezone(ZoneInfo(TIMEZONE))
        if here.weekday() < 5 and BOARD_CLEARED <= here.time() < answers.SESSION_CLOSES:
            return None
        finished = answers.last_finished_day(now)
        raw = self._vietcap.bars([BENCHMARK], finished, 5)
        if BENCHMARK not in raw:
            raise fetcher.down(f"no bars of {BENCHMARK}")
        chart = read_chart(raw[BENCHMARK], symbol=BENCHMARK, until=finished, fetcher=fetcher)
        if chart.rows.empty:
            raise fetcher.down("no finished session of the benchmark")
        last = chart.rows.iloc[-1]
        shown = self._vietcap.heatmap(self._floor)
        if not abs(self._vietcap.index_now() / float(last["close"]) - 1) <= SAME_LEVEL:
            raise fetcher.down("a heatmap that is not of the newest finished session")
        volume = shown.rows["volume"]
        if volume.isna().all():
            raise fetcher.down("a heatmap without volumes")
        if float(np.mean(volume > 0)) <= TRADED:
            return None
        return Session(last["observed_on"].date(), shown)
