"""Which feeds fail their checks as of a day, what that does to an answer, and whose confidence it lowers.

A failing feed is named in every answer. One of a main scoring group (prices) makes the confidence of the sectors it
feeds low; any other keeps them from high confidence. The checks are few and coarse, so that an alarm is worth
reading: a feed fails when it is late by its own calendar, or when much of its newest week cannot be used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from tools.contracts import Gap
from tools.health.cadence import macro_cadences, signal_cadences
from tools.measures.calendar import as_days, weekdays_between

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from tools.view import AsOfView

STALE_WEEKDAYS = 5
WEEK, MONTH = 5, 21
MOSTLY = 0.2
"""Part of a feed's newest rows that cannot be used, from which on it fails."""
PRICE_GROUPS = frozenset({"trend", "rotation", "risk", "breadth"})
GROUPS_OF_TABLE = {
    "prices": PRICE_GROUPS,
    "flows": frozenset({"flow"}),
    "macro": frozenset({"macro"}),
    "signals": frozenset({"signals"}),
}
"""Table → the scoring groups that read it."""
NAMED = 6


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A feed that fails its checks."""

    feed: str
    """``prices``, ``flows``, ``trading``, ``macro``, ``signals``, or a provider."""
    gap: Gap
    groups: frozenset[str] = frozenset()
    """Scoring groups that cannot be trusted."""
    sectors: tuple[str, ...] = ()
    """Codes; empty: all sectors."""


def failures(view: AsOfView) -> tuple[Failure, ...]:
    """Return the feeds that fail at the view's end, prices first; none in a market that is well."""
    if "failures" not in view.memo:
        view.memo["failures"] = tuple(_failures(view))
    return cast("tuple[Failure, ...]", view.memo["failures"])


def failing_gaps(view: AsOfView) -> tuple[Gap, ...]:
    """Return what an answer of this view has to say of its feeds."""
    return tuple(dict.fromkeys(failure.gap for failure in failures(view)))


def weak_groups(view: AsOfView) -> dict[str, frozenset[str]]:
    """Return, for each sector, the scoring groups that rest on a failing feed."""
    weak = {code: frozenset[str]() for code in view.sector_codes}
    for failure in failures(view):
        for code in failure.sectors or tuple(weak):
            if code in weak:
                weak[code] |= failure.groups
    return weak


def _failures(view: AsOfView) -> Iterator[Failure]:
    if view.staleness is not None:
        yield Failure(feed="prices", gap=view.staleness, groups=PRICE_GROUPS)
    else:
        yield from _prices(view)
    yield from _trading(view)
    yield from _flows(view)
    yield from _macro(view)
    yield from _signals(view)
    yield from _providers(view)


def _prices(view: AsOfView) -> Iterator[Failure]:
    """Find sectors without a usable price in the newest week, and a week of which much is not believed."""
    if _unused_part(view, view.irregular.rows("prices")) > MOSTLY:
        yield Failure(
            feed="prices",
            groups=PRICE_GROUPS,
            gap=Gap(
                what="many of the newest prices",
                why="the price feed fails its checks: much of its last week cannot be right",
                effect="they are not used, and confidence is low",
            ),
        )
        return
    silent = _silent_sectors(view)
    if silent:
        names = [str(view.sectors.loc[code, "name"]) or code for code in silent]
        several = ", ".join(names[:NAMED]) + (" and others" if len(names) > NAMED else "")
        yield Failure(
            feed="prices",
            groups=PRICE_GROUPS,
            sectors=silent,
            gap=Gap(
                what=f"recent prices of {several}",
                why="there is no usable price in the last week",
                effect="their newest moves are unknown, and their confidence is low",
            ),
        )


def _unused_part(view: AsOfView, unused: pd.DataFrame) -> float:
    """Return which part of the newest week's price rows is not used."""
    if unused.empty:
        return 0.0
    since = view.days[-WEEK:][0]
    n_unused = int((unused["date"] >= since).sum())
    used = view.daily_returns.iloc[-WEEK:][view.symbols].notna().to_numpy().sum()
    return n_unused / max(1, n_unused + int(used))


def _silent_sectors(view: AsOfView) -> tuple[str, ...]:
    """Return the sectors without a return in the newest week, or with few of their shares on each day of it."""
    if view.market.monthly or len(view.days) <= WEEK:
        return ()
    codes = list(view.sector_codes)
    recent = view.daily_returns[codes].iloc[-WEEK:].isna().to_numpy().all(axis=0)
    sparse = view.sparse_days[codes].iloc[-WEEK:].to_numpy().all(axis=0)
    return tuple(np.asarray(codes, dtype=object)[recent | sparse].tolist())


