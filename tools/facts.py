"""Every measured fact of a view, by id, or the reason why there is none.

A fact is the last row of a panel of :mod:`tools.measures`, so that what a brief cites, what a model was trained on
and what a back-test used are one number. What the market does not have is a :class:`Gap`, never a filler.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
import pandas as pd

from tools import names
from tools.contracts import MACRO_PREFIX, MARKET_ENTITY, Fact, FactId, Gap, parse_fact_id
from tools.measures import macro, returns, rotation, signals, trading
from tools.measures.calendar import to_date, usable_from
from tools.missing import Missing, merge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from tools.measures.vintages import Vintages
    from tools.view import AsOfView

WINDOW_PANELS: dict[str, tuple[Callable[..., pd.DataFrame], str]] = {
    "return": (returns.window_return, "fraction"),
    "rel_return": (returns.rel_return, "fraction"),
    "volatility": (returns.volatility, "fraction"),
    "drawdown": (returns.drawdown, "fraction"),
    "momentum": (returns.momentum, "fraction"),
    "rel_drawdown": (returns.rel_drawdown, "fraction"),
    "rel_volatility": (returns.rel_volatility, "fraction"),
}
POINT_PANELS: dict[str, tuple[Callable[..., pd.DataFrame], str]] = {
    "rs_ratio": (rotation.rs_ratio, "index"),
    "rs_momentum": (rotation.rs_momentum, "index"),
}
NOT_FOR_MARKET = (
    "rel_return", "momentum", "rel_drawdown", "rel_volatility", *POINT_PANELS, "quadrant",
)  # fmt: skip
FLOW_METRICS = ("foreign_net_value", "foreign_net_ratio")
FLOW_PRESSURE = "foreign_pressure"
MACRO_METRICS = ("latest", "change", "yoy", "surprise")
BLOCK_VALUE = "block_value"
SIGNAL_WINDOWS: dict[str, Callable[..., pd.DataFrame]] = {
    "mean": signals.mean_level,
    "change": signals.level_change,
}
"""What follows a signal's name and an underscore when a window is asked of it."""
WINDOW_METRICS = (*WINDOW_PANELS, "whale_ratio", *FLOW_METRICS)
ENTITY_METRICS = (*WINDOW_METRICS, FLOW_PRESSURE, "breadth", *POINT_PANELS, "quadrant")


class _Spot(NamedTuple):
    """One value with its dates, before it becomes a fact."""

    value: float
    observed_on: date
    published_on: date


