"""A provider of daily bars over HTTP on this machine, and feeds that speak to it.

It serves JSON arrays a share, as charting servers do, and may be told to fail: by status, by a cut body, after a
number of answers. Bars are a function of the share and the day alone, so that whoever asks twice gets the same.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd

from tools.errors import SourceDownError
from tools.sources.base import Market
from tools.sources.feeds import Batch, Quota
from tools.sources.http import Fetcher

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from tools.sources.feeds import Feed

PROVIDER = "Loopback"
FIRST_DAY = "2016-07-01"
N_SECTORS = 19


@lru_cache
def _days() -> np.ndarray:
    return pd.bdate_range(FIRST_DAY, periods=2520).to_numpy().astype("datetime64[D]")


@lru_cache(maxsize=64)
def bars_of(symbol: str) -> dict[str, list[Any]]:
    """Return every bar of a share, by field, as the server writes them."""
    rng = np.random.default_rng(sum(place * ord(c) for place, c in enumerate(symbol, 7)))
    n_days = len(_days())
    close = np.round(30 * np.exp(np.cumsum(rng.normal(0, 0.015, n_days))), 2) + 0.05
    opened = np.round(close * (1 + rng.normal(0, 0.005, n_days)), 2)
    span = np.round(close * np.abs(rng.normal(0, 0.01, n_days)), 2)
    volume = np.round(rng.lognormal(12, 0.6, n_days), -2) + 100
    return {
        "t": [str(day) for day in _days()],
        "o": np.round(opened, 2).tolist(),
        "h": np.round(np.maximum(opened, close) + span, 2).tolist(),
        "l": np.round(np.minimum(opened, close) * 0.995, 2).tolist(),
        "c": np.round(close, 2).tolist(),
        "v": volume.tolist(),
        "value": np.round(volume * close * 1000).tolist(),
    }


def body_of(symbol: str, since: str, until: str) -> bytes:
    """Return the answer for a share: its bars after one day, up to another."""
    first, last = np.searchsorted(_days(), np.array([since, until], "datetime64[D]"), side="right")
    part = {name: values[first:last] for name, values in bars_of(symbol).items()}
    return json.dumps({"symbol": symbol, **part}).encode()


@dataclass
class Trouble:
    """What the server does instead of answering well."""

    statuses: Mapping[str, int] = field(default_factory=dict)
    """Share → status that is always answered for it."""
    headers: Mapping[str, str] = field(default_factory=dict)
    refused_after: int | None = None
    """How many good answers are given before 429."""


@dataclass
class BarServer:
    """A running provider."""

    url: str
    trouble: Trouble
    asked: list[str] = field(default_factory=list)
    """Share and span of every request, in order."""


class _Server(ThreadingHTTPServer):
    """Does not mind who hangs up: a killed sync does."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing."""


@contextmanager
def bar_server(
    trouble: Trouble | None = None, *, whole: Mapping[str, bytes] | None = None
) -> Iterator[BarServer]:
    """Serve bars on a free port of this machine; `whole` holds answers made beforehand."""
    running = BarServer("", trouble or Trouble())
    made = whole or {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            query = {
                name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()
            }
            symbol, since = query["symbol"], query["since"]
            running.asked.append(f"{symbol} {since}")
            told = running.trouble
            status = told.statuses.get(symbol, 200)
            if told.refused_after is not None and len(running.asked) > told.refused_after:
                status = 429
            body = b"no"
            if status == 200:
                body = made.get(symbol) or body_of(symbol, since, query["until"])
            self.send_response(status)
            for name, value in told.headers.items() if status != 200 else ():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = _Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    running.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True)
class BarFeed:
    """The bars of one share, in as many batches as wanted."""

    symbol: str
    fetcher: Fetcher
    n_batches: int = 1
    provider: str = PROVIDER

    @property
    def key(self) -> str:
        """Name the share."""
        return f"{self.provider}/prices/{self.symbol}"

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:
        """Ask the server, oldest days first."""
        asked = {"symbol": self.symbol, "since": str(since or "1970-01-01"), "until": str(until)}
        answer: Any = self.fetcher.json("bars", asked)
        try:
            rows = _rows(answer)
        except (KeyError, ValueError) as error:
            raise SourceDownError(f"{self.provider} gave no usable answer.") from error
        for part in np.array_split(np.arange(len(rows)), self.n_batches):
            yield Batch(table="prices", rows=rows.iloc[part])


def _rows(answer: Any) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "symbol": answer["symbol"],
            "observed_on": pd.to_datetime(answer["t"], format="%Y-%m-%d"),
            "open": answer["o"],
            "high": answer["h"],
            "low": answer["l"],
            "close": answer["c"],
            "volume": answer["v"],
            "value": answer["value"],
        }
    )


@dataclass(frozen=True)
class NamesFeed:
    """Sectors and shares; needs no server."""

    table: Any
    rows: pd.DataFrame
    provider: str = PROVIDER

    @property
    def key(self) -> str:
        """Name the table."""
        return f"{self.provider}/{self.table}/all"

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:
        """Bring all of it."""
        yield Batch(table=self.table, rows=self.rows)


def symbols(n_shares: int) -> list[str]:
    """Return invented tickers."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return [
        letters[n // 676 % 26] + letters[n // 26 % 26] + letters[n % 26] for n in range(n_shares)
    ]


@dataclass(frozen=True)
class BarMarket:
    """A live market whose shares are known once its universe is stored."""

    url: str
    n_shares: int = 6
    n_batches: int = 1
    quotas: Mapping[str, Quota] = field(default_factory=dict)
    attempts: int = 1

    @property
    def market(self) -> Market:
        """Its settings."""
        return Market(
            id="bars",
            name="Loopback market",
            currency="VND",
            timezone="Asia/Ho_Chi_Minh",
            benchmark="",
            sector_scheme="none",
            simulated=False,
            source="a server on this machine",
            storage_key="bars",
        )

    def feeds(self, universe: pd.DataFrame | None) -> Sequence[Feed]:
        """List the names, and the bars of the shares that are known."""
        codes = [f"{100 * (place + 1):04d}" for place in range(N_SECTORS)]
        listed = symbols(self.n_shares)
        sectors = pd.DataFrame({"sector": codes, "name": [f"Sector {code}" for code in codes]})
        shares = pd.DataFrame({"symbol": listed, "name": listed, "kind": "stock"})
        shares["sector"] = [codes[place % N_SECTORS] for place in range(self.n_shares)]
        names: list[Feed] = [NamesFeed("sectors", sectors), NamesFeed("universe", shares)]
        if universe is None:
            return names
        fetcher = Fetcher(PROVIDER, self.url, attempts=self.attempts, timeout_seconds=20)
        return [*names, *(BarFeed(symbol, fetcher, self.n_batches) for symbol in universe.index)]
