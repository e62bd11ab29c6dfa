"""The simulated market as a source: a pure function of a seed and the day it ends on.

Everything is generated from a fixed first day, so what is generated up to one day is the beginning of what is
generated up to any later one.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from tools.errors import UnusableInputError
from tools.sources.base import Market, MarketData
from tools.sources.demo import companies, economy, process, signals, trading
from tools.sources.demo.days import EPOCH, Days, trading_days

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import pandas as pd

    from tools.sources.demo.economy import Months
    from tools.sources.demo.process import Floats, Process

DEFAULT_SEED = 7
FIRST_END = EPOCH.replace(year=EPOCH.year + 1)
"""The earliest day a simulated history may end on."""
HISTORY_NOTE = "SIMULATED market: every company, price and release in it is made up by a computer."


class State(NamedTuple):
    """Everything that happened, the hidden part included."""

    days: Days
    monthly: Months
    moves: Floats
    process: Process


class Demo:
    """The source behind ``demo``.

    Parameters
    ----------
    seed
        Another seed is another market.
    end
        The history ends on the newest trading day up to this day.
    signal
        False: the same market with nothing in it to foresee, to see whether somebody foresees it all the same.

    Raises
    ------
    UnusableInputError
        For a negative seed, or an end that leaves less than a year.
    """

    def __init__(self, seed: int = DEFAULT_SEED, *, end: date, signal: bool = True) -> None:
        if seed < 0:
            raise UnusableInputError("a seed of 0 or more for the market demo", seed, "Change it.")
        if end < FIRST_END:
            raise UnusableInputError(
                f"an end of the market demo on or after {FIRST_END}", end, "Choose a later day."
            )
        self.seed, self.end, self.signal = seed, end, signal

    def state(self) -> State:
        """Return what happened, the hidden part included."""
        days = trading_days(self.end)
        path = process.regimes(self.seed, len(days))
        monthly = economy.months(self.seed, days, path, self.end)
        moves = economy.drivers(self.seed, len(days))
        memory = economy.releases(
            days,
            (monthly.survey_published, monthly.prices_published),
            economy.surprises(monthly.survey, monthly.first, monthly.final),
        )
        hidden = process.run(self.seed, path, moves[:, :4], memory, signal=self.signal)
        return State(days, monthly, moves, hidden)

    def load(self) -> MarketData:
        """Return the whole market as published by the end."""
        days, monthly, moves, hidden = self.state()
        traded = trading.trade(self.seed, days, hidden)
        return market_of(
            self.seed,
            prices=trading.price_table(days, traded),
            flows=trading.flow_table(days, traded),
            macro=economy.table(days, monthly, moves, hidden, self.end),
            signals=signals.table(self.seed, days, hidden, traded, self.end),
        )


def market_of(
    seed: int,
    *,
    prices: pd.DataFrame,
    flows: pd.DataFrame,
    macro: pd.DataFrame,
    signals: pd.DataFrame,
) -> MarketData:
    """Return the market whose tables have been generated from a seed."""
    return MarketData(
        market=_market(seed),
        sectors=companies.sectors(),
        universe=companies.universe(),
        prices=prices,
        flows=flows,
        macro=macro,
        signals=signals,
    )


def _market(seed: int) -> Market:
    key = f"demo|demo|{seed}"
    return Market(
        id="demo" if seed == DEFAULT_SEED else f"demo-{seed}",
        name="SIMULATED market, Vietnamese style",
        currency="VND",
        timezone="Asia/Ho_Chi_Minh",
        benchmark=companies.BENCHMARK,
        sector_scheme="ICB-like",
        simulated=True,
        source="generated, see tools/sources/demo",
        licence="as this package",
        notes=f"seed {seed}; invented companies; monthly figures with release dates, consumer prices revised",
        macro_aliases=economy.ALIASES,
        history_note=HISTORY_NOTE,
        storage_key=hashlib.sha256(key.encode()).hexdigest()[:16],
        files={
            "prices": "prices",
            "flows": "flows",
            "macro": "macro",
            "signals": "signals",
        },
    )


def export_folder(path: Path, seed: int, end: date) -> Path:
    """Write the simulated market as a market folder, and return the folder."""
    data = Demo(seed, end=end).load()
    path.mkdir(parents=True, exist_ok=True)
    market = data.market
    lines = [
        f'{name} = "{getattr(market, name)}"'
        for name in ("id", "name", "currency", "timezone", "benchmark", "sector_scheme", "source")
    ]
    lines += ["simulated = true", "[publication]", "prices_days = 0", "flows_days = 0"]
    lines += ["[macro_aliases]", *(f'{a} = "{b}"' for a, b in market.macro_aliases.items())]
    (path / "market.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    data.sectors.to_csv(path / "sectors.csv")
    data.universe.to_csv(path / "universe.csv")
    tables = {
        "prices": data.prices,
        "flows": data.flows,
        "macro": data.macro,
        "signals": data.signals,
    }
    for name, table in tables.items():
        if table is not None:
            table.to_parquet(path / f"{name}.parquet", index=False)
    return path
