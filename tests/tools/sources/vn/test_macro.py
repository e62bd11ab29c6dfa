"""Consumer prices and the dollar, dated no earlier than they were public."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.providers import Providers, changed, renamed_key, scaled
from tests.tools.sources.vn.exchange import TODAY, Exchange, live
from tools.errors import SourceDownError
from tools.sources.http import Fetcher
from tools.sources.vn.cpi import cpi_published, read_cpi

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.sources.feeds import Batch

FETCHER = Fetcher("vi.money", "http://127.0.0.1:9")
EXCHANGE = Exchange()


@pytest.fixture
def server() -> Iterator[Providers]:
    with Providers(EXCHANGE.services) as providers:
        yield providers


def fetched(server: Providers, key: str, since: date | None) -> list[Batch]:
    feed = next(one for one in live(server).feeds(None) if one.key == key)
    return list(feed.fetch(since, TODAY))


def read(records: Any = None) -> tuple[pd.DataFrame, tuple[str, ...]]:
    return read_cpi(EXCHANGE.cpi() if records is None else records, today=TODAY, fetcher=FETCHER)


class TestPublication:
    @pytest.mark.parametrize(
        ("month", "published"),
        [
            (date(2024, 12, 1), date(2025, 1, 3)),
            (date(2024, 1, 1), date(2024, 2, 5)),
            (date(2025, 1, 1), date(2025, 2, 10)),
            (date(2026, 9, 1), date(2026, 10, 8)),
            (date(2023, 11, 1), date(2023, 12, 4)),
        ],
    )
    def test_the_rule_is_later_than_the_offices_calendar_and_on_a_weekday(
        self, month: date, published: date
    ) -> None:
        assert cpi_published(month) == published

    @given(st.dates(date(1996, 1, 1), date(2030, 12, 31)))
    def test_a_month_is_published_after_it_ended(self, day: date) -> None:
        published = cpi_published(day.replace(day=1))
        assert published.weekday() < 5
        assert timedelta(days=30) <= published - day.replace(day=1) <= timedelta(days=42)

    def test_what_is_seen_before_the_rules_day_is_known_when_it_is_seen(self) -> None:
        today = date(2026, 11, 6)
        rows, _ = read_cpi(EXCHANGE.cpi(), today=today, fetcher=FETCHER)
        newest = rows[rows["observed_on"] == pd.Timestamp(2026, 10, 1)]
        assert set(newest["published_on"]) == {pd.Timestamp(today)}


class TestConsumerPrices:
    def test_changes_stay_percent_as_published_and_the_index_is_an_index(self) -> None:
        rows, notes = read()
        last = rows[rows["observed_on"] == rows["observed_on"].max()].set_index("series")
        month = EXCHANGE.cpi()[-1]
        assert last.loc["CPI_YOY", "value"] == month["yoyChangePct"]
        assert last.loc["CPI_MOM", "value"] == month["momChangePct"]
        assert last.loc["CPI_INDEX", "value"] == month["headlineIndex"]
        assert last["unit"].to_dict() == {
            "CPI_YOY": "percent, year on year",
            "CPI_MOM": "percent, month on month",
            "CPI_INDEX": "index",
        }
        assert notes == ()

    def test_an_index_that_is_not_a_level_is_left_out(self) -> None:
        """The office also states each month as 100.x of the one before."""
        records = [one | {"headlineIndex": 100 + one["momChangePct"]} for one in EXCHANGE.cpi()]
        rows, notes = read(records)
        assert set(rows["series"]) == {"CPI_YOY", "CPI_MOM"}
        assert "does not agree" in notes[0]

    @pytest.mark.parametrize("key", ["yoyChangePct", "momChangePct"])
    def test_fractions_are_no_percentages(self, key: str) -> None:
        with pytest.raises(SourceDownError, match="no percentages"):
            read(scaled(EXCHANGE.cpi(), [key], 0.01))

    @pytest.mark.parametrize("key", ["year", "month"])
    def test_a_renamed_date_refuses_the_whole(self, key: str) -> None:
        with pytest.raises(SourceDownError, match="no month of consumer prices"):
            read(renamed_key(EXCHANGE.cpi(), key, "renamed"))

    @pytest.mark.parametrize(
        "changes",
        [
            {"month": 13},
            {"month": 1.5},
            {"year": 2027},
            {"year": 2026, "month": 11},
            {"year": None},
        ],
    )
    def test_a_month_that_cannot_be_is_left_out(self, changes: dict[str, Any]) -> None:
        records = EXCHANGE.cpi()
        records[3] |= changes
        rows, notes = read(records)
        assert (rows["series"] == "CPI_YOY").sum() == len(records) - 1
        assert "no month that can be" in notes[0]

    def test_a_month_that_is_told_twice_differently_is_left_out(self) -> None:
        records = EXCHANGE.cpi()
        rows, notes = read([*records, records[3] | {"yoyChangePct": 9.9}])
        assert (rows["series"] == "CPI_YOY").sum() == len(records) - 1
        assert "twice" in notes[0]

    @given(st.data())
    def test_no_number_comes_out_that_did_not_go_in(self, data: st.DataObject) -> None:
        records = EXCHANGE.cpi()
        values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
        for _ in range(data.draw(st.integers(0, 5))):
            record = data.draw(st.sampled_from(records))
            record[data.draw(st.sampled_from(sorted(record)))] = data.draw(values)
        try:
            rows, _ = read(records)
        except SourceDownError:
            return
        said = {float(v) for one in records for v in one.values() if _is_number(v)}
        assert set(rows["value"]) <= said
        assert (rows["published_on"] >= rows["observed_on"]).all()

    def test_the_feed_says_that_revisions_are_not_known(self, server: Providers) -> None:
        (batch,) = fetched(server, "vimoney/macro/CPI", None)
        assert "revisions before are not known" in batch.notes[0]
        assert len(batch.rows) == 3 * len(EXCHANGE.cpi())


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return value.strip().lstrip("+-").isdecimal()
    return isinstance(value, int | float) and not isinstance(value, bool)


class TestDollar:
    KEY = "vietcombank/macro/USDVND"

    def test_the_newest_month_comes_daily_and_the_time_before_weekly(
        self, server: Providers
    ) -> None:
        batches = fetched(server, self.KEY, None)
        rows = pd.concat([batch.rows for batch in batches], ignore_index=True)
        days = rows["observed_on"].dt
        assert (days.day_of_week < 5).all()
        old = rows["observed_on"] <= pd.Timestamp(TODAY - timedelta(days=30))
        assert set(days.day_of_week[old]) == {4}
        assert (~old).sum() == 22
        assert rows["value"].tolist() == [26_000.0 + day for day in days.day]

    def test_a_later_sync_asks_for_new_days_only(self, server: Providers) -> None:
        (batch,) = fetched(server, self.KEY, TODAY - timedelta(days=2))
        assert batch.rows["observed_on"].dt.date.tolist() == [TODAY - timedelta(days=1), TODAY]
        assert len(server.asked) == 2

    def test_the_rate_of_another_day_is_not_taken_for_the_day_asked(
        self, server: Providers
    ) -> None:
        server.fail(
            lambda good: changed(good, lambda a: a | {"Date": "2026-11-18T00:00:00"}),
            under="vietcombank",
        )
        (batch,) = fetched(server, self.KEY, TODAY - timedelta(days=2))
        assert batch.rows.empty
        assert "2 rows left out, no rate of that day" in batch.notes[0]

    @pytest.mark.parametrize(("factor", "why"), [(1e-3, "another unit"), (1e3, "another unit")])
    def test_a_changed_unit_is_refused(self, server: Providers, factor: float, why: str) -> None:
        server.fail(
            lambda good: changed(good, lambda a: scaled(a, ["sell"], factor)), under="vietcombank"
        )
        with pytest.raises(SourceDownError, match=f"Vietcombank .* {why}"):
            fetched(server, self.KEY, TODAY - timedelta(days=2))

    @pytest.mark.parametrize("key", ["currencyCode", "sell", "Data"])
    def test_a_renamed_key_is_refused(self, server: Providers, key: str) -> None:
        server.fail(
            lambda good: changed(good, lambda a: renamed_key(a, key, "renamed")),
            under="vietcombank",
        )
        with pytest.raises(SourceDownError, match="Vietcombank"):
            fetched(server, self.KEY, TODAY - timedelta(days=2))
