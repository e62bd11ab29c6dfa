"""The review over a thousand mistakes in correct briefs of every market at hand, in both languages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from agent.brief.compose import write
from agent.evaluation import evaluate
from agent.evaluation.corpus import briefs_of
from tests.agent.brief.test_variety import alike
from tests.conftest import SHARED
from tests.markets import write_market
from tools.desk import Desk
from tools.sources import open_market

if TYPE_CHECKING:
    from pathlib import Path

    from agent.brains.base import ComposeRequest, Draft

MUTATIONS = 1500
ANSWERS = 60
WORDED_APART = frozenset({"brief", "rotation", "explain", "flow", "compare"})
MOST_OF_ANY, MOST_OF_ONE_KIND = 0.25, 0.5
"""Mean part of an answer's sentences that another answer may have too, and another to the same kind of question."""
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


@pytest.fixture(scope="module")
def briefs(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, ComposeRequest]]:
    """Return the correct briefs that all proofs of this file are made with."""
    return corpus(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("toy"))


@pytest.mark.proof
def test_mistakes_are_caught_and_correct_briefs_pass(
    briefs: list[tuple[str, ComposeRequest]],
) -> None:
    found = evaluate(briefs, mutations=MUTATIONS, seed=2026)
    print(found.to_markdown())
    assert found.faithfulness is not None
    assert found.faithfulness.mutations >= 1000
    assert found.passed


@pytest.mark.proof
@pytest.mark.parametrize("language", ["en", "vi"])
def test_answers_of_other_days_and_markets_are_worded_apart(
    briefs: list[tuple[str, ComposeRequest]], language: str
) -> None:
    """Names and numerals left out, few sentences of an answer stand in another one."""
    kinds: dict[str, list[Draft]] = {}
    for _, request in briefs:
        if request.language == language and request.intent in WORDED_APART:
            kinds.setdefault(request.intent, []).append(write(request))
    drafts = [draft for found in kinds.values() for draft in found][:ANSWERS]
    shares = {intent: alike(found) for intent, found in kinds.items()}
    print("| answers | n | sentences that another one has too |\n| --- | ---: | ---: |")
    print(f"| any two | {len(drafts)} | {alike(drafts):.0%} |")
    for intent, share in shares.items():
        print(f"| two of {intent} | {len(kinds[intent])} | {share:.0%} |")
    assert alike(drafts) < MOST_OF_ANY
    assert max(shares.values()) < MOST_OF_ONE_KIND
