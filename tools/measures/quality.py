"""Rows that cannot be believed, decided from earlier rows only.

Each rule has a named finding; what it names is not used.

``jump``
    A close more than eight times its base, or less than an eighth of it. The base is the row's own
    `previous_close`, so that a corporate action the market publishes explains itself, else the last used close.
    Without a `previous_close` the price stays unused until it returns, or until three rows in a row hold the new
    level (each within a factor of two of the one before): then that row is used again and the return across the
    jump is missing.
``flat_line``
    A feed that repeats itself: the same high, low, close and non-zero volume with high above low on more than five
    rows; the same one-price bar and non-zero volume on more than ten, since small shares do repeat; for an index or
    a fund, the same close on more than five traded rows. Rows beyond these are unused until the price moves. A
    share that rests at one price with changing or no volume is real: many sit at a market's floor for months.
``repeated_day``
    Most of a market's bars are those of the row before, volume included: a day that was written twice. Its repeated
    rows are unused.
``unit_change``
    A traded value, or the trading or foreign flow of a whole market, in another unit (:mod:`tools.measures.units`).
    The price of such a row is used, its volume and value are not; such a day's flows are unknown, not zero. So is
    a share's price times its listed shares, which then gives it no weight in its sector.
``flow_above_value``
    Foreigners bought or sold for more than the symbol's whole traded value of that day.

The thresholds are wide on purpose: on real markets of shares, funds and indices only ``flow_above_value`` fires.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tools.contracts import MARKET_ENTITY
from tools.measures.calendar import as_days, numbered
from tools.measures.units import shifted_days, shifted_values
from tools.sources.base import Finding

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Bools = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]

LARGEST_RATIO = 8.0
CONFIRMING_ROWS = 3
SAME_LEVEL = 2.0
REPEATED_BARS = 5
REPEATED_ONE_PRICE_BARS = 10
REPEATED_SHARE = 0.8
"""Part of a day's traded bars that must be those of the row before."""
REPEATED_SYMBOLS = 5
SUMMED_KINDS = ("stock", "sector")
"""Kinds whose trading is that of the market; an index repeats what its shares have traded."""


class PriceQuality(NamedTuple):
    """Which price rows to leave out, in the rows' order."""

    unused: Bools
    rebased: Bools
    """First used rows of a new level: they have a price but no return."""
    findings: tuple[Finding, ...]
    untraded: Bools
    """Rows whose price is used, but neither volume nor value."""
    unweighed: Bools
    """Rows whose price is used, but not as a weight: price times listed shares is in another unit."""


class FlowQuality(NamedTuple):
    """Which flow rows to leave out, in the rows' order."""

    unused: Bools
    unknown_days: npt.NDArray[np.datetime64]
    """Days whose flows are unknown as a whole."""
    findings: tuple[Finding, ...]


def judge_prices(prices: pd.DataFrame, kinds: pd.Series) -> PriceQuality:
    """Judge the rows of `prices`, sorted by symbol and date; `kinds` is the kind of each symbol."""
    jumped, rebased, jumps = _jumps(prices)
    same = _same_bars(prices)
    flat, lines = _flat_lines(prices, kinds, same)
    repeated, days = _repeated_days(prices, same)
    unused = jumped | flat | repeated
    unweighed, weights = _weight_changes(prices, unused)
    untraded, units = _unit_changes(prices, kinds, unused, rebased)
    # Where no traded value is given, such a price makes the estimate of it wrong as well.
    untraded |= unweighed & ~np.isfinite(column(prices, "value"))
    found = [*jumps, *lines, *days, *units, *weights]
    found.sort(key=lambda finding: (finding.observed_on, finding.entity, finding.name))
    return PriceQuality(unused, rebased, tuple(found), untraded, unweighed)


def column(table: pd.DataFrame, name: str) -> Floats:
    """Return a column as floats, all NaN where the market does not have it."""
    if name in table.columns:
        return table[name].to_numpy(dtype=np.float64)
    return np.full(len(table), np.nan)


