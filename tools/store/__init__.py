"""The history of a market: what was observed, when it was published and when it was retrieved; nothing is forgotten.

It knows nothing of providers (:mod:`tools.sources`) and nothing of what is computed from a market.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["history_folder"]

_FOLDER = "history"


def history_folder(home: Path, storage_key: str) -> Path:
    """Return where the history and the journal of a market are kept, made or not."""
    key = storage_key or hashlib.sha256(b"unnamed").hexdigest()[:16]
    return home / _FOLDER / key
