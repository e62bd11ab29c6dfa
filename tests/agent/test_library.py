"""The library's front door, with the examples that the README shows, run as they stand there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from agent import Brief, aask, ask, astream
from agent.settings import Settings
from tests.conftest import ROOT, clean_environment
from tests.markets import write_market
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path

QUESTION = "Which sectors are rotating in?"
RUN = """
import json, sys
for name, code in json.loads(sys.argv[1]):
    print(f"=== {name}", flush=True)
    exec(compile(code, name, "exec"), {"__name__": "__main__"})
"""
EXAMPLES = {
    "three lines": """
from agent import ask

brief = ask("Which sectors are rotating in?", market="demo")
print(brief.markdown)
print(brief.scorecard.sectors[0].probability)
""",
    "asynchronous": """
import asyncio

from agent import aask


async def both():
    return await asyncio.gather(
        aask("Which sectors lead?", market="demo"),
        aask("How would a rate hike hit the sectors?", market="demo"),
    )


for brief in asyncio.run(both()):
    print(brief.intent, [gap.what for gap in brief.gaps])
""",
    "streaming": """
import asyncio

from agent import astream


async def watch():
    async for step in astream("Which sectors are rotating in?", market="demo"):
        if step.brief is None:
            print(step.event, step.details.get("tool", ""))
        else:
            print(step.brief.markdown)


asyncio.run(watch())
""",
    "a conversation": """
from agent import ask

first = ask("Which sectors are rotating in?", market="demo", lang="vi")
second = ask("Vì sao?", market="demo", thread=first.thread_id)
print(second.markdown)
""",
}


def in_the_readme() -> dict[str, str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    return {f"README {i}": block for i, block in enumerate(blocks) if "from agent import" in block}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Make settings of a small market and a home whose model is trained once."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "home").mkdir()
    market = f"folder:{write_market(folder / 'toy')}"
    return Settings(home=folder / "home", market=market, brain="offline")


def test_every_example_runs_as_it_stands(settings: Settings, tmp_path: Path) -> None:
    """Only the market is another, so that none has to be made first; one process runs them all."""
    examples = {code.strip(): name for name, code in {**EXAMPLES, **in_the_readme()}.items()}
    programs = [
        [name, code.replace('market="demo"', f"market={settings.market!r}")]
        for code, name in examples.items()
    ]
    done = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(programs)],
        env={
            **clean_environment(),
            "SECTORVANE_HOME": str(settings.home),
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "utf-8",
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    said = dict(part.split("\n", 1) for part in done.stdout.split("=== ")[1:])
    assert list(said) == list(examples.values())
    assert all(text.strip() for text in said.values())


class TestAsking:
    def test_the_answer_is_the_typed_brief(self, settings: Settings) -> None:
        brief = ask(QUESTION, settings=settings)
        assert isinstance(brief, Brief)
        assert Brief.model_validate_json(brief.model_dump_json()) == brief

    async def test_in_a_running_event_loop_it_answers_too(self, settings: Settings) -> None:
        assert ask("Hello!", settings=settings).intent == "smalltalk"

    async def test_the_twin_answers_the_same(self, settings: Settings) -> None:
        one, other = ask(QUESTION, settings=settings), await aask(QUESTION, settings=settings)
        own: Any = {"run_id", "thread_id", "usage", "plan"}
        assert one.model_dump(exclude=own) == other.model_dump(exclude=own)

    @pytest.mark.parametrize("option", ["as_of", "compare"])
    def test_a_day_may_be_written(self, settings: Settings, option: str) -> None:
        wanted: Any = {option: "2022-06-01"}
        brief = ask("Which sectors lead?", settings=settings, **wanted)
        assert brief.market.as_of.isoformat() == "2022-06-01" or option == "compare"

    @pytest.mark.parametrize("option", ["as_of", "compare"])
    def test_a_day_written_otherwise_is_refused(self, settings: Settings, option: str) -> None:
        wanted: Any = {option: "1 June"}
        with pytest.raises(UnusableInputError, match="YYYY-MM-DD"):
            ask("Which sectors lead?", settings=settings, **wanted)


class TestStreaming:
    async def test_the_steps_come_in_order_and_the_brief_last(self, settings: Settings) -> None:
        heard: list[str] = []
        steps = [
            step
            async for step in astream(
                QUESTION, settings=settings, progress=lambda event, _: heard.append(event)
            )
        ]
        events = [step.event for step in steps]
        assert events[-1] == "brief"
        assert steps[-1].brief is not None
        assert all(step.brief is None for step in steps[:-1])
        assert events.index("plan") < events.index("call") < events.index("compose")
        assert heard == events[:-1]

    async def test_what_goes_wrong_is_raised_where_the_steps_are_read(
        self, settings: Settings
    ) -> None:
        with pytest.raises(UnusableInputError):
            [step async for step in astream(QUESTION, settings=settings, as_of="1800-01-01")]

    async def test_leaving_early_gives_the_question_up(self, settings: Settings) -> None:
        steps = astream("What if oil jumps?", settings=settings)
        assert (await anext(steps)).event
        await steps.aclose()  # type: ignore[attr-defined]
        assert (await aask("Hello!", settings=settings)).intent == "smalltalk"
