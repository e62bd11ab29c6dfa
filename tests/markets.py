"""Small seeded market folders: holidays, late listings, halts, splits, flows and revised macro series.

Nothing here is real. The same arguments write the same folder on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tools.sources.base import Market, MarketData

if TYPE_CHECKING:
    from pathlib import Path

FIRST_DAY = "2021-01-04"
SECTORS = (
    ("0500", "Energy", "Năng lượng"),
    ("1500", "Materials", "Nguyên vật liệu"),
    ("3000", "Consumer Staples", "Hàng tiêu dùng thiết yếu"),
    ("4000", "Financials", "Tài chính"),
    ("4500", "Information Technology", "Công nghệ thông tin"),
    ("5500", "Utilities", "Tiện ích"),
    ("6000", "Real Estate", "Bất động sản"),
)


@dataclass(frozen=True, kw_only=True)
class MarketPlan:
    """What the folder holds; the defaults give a market of shares with flows and no benchmark."""

    market_id: str = "toy"
    n_days: int = 400
    n_sectors: int = 5
    n_shares: int = 4
    with_flows: bool = True
    with_shares: bool = True
    with_previous_close: bool = True
    """Also `value` and `listed_shares`; without, sectors are equally weighted."""
    proxied: bool = False
    """Sectors have proxies and the market a benchmark."""
    prices_days: int = 0
    flows_days: int = 0
    simulated: bool = False
    with_signals: bool = False
    """News tone and a monthly survey by sector, and block trades by share."""
    seed: int = 7


def write_market(path: Path, plan: MarketPlan | None = None, **changes: Any) -> Path:
    """Write a market folder at `path` and return it; keyword arguments are fields of :class:`MarketPlan`."""
    plan = plan or MarketPlan(**changes)
    path.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(plan.seed)
    days = _trading_days(plan.n_days, rng)
    sectors, universe = _names(plan)
    sectors.to_csv(path / "sectors.csv", index=False)
    universe.to_csv(path / "universe.csv", index=False)
    prices = _prices(plan, universe, days, rng)
    prices.to_parquet(path / "prices.parquet", index=False)
    if plan.with_flows:
        _flows(prices, universe, rng).to_parquet(path / "flows.parquet", index=False)
    _macro(days, rng).to_parquet(path / "macro.parquet", index=False)
    if plan.with_signals:
        _signals(plan, universe, days, rng).to_parquet(path / "signals.parquet", index=False)
    (path / "market.toml").write_text(_toml(plan), encoding="utf-8")
    return path


def write_past_of_vn(path: Path, n_days: int) -> Path:
    """Write a folder whose benchmark is that of the market `vn`, into whose history it can be imported."""
    write_market(path, n_days=n_days, proxied=True)
    for name in ("universe.csv", "market.toml"):
        file = path / name
        file.write_text(file.read_text(encoding="utf-8").replace("BENCH", "VNINDEX"), "utf-8")
    prices = pd.read_parquet(path / "prices.parquet")
    prices["symbol"] = prices["symbol"].replace({"BENCH": "VNINDEX"})
    prices.to_parquet(path / "prices.parquet", index=False)
    return path


def _toml(plan: MarketPlan) -> str:
    return f"""id = "{plan.market_id}"
