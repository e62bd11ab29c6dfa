"""A run that its limits stop gives the best brief it can, and says which limit it was."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from agent.conversation import Conversation
from agent.settings import load_settings
from tests.agent.harness import HONEST
from tests.agent.test_graph import SIX
from tests.fakes import ScriptedBrain
from tests.markets import write_market

if TYPE_CHECKING:
    from pathlib import Path

    from agent.brief.model import Brief

QUESTION = "Give me the full brief"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_market(tmp_path_factory.mktemp("market") / "toy", n_days=150, n_sectors=3)


async def limited(home: Path, folder: Path, brain: Any = None, **limits: float) -> Brief:
    flags = {"market": f"folder:{folder}", "as_of": date(2021, 7, 1), "home": home, **limits}
    async with Conversation(load_settings(flags, {}, home), brain=brain) as conversation:
        return await conversation.ask(QUESTION)


async def test_a_run_without_time_answers_and_says_that_its_time_was_over(
    tmp_path: Path, folder: Path
) -> None:
    brief = await limited(tmp_path, folder, max_seconds=1e-6)
    assert brief.review.passed
    assert brief.markdown.strip()
    lost = [entry for entry in brief.plan if entry.status == "failed"]
    why = {gap.why for gap in brief.gaps}
    assert not lost or "the time limit of this run left the tool no time" in why


async def test_a_run_without_money_is_answered_by_the_deterministic_brain(
    tmp_path: Path, folder: Path
) -> None:
    brain = ScriptedBrain([SIX], [HONEST])
    brain.usd_per_call = 0.01  # type: ignore[attr-defined]
    brief = await limited(tmp_path, folder, brain, max_usd=0.001)
    assert (brain.asked, brain.composed) == ([], [])
    assert brief.usage.model_calls == 0
    assert brief.review.passed
    assert brief.scorecard is not None
    assert any("0.001 USD" in gap.why for gap in brief.gaps)


async def test_a_run_whose_money_ends_after_the_plan_keeps_the_models_plan(
    tmp_path: Path, folder: Path
) -> None:
    plan = SIX.model_copy(update={"model_calls": 1})
    brain = ScriptedBrain([plan], [HONEST])
    brain.usd_per_call = 0.01  # type: ignore[attr-defined]
    brief = await limited(tmp_path, folder, brain, max_usd=0.015)
    assert len(brain.asked) == 1
    assert brain.composed == []
    assert brief.usage.usd == 0.01
    assert any("prose" in gap.what for gap in brief.gaps)
