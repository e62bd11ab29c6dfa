"""A second, independent computation of every measured fact, straight from the files.

Written from the definitions of the contracts, in plain loops, and sharing no code with the package: it imports none
of it. Rows that the product refuses as jumps or flat lines are not looked for here, since on the markets this is run
on there are none; flow rows above traded value are left out as the definitions say.

::

    mismatches(Path("…/markets/us"), date(2019, 12, 31), brief["facts"])      # [] when every fact agrees

Facts of the scorecard (`score`, `probability` …) are not measured from the files and are passed over.
"""

from __future__ import annotations

import math
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tests.proofs.market_files import (
    DAILY,
    MONTHLY,
    IndustryTables,
    Tables,
    split_id,
    weekdays_later,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

TOLERANCE = 1e-6
MEASURED = frozenset({
    "return", "rel_return", "volatility", "drawdown", "breadth", "rs_ratio", "rs_momentum", "quadrant",
    "whale_ratio", "foreign_net_value", "foreign_net_ratio", "latest", "change", "yoy", "surprise",
    "momentum", "rel_drawdown", "rel_volatility", "foreign_pressure",
})  # fmt: skip


def mismatches(
    folder: Path | str, as_of: date, facts: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """Return a line for each measured fact that this computation does not confirm within 1e-6.

    Parameters
    ----------
    folder
        A market folder, or ``"industries"``.
    as_of
        The date the facts were computed for.
    facts
        Id → at least ``{"value": …}``, as in a brief's JSON.
    """
    own = Recomputation(folder, as_of)
    problems = []
    for fact_id, fact in facts.items():
        _, metric, _ = split_id(fact_id)
        if metric not in MEASURED or "contribution" in fact_id:
            continue
        value = own.value(fact_id)
        if not agree(fact["value"], value):
            problems.append(f"{fact_id}: stated {fact['value']!r}, recomputed {value!r}")
    return problems


def agree(stated: object, recomputed: object) -> bool:
    """Whether two values are the same word, or numbers within 1e-6 (relative for large ones)."""
    if isinstance(stated, str) or isinstance(recomputed, str):
        return stated == recomputed
    if stated is None or recomputed is None:
        return stated is recomputed
    return math.isclose(float(stated), float(recomputed), rel_tol=TOLERANCE, abs_tol=TOLERANCE)  # type: ignore[arg-type]


class Recomputation:
    """One market at one date; :meth:`value` gives any measured fact, None where there is none."""

    def __init__(self, folder: Path | str, as_of: date) -> None:
        self.files = IndustryTables() if folder == "industries" else Tables(Path(folder))
        self.as_of = pd.Timestamp(as_of)
        self.windows = MONTHLY if self.files.monthly else DAILY
        stamps = sorted(self.files.prices["date"].unique())
        known = {
            day
            for day in stamps
            if weekdays_later(pd.Timestamp(day), self.files.prices_days) <= self.as_of
        }
        self.prices = self.files.prices[self.files.prices["date"].isin(known)]
        self.shares = [symbol for symbol, kind in self.files.kind.items() if kind == "stock"]
        if self.files.benchmark:
            trading = self.prices.loc[self.prices["symbol"] == self.files.benchmark, "date"]
        else:
            trading = self.prices.loc[self.prices["symbol"].isin(self.shares), "date"]
        self.days: list[pd.Timestamp] = sorted(pd.Timestamp(day) for day in set(trading))
        self._levels: dict[str, pd.Series] = {}
        self._moves: dict[str, pd.Series] = {}

    def value(self, fact_id: str) -> float | str | None:
        """Return the value of a fact id, or None."""
        entity, metric, period = split_id(fact_id)
        if entity.startswith("MACRO."):
            found: float | str | None = self._macro(entity.removeprefix("MACRO."), metric, period)
        elif period is not None:
            n = self.windows.get(period)
            found = None if n is None else getattr(self, f"_{metric}")(entity, n)
        else:
            found = getattr(self, f"_{metric}")(entity)
        if isinstance(found, float) and not math.isfinite(found):
            return None
        return found

    # Returns

    @cached_property
    def _by_symbol(self) -> dict[str, pd.DataFrame]:
        return {
            str(symbol): rows.sort_values("date").set_index("date")
            for symbol, rows in self.prices.groupby("symbol", observed=True)
        }

    @cached_property
    def _share_rows(self) -> pd.DataFrame:
        """One line a share and day that has a return: its sector, return and weight."""
        lines = []
        for symbol in self.shares:
            rows = self._by_symbol.get(symbol)
            if rows is None:
                continue
            earlier = None
            official = rows["previous_close"] if "previous_close" in rows else [None] * len(rows)
            listed = rows["listed_shares"] if "listed_shares" in rows else [None] * len(rows)
            for day, close, previous, shares in zip(
                rows.index, rows["close"], official, listed, strict=True
            ):
                base = previous if previous is not None and previous == previous else earlier
                earlier = close
                if base is None:
                    continue
                weight = (
                    base * shares
                    if shares is not None and shares == shares and shares > 0
                    else math.nan
                )
                lines.append((day, self.files.sector[symbol], symbol, close / base - 1, weight))
        return pd.DataFrame(lines, columns=["day", "sector", "symbol", "move", "weight"])

    def moves(self, entity: str) -> pd.Series:
        """Return the daily returns of an entity on its own days."""
        if entity not in self._moves:
            self._moves[entity] = self._work_out_moves(entity)
        return self._moves[entity]

    def _work_out_moves(self, entity: str) -> pd.Series:
        if entity == "MARKET" and self.files.benchmark:
            entity = self.files.benchmark
        entity = self.files.proxy.get(entity) or entity
        if entity in self.files.kind:
            rows = self._by_symbol[entity]
            base = rows["close"].shift(1)
            if "previous_close" in rows:
                base = rows["previous_close"].fillna(base)
            return rows["close"] / base - 1
        rows = self._share_rows
        if entity != "MARKET":
            rows = rows[rows["sector"] == entity]
        means = {}
        for day, group in rows.groupby("day"):
            weights = group["weight"].to_numpy()
            if np.isnan(weights).any():
                weights = np.ones(len(group))
            means[day] = float(np.average(group["move"].to_numpy(), weights=weights))
        return pd.Series(means, dtype=float)

    def first_price(self, entity: str) -> pd.Timestamp | None:
        """Return the first day on which an entity, or any share of it, has a price."""
        if entity == "MARKET" and self.files.benchmark:
            entity = self.files.benchmark
        entity = self.files.proxy.get(entity) or entity
        members = [entity] if entity in self.files.kind else self._shares_of(entity)
        firsts = [self._by_symbol[one].index[0] for one in members if one in self._by_symbol]
        return min(firsts) if firsts else None

    def _shares_of(self, entity: str) -> list[str]:
        return [s for s in self.shares if entity == "MARKET" or self.files.sector[s] == entity]

    def _starts(self, entity: str, n: int) -> pd.Timestamp | None:
        """Return the window's start, or None where the market or the entity is too young."""
        if len(self.days) <= n:
            return None
        start, first = self.days[-1 - n], self.first_price(entity)
        return start if first is not None and first <= start else None

    def _inside(self, entity: str, n: int) -> pd.Series | None:
        start = self._starts(entity, n)
        if start is None:
            return None
        moves = self.moves(entity)
        return moves[(moves.index > start) & (moves.index <= self.days[-1])].dropna()

    def _return(self, entity: str, n: int) -> float | None:
        inside = self._inside(entity, n)
        return None if inside is None else float(np.prod(1 + inside.to_numpy()) - 1)

    def _rel_return(self, entity: str, n: int) -> float | None:
        own, market = self._return(entity, n), self._return("MARKET", n)
        return None if own is None or market is None else own - market

    def _volatility(self, entity: str, n: int) -> float | None:
        inside = self._inside(entity, n)
        if inside is None or len(inside) < 2:
            return None
        return float(np.std(inside.to_numpy(), ddof=1)) * math.sqrt(
            12 if self.files.monthly else 252
        )

    def level(self, entity: str) -> pd.Series:
        """Return the compounded index on trading days, 1 at the first price."""
        if entity not in self._levels:
            first = self.first_price(entity)
            moves = self.moves(entity).dropna()
            path: dict[Any, float] = {first: 1.0}
            level = 1.0
            for day, move in moves[moves.index > first].items():
                level *= 1 + move
                path[day] = level
            own = pd.Series(path).sort_index()
            every = own.reindex(sorted({*own.index, *self.days})).ffill()
            self._levels[entity] = every.reindex(self.days)
        return self._levels[entity]

    def _drawdown(self, entity: str, n: int) -> float | None:
        if self._starts(entity, n) is None:
            return None
        window = self.level(entity).iloc[-1 - n :]
        return float(window.iloc[-1] / max(window) - 1)

    def _momentum(self, entity: str, n: int) -> float | None:
        month = 1 if self.files.monthly else 21
        if n <= month or self._starts(entity, n) is None:
            return None
        strength = self._strength(entity)
        return strength[-1 - month] / strength[-1 - n] - 1

    def _rel_drawdown(self, entity: str, n: int) -> float | None:
        if self._starts(entity, n) is None:
            return None
        window = self._strength(entity)[-1 - n :]
        return window[-1] / max(window) - 1

    def _rel_volatility(self, entity: str, n: int) -> float | None:
        inside, market = self._inside(entity, n), self._inside("MARKET", n)
        if inside is None or market is None:
            return None
        apart = (inside - market).dropna()
        if len(apart) < 2:
            return None
        return float(np.std(apart.to_numpy(), ddof=1)) * math.sqrt(
            12 if self.files.monthly else 252
        )

    def _breadth(self, entity: str) -> float | None:
        above, counted = 0, 0
        for symbol in self._shares_of(entity):
            rows = self._by_symbol.get(symbol)
            if rows is None or rows.index[-1] != self.days[-1] or len(rows) < 50:
                continue
            moves = self.moves(symbol).to_numpy()[-49:]
            levels = np.concatenate([[1.0], np.cumprod(1 + moves)])
            counted += 1
            above += bool(levels[-1] - math.fsum(levels) / 50 > 1e-9 * levels[-1])
        return above / counted if counted else None

    # Rotation

    def _strength(self, entity: str) -> list[float]:
        if self.first_price(entity) is None:
            return []
        return [
            own / market
            for own, market in zip(self.level(entity), self.level("MARKET"), strict=True)
        ]

    def _ratios(self, entity: str, points: int) -> list[float]:
        """Return the last `points` values of rs_ratio, oldest first."""
        width = 12 if self.files.monthly else 63
        strength = self._strength(entity)
        found = []
        for end in range(len(strength) - points + 1, len(strength) + 1):
            window = strength[max(end - width, 0) : end]
            whole = end >= width and not any(math.isnan(value) for value in window)
            found.append(100 * window[-1] / (math.fsum(window) / width) if whole else math.nan)
        return found

    def _rs_ratio(self, entity: str) -> float | None:
        found = self._ratios(entity, 1)
        return found[-1] if found else None

    def _rs_momentum(self, entity: str) -> float | None:
        width = 3 if self.files.monthly else 21
        found = self._ratios(entity, width)
        return 100 * found[-1] / (math.fsum(found) / width) if len(self.days) >= width else None

    def _quadrant(self, entity: str) -> str | None:
        ratio, momentum = self._rs_ratio(entity), self._rs_momentum(entity)
        if ratio is None or momentum is None or math.isnan(ratio) or math.isnan(momentum):
            return None
        names = {(True, True): "leading", (True, False): "weakening", (False, False): "lagging"}
        return names.get((ratio >= 100, momentum >= 100), "improving")

    # Trading and flows

    def _summed_symbols(self, entity: str) -> list[str]:
        if entity in self.files.kind:
            return [entity]
        if shares := self._shares_of(entity):
            return shares
        proxy = self.files.benchmark if entity == "MARKET" else self.files.proxy[entity]
        return [proxy] if proxy else []

    @cached_property
    def _traded(self) -> dict[tuple[pd.Timestamp, str], float]:
        found = {}
        value = self.prices["value"] if "value" in self.prices else self.prices["close"] * math.nan
        estimate = self.prices["close"] * self.prices["volume"]
        for key, stated, guess in zip(
            zip(self.prices["date"], self.prices["symbol"], strict=True),
            value,
            estimate,
            strict=True,
        ):
            amount = guess if math.isnan(stated) else stated
            if not math.isnan(amount):
                found[key] = amount
        return found

    def _whale_ratio(self, entity: str, n: int) -> float | None:
        if len(self.days) < n + 20:
            return None
        symbols = self._summed_symbols(entity)
        window, usual = self.days[-n:], self.days[-n - 20 : -n]
        traded = self._traded
        rows = sum(any((day, symbol) in traded for symbol in symbols) for day in usual)
        normal = sum(traded.get((day, symbol), 0.0) for day in usual for symbol in symbols) / 20
        if rows < 15 or normal == 0:
            return None
        return sum(traded.get((day, symbol), 0.0) for day in window for symbol in symbols) / (
            n * normal
        )

    @cached_property
    def _flow_days(self) -> list[pd.Timestamp]:
        return [
            day for day in self.days if weekdays_later(day, self.files.flows_days) <= self.as_of
        ]

    @cached_property
    def _net_flows(self) -> dict[tuple[pd.Timestamp, str], float]:
        assert self.files.flows is not None
        flows = self.files.flows
        found = {}
        for day, symbol, bought, sold in zip(
            flows["date"],
            flows["symbol"],
            flows["foreign_buy_value"],
            flows["foreign_sell_value"],
            strict=True,
        ):
            limit = self._traded.get((day, symbol))
            if limit is None or max(bought, sold) <= limit:
                found[(day, symbol)] = bought - sold
        return found

    @cached_property
    def _days_with_flows(self) -> set[pd.Timestamp]:
        assert self.files.flows is not None
        return set(pd.DatetimeIndex(self.files.flows["date"].unique()))

    def _flow_window(self, entity: str, n: int) -> list[pd.Timestamp] | None:
        """Return the days of a flow window, or None where it is not whole."""
        days = self._flow_days
        if self.files.flows is None or len(days) < n:
            return None
        window, first = days[-n:], self.first_price(entity)
        if (
            first is None
            or first > window[0]
            or any(day not in self._days_with_flows for day in window)
        ):
            return None
        return window

    def _foreign_net_value(self, entity: str, n: int) -> float | None:
        window = self._flow_window(entity, n)
        symbols = self._summed_symbols(entity)
        if window is None or not symbols:
            return None
        return math.fsum(
            self._net_flows.get((day, symbol), 0.0) for day in window for symbol in symbols
        )

    def _foreign_net_ratio(self, entity: str, n: int) -> float | None:
        window, net = self._flow_window(entity, n), self._foreign_net_value(entity, n)
        if window is None or net is None:
            return None
        symbols = self._summed_symbols(entity)
        traded = math.fsum(
            self._traded.get((day, symbol), 0.0) for day in window for symbol in symbols
        )
        return net / traded if traded else None

    def _foreign_pressure(self, entity: str) -> float | None:
        if self.files.flows is None or self.files.monthly:
            return None
        symbols, net, traded, known = self._summed_symbols(entity), 0.0, 0.0, 0
        for day in self._flow_days:
            amounts = [self._traded[day, one] for one in symbols if (day, one) in self._traded]
            if day not in self._days_with_flows or not amounts:
                continue
            known += 1
            net = net * 0.5**0.5 + math.fsum(
                self._net_flows.get((day, one), 0.0) for one in symbols
            )
            traded = traded * 0.5**0.5 + math.fsum(amounts)
        return net / traded if known >= 10 and traded else None

    # Macro

    @lru_cache(maxsize=64)  # noqa: B019 - lives as long as one test
    def _history(self, series: str) -> list[tuple[pd.Timestamp, pd.Timestamp, float]]:
        rows = self.files.macro[self.files.macro["series"] == series]
        rows = rows[rows["published_on"] <= self.as_of]
        return sorted(zip(rows["observed_on"], rows["published_on"], rows["value"], strict=True))

    def _unit(self, series: str) -> str:
        return str(self.files.macro.loc[self.files.macro["series"] == series, "unit"].iloc[0])

    def _vintage(self, series: str, at: pd.Timestamp) -> dict[pd.Timestamp, float]:
        """Return, per observation, the newest value published by `at`."""
        # Sorted by publication within each observation: the last one wins.
        return {seen: value for seen, published, value in self._history(series) if published <= at}

    def _macro(self, series: str, metric: str, period: str | None) -> float | None:
        vintage = self._vintage(series, self.as_of)
        if not vintage:
            return None
        newest = max(vintage)
        grows = self._unit(series) == "index"
        if metric == "latest":
            return vintage[newest]
        if metric == "yoy":
            return self._yoy(vintage, newest) if grows else None
        if metric == "surprise":
            return self._surprise(series, grows=grows)
        n = self.windows.get(str(period))
        if n is None or len(self.days) <= n:
            return None
        instant = weekdays_later(self.days[-1 - n], self.files.prices_days)
        then = self._vintage(series, instant)
        if not then:
            return None
        before = vintage[max(then)]
        return vintage[newest] / before - 1 if grows else vintage[newest] - before

    def _yoy(self, vintage: dict[pd.Timestamp, float], newest: pd.Timestamp) -> float | None:
        month = newest.to_period("M") - 12
        same_month = [day for day in vintage if day.to_period("M") == month]
        if len(same_month) != 1:
            same_day = newest - pd.DateOffset(years=1)
            same_month = [
                day for day in vintage if same_day - pd.Timedelta(days=31) <= day <= same_day
            ][-1:]
        return vintage[newest] / vintage[same_month[0]] - 1 if same_month else None

    def _surprise(self, series: str, *, grows: bool) -> float | None:
        """Standardise the newest first release's change, as of its release, among the last 36."""
        firsts: dict[pd.Timestamp, tuple[pd.Timestamp, float]] = {}
        for observed, published, value in self._history(series):
            if observed not in firsts:
                firsts[observed] = (published, value)
        observations = sorted(firsts)
        changes = []
        for earlier, observed in list(pairwise(observations))[-36:]:
            published, value = firsts[observed]
            seen = [v for o, p, v in self._history(series) if o == earlier and p <= published]
            if seen:
                changes.append(value / seen[-1] - 1 if grows else value - seen[-1])
        if len(changes) < 24:
            return None
        spread = float(np.std(changes, ddof=1))
        if spread <= 1e-12 * max(abs(change) for change in changes):
            return None
        return (changes[-1] - float(np.mean(changes))) / spread
