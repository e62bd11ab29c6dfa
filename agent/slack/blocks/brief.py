"""A brief as messages of native blocks: what there is to know first, the details in a second message.

Numbers come from the facts, rendered as everywhere; prose, notes and the small tables of narrow
questions come from the brief's Markdown, where alone they stand. A brief too long for Slack goes
along as a file, and the message says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.evidence import Evidence
from agent.brief.labels import label
from agent.slack.blocks import limits, parts
from agent.slack.blocks.buttons import choices, feedback, follow_ups
from agent.slack.blocks.heat import heat_grid, ranking_grid, reasons
from agent.slack.blocks.model import Attachment, SlackMessage
from agent.slack.blocks.packing import packed
from agent.slack.blocks.page import NAMED, Items, Quotation, Small, page_of
from agent.slack.blocks.parts import Grid, Run
from agent.slack.blocks.recovered import request_of
from agent.slack.blocks.text import neutralise, pieces, shortened
from agent.slack.blocks.words import word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from agent.brief.model import Brief
    from agent.slack.blocks.model import Block
    from agent.slack.blocks.page import Page, Part, Section

MOST_MESSAGES = 5
MOST_PROSE = 5_000
"""Characters of prose that a message shows."""
MOST_QUOTED = 2_500
QUOTED_LINES = 24
"""Characters and lines of a quotation that a message shows."""
MOST_ITEMS = 15
MOST_ITEM = 500
"""Characters of an item of a list."""
SMALL_ROWS, SMALL_WIDTH = 10, 66
"""Rows and columns of monospace that a message shows without a scroll bar."""
NOTICE = 300
"""Characters of a message's text, which a notification shows the beginning of."""
SOURCES = 8
PICTURE = frozenset({"heatmap", "ends"})
"""Sections that stand before the prose, because they are seen at a glance."""
Group = list["Block"]


def brief_messages(brief: Brief) -> tuple[SlackMessage, ...]:
    """Return the messages that show a brief, at least one, each within Slack's limits."""
    page = page_of(brief.markdown, brief.language)
    composer = _Composer(brief, page, Evidence(request_of(brief, page)))
    messages = packed([*composer.groups()])
    cut = composer.cut or len(messages) > MOST_MESSAGES
    messages = messages[:MOST_MESSAGES] or [[]]
    if cut:
        messages[-1].append(parts.context(word("more", brief.language)))
    messages[-1].extend(composer.below())
    file = Attachment(f"{brief.run_id}.md", brief.markdown.encode()) if cut else None
    return tuple(
        SlackMessage(
            text=composer.notice(part, len(messages)),
            blocks=(*composer.above(part, len(messages)), *blocks),
            file=file if part == len(messages) else None,
        )
        for part, blocks in enumerate(messages, 1)
    )


