"""``sectorvane eval``: mistakes made on purpose in correct briefs, and plans of a question set."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

from agent.commands.desk import open_desk
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path

    from agent.brains.base import PlanRequest, Turn
    from agent.evaluation.planning import Planning, Question
    from agent.settings import Settings
    from tools.desk import Desk


class Evaluating(NamedTuple):
    """What is measured."""

    mutations: int = 1000
    """Mistakes to make in correct briefs; 0 leaves the review out."""
    questions: Path | None = None
    """A question set in JSONL; None leaves the planner out."""
    as_json: bool = False


def evaluate(settings: Settings, wanted: Evaluating) -> int:
    """Print how often the review catches what is false, and how often the brain plans right."""
    from agent.evaluation import evaluate as measure
    from agent.evaluation.corpus import briefs_of

    if not wanted.mutations and wanted.questions is None:
        raise UnusableInputError(
            "something to measure", "nothing", "Give --mutations or --questions."
        )
    questions = _questions(wanted.questions)
    desk = open_desk(settings)
    planning = asyncio.run(_planning(settings, desk, questions)) if questions else None
    briefs = [(one.markdown, one.request) for one in briefs_of(desk)] if wanted.mutations else []
    report = measure(briefs, mutations=wanted.mutations, seed=settings.seed or 0, planning=planning)
    sys.stdout.write(report.to_json() if wanted.as_json else report.to_markdown())
    return 0 if report.passed else 1


def _questions(path: Path | None) -> tuple[Question, ...]:
    if path is None:
        return ()
    from agent.evaluation.planning import read_questions

    try:
        return read_questions(path)
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableInputError(
            "a question set in JSONL", f"{str(path)!r}, which cannot be read", "Change --questions."
        ) from error


async def _planning(settings: Settings, desk: Desk, questions: tuple[Question, ...]) -> Planning:
    from agent.brains.base import PlanRequest
    from agent.brains.offline import OfflineBrain
    from agent.conversation import make_brain
    from agent.evaluation.planning import run
    from agent.toolbox import Toolbox
    from tools.mcp_server import build_server

    asked = [question for question in questions if question.market == desk.stamp.id]
    if not asked:
        markets = ", ".join(sorted({question.market for question in questions}))
        raise UnusableInputError(
            f"questions about {desk.stamp.id}", f"a set about {markets}", "Change --market."
        )
    async with Toolbox([build_server(desk)], clock=time.monotonic) as toolbox:
        specs = toolbox.specs

    def request_for(question: Question, turns: tuple[Turn, ...]) -> PlanRequest:
        return PlanRequest(
            question=question.question,
            vocabulary=desk.vocabulary,
            tools=specs,
            history=turns,
            as_of=desk.as_of,
            horizon=settings.horizon,
        )

    return await run(asked, make_brain(settings, OfflineBrain()), request_for)
