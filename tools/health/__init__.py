"""What is wrong with a market's data as of a day: which feeds fail, which series fall silent, what tools can answer.

Everything here reads a view and never an as-of of its own; nothing here may import :mod:`tools.scoring` or a tool.
"""

from __future__ import annotations

__all__: list[str] = []
