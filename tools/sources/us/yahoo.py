"""Daily bars from Yahoo: fetched by yfinance, read and checked here.

yfinance brings what is hard to keep up with: the browser's handshake, cookies, crumbs, the consent page, and what a
refusal for too many requests looks like. Its own table of prices is not used, because it cannot be held to account:
it turns a missing volume into 0, text and truth values into numbers, drops rows without a word, and ends a failure
as an empty table and a line in a log. So its transport fetches the answer, and :mod:`tools.sources.us.chart` reads it.

It knows no base address. A session of our own sends what is meant for Yahoo to `base_url` where one is given, bounds
time and size, and follows no redirect that leaves Yahoo.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import pandas as pd

from tools.errors import SourceDownError
from tools.sources import INSTALL_LIVE
from tools.sources.feeds import Batch
from tools.sources.http import MAX_BYTES, MAX_REDIRECTS, Reader
from tools.sources.us.chart import read_chart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROVIDER = "Yahoo"
HOST = "https://query2.finance.yahoo.com"
FIRST_DAY = date(1993, 1, 1)
"""Before the first bar of any fund of the market."""
OVERLAP_DAYS = 12
"""Asked for again before the day that is known, so that the first new day has a close before it."""
SETTLED = timedelta(hours=16, minutes=30)
"""Time of day at the exchange from which a day's bar is final; on half-days it was final earlier."""
TIMEOUT_SECONDS = 30.0
YFINANCE_LOGGER = "yfinance"
WHAT_YFINANCE_RAISES = (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError)
"""Beside its own errors; those of its transport are `OSError`."""


