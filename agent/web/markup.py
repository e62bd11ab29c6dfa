"""The Markdown of an answer as HTML of the page: blocks that may be shown one after the other.

Everything in an answer is data, also a name or a quotation that looks like HTML, a link or an
image: those rules of Markdown are off, so that nothing but headings, paragraphs, emphasis, lists,
tables, quotations and fenced text can come out.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.token import Token

from agent.brief.heatmap import MARKS
from agent.brief.labels import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from agent.brief.model import Brief

_OFF = ("html_block", "html_inline", "link", "image", "autolink", "reference", "entity")
_MARKED = re.compile(rf"(?P<number>.*\d.*?)\s+(?P<mark>{'|'.join(MARKS)})")
_STRENGTH = dict(zip(MARKS, ("low2", "low1", "even", "high1", "high2"), strict=True))
_LOWER = {"h1": "h3", "h2": "h4", "h3": "h5"}
"""The page's own headings come first: its name, then the question."""
_FOLDED = frozenset(labels[name] for labels in LABELS.values() for name in ("sources", "notes"))
"""Headings of what is there to be looked up, and folded until then."""


def blocks(brief: Brief) -> list[str]:
    """Return an answer's HTML: what comes before the first section, then each section."""
    tokens = _reader().parse(brief.markdown)
    if brief.clarification is not None and brief.clarification.choices:
        tokens = list(_without_lists(tokens))
    return [_section(part) for part in _parts(tokens)]


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable(_OFF)


def _parts(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    part: list[Token] = []
    for token in tokens:
        if token.type == "heading_open" and token.tag == "h2" and part:
            yield part
            part = []
        part.append(token)
    if part:
        yield part


def _without_lists(tokens: Sequence[Token]) -> Iterator[Token]:
    """Leave out the numbered choices, which the page shows as buttons."""
    depth = 0
    for token in tokens:
        depth += token.type == "ordered_list_open"
        if not depth:
            yield token
        depth -= token.type == "ordered_list_close"


def _section(tokens: list[Token]) -> str:
    first = tokens[0]
    if first.type != "heading_open" or first.tag != "h2":
        return f'<div class="lead">{_html(_lead(tokens), "")}</div>'
    heading = tokens[1].content
    if heading in _FOLDED:
        inner = _html(tokens[3:], heading)
        return f"<details><summary>{escape(heading)}</summary>{inner}</details>"
    return f"<section>{_html(tokens, heading)}</section>"


def _lead(tokens: list[Token]) -> list[Token]:
    """Name the parts of an answer's beginning: its dates, its headline, what to know of the data."""
    for place, token in enumerate(tokens):
        if token.type == "blockquote_open":
            token.attrSet("class", "caution")
        if token.type != "paragraph_open":
            continue
        children = tokens[place + 1].children or []
        if place and tokens[place - 1].type == "heading_close":
            token.attrSet("class", "dates")
        elif _whole_is_strong(children) and tokens[place - 1].type != "blockquote_open":
            token.attrSet("class", "headline")
    return tokens


def _whole_is_strong(children: Sequence[Token]) -> bool:
    kinds = [child.type for child in children if child.content or child.type != "text"]
    return kinds[:1] == ["strong_open"] and kinds[-1:] == ["strong_close"]


def _html(tokens: list[Token], heading: str) -> str:
    for token in tokens:
        token.tag = _LOWER.get(token.tag, token.tag)
    tables = _with_tables(tokens, heading)
    reader = _reader()
    return str(reader.renderer.render(list(tables), reader.options, {}))


def _with_tables(tokens: Sequence[Token], heading: str) -> Iterator[Token]:
    """Make tables fit for the page: each scrolls by itself, and its cells say what they are."""
    head, column = False, 0
    for place, token in enumerate(tokens):
        match token.type:
            case "table_open":
                yield _raw(
                    f'<div class="scroll" role="group" tabindex="0" aria-label="{escape(heading)}">'
                )
            case "thead_open" | "tbody_open":
                head = token.type == "thead_open"
            case "tr_open":
                column = -1
            case "th_open" | "td_open":
                column += 1
                _cell(token, tokens[place + 1], head=head, first=column == 0)
        if token.type == "td_close" and column == 0:
            token.tag = "th"
        yield token
        if token.type == "table_close":
            yield _raw("</div>")


def _cell(cell: Token, inline: Token, *, head: bool, first: bool) -> None:
    """Say what a cell is by its class and scope; an inline style would be refused by the page."""
    right = "right" in str(cell.attrs.pop("style", ""))
    classes = ["num"] if right else []
    if head or first:
        cell.tag = "th"
        cell.attrSet("scope", "col" if head else "row")
    marked = None if head or first else _MARKED.fullmatch(inline.content.strip())
    if marked:
        classes.append(_STRENGTH[marked["mark"]])
        inline.children = [
            Token("text", "", 0, content=marked["number"].strip()),
            _raw(f' <span class="mark" aria-hidden="true">{marked["mark"]}</span>'),
        ]
    if classes:
        cell.attrSet("class", " ".join(classes))


def _raw(html: str) -> Token:
    """Return a token of our own HTML; no text of an answer may be in it unescaped."""
    return Token("html_inline", "", 0, content=html)
