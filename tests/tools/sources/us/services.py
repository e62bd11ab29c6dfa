"""The providers of the American market as they speak, from numbers that are known: Yahoo, FRED and State Street.

The services are as strict as the real ones: FRED ignores a parameter it does not know and answers with the latest
revision, cuts `realtime_start` at the period asked for, refuses more than 2,000 vintages and a missing key; Yahoo
adjusts history for every later split and shows the session that is still open; State Street adjusts nothing.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from tests.providers import Answer, Asked, Service, json_answer, not_found, text_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NEW_YORK = ZoneInfo("America/New_York")
KEY = "0123456789abcdef0123456789abcdef"
OPEN = time(9, 30)


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One day as it was traded."""

    day: date
    close: float
    volume: float = 1_000_000.0
    dividend: float = 0.0
    """Paid to who held a share the day before; in the day's own shares."""
    split: float = 1.0
    """Shares after the split for one before it."""
    gain: float = 0.0
    """A distribution of capital gains, beside the dividend."""


def seconds(day: date, at: time = OPEN) -> int:
    return int(datetime.combine(day, at, NEW_YORK).timestamp())


def weekdays(start: date, end: date) -> list[date]:
    return [day.date() for day in pd.bdate_range(start, end)]


def chart(symbol: str, bars: Iterable[Bar], *, now: datetime | None = None) -> dict[str, Any]:
    """Write bars as Yahoo does: 32-bit, adjusted for later splits, and an adjusted close beside."""
    rows = sorted(bars, key=lambda bar: bar.day)
    later = np.append(np.cumprod([bar.split for bar in rows][::-1])[::-1][1:], 1.0)
    close = np.array([bar.close for bar in rows]) / later
    paid = np.array([bar.dividend + bar.gain for bar in rows]) / later
    factor = np.ones(len(rows))
    for i in range(len(rows) - 1, 0, -1):
        factor[i - 1] = factor[i] * (1.0 - paid[i] / close[i - 1])
    stamps = [seconds(bar.day) for bar in rows]
    events: dict[str, Any] = {}
    for name, key, amounts in (
        ("dividends", "amount", [bar.dividend for bar in rows]),
        ("capitalGains", "amount", [bar.gain for bar in rows]),
    ):
        found = {
            str(t): {key: float(amount / f), "date": t}
            for t, amount, f in zip(stamps, amounts, later, strict=True)
            if amount
        }
        if found:
            events[name] = found
    splits = {
        str(t): {
            "date": t,
            "numerator": bar.split,
            "denominator": 1.0,
            "splitRatio": f"{bar.split}:1",
        }
        for t, bar in zip(stamps, rows, strict=True)
        if bar.split != 1.0
    }
    if splits:
        events["splits"] = splits
    quote: dict[str, list[Any]] = {
        "open": single(close * 0.999), "high": single(close * 1.01), "low": single(close * 0.99),
        "close": single(close), "volume": [int(b.volume * f) for b, f in zip(rows, later, strict=True)],
    }  # fmt: skip
    moment = now or datetime.combine(rows[-1].day, time(20), NEW_YORK)
    result: dict[str, Any] = {
        "meta": {
            "currency": "USD", "symbol": symbol, "exchangeName": "PCX", "instrumentType": "ETF",
            "regularMarketTime": int(moment.timestamp()), "gmtoffset": -18000, "timezone": "EST",
            "exchangeTimezoneName": "America/New_York",
            "regularMarketPrice": quote["close"][-1], "priceHint": 2, "dataGranularity": "1d",
            "range": "", "validRanges": ["1d", "max"],
        },
        "timestamp": stamps,
        "indicators": {"quote": [quote], "adjclose": [{"adjclose": single(close * factor)}]},
    }  # fmt: skip
    if events:
        result["events"] = events
    return {"chart": {"result": [result], "error": None}}


def single(values: Any) -> list[float]:
    """Return numbers as 32-bit ones, which is how they come."""
    return [float(value) for value in np.asarray(values, dtype=np.float32)]


def yahoo(history: dict[str, list[Bar]], now: Callable[[], datetime]) -> Service:
    """Answer charts, with what had happened by now."""

    def answer(asked: Asked) -> Answer:
        name = asked.path.removeprefix("v8/finance/chart/")
        if "getcrumb" in asked.path:
            return text_answer("crumb", "text/plain")
        if name == asked.path:
            return not_found(asked)
        if name not in history:
            error = {"code": "Not Found", "description": "No data found, symbol may be delisted"}
            return json_answer({"chart": {"result": None, "error": error}}, 404)
        start, end = int(asked.query["period1"]), int(asked.query["period2"])
        known = [bar for bar in history[name] if seconds(bar.day) <= int(now().timestamp())]
        whole = chart(name, known, now=now())
        return json_answer(_between(whole, start, end))

    return answer


