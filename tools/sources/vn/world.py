"""The world's series that move Vietnamese shares, from FRED: rates, credit, volatility and oil.

They are the market series of :mod:`tools.sources.us`, which are written down once. A day of New York ends on the next
of Vietnam, so that each counts as published a day later here than there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pandas as pd

from tools.sources.us import fred
from tools.sources.us.series import SERIES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from tools.sources.feeds import Batch, Feed
    from tools.sources.http import Fetcher

WANTED = ("UST_10Y", "FED_RATE", "HIGH_YIELD_SPREAD", "VIX", "WTI")
PROVIDER = fred.PROVIDER
API_URL, CSV_URL = fred.API_URL, fred.CSV_URL
_NEW_YORK = ZoneInfo("America/New_York")
_LATER = timedelta(days=1)


@dataclass(frozen=True)
class _Later:
    """A feed whose rows are published a day later."""

    feed: Feed

    @property
    def key(self) -> str:
        """Unique and stable."""
        return self.feed.key

    @property
    def provider(self) -> str:
        """Who answers."""
        return self.feed.provider

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:
        """Bring what the feed brings.

        Raises
        ------
        SourceDownError
            As the feed does.
        """
        for batch in self.feed.fetch(since, until):
            published = pd.to_datetime(batch.rows["published_on"]) + _LATER
            yield replace(batch, rows=batch.rows.assign(published_on=published))


def world_feeds(fetcher: Fetcher, *, vintages: bool, now: datetime) -> tuple[Feed, ...]:
    """Return the feeds: through FRED's interface where the fetcher holds a key, else through the public CSV."""
    today = now.astimezone(_NEW_YORK).date()
    chosen = [series for series in SERIES if series.name in WANTED]
    if vintages:
        return tuple(
            _Later(fred.VintagesFeed(series=one, api=fetcher, today=today)) for one in chosen
        )
    return tuple(_Later(fred.LatestFeed(series=one, site=fetcher, today=today)) for one in chosen)
