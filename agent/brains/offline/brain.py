"""The brain that needs no model: rules over notions, and a small linear model that votes beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brains.offline.planner import plan_question

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest, Draft, PlanDraft, PlanRequest, Progress

__all__ = ["OfflineBrain"]


class OfflineBrain:
    """Plans by lexicon and rules, narrates by template; deterministic, and not a language model."""

    name = "offline"
    model: str | None = None

    async def plan(self, request: PlanRequest, *, progress: Progress | None = None) -> PlanDraft:
        """Propose the tool calls that answer a question, or an early exit."""
        draft = plan_question(request)
        if progress is not None:
            progress("planned", {"intent": draft.intent, "calls": len(draft.calls)})
        return draft

    async def compose(
        self,
        request: ComposeRequest,
        *,
        problems: tuple[str, ...] = (),
        progress: Progress | None = None,
    ) -> Draft:
        """Write the prose from templates; being made of slots it has nothing to repair."""
        del problems, progress
        # Imported here: the templates are not needed to plan.
        from agent.brief.compose import write

        return write(request)
