"""Prices, traded values and foreign trading of the simulated market, as its exchange publishes them.

Prices are in dong on the exchange's ticks (10 up to 10,000, 50 up to 50,000, else 100). `previous_close` is the last
close before, taken down by a split, so that a halt's whole move falls on the day a share trades again. Trading halts
start at random and last up to five days; on one day in five hundred a share's row is missing from the feed. The index
is the mean of its shares' returns weighted by what they were worth the day before. Traded value rises with the size
of the day's move; now and then it is many times the usual, and blocks change hands beside the order book.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from tools.sources.demo import companies
from tools.sources.demo.companies import BENCHMARK, N_SHARES, SECTOR_OF, SYMBOLS
from tools.sources.demo.process import Floats, Process, autoregression, stream

if TYPE_CHECKING:
    from tools.sources.demo.days import Days

Bools = npt.NDArray[np.bool_]

HALT_CHANCE, HALT_LONGEST = 0.0004, 5
MISSING_CHANCE = 0.002
NO_FLOW_CHANCE = 0.004
"""Chance that the feed of foreign trading has no row at all for a day."""
WHALE_CHANCE, BLOCK_CHANCE = 0.006, 0.008
LOT = 100.0
INDEX_START = 550.0
FREE_FLOAT_TURNOVER = 0.0022
"""Share of a company that changes hands on a usual day."""


class Trading(NamedTuple):
    """Everything published about shares, days × shares; NaN where a share has no row."""

    open: Floats
    high: Floats
    low: Floats
    close: Floats
    previous: Floats
    listed: Floats
    volume: Floats
    value: Floats
    buy: Floats
    sell: Floats
    blocks: Floats
    """Value of block trades, zero on most days."""


def trade(seed: int, days: Days, process: Process) -> Trading:
    """Return what the exchange publishes of each share and day."""
    has_row = _has_row(seed, days)
    factor = companies.split_factor(days)
    first, _ = companies.life(days)
    listed_since = np.arange(len(days))[:, None] >= first
    growth = np.cumprod(np.where(listed_since, 1.0 + process.returns, 1.0), axis=0)
    close = _on_ticks(companies.first_prices() * growth / factor)
    before = _last_before(np.where(has_row, close * factor, np.nan))
    reference = companies.first_prices()
    previous = _on_ticks(np.where(np.isfinite(before), before, reference) / factor)
    bars = stream(seed, "bars").standard_normal((len(days), 3, N_SHARES))
    opened = _on_ticks(
        previous * (1.0 + 0.35 * process.returns + 0.004 * np.clip(bars[:, 0], -3, 3))
    )
    top, bottom = np.maximum(opened, close), np.minimum(opened, close)
    high = _on_ticks(top * (1.0 + 0.005 * np.abs(bars[:, 1])))
    low = _on_ticks(bottom * (1.0 - 0.005 * np.minimum(np.abs(bars[:, 2]), 3.0)))
    high, low = np.maximum(high, top), np.minimum(low, bottom)
    listed = np.rint(companies.shares_listed() * factor)
    blocks = _blocks(seed, len(days), listed * close)
    wanted = _wanted_value(seed, process, listed * previous) + blocks
    volume = np.maximum(np.rint(wanted / close / LOT), 1.0) * LOT
    value = np.rint(volume * (opened + high + low + close) / 4.0)
    buy, sell = _foreign(seed, process, value)
    whole = (opened, high, low, close, previous, listed, volume, value, buy, sell, blocks)
    return Trading(*(np.where(has_row, part, np.nan) for part in whole))


def _on_ticks(price: Floats) -> Floats:
    tick = np.where(price < 10000.0, 10.0, np.where(price < 50000.0, 50.0, 100.0))
    return np.maximum(np.rint(price / tick), 1.0) * tick


def _has_row(seed: int, days: Days) -> Bools:
    first, after = companies.life(days)
    row = np.arange(len(days))[:, None]
    draws = stream(seed, "halts").random((len(days), 3, N_SHARES))
    halted = np.zeros((len(days), N_SHARES), dtype=bool)
    starts = draws[:, 0] < HALT_CHANCE
    length = 1.0 + np.floor(draws[:, 1] * HALT_LONGEST)
    for lag in range(HALT_LONGEST):
        halted[lag:] |= (starts & (length > lag))[: len(days) - lag]
    absent = halted | (draws[:, 2] < MISSING_CHANCE)
    listing = row == first
    return np.asarray((row >= first) & (row < after) & (~absent | listing))


def _last_before(values: Floats) -> Floats:
    """Return the last known value before each day, NaN where there is none."""
    row = np.arange(len(values))[:, None]
    at = np.maximum.accumulate(np.where(np.isfinite(values), row, -1), axis=0)
    before = np.full_like(values, np.nan)
    known = at[:-1]
    taken = np.take_along_axis(values, np.maximum(known, 0), axis=0)
    before[1:] = np.where(known >= 0, taken, np.nan)
    return before


def _wanted_value(seed: int, process: Process, worth: Floats) -> Floats:
    n_days = len(worth)
    attention = autoregression(stream(seed, "attention").standard_normal((n_days, N_SHARES)), 0.85)
    usual = 1.0 + 0.3 * np.maximum(attention, -2.5)
    draws = stream(seed, "trading").random((n_days, 2, N_SHARES))
    whale = np.where(draws[:, 0] < WHALE_CHANCE, 2.0 + 5.0 * draws[:, 1], 1.0)
    moved = 0.7 + 18.0 * np.abs(process.returns)
    return np.asarray(FREE_FLOAT_TURNOVER * worth * usual * usual * moved * whale)


def _blocks(seed: int, n_days: int, worth: Floats) -> Floats:
    draws = stream(seed, "blocks").random((n_days, 2, N_SHARES))
    size = np.where(draws[:, 0] < BLOCK_CHANCE, 0.001 + 0.004 * draws[:, 1], 0.0)
    return np.asarray(np.rint(size * worth / 1e6) * 1e6)


def _foreign(seed: int, process: Process, value: Floats) -> tuple[Floats, Floats]:
    """Return foreign buying and selling; the difference is the sector's flow and the share's own."""
    draws = stream(seed, "flow_of_shares").standard_normal((len(value), N_SHARES))
    net = process.flow[:, SECTOR_OF] + 0.06 * draws
    part = 0.12 + 0.012 * (np.arange(N_SHARES) % 10)
    gross = np.minimum(part + np.abs(net), 0.9)
    net = np.clip(net, -0.95 * gross, 0.95 * gross)
    buy, sell = np.rint(value * (gross + net) / 2.0), np.rint(value * (gross - net) / 2.0)
    silent = stream(seed, "silence").random((len(value), 1)) < NO_FLOW_CHANCE
    return np.where(silent, np.nan, buy), np.where(silent, np.nan, sell)


def price_table(days: Days, trading: Trading) -> pd.DataFrame:
    """Return the prices' table of the market, the index among its symbols."""
    index = _index(trading)
    names = pd.Index(sorted([*SYMBOLS, BENCHMARK]))
    columns = {
        "open": trading.open, "high": trading.high, "low": trading.low, "close": trading.close,
        "volume": trading.volume, "value": trading.value, "previous_close": trading.previous,
        "listed_shares": trading.listed,
    }  # fmt: skip
    order = [SYMBOLS.index(name) if name != BENCHMARK else N_SHARES for name in names]
    wide = {
        name: np.column_stack([values, index[name]])[:, order].T.ravel()
        for name, values in columns.items()
    }
    table = _long(days, names)
    for name, values in wide.items():
        table[name] = values
    return table[np.isfinite(wide["close"])].reset_index(drop=True)


