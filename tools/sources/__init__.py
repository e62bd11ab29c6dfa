"""One file per provider, behind the one protocol of :mod:`tools.sources.base`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path

    from tools.sources.base import MarketData

__all__ = ["KNOWN_MARKETS", "open_market"]

KNOWN_MARKETS = ("demo", "industries", "folder:PATH")
"""What ``--market`` accepts; ``demo:SEED`` is the simulated market from another seed."""


def open_market(name: str, home: Path | None = None) -> MarketData:
    """Load a market by the name a reader gives it.

    Parameters
    ----------
    name
        One of :data:`KNOWN_MARKETS`.
    home
        Where sources may keep what they can make or fetch again; None keeps nothing.

    Raises
    ------
    UnusableInputError
        When there is no such market, or its data break the layout.
    """
    # Sources are imported when asked for: each brings its own readers.
    if name == "industries":
        from tools.sources.industries import Industries

        return Industries().load()
    scheme, _, path = name.partition(":")
    if scheme == "demo":
        return _demo(name, path, home)
    if scheme == "folder" and path:
        from tools.sources.folder import MarketFolder

        return MarketFolder(path).load()
    raise UnusableInputError(
        f"one of the markets {', '.join(KNOWN_MARKETS)}", repr(name), "Choose one of these."
    )


def _demo(name: str, seed: str, home: Path | None) -> MarketData:
    """Load the simulated market up to today, the seed written behind a colon or the usual one."""
    from datetime import UTC, datetime

    from tools.sources.demo import DEFAULT_SEED, generated

    if name != "demo" and not (seed.isascii() and seed.isdigit()):
        raise UnusableInputError(
            "a seed as a whole number, 0 or more, behind demo:", repr(name), "Write demo or demo:7."
        )
    end = datetime.now(UTC).astimezone().date()
    folder = home / "simulated" if home else None
    return generated(int(seed) if seed else DEFAULT_SEED, end, folder)
