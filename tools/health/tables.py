"""The four tables of a market, counted: rows, days, what is missing, and what is not used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.measures.calendar import LONGEST_FEAST, holes, to_date

if TYPE_CHECKING:
    from datetime import date

    from tools.measures.irregular import TableName
    from tools.view import AsOfView

RECENT_DAYS = 63
"""Trading days over which a symbol's missing days are counted."""
MOST_NAMED = 10
RULES = ("jump", "flat_line", "repeated_day", "unit_change", "flow_above_value")
"""Findings, in the order in which a table shows their counts."""


@dataclass(frozen=True, kw_only=True)
class MissingDays:
    """A symbol that lacks prices on days on which the market traded."""

    symbol: str
    missing: int
    of: int
    """Trading days since it was listed, the newest 63 at most."""


def counts(view: AsOfView, table: TableName) -> dict[str, int]:
    """Return how often each rule has found something in a table, by the name of the rule."""
    found = dict.fromkeys(RULES, 0)
    for finding in view.irregular.findings_of(table):
        found[finding.name] = found.get(finding.name, 0) + 1
    return found


def expected_last(view: AsOfView, lag_weekdays: int) -> date:
    """Return the newest day whose rows should be usable, were no day a holiday; in a holiday the last one.

    A feast that the market has kept at this time of other years counts as one.
    """
    day = np.busday_offset(np.datetime64(view.as_of, "D"), -lag_weekdays, roll="backward")
    behind = int(np.busday_count(np.datetime64(view.last_day, "D"), day))
    if view.market.monthly or 0 < behind <= view.longest_rest:
        return view.last_day
    return to_date(day)


def missing_days(view: AsOfView) -> tuple[int, tuple[MissingDays, ...]]:
    """Return how many prices are missing in the last 63 days, and the symbols that lack most of them."""
    symbols = view.symbols
    recent = view.daily_returns[symbols].iloc[-RECENT_DAYS:]
    first = view.first_price[symbols].to_numpy(dtype="datetime64[ns]")
    listed = recent.index.to_numpy(dtype="datetime64[ns]")[:, None] > first
    # A share without any price in all that time has left the market, and lacks nothing.
    listed &= recent.notna().to_numpy().any(axis=0)
    absent = (recent.isna().to_numpy() & listed).sum(axis=0)
    of = listed.sum(axis=0)
    worst = sorted(np.flatnonzero(absent), key=lambda at: (-int(absent[at]), symbols[at]))
    rows = tuple(
        MissingDays(symbol=symbols[at], missing=int(absent[at]), of=int(of[at]))
        for at in worst[:MOST_NAMED]
    )
    return int(absent.sum()), rows


def calendar_holes(view: AsOfView) -> int:
    """Return how many weekdays lie in holes of the calendar that are too long for a holiday."""
    if view.market.monthly:
        return 0
    found = holes(view.days.to_numpy())
    return int(found[found > LONGEST_FEAST].sum())


def flow_holes(view: AsOfView) -> int:
    """Return the trading days without any usable flow between the first and the last day with one."""
    net = view.flow_net
    if net is None:
        return 0
    known = np.flatnonzero(np.isfinite(net.to_numpy()).any(axis=1))
    return int(known[-1] - known[0] + 1 - len(known)) if len(known) else 0
