"""How good the ground is: freshness, completeness and named irregularities of every feed, and what tools can answer.

Prices and flows are late by the market's own calendar, feasts of earlier years included; a macro series and a signal
by their own habit. What fails its checks is a gap here, in every answer, and in the confidence of the scorecard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from tools.contracts import (
    MACRO_PREFIX,
    MARKET_ENTITY,
    Fact,
    Gap,
    parse_fact_id,
)
from tools.flows import no_flows
from tools.health.cadence import macro_cadences, signal_cadences
from tools.health.coverage import coverages
from tools.health.failing import failing_gaps, failures
from tools.health.report import (
    DataHealth,
    FeedHealth,
    FindingRow,
    MissingPrices,
    SeriesHealth,
    SyncedFeed,
    ToolCoverage,
)
from tools.health.tables import (
    RECENT_DAYS,
    calendar_holes,
    counts,
    expected_last,
    flow_holes,
    missing_days,
)
from tools.measures.calendar import weekdays_between
from tools.view import STALE_WEEKDAYS

if TYPE_CHECKING:
    from tools.desk import Desk
    from tools.health.cadence import Cadence
    from tools.health.coverage import Coverage
    from tools.health.report import FeedName
    from tools.sources.base import FeedReport
    from tools.view import AsOfView

_SHOWN_FINDINGS = 20


def get_data_health(desk: Desk) -> DataHealth:
    """Freshness, completeness, irregularities and revisions of every feed, and what each tool can answer."""
    view = desk.view
    series = tuple(_series(row, view) for row in macro_cadences(view))
    tones = tuple(_series(row, view) for row in signal_cadences(view))
    n_missing, worst = missing_days(view)
    feeds = (_prices(desk, n_missing), _flows(desk), _macro(desk, series), *_signals(view, tones))
    tools = coverages(view)
    newest = sorted(view.findings, key=lambda found: found.observed_on, reverse=True)
    return DataHealth(
        tool="get_data_health",
        market=desk.stamp,
        facts=(*_counts(desk, series), *_shares(view, tools), *_quarantined(view, feeds)),
        gaps=(*failing_gaps(view), *(_absent(f.feed) for f in feeds if f.status == "missing")),
        notes=(view.market.history_note,) if view.market.history_note else (),
        feeds=feeds,
        series=series,
        signals=tones,
        coverage=tuple(ToolCoverage(**row._asdict()) for row in tools),
        missing=tuple(MissingPrices(symbol=r.symbol, missing=r.missing, of=r.of) for r in worst),
        synced=_synced(view),
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


def _wrong(view: AsOfView, table: FeedName) -> dict[str, int]:
    """Return the counts of irregularities of a table, by field of its health."""
    found = counts(view, table)
    return {
        "jumps": found["jump"],
        "flat_lines": found["flat_line"],
        "repeated_days": found["repeated_day"],
        "unit_changes": found["unit_change"],
        "impossible": found["flow_above_value"],
        "quarantined": len(view.irregular.rows(table)),
    }


def _fails(view: AsOfView, *feeds: str) -> bool:
    return any(failure.feed in feeds for failure in failures(view))


def _prices(desk: Desk, n_missing: int) -> FeedHealth:
    view = desk.view
    return FeedHealth(
        feed="prices",
        source=_source(view, "prices"),
        status="stale" if view.staleness else "fresh",
        first_day=view.days[0].date(),
        last_day=view.last_day,
        expected_last=expected_last(view, view.market.prices_days),
        rows=int(view.daily_returns[view.symbols].notna().to_numpy().sum()),
        gaps=n_missing + calendar_holes(view),
        revisions=view.irregular.n_revised("prices"),
        failing=_fails(view, "prices", "trading"),
        **_wrong(view, "prices"),
    )


def _flows(desk: Desk) -> FeedHealth:
    view, net = desk.view, desk.view.flow_net
    known = None if net is None else net.index[net.notna().any(axis=1)]
    if net is None or known is None or not len(known):
        return FeedHealth(feed="flows", status="missing")
    last = known[-1].date()
    behind = weekdays_between(last, desk.as_of) - view.market.flows_days
    return FeedHealth(
        feed="flows",
        source=_source(view, "flows"),
        status="stale" if behind > max(STALE_WEEKDAYS, view.longest_rest) else "fresh",
        first_day=known[0].date(),
        last_day=last,
        expected_last=expected_last(view, view.market.flows_days),
        rows=int((net != 0).to_numpy()[net.notna().to_numpy()].sum()),
        gaps=flow_holes(view),
        revisions=view.irregular.n_revised("flows"),
        failing=_fails(view, "flows"),
        **_wrong(view, "flows"),
    )


def _macro(desk: Desk, series: tuple[SeriesHealth, ...]) -> FeedHealth:
    if not series:
        return FeedHealth(feed="macro", status="missing", **_wrong(desk.view, "macro"))
    return _published(desk.view, "macro", series, desk.view.macro)


def _signals(view: AsOfView, series: tuple[SeriesHealth, ...]) -> tuple[FeedHealth, ...]:
    if not series or view.signals is None:
        return ()
    return (_published(view, "signals", series, view.signals),)


def _published(
    view: AsOfView, feed: FeedName, series: tuple[SeriesHealth, ...], rows: pd.DataFrame
) -> FeedHealth:
    late = all(row.status == "stale" for row in series)
    observed = pd.to_datetime(rows["observed_on"])
    return FeedHealth(
        feed=feed,
        source=_source(view, feed),
        status="stale" if late else "fresh",
        first_day=observed.min().date(),
        last_day=observed.max().date(),
        rows=len(rows),
        gaps=sum(row.missed for row in series),
        revisions=sum(row.revisions for row in series),
        failing=_fails(view, feed),
        **_wrong(view, feed),
    )


def _series(row: Cadence, view: AsOfView) -> SeriesHealth:
    return SeriesHealth(
        series=row.name,
        status="stale" if row.is_late(view.as_of) else "fresh",
        observed_on=row.observed_on,
        published_on=row.published_on,
        first_day=row.first_day,
        expected_by=row.expected_by,
        rows=row.n_rows,
        missed=row.missed,
        revisions=row.n_revisions,
    )


def _synced(view: AsOfView) -> tuple[SyncedFeed, ...]:
    """Return how each provider's feeds of each table fared at the last sync."""
    groups: dict[tuple[str, str], list[FeedReport]] = {}
    for report in view.feed_reports:
        groups.setdefault((report.provider, report.table), []).append(report)
    return tuple(
        SyncedFeed(
            provider=provider,
            table=table,
            ok=sum(report.status == "ok" for report in reports),
            failed=sum(report.status == "failed" for report in reports),
            skipped=sum(report.status == "skipped" for report in reports),
            finished_on=max(report.finished_at.date() for report in reports),
            observed_to=max((r.observed_to for r in reports if r.observed_to), default=None),
            new=sum(report.n_new for report in reports),
            revised=sum(report.n_revised for report in reports),
            quarantined=sum(report.n_quarantined for report in reports),
            message=next((r.message for r in reports if r.status != "ok" and r.message), ""),
        )
        for (provider, table), reports in sorted(groups.items())
    )


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
    recent = view.daily_returns.iloc[-RECENT_DAYS:]
    if view.market.monthly or len(recent) < RECENT_DAYS:
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


def _shares(view: AsOfView, tools: tuple[Coverage, ...]) -> tuple[Fact, ...]:
    """Return what each tool can answer, as facts of the market."""
    prices = _source(view, "prices")
    return tuple(
        _count(view, f"{MARKET_ENTITY}.coverage_{row.tool}", row.share, "fraction", prices)
        for row in tools
    )


def _quarantined(view: AsOfView, feeds: tuple[FeedHealth, ...]) -> tuple[Fact, ...]:
    """Return how many rows of each table are not used, as facts of the market."""
    return tuple(
        _count(
            view,
            f"{MARKET_ENTITY}.quarantined_{feed.feed}",
            feed.quarantined,
            "count",
            _source(view, feed.feed),
        )
        for feed in feeds
        if feed.status != "missing"
    )


def _absent(feed: FeedName) -> Gap:
    if feed == "flows":
        return no_flows()[0]
    return Gap(
        what=feed,
        why=f"this market has no {feed} data by this date",
        effect=f"nothing of an answer rests on {feed}",
    )
