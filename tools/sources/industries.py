"""Twelve real US industries, monthly from 1949 to 2017, from data files that two libraries ship.

Kenneth French's industry portfolios come with ``linearmodels``; core CPI, corporate bond yields and oil come with
``arch``, both in the extra ``history``. Only the files are read: importing the libraries takes seconds.

Facts about these files that decide how they may be used:

- A return is stamped on the first of the month that it covers, so its row is dated at that month's end and known then.
- Industry returns are *total* returns: MktRF regressed on them and RF has minus one bill rate in it (-1.03 RF), and
  MktRF + RF has none (-0.03 RF). The benchmark is MktRF + RF.
- Yields are monthly averages stamped on the first: observed and known at the month's end.
- Core CPI is today's revision of history, seasonal factors included. It is dated at the month's end and known on the
  20th of the next month; what stood in the release of the time is not in the file.
- Oil is daily from 1986 and known the same day.
"""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

from tools.errors import UnusableInputError
from tools.sources.base import Market, MarketData

BENCHMARK = "FF_MARKET"
PROXY_PREFIX = "FF_"
START_LEVEL = 100.0
RELEASE_DAY_CPI = 20
INDUSTRIES = {
    "NoDur": ("Consumer Non-Durables", "Hàng tiêu dùng không lâu bền"),
    "Durbl": ("Consumer Durables", "Hàng tiêu dùng lâu bền"),
    "Manuf": ("Manufacturing", "Sản xuất công nghiệp"),
    "Enrgy": ("Energy", "Năng lượng"),
    "Chems": ("Chemicals", "Hóa chất"),
    "BusEq": ("Business Equipment", "Thiết bị kinh doanh và công nghệ"),
    "Telcm": ("Telecommunications", "Viễn thông"),
    "Utils": ("Utilities", "Tiện ích công cộng"),
    "Shops": ("Shops and Retail", "Bán lẻ"),
    "Hlth": ("Health Care", "Y tế"),
    "Money": ("Finance", "Tài chính"),
    "Other": ("Other Industries", "Các ngành khác"),
}
ALIASES = {
    "CPI": "CORE_CPI",
    "InflationIndex": "CORE_CPI",
    "OIL": "WTI",
    "InterestRate": "TBILL_1M",
    "TBILL": "TBILL_1M",
    "CREDIT_SPREAD": "BAA_AAA_SPREAD",
}
"""No policy rate and no survey of purchasing managers is in these files, so neither has an alias."""
FILES = {
    "prices": "french.csv.bz2",
    "macro": "macro",
    "macro.TBILL_1M": "french.csv.bz2",
    "macro.AAA_YIELD": "default.csv.gz",
    "macro.BAA_YIELD": "default.csv.gz",
    "macro.BAA_AAA_SPREAD": "default.csv.gz",
    "macro.CORE_CPI": "core-cpi.csv.gz",
    "macro.WTI": "wti.csv.gz",
}


class Industries:
    """The source behind ``industries``; needs no network and no key."""

    def load(self) -> MarketData:
        """Read the market from the installed libraries' data files.

        Raises
        ------
        UnusableInputError
            When a library that ships the data is not installed.
        """
        french = pd.read_csv(data_file("linearmodels", "datasets/french/french.csv.bz2"))
        month_ends = _month_ends(french["dates"])
        prices, universe = _prices(french, month_ends)
        sectors = pd.DataFrame.from_dict(INDUSTRIES, orient="index", columns=["name", "name_vi"])
        sectors["proxy"] = [proxy_of(code) for code in sectors.index]
        return MarketData(
            market=_market(month_ends),
            sectors=sectors.rename_axis("sector").sort_index(),
            universe=universe,
            prices=prices,
            flows=None,
            macro=_macro(french, month_ends),
        )


def data_file(package: str, path: str) -> Path:
    """Return a data file of an installed package without importing it."""
    found = find_spec(package)
    for folder in found.submodule_search_locations or () if found else ():
        file = Path(folder) / path
        if file.is_file():
            return file
    raise UnusableInputError(
        f"the package {package}, whose file {path} the market industries is made of",
        "none that is installed",
        'Install the extra history (pip install -e ".[history]" -c constraints.txt in a clone), or choose the market '
        "demo, which needs nothing.",
    )


def proxy_of(code: str) -> str:
    """Return the symbol of a sector's own total return index."""
    return PROXY_PREFIX + code.upper()


