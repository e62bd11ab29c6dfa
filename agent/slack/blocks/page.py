"""A brief's Markdown as its parts: what only stands there is the prose, the notes and the small tables.

The Markdown is our own (:mod:`agent.brief.markdown`): blank lines part its blocks, a quotation is
fenced and has none inside, and every section begins with a heading from a known list. What the
typed brief has is not read from here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from agent.brief.labels import LABELS
from agent.brief.remote import FENCE
from agent.brief.tables import BREAK
from agent.slack.blocks.parts import Grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agent.brief.model import Language

BULLET = re.compile(r"- (?P<text>.+)")
CHOICE = re.compile(r"\d+\. .+")
LEAD = re.compile(r"\*\*(?P<text>.+)\*\*")
SMALL = re.compile(r"\*(?P<text>[^*].*)\*")
NAMED = re.compile(r"\*\*(?P<name>.+?)\*\*(?P<rest>.*)")
KINDS = (
    "heatmap", "ends", "ranking", "rationale", "comparison", "risks", "watch", "gaps", "sources",
    "notes", "figures", "news",
)  # fmt: skip
"""Sections that go by a heading of their own; any other section is about one intent."""


class Items(NamedTuple):
    """A list."""

    lines: tuple[str, ...]


class Quotation(NamedTuple):
    """What came from elsewhere, as it stands."""

    text: str


class Small(NamedTuple):
    """Small print."""

    text: str


Part = str | Items | Grid | Quotation | Small


class Section(NamedTuple):
    """What stands under one heading."""

    kind: str
    """One of :data:`KINDS`; empty: a section about an intent."""
    heading: str
    parts: tuple[Part, ...]


class Page(NamedTuple):
    """The parts of a brief's Markdown."""

    title: str
    """Empty for talk."""
    line: str
    """As of when, the horizon, the benchmark."""
    warnings: tuple[str, ...]
    lead: str
    prose: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: tuple[str, ...]
    """Small print at the end: sources of a short answer, the disclaimer."""


def page_of(markdown: str, language: Language) -> Page:
    """Return the parts of a Markdown that :func:`agent.brief.markdown.render` wrote."""
    blocks = [block.strip("\n") for block in markdown.strip().split("\n\n") if block.strip()]
    top, *rest = _by_heading(blocks)
    title, line, warnings, prose = _top(top)
    lead = LEAD.fullmatch(prose[0]) if prose else None
    if lead is not None:
        prose = [lead["text"], *prose[1:]]
    sections, closing = [], [text["text"] for text in map(SMALL.fullmatch, prose[1:]) if text]
    prose = [text for text in prose if not SMALL.fullmatch(text)]
    for position, (heading, *found) in enumerate(rest):
        parts = [_part(block) for block in found]
        while position == len(rest) - 1 and parts and isinstance(small := parts[-1], Small):
            closing.insert(0, small.text)
            parts.pop()
        sections.append(Section(_kind(heading, language), heading, tuple(parts)))
    said = prose[1:] if title or lead else [text for text in prose[1:] if not CHOICE.match(text)]
    return Page(
        title, line, warnings, prose[0] if prose else "", tuple(said), tuple(sections),
        tuple(closing),
    )  # fmt: skip


def _by_heading(blocks: Iterable[str]) -> Iterator[list[str]]:
    """Yield the blocks above the first heading, then those of each section behind its heading."""
    held: list[str] = []
    for block in blocks:
        if block.startswith("## "):
            yield held
            held = [block[3:]]
        else:
            held.append(block)
    yield held


def _top(blocks: list[str]) -> tuple[str, str, tuple[str, ...], list[str]]:
    """Return title, line, warnings and prose."""
    rest = list(blocks)
    title = rest.pop(0)[2:] if rest and rest[0].startswith("# ") else ""
    line = rest.pop(0) if title and rest else ""
    warnings = []
    while rest and rest[0].startswith("> "):
        warnings.append(rest.pop(0)[2:].strip("*"))
    return title, line, tuple(warnings), [" ".join(block.split()) for block in rest]


def _kind(heading: str, language: Language) -> str:
    return next((kind for kind in KINDS if LABELS[language][kind] == heading), "")


def _part(block: str) -> Part:
    lines = block.split("\n")
    if len(lines) > 2 and all(line.startswith("|") for line in lines):
        return _grid(lines)
    if lines[0].startswith(FENCE) and lines[-1] == FENCE:
        return Quotation("\n".join(lines[1:-1]))
    items = [BULLET.fullmatch(line) for line in lines]
    if all(items):
        return Items(tuple(item["text"] for item in items if item is not None))
    small = SMALL.fullmatch(block)
    return Small(small["text"]) if small else " ".join(lines)


def _grid(lines: list[str]) -> Grid:
    head, rule, *rows = (_cells(line) for line in lines)
    right = frozenset(at for at, dashes in enumerate(rule) if dashes.endswith(":"))
    return Grid(head, tuple(rows), right)


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip().replace("\\|", "|") for cell in BREAK.split(line.strip())[1:-1])
