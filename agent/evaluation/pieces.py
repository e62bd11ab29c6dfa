"""The places of a rendered brief where a mistake can be made: sentences, table cells, numerals, names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.brief.slots import render_value

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest
    from tools.contracts import Fact

NUMBER = re.compile(r"(?<![\w.,-])[+-]?\d[\d.,]*\d|(?<![\w.,-])[+-]?\d")
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)")
"""Where one sentence of a composed paragraph ends and the next begins."""


@dataclass(frozen=True)
class Span:
    """A stretch of the page."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Table:
    """A table of the page: its header and its rows, each a list of cells."""

    header: tuple[Span, ...]
    rows: tuple[tuple[Span, ...], ...]


class Page:
    """A rendered brief and the facts it was made from.

    Parameters
    ----------
    markdown
        The rendered brief.
    request
        What it was made from.
    """

    def __init__(self, markdown: str, request: ComposeRequest) -> None:
        self.markdown = markdown
        self.request = request
        self.language = request.language
        self.lines = _lines(markdown)
        self.names = {
            (sector.name_vi or sector.name) if self.language == "vi" else sector.name: sector.code
            for sector in request.vocabulary.sectors
        }

    def sentences(self) -> list[Span]:
        """Return the sentences of the prose, lists of the rationale included."""
        found = []
        for line in self.lines:
            if line.text.startswith(("#", "|", ">")) or not line.text.strip() or "·" in line.text:
                continue
            at = line.start
            for piece in SENTENCE.split(line.text):
                start = self.markdown.index(piece, at)
                found.append(Span(start, start + len(piece), piece))
                at = start + len(piece)
        return found

    def told(self) -> list[Span]:
        """Return the sentences that show a number."""
        return [one for one in self.sentences() if self.numbers(one)]

    def tables(self) -> list[Table]:
        """Return the tables."""
        found: list[Table] = []
        rows: list[tuple[Span, ...]] = []
        for line in [*self.lines, Span(0, 0, "")]:
            if line.text.startswith("|"):
                rows.append(_cells(line))
            elif rows:
                found.append(Table(rows[0], tuple(rows[2:])))
                rows = []
        return found

    def numbers(self, span: Span) -> list[Span]:
        """Return the numerals of a stretch, dates and digits inside names left out."""
        closed = [m.span() for m in ISO.finditer(span.text)]
        for name in self.names:
            closed += [m.span() for m in re.finditer(re.escape(name), span.text)]
        return [
            Span(span.start + m.start(), span.start + m.end(), m.group())
            for m in NUMBER.finditer(span.text)
            if not any(a <= m.start() < b for a, b in closed)
            and not span.text[m.end() :].startswith("-")
        ]

    def named(self, span: Span) -> list[Span]:
        """Return the sector names of a stretch."""
        found: list[Span] = []
        for name in sorted(self.names, key=len, reverse=True):
            for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", span.text):
                if not any(
                    s.start - span.start < m.end() and m.start() < s.end - span.start for s in found
                ):
                    found.append(Span(span.start + m.start(), span.start + m.end(), name))
        return sorted(found, key=lambda one: one.start)

    def replaced(self, *changes: tuple[Span, str]) -> str:
        """Return the page with stretches replaced."""
        text = self.markdown
        for span, new in sorted(changes, key=lambda change: -change[0].start):
            text = text[: span.start] + new + text[span.end :]
        return text

    def shown(self, span: Span, sector: str) -> list[Fact]:
        """Return the facts of a sector whose rendering stands in a stretch."""
        return [
            fact
            for fact in self.request.facts.values()
            if fact.entity == sector
            and not isinstance(fact.value, str)
            and any(self.render(fact, absolute=a) in span.text for a in (False, True))
        ]

    def render(self, fact: Fact, *, absolute: bool = False) -> str:
        """Return a fact as the page shows it."""
        return render_value(fact, self.language, absolute=absolute)

    def same(self, one: Fact, other: Fact | None) -> bool:
        """Whether two facts look alike, or the other is not known, so that no falsehood can be proved."""
        return other is None or self.render(one, absolute=True) == self.render(other, absolute=True)


def _lines(markdown: str) -> list[Span]:
    found, at = [], 0
    for line in markdown.split("\n"):
        found.append(Span(at, at + len(line), line))
        at += len(line) + 1
    return found


def _cells(line: Span) -> tuple[Span, ...]:
    found, at = [], line.start + 1
    for part in line.text.strip("|").split("|"):
        text = part.strip()
        start = at + part.index(text) if text else at
        found.append(Span(start, start + len(text), text))
        at += len(part) + 1
    return tuple(found)
