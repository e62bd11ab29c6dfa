"""Whatever a provider answers, there is no wrong number: an error with its name, or rows left out and named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from tests.providers import (
    FAILURES,
    Answer,
    Providers,
    changed,
    json_answer,
    nulls_inside,
    renamed_key,
    scaled,
)
from tests.tools.sources.us.services import (
    HEADER,
    KEY,
    Bar,
    FundDay,
    at,
    fred,
    fred_csv,
    sheet,
    ssga,
    weekdays,
    workbook,
    yahoo,
)
from tests.tools.sources.us.test_fred import TODAY, archive, prices, rates
from tools.errors import SourceDownError
from tools.sources.http import Fetcher, Reader
from tools.sources.us.chart import read_chart
from tools.sources.us.flows import FundFlowFeed, fund_flow, read_workbook
from tools.sources.us.fred import LatestFeed, VintagesFeed
from tools.sources.us.series import SERIES
from tools.sources.us.yahoo import BarsFeed, Yahoo

if TYPE_CHECKING:
    from pathlib import Path

    from tools.sources.feeds import Batch, Feed

DAYS = weekdays(date(2024, 1, 2), date(2024, 3, 28))
BARS = [
    Bar(day=day, close=100.0 + i, dividend=0.5 if i == 20 else 0.0, split=2.0 if i == 40 else 1.0)
    for i, day in enumerate(DAYS)
]
BARS = [replace(bar, close=bar.close / 2.0) if i >= 40 else bar for i, bar in enumerate(BARS)]
FUND = [FundDay(day=day, nav=100.0 + i, shares=1e6 + 1e4 * (i % 5)) for i, day in enumerate(DAYS)]
CPI, RATE = (next(s for s in SERIES if s.name == name) for name in ("CPI", "UST_10Y"))
CLOCK = at(TODAY)


Answered = TypeVar("Answered")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One provider, and how to ask it."""

    provider: str
    path: str
    """Where its numbers come from; failures are switched on below it."""
    ask: Callable[[Providers, str, float], Feed]


def ask_yahoo(server: Providers, cache: str, seconds: float) -> Feed:
    source = Yahoo(server.url("yahoo"), timeout_seconds=seconds, cache_folder=cache, now=CLOCK)
    return BarsFeed(symbol="XLK", currency="USD", timezone="America/New_York", yahoo=source)


def fetcher(name: str, server: Providers, service: str, seconds: float) -> Fetcher:
    secrets = {"api_key": KEY} if service == "fred" else {}
    return Fetcher(name, server.url(service), secrets=secrets, timeout_seconds=seconds, attempts=1)


def ask_fred(server: Providers, cache: str, seconds: float) -> Feed:
    return VintagesFeed(series=CPI, api=fetcher("FRED", server, "fred", seconds), today=TODAY)


def ask_csv(server: Providers, cache: str, seconds: float) -> Feed:
    return LatestFeed(series=RATE, site=fetcher("FRED", server, "csv", seconds), today=TODAY)


def ask_ssga(server: Providers, cache: str, seconds: float) -> Feed:
    site = fetcher("SSGA", server, "ssga", seconds)
    return FundFlowFeed(symbol="XLK", entity="45", site=site)


CASES = {
    "yahoo": Case(provider="Yahoo", path="yahoo/v8", ask=ask_yahoo),
    "fred": Case(provider="FRED", path="fred/series/observations", ask=ask_fred),
    "fred_series": Case(provider="FRED", path="fred/series", ask=ask_fred),
    "fred_vintages": Case(provider="FRED", path="fred/series/vintagedates", ask=ask_fred),
    "csv": Case(provider="FRED", path="csv", ask=ask_csv),
    "ssga": Case(provider="SSGA", path="ssga", ask=ask_ssga),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Providers]:
    known = archive(CPIAUCSL=prices(), DGS10=rates())
    services = {
        "yahoo": yahoo({"XLK": BARS}, CLOCK),
        "fred": fred(known),
        "csv": fred_csv(known),
        "ssga": ssga({"XLK": FUND}),
    }
    with Providers(services) as providers:
        yield providers


