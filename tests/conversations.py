"""The conversations shipped as cassettes: what is asked, and what a scripted server answers.

All are about `industries`, whose data ship with packages, at its last day. The scripted texts carry
slots like any model's, and some are wrong on purpose: the briefs must be right all the same.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.brains.openai import OpenAIBrain
from agent.conversation import Conversation
from agent.settings import Settings
from tests.scripted_model import MODEL, Reply, call, fail, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.brief.model import Brief

FOLDER = Path(__file__).parent.parent / "cassettes" / "conversations"
PORT = 8930
"""Part of what a cassette is matched on, so it is always the same."""
DIVIDER = "\n\n<!-- the next answer -->\n\n"
ENGLISH = "Which sectors are rotating in this month?"


@dataclass(frozen=True, kw_only=True)
class Shipped:
    """One conversation."""

    name: str
    about: str
    questions: tuple[str, ...] = (ENGLISH,)
    replies: tuple[Reply, ...] = ()
    """Empty: a real model answered."""
    limits: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """Limits of the brain, where they are not the default ones."""

    @property
    def cassette(self) -> Path:
        """Where the requests and answers are."""
        return FOLDER / f"{self.name}.yaml"

    @property
    def briefs(self) -> Path:
        """Where the briefs are that must come out."""
        return FOLDER / f"{self.name}.md"


async def no_wait(_seconds: float) -> None:
    """Wait not at all: nobody is spared by it on loopback."""


async def hold(shipped: Shipped, home: Path, base_url: str, model: str = MODEL) -> list[Brief]:
    """Ask the questions of a conversation one after the other."""
    settings = Settings(
        home=home, market="industries", brain="openai", base_url=base_url, model=model
    )
    brain = OpenAIBrain(model=model, base_url=base_url, sleep=no_wait, **shipped.limits)
    async with Conversation(settings, brain=brain) as conversation:
        return [await conversation.ask(question) for question in shipped.questions]


def held(shipped: Shipped, home: Path, base_url: str, model: str = MODEL) -> list[Brief]:
    """Ask the questions, from code that is not asynchronous."""
    return asyncio.run(hold(shipped, home, base_url, model))


def together(briefs: list[Brief]) -> str:
    """Return the Markdown of all briefs of a conversation."""
    return DIVIDER.join(brief.markdown for brief in briefs)


PLAN = call(
    ("set_intent", {"intent": "rotation", "horizon": "1M"}),
    ("get_sector_heatmap", {"period": "monthly"}),
    ("get_sector_rotation", {}),
)
PROSE = write(
    "{{name:BusEq}} led over one month, beating {{name:MARKET}} by {{BusEq.rel_return.1M|abs}}.",
    [
        "{{name:Money}} was the weakest sector over one month: it trailed {{name:MARKET}} by "
        "{{Money.rel_return.1M|abs}}. {{name:Enrgy}} lagged by {{Enrgy.rel_return.1M|abs}}.",
        "The scorecard gives {{name:BusEq}} a {{BusEq.probability.1M}} chance of beating "
        "{{name:MARKET}} over the next month.",
    ],
    [
        "The forecast range for {{name:BusEq}} runs from {{BusEq.low.1M}} to {{BusEq.high.1M}} "
        "over the next month."
    ],
    [
        "Watch the volatility of {{name:Hlth}} against the market, {{Hlth.rel_volatility.3M}} over three months."
    ],
)
PROSE_VI = write(
    "{{name:BusEq}} dẫn đầu trong một tháng, vượt {{name:MARKET}} {{BusEq.rel_return.1M|abs}}.",
    [
        "{{name:Money}} là ngành yếu nhất trong một tháng, kém {{name:MARKET}} "
        "{{Money.rel_return.1M|abs}}.",
        "Xác suất {{name:BusEq}} vượt {{name:MARKET}} trong tháng tới là {{BusEq.probability.1M}}.",
    ],
)
WHY = write(
    "{{name:Enrgy}} ranks {{Enrgy.rank.1M}}, with a {{Enrgy.probability.1M}} chance of beating "
    "{{name:MARKET}} over the next month.",
    ["In the score of {{name:Enrgy}}, price trend takes away {{Enrgy.contribution.trend.1M|abs}}."],
)
INVENTED = write(
    "{{name:BusEq}} led over one month, beating {{name:MARKET}} by 7.7%.",
    ["Analysts see another 12% by the summer."],
)
SWAPPED = write(
    "{{name:Money}} led over one month, beating {{name:MARKET}} by {{BusEq.rel_return.1M|abs}}.",
    ["{{name:BusEq}} was the weakest sector over one month."],
)

SCRIPTED: tuple[Shipped, ...] = (
    Shipped(name="english_brief", about="A full brief in English.", replies=(PLAN, PROSE)),
    Shipped(
        name="vietnamese_brief",
        about="A full brief in Vietnamese.",
        questions=("Tháng này dòng tiền đang xoay sang ngành nào?",),
        replies=(PLAN, PROSE_VI),
    ),
    Shipped(
        name="follow_up",
        about="A question and a follow-up in the same thread.",
        questions=(ENGLISH, "Why is Energy last?"),
        replies=(
            PLAN,
            PROSE,
            call(
                ("set_intent", {"intent": "explain", "sectors": ["Enrgy"]}),
                ("explain_sector", {"sector": "Enrgy", "horizon": "1M"}),
            ),
            WHY,
        ),
    ),
    Shipped(
        name="invents_a_number",
        about="The model invents numbers; the review finds them and the repair is right.",
        replies=(PLAN, INVENTED, PROSE),
    ),
    Shipped(
        name="keeps_inventing",
        about="The model invents numbers, then swaps two sectors; the deterministic text steps in.",
        replies=(PLAN, INVENTED, SWAPPED),
    ),
    Shipped(
        name="unknown_tool_and_wrong_arguments",
        about="The model calls an unknown tool, and others with wrong or broken arguments.",
        replies=(
            call(
                ("set_intent", {"intent": "rotation", "horizon": "10Y", "sectors": ["Wizardry"]}),
                ("buy_shares", {"symbol": "BusEq", "quantity": 100}),
                ("get_sector_heatmap", {"period": "hourly", "colour": "red"}),
                ("get_sector_rotation", '{"horizon": '),
            ),
            PROSE,
        ),
    ),
    Shipped(
        name="a_tool_fails",
        about="A tool refuses its arguments; its absence is named in the brief.",
        replies=(
            call(
                ("set_intent", {"intent": "rotation", "horizon": "1M"}),
                ("get_sector_heatmap", {"period": "monthly"}),
                ("get_stock_analysis", {"symbol": "NOSUCH"}),
            ),
            PROSE,
        ),
    ),
    Shipped(
        name="too_many_requests",
        about="Status 429 with Retry-After, then success.",
        replies=(fail(429, "slow down", retry_after="1"), PLAN, fail(429, retry_after="1"), PROSE),
    ),
    Shipped(
        name="server_error",
        about="Status 500 until the retries end; plan and text are the deterministic ones.",
        replies=(fail(500),) * 9,
    ),
    Shipped(
        name="cut_stream",
        about="The stream of the prose is cut in the middle, once; the second attempt is whole.",
        replies=(PLAN, Reply(text=PROSE.text, cut_after=120), PROSE),
    ),
)
WEAK = Shipped(
    name="weak_model",
    about="SmolLM2-135M-Instruct behind llama.cpp: a REAL but very weak language model.",
    limits={"max_prompt_tokens": 2400, "max_output_tokens": 220},
)
ALL = (*SCRIPTED, WEAK)
