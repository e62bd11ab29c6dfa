"""Runs a walk-forward: what is forecast once for each horizon, then each model measured by itself.

The forecasts of one horizon follow from each other (every refit looks at what earlier ones said), so horizons are the
first parts that can be worked out apart, and groups of models the second. Both are functions of plain data: processes
of this machine or workers of a cluster find the same, to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from tools.backtest.baselines import BUSINESS_CYCLE
from tools.backtest.layout import Laid, lay_out
from tools.backtest.lead import DAILY, MONTHLY, lead, top_of
from tools.backtest.measures import measure
from tools.backtest.opens import intraday, with_opens
from tools.backtest.paper import KINDS, LARGEST_TILT, Exchange, benchmark, trade
from tools.backtest.past_chosen import PAST_CHOSEN, hindsight_best
from tools.backtest.performance import against, deflated
from tools.backtest.regimes import market_states
from tools.backtest.report import Ceiling, WalkForwardReport, notes
from tools.backtest.strategies import trade_delay
from tools.backtest.walk_forward import as_frame, dates_to_predict, rankings
from tools.contracts import MARKET_ENTITY, MONTHLY_ROWS
from tools.errors import UnusableInputError
from tools.measures import returns
from tools.scoring.calibration import rounded
from tools.scoring.panel import feature_panel
from tools.view import AsOfView
from tools.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd
    from numpy.typing import NDArray

    from tools.backtest.lead import Lead
    from tools.backtest.measures import Measures
    from tools.backtest.paper import Kind, Trade
    from tools.backtest.performance import Performance
    from tools.backtest.walk_forward import Every
    from tools.contracts import Horizon
    from tools.scoring.panel import FeaturePanel
    from tools.sources.base import Market, MarketData

DEFAULT_COSTS_BP = 10.0
_GROUPS = 8
"""Groups of models that are measured apart."""


class Plan(NamedTuple):
    """What is walked through; the same whatever the horizon."""

    as_of: date
    """Nothing published later is used, outcomes included."""
    start: date | None = None
    end: date | None = None
    every: Every | None = None
    """None: weekly at a horizon of a week, else monthly."""
    costs_bp: float = DEFAULT_COSTS_BP
    trade: Trade = "close"
    largest_tilt: float = LARGEST_TILT
    models: tuple[str, ...] | None = None
    """None: all that the market can have."""

    def step(self, horizon: Horizon, *, monthly: bool) -> Every:
        """Return how often is predicted at a horizon; a monthly market knows months only."""
        return "1M" if monthly else self.every or ("1W" if horizon == "1W" else "1M")


@dataclass(frozen=True, kw_only=True)
class _Walked:
    """One horizon's forecasts, with all that is needed to measure them."""

    horizon: Horizon
    market: str
    simulated: bool
    monthly: bool
    frame: pd.DataFrame
    laid: tuple[Laid, ...]
    tops: dict[str, NDArray[np.bool_]]
    leaders: NDArray[np.bool_]
    exchange: Exchange
    states: dict[str, NDArray[np.bool_]]
    ceiling: Ceiling | None
    chosen: dict[str, float]


class _Task(NamedTuple):
    market_data: MarketData
    horizon: Horizon
    plan: Plan


class _Group(NamedTuple):
    """Some models of one horizon, with what they are measured against."""

    laid: tuple[Laid, ...]
    tops: tuple[NDArray[np.bool_], ...]
    walked: _Walked
    bar: Laid | None


class _Found(NamedTuple):
    model: str
    measures: Measures
    portfolios: dict[Kind, Performance]
    lead: Lead


def run_walk_forward(
    market_data: MarketData,
    *,
    as_of: date,
    horizon: Horizon,
    start: date | None = None,
    end: date | None = None,
    every: Every | None = None,
    costs_bp: float = DEFAULT_COSTS_BP,
    models: Sequence[str] | None = None,
) -> WalkForwardReport:
    """Walk the model and its baselines through a market's past at one horizon, in this process.

    Parameters
    ----------
    market_data
        The whole market.
    as_of
        Nothing published later is used, outcomes included.
    horizon, start, end, models
        As in :func:`tools.backtest.walk_forward.predictions`.
    every
        The same; None: weekly at a horizon of a week, else monthly.
    costs_bp
        Cost of each unit traded, in basis points.
    """
    plan = Plan(
        as_of, start, end, every, costs_bp, models=None if models is None else tuple(models)
    )
    (report,) = run_walk_forwards(market_data, (horizon,), plan)
    return report


def run_walk_forwards(
    market_data: MarketData,
    horizons: Sequence[Horizon],
    plan: Plan,
    workers: Workers | None = None,
) -> tuple[WalkForwardReport, ...]:
    """Walk the model and its baselines through a market's past, at every horizon wanted.

    Parameters
    ----------
    market_data
        The whole market.
    horizons
        Windows of the forecasts.
    plan
        Dates, costs and prices.
    workers
        Who does the work, this process by default; the result is the same.

    Raises
    ------
    UnusableInputError
        For an unknown model or a horizon that the market does not have, when no date is left, or when opens are wanted
        and too few are known.
    """
    _check(market_data.market, horizons, plan)
    workers = workers or Workers()
    alone = workers.jobs == 1 and workers.scheduler is None
    sent = market_data if alone else replace(market_data, memo={})
    walked = list(workers.each(_walk, [_Task(sent, horizon, plan) for horizon in horizons]))
    groups = [group for one in walked for group in _groups(one)]
    found = list(workers.each(_measured, groups))
    reports = []
    for one in walked:
        n = len(_groups(one))
        mine, found = [row for part in found[:n] for row in part], found[n:]
        reports.append(_report(one, mine, plan))
    return tuple(reports)


