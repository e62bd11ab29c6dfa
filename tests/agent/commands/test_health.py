"""``sectorvane health`` as a reader sees it: one line a feed, what is wrong with it, and what tools can answer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from agent.commands.market import as_markdown, health
from agent.settings import load_settings
from tests.markets import write_market
from tools import CATALOGUE
from tools.desk import Desk
from tools.research import get_data_health
from tools.sources import open_market
from tools.sources.base import FeedReport
from tools.view import check_as_of

if TYPE_CHECKING:
    from pathlib import Path

LATER = date(2026, 1, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_market(tmp_path / "toy", n_days=300, with_signals=True)


def desk(folder: Path, *reports: FeedReport) -> Desk:
    data = replace(open_market(f"folder:{folder}"), feed_reports=reports)
    return Desk(data, check_as_of(data, None, LATER))


def test_a_market_that_is_well_says_so_and_lists_every_feed(folder: Path) -> None:
    page = as_markdown(get_data_health(desk(folder)))
    assert "No feed fails its checks." in page
    for feed in ("prices", "flows", "macro", "signals"):
        assert f"| {feed} | fresh |" in page
    assert "| feed | gaps | jumps | flat lines | repeated days | unit changes |" in page


def test_every_tool_of_the_market_has_a_coverage(folder: Path) -> None:
    audit = get_data_health(desk(folder))
    covered = {row.tool for row in audit.coverage}
    unlisted = {"explain_sector", "get_data_health", "get_signal_card"}
    assert covered == {entry.name for entry in CATALOGUE} - unlisted
    assert all(0 <= row.answerable <= row.of for row in audit.coverage)
    assert "| get_sector_heatmap | 5 of 5 sectors | 100% |" in as_markdown(audit)


def test_a_failing_feed_is_marked_and_its_irregularities_counted(folder: Path) -> None:
    path = folder / "flows.parquet"
    rows = pd.read_parquet(path)
    last = rows["date"] == rows["date"].max()
    rows.loc[last, ["foreign_buy_value", "foreign_sell_value"]] /= 1000
    rows.to_parquet(path, index=False)
    page = as_markdown(get_data_health(desk(folder)))
    assert "Failing their checks, and lowering confidence: flows." in page
    assert "| flows | failing |" in page
    assert "| unit_change | MARKET |" in page
    assert "- Missing: recent foreign flow: the flow feed fails its checks" in page


def test_the_last_sync_is_shown_by_provider(folder: Path) -> None:
    report = FeedReport(
        feed_key="acme/prices/A", provider="Acme", table="prices", status="failed",
        message="Acme did not answer in time", finished_at=datetime(2021, 6, 1, tzinfo=UTC),
    )  # fmt: skip
    page = as_markdown(get_data_health(desk(folder, report)))
    assert "## Last sync" in page
    assert "| Acme | prices | 2021-06-01 | 0 | 1 | 0 |" in page
    assert "Acme did not answer in time" in page


def test_json_holds_the_same_audit(
    folder: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load_settings({"market": f"folder:{folder}", "home": home}, {}, home)
    assert health(settings, as_json=True) == 0
    audit = json.loads(capsys.readouterr().out)
    assert next(iter(audit.items())) == ("schema", "sectorvane.health/1")
    assert audit["feeds"][0]["feed"] == "prices"
    assert audit["feeds"][0]["expected_last"]
    facts = {fact["id"]: fact["value"] for fact in audit["facts"]}
    assert facts["MARKET.quarantined_prices"] == audit["feeds"][0]["quarantined"]
    assert facts["MARKET.coverage_get_sector_heatmap"] == 1.0