class FactBook:
    """The facts of one view.

    Examples
    --------
    ``FactBook(view).get("45.rel_return.1W")`` is a :class:`Fact`, or a :class:`Gap` that says why not.
    """

    def __init__(self, view: AsOfView) -> None:
        self.view = view
        # Kept with the view, because every reader of a view opens a book of its own.
        self._known = cast(
            "dict[str, Fact | Missing]", view.memo.setdefault("facts", dict[str, object]())
        )

    def get(self, fact_id: str) -> Fact | Gap:
        """Return one fact, or the gap in its place.

        Raises
        ------
        ValueError
            When the text is no fact id at all.
        """
        found = self._look_up(fact_id)
        return merge([found], self.name)[0] if isinstance(found, Missing) else found

    def collect(self, fact_ids: Iterable[str]) -> tuple[tuple[Fact, ...], tuple[Gap, ...]]:
        """Return facts in the order asked for, and what is missing, one gap for each reason."""
        facts: list[Fact] = []
        missing: list[Missing] = []
        for fact_id in dict.fromkeys(fact_ids):
            found = self._look_up(fact_id)
            if isinstance(found, Missing):
                missing.append(found)
            else:
                facts.append(found)
        return tuple(facts), merge(missing, self.name)

    def notes(self, facts: Iterable[Fact]) -> tuple[str, ...]:
        """Return plain sentences a reader of `facts` should know."""
        found: list[str] = []
        for fact in facts:
            if fact.metric == "whale_ratio" and self.view.value_is_estimate:
                found.append("Traded values are estimates: closing price times volume.")
            if fact.entity in self.view.sparse_days and self._is_sparse(fact):
                found.append(
                    f"Fewer than half of the shares of {self.name(fact.entity)} had a price on "
                    f"{fact.observed_on.isoformat()}."
                )
        return tuple(dict.fromkeys(found))

    def _is_sparse(self, fact: Fact) -> bool:
        sparse, day = self.view.sparse_days, pd.Timestamp(fact.observed_on)
        return day in sparse.index and bool(sparse.loc[day, fact.entity])

    # Names

    def name(self, entity: str) -> str:
        """Return what a reader calls an entity."""
        if entity == MARKET_ENTITY:
            return "the market"
        if entity in self.view.sectors.index:
            return str(self.view.sectors.loc[entity, "name"]) or entity
        return entity.removeprefix(MACRO_PREFIX)

    @cached_property
    def _sector_names(self) -> dict[str, str]:
        table = self.view.sectors
        found: dict[str, str] = {}
        for column in ("proxy", "name_vi", "name"):
            found |= {names.fold(text): str(code) for code, text in table[column].items() if text}
        return found | {names.fold(code): code for code in map(str, table.index)}

    def sector(self, text: str) -> str | None:
        """Return the code of the sector called `text`: its code, name, Vietnamese name or proxy."""
        return self._sector_names.get(names.fold(text))

    @cached_property
    def _symbol_names(self) -> dict[str, str]:
        universe = self.view.universe
        rows = universe["name"].items()
        named = {names.fold(text): str(symbol) for symbol, text in rows if text}
        return named | {names.fold(symbol): symbol for symbol in map(str, universe.index)}

    def symbol(self, text: str) -> str | None:
        """Return the symbol called `text`."""
        return self._symbol_names.get(names.fold(text))

    @cached_property
    def _series_names(self) -> dict[str, str]:
        known = macro.series_names(self.view)
        aliases = self.view.market.macro_aliases
        named = {names.fold(alias): series for alias, series in aliases.items() if series in known}
        return named | {names.fold(series): series for series in known}

    def series(self, text: str) -> str | None:
        """Return the macro series called `text`, by its own name or one the market declares."""
        return self._series_names.get(names.fold(text.removeprefix(MACRO_PREFIX)))

    def nearest(self, name: str) -> tuple[str, ...]:
        """Return the known sectors, symbols and series whose names are nearest to `name`."""
        sectors, universe = self.view.sectors, self.view.universe
        known = [*sectors.index, *sectors["name"], *universe.index, *self._series_names.values()]
        known += list(self.view.market.macro_aliases)
        return names.nearest(name, [text for text in known if text])

    # Facts

    def _look_up(self, fact_id: str) -> Fact | Missing:
        if fact_id not in self._known:
            self._known[fact_id] = self._find(parse_fact_id(fact_id))
        return self._known[fact_id]

    def _find(self, wanted: FactId) -> Fact | Missing:
        if wanted.entity.startswith(MACRO_PREFIX):
            return self._macro(wanted)
        known = wanted.entity == MARKET_ENTITY or wanted.entity in self.view.sectors.index
        if not known and wanted.entity not in self.view.universe.index:
            near = ", ".join(self.nearest(wanted.entity)) or "none"
            return Missing(wanted, f"not available here, nearest: {near}")
        if _signal_of(wanted) in self.view.vocabulary.signals:
            return self._signal(wanted)
        problem = self._misfit(wanted)
        if problem:
            return Missing(wanted, problem)
        if wanted.entity not in self.view.entities:
            return Missing(wanted, "no price was known by then")
        return self._measured(wanted)

    def _misfit(self, wanted: FactId) -> str | None:
        """Say why a metric cannot be asked of an entity in this market, whatever its prices."""
        metric, period = wanted.metric, wanted.period
        if metric not in ENTITY_METRICS or (
            wanted.entity == MARKET_ENTITY and metric in NOT_FOR_MARKET
        ):
            return "there is no such measure"
        if (metric in WINDOW_METRICS) != (period is not None):
            return "this measure has no window" if period else "this measure needs a window"
        if metric == "whale_ratio" and self.view.traded_value is None:
            return "this market has no volume or traded value"
        if metric in (*FLOW_METRICS, FLOW_PRESSURE) and self.view.flow_net is None:
            return "this market has no foreign flow data"
        if metric == FLOW_PRESSURE and self.view.market.monthly:
            return "the market is monthly"
        if metric == "breadth" and not self.view.vocabulary.has_shares:
            return "this market has no share prices below its sectors"
        if period is not None and self.view.window_rows(period) is None:
            return (
                "the market is monthly" if self.view.market.monthly else "there is no such window"
            )
        if metric == "momentum" and period in ("1D", "1W", "1M"):
            return "momentum leaves out the last month, so its window must be longer"
        if metric in ("volatility", "rel_volatility") and self.view.window_rows(str(period)) == 1:
            return "a deviation needs more than one return"
        return None

    def _measured(self, wanted: FactId) -> Fact | Missing:
        metric = wanted.metric
        if metric in (*FLOW_METRICS, FLOW_PRESSURE):
            return self._flow(wanted)
        if metric == "quadrant":
            return self._quadrant(wanted)
        if metric == "breadth":
            panel = self.view.breadth
            if wanted.entity not in panel:
                return Missing(wanted, "breadth is counted over a sector's shares")
            return self._last(wanted, panel, "fraction", "none of its shares has enough prices")
        if metric == "whale_ratio":
            panel = trading.whale_ratio(self.view, str(wanted.period), self._group(wanted.entity))
            return self._last(wanted, panel, "ratio", "too few days of trading before the window")
        if metric in POINT_PANELS:
            make, unit = POINT_PANELS[metric]
            panel = make(self.view, self._group(wanted.entity))
        else:
            make, unit = WINDOW_PANELS[metric]
            panel = make(self.view, wanted.period, self._group(wanted.entity))
        return self._last(wanted, panel, unit, "its prices begin after the window does")

    def _group(self, entity: str) -> tuple[str, ...] | None:
        """Return the entities measured together: sectors and the market in one panel, symbols one by one."""
        grouped = entity == MARKET_ENTITY or entity in self.view.sector_codes
        return None if grouped else (entity,)

    def _last(
        self, wanted: FactId, panel: pd.DataFrame, unit: str, why: str, table: str = "prices"
    ) -> Fact | Missing:
        value = float(panel.to_numpy()[-1, panel.columns.get_loc(wanted.entity)])
        if not np.isfinite(value):
            return Missing(wanted, why)
        day = self.view.last_day
        return self._fact(wanted, _Spot(value, day, self.view.published_on(day)), unit, table)

    def _quadrant(self, wanted: FactId) -> Fact | Missing:
        parts = [self._look_up(f"{wanted.entity}.{metric}") for metric in POINT_PANELS]
        ratio, momentum = parts
        if not isinstance(ratio, Fact) or not isinstance(momentum, Fact):
            return Missing(wanted, "its prices begin after the window does")
        word = rotation.quadrant(float(ratio.value), float(momentum.value))
        return ratio.model_copy(
            update={"id": str(wanted), "metric": "quadrant", "unit": "label", "value": word}
        )

    def _flow(self, wanted: FactId) -> Fact | Missing:
        if not len(self.view.member_columns(wanted.entity)):
            return Missing(wanted, "it has no shares to sum")
        is_value = wanted.metric == "foreign_net_value"
        group = self._group(wanted.entity)
        if wanted.metric == FLOW_PRESSURE:
            panel = trading.flow_pressure(self.view, group)
        else:
            make = trading.flow_window_value if is_value else trading.flow_window_ratio
            panel = make(self.view, str(wanted.period), group)
        value = float(panel[wanted.entity].iloc[-1]) if len(panel) else float("nan")
        if not np.isfinite(value):
            return Missing(wanted, "a day in the window has no flow data, or nothing was traded")
        day = self.view.flow_days[-1].date()
        lag = max(self.view.market.flows_days, self.view.market.prices_days)
        published = to_date(usable_from(np.asarray([day], dtype="datetime64[D]"), lag)[0])
        unit = self.view.market.currency if is_value else "fraction"
        return self._fact(wanted, _Spot(value, day, published), unit, "flows")

    def _macro(self, wanted: FactId) -> Fact | Missing:
        series = self.series(wanted.entity)
        if series is None:
            known = [*macro.series_names(self.view), *self.view.market.macro_aliases]
            name = wanted.entity.removeprefix(MACRO_PREFIX)
            near = ", ".join(names.nearest(name, known)) or "none"
            return Missing(wanted, f"not available here, nearest: {near}")
        wanted = wanted._replace(entity=MACRO_PREFIX + series)
        metric, period = wanted.metric, wanted.period
        if metric not in MACRO_METRICS:
            return Missing(wanted, "there is no such measure")
        if (metric == "change") != (period is not None):
            return Missing(wanted, "a change needs a window, other macro measures have none")
        vintages = macro.vintages(self.view, series)
        value = self._macro_value(vintages, metric, period)
        if isinstance(value, str):
            return Missing(wanted, value)
        spot = _newest(vintages, self.view.as_of)._replace(value=value)
        unit = _macro_unit(vintages, metric)
        return self._fact(wanted, spot, unit, "macro", series)

    def _macro_value(self, vintages: Vintages, metric: str, period: str | None) -> float | str:
        """Return the value, or why there is none."""
        now = np.asarray([self.view.as_of], dtype="datetime64[D]")
        if metric == "latest":
            return float(vintages.latest(now)[0])
        if metric == "yoy":
            if not vintages.is_index:
                return "growth over a year is measured on index series only"
            value, why = vintages.yoy(now)[0], "there is no observation a year earlier"
        elif metric == "surprise":
            value, why = vintages.surprise(now)[0], "too few releases to say what is usual"
        else:
            rows = self.view.window_rows(str(period))
            if rows is None:
                monthly = self.view.market.monthly
                return "the market is monthly" if monthly else "there is no such window"
            known, why = self.view.knowledge_days, "nothing was published before the window"
            value = np.nan if rows >= len(known) else vintages.change(now, known[[-1 - rows]])[0]
        return float(value) if np.isfinite(value) else why

    def _signal(self, wanted: FactId) -> Fact | Missing:
        """Return a signal's newest value, its mean or change over a window, or the blocks of a window."""
        name, period = _signal_of(wanted), wanted.period
        if period is not None and self.view.window_rows(period) is None:
            return Missing(wanted, "there is no such window")
        if wanted.metric == BLOCK_VALUE:
            panel = signals.block_value(self.view, str(period), (wanted.entity,))
            return self._last(
                wanted, panel, self.view.market.currency, "no block trade is known of", "signals"
            )
        rows = signals.vintages(self.view, name, wanted.entity)
        if rows is None:
            return Missing(wanted, "no such signal was published by then")
        spot = _newest(rows, self.view.as_of)
        if period is not None:
            measure = SIGNAL_WINDOWS[wanted.metric.rpartition("_")[2]]
            panel = measure(self.view, name, period, (wanted.entity,))
            value = float(panel.to_numpy()[-1, 0])
            if not np.isfinite(value):
                return Missing(wanted, "nothing was published before the window, or for too long")
            spot = spot._replace(value=value)
        return self._fact(wanted, spot, rows.unit, "signals")

    def _fact(
        self, wanted: FactId, spot: _Spot, unit: str, table: str, series: str | None = None
    ) -> Fact:
        files = self.view.market.files
        file = files.get(f"{table}.{series}") or files.get(table, table)
        return Fact(
            id=str(wanted),
            value=spot.value,
            unit=unit,
            entity=wanted.entity,
            metric=wanted.metric,
            period=wanted.period,
            observed_on=spot.observed_on,
            published_on=spot.published_on,
            source=f"{self.view.market.id}/{file}",
        )


def _signal_of(wanted: FactId) -> str:
    """Return the signal a fact is measured on; a name that no signal has where it is not about one."""
    if wanted.metric == BLOCK_VALUE:
        return signals.BLOCK_TRADES if wanted.period else ""
    if wanted.period is None:
        return wanted.metric
    name, _, measure = wanted.metric.rpartition("_")
    return name if measure in SIGNAL_WINDOWS else ""


def _newest(vintages: Vintages, as_of: date) -> _Spot:
    row = int(vintages.latest_rows(np.asarray([as_of], dtype="datetime64[D]"))[0])
    observed = vintages.observed[vintages.position[row]]
    return _Spot(
        float(vintages.value[row]), to_date(observed), to_date(vintages.row_published[row])
    )


def _macro_unit(vintages: Vintages, metric: str) -> str:
    if metric == "surprise":
        return "sd"
    growth = metric == "yoy" or (metric == "change" and vintages.is_index)
    return "fraction" if growth else vintages.unit
