"""The review catches mistakes and lets correct briefs through: the small version of the proof."""

# Sentences under test are kept whole; a seeded generator guards no secret.
from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from agent.brief.compose import write
from agent.brief.markdown import render
from agent.evaluation import evaluate
from agent.evaluation.faithfulness import rate, run
from tests.agent.brief.review_facts import invented

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest

INTENTS = (
    "brief",
    "rotation",
    "compare",
    "flow",
    "whale",
    "macro",
    "stock",
    "explain",
    "portfolio",
)


def invented_briefs(seeds: range) -> list[tuple[str, ComposeRequest]]:
    """Return briefs of every intent in both languages, over invented facts."""
    found = []
    for seed in seeds:
        for language in ("en", "vi"):
            for intent in INTENTS:
                request = invented(
                    seed, language, intent,  # type: ignore[arg-type]
                    sectors=("40", "45") if intent in {"compare", "explain"} else (),
                    symbols=("AAB",) if intent == "stock" else (),
                )  # fmt: skip
                found.append((render(request, write(request)), request))
    return found


def test_of_three_hundred_mistakes_ninety_nine_in_a_hundred_are_caught() -> None:
    found = run(invented_briefs(range(3)), 300, seed=11)
    assert found.mutations == 300
    assert found.caught.share >= 0.99, found.misses
    assert found.rejected.hits == 0, found.rejections
    assert all(one.n >= 45 for one in found.by_kind.values())
    assert set(found.by_language) == {"en", "vi"}


def test_the_report_is_a_table_and_json() -> None:
    found = evaluate(invented_briefs(range(1)), mutations=25, seed=2)
    assert "| values swapped |" in found.to_markdown()
    body = json.loads(found.to_json())
    assert body["schema"] == "sectorvane.eval/1"
    assert body["faithfulness"]["mutations"] == 25


def test_without_briefs_nothing_is_measured_and_nothing_fails() -> None:
    assert evaluate([]).passed
    assert evaluate([]).to_markdown() == "\n"


def test_a_review_that_rejects_what_is_right_does_not_pass() -> None:
    (page, request), *_ = invented_briefs(range(1))
    broken = page.replace("%", "‰", 1)
    found = evaluate([(broken, request)], mutations=5)
    assert not found.passed
    assert "rejected" in found.to_markdown()


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"), [(0, 0, 0.0, 1.0), (10, 10, 0.722, 1.0), (50, 100, 0.404, 0.596)]
)
def test_intervals_are_wilsons(hits: int, n: int, low: float, high: float) -> None:
    found = rate(hits, n)
    assert found.low == pytest.approx(low, abs=1e-3)
    assert found.high == pytest.approx(high, abs=1e-3)
