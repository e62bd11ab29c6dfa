"""The evaluations as one report: tables for people, JSON for machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from agent.evaluation.faithfulness import Faithfulness, run
from agent.evaluation.planning import Planning
from tools.contracts import Frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.brains.base import ComposeRequest
    from agent.evaluation.faithfulness import Rate

LEAST_CAUGHT = 0.99
MOST_REJECTED = 0.01
LEAST_SHARE = 0.15
"""Of each kind among all mutations."""


class Evaluation(Frozen):
    """What was measured."""

    faithfulness: Faithfulness | None = None
    planning: Planning | None = None

    @property
    def passed(self) -> bool:
        """Whether the review kept its promise."""
        found = self.faithfulness
        return found is None or (
            all(one.share >= LEAST_CAUGHT for one in found.by_kind.values())
            and found.rejected.share < MOST_REJECTED
            and all(one.n >= LEAST_SHARE * found.mutations for one in found.by_kind.values())
        )

    def to_json(self) -> str:
        """Return the report as JSON."""
        body = {"schema": "sectorvane.eval/1", **self.model_dump(mode="json")}
        return json.dumps(body, ensure_ascii=False, indent=2) + "\n"

    def to_markdown(self) -> str:
        """Return the report as Markdown tables."""
        parts = []
        if self.faithfulness is not None:
            parts.append(_faithfulness(self.faithfulness))
        if self.planning is not None:
            parts.append(_planning(self.planning))
        return "\n\n".join(parts) + "\n"


def evaluate(
    briefs: Sequence[tuple[str, ComposeRequest]],
    *,
    mutations: int = 1000,
    seed: int = 0,
    planning: Planning | None = None,
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
    """
    found = run(briefs, mutations, seed) if briefs else None
    return Evaluation(faithfulness=found, planning=planning)


def _share(one: Rate) -> str:
    return f"{100 * one.share:.1f} %" if one.n else "–"


def _row(name: str, one: Rate) -> str:
    return f"| {name} | {one.n} | {one.hits} | {_share(one)} | {100 * one.low:.1f}–{100 * one.high:.1f} % |"


def _faithfulness(found: Faithfulness) -> str:
    head = ["| mistakes | made | caught | share | 95 % interval |", "|---|---:|---:|---:|---:|"]
    rows = [_row("all", found.caught)]
    for group in (found.by_kind, found.by_language, found.by_market, found.by_form):
        rows += [_row(name, one) for name, one in group.items()]
    rejected = (
        f"Correct briefs: {found.rejected.n}, rejected: {found.rejected.hits} ({_share(found.rejected)}, "
        f"95 % interval {100 * found.rejected.low:.1f}–{100 * found.rejected.high:.1f} %). Seed {found.seed}."
    )
    lines = [*head, *rows, "", rejected]
    lines += [f"- missed, {m.kind}, {m.market} {m.language}: {m.after}" for m in found.misses]
    lines += [f"- rejected: {text}" for text in found.rejections]
    return "\n".join(lines)


def _planning(found: Planning) -> str:
    head = [
        f"Planner: {found.brain}",
        "",
        "| language | questions | right | exact | recall | precision | arguments | intent | scope | ms |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    rows = []
    for language, one in found.by_language.items():
        shares = (
            one.right,
            one.exact,
            one.recall,
            one.precision,
            one.arguments,
            one.intent,
            one.out_of_scope,
        )
        cells = " | ".join(_share(share) for share in shares)
        rows.append(f"| {language} | {one.questions} | {cells} | {one.milliseconds:.1f} |")
    return "\n".join([*head, *rows])
