"""``sectorvane backtest``: the scoring model and its baselines, walked through a market's past."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, cast

from agent.commands.tables import markdown_table
from agent.settings import parse_day, prepare_home
from tools.errors import UnusableInputError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from agent.settings import Settings
    from tools.backtest.report import WalkForwardReport
    from tools.backtest.walk_forward import Every


_MEASURED = ("model", "dates", "IC", "t", "hits", "95 %", "base rate", "calls", "in 80 %")
_HELD = ("top three of", "a year", "volatility", "Sharpe", "worst", "turnover")


class Walking(NamedTuple):
    """What is walked through, as the reader wrote it."""

    start: str | None = None
    end: str | None = None
    every: str | None = None
    """1W or 1M; None: every month, and every week beside the yardsticks."""
    costs: str | None = None
    """Basis points of each unit traded."""
    predictions: Path | None = None
    """A Parquet file for every prediction."""
    as_json: bool = False
    seeds: int | None = None
    """Walk through the simulated markets of so many seeds; None: through the one market of the settings."""
    yardsticks: bool = False
    """Whether the best possible forecasts of the simulated market are shown."""


def backtest(settings: Settings, wanted: Walking) -> int:
    """Print the walk-forward, and save its predictions where they are wanted."""
    from agent.commands.desk import open_market_as_of
    from tools.backtest.report import DEFAULT_COSTS_BP, run_walk_forward

    if wanted.every not in (None, "1W", "1M"):
        raise UnusableInputError("a step, 1W or 1M", repr(wanted.every), "Change --every.")
    if wanted.seeds is not None or wanted.yardsticks:
        return _on_seeds(settings, wanted)
    target = _parquet(wanted.predictions)
    prepare_home(settings.home)
    market_data, as_of = open_market_as_of(settings)
    report = run_walk_forward(
        market_data,
        as_of=as_of,
        horizon=settings.horizon,
        start=_day(wanted.start, "--start"),
        end=_day(wanted.end, "--end"),
        every=cast("Every", wanted.every or "1M"),
        costs_bp=DEFAULT_COSTS_BP if wanted.costs is None else _costs(wanted.costs),
    )
    if target is not None:
        _save(report, target)
    if wanted.as_json:
        sys.stdout.write(json.dumps(report.to_json(), ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(as_markdown(report))
    return 0


def _on_seeds(settings: Settings, wanted: Walking) -> int:
    """Walk through simulated markets, weekly unless the reader says otherwise: their process turns within weeks."""
    from agent.commands.demo_backtest import Trials, backtest_seeds
    from tools.backtest.yardsticks import Span

    if wanted.predictions is not None or wanted.costs is not None:
        raise UnusableInputError(
            "no --predictions and no --costs beside --seeds and --oracle",
            "one of them",
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


def as_markdown(report: WalkForwardReport) -> str:
    """Return a walk-forward as two tables and its notes."""
    measured = [
        (
            row.model,
            row.dates,
            _signed(row.mean_ic, 3),
            _signed(row.ic_t, 1),
            _percent(row.hits.rate if row.hits else None),
            f"{_percent(row.hits.low)} to {_percent(row.hits.high)}" if row.hits else "none",
            _percent(row.hits.base_rate if row.hits else row.base_rate),
            _percent(row.call_share),
            _percent(row.coverage),
        )
        for row in report.models
    ]
    held = [
        (
            name,
            _percent(entry.annual_return, 1),
            _percent(entry.volatility, 1),
            _signed(entry.sharpe, 2),
            _percent(entry.max_drawdown, 1),
            f"{entry.turnover:.1f}",
        )
        for name, entry in report.portfolios.items()
    ]
    simulated = " (SIMULATED)" if report.simulated else ""
    parts = [
        f"# Walk-forward of {report.market}{simulated}, horizon {report.horizon}, every {report.every}",
        f"{report.first} to {report.last}; costs {report.costs_bp:g} basis points.",
        markdown_table(_MEASURED, measured, numbers=True),
        markdown_table(_HELD, held, numbers=True),
        "\n".join(f"- {note}" for note in report.notes),
    ]
    return "\n\n".join(parts) + "\n"


def _percent(value: float | None, digits: int = 0) -> str:
    return "none" if value is None else f"{round(100 * value, digits) + 0.0:.{digits}f} %"


def _signed(value: float | None, digits: int) -> str:
    return "none" if value is None else f"{value:+.{digits}f}"


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


def _save(report: WalkForwardReport, path: Path) -> None:
    """Write the predictions whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        report.predictions.to_parquet(partial, index=False)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UnusableInputError(
            "a file that can be written",
            f"{str(path)!r} ({error.strerror or type(error).__name__})",
            "Choose another file.",
        ) from error
