"""A simulated Vietnamese-style market whose generating process is known.

`days` is its calendar, `companies` what is listed on it, `process` the hidden state and the returns it moves,
`economy` the macro series, `trading` prices and flows as an exchange would publish them, `source` the market as a
whole, `kept` the market on disk, and `oracle` the best forecasts that can be made of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.sources.demo.source import DEFAULT_SEED, FIRST_END, Demo, export_folder

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from tools.sources.base import MarketData

__all__ = ["DEFAULT_SEED", "FIRST_END", "Demo", "export_folder", "generated"]

_held: dict[tuple[int, date], MarketData] = {}
"""The market opened last: the next conversation of a process asks for it again."""


def generated(seed: int, end: date, folder: Path | None = None) -> MarketData:
    """Return the simulated market, from `folder` where it is kept there, and keep it in memory."""
    from tools.sources.demo.kept import load_kept

    key = (seed, end)
    if key not in _held:
        market = load_kept(folder, seed, end) if folder else Demo(seed, end=end).load()
        _held.clear()
        _held[key] = market
    return _held[key]