def _check(market: Market, horizons: Sequence[Horizon], plan: Plan) -> None:
    """Refuse what a monthly market cannot have before anything is worked out."""
    if not market.monthly:
        return
    for horizon in horizons:
        if horizon not in MONTHLY_ROWS:
            raise UnusableInputError(
                "a horizon that a monthly market has, 1M or 3M", horizon, "Change --horizon."
            )
    if plan.trade == "open":
        raise UnusableInputError("a market with opens", "monthly prices", "Use --trade close.")


def _walk(task: _Task) -> _Walked:
    """Forecast one horizon, and gather what its forecasts are measured against."""
    market_data, horizon, plan = task
    key = f"backtest view {plan.as_of}"
    if key not in market_data.memo:
        market_data.memo[key] = AsOfView(market_data, plan.as_of)
    view = cast("AsOfView", market_data.memo[key])
    panel = feature_panel(view, horizon)
    every = plan.step(horizon, monthly=view.market.monthly)
    rows = dates_to_predict(panel, start=plan.start, end=plan.end, every=every)
    found = rankings(view, horizon, plan.models)
    frame = as_frame(panel, found, rows, horizon)
    trailing = returns.rel_return(view, "3M").reindex(columns=list(panel.sectors))
    best = hindsight_best(panel, found.candidates, rows)
    return _Walked(
        horizon=horizon,
        market=view.market.id,
        simulated=view.market.simulated,
        monthly=view.market.monthly,
        frame=frame,
        laid=lay_out(frame, panel),
        tops={name: top_of(found.scores(name), panel.listed) for name in found.names},
        leaders=top_of(trailing.to_numpy(dtype=np.float64), panel.listed),
        exchange=_exchange(market_data, view, panel, rows, plan),
        states=market_states(view),
        ceiling=None if best is None else Ceiling(model=best[0], mean_ic=rounded(best[1])),
        chosen=found.chosen.shares(rows) if found.chosen else {},
    )


def _exchange(
    market_data: MarketData,
    view: AsOfView,
    panel: FeaturePanel,
    rows: NDArray[np.int64],
    plan: Plan,
) -> Exchange:
    """Return where the paper portfolios trade, until the horizon of the last decision is over."""
    names = [*view.sector_codes, MARKET_ENTITY]
    index = view.index.reindex(columns=names).to_numpy(dtype=np.float64)
    delay = trade_delay(view)
    index = index[: int(rows[-1]) + delay + panel.horizon_rows + 1]
    if plan.trade == "open":
        traded = rows[rows + delay < len(index)] + delay
        moved = intraday(market_data, view)[: len(index)]
        index = with_opens(index, moved, traded, view.market.id)
    return Exchange(
        index=index[:, :-1],
        market=index[:, -1:],
        listed=panel.listed,
        delay=delay,
        per_day=2 if plan.trade == "open" else 1,
        costs_bp=plan.costs_bp,
        largest_tilt=plan.largest_tilt,
        year=12 if view.market.monthly else 252,
    )


def _groups(walked: _Walked) -> list[_Group]:
    """Split the models of one horizon into parts that can be measured apart."""
    bar = next((laid for laid in walked.laid if laid.model == PAST_CHOSEN), None)
    # a group needs its own forecasts alone
    bare = replace(walked, frame=walked.frame.iloc[:0], laid=(), tops={})
    parts = [walked.laid[first::_GROUPS] for first in range(min(_GROUPS, len(walked.laid)))]
    return [
        _Group(part, tuple(walked.tops[laid.model] for laid in part), bare, bar) for part in parts
    ]


def _measured(group: _Group) -> list[_Found]:
    """Measure some models."""
    walked = group.walked
    rule = MONTHLY if walked.monthly else DAILY
    return [
        _Found(
            laid.model,
            measure(laid, walked.states, group.bar),
            trade(walked.exchange, laid.rows, laid.score),
            lead(walked.leaders, top, int(laid.rows[0]), rule, int(laid.rows[-1])),
        )
        for laid, top in zip(group.laid, group.tops, strict=True)
    ]


def _report(walked: _Walked, found: list[_Found], plan: Plan) -> WalkForwardReport:
    by_name = {row.model: row for row in found}
    ordered = [by_name[laid.model] for laid in walked.laid]
    year = walked.exchange.year
    kinds = {
        kind: deflated(
            {row.model: row.portfolios[kind] for row in ordered if kind in row.portfolios}, year
        )
        for kind in KINDS
    }
    bought = benchmark(walked.exchange, int(walked.laid[0].rows[0]))
    frame = walked.frame
    return WalkForwardReport(
        market=walked.market,
        as_of=plan.as_of,
        horizon=walked.horizon,
        every=plan.step(walked.horizon, monthly=walked.monthly),
        costs_bp=plan.costs_bp,
        trade=plan.trade,
        largest_tilt=plan.largest_tilt,
        first=frame["date"].min().date(),
        last=frame["date"].max().date(),
        models=tuple(row.measures for row in ordered),
        portfolios=against(kinds["top"], bought) | ({"benchmark": bought} if bought else {}),
        tilts=against(kinds["tilt"], bought),
        long_short=kinds["long_short"],
        leads={row.model: row.lead for row in ordered},
        ceiling=walked.ceiling,
        chosen=walked.chosen,
        notes=notes(
            plan.trade,
            monthly=walked.monthly,
            missing=_missing(by_name) if plan.models is None else (),
        ),
        predictions=frame,
        laid=walked.laid,
        simulated=walked.simulated,
    )


def _missing(found: dict[str, _Found]) -> tuple[str, ...]:
    return () if BUSINESS_CYCLE in found else (BUSINESS_CYCLE,)