def first_rows(codes: npt.NDArray[np.integer]) -> Bools:
    """Mark the first row of each symbol in rows sorted by symbol."""
    first = np.ones(len(codes), dtype=bool)
    first[1:] = codes[1:] != codes[:-1]
    return first


def _jumps(prices: pd.DataFrame) -> tuple[Bools, Bools, list[Finding]]:
    close, previous = column(prices, "close"), column(prices, "previous_close")
    codes = prices["symbol"].cat.codes.to_numpy()
    first = first_rows(codes)
    earlier = np.where(first, np.nan, np.roll(close, 1)) if len(close) else close
    base = np.where(np.isfinite(previous), previous, earlier)
    suspicious = _is_jump(close, base)
    unused, rebased = np.zeros(len(close), dtype=bool), np.zeros(len(close), dtype=bool)
    findings: list[Finding] = []
    for code in np.unique(codes[suspicious]):
        rows = np.flatnonzero(codes == code)
        verdicts = _follow(close[rows], previous[rows])
        unused[rows] = [verdict == "unused" for verdict in verdicts]
        rebased[rows] = [verdict == "rebased" for verdict in verdicts]
        symbol = str(prices["symbol"].cat.categories[code])
        findings += _jump_findings(prices, rows, verdicts, symbol)
    return unused, rebased, findings


def _is_jump(close: Floats, base: Floats) -> Bools:
    return (close > LARGEST_RATIO * base) | (close * LARGEST_RATIO < base)


def _follow(close: Floats, previous: Floats) -> list[str]:
    """Walk one symbol's rows and say ``used``, ``unused`` or ``rebased`` of each."""
    verdicts: list[str] = []
    last, level, held = np.nan, np.nan, 0
    for price, before in zip(close.tolist(), previous.tolist(), strict=True):
        known = bool(np.isfinite(before))
        base = before if known else last
        if not (price > LARGEST_RATIO * base or price * LARGEST_RATIO < base):
            verdicts.append("used")
            last, held = price, 0
            continue
        steady = held > 0 and level / SAME_LEVEL <= price <= level * SAME_LEVEL
        held = held + 1 if steady else 1
        level = price
        if held >= CONFIRMING_ROWS and not known:
            verdicts.append("rebased")
            last, held = price, 0
        else:
            verdicts.append("unused")
    return verdicts


def _jump_findings(
    prices: pd.DataFrame, rows: npt.NDArray[np.intp], verdicts: list[str], symbol: str
) -> list[Finding]:
    details = {
        "unused": "more than eight times, or less than an eighth, of the price before: not used",
        "rebased": "three rows hold the new level: used from here, the return across is missing",
    }
    findings = []
    for position, (row, verdict) in enumerate(zip(rows, verdicts, strict=True)):
        if verdict == "used" or (position and verdict == verdicts[position - 1]):
            continue
        day = prices["date"].iloc[row].strftime("%Y-%m-%d")
        detail = f"close {prices['close'].iloc[row]:g}: {details[verdict]}"
        findings.append(Finding(name="jump", entity=symbol, observed_on=day, detail=detail))
    return findings


def _same_bars(prices: pd.DataFrame) -> Bools:
    """Mark rows that repeat close, high, low and a volume above zero of the symbol's row before."""
    if prices.empty:
        return np.zeros(0, dtype=bool)
    same = ~first_rows(prices["symbol"].cat.codes.to_numpy()) & (column(prices, "volume") > 0)
    for name in ("close", "volume", "high", "low"):
        values = column(prices, name)
        same &= values == np.roll(values, 1)
    return same


