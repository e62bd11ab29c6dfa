"""Whole answers on the markets at hand: every fact recomputed from the files, every sum checked, the future cut off."""

from __future__ import annotations

import asyncio
import json
import shutil
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from agent.conversation import Conversation
from agent.settings import load_settings
from tests.conftest import SHARED
from tests.markets import cut_after
from tests.proofs.numerals import unexplained
from tests.proofs.recompute import mismatches
from tools.sources.demo import DEFAULT_SEED, export_folder

if TYPE_CHECKING:
    from pathlib import Path

    from agent.brief.model import Brief

QUESTIONS = (
    "Which sectors are leading, and what are foreigners buying this month?",
    "Cho tôi bản tin tổng hợp thị trường",
    "Any unusual trading this week?",
    "What happens to my sectors if rates rise 200bp?",
    "Back-test a momentum strategy over 3 years",
    "How good have your forecasts been?",
)
DATES = {
    "us": (date(1999, 6, 30), date(2003, 2, 14), date(2008, 10, 10), date(2018, 7, 2), date(2020, 3, 1)),
    "id": (date(2020, 3, 20), date(2021, 6, 30), date(2022, 12, 30)),
    "vn": (date(2018, 3, 1), date(2020, 11, 15), date(2023, 12, 29)),
    "vnx": (date(2019, 1, 10), date(2021, 7, 1), date(2023, 12, 29)),
    "demo": (date(2021, 6, 15), date(2026, 9, 30)),
    "industries": (date(1955, 5, 5), date(1990, 12, 31), date(2017, 3, 31)),
}  # fmt: skip
CUT = {
    "us": date(2008, 10, 10),
    "id": date(2021, 6, 30),
    "vn": date(2020, 11, 15),
    "vnx": date(2021, 7, 1),
}
SHIPPED = ("demo", "industries")
VOLATILE = ("run_id", "thread_id")


class Checked(NamedTuple):
    """What one market's answers showed."""

    market: str
    answers: int
    facts: int
    wrong_facts: int
    broken_sums: int
    unexplained: int
    refused: int


def path_of(market: str) -> str:
    return market if market in SHIPPED else f"folder:{SHARED / 'markets' / market}"


def files_of(market: str, home: Path) -> str | Path:
    """Return what facts are recomputed from."""
    if market == "demo":
        return export_folder(home.parent / "files of demo", DEFAULT_SEED, max(DATES["demo"]))
    return market if market == "industries" else SHARED / "markets" / market


async def answers(market: str, day: date, home: Path) -> list[tuple[Brief, Any]]:
    flags = {"market": market, "as_of": day, "home": home}
    found = []
    async with Conversation(load_settings(flags, {}, home)) as conversation:
        for question in QUESTIONS:
            brief = await conversation.ask(question)
            assert conversation.record is not None
            found.append((brief, conversation.record.request))
    return found


def broken_sums(brief: Brief) -> int:
    card = brief.scorecard
    if card is None:
        return 0
    return sum(
        abs(card.base_value + sum(row.contributions.values()) - row.score) > 1e-12
        for row in card.sectors
    )


def check(market: str, home: Path) -> Checked:
    files = files_of(market, home)
    total = Checked(market, 0, 0, 0, 0, 0, 0)
    for day in DATES[market]:
        for brief, request in asyncio.run(answers(path_of(market), day, home)):
            facts = json.loads(brief.model_dump_json())["facts"]
            total = total._replace(
                answers=total.answers + 1,
                facts=total.facts + len(facts),
                wrong_facts=total.wrong_facts + len(list(mismatches(files, day, facts))),
                broken_sums=total.broken_sums + broken_sums(brief),
                unexplained=total.unexplained + len(unexplained(brief.markdown, request)),
                refused=total.refused + (not brief.review.passed or brief.review.fallback),
            )
    return total


@pytest.mark.proof
def test_every_fact_of_every_answer_agrees_with_the_files(tmp_path: Path) -> None:
    markets = [name for name in DATES if name in SHIPPED or (SHARED / "markets" / name).is_dir()]
    print(
        "| market | answers | facts | wrong facts | broken sums | unexplained numerals | refused |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|")
    found = [check(market, tmp_path / "home") for market in markets]
    for row in found:
        print("|", " | ".join(str(value) for value in row), "|")
    assert all(row[3:] == (0, 0, 0, 0) for row in found)


def stable(brief: Brief) -> Any:
    found = json.loads(brief.model_dump_json(exclude={*VOLATILE}))
    found["usage"].pop("seconds")
    for entry in found["plan"]:
        entry.pop("ms")
    return found


@pytest.mark.proof
def test_cutting_off_the_future_changes_no_answer(tmp_path: Path) -> None:
    markets = [name for name in CUT if (SHARED / "markets" / name).is_dir()]
    if not markets:
        pytest.skip(f"there are no market folders under {SHARED.name}")
    print("| market | as of | answers | that differ without the later rows |")
    print("|---|---|---:|---:|")
    different = 0
    for market in markets:
        copy = tmp_path / market
        shutil.copytree(SHARED / "markets" / market, copy)
        for path in (copy, *copy.iterdir()):
            path.chmod(0o755)
        cut_after(copy, CUT[market].isoformat())
        whole = asyncio.run(answers(path_of(market), CUT[market], tmp_path / "whole"))
        blind = asyncio.run(answers(f"folder:{copy}", CUT[market], tmp_path / "blind"))
        pairs = zip(whole, blind, strict=True)
        changed = sum(stable(one) != stable(other) for (one, _), (other, _) in pairs)
        print("|", market, "|", CUT[market], "|", len(whole), "|", changed, "|")
        different += changed
    assert different == 0
