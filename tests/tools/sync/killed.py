"""Syncs that are killed at random points, and what must hold of the history after each."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from tests.tools.sync.bar_provider import BarMarket, bar_server, bars_of, symbols
from tests.tools.sync.sync_process import main
from tools.errors import SourceDownError
from tools.store.history import HistoryStore
from tools.store.mending import problems_of

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from tests.tools.sync.bar_provider import BarServer

FIRST_SYNC = date(2017, 3, 1)
N_BATCHES = 4


class KilledSyncs:
    """Kills syncs of one home and looks the history through after each.

    Parameters
    ----------
    server, home
        The provider, and where the history is kept.
    n_shares
        Of the market.
    seed
        Of the moments.
    """

    def __init__(self, server: BarServer, home: Path, n_shares: int, seed: int) -> None:
        self._server, self._home, self._n_shares = server, home, n_shares
        self._live = BarMarket(server.url, n_shares, N_BATCHES)
        self._rng = np.random.default_rng(seed)
        self._day = FIRST_SYNC
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(["tests.tools.sync.sync_process"])
        self.found: Counter[str] = Counter()
        """What the kills found the sync doing, and how the history was found."""

    def kill_one(self) -> None:
        """Start syncs until one is killed; one that gets through is followed by the sync of a week later."""
        while True:
            before = len(self._server.asked)
            process = self._start()
            if self._rng.random() < 0.3:
                # Around the end, where a generation is published.
                self._await(process, before + self._n_shares)
                moment = "publishing"
            else:
                self._await(process, before + int(self._rng.integers(0, self._n_shares)))
                moment = "storing"
            time.sleep(self._rng.uniform(0, 0.06))
            alive = process.is_alive()
            process.kill()
            process.join()
            self.look_through()
            if alive:
                self.found[moment] += 1
                return
            self.found["came through"] += 1
            self._day += timedelta(days=7)

    def _start(self) -> BaseProcess:
        told = (self._server.url, str(self._home), str(self._n_shares), str(N_BATCHES))
        process = self._processes.Process(target=main, args=(*told, self._day.isoformat()))
        process.start()
        return process

    def _await(self, process: BaseProcess, n_asked: int) -> None:
        deadline = time.monotonic() + 60
        while process.is_alive() and len(self._server.asked) < n_asked:
            assert time.monotonic() < deadline
            time.sleep(0.002)

    def look_through(self) -> None:
        """See that the history opens for reading and for writing, and holds every bar once up to each mark."""
        try:
            with HistoryStore.at(self._home, self._live.market) as history:
                history.market_data()
            self.found["readable"] += 1
        except SourceDownError as error:
            if "no prices on this machine yet" not in str(error):
                raise
            self.found["not yet published"] += 1
        with HistoryStore.at(self._home, self._live.market, write=True) as store:
            assert problems_of(store.db) == []
            rows = store.db.execute(
                "select n.name, count(*), count(distinct observed_on), max(observed_on), sum(close) "
                "from prices p join names n on n.id = p.symbol group by n.name"
            ).fetchall()
            for name, n_rows, n_days, last, total in rows:
                assert store.progress(f"Loopback/prices/{name}") == last
                bars = bars_of(name)
                n_expected = int(
                    np.searchsorted(
                        np.array(bars["t"], "datetime64[D]"), np.datetime64(last), side="right"
                    )
                )
                assert (n_rows, n_days) == (n_expected, n_expected)
                assert abs(total - sum(bars["c"][:n_expected])) < 1e-6 * total

    def finish(self) -> int:
        """Let a last sync through, and return how many bars there are; every share has all of them."""
        process = self._start()
        process.join(120)
        assert process.exitcode == 0
        self.look_through()
        with HistoryStore.at(self._home, self._live.market) as history:
            prices = history.market_data().prices
        days = np.array(bars_of("AAA")["t"], "datetime64[D]")
        n_days = int(np.searchsorted(days, np.datetime64(self._day), side="right"))
        counts = prices.groupby("symbol", observed=True).size()
        assert counts.to_dict() == dict.fromkeys(symbols(self._n_shares), n_days)
        assert "published_on" not in prices
        return len(prices)


def kill_syncs(home: Path, *, n_kills: int, n_shares: int, seed: int) -> tuple[Counter[str], int]:
    """Kill so many syncs, let one through, and return what was found and how many bars there are."""
    with bar_server() as server:
        syncs = KilledSyncs(server, home, n_shares, seed)
        for _ in range(n_kills):
            syncs.kill_one()
        return syncs.found, syncs.finish()
