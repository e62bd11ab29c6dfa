"""Money that flows into and out of the sector funds: the change of their shares outstanding times their value.

State Street publishes each fund's history as a workbook: some lines about the fund, then a table with the date, the
net asset value of a share, shares outstanding and total net assets, the newest first; a dash where nothing is known.
Nothing in it is adjusted for splits.

This is *fund* flow, from anyone anywhere; it says nothing of foreigners, and is therefore a signal (`etf_flow` in
USD, `etf_flow_ratio` as a fraction of the fund's shares) and no row of the flow table. A day's figures are published
the next business day.

What cannot be right is left out: a row whose net assets are not its shares times their value (one of the three is in
another unit then), and a flow between days that do not follow each other. A split multiplies shares and divides
their value; it is told by both, and is no flow.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.errors import SourceDownError
from tools.sources import INSTALL_LIVE
from tools.sources.feeds import Batch

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from tools.sources.http import Fetcher

    Floats = npt.NDArray[np.float64]

PROVIDER = "SSGA"
URL = "https://www.ssga.com/library-content/products/fund-data/etfs/us"
FLOW, FLOW_RATIO = "etf_flow", "etf_flow_ratio"
LAG_WEEKDAYS = 1
TOLERANCE = 0.02
"""Largest difference between net assets and shares times their value, as a fraction."""
LONGEST_GAP_DAYS = 7
SPLITS = (1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0)
SPLIT_VALUE_TOLERANCE, SPLIT_SHARES_TOLERANCE = 0.15, 0.25
"""How far a day's move may take the value, and a day's flow the shares, from what the split alone does."""
LARGEST_CHANGE = 0.5
"""Shares that change by more of themselves in a day without a split are not believed."""
DATE_FORMATS = ("%d-%b-%Y", "%d %b %Y", "%b %d, %Y", "%m/%d/%Y", "%Y-%m-%d")
COLUMNS: dict[str, tuple[str, ...]] = {
    "date": ("date", "as of date"),
    "nav": ("nav", "net asset value", "nav per share"),
    "shares": ("shares outstanding",),
    "assets": ("total net assets", "net assets"),
}
"""Ours → what the workbook may call it, without case, spaces around and a unit in brackets."""


@dataclass(frozen=True, kw_only=True)
class FundFlowFeed:
    """The flow of one fund."""

    symbol: str
    entity: str
    """The sector that the fund stands for, or MARKET."""
    site: Fetcher

    @property
    def key(self) -> str:
        """What progress is remembered under."""
        return f"ssga/signals/{self.symbol}"

    @property
    def provider(self) -> str:
        """Who answers."""
        return PROVIDER

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:
        """Bring what is newer than `since`; the workbook always holds everything."""
        content = self.site.bytes(f"navhist-us-en-{self.symbol.lower()}.xlsx")
        table, notes = read_workbook(content, symbol=self.symbol, site=self.site)
        flow, ratio = fund_flow(table)
        notes += _unbelieved(table, flow)
        table = table.assign(flow=flow, ratio=ratio).dropna(subset=["flow"])
        table = table[table["date"] <= pd.Timestamp(until)]
        if since is not None:
            table = table[table["date"] > pd.Timestamp(since) - pd.Timedelta(days=LONGEST_GAP_DAYS)]
        if table.empty:
            return
        named = tuple(f"{self.symbol}: {note}" for note in notes)
        yield Batch(table="signals", rows=_signals(table, self.entity), notes=named)


def read_workbook(
    content: bytes, *, symbol: str, site: Fetcher
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read a fund's history.

    Returns
    -------
    DataFrame
        `date`, `nav` (USD), `shares`, `assets` (USD), oldest first, and `follows`: whether the row before it in the
        workbook is the row before it here.
    tuple of str
        What was left out.

    Raises
    ------
    SourceDownError
        When this is no workbook, another fund's, or none of its rows can be used.
    """
    lines = _lines(content, site)
    top = next((i for i, line in enumerate(lines) if _columns(line)), None)
    if top is None:
        raise site.down(f"a workbook of {symbol} without the columns {', '.join(COLUMNS)}")
    _require_symbol(lines[:top], symbol, site)
    columns = _columns(lines[top])
    rows = [[line[columns[name]] for name in COLUMNS] for line in lines[top + 1 :]]
    if any(_day(row[0]) is None and _number(row[1]) == _number(row[1]) for row in rows):
        raise site.down(f"a workbook of {symbol} with days that are none")
    rows = [row for row in rows if _day(row[0]) is not None]
    table = pd.DataFrame(
        {"date": [_day(row[0]) for row in rows]}
        | {name: [_number(row[i]) for row in rows] for i, name in enumerate(COLUMNS) if i}
    )
    table["date"] = pd.to_datetime(table["date"]).astype("datetime64[us]")
    days = table["date"]
    if not (days.is_monotonic_decreasing or days.is_monotonic_increasing):
        raise site.down(f"a workbook of {symbol} with days out of order")
    return _usable(table.sort_values("date", kind="stable", ignore_index=True), symbol, site)


