"""The reader's mandate: which sectors they may hold, and how far a call may move a weight.

`resolving` reads the settings against a market's names; `narrowing` cuts what prose is made of to those sectors;
`tilts` turns calls into weights. Nothing here changes a score: the scorecard stays that of the whole market.
"""

from __future__ import annotations

__all__: list[str] = []
