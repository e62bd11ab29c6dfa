"""The thumbs below an answer: what a press says; votes themselves are kept in :mod:`agent.votes`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent.slack.blocks.buttons import DOWN, UP
from agent.votes import Votes
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from agent.votes import Choice

__all__ = ["Votes", "read_vote"]

VALUE = re.compile(rf"(?P<vote>{UP}|{DOWN}) (?P<run>[\w.-]{{1,100}})")


def read_vote(value: str) -> tuple[str, Choice]:
    """Return the run and the vote of a press on one of the thumbs.

    Raises
    ------
    UnusableInputError
        When the value is not one that :func:`agent.slack.blocks.buttons.feedback` writes.
    """
    match = VALUE.fullmatch(value)
    if match is None:
        raise UnusableInputError(
            "the value of a feedback button", repr(value[:50]), "Ask the question again."
        )
    return match["run"], "up" if match["vote"] == UP else "down"
