"""Mistakes made on purpose in a correct brief: what a careless or inventive writer would get wrong.

Each mutation makes one sentence or table cell false as it is rendered; whether it does is decided here from the facts,
without the reviewer, whose words this module does not know. Swapping two values that look alike, or a name in a
sentence that would be true of both, is no mutation.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from agent.evaluation.opposites import DIRECTIONS, GROUPS, RANKS, UNITS, WINDOWS
from agent.evaluation.pieces import ISO, Page, Span

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

    from agent.brains.base import ComposeRequest

Kind = Literal[
    "values swapped", "direction flipped", "window shifted", "unit changed", "name changed"
]
KINDS: tuple[Kind, ...] = (
    "values swapped", "direction flipped", "window shifted", "unit changed", "name changed",
)  # fmt: skip


class Mutation(NamedTuple):
    """One mistake."""

    kind: Kind
    form: str
    """How it was made."""
    markdown: str
    before: str
    after: str


WEIGHED = re.compile(r"adds|takes away|cộng thêm|lấy đi|In favour|Against|Ủng hộ|Cản trở")
"""Words of a sentence that speaks of weights."""
Change = tuple[str, str, str, str]
"""How, the mutated page, the text before and after."""


def mutate(
    markdown: str, request: ComposeRequest, kind: Kind, draw: random.Random
) -> Mutation | None:
    """Return one mutation of a kind, or None where the page offers no place for it.

    Parameters
    ----------
    markdown
        A correct brief.
    request
        What it was made from.
    kind
        One of the five kinds.
    draw
        Chooses the way of making the mistake, then its place.
    """
    page = Page(markdown, request)
    ways = list(WAYS[kind])
    draw.shuffle(ways)
    for way in ways:
        changes = [change for change in way(page) if change[1] != markdown]
        if changes:
            form, text, before, after = draw.choice(changes)
            return Mutation(kind, form, text, before, after)
    return None


def _change(page: Page, form: str, around: Span, *changes: tuple[Span, str]) -> Change:
    text = page.replaced(*changes)
    grown = len(text) - len(page.markdown)
    return form, text, around.text, text[around.start : around.end + grown]


def _swap_cells(page: Page) -> Iterator[Change]:
    """Two numbers of a column change rows."""
    for table in page.tables():
        for column in range(1, len(table.header)):
            cells = [row[column] for row in table.rows if len(row) > column]
            for one, other in pairwise(cells):
                if one.text != other.text and any(c.isdigit() for c in one.text + other.text):
                    around = Span(one.start, other.end, page.markdown[one.start : other.end])
                    yield _change(
                        page, "cells of two rows", around, (one, other.text), (other, one.text)
                    )


def _swap_numbers(page: Page) -> Iterator[Change]:
    """Two numbers of a sentence change places."""
    for sentence in page.told():
        numbers = page.numbers(sentence)
        for one, other in pairwise(numbers):
            if one.text.strip("+-") != other.text.strip("+-"):
                yield _change(
                    page,
                    "two numbers of a sentence",
                    sentence,
                    (one, other.text),
                    (other, one.text),
                )


def _swap_names(page: Page) -> Iterator[Change]:
    """Two sectors of a sentence with numbers change places."""
    for sentence in page.told():
        names = page.named(sentence)
        for one, other in pairwise(names):
            if one.text != other.text and _differ(page, sentence, one.text, other.text):
                yield _change(
                    page, "two names of a sentence", sentence, (one, other.text), (other, one.text)
                )


def _other_value(page: Page) -> Iterator[Change]:
    """Give a sentence another sector's value for the same metric and window."""
    for sentence in page.told():
        for name in page.named(sentence):
            code = page.names[name.text]
            for fact in page.shown(sentence, code):
                shown = page.render(fact, absolute=True)
                for other in page.names.values():
                    fact_of_other = page.request.facts.get(other + fact.id.removeprefix(code))
                    if other == code or page.same(fact, fact_of_other) or fact_of_other is None:
                        continue
                    new = page.render(fact_of_other, absolute=True)
                    at = sentence.text.find(shown, name.end - sentence.start)
                    if at < 0 or sentence.text.count(shown) > 1:
                        continue
                    spot = Span(sentence.start + at, sentence.start + at + len(shown), shown)
                    yield _change(page, "another sector's value", sentence, (spot, new))


