"""Macro series as they were known: newest value, changes, growth over a year and surprise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from tools.contracts import MACRO_PREFIX, Fact, Frozen, Gap, ToolResult
from tools.errors import ToolInputError
from tools.names import nearest

if TYPE_CHECKING:
    from tools.desk import Desk

_NEAR = 60.0
"""Similarity out of 100 from which a series is worth suggesting in place of an unknown one."""

AskedIndicators = Annotated[
    list[str],
    Field(
        description="Names of the series or their aliases, e.g. CPI, PMI, FED_RATE, InterestRate.",
        max_length=50,
    ),
]


class AskedSeries(Frozen):
    """One name asked for and the series it means here."""

    asked: str
    series: str


class MacroIndicators(ToolResult):
    """The series asked for, as known at the as-of."""

    series: tuple[AskedSeries, ...]


def get_macro_indicators(desk: Desk, *, indicator_list: AskedIndicators) -> MacroIndicators:
    """Newest value, changes, growth over a year and surprise of each macro series asked for."""
    asked = [name.strip() for name in indicator_list if name.strip()]
    if not asked:
        raise ToolInputError(f"Name at least one series. {_what_exists(desk)}")
    facts: dict[str, Fact] = {}
    gaps: list[Gap] = []
    understood: list[AskedSeries] = []
    for name in dict.fromkeys(asked):
        # Aliases are often written in one word: "interest rate" means InterestRate.
        series = desk.facts.series(name) or desk.facts.series(name.replace(" ", ""))
        if series is None:
            gaps.append(_unknown(desk, name))
            continue
        understood.append(AskedSeries(asked=name, series=series))
        if f"{MACRO_PREFIX}{series}.latest" not in facts:
            found, missing = _readings(desk, series)
            facts.update({fact.id: fact for fact in found})
            gaps.extend(missing)
    return MacroIndicators(
        tool="get_macro_indicators",
        market=desk.stamp,
        facts=tuple(facts.values()),
        gaps=tuple(dict.fromkeys(gaps)),
        notes=tuple(
            f"{row.asked} is read as the series {row.series}."
            for row in understood
            if row.asked.casefold() != row.series.casefold()
        ),
        series=tuple(understood),
    )


def _readings(desk: Desk, series: str) -> tuple[tuple[Fact, ...], tuple[Gap, ...]]:
    """Return what is known of one series: yearly growth of an index, a surprise if there is one."""
    entity = f"{MACRO_PREFIX}{series}"
    wanted = [f"{entity}.latest", f"{entity}.change.1M", f"{entity}.change.3M"]
    latest = desk.facts.get(wanted[0])
    if isinstance(latest, Gap):
        return (), (latest,)
    if latest.unit == "index":
        wanted.append(f"{entity}.yoy")
    facts, gaps = desk.facts.collect(wanted)
    surprise = desk.facts.get(f"{entity}.surprise")
    return (facts if isinstance(surprise, Gap) else (*facts, surprise)), gaps


def _unknown(desk: Desk, name: str) -> Gap:
    known = (*desk.vocabulary.series, *desk.vocabulary.series_aliases)
    near = ", ".join(nearest(name, known, at_least=_NEAR)) or f"none. {_what_exists(desk)}"
    return Gap(
        what=name,
        why=f"{name} is not available here, nearest: {near}".removesuffix("."),
        effect="the answer leaves it out; no other series stands in for it",
    )


def _what_exists(desk: Desk) -> str:
    series = ", ".join(desk.vocabulary.series)
    return f"This market has {series}." if series else "This market has no macro series."
