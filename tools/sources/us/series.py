"""The macro series of the American market: what FRED calls them, their units, and when a value was known.

Two kinds, because they are known in different ways:

- *Market series* (rates, spreads, volatility, oil) are written down once. Where FRED's archive does not say when an
  observation appeared, it counts as known `lag_weekdays` after its day, which is the provider's usual delay.
- *Revised series* (prices, labour, output) are estimates that change. They are known as FRED's archive says and in no
  other way: a latest revision is never dated back.

There is no survey of purchasing managers: its owner took it off FRED.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Series:
    """One series of FRED."""

    fred_id: str
    name: str
    """Ours, as other American markets of this project spell it."""
    unit: str
    """Ours; `index` where only growth means anything, a unit that begins with `percent` for rates."""
    their_unit: str
    """What FRED's `units` begin with; another beginning is another unit."""
    possible: tuple[float, float]
    """A value outside cannot be right."""
    usual: tuple[float, float]
    """Where the median since 1990 lies, so that a whole series in another unit is told."""
    lag_weekdays: int | None = None
    """Of a market series; None: a revised series."""
    monthly: bool = False
    """FRED dates a month at its first day; it is observed at its end."""

    @property
    def revised(self) -> bool:
        """Whether values change after they were first published."""
        return self.lag_weekdays is None


def _rate(fred_id: str, name: str, low: float, usual: tuple[float, float]) -> Series:
    return Series(
        fred_id=fred_id, name=name, unit="percent", their_unit="Percent",
        possible=(low, 25.0), usual=usual, lag_weekdays=1,
    )  # fmt: skip


def _spread(
    fred_id: str, name: str, possible: tuple[float, float], usual: tuple[float, float]
) -> Series:
    return Series(
        fred_id=fred_id, name=name, unit="percentage points", their_unit="Percent",
        possible=possible, usual=usual, lag_weekdays=1,
    )  # fmt: skip


def _estimate(
    fred_id: str, name: str, units: tuple[str, str], possible: tuple[float, float],
    usual: tuple[float, float], *, monthly: bool = True,
) -> Series:  # fmt: skip
    return Series(
        fred_id=fred_id, name=name, unit=units[0], their_unit=units[1],
        possible=possible, usual=usual, monthly=monthly,
    )  # fmt: skip


SERIES: tuple[Series, ...] = (
    _rate("DGS10", "UST_10Y", 0.2, (1.0, 12.0)),
    _rate("DGS2", "UST_2Y", 0.05, (0.5, 10.0)),
    _rate("DFF", "FED_RATE", 0.01, (0.3, 10.0)),
    _spread("T10Y2Y", "SPREAD_10Y_2Y", (-4.0, 5.0), (0.1, 4.0)),
    _spread("T10Y3M", "SPREAD_10Y_3M", (-4.0, 6.0), (0.1, 5.0)),
    _spread("BAMLH0A0HYM2", "HIGH_YIELD_SPREAD", (1.0, 30.0), (2.0, 12.0)),
    Series(
        fred_id="VIXCLS", name="VIX", unit="index", their_unit="Index",
        possible=(5.0, 150.0), usual=(10.0, 40.0), lag_weekdays=1,
    ),
    Series(
        # Posted once a week with the days since the last time.
        fred_id="DCOILWTICO", name="WTI", unit="USD per barrel", their_unit="Dollars per Barrel",
        possible=(-60.0, 300.0), usual=(10.0, 150.0), lag_weekdays=6,
    ),
    _estimate("CPIAUCSL", "CPI", ("index", "Index"), (80.0, 1000.0), (100.0, 600.0)),
    _estimate("CPILFESL", "CORE_CPI", ("index", "Index"), (80.0, 1000.0), (100.0, 600.0)),
    _estimate("UNRATE", "UNEMPLOYMENT", ("percent", "Percent"), (1.0, 40.0), (2.0, 15.0)),
    _estimate(
        "PAYEMS", "NONFARM_PAYROLLS", ("thousand persons", "Thousands of Persons"),
        (80_000.0, 400_000.0), (90_000.0, 250_000.0),
    ),
    _estimate("INDPRO", "INDUSTRIAL_PRODUCTION", ("index", "Index"), (30.0, 250.0), (40.0, 160.0)),
    _estimate(
        "HOUST", "HOUSING_STARTS", ("thousand units, annual rate", "Thousands of Units"),
        (200.0, 4000.0), (500.0, 2500.0),
    ),
    _estimate(
        "ICSA", "JOBLESS_CLAIMS", ("claims", "Number"),
        (50_000.0, 10_000_000.0), (150_000.0, 800_000.0), monthly=False,
    ),
    _estimate(
        "NFCI", "FINANCIAL_CONDITIONS", ("standard deviations", "Index"),
        (-3.0, 12.0), (-1.2, -0.05), monthly=False,
    ),
    _estimate(
        "DTWEXBGS", "DOLLAR_INDEX", ("index", "Index"),
        (50.0, 250.0), (70.0, 180.0), monthly=False,
    ),
)  # fmt: skip
"""What moves most first: a sync that is cut short has it."""

ALIASES: dict[str, str] = {
    **{series.fred_id: series.name for series in SERIES},
    "InterestRate": "FED_RATE",
    "FEDFUNDS": "FED_RATE",
    "US10Y": "UST_10Y",
    "US2Y": "UST_2Y",
    "OIL": "WTI",
    "CREDIT_SPREAD": "HIGH_YIELD_SPREAD",
    "YIELD_CURVE": "SPREAD_10Y_2Y",
    "InflationIndex": "CPI",
    "DXY": "DOLLAR_INDEX",
}
"""None for PMI: nothing here is a survey of purchasing managers."""
