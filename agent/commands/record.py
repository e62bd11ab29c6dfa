"""``sectorvane record``: how the forecasts of some markets have done out of sample, in one table."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

from agent.commands.backtest import horizons_of
from agent.commands.backtest_tables import SERVED, estimate, percent, signed, span
from agent.commands.tables import markdown_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from agent.settings import Settings
    from tools.backtest.report import WalkForwardReport
    from tools.contracts import Horizon

MARKETS = ("demo", "industries")
"""Markets that need no files."""
SCHEMA = "sectorvane.record/1"
_HEADS = (
    "market", "horizon", "dates", "from", "to", "IC", "95%", "past_chosen", "IC − past_chosen",
    "hits", "95%", "base rate", "calls",
)  # fmt: skip


def record(markets: Sequence[Settings], horizons: tuple[str, ...], *, as_json: bool) -> int:
    """Walk every market through its past and print one row for each horizon, told on stderr as they come."""
    reports = [report for settings in markets for report in _walked(settings, horizons)]
    if as_json:
        document = {"schema": SCHEMA, "runs": [report.to_json() for report in reports]}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(as_markdown(reports))
    return 0


def _walked(settings: Settings, wanted: tuple[str, ...]) -> Sequence[WalkForwardReport]:
    from agent.commands.desk import open_market_as_of
    from tools.backtest.run import Plan, run_walk_forwards

    started = time.monotonic()
    market_data, as_of = open_market_as_of(settings)
    monthly = market_data.market.monthly
    usual: tuple[Horizon, ...] = ("1M", "3M") if monthly else ("1W", "1M")
    horizons = horizons_of(wanted, usual)
    plan = Plan(as_of=as_of, every="1M" if monthly else "1W")
    reports = run_walk_forwards(market_data, horizons, plan, settings.workers)
    sys.stderr.write(f"{market_data.market.id} after {time.monotonic() - started:.1f} s\n")
    return reports


def as_markdown(reports: Sequence[WalkForwardReport]) -> str:
    """Return the table with what to hold of it."""
    rows = [_row(report) for report in reports]
    return f"{markdown_table(_HEADS, rows, numbers=True)}\n\n" + "".join(
        f"- {note}\n" for note in _notes(reports)
    )


def _row(report: WalkForwardReport) -> Sequence[object]:
    mine, bar = report.of(SERVED), report.of("past_chosen")
    hits = mine.hits
    return (
        f"{report.market}{' (SIMULATED)' if report.simulated else ''}",
        report.horizon,
        mine.dates,
        report.first,
        report.last,
        signed(mine.mean_ic),
        span(mine.ic_low, mine.ic_high, signed),
        signed(bar.mean_ic),
        estimate(mine.against_past_chosen, signed),
        percent(hits.rate if hits else None, 1),
        span(hits.low, hits.high, percent) if hits else "none",
        percent(hits.base_rate if hits else None, 1),
        percent(mine.call_share),
    )


def _notes(reports: Sequence[WalkForwardReport]) -> Iterator[str]:
    yield (
        "What `--scorer auto` would have served, refitted on schedule on what was known then; forecasts every week, in "
        "monthly markets every month."
    )
    yield "IC: mean rank correlation with the relative returns that followed, its interval corrected for overlap."
    yield (
        "past_chosen: the single signal, or its reverse, that had ranked best by each date; the difference by block "
        "bootstrap over dates."
    )
    yield "Hits are over calls; the base rate is what the better of two constant calls would have hit on them."
    if any(report.simulated for report in reports):
        yield "A simulated market's process never changes: it is kinder than a real one."