def _flat_lines(
    prices: pd.DataFrame, kinds: pd.Series, same_bar: Bools
) -> tuple[Bools, list[Finding]]:
    codes = prices["symbol"].cat.codes.to_numpy()
    if not len(codes):
        return np.zeros(0, dtype=bool), []
    continued = ~first_rows(codes)
    close, volume = column(prices, "close"), column(prices, "volume")
    high, low = column(prices, "high"), column(prices, "low")
    same_close = continued & (close == np.roll(close, 1)) & (volume > 0)
    share = (kinds.reindex(prices["symbol"].cat.categories) == "stock").to_numpy()[codes]
    flat = (
        (_run_lengths(same_bar & (high > low)) >= REPEATED_BARS)
        | (_run_lengths(same_bar) >= REPEATED_ONE_PRICE_BARS)
        | (_run_lengths(same_close & ~share) >= REPEATED_BARS)
    )
    starts = np.flatnonzero(flat & ~(continued & np.roll(flat, 1)))
    findings = [
        Finding(
            name="flat_line",
            entity=str(prices["symbol"].iloc[row]),
            observed_on=prices["date"].iloc[row].strftime("%Y-%m-%d"),
            detail=f"the feed repeats {close[row]:g}: not used until it moves",
        )
        for row in starts
    ]
    return flat, findings


def _run_lengths(same: Bools) -> npt.NDArray[np.intp]:
    """Return, for each row, how many rows in a row up to it repeat the one before."""
    position = np.arange(len(same))
    last_change = np.maximum.accumulate(np.where(same, 0, position))
    return np.where(same, position - last_change, 0)


def _repeated_days(prices: pd.DataFrame, same_bar: Bools) -> tuple[Bools, list[Finding]]:
    """Mark the repeated rows of days on which most of the market's moving bars repeat."""
    moving = column(prices, "high") > column(prices, "low")
    if (same_bar & moving).sum() < REPEATED_SYMBOLS:
        return np.zeros(len(prices), dtype=bool), []
    days, day = numbered(as_days(prices["date"].to_numpy()))
    traded = moving & (column(prices, "volume") > 0)
    traded &= ~first_rows(prices["symbol"].cat.codes.to_numpy())
    repeats = np.bincount(day[same_bar & moving], minlength=len(days))
    bars = np.bincount(day[traded], minlength=len(days))
    twice = (repeats >= REPEATED_SYMBOLS) & (repeats >= REPEATED_SHARE * bars)
    detail = "the bars of the day before, volume included: not used"
    return same_bar & twice[day], _of_days("repeated_day", days[twice], detail)


def _unit_changes(
    prices: pd.DataFrame, kinds: pd.Series, unused: Bools, rebased: Bools
) -> tuple[Bools, list[Finding]]:
    """Mark the rows whose volume and value are in another unit than before."""
    value, volume = column(prices, "value"), column(prices, "volume")
    codes = prices["symbol"].cat.codes.to_numpy().astype(np.intp)
    worth = np.where(unused, np.nan, column(prices, "close") * volume)
    odd = shifted_values(codes, value, worth, rebased)
    findings = [
        Finding(
            name="unit_change",
            entity=str(prices["symbol"].iloc[row]),
            observed_on=prices["date"].iloc[row].strftime("%Y-%m-%d"),
            detail=f"traded value {value[row]:g} does not fit price and volume: not used",
        )
        for row in np.flatnonzero(odd & ~(np.roll(odd, 1) & ~first_rows(codes)))
    ]
    traded = np.where(np.isfinite(value), value, worth)
    traded[odd | unused] = np.nan
    part = np.flatnonzero(
        kinds.reindex(prices["symbol"].cat.categories).isin(SUMMED_KINDS).to_numpy()[codes]
    )
    days, day = numbered(as_days(prices["date"].to_numpy()))
    shape = (len(days), len(prices["symbol"].cat.categories))
    shifted = shifted_days(day[part], codes[part], traded[part], shape)
    detail = "the whole market's trading is in another unit than before, or absent: not used"
    return odd | shifted[day], [*findings, *_of_days("unit_change", days[shifted], detail)]