def _differ(page: Page, sentence: Span, one: str, other: str) -> bool:
    """Whether a number of the sentence is of one sector and not of the other."""
    first, second = page.names[one], page.names[other]
    return any(
        not page.same(fact, page.request.facts.get(second + fact.id.removeprefix(first)))
        for fact in page.shown(sentence, first)
    )


def _flip_signs(page: Page) -> Iterator[Change]:
    """Turn or drop a sign."""
    places = [
        *page.told(),
        *(cell for table in page.tables() for row in table.rows for cell in row[1:]),
    ]
    for place in places:
        for number in page.numbers(place):
            if number.text[0] in "+-" and any(c in "123456789" for c in number.text):
                turned = ("-" if number.text[0] == "+" else "+") + number.text[1:]
                yield _change(page, "sign turned", place, (number, turned))
                if number.text[0] == "-":
                    yield _change(page, "minus dropped", place, (number, number.text[1:]))


def _words(page: Page, table: tuple[tuple[str, str], ...], form: str) -> Iterator[Change]:
    places = page.told() + [s for s in page.sentences() if page.named(s) and not page.numbers(s)]
    for sentence in places:
        for pair in table:
            for word, opposite in (pair, pair[::-1]):
                for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", sentence.text):
                    spot = Span(sentence.start + match.start(), sentence.start + match.end(), word)
                    if any(n.start <= spot.start < n.end for n in page.named(sentence)):
                        continue
                    yield _change(page, form, sentence, (spot, opposite))


def _flip_words(page: Page) -> Iterator[Change]:
    """Turn a direction word into its opposite."""
    yield from _words(page, DIRECTIONS[page.language], "direction word")


def _flip_marks(page: Page) -> Iterator[Change]:
    """Point a mark of the heatmap the other way."""
    for table in page.tables():
        for row in table.rows:
            for cell in row[1:]:
                for mark, opposite in (("▲", "▼"), ("▼", "▲")):
                    if mark in cell.text:
                        yield _change(
                            page, "heatmap mark", cell, (cell, cell.text.replace(mark, opposite))
                        )


def _shift_dates(page: Page) -> Iterator[Change]:
    """Move a date by a day, a month or a year."""
    for match in ISO.finditer(page.markdown):
        day = date.fromisoformat(match.group())
        spot = Span(match.start(), match.end(), match.group())
        for days in (-1, 1, 31, -365, 365):
            yield _change(page, "date", spot, (spot, (day + timedelta(days=days)).isoformat()))


def _shift_windows(page: Page) -> Iterator[Change]:
    """Change a sentence's window to another of which a different value is known."""
    table = WINDOWS[page.language]
    for sentence in page.told():
        for period, phrases in table.items():
            for at, phrase in enumerate(phrases):
                for match in re.finditer(rf"(?<!\w){phrase}(?!\w)", sentence.text):
                    spot = Span(
                        sentence.start + match.start(), sentence.start + match.end(), phrase
                    )
                    for other, words in table.items():
                        if (
                            other != period
                            and len(words) == len(phrases)
                            and _moved(page, sentence, period, other)
                        ):
                            yield _change(page, "window of a sentence", sentence, (spot, words[at]))


def _moved(page: Page, sentence: Span, period: str, other: str) -> bool:
    """Whether every number that the sentence may take from a window is another in the other window."""
    found = [
        fact
        for fact in page.request.facts.values()
        if fact.period == period
        and not isinstance(fact.value, str)
        and any(page.render(fact, absolute=a) in sentence.text for a in (False, True))
    ]
    siblings = [page.request.facts.get(f.id.removesuffix(period) + other) for f in found]
    known = [(f, s) for f, s in zip(found, siblings, strict=True) if s is not None]
    return bool(known) and all(not page.same(f, s) for f, s in known)


def _shift_headers(page: Page) -> Iterator[Change]:
    """Head a column by another window."""
    for table in page.tables():
        for cell in table.header[1:]:
            for match in re.finditer(r"(?<!\w)(1D|1W|1M|3M|6M|12M)(?!\w)", cell.text):
                spot = Span(cell.start + match.start(), cell.start + match.end(), match.group())
                for other in ("1D", "1W", "1M", "3M"):
                    if other != match.group():
                        yield _change(page, "window of a column", cell, (spot, other))


