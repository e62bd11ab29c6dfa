"""A market one level finer: its industries stand where its sectors stand, and everything above works as before.

The industries are those that the universe names for its shares. A share without one takes no part in any, but stays
in a benchmark that is the weighted universe. A sector's fund is no fund of an industry: it becomes an index, unless it
names an industry itself, whose proxy it then is. Signals about sectors are left behind with them. The parent sector of
each industry stays in the columns `parent` and `parent_name`. What is kept of the finer market has a storage key of
its own.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, get_args

import pandas as pd

from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from datetime import date

    from tools.sources.base import Market, MarketData

Level = Literal["sector", "industry"]
LEVELS: tuple[Level, ...] = get_args(Level)
_APART = re.compile(r"[^a-z0-9]+")
_COLUMNS = ("name", "name_vi", "proxy", "parent", "parent_name")
_BARRED = str.maketrans("đĐ", "dD")


def at_level(data: MarketData, level: Level) -> MarketData:
    """Return a market at one of its levels; at ``sector`` it is the market itself.

    Raises
    ------
    UnusableInputError
        When the finer level is asked for and no share of the market has an industry.
    """
    if level == "sector":
        return data
    universe = data.universe
    named = universe["industry"].fillna("").str.strip()
    shares = universe["kind"] == "stock"
    if not (shares & (named != "")).any():
        raise UnusableInputError(
            f"industries in the market {data.market.id}, for the level industry",
            f"none among its {int(shares.sum())} shares"
            if shares.any()
            else "funds alone, no share",
            "Use --level sector, or fill in the column industry of its universe.",
        )
    codes = _codes(data, named[shares & (named != "")])
    finer = [
        codes.get((sector, name), "")
        for sector, name in zip(universe["sector"], named, strict=True)
    ]
    table = _universe(universe, finer)
    sectors = _sectors(data, codes, table)
    return replace(
        data,
        market=_market(data),
        sectors=sectors,
        universe=table,
        signals=_signals(data.signals, {*sectors.index, *table.index, "MARKET"}),
        memo={},
    )


def _codes(data: MarketData, named: pd.Series) -> dict[tuple[str, str], str]:
    """Return sector and industry → code; one name in two sectors is two industries."""
    parents = data.universe["sector"].reindex(named.index)
    pairs = sorted({(str(sector), str(name)) for sector, name in zip(parents, named, strict=True)})
    names = [name for _, name in pairs]
    taken = {str(symbol).casefold() for symbol in data.universe.index} | {"market", "macro"}
    codes: dict[tuple[str, str], str] = {}
    for sector, name in pairs:
        code = _slug(name) if names.count(name) == 1 else _slug(f"{name} {sector}")
        if code in taken:
            code = _slug(f"{code} industry {sector}")
        taken.add(code)
        codes[sector, name] = code
    return codes


def _slug(name: str) -> str:
    """Return a name in plain small letters, words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name.translate(_BARRED)).encode("ascii", "ignore")
    return _APART.sub("-", plain.decode().lower()).strip("-") or "industry"


def _universe(universe: pd.DataFrame, finer: list[str]) -> pd.DataFrame:
    """Return the universe with industries as sectors; a fund of a whole sector becomes an index."""
    table = universe.assign(sector=finer)
    homeless = (table["kind"] == "sector") & (table["sector"] == "")
    return table.assign(kind=table["kind"].mask(homeless, "index"))


def _sectors(
    data: MarketData, codes: dict[tuple[str, str], str], universe: pd.DataFrame
) -> pd.DataFrame:
    """Return the industries by code: `name`, `name_vi`, `proxy`, `parent`, `parent_name`."""
    names = [name for _, name in codes]
    funds = universe[universe["kind"] == "sector"]
    proxies = {str(code): str(symbol) for symbol, code in funds["sector"].items()}
    local = universe["industry_vi"] if "industry_vi" in universe else pd.Series(dtype=object)
    rows = []
    for (sector, name), code in codes.items():
        mine = universe.index[universe["sector"] == code]
        named_vi = next((str(word) for word in local.reindex(mine).dropna() if word), "")
        parent = str(data.sectors["name"].get(sector, sector))
        shown = name if names.count(name) == 1 or not parent else f"{name} ({parent})"
        rows.append((code, shown, named_vi, proxies.get(code, ""), sector, parent))
    table = pd.DataFrame(rows, columns=["sector", *_COLUMNS])
    return table.set_index("sector").sort_index()


def _left_out(data: MarketData) -> dict[str, date]:
    """Return the signals about sectors, and since when there has been anything to leave out."""
    if data.signals is None:
        return {}
    about = data.signals[data.signals["entity"].isin(set(data.sectors.index)).to_numpy()]
    first = about.groupby("name", observed=True, sort=True)["published_on"].min()
    return {str(name): day.date() for name, day in first.items()}


def _market(data: MarketData) -> Market:
    market = data.market
    key = hashlib.sha256(f"{market.storage_key}|industry".encode()).hexdigest()[:16]
    return replace(
        market,
        name=f"{market.name}, by industry",
        sector_scheme=f"{market.sector_scheme}, industries",
        storage_key=key,
        signals_left_out=_left_out(data),
    )


def _signals(signals: pd.DataFrame | None, known: set[str]) -> pd.DataFrame | None:
    """Return the signals that are about something this market has; None where none is."""
    if signals is None:
        return None
    kept = signals[signals["entity"].isin(known).to_numpy()].reset_index(drop=True)
    return kept if len(kept) else None
