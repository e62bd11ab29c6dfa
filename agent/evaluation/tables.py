"""The Markdown tables of an evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agent.evaluation.comparing import Change
    from agent.evaluation.faithfulness import Faithfulness, Rate
    from agent.evaluation.planning import LanguageScore, Planning
    from agent.evaluation.stability import Repeated

PLANNING_HEAD = (
    "| language | questions | right | 95 % interval | exact | recall | precision | arguments | intent "
    "| out of scope | answered | clarified | ms | slowest | tokens |",
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
)


def share(one: Rate) -> str:
    """Return a share as percent, a dash where there was nothing to count."""
    return f"{100 * one.share:.1f} %" if one.n else "–"


def interval(one: Rate) -> str:
    """Return the 95 % interval of a share."""
    return f"{100 * one.low:.1f}–{100 * one.high:.1f} %" if one.n else "–"


def faithfulness_table(found: Faithfulness) -> str:
    """Return what the review caught, by kind, language, market and form."""
    head = ["| mistakes | made | caught | share | 95 % interval |", "|---|---:|---:|---:|---:|"]
    rows = [_row("all", found.caught)]
    for group in (found.by_kind, found.by_language, found.by_market, found.by_form):
        rows += [_row(name, one) for name, one in group.items()]
    rejected = (
        f"Correct briefs: {found.rejected.n}, rejected: {found.rejected.hits} ({share(found.rejected)}, "
        f"95 % interval {interval(found.rejected)}). Seed {found.seed}."
    )
    lines = [*head, *rows, "", rejected]
    lines += [f"- missed, {m.kind}, {m.market} {m.language}: {m.after}" for m in found.misses]
    lines += [f"- rejected: {text}" for text in found.rejections]
    return "\n".join(lines)


def planning_table(found: Planning) -> str:
    """Return what was planned right, by language, by set, and on the sets never looked at."""
    lines = [f"Planner: {found.brain}", "", *PLANNING_HEAD]
    lines += [_score(language, one) for language, one in found.by_language.items()]
    for name, by_language in found.by_set.items():
        lines += [
            _score(f"{name or 'set'}, {language}", one) for language, one in by_language.items()
        ]
    lines += [_score(f"never looked at, {language}", one) for language, one in found.unseen.items()]
    if found.left_out:
        left = ", ".join(f"{market} {count}" for market, count in sorted(found.left_out.items()))
        lines += ["", f"Left out, as their market is not at hand: {left}."]
    return "\n".join(lines)


def stability_table(found: Iterable[Repeated]) -> str:
    """Return how many repeats were equal to the first."""
    lines = [
        "| asked again | repeats | same plan | same facts | same scorecard | same prose |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {one.question} | {one.repeats} | {one.plan} | {one.facts} | {one.scorecard} | {one.prose} |"
        for one in found
    ]
    return "\n".join(lines)


def change_table(found: Change) -> str:
    """Return what differs from an earlier evaluation."""
    lines = ["| measure | before | now | difference |", "|---|---:|---:|---:|"]
    lines += [
        f"| {one.name} | {_number(one.before)} | {_number(one.now)} | {_number(one.now - one.before, '+')} |"
        for one in found.measures
    ]
    lines += ["", *(f"- now wrong: {question}" for question in found.now_wrong)]
    lines += [f"- now right: {question}" for question in found.now_right]
    return "\n".join(lines).rstrip("\n")


def _number(value: float, sign: str = "") -> str:
    return f"{value:{sign}.3f}"


def _row(name: str, one: Rate) -> str:
    return f"| {name} | {one.n} | {one.hits} | {share(one)} | {interval(one)} |"


def _score(name: str, one: LanguageScore) -> str:
    after = (
        one.exact, one.recall, one.precision, one.arguments, one.intent, one.out_of_scope, one.answered,
        one.clarification,
    )  # fmt: skip
    cells = " | ".join([share(one.right), interval(one.right), *(share(rate) for rate in after)])
    times = f"{one.milliseconds:.1f} | {one.slowest:.1f} | {one.tokens:.0f}"
    return f"| {name} | {one.questions} | {cells} | {times} |"