def _change_units(page: Page) -> Iterator[Change]:
    """Change the unit beside a number."""
    places = [
        *page.told(),
        *(cell for table in page.tables() for row in table.rows for cell in row[1:]),
    ]
    for place in places:
        for unit, other in UNITS[page.language]:
            for number in page.numbers(place):
                after = Span(
                    number.end,
                    number.end + len(unit) + 1,
                    page.markdown[number.end :][: len(unit) + 1],
                )
                at = after.text.find(unit)
                if at >= 0 and any(c in "123456789" for c in number.text):
                    spot = Span(number.end + at, number.end + at + len(unit), unit)
                    yield _change(page, "unit", place, (spot, other))


def _change_scale(page: Page) -> Iterator[Change]:
    """Move or lose a decimal point, or add a digit."""
    places = [
        *page.told(),
        *(cell for table in page.tables() for row in table.rows for cell in row[1:]),
    ]
    for place in places:
        for number in page.numbers(place):
            digits = number.text.lstrip("+-")
            sign = number.text[: len(number.text) - len(digits)]
            if not any(c in "123456789" for c in digits):
                continue
            mark = "," if page.language == "vi" else "."
            yield _change(
                page,
                "digit added",
                place,
                (
                    number,
                    f"{sign}{digits}{'' if mark in digits else '0'}5"
                    if mark not in digits
                    else f"{sign}1{digits}",
                ),
            )
            if mark in digits:
                whole, _, rest = digits.partition(mark)
                yield _change(
                    page,
                    "decimal point lost",
                    place,
                    (number, f"{sign}{whole}{rest}".replace(mark, "")),
                )
                yield _change(
                    page, "decimal point moved", place, (number, f"{sign}0{mark}{whole}{rest}")
                )


def _rename_sectors(page: Page) -> Iterator[Change]:
    """Rename a sentence's sector to another, of which its numbers are not true."""
    for sentence in page.told():
        for name in page.named(sentence):
            for other in page.names:
                if (
                    other != name.text
                    and other not in sentence.text
                    and _differ(page, sentence, name.text, other)
                ):
                    yield _change(page, "name in a sentence", sentence, (name, other))


def _rename_rows(page: Page) -> Iterator[Change]:
    """Head a row of a table by another sector."""
    for table in page.tables():
        for row in table.rows:
            if row[0].text in page.names:
                for other in page.names:
                    if other != row[0].text:
                        yield _change(page, "name of a row", row[0], (row[0], other))


def _change_ranks(page: Page) -> Iterator[Change]:
    """Change a rank, quadrant, call or confidence word."""
    yield from _words(page, RANKS[page.language], "rank word")


def _change_labels(page: Page) -> Iterator[Change]:
    """Change a rank, call or confidence of a table."""
    for table in page.tables():
        for row in table.rows:
            for cell in row[1:]:
                for one, other in RANKS[page.language]:
                    for word, opposite in ((one, other), (other, one)):
                        if cell.text == word:
                            yield _change(page, "label of a table", cell, (cell, opposite))


def _rename_groups(page: Page) -> Iterator[Change]:
    """Give a weight to another group."""
    groups = GROUPS[page.language]
    for sentence in page.told():
        if _twin_weights(page, sentence):
            continue
        for group in groups:
            at = sentence.text.find(group) if WEIGHED.search(sentence.text) else -1
            for other in groups:
                if at >= 0 and other not in sentence.text:
                    spot = Span(sentence.start + at, sentence.start + at + len(group), group)
                    yield _change(page, "group in a sentence", sentence, (spot, other))


def _twin_weights(page: Page, sentence: Span) -> bool:
    """Whether two weights of a sector in the sentence look alike, so that a group's name may be changed unseen."""
    for name in page.named(sentence):
        code = page.names[name.text]
        weights = [
            f
            for f in page.request.facts.values()
            if f.entity == code and f.metric.startswith("contribution")
        ]
        shown = [page.render(f, absolute=True) for f in weights]
        if any(shown.count(text) > 1 and text in sentence.text for text in shown):
            return True
    return False


WAYS: dict[Kind, tuple[Callable[[Page], Iterator[Change]], ...]] = {
    "values swapped": (_swap_cells, _swap_numbers, _swap_names, _other_value),
    "direction flipped": (_flip_signs, _flip_words, _flip_words, _flip_marks),
    "window shifted": (_shift_dates, _shift_windows, _shift_windows, _shift_headers),
    "unit changed": (_change_units, _change_scale),
    "name changed": (_rename_sectors, _rename_rows, _change_ranks, _change_labels, _rename_groups),
}
"""Kind → the ways of making it; prose is drawn more often than tables."""