name = "Toy market {plan.market_id}"
currency = "VND"
timezone = "Asia/Ho_Chi_Minh"
benchmark = "{"BENCH" if plan.proxied else ""}"
sector_scheme = "toy"
simulated = {str(plan.simulated).lower()}
source = "generated for tests"
licence = "none needed"
[publication]
prices_days = {plan.prices_days}
flows_days = {plan.flows_days}
[macro_aliases]
InterestRate = "RATE"
InflationIndex = "CPI"
"""


def _trading_days(n: int, rng: np.random.Generator) -> pd.DatetimeIndex:
    """Return weekdays with a holiday about once a month and one long break."""
    days = pd.bdate_range(FIRST_DAY, periods=int(n * 1.1) + 20)
    keep = rng.random(len(days)) > 0.04
    keep[0] = True
    keep[60:65] = False
    return days[keep][:n]


def _names(plan: MarketPlan) -> tuple[pd.DataFrame, pd.DataFrame]:
    chosen = SECTORS[: plan.n_sectors]
    proxies = [f"P{code}" if plan.proxied else "" for code, _, _ in chosen]
    sectors = pd.DataFrame(chosen, columns=["sector", "name", "name_vi"]).assign(proxy=proxies)
    rows: list[tuple[str, str, str, str]] = []
    if plan.proxied:
        rows.append(("BENCH", "Benchmark index", "", "benchmark"))
        rows += [(f"P{code}", f"{name} index", code, "sector") for code, name, _ in chosen]
    if plan.with_shares:
        for code, name, _ in chosen:
            rows += [
                (f"{name[:2].upper()}{number}", f"{name} share {number}", code, "stock")
                for number in range(1, plan.n_shares + 1)
            ]
    return sectors, pd.DataFrame(rows, columns=["symbol", "name", "sector", "kind"])


def _signals(
    plan: MarketPlan, universe: pd.DataFrame, days: pd.DatetimeIndex, rng: np.random.Generator
) -> pd.DataFrame:
    """Return a daily tone, a survey of every month published ten days after, and rare blocks."""
    rows: list[tuple[str, str, pd.Timestamp, pd.Timestamp, float, str]] = []
    months = days[days.to_series().dt.month.diff().fillna(0).ne(0)]
    for code, _, _ in SECTORS[: plan.n_sectors]:
        tone = np.round(rng.uniform(-1, 1, len(days)), 3)
        rows += [
            ("sentiment", code, day, day, float(value), "index between -1 and 1")
            for day, value in zip(days, tone, strict=True)
        ]
        rows += [
            ("orders", code, day, day + pd.Timedelta(days=10), float(value), "percent")
            for day, value in zip(months, rng.normal(50, 3, len(months)), strict=True)
        ]
    for symbol in universe.loc[universe["kind"] == "stock", "symbol"]:
        rows += [
            ("block_trades", str(symbol), day, day, float(value), "VND")
            for day, value in zip(days[5::9], rng.uniform(1e9, 9e9, len(days[5::9])), strict=True)
        ]
    columns = ["name", "entity", "observed_on", "published_on", "value", "unit"]
    return pd.DataFrame(rows, columns=columns)


def _prices(
    plan: MarketPlan, universe: pd.DataFrame, days: pd.DatetimeIndex, rng: np.random.Generator
) -> pd.DataFrame:
    common = rng.normal(0.0003, 0.008, len(days))
    themes = {code: rng.normal(0, 0.006, len(days)) for code, _, _ in SECTORS}
    tables = []
    for number, row in enumerate(universe.to_dict("records")):
        own = rng.normal(0, 0.012 if row["kind"] == "stock" else 0.002, len(days))
        moves = common + own + (themes[row["sector"]] if row["sector"] else 0.0)
        tables.append(_one_symbol(plan, str(row["symbol"]), number, moves, days, rng))
    return pd.concat(tables, ignore_index=True)


def _one_symbol(
    plan: MarketPlan,
    symbol: str,
    number: int,
    moves: np.ndarray,
    days: pd.DatetimeIndex,
    rng: np.random.Generator,
) -> pd.DataFrame:
    stock = not symbol.startswith(("P", "BENCH"))
    before = 20.0 + 3 * number
    close = np.round(before * np.cumprod(1 + moves), 2)
    previous = np.append(before, close[:-1])
    listed = np.full(len(days), 1_000_000.0 * (1 + number % 5))
    if plan.with_previous_close and stock and number % 7 == 2:
        # A five-for-one split, explained by the previous close of that day.
        at = len(days) // 2
        close[at:] = np.round(close[at:] / 5, 2)
        previous = np.append(before, close[:-1])
        previous[at] = round(previous[at] / 5, 4)
        listed[at:] *= 5
    volume = np.round(rng.lognormal(10, 0.6, len(days)))
    table = pd.DataFrame(
        {
            "date": days,
            "symbol": symbol,
            "open": close,
            "high": np.round(close * 1.01, 2),
            "low": np.round(close * 0.99, 2),
            "close": close,
            "volume": volume,
        }
    )
    if plan.with_previous_close:
        table["value"] = np.round(close * volume * 0.999, 2)
        table["previous_close"] = previous
        table["listed_shares"] = listed
    if not stock:
        return table
    keep = rng.random(len(days)) > 0.03
    if number % 5 == 3:
        keep[: len(days) // 3] = False
    if number % 6 == 1:
        keep[len(days) // 4 : len(days) // 4 + 12] = False
    if not plan.with_previous_close:
        return table[keep]
    # The exchange's previous close is the last one that was traded, whatever days were missed.
    kept = table[keep].copy()
    gap = np.append(True, ~keep[np.flatnonzero(keep)[1:] - 1])
    split = np.isclose(kept["previous_close"], kept["close"].shift(), rtol=0.3)
    fix = gap & split
    kept.loc[fix, "previous_close"] = kept["close"].shift()[fix]
    return kept


def _flows(prices: pd.DataFrame, universe: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    stocks = set(universe.loc[universe["kind"] == "stock", "symbol"])
    traded = prices[prices["symbol"].isin(stocks)]
    if traded.empty:
        traded = prices
    traded = traded[rng.random(len(traded)) > 0.2].reset_index(drop=True)
    value = traded["value"] if "value" in traded else traded["close"] * traded["volume"]
    flows = traded[["date", "symbol"]].assign(
        foreign_buy_value=np.round(value * rng.uniform(0, 0.3, len(traded)), 2),
        foreign_sell_value=np.round(value * rng.uniform(0, 0.3, len(traded)), 2),
    )
    flows.loc[len(flows) // 2, "foreign_sell_value"] = 3 * value.iloc[len(flows) // 2]
    return flows


def _macro(days: pd.DatetimeIndex, rng: np.random.Generator) -> pd.DataFrame:
    rows: list[tuple[str, pd.Timestamp, pd.Timestamp, float, str]] = []
    start, end = days[0] - pd.DateOffset(years=4), days[-1]
    level, base = 100.0, 1.0
    month_ends = pd.date_range(start, end, freq="ME")
    levels: list[float] = []
    for number, month in enumerate(month_ends):
        level *= 1 + rng.normal(0.002, 0.002)
        levels.append(level)
        published = month + pd.Timedelta(days=15)
        rows.append(("CPI", month, published, round(level * base, 3), "index"))
        if number >= 1:
            # The month before is revised with each release, and once a year the base changes for all.
            revised = round(levels[-2] * 1.0007 * base, 3)
            rows.append(("CPI", month_ends[number - 1], published, revised, "index"))
        if number % 12 == 11:
            base *= 0.8
            later = published + pd.Timedelta(days=2)
            rows += [
                ("CPI", past, later, round(value * 1.0007 * base, 3), "index")
                for past, value in zip(month_ends, levels, strict=False)
            ]
    rate = 3.0 + np.cumsum(rng.normal(0, 0.02, 2000))
    oil = 60 * np.cumprod(1 + rng.normal(0, 0.02, 2000))
    fear = 18 * np.cumprod(1 + rng.normal(0, 0.03, 2000))
    for number, day in enumerate(pd.bdate_range(start, end)):
        late = day + pd.offsets.BDay(1)
        rows.append(("RATE", day, day, round(float(rate[number]), 3), "percent"))
        rows.append(("OIL", day, late, round(float(oil[number]), 2), "USD per barrel"))
        rows.append(("FEAR", day, late, round(float(fear[number]), 2), "index"))
    for month in month_ends:
        survey = round(float(rng.normal(50, 2)), 1)
        released = month + pd.Timedelta(days=3)
        rows.append(("PMI", month, released, survey, "index, 50 = no change"))
    columns = ["series", "observed_on", "published_on", "value", "unit"]
    return pd.DataFrame(rows, columns=columns)


def shuffled(path: Path, seed: int = 3) -> None:
    """Shuffle the rows of every Parquet file of a folder in place."""
    for file in sorted(path.glob("*.parquet")):
        table = pd.read_parquet(file)
        table.sample(frac=1, random_state=seed).to_parquet(file, index=False)


def cut_after(path: Path, as_of: str) -> None:
    """Delete from a folder everything that was not usable by `as_of`, with the folder's own lags at 0."""
    limit = pd.Timestamp(as_of)
    for file in sorted(path.glob("*.parquet")):
        table = pd.read_parquet(file)
        column = "published_on" if "published_on" in table else "date"
        table[table[column] <= limit].to_parquet(file, index=False)


