"""Slack: the same conversation in channels, threads and direct messages.

Nothing outside this folder and its command imports it, and only ``app``, ``listening`` and
``sending`` import Slack's libraries, which come with the extra ``slack``.
"""

from __future__ import annotations

__all__: list[str] = []