def _trading(view: AsOfView) -> Iterator[Failure]:
    unknown = view.value_unknown
    if unknown is not None and unknown[-MONTH:].any(axis=0).mean() > MOSTLY:
        yield Failure(
            feed="trading",
            groups=frozenset({"activity"}),
            gap=Gap(
                what="recent traded values",
                why="the feed of traded values has changed its unit",
                effect="they are not used, and no call is of high confidence",
            ),
        )


def _flows(view: AsOfView) -> Iterator[Failure]:
    net = view.flow_net
    if net is None or not net.notna().to_numpy().any():
        return
    known = net.index[net.notna().any(axis=1)]
    last = known[-1].date()
    behind = weekdays_between(last, view.as_of) - view.market.flows_days
    if behind > max(STALE_WEEKDAYS, view.longest_rest):
        why = f"the flow data end on {last.isoformat()}"
        effect = "what foreigners have traded since is unknown"
    elif _is_broken(view, net):
        why = (
            "the flow feed fails its checks: some of its newest days are missing or cannot be right"
        )
        effect = "those days are not used, and no call is of high confidence"
    else:
        return
    gap = Gap(what="recent foreign flow", why=why, effect=effect)
    yield Failure(feed="flows", groups=GROUPS_OF_TABLE["flows"], gap=gap)


def _is_broken(view: AsOfView, net: pd.DataFrame) -> bool:
    """Whether a day of the newest week has no flow, or much of the newest month is not used."""
    if net.iloc[-WEEK:].isna().all(axis=1).any():
        return True
    unused = view.irregular.rows("flows")
    recent = int((unused["date"] >= view.flow_days[-MONTH:][0]).sum())
    return recent > MOSTLY * int(np.isfinite(net.iloc[-MONTH:].to_numpy()).sum())


def _macro(view: AsOfView) -> Iterator[Failure]:
    """Find series that are late, and series whose newest release is in another unit."""
    late = [row for row in macro_cadences(view) if row.is_late(view.as_of)]
    if late:
        listed = ", ".join(f"{row.name} ({row.published_on.isoformat()})" for row in late)
        yield Failure(
            feed="macro",
            groups=GROUPS_OF_TABLE["macro"],
            gap=Gap(
                what="macro series that have fallen silent",
                why=f"their last releases: {listed}",
                effect="their latest values may no longer hold",
            ),
        )
    odd = _newest_unused(view)
    if odd:
        yield Failure(
            feed="macro",
            groups=GROUPS_OF_TABLE["macro"],
            gap=Gap(
                what=f"the newest releases of {', '.join(odd)}",
                why="they are in another unit than before",
                effect="they are not used; the values before them still stand",
            ),
        )


def _newest_unused(view: AsOfView) -> list[str]:
    """Return the series whose newest release is not used."""
    unused = view.irregular.rows("macro")
    if unused.empty:
        return []
    newest = unused.groupby("series", observed=True)["published_on"].max()
    used = {row.name: np.datetime64(row.published_on) for row in macro_cadences(view)}
    return sorted(
        str(name)
        for name, day in newest.items()
        if str(name) not in used or as_days([day])[0] >= used[str(name)]
    )


def _signals(view: AsOfView) -> Iterator[Failure]:
    late = [row for row in signal_cadences(view) if row.is_late(view.as_of)]
    if late:
        listed = ", ".join(f"{row.name} ({row.published_on.isoformat()})" for row in late)
        yield Failure(
            feed="signals",
            groups=GROUPS_OF_TABLE["signals"],
            gap=Gap(
                what="signals that have fallen silent",
                why=f"their last releases: {listed}",
                effect="their latest values may no longer hold",
            ),
        )


def _providers(view: AsOfView) -> Iterator[Failure]:
    """Name the providers whose feeds did not come through at the last sync that the view may know of."""
    failed: dict[str, list[str]] = {}
    groups: dict[str, frozenset[str]] = {}
    for report in view.feed_reports:
        if report.status == "ok":
            continue
        failed.setdefault(report.provider, []).append(report.message)
        known = groups.get(report.provider, frozenset())
        groups[report.provider] = known | GROUPS_OF_TABLE.get(report.table, frozenset())
    for provider, messages in failed.items():
        # What is missing is measured by the other checks; a feed that was not asked again may still be current.
        yield Failure(
            feed=provider,
            groups=frozenset(),
            gap=Gap(
                what=f"new data from {provider}",
                why=next((text for text in messages if text), "it did not come through"),
                effect="what was known before is used",
            ),
        )