def market_of(
    prices: pd.DataFrame,
    *,
    sectors: dict[str, str] | None = None,
    kinds: dict[str, str] | None = None,
    proxies: dict[str, str] | None = None,
    benchmark: str = "",
    flows: pd.DataFrame | None = None,
    macro: pd.DataFrame | None = None,
    **settings: Any,
) -> MarketData:
    """Return a market in memory from price rows; every symbol is a share of sector ``S`` unless said otherwise."""
    symbols = sorted(set(prices["symbol"]) | ({benchmark} if benchmark else set()))
    kinds = dict.fromkeys(symbols, "stock") | (kinds or {})
    named = sectors or {name: "S" if kinds[name] == "stock" else "" for name in symbols}
    codes = sorted({code for code in named.values() if code} | set(proxies or {}))
    universe = pd.DataFrame(index=pd.Index(symbols, name="symbol")).assign(
        name=symbols,
        sector=[named.get(name, "") for name in symbols],
        kind=[kinds[name] for name in symbols],
        industry="",
    )
    table = pd.DataFrame(index=pd.Index(codes, name="sector")).assign(
        name=[f"Sector {code}" for code in codes],
        name_vi="",
        proxy=[(proxies or {}).get(code, "") for code in codes],
    )
    market = Market(
        id="small",
        name="Small market",
        currency="USD",
        timezone="UTC",
        benchmark=benchmark,
        sector_scheme="none",
        simulated=False,
        source="generated for tests",
        **settings,
    )
    return MarketData(
        market=market,
        sectors=table,
        universe=universe,
        prices=_ready(prices, symbols),
        flows=None if flows is None else _ready(flows, symbols),
        macro=_published(macro),
    )


