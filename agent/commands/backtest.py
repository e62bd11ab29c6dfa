"""``sectorvane backtest``: the scoring model and its baselines, walked through a market's past."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, cast

from agent.commands.backtest_tables import SERVED, as_markdown
from agent.settings import parse_day, prepare_home
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from agent.settings import Settings
    from tools.backtest.paper import Trade
    from tools.backtest.report import WalkForwardReport
    from tools.backtest.run import Plan
    from tools.backtest.walk_forward import Every
    from tools.contracts import Horizon


class Walking(NamedTuple):
    """What is walked through, as the reader wrote it."""

    start: str | None = None
    end: str | None = None
    every: str | None = None
    """1W or 1M; None: every week at a horizon of a week and beside the yardsticks, else every month."""
    costs: str | None = None
    """Basis points of each unit traded."""
    predictions: Path | None = None
    """A Parquet file for every prediction."""
    as_json: bool = False
    seeds: int | None = None
    """Walk through the simulated markets of so many seeds; None: through the one market of the settings."""
    yardsticks: bool = False
    """Whether the best possible forecasts of the simulated market are shown."""
    horizons: tuple[str, ...] = ()
    """Horizons of one run; empty: that of the settings."""
    trade: str = "close"
    """Price of the next day at which is traded."""
    full: bool = False
    """Whether all models and years are shown."""


def backtest(settings: Settings, wanted: Walking) -> int:
    """Print the walk-forward, and save its predictions where they are wanted."""
    from agent.commands.desk import open_market_as_of
    from tools.backtest.run import run_walk_forwards

    if wanted.every not in (None, "1W", "1M"):
        raise UnusableInputError("a step, 1W or 1M", repr(wanted.every), "Change --every.")
    if wanted.seeds is not None or wanted.yardsticks:
        return _on_seeds(settings, wanted)
    horizons = horizons_of(wanted.horizons, (settings.horizon,))
    target = _parquet(wanted.predictions)
    prepare_home(settings.home)
    market_data, as_of = open_market_as_of(settings)
    reports = run_walk_forwards(
        market_data, horizons, _plan(settings, wanted, as_of), settings.workers
    )
    if target is not None:
        _save(reports, target)
    if wanted.as_json:
        document = reports[0].to_json() if len(reports) == 1 else _together(reports)
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    else:
        served = SERVED if settings.scorer == "auto" else settings.scorer
        texts = [as_markdown(one, full=wanted.full, served=served) for one in reports]
        sys.stdout.write("\n".join(texts))
    return 0


def _plan(settings: Settings, wanted: Walking, as_of: date) -> Plan:
    from tools.backtest.run import DEFAULT_COSTS_BP, Plan

    if wanted.trade not in ("open", "close"):
        raise UnusableInputError("a price, open or close", repr(wanted.trade), "Change --trade.")
    return Plan(
        as_of=as_of,
        start=_day(wanted.start, "--start"),
        end=_day(wanted.end, "--end"),
        every=cast("Every | None", wanted.every),
        costs_bp=DEFAULT_COSTS_BP if wanted.costs is None else _costs(wanted.costs),
        trade=cast("Trade", wanted.trade),
        largest_tilt=settings.mandate.largest_tilt,
    )


def horizons_of(wanted: tuple[str, ...], usual: tuple[Horizon, ...]) -> tuple[Horizon, ...]:
    """Return the horizons that the reader wrote, each once, or the usual ones."""
    from tools.contracts import HORIZONS

    for name in wanted:
        if name not in HORIZONS:
            raise UnusableInputError(
                f"a horizon, one of {', '.join(HORIZONS)}", repr(name), "Change --horizon."
            )
    return cast("tuple[Horizon, ...]", tuple(dict.fromkeys(wanted)) or usual)


def _together(reports: Sequence[WalkForwardReport]) -> dict[str, object]:
    """Return several horizons of one market as one document, each under ``runs`` as it would be alone."""
    first = reports[0].to_json()
    head = {name: first[name] for name in ("schema", "market", "simulated", "as_of")}
    return head | {"runs": [report.to_json() for report in reports]}


def _on_seeds(settings: Settings, wanted: Walking) -> int:
    """Walk through simulated markets, weekly unless the reader says otherwise: their process turns within weeks."""
    from agent.commands.demo_backtest import Trials, backtest_seeds
    from tools.backtest.yardsticks import Span

    given = {
        "--predictions": wanted.predictions is not None,
        "--costs": wanted.costs is not None,
        "--trade": wanted.trade != "close",
        "--full": wanted.full,
        "a second --horizon": len(set(wanted.horizons)) > 1,
    }
    if any(given.values()):
        raise UnusableInputError(
            f"none of {', '.join(given)} beside --seeds and --oracle",
            " and ".join(flag for flag, is_given in given.items() if is_given),
            "Leave it out.",
        )
    today = datetime.now(UTC).astimezone().date()
    as_of = settings.as_of or today
    if as_of > today:
        raise UnusableInputError(
            f"an as-of date up to today, {today}", as_of, "Choose a day that has ended."
        )
    span = Span(
        as_of=as_of,
        horizon=settings.horizon if settings.horizon_fixed else "1W",
        every=cast("Every", wanted.every or "1W"),
        start=_day(wanted.start, "--start"),
        end=_day(wanted.end, "--end"),
    )
    return backtest_seeds(settings, span, Trials(wanted.seeds, wanted.yardsticks, wanted.as_json))


def _day(text: str | None, flag: str) -> date | None:
    if text is None:
        return None
    try:
        return parse_day(text)
    except ValueError as error:
        raise UnusableInputError("a date as YYYY-MM-DD", repr(text), f"Change {flag}.") from error


def _costs(text: str) -> float:
    try:
        costs = float(text)
    except ValueError:
        costs = -1.0
    if not 0 <= costs <= 10_000:
        raise UnusableInputError("costs in basis points, 0 or more", repr(text), "Change --costs.")
    return costs


def _parquet(path: Path | None) -> Path | None:
    if path is not None and (path.suffix != ".parquet" or not path.parent.is_dir()):
        raise UnusableInputError(
            "a file that ends in .parquet, in a folder that exists",
            repr(str(path)),
            "Change --predictions.",
        )
    return path


def _save(reports: Sequence[WalkForwardReport], path: Path) -> None:
    """Write the predictions whole or not at all."""
    import pandas as pd

    frame = pd.concat([report.predictions for report in reports], ignore_index=True)
    partial = path.with_name(f".{path.name}.partial")
    try:
        frame.to_parquet(partial, index=False)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UnusableInputError(
            "a file that can be written",
            f"{str(path)!r} ({error.strerror or type(error).__name__})",
            "Choose another file.",
        ) from error
