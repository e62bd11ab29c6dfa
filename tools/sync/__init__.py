"""Bringing a live market's history up to date: which feeds to ask, at what pace, and what became of each.

It knows feeds and the store, no provider and no terminal.
"""

from __future__ import annotations

__all__: list[str] = []
