"""Whether a text says only what the facts say.

A check that every number occurs among the facts is no guard: true numbers given to the wrong sector, window or
direction pass it. So a text is read back into claims. Every value must be a fact of the entity, window and metric of
its clause; direction, rank, quadrant, call and confidence words must agree with the facts they speak of; and a claim
that cannot be read is a problem too, because the composer writes only sentences that can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.reviewing.binding import Bound, Context
from agent.brief.reviewing.directions import check_directions
from agent.brief.reviewing.ground import Ground, plain
from agent.brief.reviewing.labels import check_labels
from agent.brief.reviewing.marks import marks_in
from agent.brief.reviewing.page import prose_of
from agent.brief.reviewing.ranks import check_ranks
from agent.brief.reviewing.sentences import sentences_of
from agent.brief.reviewing.values import check_values
from agent.brief.reviewing.words import Window
from agent.brief.slots import THEN, slots_in

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest, Draft

__all__ = ["review_draft", "review_markdown", "review_prose"]


def review_draft(draft: Draft, request: ComposeRequest) -> tuple[str, ...]:
    """Return what is wrong with a draft that still has its slots.

    Parameters
    ----------
    draft
        What a brain wrote.
    request
        What it was given.

    Returns
    -------
    tuple of str
        One sentence a problem, each with the text and what the facts say; empty: the draft passed.
    """
    ground = _ground(request)
    parts = (draft.headline, *draft.paragraphs, *draft.risks, *draft.watch)
    found = [problem for part in parts for problem in _problems(part, ground)]
    if any(slot.id.startswith(THEN) for slot in slots_in(draft.headline)):
        found.append("the headline speaks of the earlier date; say first what holds today")
    return tuple(found)


def review_markdown(markdown: str, request: ComposeRequest) -> tuple[str, ...]:
    """Return what is wrong with a rendered brief.

    Tables, ranking, rationale, gaps and sources must be exactly what the facts render to; the prose between them is
    read back into claims.
    """
    ground = _ground(request)
    problems, prose = prose_of(markdown, request)
    return (*problems, *(problem for part in prose for problem in _problems(part, ground)))


def review_prose(text: str, request: ComposeRequest) -> tuple[str, ...]:
    """Return what is wrong with a paragraph of rendered prose."""
    return tuple(_problems(text, _ground(request)))


_LATEST: list[Ground] = []
"""The ground of the request reviewed last: a draft, its repair and its rendering are reviewed one after the other."""


def _ground(request: ComposeRequest) -> Ground:
    latest = _LATEST[-1:]
    if latest and latest[0].request is request:
        return latest[0]
    ground = Ground(request)
    _LATEST[:] = [ground]
    return ground


def _problems(text: str, ground: Ground) -> list[str]:
    text = plain(text)
    problems: list[str] = []
    context = Context()
    for sentence in sentences_of(text, marks_in(text, ground)):
        bound = Bound(sentence, context)
        for check in (check_values, check_directions, check_labels, check_ranks):
            problems += check(bound, ground)
        context = _after(bound)
    return list(dict.fromkeys(problems))


def _after(bound: Bound) -> Context:
    """Return what the next sentence may leave out: the first name of this one and its last window."""
    names = [mark.value for mark in bound.sentence.marks("entity")]
    windows = [mark.value for mark in bound.sentence.marks("window")]
    subject = next((name for name in names if isinstance(name, frozenset)), bound.context.subject)
    window = next((w for w in reversed(windows) if isinstance(w, Window)), bound.context.window)
    return Context(subject, window)
