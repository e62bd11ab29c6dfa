"""Review: the draft against the facts; one repair, then the deterministic text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from agent.brief.model import Review
from agent.nodes.compose import compose_request
from agent.state import RunState

if TYPE_CHECKING:
    from langgraph.runtime import Runtime

    from agent.brains.base import ComposeRequest, Draft
    from agent.context import RunContext

MAX_REPAIRS = 1


async def review(state: RunState, runtime: Runtime[RunContext]) -> RunState:
    """Check the draft and what it renders to."""
    context, draft = runtime.context, state["draft"]
    request = compose_request(state, context)
    problems = find_problems(draft, request)
    before = state.get("review") or Review()
    context.progress("review", {"problems": list(problems)})
    if not problems:
        return {"problems": (), "review": before.model_copy(update={"passed": True})}
    seen = tuple(dict.fromkeys((*before.problems, *problems)))
    if (
        context.brain.model is not None
        and before.repairs < MAX_REPAIRS
        and not state.get("compose_gaps")
    ):
        return {
            "problems": problems,
            "review": Review(passed=False, repairs=before.repairs + 1, problems=seen),
        }
    plain = await context.fallback.compose(request)
    return {
        "draft": plain,
        "problems": (),
        "review": Review(
            passed=not find_problems(plain, request),
            repairs=before.repairs,
            fallback=True,
            problems=seen,
        ),
    }


def find_problems(draft: Draft, request: ComposeRequest) -> tuple[str, ...]:
    """Return what is wrong with a draft: first with its slots, then with what they render to."""
    from agent.brief.markdown import render
    from agent.brief.review import review_draft, review_markdown

    return review_draft(draft, request) or review_markdown(render(request, draft), request)


def after_review(state: RunState) -> Literal["compose", "answer"]:
    """Repair once, else answer."""
    return "compose" if state["problems"] else "answer"
