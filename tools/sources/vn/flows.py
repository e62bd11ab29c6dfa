"""Feeds of foreign trading and of blocks.

VNDirect gives foreign buying and selling of every share and day since 2018. For a newest session that it does not
have yet, Vietcap's heatmap gives the same until VNDirect's own figures follow, as a revision where they differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from tools.errors import SourceDownError
from tools.sources.feeds import Batch
from tools.sources.vn import answers, heatmap, vietcap, vndirect
from tools.sources.vn.vndirect import FIRST_FLOW_DAY, FLOW_COLUMNS, read_flows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from tools.sources.vn.sessions import Session, Sessions
    from tools.sources.vn.vietcap import Vietcap
    from tools.sources.vn.vndirect import VnDirect

WINDOW = timedelta(days=27)
"""Days of one request besides the first: twenty sessions of four hundred shares fit one page."""
AGAIN = timedelta(days=6)
"""How far before the newest known day is asked again: figures are corrected, and days arrive late."""
LONG_WEEKDAYS = 12
"""More weekdays than any holiday has: a window of so many without a trade is no answer."""


@dataclass(frozen=True)
class FlowSources:
    """What the feeds of a session's trading ask."""

    vndirect: VnDirect
    vietcap: Vietcap
    sessions: Sessions
    symbols: Sequence[str]
    floor: str
    now: Callable[[], datetime]
    history_years: float


@dataclass(frozen=True)
class FlowFeed:
    """Foreign buying and selling of all shares of the floor, window by window, oldest first."""

    sources: FlowSources
    provider: str = vndirect.PROVIDER

    @property
    def key(self) -> str:
        """Unique and stable."""
        return f"vndirect/flows/{self.sources.floor}"

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:
        """Bring the days after `since`, and a few before it again.

        Raises
        ------
        SourceDownError
            When VNDirect cannot be used.
        """
        until = min(until, answers.last_finished_day(self.sources.now()))
        years = timedelta(days=round(365.25 * self.sources.history_years))
        first = max(until - years if since is None else since - AGAIN, FIRST_FLOW_DAY)
        begun = since is not None
        while first <= until:
            last = min(first + WINDOW, until)
            batch = self._window(first, last, begun=begun)
            begun = begun or not batch.rows.empty
            yield batch
            first = last + timedelta(days=1)
        if not begun:
            raise self.sources.vndirect.finfo.down("no foreign trading at all")

    def _window(self, first: date, last: date, *, begun: bool) -> Batch:
        """Bring one window; once trading has `begun`, a long one without a trade is no answer."""
        fetcher = self.sources.vndirect.finfo
        records = self.sources.vndirect.foreigns(self.sources.floor, first, last)
        weekdays = sum(day.weekday() < 5 for day in pd.date_range(first, last))
        if begun and not records and weekdays >= LONG_WEEKDAYS:
            raise fetcher.down(f"no foreign trading at all from {first} to {last}")
        flows = read_flows(
            records, symbols=set(self.sources.symbols), first=first, last=last, fetcher=fetcher
        )
        return Batch(table="flows", rows=flows.rows, notes=flows.notes)


@dataclass(frozen=True)
class NewestFlowFeed:
    """Foreign buying and selling on the newest session, where VNDirect does not have it (yet).

    A feed of its own, so that what it brings is never taken for progress of the other's history.
    """

    sources: FlowSources
    provider: str = vietcap.PROVIDER

    @property
    def key(self) -> str:
        """Unique and stable."""
        return f"vietcap/flows/{self.sources.floor}"

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:
        """Bring the newest session if it is after `since`.

        Raises
        ------
        SourceDownError
            When Vietcap cannot be used, or shows another session than the benchmark's newest.
        """
        session = _wanted(self.sources, since, until)
        if session is None:
            return
        why = self._missing(session.day)
        if not why:
            return
        rows = heatmap.flow_rows(session.heatmap, self.sources.symbols, pd.Timestamp(session.day))
        note = f"Foreign trading of {session.day} from {vietcap.PROVIDER}, since {why}"
        yield Batch(
            table="flows", rows=rows[list(FLOW_COLUMNS)], notes=(note, *session.heatmap.notes)
        )

    def _missing(self, day: date) -> str:
        """Say why VNDirect's figures of a day are not to be had, empty where they are."""
        source = self.sources.vndirect
        try:
            records = source.foreigns(self.sources.floor, day, day)
            found = read_flows(
                records,
                symbols=set(self.sources.symbols),
                first=day,
                last=day,
                fetcher=source.finfo,
            )
        except SourceDownError as error:
            return str(error)
        return "" if len(found.rows) else f"{vndirect.PROVIDER} does not have it yet."


@dataclass(frozen=True)
class BlockFeed:
    """What changed hands off the order book on the newest session, a share at a time."""

    sources: FlowSources
    provider: str = vietcap.PROVIDER

    @property
    def key(self) -> str:
        """Unique and stable."""
        return f"vietcap/signals/block_trades/{self.sources.floor}"

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:
        """Bring the newest session if it is after `since`; earlier ones are not to be had.

        Raises
        ------
        SourceDownError
            When Vietcap cannot be used, or shows another session than the benchmark's newest.
        """
        session = _wanted(self.sources, since, until)
        if session is None:
            return
        rows = heatmap.block_rows(session.heatmap, self.sources.symbols, pd.Timestamp(session.day))
        yield Batch(table="signals", rows=rows, notes=self._unit_notes(session))

    def _unit_notes(self, session: Session) -> tuple[str, ...]:
        try:
            fractions = self.sources.vietcap.sector_changes()
        except SourceDownError:
            return session.heatmap.notes
        return session.heatmap.notes + heatmap.unit_notes(session.heatmap.changes, fractions)


def _wanted(sources: FlowSources, since: date | None, until: date) -> Session | None:
    """Return the newest finished session if it lies after `since`, without asking where it cannot."""
    finished = min(until, answers.last_finished_day(sources.now()))
    if since is not None and since >= finished:
        return None
    session = sources.sessions.newest()
    if session is None:
        return None
    later = since is None or session.day > since
    return session if later and session.day <= until else None
