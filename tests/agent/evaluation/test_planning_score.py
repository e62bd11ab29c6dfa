"""Scoring plans against a question set."""

# Sentences under test are kept whole; a seeded generator guards no secret.
from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from agent.brains.base import PlanDraft, PlannedCall, PlanRequest, Turn
from agent.evaluation.planning import run
from agent.evaluation.questions import Question, read_questions, same_arguments
from agent.evaluation.report import Evaluation
from tests.agent.brief.review_facts import vocabulary
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path


class FixedPlans:
    """A brain that answers each question with a plan given beforehand."""

    name = "fixed"
    model = None

    def __init__(self, plans: dict[str, PlanDraft]) -> None:
        self.plans = plans
        self.histories: list[tuple[Turn, ...]] = []

    async def plan(self, request: PlanRequest, *, progress: object = None) -> PlanDraft:
        self.histories.append(request.history)
        return self.plans[request.question]

    async def compose(self, *_: object, **__: object) -> None:
        raise NotImplementedError


def request_for(question: Question, turns: tuple[Turn, ...]) -> PlanRequest:
    return PlanRequest(
        question=question.question,
        vocabulary=vocabulary(),
        tools=(),
        history=turns,
        as_of=date(2022, 6, 30),
    )


def question(
    text: str, calls: list[dict[str, object]], intent: str = "flow", **more: object
) -> Question:
    expected = {"intent": intent, "calls": calls}
    return Question.model_validate(
        {"question": text, "language": "en", "market": "made", "expected": expected, **more}
    )


FLOW: dict[str, object] = {
    "tool": "get_foreign_flow",
    "arguments": {"timeframe": "1W", "sector": "40"},
}


def plan(*calls: PlannedCall, intent: str = "flow") -> PlanDraft:
    return PlanDraft.model_validate({"intent": intent, "calls": calls})


def call(**arguments: object) -> PlannedCall:
    return PlannedCall(tool="get_foreign_flow", arguments=arguments)


async def test_right_wrong_and_refused_plans_are_counted_apart() -> None:
    questions = [
        question("right", [FLOW]),
        question("wrong sector", [FLOW]),
        question("one of two", [{"any": [FLOW, {"tool": "get_sector_heatmap", "arguments": {}}]}]),
        question("buy it", [], "out_of_scope"),
        question("too many", [FLOW]),
    ]
    right = call(timeframe="1W", sector="40")
    extra = tuple(PlannedCall(tool=f"get_{n}") for n in range(3))
    brain = FixedPlans(
        {
            "right": plan(right),
            "wrong sector": plan(call(timeframe="1W", sector="45")),
            "one of two": plan(
                PlannedCall(tool="get_sector_heatmap", arguments={"period": "weekly"})
            ),
            "buy it": plan(intent="out_of_scope"),
            "too many": plan(right, *extra),
        }
    )
    found = (await run(questions, brain, request_for)).by_language["en"]  # type: ignore[arg-type]
    assert (found.right.hits, found.right.n) == (3, 5)
    assert found.arguments.hits == 3
    assert found.recall.share == 1.0
    assert found.out_of_scope.share == 1.0


async def test_earlier_questions_are_planned_first_and_remembered() -> None:
    brain = FixedPlans(
        {"before": plan(call(timeframe="1W", sector="40")), "and now?": plan(call(timeframe="1M"))}
    )
    asked = question("and now?", [FLOW], history=("before",))
    found = await run([asked], brain, request_for)  # type: ignore[arg-type]
    assert [turn.question for turn in brain.histories[-1]] == ["before"]
    assert found.failures[0].question == "and now?"
    assert "| en | 1 |" in Evaluation(planning=found).to_markdown()


@pytest.mark.parametrize(
    ("wanted", "planned", "same"),
    [
        ({"sector": None}, {}, True),
        ({"sector": None}, {"sector": "40"}, False),
        ({"indicator_list": ["CPI", "PMI"]}, {"indicator_list": ["PMI", "CPI"]}, True),
        ({"indicator_list": ["CPI"]}, {"indicator_list": "CPI"}, False),
        ({}, {"timeframe": "1W"}, True),
    ],
)
def test_only_written_arguments_are_compared(
    wanted: dict[str, object], planned: dict[str, object], same: bool
) -> None:
    assert same_arguments(wanted, planned) is same


def test_a_line_that_is_no_question_is_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('\n{"question": 1}\n', encoding="utf-8")
    with pytest.raises(UnusableInputError, match="line 2"):
        read_questions(path)
