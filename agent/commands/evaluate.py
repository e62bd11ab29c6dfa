"""``sectorvane eval``: mistakes made on purpose in correct briefs, plans of question sets, and repeats."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from agent.commands.desk import open_desk
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path

    from agent.brief.model import Brief
    from agent.evaluation.planning import Planning
    from agent.evaluation.questions import Question
    from agent.evaluation.stability import Repeated
    from agent.settings import Settings
    from tools.desk import Desk


class Evaluating(NamedTuple):
    """What is measured."""

    mutations: int = 1000
    """Mistakes to make in correct briefs; 0 leaves the review out."""
    questions: Path | None = None
    """A question set in JSONL, or a folder of them; None leaves the planner out."""
    as_json: bool = False
    repeats: int = 0
    """How often the same questions are asked; 0 leaves the repeats out."""
    against: Path | None = None
    """An earlier evaluation in JSON to compare with."""


def evaluate(settings: Settings, wanted: Evaluating) -> int:
    """Print how often the review catches what is false, how often plans are right, and what repeats differ."""
    from agent.evaluation import evaluate as measure
    from agent.evaluation.comparing import compare, read_evaluation
    from agent.evaluation.corpus import briefs_of

    if not (wanted.mutations or wanted.questions or wanted.repeats):
        raise UnusableInputError(
            "something to measure", "nothing", "Give --mutations, --questions or --repeats."
        )
    earlier = read_evaluation(wanted.against) if wanted.against else None
    questions = _questions(wanted.questions)
    desk = open_desk(settings)
    planning = asyncio.run(_planning(settings, desk, questions)) if questions else None
    repeats = asyncio.run(_repeats(settings, wanted.repeats)) if wanted.repeats else ()
    briefs = [(one.markdown, one.request) for one in briefs_of(desk)] if wanted.mutations else []
    report = measure(
        briefs,
        mutations=wanted.mutations,
        seed=settings.seed or 0,
        planning=planning,
        stability=repeats,
    )
    if earlier is not None:
        change = compare(earlier, report.model_dump(mode="json"))
        report = report.model_copy(update={"change": change})
    sys.stdout.write(report.to_json() if wanted.as_json else report.to_markdown())
    return 0 if report.passed else 1


def _questions(path: Path | None) -> tuple[Question, ...]:
    if path is None:
        return ()
    from agent.evaluation.questions import read_sets

    try:
        return read_sets(path)
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableInputError(
            "a question set in JSONL", f"{str(path)!r}, which cannot be read", "Change --questions."
        ) from error


async def _planning(settings: Settings, desk: Desk, questions: tuple[Question, ...]) -> Planning:
    from agent.brains.offline import OfflineBrain
    from agent.conversation import make_brain
    from agent.evaluation.planning import run
    from agent.evaluation.rooms import Rooms

    rooms = Rooms(desk, settings.market, settings.horizon)
    held = await rooms.open(question.market for question in questions)
    asked = [question for question in questions if question.market in held]
    left_out = Counter(question.market for question in questions if question.market not in held)
    if not asked:
        markets = ", ".join(sorted(left_out))
        raise UnusableInputError(
            f"questions about {desk.stamp.id}", f"a set about {markets}", "Change --market."
        )
    found = await run(asked, make_brain(settings, OfflineBrain()), rooms.request_for, rooms.settle)
    return found.model_copy(update={"left_out": dict(left_out)})


async def _repeats(settings: Settings, repeats: int) -> tuple[Repeated, ...]:
    from agent.conversation import Conversation
    from agent.evaluation.stability import repeat

    async def ask(question: str) -> Brief:
        async with Conversation(settings) as conversation:
            return await conversation.ask(question)

    return await repeat(ask, repeats)
