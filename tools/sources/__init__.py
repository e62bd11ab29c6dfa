"""One file per provider, behind the one protocol of :mod:`tools.sources.base`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tools.sources.base import MarketData
    from tools.sources.feeds import LiveMarket
    from tools.sources.levels import Level
    from tools.sources.us import Secret

__all__ = ["INSTALL_LIVE", "KNOWN_MARKETS", "LIVE_MARKETS", "live_market", "open_market"]

KNOWN_MARKETS = ("demo", "us", "vn", "industries", "folder:PATH")
"""What ``--market`` accepts; ``demo:SEED`` is the simulated market from another seed."""
LIVE_MARKETS = ("us", "vn")
"""Markets that are synced into a history and opened from it."""
INSTALL_LIVE = 'Install the extra live (pip install -e ".[live]" -c constraints.txt in a clone).'
"""What to do where a package that only live markets need is missing."""


def open_market(name: str, home: Path | None = None, level: Level = "sector") -> MarketData:
    """Load a market by the name a reader gives it.

    Parameters
    ----------
    name
        One of :data:`KNOWN_MARKETS`.
    home
        Where sources may keep what they can make or fetch again, and where the histories of live markets are; None
        keeps nothing.
    level
        ``industry`` puts the market's industries where its sectors stand.

    Raises
    ------
    UnusableInputError
        When there is no such market, or its data break the layout, or it has no industries and they are asked for.
    SourceDownError
        When a live market has not been synced, or its history is damaged.
    """
    data = _opened(name, home)
    if level == "sector":
        return data
    from tools.sources.levels import at_level

    if name.partition(":")[0] == "demo":
        from tools.sources.demo.industries import with_industries

        data = with_industries(data)
    return at_level(data, level)


def _opened(name: str, home: Path | None) -> MarketData:
    # Sources are imported when asked for: each brings its own readers.
    if name == "industries":
        from tools.sources.industries import Industries

        return Industries().load()
    if name in LIVE_MARKETS:
        return _synced(name, home)
    scheme, _, path = name.partition(":")
    if scheme == "demo":
        return _demo(name, path, home)
    if scheme == "folder" and path:
        from tools.sources.folder import MarketFolder

        return MarketFolder(path).load()
    raise UnusableInputError(
        f"one of the markets {', '.join(KNOWN_MARKETS)}", repr(name), "Choose one of these."
    )


def live_market(
    name: str,
    keys: Mapping[str, Secret] | None = None,
    last_closes: Mapping[str, float] | None = None,
) -> LiveMarket:
    """Return a market that is synced from its providers; nothing is asked yet.

    Parameters
    ----------
    name
        One of :data:`LIVE_MARKETS`.
    keys
        Name of a secret variable, such as ``FRED_API_KEY``, → its value; what a provider needs and is not there is
        done without.
    last_closes
        Symbol → its newest stored close, which a market may hold a new one against.

    Raises
    ------
    UnusableInputError
        When the market is not one that is synced.
    """
    fred_key = (keys or {}).get("FRED_API_KEY")
    if name == "vn":
        from tools.sources.vn import vn_market

        return vn_market(last_closes=last_closes, fred_key=fred_key)
    if name == "us":
        from tools.sources.us import us_market

        return us_market(fred_key=fred_key)
    raise UnusableInputError(
        f"a market that is synced, {' or '.join(LIVE_MARKETS)}", repr(name), "Choose one of these."
    )


def _synced(name: str, home: Path | None) -> MarketData:
    """Load a live market from its history."""
    from tools.store import open_history

    if home is None:
        raise UnusableInputError(
            f"a home folder that keeps the history of the market {name}",
            "none",
            "Set SECTORVANE_HOME.",
        )
    with open_history(home, live_market(name).market) as store:
        return store.market_data()


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
