"""What was not yet published changes no tool's answer, and neither does the order of the rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from tests.markets import cut_after, shuffled, write_market
from tools import CATALOGUE
from tools.desk import Desk
from tools.sources import open_market

if TYPE_CHECKING:
    from pathlib import Path

    from tools.contracts import ToolResult

MEASURED = ("tools.market", "tools.macro", "tools.flows", "tools.stocks", "tools.research")
CALLS: dict[str, dict[str, Any]] = {
    "get_market_overview": {"timeframe": "1M"},
    "get_sector_heatmap": {"period": "weekly", "benchmark": "EN1"},
    "get_macro_indicators": {"indicator_list": ["CPI", "RATE", "OIL", "PMI", "FEAR"]},
    "get_foreign_flow": {"timeframe": "1W", "sector": "0500"},
    "get_whale_activity": {"timeframe": "1W"},
    "get_stock_analysis": {"symbol": "MA2"},
    "get_data_health": {},
    "search_instruments": {"query": "share"},
}
AS_OF = date(2022, 3, 16)


def answers(folder: Path, as_of: date = AS_OF) -> dict[str, ToolResult]:
    desk = Desk(open_market(f"folder:{folder}"), as_of)
    entries = [entry for entry in CATALOGUE if entry.module in MEASURED]
    return {entry.name: entry.load()(desk, **CALLS[entry.name]) for entry in entries}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_market(tmp_path_factory.mktemp("whole") / "toy")


@pytest.fixture(scope="module")
def known(whole: Path) -> dict[str, ToolResult]:
    return answers(whole)


def test_every_measuring_tool_is_asked(known: dict[str, ToolResult]) -> None:
    assert set(known) == set(CALLS)
    assert all(result.facts or name == "search_instruments" for name, result in known.items())


def test_nothing_that_is_said_was_published_later(known: dict[str, ToolResult]) -> None:
    for result in known.values():
        for fact in result.facts:
            assert fact.published_on <= AS_OF, fact
            assert fact.observed_on <= AS_OF, fact


def test_deleting_the_future_changes_nothing(tmp_path: Path, known: dict[str, ToolResult]) -> None:
    folder = write_market(tmp_path / "toy")
    cut_after(folder, AS_OF.isoformat())
    assert answers(folder) == known


def test_changing_the_future_changes_nothing(tmp_path: Path, known: dict[str, ToolResult]) -> None:
    folder = write_market(tmp_path / "toy")
    for name, columns in {
        "prices": ["close", "open", "high", "low", "volume", "value"],
        "flows": ["foreign_buy_value"],
        "macro": ["value"],
    }.items():
        table = pd.read_parquet(folder / f"{name}.parquet")
        stamp = "published_on" if "published_on" in table else "date"
        later = table[stamp] > pd.Timestamp(AS_OF)
        table.loc[later, columns] = table.loc[later, columns] * 1.37
        table.to_parquet(folder / f"{name}.parquet", index=False)
    assert answers(folder) == known


def test_the_order_of_the_rows_changes_nothing(
    tmp_path: Path, known: dict[str, ToolResult]
) -> None:
    folder = write_market(tmp_path / "toy")
    shuffled(folder)
    assert answers(folder) == known


def test_a_later_day_does_change_the_answers(whole: Path, known: dict[str, ToolResult]) -> None:
    later = answers(whole, AS_OF + timedelta(days=30))
    changed = {name for name, result in later.items() if result.facts != known[name].facts}
    assert changed == set(CALLS) - {"search_instruments"}