@pytest.fixture
def ask(server: Providers, tmp_path: Path) -> Iterator[Callable[..., list[Batch]]]:
    def bring(case: Case, seconds: float = 5.0) -> list[Batch]:
        return list(case.ask(server, str(tmp_path), seconds).fetch(None, TODAY))

    server.heal()
    yield bring
    server.heal()


Ask = Callable[..., "list[Batch]"]


@pytest.mark.parametrize("name", CASES)
def test_a_good_answer_is_read(ask: Ask, name: str) -> None:
    assert sum(len(batch.rows) for batch in ask(CASES[name])) > 20


PAIRS = [(name, failure) for name in CASES for failure in FAILURES]
# A shorter CSV is a whole one; what becomes of its last line is tested below.
PAIRS.remove(("csv", "short"))


@pytest.mark.parametrize(("name", "failure"), PAIRS)
def test_every_failure_of_every_provider_is_told_with_its_name(
    ask: Ask, server: Providers, name: str, failure: str
) -> None:
    case = CASES[name]
    server.fail(failure, under=case.path)
    with pytest.raises(
        SourceDownError, match=f"^{case.provider} gave no usable answer: "
    ) as caught:
        ask(case, seconds=0.3)
    assert KEY not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


def unless_refused(provider: str, call: Callable[[], Answered]) -> Answered | None:
    """Return what a call returns, or None where it says that its provider cannot be used."""
    try:
        return call()
    except SourceDownError as error:
        refusal = str(error)
    assert refusal.startswith(f"{provider} gave no usable answer: ")
    return None