def _market(month_ends: pd.Series) -> Market:
    years = f"{month_ends.iloc[0].year}–{month_ends.iloc[-1].year}"
    return Market(
        id="industries",
        name="United States, 12 industries (monthly)",
        currency="USD",
        timezone="America/New_York",
        benchmark=BENCHMARK,
        sector_scheme="Fama-French 12 industries",
        simulated=False,
        source="Kenneth R. French data library; FRED",
        licence="as shipped with linearmodels (NCSA) and arch (NCSA)",
        notes="monthly total returns; core CPI is a latest revision; no volume, shares or flows",
        monthly=True,
        macro_aliases=ALIASES,
        history_note=f"Historical demo data: 12 US industries, monthly, {years}. Not today's market.",
        storage_key=hashlib.sha256(b"industries|industries").hexdigest()[:16],
        files=FILES,
    )


def _month_ends(stamps: pd.Series) -> pd.Series:
    """Return the last day of the month that each first-of-month stamp covers."""
    return pd.to_datetime(stamps) + pd.offsets.MonthEnd(0)


def _prices(french: pd.DataFrame, month_ends: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return month-end index levels, 100 a month before the first return, and the universe."""
    returns = {proxy_of(code): french[code] for code in INDUSTRIES}
    returns[BENCHMARK] = french["MktRF"] + french["RF"]
    symbols = sorted(returns)
    start = month_ends.iloc[0] - pd.offsets.MonthEnd(1)
    days = pd.DatetimeIndex([start, *month_ends]).astype("datetime64[us]")
    levels = np.concatenate(
        [START_LEVEL * np.cumprod(np.append(1.0, 1.0 + returns[name])) for name in symbols]
    )
    prices = pd.DataFrame(
        {
            "date": np.tile(days.to_numpy(), len(symbols)),
            "symbol": pd.Categorical.from_codes(
                np.repeat(np.arange(len(symbols)), len(days)), pd.Index(symbols)
            ),
            "close": levels,
        }
    )
    for column in ("open", "high", "low", "volume"):
        prices[column] = np.nan
    sector = {proxy_of(code): code for code in INDUSTRIES}
    universe = pd.DataFrame(index=pd.Index(symbols, name="symbol"))
    universe["name"] = [
        f"{INDUSTRIES[sector[name]][0]} total return index" if name in sector else "US stock market"
        for name in symbols
    ]
    universe["sector"] = [sector.get(name, "") for name in symbols]
    universe["kind"] = ["sector" if name in sector else "benchmark" for name in symbols]
    universe["industry"] = ""
    return prices, universe


def _macro(french: pd.DataFrame, month_ends: pd.Series) -> pd.DataFrame:
    yields = pd.read_csv(data_file("arch", "data/default/default.csv.gz"))
    yield_days = _month_ends(yields["Date"])
    cpi = pd.read_csv(data_file("arch", "data/core_cpi/core-cpi.csv.gz"))
    cpi_days = _month_ends(cpi["Date"])
    oil = pd.read_csv(data_file("arch", "data/wti/wti.csv.gz"), na_values=".").dropna()
    oil_days = pd.to_datetime(oil["Date"])
    released = cpi_days + pd.Timedelta(days=RELEASE_DAY_CPI)
    spread = (yields["BAA"] - yields["AAA"]).round(4)
    tables = [
        _series("AAA_YIELD", yield_days, yield_days, yields["AAA"], "percent"),
        _series("BAA_AAA_SPREAD", yield_days, yield_days, spread, "percentage points"),
        _series("BAA_YIELD", yield_days, yield_days, yields["BAA"], "percent"),
        _series("CORE_CPI", cpi_days, released, cpi["CPILFESL"], "index"),
        _series("TBILL_1M", month_ends, month_ends, 100 * french["RF"], "percent per month"),
        _series("WTI", oil_days, oil_days, oil["DCOILWTICO"], "USD per barrel"),
    ]
    table = pd.concat(tables, ignore_index=True)
    for column in ("series", "unit"):
        table[column] = table[column].astype("category")
    return table.sort_values(["series", "observed_on", "published_on"], ignore_index=True)


def _series(
    name: str, observed: pd.Series, published: pd.Series, value: pd.Series, unit: str
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "series": name,
            "observed_on": observed.astype("datetime64[us]"),
            "published_on": published.astype("datetime64[us]"),
            "value": value.astype("float64"),
            "unit": unit,
        }
    )
