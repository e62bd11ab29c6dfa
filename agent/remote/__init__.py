"""Remote MCP servers as sources of tools: what is asked of them, at what pace, and what of it counts.

A remote answer is data of a stranger. It is asked for within a quota, journalled with its dates,
turned into facts only where the settings give it a unit, and shown as a quotation everywhere else.
"""

from __future__ import annotations

__all__: list[str] = []
