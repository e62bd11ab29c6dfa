"""How good the ground is: freshness, completeness and named irregularities of every feed.

Prices are stale when the view says so, flows by the same number of days beyond their own lag. A
macro series is stale by its own habit: silent for more than twice its usual time between releases.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from tools.contracts import (
    MACRO_PREFIX,
    MARKET_ENTITY,
    Fact,
    Frozen,
    Gap,
    ToolResult,
    parse_fact_id,
)
from tools.flows import no_flows
from tools.measures.calendar import weekdays_between
from tools.view import STALE_WEEKDAYS

if TYPE_CHECKING:
    from tools.desk import Desk
    from tools.view import AsOfView

FeedName = Literal["prices", "flows", "macro"]
Freshness = Literal["fresh", "stale", "missing"]

_RECENT_DAYS = 63
"""Trading days over which completeness is measured."""
_SILENCE = 2.0
"""Usual times between releases after which a series counts as silent."""
_SLACK_DAYS = 10
"""Days on top, so that a daily series may rest over a holiday."""
_SHOWN_FINDINGS = 20


class FeedHealth(Frozen):
    """One feed: how far it reaches and whether that is late."""

    feed: FeedName
    status: Freshness
    source: str = ""
    """Market id and files; empty where the feed is missing."""
    first_day: date | None = None
    last_day: date | None = None


class SeriesHealth(Frozen):
    """One macro series: its newest observation and release."""

    series: str
    status: Freshness
    observed_on: date
    published_on: date


class FindingRow(Frozen):
    """One named irregularity; the rows it names are not used."""

    name: str
    entity: str
    observed_on: str
    detail: str


class DataHealth(ToolResult):
    """The state of every feed at the as-of."""

    feeds: tuple[FeedHealth, ...]
    series: tuple[SeriesHealth, ...] = ()
    findings: tuple[FindingRow, ...] = ()
    """The newest irregularities; `MARKET.findings` counts all of them."""
    thin_sectors: tuple[str, ...] = ()
    """Sectors of fewer than three shares and no fund: their confidence is low."""


def get_data_health(desk: Desk) -> DataHealth:
    """Freshness, completeness and irregularities of prices, foreign flow and each macro series."""
    view = desk.view
    series = _series_health(view)
    feeds = (_prices(desk), _flows(desk), _macro(desk, series))
    newest = sorted(view.findings, key=lambda found: found.observed_on, reverse=True)
    return DataHealth(
        tool="get_data_health",
        market=desk.stamp,
        facts=_counts(desk, series),
        gaps=(*_late_feeds(view, feeds), *_late_series(series)),
        notes=(view.market.history_note,) if view.market.history_note else (),
        feeds=feeds,
        series=series,
        findings=tuple(
            FindingRow(
                name=found.name,
                entity=found.entity,
                observed_on=found.observed_on,
                detail=found.detail,
            )
            for found in newest[:_SHOWN_FINDINGS]
        ),
        thin_sectors=tuple(sector.code for sector in desk.vocabulary.sectors if sector.thin),
    )


def _source(view: AsOfView, table: str) -> str:
    """Return where a feed comes from; a feed of several files names each."""
    files = view.market.files
    parts = {file for name, file in files.items() if name == table or name.startswith(f"{table}.")}
    return f"{view.market.id}/{', '.join(sorted(parts)) or table}"


def _series_source(view: AsOfView, series: str) -> str:
    file = view.market.files.get(f"macro.{series}")
    return f"{view.market.id}/{file}" if file else _source(view, "macro")


def _prices(desk: Desk) -> FeedHealth:
    return FeedHealth(
        feed="prices",
        source=_source(desk.view, "prices"),
        status="stale" if desk.view.staleness else "fresh",
        first_day=desk.view.days[0].date(),
        last_day=desk.view.last_day,
    )


def _flows(desk: Desk) -> FeedHealth:
    net = desk.view.flow_net
    known = None if net is None else net.index[net.notna().any(axis=1)]
    if known is None or not len(known):
        return FeedHealth(feed="flows", status="missing")
    last = known[-1].date()
    behind = weekdays_between(last, desk.as_of) - desk.view.market.flows_days
    return FeedHealth(
        feed="flows",
        source=_source(desk.view, "flows"),
        status="stale" if behind > STALE_WEEKDAYS else "fresh",
        first_day=known[0].date(),
        last_day=last,
    )


def _macro(desk: Desk, series: tuple[SeriesHealth, ...]) -> FeedHealth:
    if not series:
        return FeedHealth(feed="macro", status="missing")
    late = all(row.status == "stale" for row in series)
    observed = pd.to_datetime(desk.view.macro["observed_on"])
    return FeedHealth(
        feed="macro",
        source=_source(desk.view, "macro"),
        status="stale" if late else "fresh",
        first_day=observed.min().date(),
        last_day=observed.max().date(),
    )


def _series_health(view: AsOfView) -> tuple[SeriesHealth, ...]:
    rows = []
    for name, known in view.macro.groupby("series", sort=True):
        releases = np.unique(known["published_on"].to_numpy(dtype="datetime64[D]"))
        silent = (np.datetime64(view.as_of) - releases[-1]).astype(int)
        usual = float(np.median(np.diff(releases).astype(int))) if len(releases) > 1 else 0.0
        rows.append(
            SeriesHealth(
                series=str(name),
                status="stale" if silent > _SILENCE * usual + _SLACK_DAYS else "fresh",
                observed_on=pd.Timestamp(known["observed_on"].max()).date(),
                published_on=pd.Timestamp(releases[-1]).date(),
            )
        )
    return tuple(rows)


def _counts(desk: Desk, series: tuple[SeriesHealth, ...]) -> tuple[Fact, ...]:
    """Return how much there is and how much is missing, as facts."""
    view = desk.view
    behind = weekdays_between(view.last_day, view.as_of)
    prices = _source(view, "prices")
    facts = [
        _count(view, f"{MARKET_ENTITY}.trading_days", len(view.days), "days", prices),
        _count(view, f"{MARKET_ENTITY}.weekdays_behind", behind, "days", prices),
        _count(view, f"{MARKET_ENTITY}.findings", len(view.findings), "count", prices),
    ]
    for code, missing in _missing_by_sector(view).items():
        facts.append(_count(view, f"{code}.missing_prices.3M", missing, "fraction", prices))
    for row in series:
        silent = (view.as_of - row.published_on).days
        facts.append(
            _count(
                view,
                f"{MACRO_PREFIX}{row.series}.days_silent",
                silent,
                "days",
                _series_source(view, row.series),
            )
        )
    return tuple(facts)


def _count(view: AsOfView, fact_id: str, value: float, unit: str, source: str) -> Fact:
    entity, metric, period = parse_fact_id(fact_id)
    return Fact(
        id=fact_id,
        value=value,
        unit=unit,
        entity=entity,
        metric=metric,
        period=period,
        observed_on=view.last_day,
        published_on=view.as_of,
        source=source,
    )


def _missing_by_sector(view: AsOfView) -> dict[str, float]:
    """Return per sector the fraction of its listed shares' last 63 days without a price."""
    recent = view.daily_returns.iloc[-_RECENT_DAYS:]
    if view.market.monthly or len(recent) < _RECENT_DAYS:
        return {}
    shares = view.universe[view.universe["kind"] == "stock"]
    missing = {}
    for code in view.sector_codes:
        symbols = [s for s in shares.index[shares["sector"] == code] if s in recent.columns]
        first = view.first_price.reindex(symbols).to_numpy(dtype="datetime64[ns]")
        listed = recent.index.to_numpy(dtype="datetime64[ns]")[:, None] > first
        if listed.any():
            absent = recent[symbols].isna().to_numpy() & listed
            missing[code] = float(absent.sum() / listed.sum())
    return missing


def _late_feeds(view: AsOfView, feeds: tuple[FeedHealth, ...]) -> tuple[Gap, ...]:
    gaps = [view.staleness] if view.staleness else []
    for feed in feeds:
        if feed.feed == "flows" and feed.status == "stale" and feed.last_day is not None:
            gaps.append(
                Gap(
                    what="recent foreign flow",
                    why=f"the flow data end on {feed.last_day.isoformat()}",
                    effect="what foreigners have traded since is unknown",
                )
            )
        elif feed.status == "missing":
            gaps.append(_absent(feed.feed))
    return tuple(gaps)


def _absent(feed: FeedName) -> Gap:
    if feed == "flows":
        return no_flows()[0]
    return Gap(
        what=feed,
        why=f"this market has no {feed} data by this date",
        effect=f"nothing of an answer rests on {feed}",
    )


def _late_series(series: tuple[SeriesHealth, ...]) -> tuple[Gap, ...]:
    late = [
        f"{row.series} ({row.published_on.isoformat()})" for row in series if row.status == "stale"
    ]
    if not late:
        return ()
    return (
        Gap(
            what="macro series that have fallen silent",
            why=f"their last releases: {', '.join(late)}",
            effect="their latest values may no longer hold",
        ),
    )
