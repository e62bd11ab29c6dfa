"""The day's trading of every share as Vietcap maps it by sector: prices, values, foreign trading, put-through.

Units of one record differ: `price` and foreign values are dong, `value` is million dong, the sector's change is
percent. Each is held against another of the same record (value against price times volume), so that a changed unit
shows before it is believed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from tools.sources.vn import answers, units
from tools.sources.vn.listing import is_share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tools.sources.http import Fetcher
    from tools.sources.vn.answers import Record

MILLION = 1e6
NUMBERS = {
    "price": ("price", 1.0),
    "reference": ("refPrice", 1.0),
    "volume": ("volume", 1.0),
    "value": ("value", MILLION),
    "buy_volume": ("foreignBuyVolume", 1.0),
    "sell_volume": ("foreignSellVolume", 1.0),
    "buy_value": ("foreignBuyValue", 1.0),
    "sell_value": ("foreignSellValue", 1.0),
    "block_volume": ("putThroughVolume", 1.0),
    "block_value": ("putThroughValue", 1.0),
}
"""Our column → the key of a record, and dong (or shares) in its unit."""
CHECKED = (("value", "volume"), ("buy_value", "buy_volume"), ("sell_value", "sell_volume"))
LEAST_CHANGE_PERCENT = 0.3
"""Sector changes below this are too small to tell percent from fractions by."""


class Heatmap(NamedTuple):
    """One session of all shares."""

    rows: pd.DataFrame
    """Indexed by symbol; the columns of `NUMBERS`, in dong and shares; NaN where not known."""
    changes: dict[str, float]
    """ICB code → the sector's change in percent."""
    notes: tuple[str, ...]


def read_heatmap(sectors: Sequence[Record], fetcher: Fetcher) -> Heatmap:
    """Return the shares of an answer by sector.

    Raises
    ------
    SourceDownError
        When no share is in it, or most contradict themselves: then a unit has changed.
    """
    changes, found = {}, {}
    for sector in sectors:
        key, change = answers.code(sector.get("icb_code")), sector.get("icbChangePercent")
        if key:
            changes[key] = answers.number(change)
        shares = sector.get("data")
        for record in shares if isinstance(shares, list) else []:
            if isinstance(record, dict) and is_share(answers.text(record.get("symbol"))):
                found[answers.text(record["symbol"])] = _numbers(record)
    if not found:
        raise fetcher.down("a heatmap without a share")
    table = pd.DataFrame.from_dict(found, orient="index", columns=list(NUMBERS))
    table.index.name = "symbol"
    return _checked(table.sort_index(), changes, fetcher)


def _numbers(record: Record) -> list[float]:
    return [answers.number(record.get(key)) * unit for key, unit in NUMBERS.values()]


def _checked(table: pd.DataFrame, changes: dict[str, float], fetcher: Fetcher) -> Heatmap:
    """Leave out the shares whose numbers contradict each other."""
    price = table["price"].to_numpy(dtype=np.float64)
    traded = price > 0
    usual = units.SHARE_VND
    wrong = traded & ((price < usual.low) | (price > usual.high))
    wrong |= units.thousands(table["reference"].to_numpy() / np.where(traded, price, np.nan)) != 0
    for value, volume in CHECKED:
        wrong |= _contradict(table, value, volume)
    wrong |= (table < 0).any(axis=1).to_numpy()
    if wrong.sum() > traded.sum() / 2:
        raise fetcher.down("a heatmap in which prices, volumes and values contradict each other")
    blocks = _contradict(table, "block_value", "block_volume")
    table = table.assign(block_value=table["block_value"].where(~blocks))
    notes = answers.left_out(
        "heatmap", "their numbers contradict each other", table.index[wrong]
    ) + answers.left_out("heatmap", "they have no price", table.index[~traded & ~wrong])
    return Heatmap(table[traded & ~wrong], changes, notes)


def _contradict(table: pd.DataFrame, value: str, volume: str) -> units.Bools:
    columns = (table[name].to_numpy(dtype=np.float64) for name in (value, "price", volume))
    return ~units.agree(*columns)


def flow_rows(heatmap: Heatmap, symbols: Sequence[str], day: pd.Timestamp) -> pd.DataFrame:
    """Return foreign buying and selling of `symbols` on `day`, in dong; shares without both are left out."""
    known = heatmap.rows.reindex(list(symbols)).dropna(subset=["buy_value", "sell_value"])
    return pd.DataFrame(
        {
            "symbol": known.index.astype(object),
            "observed_on": day,
            "published_on": day,
            "foreign_buy_value": known["buy_value"].to_numpy(),
            "foreign_sell_value": known["sell_value"].to_numpy(),
        }
    )


def block_rows(heatmap: Heatmap, symbols: Sequence[str], day: pd.Timestamp) -> pd.DataFrame:
    """Return what changed hands off the order book: the signal `block_trades`, in dong."""
    known = heatmap.rows.reindex(list(symbols))
    known = known[known["block_value"] > 0]
    return pd.DataFrame(
        {
            "name": "block_trades",
            "entity": known.index.astype(object),
            "observed_on": day,
            "published_on": day,
            "value": known["block_value"].to_numpy(),
            "unit": "VND",
        }
    )


def unit_notes(percent: Mapping[str, float], fraction: Mapping[str, float]) -> tuple[str, ...]:
    """Hold the sectors' changes in percent against the same as fractions, and say when they are not.

    Only sectors that moved enough to tell are compared; one in two may differ, since the two are stamped apart.
    """
    ratios = [
        percent[key] / fraction[key]
        for key in percent
        if abs(percent[key]) >= LEAST_CHANGE_PERCENT and fraction.get(key)
    ]
    usable = [ratio for ratio in ratios if np.isfinite(ratio)]
    if not usable or 50 <= float(np.median(usable)) <= 200:
        return ()
    return (
        "Sector changes in the heatmap are not 100 times those of the sector page; "
        "one of them has changed its unit. Neither is used.",
    )
