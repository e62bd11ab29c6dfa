"""One intent's share of a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Piece(NamedTuple):
    """Headline, paragraphs, risks and what to watch of one intent."""

    headline: str
    paragraphs: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        headline: str,
        *paragraphs: Sequence[str],
        risks: Sequence[str] = (),
        watch: Sequence[str] = (),
    ) -> Piece:
        """Join the sentences of each paragraph, without empty ones and the headline."""
        texts = (
            " ".join(sentence for sentence in sentences if sentence and sentence != headline)
            for sentences in paragraphs
        )
        return cls(headline, tuple(text for text in texts if text), tuple(risks), tuple(watch))

    def with_paragraph(self, sentences: Sequence[str], *, first: bool = True) -> Piece:
        """Return the piece with one paragraph more, in front or at the end."""
        text = " ".join(sentences)
        if not text:
            return self
        both = (text, *self.paragraphs) if first else (*self.paragraphs, text)
        return self._replace(paragraphs=both)

    def opened_by(self, headline: str) -> Piece:
        """Return the piece under another headline; its own begins the first paragraph."""
        first = " ".join((self.headline, *self.paragraphs[:1]))
        return self._replace(headline=headline, paragraphs=(first, *self.paragraphs[1:]))

    def joined(self, other: Piece) -> Piece:
        """Return both pieces as one; the other's headline becomes part of its first paragraph."""
        lead = " ".join((other.headline, *other.paragraphs[:1])).strip()
        return Piece(
            self.headline,
            (*self.paragraphs, *((lead,) if lead else ()), *other.paragraphs[1:]),
            tuple(dict.fromkeys((*self.risks, *other.risks))),
            tuple(dict.fromkeys((*self.watch, *other.watch))),
        )