def _between(whole: dict[str, Any], start: int, end: int) -> dict[str, Any]:
    result = whole["chart"]["result"][0]
    inside = [i for i, t in enumerate(result["timestamp"]) if start <= t < end]
    cut = {
        "meta": result["meta"],
        "timestamp": [result["timestamp"][i] for i in inside],
        "indicators": {
            kind: [
                {name: [column[i] for i in inside] for name, column in part.items()}
                for part in parts
            ]
            for kind, parts in result["indicators"].items()
        },
    }
    events = {
        kind: {t: event for t, event in found.items() if start <= int(t) < end}
        for kind, found in result.get("events", {}).items()
    }
    if any(events.values()):
        cut["events"] = {kind: found for kind, found in events.items() if found}
    return {"chart": {"result": [cut], "error": None}}


@dataclass(frozen=True, kw_only=True)
class Release:
    """A value of FRED's archive, in force from the day it was published until a later one."""

    day: date
    published: date
    value: str


@dataclass
class Archive:
    """What FRED knows: releases by series, and each series' unit."""

    releases: dict[str, list[Release]]
    units: dict[str, str]
    today: date
    not_archived: set[str] = field(default_factory=set)

    def rows(self, series: str, start: str, end: str, first: str) -> list[dict[str, str]]:
        """Return the values in force at any time between two days of publication, cut at both."""
        by_day: dict[date, list[Release]] = {}
        for release in self.releases[series]:
            by_day.setdefault(release.day, []).append(release)
        rows = []
        for day in sorted(by_day):
            versions = sorted(by_day[day], key=lambda release: release.published)
            for version, after in zip(versions, [*versions[1:], None], strict=True):
                last = "9999-12-31"
                if after is not None:
                    last = (after.published - timedelta(days=1)).isoformat()
                since = version.published.isoformat()
                if since <= end and last >= start and day.isoformat() >= first:
                    rows.append({
                        "realtime_start": max(since, start), "realtime_end": min(last, end),
                        "date": day.isoformat(), "value": version.value,
                    })  # fmt: skip
        return rows

    def vintages(self, series: str) -> list[str]:
        return sorted({release.published.isoformat() for release in self.releases[series]})


KNOWN_PARAMETERS = {
    "series_id", "api_key", "file_type", "realtime_start", "realtime_end", "limit", "offset",
    "sort_order", "observation_start", "observation_end", "units", "frequency",
    "aggregation_method", "output_type", "vintage_dates", "order_by",
}  # fmt: skip


NOT_ARCHIVED = "The series does not exist in ALFRED but may exist in FRED."


def fred(archive: Archive) -> Service:
    """Answer the API as FRED does, its silence about unknown parameters included."""

    def answer(asked: Asked) -> Answer:
        query = {name: value for name, value in asked.query.items() if name in KNOWN_PARAMETERS}
        if query.get("api_key") != KEY:
            return _bad("The value for variable api_key is not registered.")
        series = query.get("series_id", "")
        if series not in archive.releases:
            return _bad("The series does not exist.")
        endpoints = {
            "series": _series, "series/vintagedates": _vintagedates,
            "series/observations": _observations,
        }  # fmt: skip
        endpoint = endpoints.get(asked.path)
        return not_found(asked) if endpoint is None else endpoint(archive, series, query)

    return answer


def _bad(message: str) -> Answer:
    return json_answer({"error_code": 400, "error_message": f"Bad Request.  {message}"}, 400)


def _series(archive: Archive, series: str, query: dict[str, str]) -> Answer:
    facts = {"id": series, "title": series, "units": archive.units[series]}
    today = archive.today.isoformat()
    return json_answer({"realtime_start": today, "realtime_end": today, "seriess": [facts]})


def _vintagedates(archive: Archive, series: str, query: dict[str, str]) -> Answer:
    if series in archive.not_archived:
        return _bad(NOT_ARCHIVED)
    start, end = query.get("realtime_start", "1776-07-04"), query.get("realtime_end", "9999-12-31")
    days = [day for day in archive.vintages(series) if start <= day <= end]
    offset, limit = int(query.get("offset", "0")), int(query.get("limit", "10000"))
    return json_answer({
        "realtime_start": start, "realtime_end": end, "order_by": "vintage_date",
        "sort_order": "asc", "count": len(days), "offset": offset, "limit": limit,
        "vintage_dates": days[offset : offset + limit],
    })  # fmt: skip


def _observations(archive: Archive, series: str, query: dict[str, str]) -> Answer:
    today = archive.today.isoformat()
    if series in archive.not_archived and "realtime_start" in query:
        return _bad(NOT_ARCHIVED)
    start, end = query.get("realtime_start", today), query.get("realtime_end", today)
    spanned = [day for day in archive.vintages(series) if start <= day <= end]
    if len(spanned) > 2000:
        return _bad(
            f"There are {len(spanned)} vintage dates in the specified real-time period: {start} to "
            f"{end}. This exceeds the maximum number of vintage dates allowed for this file type (2000)."
        )
    first = query.get("observation_start", "1600-01-01")
    rows = archive.rows(series, start, end, first)
    offset, limit = int(query.get("offset", "0")), int(query.get("limit", "100000"))
    return json_answer({
        "realtime_start": start, "realtime_end": end, "observation_start": first,
        "observation_end": "9999-12-31", "units": query.get("units", "lin"),
        "output_type": int(query.get("output_type", "1")), "file_type": "json",
        "order_by": query.get("order_by", "observation_date"),
        "sort_order": query.get("sort_order", "asc"), "count": len(rows), "offset": offset,
        "limit": limit, "observations": rows[offset : offset + limit],
    })  # fmt: skip