class _Composer:
    """Turns the parts of one brief into blocks, and remembers whether anything was cut."""

    def __init__(self, brief: Brief, page: Page, evidence: Evidence) -> None:
        self.brief = brief
        self.page = page
        self.evidence = evidence
        self.language = brief.language
        self.cut = False
        self.tabled = False

    # Around the messages

    def notice(self, part: int, of: int) -> str:
        """Return the text of a message."""
        text = self.page.lead if part == 1 else self._part(part, of)
        marked = f"{self._mark()}: {text}" if self.brief.market.simulated else text
        return neutralise(shortened(marked, NOTICE)) or "Sectorvane"

    def above(self, part: int, of: int) -> list[Block]:
        """Return what stands on top of a message that goes on from another."""
        if part == 1:
            return []
        marks = [f"⚠️ {self._mark()}"] if self.brief.market.simulated else []
        return [parts.context(self._part(part, of), *marks)]

    def below(self) -> list[Block]:
        """Return the buttons below the last message."""
        asked = self.brief.clarification
        if asked is not None and asked.choices:
            return [choices(asked.choices)]
        found = follow_ups(self.evidence, self.language)
        row = [parts.actions(found)] if found else []
        return [*row, feedback(self.brief.run_id, self.language)]

    def _part(self, part: int, of: int) -> str:
        title = self.page.title or self.page.lead
        return word("part", self.language).format(title=shortened(title, 100), part=part, parts=of)

    def _mark(self) -> str:
        return label("simulated", self.language).partition(":")[0]

    # The blocks, those that belong together in one group

    def groups(self) -> Iterator[Group]:
        """Yield the blocks of the brief: its sentence, its picture, then what explains them."""
        yield self._top()
        yield from self._choices()
        first = [section for section in self.page.sections if section.kind in PICTURE]
        for section in first:
            yield from self._section(section)
        yield from self._prose()
        for section in self.page.sections:
            if section not in first:
                yield from self._section(section)
        if self.page.closing:
            yield [parts.context(*self.page.closing)]

    def _top(self) -> Group:
        page = self.page
        found = [parts.header(page.title)] if page.title else []
        small = [page.line, *(f"⚠️ {warning}" for warning in page.warnings)]
        if any(small):
            found.append(parts.context(*small))
        if page.lead:
            found.extend(parts.paragraph(page.lead, bold=bool(page.title)))
        return found

    def _choices(self) -> Iterator[Group]:
        """Yield the choices of a question back as a list, where buttons cannot show them whole."""
        asked = self.brief.clarification
        texts = asked.choices if asked is not None else ()
        if len(texts) > limits.ACTIONS or any(len(text) > limits.BUTTON_TEXT for text in texts):
            items = [(Run(self._within(text, MOST_ITEM)),) for text in texts]
            yield [parts.rich(parts.bullets(items, style="ordered"))]

    def _prose(self) -> Iterator[Group]:
        room = MOST_PROSE
        for text in self.page.prose:
            if len(text) > room:
                self.cut = True
                return
            room -= len(text)
            yield list(parts.paragraph(text))

    def _section(self, section: Section) -> Iterator[Group]:
        """Yield a section, each table and list in a group of its own behind the heading."""
        bodies = {
            "heatmap": self._heat,
            "ends": self._heat,
            "ranking": self._ranking,
            "rationale": self._reasons,
            "sources": self._sources,
        }
        typed = bodies.get(section.kind, self._parts)
        groups = [*typed(section.parts)]
        for position, group in enumerate(groups):
            yield [parts.heading(section.heading), *group] if position == 0 else group

    def _heat(self, written: Sequence[Part]) -> Iterator[Group]:
        grid = heat_grid(self.evidence)
        if grid is None:
            return
        self.tabled = True
        yield from ([table] for table in parts.tables(grid))
        notes = [word("heat" if self.evidence.scores else "heat_moves", self.language)]
        notes += [str(text) for text in written[2:] if isinstance(text, str)]
        yield [parts.context(*notes)]

    def _ranking(self, written: Sequence[Part]) -> Iterator[Group]:
        grid = ranking_grid(self.evidence)
        if grid is not None:
            yield from ([table] for table in parts.tables(grid))
            yield [parts.context(*(text for text in written if isinstance(text, str)))]

    def _reasons(self, written: Sequence[Part]) -> Iterator[Group]:
        """Yield a line a sector; below it what would flip its call, as the prose says it."""
        flips = [line for part in written if isinstance(part, Items) for line in part.lines]
        elements, firm = [], label("no_flip", self.language)
        for name, text in reasons(self.evidence):
            elements.append(parts.bullets([(Run(name, bold=True), Run(f" {text}"))]))
            said = next((line for line in flips if name in line and not line.startswith(firm)), "")
            if said:
                flips.remove(said)
                elements.append(parts.bullets([(Run(self._within(said, MOST_ITEM)),)], indent=1))
        if elements:
            yield [parts.rich(*elements)]
            left = (self._within(line, MOST_ITEM) for line in flips)
            yield [parts.context(*left, word("weights", self.language))]

    def _sources(self, _written: Sequence[Part]) -> Iterator[Group]:
        """Yield a line for all sources that were observed and published on the same days."""
        days: dict[str, tuple[set[str], set[str]]] = {}
        for fact in self.brief.facts.values():
            observed, published = days.setdefault(fact.source, (set(), set()))
            observed.add(fact.observed_on.isoformat())
            published.add(fact.published_on.isoformat())
        by_days: dict[str, list[str]] = {}
        for source, (observed, published) in sorted(days.items()):
            said = (
                f"{word('observed', self.language)} {self._span(observed)}, "
                f"{word('published', self.language)} {self._span(published)}"
            )
            by_days.setdefault(said, []).append(source)
        lines = [f"{', '.join(sources)}: {said}" for said, sources in by_days.items()]
        self.cut |= len(lines) > SOURCES
        if lines:
            yield [parts.context(*lines[:SOURCES])]

    def _span(self, days: set[str]) -> str:
        first, last = min(days), max(days)
        return first if first == last else f"{first} {word('to', self.language)} {last}"

    def _parts(self, found: Sequence[Part]) -> Iterator[Group]:
        for part in found:
            if isinstance(part, Grid):
                yield from self._grid(part)
            elif isinstance(part, Items):
                yield [self._items(part)]
            elif isinstance(part, Quotation):
                yield [self._quotation(part)]
            elif isinstance(part, Small):
                yield [parts.context(part.text)]
            else:
                yield list(parts.paragraph(part))

    def _grid(self, grid: Grid) -> Iterator[Group]:
        """Yield a table; in monospace where it is small and a message has its one table already."""
        text = parts.aligned(grid)
        small = len(grid.rows) <= SMALL_ROWS and len(text.partition("\n")[0]) <= SMALL_WIDTH
        if small and self.tabled:
            yield [parts.quotation(text)]
            return
        self.tabled = True
        yield from ([table] for table in parts.tables(grid))

    def _items(self, items: Items) -> Block:
        self.cut |= len(items.lines) > MOST_ITEMS
        return parts.rich(parts.bullets(self._named(line) for line in items.lines[:MOST_ITEMS]))

    def _named(self, line: str) -> tuple[Run, ...]:
        """Return an item; what is missing stands out from why."""
        text = self._within(line, MOST_ITEM)
        named = NAMED.fullmatch(text)
        return (Run(named["name"], bold=True), Run(named["rest"])) if named else (Run(text),)

    def _quotation(self, quotation: Quotation) -> Block:
        lines = quotation.text.split("\n")
        kept = "\n".join(lines[:QUOTED_LINES])
        if len(lines) > QUOTED_LINES:
            self.cut = True
            kept = f"{kept}\n{word('cut', self.language)}"
        return parts.quotation(self._within(kept, MOST_QUOTED))

    def _within(self, text: str, most: int) -> str:
        """Return a text that is cut between two words, never within a number, where it is too long."""
        if len(text) <= most:
            return text
        self.cut = True
        return f"{pieces(text, most)[0]} {word('cut', self.language)}"
