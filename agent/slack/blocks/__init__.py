"""Briefs as messages of native Slack blocks, and the check that they keep to Slack's limits.

Imports neither Slack's libraries nor anything of the app around it.
"""

from __future__ import annotations

from agent.slack.blocks.brief import brief_messages
from agent.slack.blocks.buttons import ASK, CHOOSE, FEEDBACK, UNSUBSCRIBE
from agent.slack.blocks.checking import problems, view_problems
from agent.slack.blocks.model import Attachment, Block, SlackMessage
from agent.slack.blocks.plain import plain_text
from agent.slack.blocks.text import neutralise

__all__ = [
    "ASK", "CHOOSE", "FEEDBACK", "UNSUBSCRIBE", "Attachment", "Block", "SlackMessage",
    "brief_messages", "neutralise", "plain_text", "problems", "view_problems",
]  # fmt: skip