def _weight_changes(prices: pd.DataFrame, unused: Bools) -> tuple[Bools, list[Finding]]:
    """Mark the rows whose size in their sector is in another unit; not where most of a day's are, which harms none."""
    listed = column(prices, "listed_shares")
    price = column(prices, "previous_close")
    size = np.where(np.isfinite(price), price, column(prices, "close")) * listed
    size[unused] = np.nan
    codes = prices["symbol"].cat.codes.to_numpy().astype(np.intp)
    odd = shifted_values(codes, size, np.ones(len(size)), np.zeros(len(size), dtype=bool))
    if odd.any():
        days, day = numbered(as_days(prices["date"].to_numpy()))
        known = np.bincount(day[np.isfinite(size)], minlength=len(days))
        odd &= (2 * np.bincount(day[odd], minlength=len(days)) < known)[day]
    findings = [
        Finding(
            name="unit_change",
            entity=str(prices["symbol"].iloc[row]),
            observed_on=prices["date"].iloc[row].strftime("%Y-%m-%d"),
            detail="price times listed shares is in another unit than before: no weight in its sector",
        )
        for row in np.flatnonzero(odd & ~(np.roll(odd, 1) & ~first_rows(codes)))
    ]
    return odd, findings


def _of_days(name: str, days: npt.NDArray[np.datetime64], detail: str) -> list[Finding]:
    """Return a finding on the whole market for each day."""
    return [
        Finding(name=name, entity=MARKET_ENTITY, observed_on=str(day), detail=detail)
        for day in days
    ]


def judge_flows(flows: pd.DataFrame, prices: pd.DataFrame) -> FlowQuality:
    """Mark flow rows above the symbol's traded value of that day, and days in another unit.

    Both tables hold all their rows. A traded value that is only estimated is taken at the day's high, so that the
    estimate accuses nobody.
    """
    most = _beside(prices, most_traded(prices), flows)
    bought, sold = column(flows, "foreign_buy_value"), column(flows, "foreign_sell_value")
    codes = flows["symbol"].cat.codes.to_numpy().astype(np.intp)
    days, day = numbered(as_days(flows["date"].to_numpy()))
    shifted = shifted_days(
        day, codes, bought + sold, (len(days), len(flows["symbol"].cat.categories))
    )
    above = (np.maximum(bought, sold) > most) & ~shifted[day]
    findings = [
        Finding(
            name="flow_above_value",
            entity=str(flows["symbol"].iloc[row]),
            observed_on=flows["date"].iloc[row].strftime("%Y-%m-%d"),
            detail="foreign buying or selling above the day's whole traded value: not used",
        )
        for row in np.flatnonzero(above)
    ]
    detail = "the whole market's foreign flow is in another unit than before, or absent: not used"
    findings += _of_days("unit_change", days[shifted], detail)
    return FlowQuality(above | shifted[day], days[shifted], tuple(findings))


def _beside(prices: pd.DataFrame, values: Floats, flows: pd.DataFrame) -> Floats:
    """Return the price rows' `values` beside the flow rows of the same symbol and day; NaN where none."""
    priced, asked = as_days(prices["date"].to_numpy()), as_days(flows["date"].to_numpy())
    symbols = prices["symbol"].cat.categories
    days, row = numbered(priced)
    # One more day and one more symbol, of NaN, for what the prices do not have.
    panel = np.full((len(days) + 1, len(symbols) + 1), np.nan)
    panel[row, prices["symbol"].cat.codes.to_numpy()] = values
    place = np.searchsorted(days, asked)
    place[(place < len(days)) & (np.append(days, days[-1:])[place] != asked)] = len(days)
    codes = symbols.get_indexer(flows["symbol"].cat.categories)
    found: Floats = panel[place, codes[flows["symbol"].cat.codes.to_numpy()]]
    return found


def most_traded(prices: pd.DataFrame) -> Floats:
    """Return the most that can have been traded in each row: `value`, else the high times the volume."""
    value, volume = column(prices, "value"), column(prices, "volume")
    top = np.fmax(column(prices, "high"), column(prices, "close"))
    return np.where(np.isfinite(value), value, top * volume)
