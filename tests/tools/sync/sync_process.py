"""A sync of the loopback market as a process of its own, which a test may kill.

Told the address, the home, how many shares, how many batches a share, and the day.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.tools.sync.bar_provider import BarMarket
from tools.store.history import HistoryStore
from tools.sync.run import Sync


def main(url: str, home: str, n_shares: str, n_batches: str, day: str) -> dict[str, float]:
    """Sync and return what it took."""
    live = BarMarket(url, int(n_shares), int(n_batches))
    when = datetime.fromisoformat(f"{day}T11:00:00").replace(tzinfo=UTC)
    started = time.monotonic()
    with HistoryStore.at(Path(home), live.market, write=True) as store:
        report = Sync(live, store, Path(home), now=lambda: when).run()
    return {
        "seconds": time.monotonic() - started,
        "processor_seconds": time.process_time(),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "new": sum(feed.n_new for feed in report.feeds if feed.table == "prices"),
        "failed": sum(feed.status != "ok" for feed in report.feeds),
        "resumed": report.n_resumed,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])) + "\n")
