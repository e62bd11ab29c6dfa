"""Which entities a word is said of: one, or a list of names."""

# ruff: noqa: S101
# Asserts tell the type checker what a mark of a kind holds; nothing from outside reaches them.
from __future__ import annotations

from typing import TYPE_CHECKING

from tools.contracts import MACRO_PREFIX, MARKET_ENTITY

if TYPE_CHECKING:
    from agent.brief.reviewing.binding import Bound
    from agent.brief.reviewing.marks import Mark
    from agent.brief.reviewing.sentences import Clause

CLAIMS = ("rank", "quadrant", "call", "confidence", "follow")


def listed(bound: Bound, mark: Mark) -> tuple[str, ...]:
    """Return the sectors or symbols that a word is said of: the list before it, else after it, else the subject."""
    clauses = bound.sentence.clauses
    at = bound.sentence.clause_of(mark)
    here = names_in(clauses[at])
    before = [name for name in here if name.end <= mark.start]
    if before:
        opens = before[0] is here[0] and clauses[at].marks[0] is before[0]
        return _ids([*(_list_before(clauses, at) if opens else []), *before])
    after = [name for name in here if name.start >= mark.end]
    if after:
        return _ids([*after, *_list_after(clauses, at)])
    following = _list_after(clauses, at)
    if following and not any(names_in(clause) for clause in clauses[:at]):
        return _ids(following)
    for clause in reversed(clauses[:at]):
        if names_in(clause):
            return _ids(names_in(clause)[-1:])
    if following:
        return _ids(following)
    if at + 1 < len(clauses) and names_in(clauses[at + 1]):
        return _ids(names_in(clauses[at + 1])[:1])
    subject = bound.context.subject
    return (next(iter(sorted(subject))),) if subject and subject != {MARKET_ENTITY} else ()


def names_in(clause: Clause) -> list[Mark]:
    """Return the sector and symbol names of a clause."""
    return [name for name in clause.of("entity") if _nameable(name)]


def _nameable(mark: Mark) -> bool:
    assert isinstance(mark.value, frozenset)
    return not any(one == MARKET_ENTITY or one.startswith(MACRO_PREFIX) for one in mark.value)


def _ids(marks: list[Mark]) -> tuple[str, ...]:
    return tuple(sorted(mark.value)[0] for mark in marks if isinstance(mark.value, frozenset))


def _list_before(clauses: list[Clause], at: int) -> list[Mark]:
    found: list[Mark] = []
    for clause in reversed(clauses[:at]):
        if not clause.only_names() or not names_in(clause):
            break
        found = [*names_in(clause), *found]
    return found


def _list_after(clauses: list[Clause], at: int) -> list[Mark]:
    """Return the names of the clauses that go on with a list: a name first, no claim of their own."""
    found: list[Mark] = []
    for clause in clauses[at + 1 :]:
        names = names_in(clause)
        if clause.has(*CLAIMS, "direction") or (names and len(names) > 1):
            break
        if names and clause.marks[0] is not names[0]:
            break
        if not names and not clause.has("value"):
            break
        found += names
    return found
