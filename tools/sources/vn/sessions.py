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

    def newest(self) -> Session:
        """Return the newest finished session.

        Raises
        ------
        SourceDownError
            When it cannot be had, or what is shown is not a finished session.
        """
        now = self._now()
        if self._asked_at is None or not timedelta() <= now - self._asked_at < ASK_AGAIN:
            self._asked_at = now
            try:
                self._found = self._ask(now)
            except SourceDownError as error:
                self._found = error
        if isinstance(self._found, Session):
            return self._found
        assert self._found is not None  # noqa: S101 - set above
        raise self._found.with_traceback(None)

    def _ask(self, now: datetime) -> Session:
        fetcher = self._vietcap.trading
        here = now.astimezone(ZoneInfo(TIMEZONE))
        if here.weekday() < 5 and BOARD_CLEARED <= here.time() < answers.SESSION_CLOSES:
            raise fetcher.down("a heatmap of a session that is not over")
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
        if not float(np.mean(shown.rows["volume"] > 0)) > 0.5:
            raise fetcher.down("a heatmap without trading")
        return Session(last["observed_on"].date(), shown)
