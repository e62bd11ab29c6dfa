"""A text taken apart: sentences, and in each the clauses that its marks stand in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agent.brief.reviewing.marks import Mark

END = re.compile(r"(?<=[.!?…])[\"')\]*_]*\s+|\n+")


@dataclass
class Clause:
    """What stands between two breaks of a sentence."""

    marks: list[Mark] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Mark]:
        """Return the marks of some kinds, in order."""
        return [mark for mark in self.marks if mark.kind in kinds]

    def has(self, *kinds: str) -> bool:
        """Whether a mark of one of the kinds stands here."""
        return any(mark.kind in kinds for mark in self.marks)

    def only_names(self) -> bool:
        """Whether nothing but names stands here, as in a list."""
        return bool(self.marks) and all(mark.kind == "entity" for mark in self.marks)


@dataclass
class Sentence:
    """One sentence with its marks."""

    text: str
    clauses: list[Clause]

    def marks(self, *kinds: str) -> list[Mark]:
        """Return all marks of some kinds, in order."""
        return [mark for clause in self.clauses for mark in clause.of(*kinds)]

    def clause_of(self, mark: Mark) -> int:
        """Return the position of the clause in which a mark stands."""
        return next(at for at, clause in enumerate(self.clauses) if mark in clause.marks)


def sentences_of(text: str, marks: list[Mark]) -> Iterator[Sentence]:
    """Yield the sentences of a text, cut where no mark is cut."""
    start = 0
    for match in END.finditer(text):
        if any(mark.start < match.end() and mark.end > match.start() for mark in marks):
            continue
        yield from _sentence(text, start, match.start(), marks)
        start = match.end()
    yield from _sentence(text, start, len(text), marks)


def _sentence(text: str, start: int, end: int, marks: list[Mark]) -> Iterator[Sentence]:
    shown = text[start:end].strip()
    if not shown:
        return
    clauses = [Clause()]
    for mark in marks:
        if not start <= mark.start < end:
            continue
        if mark.kind == "break":
            clauses.append(Clause())
        else:
            clauses[-1].marks.append(mark)
    yield Sentence(shown, [clause for clause in clauses if clause.marks])
