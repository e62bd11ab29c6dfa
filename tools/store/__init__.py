"""The history of a market: what was observed, when it was published and when it was retrieved; nothing is forgotten.

It knows nothing of providers (:mod:`tools.sources`) and nothing of what is computed from a market.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tools.errors import SourceDownError
from tools.sources import INSTALL_LIVE

if TYPE_CHECKING:
    from pathlib import Path

    from tools.sources.base import Market
    from tools.store.history import HistoryStore

__all__ = ["history_folder", "open_history"]

_FOLDER = "history"


def history_folder(home: Path, storage_key: str) -> Path:
    """Return where the history and the journal of a market are kept, made or not."""
    key = storage_key or hashlib.sha256(b"unnamed").hexdigest()[:16]
    return home / _FOLDER / key


def open_history(home: Path, market: Market, *, write: bool = False) -> HistoryStore:
    """Open the history that a home keeps of a market; see :meth:`tools.store.history.HistoryStore.open`.

    Raises
    ------
    SourceDownError
        Also where the database is not installed, which only live markets need.
    """
    try:
        from tools.store.history import HistoryStore
    except ModuleNotFoundError as error:
        raise SourceDownError(
            f"The market {market.id} needs the package {error.name}, which is not installed. {INSTALL_LIVE}"
        ) from error
    return HistoryStore.at(home, market, write=write)
