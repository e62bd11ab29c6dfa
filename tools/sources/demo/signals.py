"""What is told about the simulated market beside prices: the tone of the news, and block trades.

`sentiment` of a sector, between -1 and 1, is published every evening: a noisy sight of the demand behind its returns
and of the week's own returns. `block_trades` of a share is the value of the blocks that changed hands, on days with
any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.sources.demo.companies import CODES, N_SECTORS, SECTOR_OF, SYMBOLS, life
from tools.sources.demo.process import OWN_DAILY, Floats, Process, autoregression, stream

if TYPE_CHECKING:
    from tools.sources.demo.days import Days
    from tools.sources.demo.trading import Trading

TONE_OF_DEMAND, TONE_OF_WEEK, TONE_NOISE, TONE_PERSISTENCE = 0.12, 0.05, 0.22, 0.6


def table(seed: int, days: Days, process: Process, trading: Trading) -> pd.DataFrame:
    """Return the signals' table of the market."""
    whole = pd.concat(
        [_sentiment(seed, days, process), _block_trades(days, trading)], ignore_index=True
    )
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
    first = life(days)[0]
    since = [first[sector == SECTOR_OF].min() for sector in range(N_SECTORS)]
    row, column = np.nonzero(np.arange(len(days))[:, None] >= np.array(since))
    return _rows(
        "sentiment", np.array(CODES, dtype=object)[column], days[row],
        tone(seed, process)[row, column], "index between -1 and 1",
    )  # fmt: skip


def _block_trades(days: Days, trading: Trading) -> pd.DataFrame:
    row, column = np.nonzero(np.nan_to_num(trading.blocks) > 0)
    return _rows(
        "block_trades", np.array(SYMBOLS, dtype=object)[column], days[row],
        trading.blocks[row, column], "VND",
    )  # fmt: skip


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