def _ready(rows: pd.DataFrame, symbols: list[str]) -> pd.DataFrame:
    """Return rows as a source hands them over: dated, symbols as categories, sorted."""
    codes = pd.Categorical(rows["symbol"], categories=symbols)
    ready = rows.assign(date=pd.to_datetime(rows["date"]).astype("datetime64[us]"), symbol=codes)
    for column in ("open", "high", "low", "volume"):
        if column not in ready and "close" in ready:
            ready[column] = np.nan
    return ready.sort_values(["symbol", "date"], ignore_index=True)


def _published(macro: pd.DataFrame | None) -> pd.DataFrame:
    columns = ["series", "observed_on", "published_on", "value", "unit"]
    rows = pd.DataFrame(columns=columns) if macro is None else macro[columns]
    days = {
        name: pd.to_datetime(rows[name]).astype("datetime64[us]")
        for name in ("observed_on", "published_on")
    }
    ready = rows.assign(**days, value=rows["value"].astype(float))
    return ready.sort_values(columns[:3], ignore_index=True)


def closes(days: pd.DatetimeIndex, **columns: list[float]) -> pd.DataFrame:
    """Return price rows from one list of closes a symbol; NaN leaves the day out."""
    wide = pd.DataFrame(columns, index=days).rename_axis("date").reset_index()
    return wide.melt("date", var_name="symbol", value_name="close").dropna(ignore_index=True)
