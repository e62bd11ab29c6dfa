"""What simple rotation rules would have earned on this market's past, after costs."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from tools.backtest.strategies import Strategy, StrategyRun, run_strategy
from tools.contracts import Fact, Gap, ToolResult
from tools.errors import ToolInputError

if TYPE_CHECKING:
    from tools.backtest.performance import Performance
    from tools.desk import Desk

Lookback = Literal["1Y", "3Y", "5Y"]
YEARS: dict[Lookback, int] = {"1Y": 1, "3Y": 3, "5Y": 5}
BACKTEST, BENCHMARK = "BACKTEST", "BACKTEST_BENCHMARK"
"""Entities of the facts: the strategy, and the market held over the same days without costs."""
DEFAULT_COSTS_BP = 10.0
MOST_COSTS_BP = 1000.0

RULES: dict[str, str] = {
    "sector_rotation": "the three sectors the scoring model ranks highest, as it was fitted then",
    "momentum": "the three sectors with the highest return over twelve months without the last",
    "mean_reversion": "the three sectors with the lowest relative return over the last month",
    "buy_and_hold": "the market itself, bought once",
}


class BacktestResult(ToolResult):
    """A strategy's paper record."""

    strategy: Strategy
    lookback: Lookback
    """What was run: shorter than asked where the history is."""
    costs_bp: float
    first_day: date | None = None
    """Day of the first trade; None where nothing was run."""
    rebalances: int = 0


def run_backtest(
    desk: Desk,
    *,
    strategy: Annotated[Strategy, Field(description="Rule that picks the sectors each month.")],
    lookback: Annotated[Lookback, Field(description="Years of history to test on.")] = "3Y",
    costs_bp: Annotated[
        float | None, Field(description="Cost of each unit traded in basis points; 10 if omitted.")
    ] = None,
) -> BacktestResult:
    """Test a monthly rebalanced rule on the market's past, with costs, beside the benchmark.

    Returns annual return, volatility, Sharpe ratio, maximum drawdown, turnover and excess return.
    """
    costs = DEFAULT_COSTS_BP if costs_bp is None else costs_bp
    if not math.isfinite(costs) or not 0 <= costs <= MOST_COSTS_BP:
        raise ToolInputError(
            f"costs_bp must be between 0 and {MOST_COSTS_BP:g} basis points, got {costs_bp!r}."
        )
    rows = 12 if desk.stamp.monthly else 252
    shorter = [name for name in reversed(YEARS) if YEARS[name] <= YEARS[lookback]]
    for tried in shorter:
        run = run_strategy(desk.view, strategy, YEARS[tried] * rows, costs)
        if run is None:
            continue
        return BacktestResult(
            tool="run_backtest",
            market=desk.stamp,
            facts=_facts(desk, run, tried, costs),
            gaps=() if tried == lookback else (_too_short(lookback, f"it was run over {tried}"),),
            notes=_notes(desk, strategy),
            strategy=strategy,
            lookback=tried,
            costs_bp=costs,
            first_day=run.first,
            rebalances=run.rebalances,
        )
    return BacktestResult(
        tool="run_backtest",
        market=desk.stamp,
        gaps=(_too_short(lookback, "no back-test can be run"),),
        strategy=strategy,
        lookback=lookback,
        costs_bp=costs,
    )


def _too_short(lookback: Lookback, effect: str) -> Gap:
    return Gap(
        what=f"the back-test over {lookback}",
        why="the sectors' history before it is too short for this rule",
        effect=effect,
    )


def _notes(desk: Desk, strategy: Strategy) -> tuple[str, ...]:
    trading = (
        "Prices are monthly: trades are taken at the close they are decided on, which flatters."
        if desk.stamp.monthly
        else "Decisions of a day are traded at the close of the next."
    )
    rebalanced = "" if strategy == "buy_and_hold" else ", equally weighted, rebalanced monthly"
    return (
        f"The rule holds {RULES[strategy]}{rebalanced}.",
        "Costs are taken off each unit traded; the benchmark bears none.",
        trading,
        "Sharpe ratios take no interest rate off.",
        "Only sectors and shares in this market's files are tested; those that left it before are "
        "missing, which flatters every rule.",
    )


def _facts(desk: Desk, run: StrategyRun, lookback: Lookback, costs: float) -> tuple[Fact, ...]:
    excess = run.strategy.annual_return - run.benchmark.annual_return
    numbers = [
        *_numbers(BACKTEST, run.strategy),
        (BACKTEST, "excess_return", excess, "fraction"),
        (BACKTEST, "costs", costs, "bp"),
        *_numbers(BENCHMARK, run.benchmark),
    ]
    view = desk.view
    table = view.market.files.get("prices", "prices")
    return tuple(
        Fact(
            id=f"{entity}.{metric}.{lookback}",
            value=value,
            unit=unit,
            entity=entity,
            metric=metric,
            period=lookback,
            observed_on=view.last_day,
            published_on=view.published_on(view.last_day),
            source=f"{view.market.id}/{table}",
        )
        for entity, metric, value, unit in numbers
    )


def _numbers(entity: str, found: Performance) -> list[tuple[str, str, float, str]]:
    numbers = [
        (entity, "annual_return", found.annual_return, "fraction"),
        (entity, "volatility", found.volatility, "fraction"),
        (entity, "max_drawdown", found.max_drawdown, "fraction"),
        (entity, "turnover", found.turnover, "fraction"),
    ]
    if found.sharpe is not None:
        numbers.append((entity, "sharpe", found.sharpe, "ratio"))
    return numbers
