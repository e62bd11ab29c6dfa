"""The files of a market as they lie there, read without the package's code.

Recomputations start from these tables, so that no reading of the package's can hide a mistake of its own.
"""

from __future__ import annotations

import bz2
import gzip
import io
import tomllib
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

INDUSTRIES = (
    "NoDur",
    "Durbl",
    "Manuf",
    "Enrgy",
    "Chems",
    "BusEq",
    "Telcm",
    "Utils",
    "Shops",
    "Hlth",
    "Money",
    "Other",
)

DAILY = {"1D": 1, "1W": 5, "1M": 21, "3M": 63, "6M": 126, "12M": 252}
MONTHLY = {"1M": 1, "3M": 3, "6M": 6, "12M": 12}


def split_id(fact_id: str) -> tuple[str, str, str | None]:
    """Take an id apart from the right."""
    head, _, last = fact_id.rpartition(".")
    if last in DAILY and "." in head:
        entity, _, metric = head.rpartition(".")
        return entity, metric, last
    return head, last, None


def weekdays_later(day: pd.Timestamp, n: int) -> pd.Timestamp:
    """Walk `n` Monday-to-Friday days forward, one calendar day at a time."""
    while n > 0:
        day += pd.Timedelta(days=1)
        if day.weekday() < 5:
            n -= 1
    return day


class Tables:
    """The files of one market, as they lie there."""

    def __init__(self, folder: Path) -> None:
        settings = tomllib.loads((folder / "market.toml").read_text(encoding="utf-8"))
        text = {"dtype": str, "keep_default_na": False}
        sectors = pd.read_csv(folder / "sectors.csv", **text)  # type: ignore[call-overload]
        universe = pd.read_csv(folder / "universe.csv", **text)  # type: ignore[call-overload]
        self.benchmark: str = settings.get("benchmark", "")
        lags = settings.get("publication", {})
        self.prices_days: int = lags.get("prices_days", 0)
        self.flows_days: int = lags.get("flows_days", 0)
        self.monthly = False
        self.proxy = dict(zip(sectors["sector"], sectors.get("proxy", ""), strict=False))
        self.sector = dict(zip(universe["symbol"], universe["sector"], strict=True))
        self.kind = dict(zip(universe["symbol"], universe["kind"], strict=True))
        self.prices = pd.read_parquet(folder / "prices.parquet")
        flows = folder / "flows.parquet"
        self.flows = pd.read_parquet(flows) if flows.exists() else None
        self.macro = pd.read_parquet(folder / "macro.parquet")


class IndustryTables(Tables):
    """The twelve industries from the installed libraries' files."""

    def __init__(self) -> None:
        french = pd.read_csv(
            io.BytesIO(bz2.decompress(_shipped("linearmodels", "datasets/french/french.csv.bz2")))
        )
        ends = [_month_end(stamp) for stamp in french["dates"]]
        self.benchmark, self.prices_days, self.flows_days, self.monthly = "FF_MARKET", 0, 0, True
        self.proxy = {name: f"FF_{name.upper()}" for name in INDUSTRIES}
        self.sector = {proxy: name for name, proxy in self.proxy.items()} | {"FF_MARKET": ""}
        self.kind = dict.fromkeys(self.proxy.values(), "sector") | {"FF_MARKET": "benchmark"}
        rows = []
        start = ends[0] - pd.DateOffset(months=1) + pd.offsets.MonthEnd(0)
        for name in (*INDUSTRIES, None):
            moves = french[name] if name else french["MktRF"] + french["RF"]
            level, symbol = 100.0, self.proxy[name] if name else "FF_MARKET"
            rows.append((start, symbol, level))
            for end, move in zip(ends, moves, strict=True):
                level *= 1 + move
                rows.append((end, symbol, level))
        self.prices = pd.DataFrame(rows, columns=["date", "symbol", "close"]).assign(volume=np.nan)
        self.flows = None
        self.macro = self._series(french, ends)

    def _series(self, french: pd.DataFrame, ends: list[pd.Timestamp]) -> pd.DataFrame:
        rows: list[tuple[str, pd.Timestamp, pd.Timestamp, float, str]] = [
            ("TBILL_1M", end, end, 100 * value, "percent per month")
            for end, value in zip(ends, french["RF"], strict=True)
        ]
        for row in _csv("default/default.csv.gz"):
            end = _month_end(row["Date"])
            aaa, baa = float(row["AAA"]), float(row["BAA"])
            rows.append(("AAA_YIELD", end, end, aaa, "percent"))
            rows.append(("BAA_YIELD", end, end, baa, "percent"))
            rows.append(("BAA_AAA_SPREAD", end, end, round(baa - aaa, 4), "percentage points"))
        for row in _csv("core_cpi/core-cpi.csv.gz"):
            end = _month_end(row["Date"])
            known = (end + pd.Timedelta(days=1)).replace(day=20)
            rows.append(("CORE_CPI", end, known, float(row["CPILFESL"]), "index"))
        for row in _csv("wti/wti.csv.gz"):
            if row["DCOILWTICO"] != ".":
                day = pd.Timestamp(row["Date"])
                rows.append(("WTI", day, day, float(row["DCOILWTICO"]), "USD per barrel"))
        return pd.DataFrame(
            rows, columns=["series", "observed_on", "published_on", "value", "unit"]
        )


def _shipped(package: str, path: str) -> bytes:
    found = find_spec(package)
    assert found is not None
    assert found.submodule_search_locations
    return (Path(found.submodule_search_locations[0]) / path).read_bytes()


def _csv(path: str) -> list[dict[str, str]]:
    text = gzip.decompress(_shipped("arch", f"data/{path}")).decode()
    header, *lines = [line.split(",") for line in text.split()]
    return [dict(zip(header, line, strict=True)) for line in lines]


def _month_end(stamp: str) -> pd.Timestamp:
    first = pd.Timestamp(stamp)
    return first.replace(day=first.days_in_month)
