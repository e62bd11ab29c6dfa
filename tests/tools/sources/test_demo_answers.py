"""The simulated market at the front door: chosen by name and seed, and said to be simulated in every form."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from agent.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli

QUESTION = "Which sectors are rotating in, and what are foreigners buying this month?"
DAY = "2026-10-30"


def test_a_seed_chooses_another_simulated_market(tmp_path: Path) -> None:
    assert load_settings({"market": "demo", "seed": 3}, {}, tmp_path).market == "demo:3"
    assert load_settings({"seed": 3}, {}, tmp_path).market == "demo:3"
    assert load_settings({"market": "demo"}, {}, tmp_path).market == "demo"
    assert load_settings({"market": "industries", "seed": 3}, {}, tmp_path).market == "industries"


def test_an_answer_says_simulated_passes_review_and_lacks_nothing(cli: Cli) -> None:
    finished = cli(QUESTION, "--market", "demo", "--as-of", DAY, "--json")
    assert finished.returncode == 0, finished.stderr
    brief = json.loads(finished.stdout)
    assert brief["market"]["simulated"]
    assert "SIMULATED" in brief["markdown"]
    assert brief["review"] == {"passed": True, "repairs": 0, "fallback": False, "problems": []}
    assert brief["gaps"] == []
    assert {call["status"] for call in brief["plan"]} == {"ok"}
    metrics = {fact["metric"] for fact in brief["facts"].values()}
    assert {"foreign_net_value", "rs_ratio", "breadth", "rel_return"} <= metrics


@pytest.mark.parametrize(
    ("question", "metric"),
    [
        ("Any unusual large trading this week?", "whale_ratio"),
        ("How are CPI, PMI and the exchange rate?", "latest"),
        ("Analyse LLZC", "drawdown"),
    ],
)
def test_every_tool_has_something_to_say(cli: Cli, question: str, metric: str) -> None:
    finished = cli(question, "--market", "demo", "--as-of", DAY, "--json")
    brief = json.loads(finished.stdout)
    assert metric in {fact["metric"] for fact in brief["facts"].values()}
    assert "SIMULATED" in brief["markdown"]
    assert brief["review"]["passed"]
