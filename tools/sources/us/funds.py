"""The sectors of the American market and the funds that stand for them.

The funds came at different times: nine in December 1998, real estate in October 2015, communication services in June
2018. A fund exists from its first bar, so the market has nine, ten or eleven sectors depending on the day it is asked
about. Before June 2002 some funds followed other definitions of their sectors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from tools.sources.feeds import Batch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tools.sources.feeds import Table

BENCHMARK = "SPY"
BENCHMARK_NAME = "SPDR S&P 500 ETF"
PROVIDER = "sectorvane"
"""These tables are written down here; nobody is asked."""


class Sector(NamedTuple):
    """A sector of the Global Industry Classification Standard and its fund."""

    code: str
    name: str
    name_vi: str
    fund: str


SECTORS: tuple[Sector, ...] = (
    Sector("10", "Energy", "Năng lượng", "XLE"),
    Sector("15", "Materials", "Nguyên vật liệu", "XLB"),
    Sector("20", "Industrials", "Công nghiệp", "XLI"),
    Sector("25", "Consumer Discretionary", "Hàng tiêu dùng không thiết yếu", "XLY"),
    Sector("30", "Consumer Staples", "Hàng tiêu dùng thiết yếu", "XLP"),
    Sector("35", "Health Care", "Chăm sóc sức khỏe", "XLV"),
    Sector("40", "Financials", "Tài chính", "XLF"),
    Sector("45", "Information Technology", "Công nghệ thông tin", "XLK"),
    Sector("50", "Communication Services", "Dịch vụ truyền thông", "XLC"),
    Sector("55", "Utilities", "Dịch vụ tiện ích", "XLU"),
    Sector("60", "Real Estate", "Bất động sản", "XLRE"),
)


def sectors() -> pd.DataFrame:
    """Return the table of sectors."""
    return pd.DataFrame(
        [(s.code, s.name, s.name_vi, s.fund) for s in SECTORS],
        columns=["sector", "name", "name_vi", "proxy"],
    )


def symbols() -> pd.DataFrame:
    """Return the table of symbols: the funds and the benchmark."""
    funds = [(s.fund, f"{s.name} Select Sector SPDR", s.code, "sector", "") for s in SECTORS]
    return pd.DataFrame(
        [*funds, (BENCHMARK, BENCHMARK_NAME, "", "benchmark", "")],
        columns=["symbol", "name", "sector", "kind", "industry"],
    )


@dataclass(frozen=True, kw_only=True)
class StaticFeed:
    """A table that is written down."""

    table: Table
    rows: pd.DataFrame

    @property
    def key(self) -> str:
        """What progress is remembered under."""
        return f"{PROVIDER}/{self.table}/us"

    @property
    def provider(self) -> str:
        """Nobody but ourselves."""
        return PROVIDER

    def fetch(self, since: date | None, until: date) -> Iterator[Batch]:  # noqa: ARG002 - it has no days
        """Bring the table."""
        yield Batch(table=self.table, rows=self.rows)
