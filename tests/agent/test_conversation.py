"""Whole questions on a small market folder: repeatable, blind to the future, kept for later."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from agent import aask
from agent.conversation import Conversation
from agent.records import list_records, load_record, replay
from agent.settings import load_settings
from tests.markets import cut_after, shuffled, write_market
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from agent.brief.model import Brief
    from agent.settings import Settings

ROOT = Path(__file__).parents[2]
AS_OF = date(2022, 3, 1)
QUESTION = "Which sectors are leading, and what are foreigners buying this month?"
VOLATILE = {"run_id", "thread_id", "ms", "seconds"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_market(tmp_path_factory.mktemp("market") / "toy")


def settings(home: Path, folder: Path, **flags: Any) -> Settings:
    return load_settings(
        {"market": f"folder:{folder}", "as_of": AS_OF, "home": home, **flags}, {}, home
    )


def stable(value: Any) -> Any:
    """Return a brief's JSON without what may differ between two runs; cached counts as ok."""
    if isinstance(value, dict):
        return {
            name: "ok" if (name, inner) == ("status", "cached") else stable(inner)
            for name, inner in value.items()
            if name not in VOLATILE
        }
    return [stable(inner) for inner in value] if isinstance(value, list) else value


def as_json(brief: Brief) -> Any:
    return stable(json.loads(brief.model_dump_json()))


async def test_the_same_question_gives_the_same_brief_byte_for_byte(
    tmp_path: Path, folder: Path
) -> None:
    first = await aask(QUESTION, settings=settings(tmp_path / "a", folder))
    second = await aask(QUESTION, settings=settings(tmp_path / "b", folder))
    assert as_json(first) == as_json(second)
    assert first.markdown == second.markdown


async def test_what_was_published_after_the_as_of_changes_nothing(
    tmp_path: Path, folder: Path
) -> None:
    before = await aask(QUESTION, settings=settings(tmp_path / "a", folder))
    blind = tmp_path / "toy"
    shutil.copytree(folder, blind)
    cut_after(blind, AS_OF.isoformat())
    shuffled(blind)
    after = await aask(QUESTION, settings=settings(tmp_path / "b", blind))
    assert as_json(before) == as_json(after)


async def test_a_brief_shows_only_facts_known_by_its_date(tmp_path: Path, folder: Path) -> None:
    brief = await aask("Give me the full brief", settings=settings(tmp_path, folder))
    assert brief.review.passed
    assert {fact.published_on <= AS_OF for fact in brief.facts.values()} == {True}
    assert {fact.observed_on <= AS_OF for fact in brief.facts.values()} == {True}


async def test_contributions_and_base_value_are_the_score(tmp_path: Path, folder: Path) -> None:
    brief = await aask("Rank the sectors", settings=settings(tmp_path, folder))
    card = brief.scorecard
    assert card is not None
    for row in card.sectors:
        total = card.base_value
        for value in row.contributions.values():
            total += value
        assert row.score == total


async def test_a_conversation_survives_a_restart_and_fetches_nothing_twice(
    tmp_path: Path, folder: Path
) -> None:
    chosen = settings(tmp_path, folder)
    async with Conversation(chosen, thread="kept") as conversation:
        first = await conversation.ask("What did foreigners buy this month?")
    async with Conversation(chosen, thread="kept") as conversation:
        history = await conversation.history()
        again = await conversation.ask("What did foreigners buy this month?")
    assert [turn.question for turn in history] == ["What did foreigners buy this month?"]
    assert {entry.status for entry in first.plan} == {"ok"}
    assert {entry.status for entry in again.plan} == {"cached"}
    assert again.usage.tool_calls == 0
    assert again.facts == first.facts


async def test_every_run_leaves_a_record_that_renders_the_same_brief_again(
    tmp_path: Path, folder: Path
) -> None:
    brief = await aask(QUESTION, settings=settings(tmp_path, folder))
    (line,) = list_records(tmp_path)
    record = load_record(tmp_path, line.run_id)
    assert line.question == QUESTION
    assert record.brief == brief
    assert replay(record) == brief.markdown


async def test_a_record_holds_no_key(tmp_path: Path, folder: Path) -> None:
    api_key = "sk-never-to-be-seen"
    chosen = settings(tmp_path, folder, api_key=api_key, brain="offline")
    await aask("What did foreigners buy this month?", settings=chosen)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if api_key.encode() in path.read_bytes()]


async def test_two_dates_are_compared_with_what_was_known_at_each(
    tmp_path: Path, folder: Path
) -> None:
    then = date(2021, 12, 1)
    both = await aask("Rank the sectors", settings=settings(tmp_path, folder), compare=then)
    alone = await aask("Rank the sectors", settings=settings(tmp_path, folder), as_of=then)
    assert then.isoformat() in both.markdown
    assert alone.scorecard is not None
    record = load_record(tmp_path, both.run_id)
    assert record.request.comparison is not None
    assert record.request.comparison.scorecard == alone.scorecard


async def test_another_as_of_never_answers_from_the_facts_of_the_first(
    tmp_path: Path, folder: Path
) -> None:
    async with Conversation(settings(tmp_path, folder)) as conversation:
        first = await conversation.ask("What did foreigners buy this month?")
        conversation.set_as_of(date(2022, 1, 4))
        second = await conversation.ask("What did foreigners buy this month?")
    assert {entry.status for entry in second.plan} == {"ok"}
    assert max(fact.observed_on for fact in second.facts.values()) <= date(2022, 1, 4)
    assert first.facts != second.facts


async def test_a_date_in_the_future_is_refused(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(UnusableInputError, match="2999"):
        await aask("Rank the sectors", settings=settings(tmp_path, folder), as_of=date(2999, 1, 1))


def test_a_conversation_that_cannot_start_ends_its_process(tmp_path: Path) -> None:
    (tmp_path / "conversations.sqlite").write_text("this is no database " * 100, encoding="utf-8")
    script = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from agent import aask\n"
        "from agent.settings import load_settings\n"
        "settings = load_settings({'home': sys.argv[1]}, {}, Path(sys.argv[1]))\n"
        "asyncio.run(aask('Rank the sectors', settings=settings))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1


def test_threads_and_processes_never_change_a_byte(tmp_path: Path, folder: Path) -> None:
    one, two = (answer_with(threads, tmp_path / threads, folder) for threads in ("1", "2"))
    assert one == two


def answer_with(threads: str, home: Path, folder: Path) -> Any:
    command = [sys.executable, "chat.py", QUESTION, "--market", f"folder:{folder}"]
    ended = subprocess.run(
        [*command, "--as-of", AS_OF.isoformat(), "--json"],
        cwd=ROOT,
        env={
            **os.environ,
            "SECTORVANE_HOME": str(home),
            "OMP_NUM_THREADS": threads,
            "OPENBLAS_NUM_THREADS": threads,
            "PYTHONHASHSEED": threads,
        },
        capture_output=True,
        timeout=120,
        check=True,
    )
    return stable(json.loads(ended.stdout))
