"""The evaluations as one report: tables for people, JSON for machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from agent.evaluation.comparing import SCHEMA, Change
from agent.evaluation.faithfulness import Faithfulness, run
from agent.evaluation.planning import Planning
from agent.evaluation.stability import Repeated
from agent.evaluation.tables import (
    change_table,
    faithfulness_table,
    planning_table,
    stability_table,
)
from tools.contracts import Frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.brains.base import ComposeRequest

LEAST_CAUGHT = 0.99
MOST_REJECTED = 0.01
LEAST_SHARE = 0.15
"""Of each kind among all mutations."""


class Evaluation(Frozen):
    """What was measured."""

    faithfulness: Faithfulness | None = None
    planning: Planning | None = None
    stability: tuple[Repeated, ...] = ()
    change: Change | None = None
    """Against an earlier evaluation."""

    @property
    def passed(self) -> bool:
        """Whether the review kept its promise and every repeat was the same."""
        found = self.faithfulness
        if not all(one.same for one in self.stability):
            return False
        return found is None or (
            all(one.share >= LEAST_CAUGHT for one in found.by_kind.values())
            and found.rejected.share < MOST_REJECTED
            and all(one.n >= LEAST_SHARE * found.mutations for one in found.by_kind.values())
        )

    def to_json(self) -> str:
        """Return the report as JSON."""
        body = {"schema": SCHEMA, **self.model_dump(mode="json")}
        return json.dumps(body, ensure_ascii=False, indent=2) + "\n"

    def to_markdown(self) -> str:
        """Return the report as Markdown tables."""
        parts = []
        if self.faithfulness is not None:
            parts.append(faithfulness_table(self.faithfulness))
        if self.planning is not None:
            parts.append(planning_table(self.planning))
        if self.stability:
            parts.append(stability_table(self.stability))
        if self.change is not None:
            parts.append(change_table(self.change))
        return "\n\n".join(parts) + "\n"


def evaluate(
    briefs: Sequence[tuple[str, ComposeRequest]],
    *,
    mutations: int = 1000,
    seed: int = 0,
    planning: Planning | None = None,
    stability: tuple[Repeated, ...] = (),
) -> Evaluation:
    """Measure the review on correct briefs, beside what was measured of a planner.

    Parameters
    ----------
    briefs
        Rendered briefs with the requests they were made from, for example of :func:`agent.evaluation.corpus.briefs_of`.
    mutations
        Mistakes to make in all, as many of each kind.
    seed
        Of the choice of mistakes.
    planning
        What :func:`agent.evaluation.planning.run` measured, to be shown beside it.
    stability
        What :func:`agent.evaluation.stability.repeat` measured.
    """
    found = run(briefs, mutations, seed) if briefs else None
    return Evaluation(faithfulness=found, planning=planning, stability=stability)
