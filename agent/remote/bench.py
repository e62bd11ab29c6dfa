"""What a desk says of itself to the remote servers: its market, its day, its trading days."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from agent.remote.book import AnswerBook
from agent.remote.desk import Bench, RemoteDesk
from agent.remote.reading import MAX_AGE_DAYS
from tools.store import history_folder
from tools.store.journal import Journal

if TYPE_CHECKING:
    from datetime import date

    from agent.remote.hub import RemoteHub
    from tools.desk import Desk


def is_live(asked: date | None, as_of: date, today: date) -> bool:
    """Whether a question is about now.

    Parameters
    ----------
    asked
        The as-of date that the reader gave; None: the market's newest day.
    as_of
        The as-of date in use.
    today
        The calendar day.
    """
    about_now = asked is None or asked >= today
    return about_now and (today - as_of).days <= MAX_AGE_DAYS


def remote_desk(hub: RemoteHub, desk: Desk, *, live: bool) -> RemoteDesk:
    """Return the remote servers of `hub` as the view of `desk` sees them."""
    view = desk.view
    end = datetime.combine(
        desk.as_of + timedelta(days=1), time(), tzinfo=ZoneInfo(view.market.timezone)
    )

    @cache
    def trading_days() -> tuple[date, ...]:
        return tuple(day.date() for day in view.days)

    def days_until(last: date, n: int) -> tuple[date, ...]:
        return tuple(day for day in trading_days() if day <= last)[-n:]

    bench = Bench(
        stamp=desk.stamp,
        vocabulary=desk.vocabulary,
        view_key=view.fingerprint(),
        live=live,
        known_by=end,
        days_until=days_until,
    )
    folder = history_folder(hub.home, view.market.storage_key)
    return RemoteDesk(hub, bench, AnswerBook(Journal(folder), hub.ledger))
