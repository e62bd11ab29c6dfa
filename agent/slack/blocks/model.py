"""What is posted to Slack: a text for notifications and screen readers, blocks, and perhaps a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

Block = dict[str, Any]
"""One block of Slack's Block Kit, as its JSON."""


class Attachment(NamedTuple):
    """A file that goes with a message."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class SlackMessage:
    """One message.

    Attributes
    ----------
    text
        What a notification and a screen reader say, safe as it is.
    blocks
        What is shown.
    file
        The whole brief as Markdown, to be uploaded to the same thread; None where the blocks say
        everything.
    """

    text: str
    blocks: tuple[Block, ...]
    file: Attachment | None = None