def fred_csv(archive: Archive) -> Service:
    """Answer the public CSV: the latest revision, whatever else is asked."""

    def answer(asked: Asked) -> Answer:
        series = asked.query.get("id", "")
        if asked.path != "fredgraph.csv" or series not in archive.releases:
            return not_found(asked)
        today = archive.today.isoformat()
        rows = archive.rows(series, today, today, asked.query.get("cosd", "1600-01-01"))
        lines = [f"{row['date']},{'' if row['value'] == '.' else row['value']}" for row in rows]
        return text_answer("\n".join([f"observation_date,{series}", *lines, ""]))

    return answer


@dataclass(frozen=True, kw_only=True)
class FundDay:
    """A line of a fund's workbook; None is written as a dash."""

    day: date
    nav: float | None
    shares: float | None
    assets: float | None = None
    """None: shares times value."""


HEADER = ("Date", "NAV", "Shares Outstanding", "Total Net Assets")


def workbook(symbol: str, days: Iterable[FundDay], header: Iterable[str] = HEADER) -> bytes:
    """Write a fund's history as State Street does: the newest first, days as text, dashes for gaps."""
    lines: list[list[object]] = [
        ["Fund Name:", f"The {symbol} Select Sector SPDR Fund"], ["Ticker Symbol:", symbol], [],
        list(header),
    ]  # fmt: skip
    for day in sorted(days, key=lambda line: line.day, reverse=True):
        assets = day.assets
        if assets is None and day.nav is not None and day.shares is not None:
            assets = day.nav * day.shares
        cells = ["-" if cell is None else cell for cell in (day.nav, day.shares, assets)]
        lines.append([f"{day.day:%d-%b-%Y}", *cells])
    lines.append(["Past performance is no guarantee of future results."])
    return sheet(lines)


def sheet(lines: Iterable[Iterable[object]]) -> bytes:
    """Return an Office Open XML workbook of one sheet."""
    rows = "".join(
        f"<row r='{i}'>" + "".join(_cell(cell, i, j) for j, cell in enumerate(line)) + "</row>"
        for i, line in enumerate(lines, start=1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f"<Types xmlns='{package}/content-types'>"
        "<Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
        f"<Override PartName='/xl/workbook.xml' ContentType='{kind}.sheet.main+xml'/>"
        f"<Override PartName='/xl/worksheets/sheet1.xml' ContentType='{kind}.worksheet+xml'/></Types>",
        "_rels/.rels": f"<Relationships xmlns='{package}/relationships'><Relationship Id='a' "
        f"Type='{office}/officeDocument' Target='xl/workbook.xml'/></Relationships>",
        "xl/workbook.xml": f"<workbook xmlns='{main}' xmlns:r='{office}'><sheets>"
        "<sheet name='navhist' sheetId='1' r:id='a'/></sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{package}/relationships'><Relationship "
        f"Id='a' Type='{office}/worksheet' Target='worksheets/sheet1.xml'/></Relationships>",
        "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{main}'><sheetData>{rows}</sheetData></worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def _cell(value: object, row: int, column: int) -> str:
    place = f"{chr(ord('A') + column)}{row}"
    if isinstance(value, int | float):
        return f"<c r='{place}'><v>{value!r}</v></c>"
    return f"<c r='{place}' t='inlineStr'><is><t>{escape(str(value))}</t></is></c>"


def ssga(funds: dict[str, list[FundDay]]) -> Service:
    """Answer each fund's workbook."""
    books = {symbol.lower(): workbook(symbol, days) for symbol, days in funds.items()}

    def answer(asked: Asked) -> Answer:
        name = asked.path.removeprefix("navhist-us-en-").removesuffix(".xlsx")
        if name not in books:
            return not_found(asked)
        return Answer(body=books[name], kind="application/octet-stream")

    return answer


def misspelt(service: Service, right: str, wrong: str) -> Service:
    """Return a service as a client meets it that writes a parameter's name wrongly."""

    def answer(asked: Asked) -> Answer:
        query = {wrong if name == right else name: value for name, value in asked.query.items()}
        return service(replace(asked, query=query))

    return answer


def at(day: date, hour: int = 20) -> Callable[[], datetime]:
    """Return a clock that stands at an hour of New York."""
    moment = datetime.combine(day, time(hour), NEW_YORK).astimezone(UTC)
    return lambda: moment