def _lines(content: bytes, site: Fetcher) -> list[list[object]]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        raise SourceDownError(
            "Fund flows of the market us are read with python-calamine, which is not installed. "
            f"{INSTALL_LIVE}"
        ) from error
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [list(line) for line in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]
    except (CalamineError, ValueError, IndexError, OSError) as error:
        raise site.down("a file that is no workbook") from error


def _columns(line: list[object]) -> dict[str, int]:
    """Return where each column stands in a header line; empty where it is no header."""
    words = [str(cell).partition("(")[0].strip().lower() for cell in line]
    found = {
        name: words.index(word)
        for name, known in COLUMNS.items()
        for word in known
        if word in words
    }
    return found if len(found) == len(COLUMNS) else {}


def _require_symbol(lines: list[list[object]], symbol: str, site: Fetcher) -> None:
    for line in lines:
        if line and str(line[0]).strip().lower().startswith("ticker") and len(line) > 1:
            came = str(line[1]).strip(" ®™").upper()
            if came != symbol:
                raise site.down(f"a workbook of another fund than {symbol}")


def _day(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, str):
        for form in DATE_FORMATS:
            try:
                return datetime.strptime(cell.strip(), form).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
    return None


def _number(cell: object) -> float:
    """Return a cell's number; NaN for a dash and whatever else is none."""
    if isinstance(cell, bool):
        return float("nan")
    if isinstance(cell, int | float):
        return float(cell) if np.isfinite(cell) else float("nan")
    if isinstance(cell, str):
        plain = cell.strip().replace(",", "").removeprefix("$")
        if plain.replace(".", "", 1).isdecimal() and plain.isascii():
            return float(plain)
    return float("nan")


def _usable(
    table: pd.DataFrame, symbol: str, site: Fetcher
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    known = table[["nav", "shares", "assets"]].notna().all(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        off = np.abs(table["nav"] * table["shares"] / table["assets"] - 1.0)
    right = known & (off <= TOLERANCE) & (table[["nav", "shares"]] > 0).all(axis=1)
    right &= ~table["date"].duplicated(keep=False)
    if not right.any():
        raise site.down(f"no row of {symbol} whose assets are its shares times their value")
    wrong = known & ~right
    notes = []
    if wrong.any():
        notes.append(
            f"{wrong.sum()} rows whose assets are not shares times value left out, "
            f"the last of {table['date'][wrong].max():%Y-%m-%d}"
        )
    if 2 * wrong.sum() > known.sum():
        raise site.down(f"most rows of {symbol} in units that do not fit each other")
    follows = right & right.shift(1, fill_value=False)
    follows &= table["date"].diff() <= pd.Timedelta(days=LONGEST_GAP_DAYS)
    return table.assign(follows=follows)[right].reset_index(drop=True), tuple(notes)


def fund_flow(table: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return each day's flow in USD and as a fraction of the shares before it.

    Parameters
    ----------
    table
        `nav`, `shares` and `follows`, oldest first.

    Returns
    -------
    ndarray of shape (n_days,)
        USD; NaN on a day that does not follow the one before it, and where the change is not believed.
    ndarray of shape (n_days,)
        The same as a fraction.

    Examples
    --------
    >>> table = pd.DataFrame({"nav": [50.0, 51.0], "shares": [100.0, 110.0], "follows": [False, True]})
    >>> fund_flow(table)[0].tolist()
    [nan, 510.0]
    """
    nav, shares = table["nav"].to_numpy(), table["shares"].to_numpy()
    before = np.append(np.nan, shares[:-1])
    by_value, by_shares = np.append(np.nan, nav[1:] / nav[:-1]), shares / before
    split = np.ones(len(table))
    for ratio in (*SPLITS, *(1.0 / s for s in SPLITS)):
        told = np.abs(by_value * ratio - 1.0) <= SPLIT_VALUE_TOLERANCE
        told &= np.abs(by_shares / ratio - 1.0) <= SPLIT_SHARES_TOLERANCE
        split = np.where(told, ratio, split)
    change = shares - before * split
    ratio_of_change = change / (before * split)
    believed = table["follows"].to_numpy() & (np.abs(ratio_of_change) <= LARGEST_CHANGE)
    return np.where(believed, change * nav, np.nan), np.where(believed, ratio_of_change, np.nan)


def _unbelieved(table: pd.DataFrame, flow: Floats) -> tuple[str, ...]:
    doubted = table["follows"].to_numpy() & np.isnan(flow)
    if not doubted.any():
        return ()
    last = table["date"][doubted].max()
    return (f"{doubted.sum()} changes of shares too large to be flow, the last on {last:%Y-%m-%d}",)


def _signals(table: pd.DataFrame, entity: str) -> pd.DataFrame:
    observed = table["date"].to_numpy()
    published = np.busday_offset(observed.astype("datetime64[D]"), LAG_WEEKDAYS, roll="backward")
    parts = [
        pd.DataFrame(
            {
                "name": name,
                "entity": entity,
                "observed_on": observed,
                "published_on": published.astype("datetime64[us]"),
                "value": table[column].to_numpy(),
                "unit": unit,
            }
        )
        for name, column, unit in ((FLOW, "flow", "USD"), (FLOW_RATIO, "ratio", "fraction"))
    ]
    return pd.concat(parts, ignore_index=True)
