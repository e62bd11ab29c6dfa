"""How many mistakes the review catches, and how many correct briefs it rejects."""

from __future__ import annotations

import random
from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING

from agent.brief.review import review_markdown
from agent.evaluation.mutations import KINDS, mutate
from tools.contracts import Frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.brains.base import ComposeRequest
    from agent.evaluation.mutations import Mutation

MOST_MISSES = 20
Z = 1.959963984540054


class Rate(Frozen):
    """A share with its 95 % Wilson interval."""

    hits: int
    n: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share itself; 0 where there is nothing to count."""
        return self.hits / self.n if self.n else 0.0


class Miss(Frozen):
    """A mistake that passed the review."""

    kind: str
    form: str
    market: str
    language: str
    before: str
    after: str


class Faithfulness(Frozen):
    """What the review let through and what it rejected."""

    mutations: int
    briefs: int
    caught: Rate
    by_kind: dict[str, Rate]
    by_language: dict[str, Rate]
    by_market: dict[str, Rate]
    by_form: dict[str, Rate]
    rejected: Rate
    """Correct briefs that were rejected."""
    misses: tuple[Miss, ...]
    rejections: tuple[str, ...]
    seed: int


def rate(hits: int, n: int) -> Rate:
    """Return a share with its Wilson interval."""
    if n == 0:
        return Rate(hits=0, n=0, low=0.0, high=1.0)
    p = hits / n
    centre = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * sqrt(p * (1 - p) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return Rate(hits=hits, n=n, low=max(0.0, centre - half), high=min(1.0, centre + half))


def run(briefs: Sequence[tuple[str, ComposeRequest]], n: int = 1000, seed: int = 0) -> Faithfulness:
    """Make `n` mistakes in correct briefs, as many of each kind, and review them all.

    Parameters
    ----------
    briefs
        Rendered briefs with the requests they were made from.
    n
        Mistakes in all.
    seed
        Of the choice of brief, way and place.
    """
    draw = random.Random(seed)  # noqa: S311 - guards no secret
    tally = _Tally()
    order = list(range(len(briefs)))
    at, idle = 0, 0
    while tally.n < n and idle < len(briefs) * len(KINDS):
        if at % len(order) == 0:
            draw.shuffle(order)
        markdown, request = briefs[order[at % len(order)]]
        mutation = mutate(markdown, request, KINDS[at % len(KINDS)], draw)
        at += 1
        idle = 0 if mutation is not None else idle + 1
        if mutation is not None:
            caught = bool(review_markdown(mutation.markdown, request))
            tally.add(mutation, request, caught=caught)
    rejections = [
        f"{request.market.id} {request.language} {request.intent}: {problems[0]}"
        for markdown, request in briefs
        if (problems := review_markdown(markdown, request))
    ]
    return tally.report(len(briefs), rejections, seed)


class _Tally:
    """Counts mistakes made and caught."""

    def __init__(self) -> None:
        self.n = 0
        self.made: Counter[tuple[str, str]] = Counter()
        self.caught: Counter[tuple[str, str]] = Counter()
        self.misses: list[Miss] = []

    def add(self, mutation: Mutation, request: ComposeRequest, *, caught: bool) -> None:
        self.n += 1
        for key in (
            ("all", ""), ("kind", mutation.kind), ("form", mutation.form),
            ("language", request.language), ("market", request.market.id),
        ):  # fmt: skip
            self.made[key] += 1
            self.caught[key] += caught
        if not caught:
            self.misses.append(
                Miss(
                    kind=mutation.kind,
                    form=mutation.form,
                    market=request.market.id,
                    language=request.language,
                    before=mutation.before,
                    after=mutation.after,
                )
            )

    def _rates(self, group: str) -> dict[str, Rate]:
        return {
            name: rate(self.caught[group, name], n)
            for (kind, name), n in sorted(self.made.items())
            if kind == group
        }

    def report(self, briefs: int, rejections: list[str], seed: int) -> Faithfulness:
        return Faithfulness(
            mutations=self.n,
            briefs=briefs,
            caught=self._rates("all").get("", rate(0, 0)),
            by_kind=self._rates("kind"),
            by_language=self._rates("language"),
            by_market=self._rates("market"),
            by_form=self._rates("form"),
            rejected=rate(len(rejections), briefs),
            misses=tuple(self.misses[:MOST_MISSES]),
            rejections=tuple(rejections[:MOST_MISSES]),
            seed=seed,
        )
