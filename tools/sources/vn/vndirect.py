"""VNDirect's public endpoints: foreign trading of every share since 2018, the listing, and charts as a second source.

Foreign values are dong and volumes shares; charts of shares are in thousands of dong. Answers come page by page.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from tools.sources.vn import answers, units
from tools.sources.vn.addresses import VNDIRECT
from tools.sources.vn.listing import is_share

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tools.sources.http import Fetcher
    from tools.sources.vn.answers import Record

PROVIDER = VNDIRECT
HEADERS = {
    "Accept": "application/json",
    "Origin": "https://dchart.vndirect.com.vn",
    "Referer": "https://dchart.vndirect.com.vn/",
    "User-Agent": "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0 Safari/537.36",
}
FIRST_FLOW_DAY = date(2018, 8, 30)
"""Nothing is known of foreign trading before."""
CHART_UNIT = 1000.0
"""Dong in the unit of its charts."""
PAGE = 10_000
MAX_PAGES = 50
NET_TOLERANCE = 0.01
FLOW_COLUMNS = ("symbol", "observed_on", "published_on", "foreign_buy_value", "foreign_sell_value")


class Flows(NamedTuple):
    """Foreign buying and selling, one row a share and day, in dong."""

    rows: pd.DataFrame
    notes: tuple[str, ...]


class VnDirect(NamedTuple):
    """Asks VNDirect's two hosts."""

    finfo: Fetcher
    dchart: Fetcher

    def foreigns(self, floor: str, first: date, last: date) -> list[Record]:
        """Return the records of all shares of a floor from `first` to `last`; none where nothing was traded."""
        when = f"tradingDate:gte:{first}~tradingDate:lte:{last}"
        if first == last:
            when = f"tradingDate:{first}"
        query = f"floor:{floor}~type:STOCK~{when}"
        return self._pages("v4/foreigns", {"q": query, "sort": "tradingDate"})

    def stocks(self, floor: str) -> list[Record]:
        """Return the listed shares of a floor."""
        query = f"type:STOCK~status:LISTED~floor:{floor}"
        found = self._pages("v4/stocks", {"q": query})
        if not found:
            raise self.finfo.down("an empty list of shares")
        return found

    def chart(self, symbol: str, first: date, last: date) -> Record:
        """Return the arrays of one instrument's daily bars."""
        params: dict[str, str | int | float] = {
            "symbol": symbol,
            "resolution": "D",
            "from": answers.epoch(first),
            "to": answers.epoch(last) + 86_400,
        }
        answer = self.dchart.json("dchart/history", params)
        if not isinstance(answer, dict):
            raise self.dchart.down("a chart that is no object")
        status = answer.get("s")
        if status != "ok":
            raise self.dchart.down(f"a chart of {symbol} with the status {status!r:.40}")
        return answer

    def _pages(self, path: str, params: dict[str, str | int | float]) -> list[Record]:
        """Return the records of every page; a page that repeats or is missing is refused."""
        found: list[Record] = []
        for page in range(1, MAX_PAGES + 1):
            answer = self.finfo.json(path, {**params, "size": PAGE, "page": page})
            if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
                raise self.finfo.down("an answer without a list called data")
            records = [one for one in answer["data"] if isinstance(one, dict)]
            found += records
            pages, total = (
                answers.number(answer.get(key)) for key in ("totalPages", "totalElements")
            )
            more = page < pages if np.isfinite(pages) else len(records) == PAGE
            if not more or not records:
                if np.isfinite(total) and total != len(found):
                    raise self.finfo.down(f"{len(found)} of {total:.0f} records")
                return found
        raise self.finfo.down(f"more than {MAX_PAGES} pages")


def read_flows(
    records: Sequence[Record],
    *,
    symbols: Collection[str],
    first: date,
    last: date,
    fetcher: Fetcher,
) -> Flows:
    """Return foreign buying and selling of `symbols` from `first` to `last`.

    Raises
    ------
    SourceDownError
        When records came and most of them contradict themselves or none can be read: a key or a unit has changed.
    """
    table = _flow_table([record for record in records if _wanted(record, symbols)])
    undated = table["observed_on"].isna() | ~table["observed_on"].between(
        pd.Timestamp(first), pd.Timestamp(last)
    )
    sides = table[["foreign_buy_value", "foreign_sell_value"]]
    unknown = ~undated & sides.isna().any(axis=1)
    wrong = ~undated & ~unknown & _contradicting(table)
    if len(table) and (undated | unknown | wrong).mean() > 0.5:
        raise fetcher.down("foreign trading in other keys, days or units than documented")
    if records and not any(answers.text(record.get("code")) for record in records):
        raise fetcher.down("foreign trading without codes of shares")
    notes: tuple[str, ...] = ()
    for bad, why in (
        (undated, "their day was not asked for"),
        (unknown, "buying or selling is missing"),
        (wrong, "their numbers contradict each other"),
    ):
        days = table["observed_on"][bad].dt.strftime("%Y-%m-%d").fillna("without a day")
        names = table["symbol"][bad] + " " + days
        notes += answers.left_out("foreign trading", why, names)
    table = table[~(undated | unknown | wrong)].drop_duplicates()
    twice = table.duplicated(["symbol", "observed_on"], keep=False)
    notes += answers.left_out("foreign trading", "two rows for one day", table["symbol"][twice])
    table = table[~twice].sort_values(["observed_on", "symbol"], ignore_index=True)
    return Flows(table[list(FLOW_COLUMNS)], notes)


def _wanted(record: Record, symbols: Collection[str]) -> bool:
    symbol = answers.text(record.get("code"))
    return is_share(symbol) and symbol in symbols


def _flow_table(records: Sequence[Record]) -> pd.DataFrame:
    days = pd.Series([answers.day(one.get("tradingDate")) for one in records], dtype=object)
    table = pd.DataFrame({"symbol": [answers.text(one["code"]) for one in records]}, dtype=object)
    table["observed_on"] = pd.to_datetime(days)
    table["published_on"] = table["observed_on"]
    for column, key in (
        ("foreign_buy_value", "buyVal"),
        ("foreign_sell_value", "sellVal"),
        ("net", "netVal"),
        ("buy_volume", "buyVol"),
        ("sell_volume", "sellVol"),
    ):
        table[column] = answers.numbers([one.get(key) for one in records])
    return table


def _contradicting(table: pd.DataFrame) -> pd.Series:
    """Mark negative values, a net that is not buying minus selling, and prices per share that no share has."""
    buy, sell = table["foreign_buy_value"], table["foreign_sell_value"]
    net = table["net"].fillna(buy - sell)
    off = (net - (buy - sell)).abs() > NET_TOLERANCE * pd.concat([buy, sell], axis=1).max(axis=1)
    bad = (buy < 0) | (sell < 0) | off
    usual = units.SHARE_VND
    for value, volume in ((buy, table["buy_volume"]), (sell, table["sell_volume"])):
        paid = value / volume.where(volume > 0)
        bad |= (paid < usual.low) | (paid > usual.high)
        bad |= (volume < 0) | ((volume == 0) & (value > 0)) | ((volume > 0) & (value == 0))
    return bad