class Yahoo:
    """Fetches chart answers.

    Parameters
    ----------
    base_url
        Where to send everything that is meant for Yahoo; empty: to Yahoo.
    timeout_seconds
        For one request, the whole answer included.
    cache_folder
        Where yfinance keeps its cookie; empty: its own choice.
    now
        The time, for the session that is still open.
    """

    def __init__(
        self,
        base_url: str = "",
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        cache_folder: str = "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.reader = Reader(PROVIDER)
        self.now = now
        self._base_url = base_url.rstrip("/")
        self._timeout_seconds = timeout_seconds
        self._cache_folder = cache_folder

    def chart(self, symbol: str, start: date) -> object:
        """Return the parsed JSON of a symbol's daily chart from `start` up to now, with its events.

        Raises
        ------
        SourceDownError
            When yfinance or its transport fails, or something other than JSON came.
        """
        end = self.now() + timedelta(days=1)
        params: dict[str, str | int] = {
            "period1": int(datetime(start.year, start.month, start.day, tzinfo=UTC).timestamp()),
            "period2": int(end.timestamp()),
            "interval": "1d",
            "includePrePost": "false",
            "events": "div,splits,capitalGains",
        }
        response = self._get(f"{HOST}/v8/finance/chart/{symbol}", params)
        if response.status_code != 200:
            wait = response.headers.get("retry-after")
            raise self.reader.refused(response.status_code, response.content, wait, self.now())
        return self.reader.json(response.content)

    def _get(self, url: str, params: dict[str, str | int]) -> Any:  # noqa: ANN401 - yfinance's own
        transport, yfinance_error, rate_limit = self._transport
        try:
            # There is one in a process: say each time whose session it is to use.
            data = transport(session=self._session)
            response = data.get(url, params=params, timeout=self._timeout_seconds)
        except rate_limit:
            raise self.reader.refused(429, b"", self._session.asked_to_wait, self.now()) from None
        except SourceDownError:
            raise
        except (yfinance_error, *WHAT_YFINANCE_RAISES) as error:
            raise self.reader.down(_told(error, self._timeout_seconds)) from None
        if len(response.content) > MAX_BYTES:
            raise self.reader.down(f"more than {MAX_BYTES} bytes")
        return response

    @cached_property
    def _transport(self) -> tuple[Any, type[Exception], type[Exception]]:
        try:
            from yfinance.cache import set_cache_location  # type: ignore[import-untyped]
            from yfinance.data import YfData  # type: ignore[import-untyped]
            from yfinance.exceptions import (  # type: ignore[import-untyped]
                YFException,
                YFRateLimitError,
            )
        except ImportError as error:
            raise SourceDownError(
                "The market us reads Yahoo through yfinance, which is not installed. "
                f"{INSTALL_LIVE}"
            ) from error
        # It logs what it swallows; what matters is raised here.
        logging.getLogger(YFINANCE_LOGGER).setLevel(logging.CRITICAL)
        if self._cache_folder:
            set_cache_location(self._cache_folder)
        return YfData, YFException, YFRateLimitError

    @cached_property
    def _session(self) -> Any:  # noqa: ANN401 - a class that exists once curl_cffi is imported
        return _open_session(self.reader, self._base_url, self._timeout_seconds)


def _told(error: Exception, timeout_seconds: float) -> str:
    """Return what went wrong in the words of :class:`tools.sources.http.Fetcher`."""
    name = type(error).__name__
    if "Timeout" in name:
        return f"no answer within {timeout_seconds:g} seconds"
    if name in {"ConnectionError", "ConnectTimeout", "DNSError", "SSLError", "ProxyError"}:
        return "no connection"
    if name in {"IncompleteRead", "ChunkedEncodingError", "HTTPError"}:
        return "an answer that was cut off"
    return f"something that yfinance could not read ({name})"


def _open_session(reader: Reader, base_url: str, timeout_seconds: float) -> Any:  # noqa: ANN401
    """Open a session that stays with Yahoo, or with `base_url` where one is given."""
    from curl_cffi import CurlOpt
    from curl_cffi.requests import Session

    class YahooSession(Session):  # type: ignore[type-arg]
        asked_to_wait: str | None = None

        # yfinance passes everything by name.
        def request(self, method: Any, url: str, **options: Any) -> Any:  # type: ignore[override]  # noqa: ANN401
            options |= {"allow_redirects": False, "timeout": timeout_seconds}
            for _ in range(MAX_REDIRECTS + 1):
                response = super().request(method, _at(base_url, url), **options)
                if response.status_code == 429:
                    self.asked_to_wait = response.headers.get("retry-after")
                location = response.headers.get("location")
                if not 300 <= response.status_code < 400 or not location:
                    return response
                url = urljoin(url, location)
                host = urlsplit(url).hostname or ""
                if urlsplit(url).scheme != "https" or not f".{host}".endswith(".yahoo.com"):
                    raise reader.down(f"a redirect to another host, {reader.excerpt(host)}")
                method, options = "GET", {**options, "params": None, "data": None, "json": None}
            raise reader.down(f"more than {MAX_REDIRECTS} redirects")

    return YahooSession(
        impersonate="chrome",
        trust_env=not base_url,
        curl_options={CurlOpt.MAXFILESIZE_LARGE: MAX_BYTES},
    )


def _at(base_url: str, url: str) -> str:
    """Return an address of Yahoo as it stands under `base_url`."""
    parts = urlsplit(url)
    return url if not base_url else base_url + urlunsplit(("", "", parts.path, parts.query, ""))


@dataclass(frozen=True, kw_only=True)
class BarsFeed:
    """The daily bars of one fund."""

    symbol: str
    currency: str
    timezone: str
    yahoo: Yahoo

    @property
    def key(self) -> str:
        """What progress is remembered under."""
        return f"yahoo/prices/{self.symbol}"

    @property
    def provider(self) -> str:
        """Who answers."""
        return PROVIDER

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:
        """Bring final bars; the day before a fetch's first one only lends its close."""
        start = FIRST_DAY if since is None else since - timedelta(days=OVERLAP_DAYS)
        answer = self.yahoo.chart(self.symbol, start)
        bars = read_chart(
            answer, symbol=self.symbol, currency=self.currency, reader=self.yahoo.reader
        )
        rows = bars.rows if since is None else bars.rows.iloc[1:]
        rows = rows[rows["observed_on"] <= pd.Timestamp(min(until, self._last_final_day()))]
        if rows.empty:
            return
        yield Batch(
            table="prices",
            rows=rows.assign(
                symbol=self.symbol, published_on=pd.Series(pd.NaT, rows.index, "datetime64[us]")
            ),
            notes=tuple(f"{self.symbol}: {note}" for note in bars.notes),
        )

    def _last_final_day(self) -> date:
        """Return the last day whose session can be over; a holiday has no row anyway."""
        return (self.yahoo.now().astimezone(ZoneInfo(self.timezone)) - SETTLED).date()
