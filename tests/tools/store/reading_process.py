"""A reader as a process of its own: reads a history again and again, and writes down what it saw."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.tools.store.history_rows import a_market
from tools.errors import SourceDownError
from tools.store.history import HistoryStore

if TYPE_CHECKING:
    from pathlib import Path


def read_until(stop: Path, folder: Path, report: Path) -> None:
    """Read until the file `stop` is there; every read must find whole generations, never older ones again."""
    seen: list[int] = []
    while not stop.exists():
        try:
            with HistoryStore.open(folder, a_market()) as history:
                prices = history.market_data().prices
        except SourceDownError as error:
            if "no prices" not in str(error):
                raise
            continue
        assert not prices.duplicated(["symbol", "date"]).any()
        seen.append(len(prices))
    report.write_text(json.dumps(seen))