def flow_table(days: Days, trading: Trading) -> pd.DataFrame:
    """Return the flows' table of the market."""
    names = pd.Index(sorted([*SYMBOLS, BENCHMARK]))
    shares = [name for name in names if name != BENCHMARK]
    order = [SYMBOLS.index(name) for name in shares]
    table = _long(days, names, shares)
    table["foreign_buy_value"] = trading.buy[:, order].T.ravel()
    table["foreign_sell_value"] = trading.sell[:, order].T.ravel()
    return table[table["foreign_buy_value"].notna()].reset_index(drop=True)


def _long(days: Days, names: pd.Index, wanted: list[str] | None = None) -> pd.DataFrame:
    codes = names.get_indexer(pd.Index(wanted)) if wanted is not None else np.arange(len(names))
    return pd.DataFrame(
        {
            "date": np.tile(days.astype("datetime64[us]"), len(codes)),
            "symbol": pd.Categorical.from_codes(np.repeat(codes, len(days)), names),
        }
    )


def market_returns(trading: Trading) -> Floats:
    """Return the mean return of each day's priced shares, weighted by what they were worth the day before."""
    gained, worth = np.zeros(len(trading.close)), np.zeros(len(trading.close))
    for position in range(N_SHARES):
        close, previous = trading.close[:, position], trading.previous[:, position]
        weight = np.where(np.isfinite(close), previous * trading.listed[:, position], 0.0)
        gained += weight * np.where(np.isfinite(close), close / previous - 1.0, 0.0)
        worth += weight
    return gained / worth


def _index(trading: Trading) -> dict[str, Floats]:
    """Return the rows of the index; its day's range is a fixed share of its move."""
    close = np.round(INDEX_START * np.cumprod(1.0 + market_returns(trading)), 2)
    previous = np.append(INDEX_START, close[:-1])
    opened = np.round(previous + 0.2 * (close - previous), 2)
    wide = np.abs(close - previous) * 0.15 + 0.001 * close
    unknown = np.full(len(close), np.nan)
    volume, value = np.zeros(len(close)), np.zeros(len(close))
    for position in range(N_SHARES):
        volume += np.nan_to_num(trading.volume[:, position])
        value += np.nan_to_num(trading.value[:, position])
    return {
        "open": opened,
        "high": np.round(np.maximum(opened, close) + wide, 2),
        "low": np.round(np.minimum(opened, close) - wide, 2),
        "close": close,
        "volume": volume,
        "value": value,
        "previous_close": previous,
        "listed_shares": unknown,
    }
