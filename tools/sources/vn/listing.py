"""Which shares the exchange lists and the ICB sector and industry of each.

One answer may hold a code twice (a listed company and a foreign fund of the same name), codes of the ICB tree occur
at several levels (a provider's own level 1 uses numbers of level 2), and sectors arrive as ``500`` for ``0500``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from tools.sources.vn import answers
from tools.sources.vn.sectors import SECTORS, Sector

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tools.sources.vn.answers import Record

COLUMNS = ("symbol", "name", "sector", "kind", "industry")
FLOORS = {"HOSE": "HOSE", "HSX": "HOSE", "HNX": "HNX", "UPCOM": "UPCOM"}
SECTOR_LEVEL = 2
_SHARE = re.compile(r"[A-Z][A-Z0-9]{2}", re.ASCII)
_FUND = "QU"


class Tree(NamedTuple):
    """The ICB tree: (level, code) → names; a code alone is no key."""

    names: dict[tuple[int, str], Sector]


class Listing(NamedTuple):
    """Rows of the universe, one a share, with what was left out."""

    rows: pd.DataFrame
    notes: tuple[str, ...]


def is_share(symbol: str) -> bool:
    """Tell whether a symbol is one of a share: three characters; funds and warrants have more."""
    return _SHARE.fullmatch(symbol) is not None


def read_tree(records: Sequence[Record]) -> Tree:
    """Return the names of sectors and industries, from `name` (a code), `icbLevel`, `enSector`, `viSector`."""
    found: dict[tuple[int, str], Sector] = {}
    for record in records:
        key, level = answers.code(record.get("name")), answers.number(record.get("icbLevel"))
        name, name_vi = answers.text(record.get("enSector")), answers.text(record.get("viSector"))
        if key and level in (1, 2, 3, 4) and (name or name_vi):
            found.setdefault((int(level), key), Sector(name or name_vi, name_vi or name))
    return Tree(found)


def read_companies(
    records: Sequence[Record], tree: Tree, *, floor: str, industry_level: int
) -> Listing:
    """Return the shares of one floor with their sector (level 2) and industry (level 3 or 4, in English).

    A share whose sector is not of the standard is listed without one. A code that stands for two companies of the
    floor is left out.
    """
    rows: dict[str, tuple[str, str, str, str, str]] = {}
    twice: set[str] = set()
    for record in records:
        row = _company(record, tree, floor, industry_level)
        if row is None:
            continue
        symbol = row[0]
        if symbol in rows and rows[symbol] != row:
            twice.add(symbol)
        rows[symbol] = row
    kept = [row for symbol, row in sorted(rows.items()) if symbol not in twice]
    table = pd.DataFrame(kept, columns=list(COLUMNS))
    notes = answers.left_out(floor, "two companies share the code", sorted(twice))
    bare = table["symbol"][table["sector"] == ""]
    return Listing(table, notes + _bare(list(bare)))


def _company(
    record: Record, tree: Tree, floor: str, industry_level: int
) -> tuple[str, str, str, str, str] | None:
    symbol = answers.text(record.get("code")).upper()
    listed = FLOORS.get(answers.text(record.get("floor")).upper()) == floor
    fund = answers.text(record.get("comTypeCode")) == _FUND
    if not (listed and is_share(symbol)) or fund or record.get("isIndex") is True:
        return None
    sector = _level(record, SECTOR_LEVEL)[0]
    sector = sector if sector in SECTORS else ""
    key, own_name = _level(record, industry_level)
    known = tree.names.get((industry_level, key))
    name = answers.text(record.get("shortName")) or answers.text(record.get("name")) or symbol
    return symbol, name, sector, "stock", known.name if known else own_name


def _level(record: Record, level: int) -> tuple[str, str]:
    """Return the code and the name of a company's place at one level of the tree, empty where it has none."""
    place = record.get(f"icbLv{level}")
    if not isinstance(place, dict):
        return "", ""
    return answers.code(place.get("code")), answers.text(place.get("name"))


def read_stocks(records: Sequence[Record], *, floor: str) -> Listing:
    """Return the shares of VNDirect's list, whose sectors are Vietnamese names of ICB level 2 at best."""
    by_name = {one.name_vi.casefold(): key for key, one in SECTORS.items()}
    rows = {}
    for record in records:
        symbol = answers.text(record.get("code")).upper()
        if not is_share(symbol) or FLOORS.get(answers.text(record.get("floor")), floor) != floor:
            continue
        industry = answers.text(record.get("industryName"))
        sector = by_name.get(industry.casefold(), "")
        name = answers.text(record.get("shortName")) or answers.text(record.get("companyName"))
        rows[symbol] = (symbol, name or symbol, sector, "stock", industry)
    table = pd.DataFrame([rows[symbol] for symbol in sorted(rows)], columns=list(COLUMNS))
    return Listing(table, _bare(list(table["symbol"][table["sector"] == ""])))


def _bare(symbols: Sequence[str]) -> tuple[str, ...]:
    if not symbols:
        return ()
    shown = ", ".join(symbols[:3]) + (", …" if len(symbols) > 3 else "")
    return (f"{len(symbols)} shares without a known sector ({shown}).",)


def merge_names(rows: pd.DataFrame, taken: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows with every name once: a name that two symbols or a sector have is replaced by the symbol."""
    clash = rows["name"].str.casefold().duplicated(keep=False) | rows["name"].str.casefold().isin(
        [name.casefold() for name in taken.values()]
    )
    return rows.assign(name=rows["name"].where(~clash, rows["symbol"]))