PRICES = ("open", "high", "low", "close")
JSON_CHANGES: dict[str, Callable[[Any], Any]] = {
    "nulls": nulls_inside,
    "cents": partial(scaled, keys=PRICES, factor=100.0),
    "thousands": partial(scaled, keys=("value",), factor=1000.0),
    **{
        f"renamed {key}": partial(renamed_key, old=key, new=key + "_")
        for key in (
            "chart", "result", "meta", "currency", "timestamp", "indicators", "quote", *PRICES,
            "volume", "adjclose", "events", "dividends", "splits", "amount", "numerator",
            "observations", "value", "date", "realtime_start", "realtime_end", "count", "units",
            "seriess", "vintage_dates",
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("change", JSON_CHANGES)
@pytest.mark.parametrize("name", ["yahoo", "fred", "fred_series", "fred_vintages"])
def test_a_changed_form_or_unit_never_changes_a_number(
    ask: Ask, server: Providers, name: str, change: str
) -> None:
    case = CASES[name]
    good = {_key(row): row for batch in ask(case) for row in _records(batch)}
    server.fail(lambda answer: changed(answer, JSON_CHANGES[change]), under=case.path)
    batches = unless_refused(case.provider, lambda: ask(case))
    if batches is None:
        return
    got = {_key(row): row for batch in batches for row in _records(batch)}
    assert _wrong(got, good) == {}
    if len(got) < len(good):
        assert any(batch.notes for batch in batches)


def _records(batch: Batch) -> list[dict[str, Any]]:
    rows = batch.rows.assign(table=batch.table).astype(object)
    return [{str(k): v for k, v in row.items()} for row in rows.to_dict("records")]


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    named = (row.get("symbol"), row.get("series"), row.get("name"), row["observed_on"])
    published = row["published_on"]
    return (*named, None if pd.isna(published) else published)


def _wrong(got: dict[Any, Any], good: dict[Any, Any]) -> dict[Any, Any]:
    """Return the numbers that were not in the good answer.

    After a day that was left out the close before it may be an older one; it is right then, too.
    """
    columns = (*PRICES, "volume", "value")
    return {
        key: (name, row[name])
        for key, row in got.items()
        for name in columns
        if name in row and not pd.isna(row[name])
        and (key not in good or row[name] != pytest.approx(good[key][name], rel=1e-6, abs=1e-4))
    }  # fmt: skip


@pytest.mark.parametrize("dropped", range(1, 15))
def test_a_csv_that_ends_anywhere_gives_no_number_that_was_not_in_it(
    ask: Ask, server: Providers, dropped: int
) -> None:
    good = ask(CASES["csv"])[0].rows
    server.fail(lambda answer: replace(answer, body=answer.body[:-dropped]), under="csv")
    batch = ask(CASES["csv"])[0]
    pd.testing.assert_frame_equal(batch.rows, good.iloc[: len(batch.rows)])
    assert batch.notes == ("UST_10Y: a last line without an end left out",)


@pytest.mark.parametrize("factor", [100.0, 0.01])
@pytest.mark.parametrize("column", [1, 2, 3])
def test_a_workbook_whose_unit_changed_is_refused_or_its_rows_are_left_out(
    column: int, factor: float
) -> None:
    site = Fetcher("SSGA", "http://127.0.0.1:9")
    lines = [
        [f"{d.day:%d-%b-%Y}", d.nav, d.shares, d.nav * d.shares] for d in FUND if d.nav and d.shares
    ]
    right, _ = read_workbook(sheet([HEADER, *lines]), symbol="XLK", site=site)
    known = dict(zip(right["date"], fund_flow(right)[0], strict=True))
    for begin in (0, 20, len(lines) - 5):
        mixed = deepcopy(lines)
        for line in mixed[begin:]:
            line[column] *= factor  # type: ignore[operator]
        content = sheet([HEADER, *mixed])
        read = unless_refused("SSGA", partial(read_workbook, content, symbol="XLK", site=site))
        if read is None:
            continue
        table, notes = read
        assert notes
        flow = fund_flow(table)[0]
        told = {day: v for day, v in zip(table["date"], flow, strict=True) if v == v}
        assert all(value == pytest.approx(known[day]) for day, value in told.items())


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 10**12), st.floats(allow_nan=False), st.text(max_size=4),
    st.just("."), st.just([]), st.just({}), st.just("2024-02-30"),
)  # fmt: skip


@st.composite
def mangled(draw: st.DrawFn, good: Any) -> Any:
    """Draw an answer with some of its keys dropped and some of its values replaced by nonsense."""
    value = deepcopy(good)
    for _ in range(draw(st.integers(1, 4))):
        holder, place = _somewhere(draw, value)
        if holder is None:
            continue
        if isinstance(holder, dict) and draw(st.booleans()):
            del holder[place]
        else:
            holder[place] = draw(SCALARS)
    return value


def _somewhere(draw: st.DrawFn, value: Any) -> tuple[Any, Any]:
    """Walk down at random and return a container and a place in it."""
    holder, place = None, None
    while isinstance(value, dict | list) and value:
        if holder is not None and draw(st.integers(0, 5)) == 0:
            break
        places = sorted(value) if isinstance(value, dict) else range(len(value))
        holder, place = value, draw(st.sampled_from(places))
        value = value[place]
    return holder, place


CHART = json.loads(
    yahoo({"XLK": BARS[:45]}, CLOCK)(
        # Asked for all time, so that everything is in it.
        type("Everything", (), {
            "path": "v8/finance/chart/XLK", "query": {"period1": "0", "period2": "4000000000"},
        })()
    ).body
)  # fmt: skip
LEEWAY = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])


@LEEWAY
@given(mangled(CHART))
def test_a_mangled_chart_gives_no_number_that_was_not_traded(answer: Any) -> None:
    traded = {pd.Timestamp(bar.day): bar.close for bar in BARS[:45]}
    replaced = _numbers(answer)
    reader = Reader("Yahoo")
    read = partial(read_chart, answer, symbol="XLK", currency="USD", reader=reader)
    bars = unless_refused("Yahoo", read)
    if bars is None:
        return
    for day, close in zip(bars.rows["observed_on"], bars.rows["close"], strict=True):
        # The answer's own number, before the split or after it.
        assert close == pytest.approx(traded.get(day, -1.0)) or any(
            close == pytest.approx(number * factor, abs=1e-4)
            for number in replaced for factor in (0.5, 1.0, 2.0)
        ) or "splits" not in str(answer)  # fmt: skip


