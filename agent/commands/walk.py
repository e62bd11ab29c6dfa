"""The command lines of what walks through the past: parsing alone, kept out of ``chat.py`` for its length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

# The framework reads the options out of the annotations when it runs.
from agent.commands.options import (  # noqa: TC001
    AsJson,
    AsOf,
    Engine,
    Jobs,
    Level,
    Market,
    Oracle,
    Predictions,
    Scheduler,
    Scorer,
    Seed,
    Seeds,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from agent.settings import Settings

Horizons = Annotated[
    list[str] | None,
    typer.Option("--horizon", metavar="1W|1M|3M", help="Several in one run by repeating it."),
]
Markets = Annotated[
    list[str] | None,
    typer.Option("--market", help="demo (SIMULATED), industries, folder:PATH …; repeat it."),
]
Day = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD")]
Every = Annotated[str | None, typer.Option(metavar="1W|1M", help="How often to predict.")]
Costs = Annotated[str | None, typer.Option(metavar="BP", help="Of each unit traded.")]
Trade = Annotated[str, typer.Option(metavar="open|close", help="Price of the next day.")]
Full = Annotated[bool, typer.Option("--full", help="Every model, state and year.")]


def add_to(app: typer.Typer, settings_of: Callable[..., Settings]) -> None:
    """Add the commands to `app`; `settings_of` makes settings of flags."""

    @app.command()
    def backtest(
        market: Market = None,
        level: Level = None,
        as_of: AsOf = None,
        horizon: Horizons = None,
        start: Day = None,
        end: Day = None,
        every: Every = None,
        costs: Costs = None,
        trade: Trade = "close",
        predictions: Predictions = None,
        full: Full = False,  # noqa: FBT002 - an option is a boolean argument of its command
        json_: AsJson = False,  # noqa: FBT002
        scorer: Scorer = None,
        seed: Seed = None,
        seeds: Seeds = None,
        oracle: Oracle = False,  # noqa: FBT002
        jobs: Jobs = None,
        engine: Engine = None,
        scheduler: Scheduler = None,
    ) -> int:
        """Walk the scoring model and its baselines through a market's past."""
        from agent.commands import backtest as walking

        settings = settings_of(
            market=market,
            level=level,
            as_of=as_of,
            horizon=horizon[0] if horizon else None,
            scorer=scorer,
            seed=seed,
            jobs=jobs,
            engine=engine,
            scheduler=scheduler,
        )
        wanted = walking.Walking(
            start=start,
            end=end,
            every=every,
            costs=costs,
            predictions=predictions,
            as_json=json_,
            seeds=seeds,
            yardsticks=oracle,
            horizons=tuple(horizon or ()),
            trade=trade,
            full=full,
        )
        return walking.backtest(settings, wanted)

    @app.command()
    def record(
        market: Markets = None,
        as_of: AsOf = None,
        horizon: Horizons = None,
        json_: AsJson = False,  # noqa: FBT002
        jobs: Jobs = None,
        engine: Engine = None,
        scheduler: Scheduler = None,
    ) -> int:
        """Print one table of how the forecasts of some markets have done, beside the best simple alternative."""
        from agent.commands import record as recording

        settings = [
            settings_of(market=name, as_of=as_of, jobs=jobs, engine=engine, scheduler=scheduler)
            for name in market or recording.MARKETS
        ]
        return recording.record(settings, tuple(horizon or ()), as_json=json_)
