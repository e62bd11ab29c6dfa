"""The Markdown of a brief as the parts of a page: heading by heading, every table ready to be read aloud.

What the Markdown says is data of others as much as ours: tags, links and images in it are shown as
they were written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from agent.brief.labels import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agent.brief.model import Language

SILENT = ("link", "image", "autolink", "html_inline", "html_block", "entity", "reference")
"""Markdown that a brief never writes itself."""
MARKS = {"▲▲": "up2", "▲": "up1", "·": "even", "▼": "down1", "▼▼": "down2"}
MARK = re.compile(r"\S\s+(▲▲|▲|·|▼▼|▼)$")
PARTS = (
    "heatmap", "ends", "ranking", "rationale", "comparison", "risks", "watch", "gaps", "sources",
    "notes", "figures", "news",
)  # fmt: skip


class Section(NamedTuple):
    """One part of a page."""

    part: str
    """What it is, such as ``risks``; empty for a heading of another kind."""
    heading: str
    html: str
    """Its contents, escaped."""
    tables: str = ""
    """Its tables alone."""
    text: str = ""
    """Its contents without them."""


class Told(NamedTuple):
    """A brief's Markdown, taken apart."""

    title: str
    """Empty where the answer has none, such as a question back."""
    facts: str
    """The line under the title: as-of, last day, horizon, benchmark."""
    warnings: tuple[str, ...]
    lead: str
    """The one thing to know."""
    prose: str
    """What follows it, as HTML."""
    sections: tuple[Section, ...]
    closing: str
    """The last line, which is about the whole answer."""


def told(markdown: str, language: Language) -> Told:
    """Take a brief's Markdown apart."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.disable(SILENT)
    first, *rest = _by_heading(reader.parse(markdown))
    title, line, warnings, lead, prose = _opening(first)
    closing = _closing(rest[-1]) if rest else ""
    sections = [_section(reader, tokens, language) for tokens in rest]
    return Told(
        title, line, tuple(warnings), lead, _html(reader, prose, ""),
        tuple(one for one in sections if one.html.strip()), closing,
    )  # fmt: skip


def _by_heading(tokens: Sequence[Token]) -> list[list[Token]]:
    """Return the tokens before the first heading of the second order, then those under each."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.type == "heading_open" and token.tag == "h2":
            parts.append([])
        parts[-1].append(token)
    return parts


def _opening(tokens: list[Token]) -> tuple[str, str, list[str], str, list[Token]]:
    """Return title, the line below it, warnings, the lead, and the tokens of the rest."""
    blocks = list(_blocks(tokens))
    title = line = lead = ""
    warnings: list[str] = []
    if blocks and blocks[0][0].tag == "h1":
        title, line = _plain(blocks[0]), _plain(blocks[1]) if len(blocks) > 1 else ""
        blocks = blocks[2:]
    while blocks and blocks[0][0].type == "blockquote_open":
        warnings.append(_plain(blocks.pop(0)))
    if blocks and blocks[0][0].type == "paragraph_open":
        lead = _plain(blocks.pop(0))
    return title, line, warnings, lead, [token for block in blocks for token in block]


def _blocks(tokens: list[Token]) -> Iterable[list[Token]]:
    """Yield the top-level blocks."""
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0 and token.type != "inline":
            yield block
            block = []


def _closing(tokens: list[Token]) -> str:
    """Take the last paragraph off the last section, where all of it is in italics."""
    *_, opened, inline, _closed = [None, None, None, *tokens]
    parts: Sequence[Token] = (inline.children or ()) if inline is not None else ()
    italic = bool(parts) and (parts[0].type, parts[-1].type) == ("em_open", "em_close")
    if opened is None or opened.type != "paragraph_open" or inline is None or not italic:
        return ""
    del tokens[-3:]
    return _plain([inline])


def _plain(tokens: Iterable[Token]) -> str:
    """Return the text of tokens without what it looks like."""
    return " ".join(
        "".join(part.content or " " * (part.type == "softbreak") for part in token.children or ())
        for token in tokens
        if token.type == "inline"
    )


def _section(reader: MarkdownIt, tokens: list[Token], language: Language) -> Section:
    heading, body = _plain(tokens[:3]), tokens[3:]
    part = next((part for part in PARTS if LABELS[language][part] == heading), "")
    blocks = list(_blocks(body))
    tables = [token for block in blocks if block[0].type == "table_open" for token in block]
    words = [token for block in blocks if block[0].type != "table_open" for token in block]
    shown = (_html(reader, tokens, heading) for tokens in (body, tables, words))
    return Section(part, heading, *shown)


def _html(reader: MarkdownIt, tokens: list[Token], caption: str) -> str:
    """Return tokens as HTML, tables with a caption and headers of rows and columns."""
    shown: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type != "table_open":
            shown.append(token)
            at += 1
            continue
        end = next(i for i in range(at, len(tokens)) if tokens[i].type == "table_close")
        shown += _table(tokens[at : end + 1], caption)
        at = end + 1
    html: str = reader.renderer.render(shown, reader.options, {})
    return html


def _table(tokens: list[Token], caption: str) -> list[Token]:
    """Return a table's tokens with a caption, scopes, and classes in the place of styles."""
    header = _first_left(tokens)
    column = -1
    for at, token in enumerate(tokens):
        if token.type == "tr_open":
            column = -1
        elif token.type in {"th_open", "td_open"}:
            column += 1
            right = "right" in str(token.attrGet("style") or "")
            token.attrs = {"class": "num"} if right else {}
            if token.type == "th_open":
                token.attrSet("scope", "col")
            elif column == header:
                token.tag = tokens[at + 2].tag = "th"
                token.attrSet("scope", "row")
            elif mark := MARK.search(tokens[at + 1].content):
                token.attrs = {"class": f"num {MARKS[mark[1]]}"}
    name = [
        Token("caption_open", "caption", 1), _inline(caption), Token("caption_close", "caption", -1),
    ]  # fmt: skip
    # A table wider than a phone is scrolled, by keyboard too.
    kept: dict[str, str | int | float] = {
        "class": "scroll",
        "tabindex": "0",
        "role": "group",
        "aria-label": caption,
    }
    opened = Token("scroll_open", "div", 1, block=True, attrs=kept)
    closed = Token("scroll_close", "div", -1, block=True)
    return [opened, tokens[0], *(name if caption else ()), *tokens[1:], closed]


def _first_left(tokens: list[Token]) -> int:
    """Return the first column that is aligned to the left: the names of the rows."""
    heads = [token for token in tokens if token.type == "th_open"]
    left = (i for i, token in enumerate(heads) if "right" not in str(token.attrGet("style") or ""))
    return next(left, 0)


def _inline(text: str) -> Token:
    child = Token("text", "", 0, content=text)
    return Token("inline", "", 0, content=text, children=[child])