def _numbers(value: Any) -> set[float]:
    if isinstance(value, dict):
        return set().union(*(_numbers(item) for item in value.values()), set())
    if isinstance(value, list):
        return set().union(*(_numbers(item) for item in value), set())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {float(value)}
    return set()


FRED_ANSWERS = {
    path: json.loads(
        fred(archive(CPIAUCSL=prices(n=8)))(
            type("Asked", (), {
                "path": path,
                "query": {
                    "series_id": "CPIAUCSL", "api_key": KEY, "realtime_start": "1776-07-04",
                    "realtime_end": "9999-12-31", "observation_start": "1990-01-01",
                },
            })()
        ).body
    )
    for path in ("series", "series/vintagedates", "series/observations")
}  # fmt: skip


@pytest.fixture(scope="module")
def replayed() -> Iterator[tuple[Fetcher, dict[str, Any]]]:
    answers: dict[str, Any] = {}

    def service(asked: Any) -> Answer:
        return json_answer(answers[asked.path])

    with Providers({"fred": service}) as providers:
        api = fetcher("FRED", providers, "fred", 5.0)
        yield api, answers
        api.close()


@pytest.mark.parametrize("path", FRED_ANSWERS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_mangled_answer_of_fred_gives_no_number_that_was_not_in_it(
    replayed: tuple[Fetcher, dict[str, Any]], path: str, data: st.DataObject
) -> None:
    api, answers = replayed
    answers.update(FRED_ANSWERS)
    answers[path] = data.draw(mangled(FRED_ANSWERS[path]))
    written = {row["value"] for row in FRED_ANSWERS["series/observations"]["observations"]}
    feed = VintagesFeed(series=CPI, api=api, today=TODAY)
    batches = unless_refused("FRED", lambda: list(feed.fetch(None, TODAY)))
    for batch in batches or ():
        assert {f"{value:.2f}".rstrip("0") for value in batch.rows["value"]} <= written
        assert (batch.rows["published_on"] >= batch.rows["observed_on"]).all()


CELLS = st.one_of(
    st.none(), st.booleans(), st.floats(-1e12, 1e12), st.text("abc-.,$0123456789", max_size=6)
)


@settings(max_examples=80)
@given(st.dictionaries(st.tuples(st.integers(0, 12), st.integers(0, 3)), CELLS, max_size=5))
def test_a_mangled_workbook_gives_no_flow_that_was_not_there(
    cells: dict[tuple[int, int], Any],
) -> None:
    site = Fetcher("SSGA", "http://127.0.0.1:9")
    lines: list[list[Any]] = [list(HEADER)] + [
        [f"{d.day:%d-%b-%Y}", d.nav, d.shares, (d.nav or 0) * (d.shares or 0)] for d in FUND[:12]
    ]
    right, _ = read_workbook(sheet(lines), symbol="XLK", site=site)
    known = dict(zip(right["date"], fund_flow(right)[0], strict=True))
    for (row, column), cell in cells.items():
        lines[row][column] = "" if cell is None else cell
    content = sheet(lines)
    read = unless_refused("SSGA", partial(read_workbook, content, symbol="XLK", site=site))
    if read is None:
        return
    table, _ = read
    # A number within the tolerance of its check stays; no flow is further off than that allows.
    for day, flow in zip(table["date"], fund_flow(table)[0], strict=True):
        slack = 2 * 0.02 * 1.05e6 * 112.0
        assert flow != flow or abs(flow - known.get(day, flow)) <= slack


def test_a_workbook_is_what_the_real_one_looks_like() -> None:
    site = Fetcher("SSGA", "http://127.0.0.1:9")
    table, notes = read_workbook(workbook("XLK", FUND), symbol="XLK", site=site)
    assert (len(table), notes) == (len(FUND), ())
