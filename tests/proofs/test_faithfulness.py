"""The review over a thousand mistakes in correct briefs of every market at hand, in both languages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from agent.evaluation import evaluate
from agent.evaluation.corpus import briefs_of
from tests.conftest import SHARED
from tests.markets import write_market
from tools.desk import Desk
from tools.sources import open_market

if TYPE_CHECKING:
    from pathlib import Path

    from agent.brains.base import ComposeRequest

MUTATIONS = 1500
DATES = {
    "us": (date(2003, 4, 30), date(2008, 10, 10), date(2013, 8, 16), date(2019, 6, 28)),
    "id": (date(2020, 9, 30), date(2021, 3, 15), date(2022, 5, 20), date(2022, 12, 30)),
    "vn": (date(2019, 11, 29), date(2021, 7, 30), date(2023, 6, 30)),
    "vnx": (date(2020, 12, 31), date(2022, 9, 30), date(2023, 12, 29)),
}
DEMO = (date(2019, 5, 31), date(2023, 8, 22), date(2026, 9, 30))
SIMULATED = (date(2024, 6, 28), date(2026, 3, 31))
INDUSTRIES = (date(1974, 9, 30), date(1999, 12, 31), date(2010, 5, 31))


def corpus(home: Path, toy: Path) -> list[tuple[str, ComposeRequest]]:
    """Return correct briefs: of the shipped markets, a made-up one, and the shared folders where they are."""
    desks = [Desk(open_market("industries"), day, home) for day in INDUSTRIES]
    desks += [Desk(open_market("demo"), day, home) for day in SIMULATED]
    simulated = open_market("demo")
    desks += [Desk(simulated, day, home) for day in DEMO]
    desks.append(Desk(open_market(f"folder:{write_market(toy)}"), date(2022, 3, 31), home))
    for name, days in DATES.items():
        folder = SHARED / "markets" / name
        if folder.is_dir():
            market = open_market(f"folder:{folder}")
            desks += [Desk(market, day, home) for day in days]
    return [(brief.markdown, brief.request) for desk in desks for brief in briefs_of(desk)]


@pytest.mark.proof
def test_mistakes_are_caught_and_correct_briefs_pass(tmp_path: Path) -> None:
    found = evaluate(corpus(tmp_path / "home", tmp_path / "toy"), mutations=MUTATIONS, seed=2026)
    print(found.to_markdown())
    assert found.faithfulness is not None
    assert found.faithfulness.mutations >= 1000
    assert found.passed
