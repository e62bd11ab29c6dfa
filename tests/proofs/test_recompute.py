"""Every measured fact agrees with a second computation from the files, within 1e-6."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import SHARED
from tests.markets import write_market
from tests.proofs.recompute import Recomputation, agree, mismatches
from tools.contracts import Fact
from tools.facts import ENTITY_METRICS, MACRO_METRICS, WINDOW_METRICS, FactBook
from tools.sources import open_market
from tools.view import AsOfView

if TYPE_CHECKING:
    from pathlib import Path

NEVER_FOR_MARKET = (
    "rel_return", "rs_ratio", "rs_momentum", "quadrant", "momentum", "rel_drawdown", "rel_volatility",
)  # fmt: skip


def wanted(view: AsOfView, windows: tuple[str, ...], symbols: int) -> list[str]:
    """Return the ids of every measure of every sector, the market, some symbols and every series."""
    step = max(len(view.entities) // max(symbols, 1), 1)
    picked = [name for name in view.universe.index if name in view.entities][::step][:symbols]
    ids = []
    for entity in [*view.sector_codes, "MARKET", *picked]:
        for metric in ENTITY_METRICS:
            if entity == "MARKET" and metric in NEVER_FOR_MARKET:
                continue
            if entity in picked and metric == "breadth":
                continue
            periods = windows if metric in WINDOW_METRICS else (None,)
            ids += [f"{entity}.{metric}" + (f".{period}" if period else "") for period in periods]
    for series in view.vocabulary.series:
        ids += [f"MACRO.{series}.{metric}" for metric in MACRO_METRICS if metric != "change"]
        ids += [f"MACRO.{series}.change.{period}" for period in windows]
    return ids


def disagreements(
    name: str, folder: Path | str, as_of: date, windows: tuple[str, ...], symbols: int = 3
) -> tuple[list[str], int]:
    """Return where the product and the recomputation differ, missing facts included, and how many agree."""
    view = AsOfView(open_market(name), as_of)
    book, own = FactBook(view), Recomputation(folder, as_of)
    problems, n = [], 0
    for fact_id in wanted(view, windows, symbols):
        found = book.get(fact_id)
        stated = found.value if isinstance(found, Fact) else None
        n += stated is not None
        if not agree(stated, own.value(fact_id)):
            problems.append(f"{fact_id}: stated {stated}, recomputed {own.value(fact_id)}")
    return problems, n


TOYS = [
    {},
    {"proxied": True},
    {"proxied": True, "with_shares": False},
    {"with_previous_close": False},
    {"flows_days": 1},
    {"prices_days": 1, "flows_days": 2},
]


@pytest.mark.parametrize("plan", TOYS, ids=str)
def test_generated_markets(tmp_path: Path, plan: dict[str, Any]) -> None:
    folder = write_market(tmp_path / "toy", n_days=300, n_sectors=3, **plan)
    for as_of in (date(2021, 1, 12), date(2021, 6, 6), date(2022, 3, 1)):
        problems, n = disagreements(
            f"folder:{folder}", folder, as_of, ("1D", "1W", "1M", "3M", "6M", "12M")
        )
        assert problems == []
        assert n > 20


@pytest.mark.parametrize("as_of", [date(2017, 3, 31), date(1987, 11, 15), date(1950, 6, 30)])
def test_industries(as_of: date) -> None:
    problems, n = disagreements("industries", "industries", as_of, ("1M", "3M", "6M", "12M"))
    assert problems == []
    assert n > 200


REAL = [
    ("us", date(2019, 12, 31)),
    ("us", date(2016, 3, 13)),
    ("us", date(2003, 7, 4)),
    ("vn", date(2023, 12, 29)),
    ("vn", date(2019, 2, 8)),
    ("vnx", date(2020, 6, 15)),
    ("id", date(2022, 12, 30)),
]


@pytest.mark.parametrize(("market", "as_of"), REAL)
def test_real_markets(market: str, as_of: date) -> None:
    folder = SHARED / "markets" / market
    if not folder.is_dir():
        pytest.skip(f"the market folder {folder} is not on this machine")
    problems, n = disagreements(f"folder:{folder}", folder, as_of, ("1D", "1M", "3M"))
    assert problems == []
    assert n > 150


def test_a_wrong_fact_is_found(tmp_path: Path) -> None:
    folder = write_market(tmp_path / "toy", n_days=120, n_sectors=2)
    as_of = date(2021, 6, 1)
    facts, _ = FactBook(AsOfView(open_market(f"folder:{folder}"), as_of)).collect(
        ["0500.return.1M", "1500.return.1M", "0500.rs_ratio"]
    )
    stated = {fact.id: {"value": fact.value} for fact in facts}
    assert mismatches(folder, as_of, stated) == []
    stated["0500.return.1M"], stated["1500.return.1M"] = (
        stated["1500.return.1M"],
        stated["0500.return.1M"],
    )
    assert len(mismatches(folder, as_of, stated)) == 2


def test_facts_of_the_scorecard_are_passed_over(tmp_path: Path) -> None:
    folder = write_market(tmp_path / "toy", n_days=60, n_sectors=2)
    facts = {"0500.score.1M": {"value": 3.0}, "0500.contribution.trend.1M": {"value": 1.0}}
    assert mismatches(folder, date(2021, 3, 1), facts) == []
