"""A page taken apart: what code renders from the facts alone, compared to the letter, and the prose between it.

The page is rendered once more with marks where prose would stand. Every other block (title, dates, heatmap, ranking,
rationale, figures, gaps, sources, notes) must then be the same, so that no value, label, row or date in it can have
been exchanged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brains.base import Draft

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest

HEADLINE, PARAGRAPH, RISK, WATCH = (f"\u241e{part}\u241e" for part in ("h", "p", "r", "w"))
BLANK = Draft(headline=HEADLINE, paragraphs=(PARAGRAPH,), risks=(RISK,), watch=(WATCH,))


def prose_of(markdown: str, request: ComposeRequest) -> tuple[list[str], list[str]]:
    """Return the problems of the code-rendered blocks, and the prose between them."""
    # Rendering knows tables and fonts; a draft is reviewed without them.
    from agent.brief.markdown import render

    blocks = render(request, BLANK).strip().split("\n\n")
    found = [block for block in markdown.strip().split("\n\n") if block.strip()]
    reader = _Reader(found, frozenset(blocks))
    for at, block in enumerate(blocks):
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        reader.read(block, following)
    return reader.problems(), reader.prose


class _Reader:
    """Walks a page beside the page as it should be."""

    def __init__(self, blocks: list[str], fixed: frozenset[str]) -> None:
        self.blocks = blocks
        self.fixed = fixed
        self.at = 0
        self.prose: list[str] = []
        self.found: list[str] = []
        self.listed = False

    def read(self, wanted: str, following: str | None) -> None:
        """Read what stands where a block of the blank page stands."""
        if HEADLINE in wanted:
            self._headline()
        elif PARAGRAPH in wanted:
            self._paragraphs(following)
        elif RISK in wanted or WATCH in wanted:
            self._sentences()
        elif following is not None and (RISK in following or WATCH in following):
            self._heading(wanted)
        else:
            self._fixed(wanted)

    def _next(self) -> str | None:
        return self.blocks[self.at] if self.at < len(self.blocks) else None

    def _headline(self) -> None:
        block = self._next()
        if block is not None and not block.startswith("#"):
            self.prose.append(block.strip("*"))
            self.at += 1

    def _paragraphs(self, following: str | None) -> None:
        while (block := self._next()) is not None and block not in self.fixed:
            if block.startswith(("#", "|", "- ")):
                break
            if following is not None and following.startswith("*") and block.startswith("*"):
                break
            self.prose.append(block)
            self.at += 1

    def _heading(self, wanted: str) -> None:
        """Step over the heading of a list that may be left out."""
        self.listed = self._next() == wanted
        if self.listed:
            self.at += 1

    def _sentences(self) -> None:
        block = self._next()
        if self.listed and block is not None:
            self.prose += [line.removeprefix("- ") for line in block.splitlines()]
            self.at += 1

    def _fixed(self, wanted: str) -> None:
        block = self._next()
        if block == wanted:
            self.at += 1
            return
        self.found.append(_difference(block, wanted))
        if block is not None and block[:2] == wanted[:2]:
            self.at += 1

    def problems(self) -> list[str]:
        """Return what is wrong, blocks that belong nowhere included."""
        left = [f"{block!r} is rendered from no fact" for block in self.blocks[self.at :]]
        return [*self.found, *left]


def _difference(block: str | None, wanted: str) -> str:
    if block is None:
        return f"the page lacks {wanted.splitlines()[0]!r}"
    for line, right in zip(block.splitlines(), wanted.splitlines(), strict=False):
        if line != right:
            return f"the page says {line.strip()!r} where the facts give {right.strip()!r}"
    return f"a block of the page has {len(block.splitlines())} lines where the facts give {len(wanted.splitlines())}"
