"""What is told about the simulated market beside prices: the tone of the news, and block trades.

`sentiment` of a sector, between -1 and 1, is published every evening: a noisy sight of the demand behind its returns
and of the week's own returns. `block_trades` of a share is the value of the blocks that changed hands, on days with
any. `short_interest` of a sector, in percent of its shares, is counted on Fridays and published two weekdays later;
`earnings_revisions`, the share of analysts who raised less those who lowered, is of a month's end and published on
the third weekday after. These two follow past returns with noise and tell nothing of the hidden state beyond them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.sources.demo.companies import CODES, N_SECTORS, SECTOR_OF, SYMBOLS, life
from tools.sources.demo.process import OWN_DAILY, Floats, Ints, Process, autoregression, stream

if TYPE_CHECKING:
    from datetime import date

    from tools.sources.demo.days import Days
    from tools.sources.demo.trading import Trading

TONE_OF_DEMAND, TONE_OF_WEEK, TONE_NOISE, TONE_PERSISTENCE = 0.12, 0.05, 0.22, 0.6
SHORTS_LAG, REVISIONS_LAG = 2, 3


def table(seed: int, days: Days, process: Process, trading: Trading, end: date) -> pd.DataFrame:
    """Return the signals' table of the market."""
    whole = pd.concat(
        [
            _sentiment(seed, days, process),
            _block_trades(days, trading),
            _short_interest(seed, days, process),
            _earnings_revisions(seed, days, process),
        ],
        ignore_index=True,
    )
    whole = whole[whole["published_on"] <= pd.Timestamp(end)]
    for column in ("name", "entity", "unit"):
        whole[column] = pd.Categorical(whole[column], categories=sorted(set(whole[column])))
    keys = ["name", "entity", "observed_on", "published_on"]
    return whole.sort_values(keys, ignore_index=True)[[*keys, "value", "unit"]]


def tone(seed: int, process: Process) -> Floats:
    """Return the tone of the news of each day and sector."""
    week = np.zeros_like(process.own)
    for lag in range(5):
        week[lag:] += process.own[: len(week) - lag] / OWN_DAILY
    noise = autoregression(
        stream(seed, "sentiment").standard_normal((len(week), N_SECTORS)), TONE_PERSISTENCE
    )
    raw = TONE_OF_DEMAND * process.demand + TONE_OF_WEEK * week + TONE_NOISE * noise
    return np.asarray(np.round(np.clip(raw, -1.0, 1.0), 3), dtype=np.float64)


def _sentiment(seed: int, days: Days, process: Process) -> pd.DataFrame:
    row, column = np.nonzero(np.arange(len(days))[:, None] >= _since(days))
    return _rows(
        "sentiment", np.array(CODES, dtype=object)[column], days[row],
        tone(seed, process)[row, column], "index between -1 and 1",
    )  # fmt: skip


def _since(days: Days) -> Ints:
    """Return the row on which each sector begins."""
    first = life(days)[0]
    return np.array([first[sector == SECTOR_OF].min() for sector in range(N_SECTORS)])


def _block_trades(days: Days, trading: Trading) -> pd.DataFrame:
    row, column = np.nonzero(np.nan_to_num(trading.blocks) > 0)
    return _rows(
        "block_trades", np.array(SYMBOLS, dtype=object)[column], days[row],
        trading.blocks[row, column], "VND",
    )  # fmt: skip


def _short_interest(seed: int, days: Days, process: Process) -> pd.DataFrame:
    """Return a slow level that rises after falling prices."""
    draws = stream(seed, "shorts").standard_normal((len(days), N_SECTORS))
    level: Floats = 2.0 + 0.5 * autoregression(draws, 0.98) - 12.0 * _trailing(process, 21)
    level = np.asarray(np.round(np.maximum(level, 0.1), 2), dtype=np.float64)
    rows = np.flatnonzero(np.is_busday(days, weekmask="Fri"))
    return _slow("short_interest", days, rows, level, SHORTS_LAG, "percent")


def _earnings_revisions(seed: int, days: Days, process: Process) -> pd.DataFrame:
    """Return how analysts follow a quarter's returns."""
    draws = stream(seed, "revisions").standard_normal((len(days), N_SECTORS))
    raw = np.clip(1.5 * _trailing(process, 63) + 0.15 * draws, -1.0, 1.0)
    raw = np.asarray(np.round(raw, 3), dtype=np.float64)
    months = days.astype("datetime64[M]")
    rows = np.flatnonzero(months[:-1] != months[1:])
    return _slow("earnings_revisions", days, rows, raw, REVISIONS_LAG, "index between -1 and 1")


def _trailing(process: Process, rows: int) -> Floats:
    """Return each sector's own returns added up over the newest days."""
    total = np.cumsum(process.own, axis=0)
    out = total.copy()
    out[rows:] -= total[:-rows]
    return out


def _slow(name: str, days: Days, rows: Ints, level: Floats, lag: int, unit: str) -> pd.DataFrame:
    """Return rows of some days for every sector that had begun, published some weekdays later."""
    at, column = np.nonzero(rows[:, None] >= _since(days))
    observed = days[rows[at]]
    told = _rows(
        name, np.array(CODES, dtype=object)[column], observed, level[rows[at], column], unit
    )
    published = np.busday_offset(observed, lag, roll="forward")
    return told.assign(published_on=published.astype("datetime64[us]"))


def _rows(name: str, entity: np.ndarray, day: Days, value: Floats, unit: str) -> pd.DataFrame:
    observed = day.astype("datetime64[us]")
    return pd.DataFrame(
        {
            "name": name,
            "entity": entity,
            "observed_on": observed,
            "published_on": observed,
            "value": value,
            "unit": unit,
        }
    )
