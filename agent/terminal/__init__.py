"""The conversation in a terminal: reading questions, progress, answers and slash commands.

Nothing here computes: questions go to a conversation, and briefs come back and are rendered.
"""

from __future__ import annotations
