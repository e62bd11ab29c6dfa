"""Whether the same question gets the same brief each time it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.contracts import Frozen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from agent.brief.model import Brief

ASKED = (
    "Which sectors are rotating in this month?",
    "How is the market today?",
    "Rank the sectors for next month.",
    "Ngành nào dẫn dắt thị trường tháng này?",
    "Thị trường hôm nay thế nào?",
    "Cho tôi báo cáo toàn cảnh thị trường",
)
"""Questions every market can answer, in both languages."""


class Repeated(Frozen):
    """One question asked several times; each count is of repeats equal to the first."""

    question: str
    repeats: int
    plan: int
    facts: int
    scorecard: int
    prose: int

    @property
    def same(self) -> bool:
        """Whether nothing but prose differed in any repeat."""
        return self.plan == self.facts == self.scorecard == self.repeats


async def repeat(
    ask: Callable[[str], Awaitable[Brief]], repeats: int, questions: Sequence[str] = ASKED
) -> tuple[Repeated, ...]:
    """Ask each question so many times, each in a new conversation, and compare with the first.

    Parameters
    ----------
    ask
        Answers a question in a conversation of its own.
    repeats
        How often each question is asked.
    questions
        What is asked.
    """
    found = []
    for question in questions:
        seen = [_parts(await ask(question)) for _ in range(repeats)]
        equal = {name: sum(one[name] == seen[0][name] for one in seen) for name in seen[0]}
        found.append(Repeated(question=question, repeats=repeats, **equal))
    return tuple(found)


def _parts(brief: Brief) -> dict[str, Any]:
    body = brief.model_dump(mode="json")
    return {
        "plan": [(entry["tool"], entry["arguments"]) for entry in body["plan"]],
        "facts": body["facts"],
        "scorecard": body["scorecard"],
        "prose": body["markdown"],
    }
