"""A small market and rows for its history."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tools.sources.base import Market
from tools.sources.feeds import Batch

if TYPE_CHECKING:
    from tools.store.history import HistoryStore

HEARD = datetime(2024, 6, 28, 11, tzinfo=UTC)


def a_market(**changes: Any) -> Market:
    settings: dict[str, Any] = {
        "id": "toy",
        "name": "Toy market",
        "currency": "VND",
        "timezone": "Asia/Ho_Chi_Minh",
        "benchmark": "",
        "sector_scheme": "toy",
        "simulated": False,
        "source": "generated for tests",
        "storage_key": "toy",
    }
    return Market(**{**settings, **changes})


def sectors() -> Batch:
    rows = pd.DataFrame({"sector": ["0500", "8300"], "name": ["Oil & Gas", "Banks"]})
    return Batch(table="sectors", rows=rows.assign(name_vi=["Dầu khí", "Ngân hàng"], proxy=""))


def universe(*symbols: str) -> Batch:
    names = symbols or ("AAA", "BBB", "CCC")
    rows = pd.DataFrame({"symbol": names, "name": [f"{name} Corp" for name in names]})
    codes = ["0500" if place % 2 else "8300" for place in range(len(names))]
    return Batch(table="universe", rows=rows.assign(sector=codes, kind="stock", industry=""))


def bars(symbol: str, first: str = "2024-01-01", n_days: int = 20, **changes: Any) -> Batch:
    """Return bars of one symbol; keyword arguments replace whole columns."""
    moves, volumes = np.random.default_rng(sum(map(ord, symbol))).normal(0, 1, (5000, 2))[:n_days].T
    close = np.round(20 * np.exp(np.cumsum(0.01 * moves)), 2)
    rows = pd.DataFrame(
        {
            "symbol": symbol,
            "observed_on": pd.bdate_range(first, periods=n_days),
            "open": close,
            "high": close + 0.5,
            "low": close - 0.5,
            "close": close,
            "volume": np.round(np.exp(10 + volumes)),
        }
    )
    return Batch(table="prices", rows=rows.assign(**changes))


def fill(store: HistoryStore, *batches: Batch, heard: datetime = HEARD) -> None:
    """Append sectors, universe and batches, each as its own feed."""
    for batch in (sectors(), universe(), *batches):
        key = "/".join(("toy", batch.table, str(batch.rows.iloc[0, 0])))
        store.append(batch, feed_key=key, retrieved_at=heard)


def day(text: str) -> date:
    return date.fromisoformat(text)
