"""FRED: what was published when, what stands today, and what is never taken for the other."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from tests.conftest import SHARED
from tests.providers import Answer, Asked, Providers, changed, json_answer, renamed_key
from tests.tools.sources.us.services import (
    KEY,
    KNOWN_PARAMETERS,
    Archive,
    Release,
    fred,
    fred_csv,
    misspelt,
    weekdays,
)
from tools.errors import SourceDownError
from tools.sources.http import Fetcher
from tools.sources.us.fred import LatestFeed, VintagesFeed
from tools.sources.us.series import ALIASES, SERIES, Series

if TYPE_CHECKING:
    from tests.providers import Service

TODAY = date(2024, 3, 29)
CPI = next(series for series in SERIES if series.name == "CPI")
RATE = next(series for series in SERIES if series.name == "UST_10Y")
OIL = next(series for series in SERIES if series.name == "WTI")


def months(first: date, n: int) -> list[date]:
    return [day.date() for day in pd.date_range(first, periods=n, freq="MS")]


def prices(first: date = date(2022, 1, 1), n: int = 26) -> list[Release]:
    """Return a price index: out on the 12th after the month, corrected a month later."""
    releases = []
    for i, month in enumerate(months(first, n)):
        out = (pd.Timestamp(month) + pd.DateOffset(months=1, days=11)).date()
        releases.append(Release(day=month, published=out, value=f"{280 + i}.5"))
        later = (pd.Timestamp(out) + pd.DateOffset(months=1)).date()
        if later <= TODAY:
            releases.append(Release(day=month, published=later, value=f"{280 + i}.75"))
    return releases


def rates(first: date = date(2023, 10, 2), last: date = date(2024, 3, 28)) -> list[Release]:
    days = weekdays(first, last)
    return [
        Release(day=day, published=after, value="." if i % 9 == 5 else f"4.{i % 10}")
        for i, (day, after) in enumerate(pairwise([*days, TODAY]))
    ]


def archive(**releases: list[Release]) -> Archive:
    units = {series.fred_id: f"{series.their_unit} 1982-1984=100" for series in SERIES}
    return Archive(releases=releases, units=units, today=TODAY)


Open = Callable[..., Fetcher]


@pytest.fixture
def opened() -> Iterator[Open]:
    servers: list[Providers] = []
    fetchers: list[Fetcher] = []

    def make(service: Service, *, secrets: dict[str, str] | None = None) -> Fetcher:
        servers.append(Providers({"fred": service}))
        wait: dict[str, Any] = {"timeout_seconds": 5.0, "sleep": lambda _: None}
        key = {"api_key": KEY} if secrets is None else secrets
        fetchers.append(Fetcher("FRED", servers[-1].url("fred"), secrets=key, **wait))
        return fetchers[-1]

    yield make
    for fetcher in fetchers:
        fetcher.close()
    for server in servers:
        server.close()


def vintages(series: Series, api: Fetcher, today: date = TODAY) -> VintagesFeed:
    return VintagesFeed(series=series, api=api, today=today)


def brought(feed: VintagesFeed | LatestFeed, since: date | None = None) -> pd.DataFrame:
    batches = list(feed.fetch(since, feed.today))
    return pd.concat([batch.rows for batch in batches], ignore_index=True)


def as_of(rows: pd.DataFrame, day: date) -> dict[date, float]:
    """Return what was known at the end of a day: for each observation, what was published last."""
    known = rows[rows["published_on"] <= pd.Timestamp(day)].sort_values("published_on")
    latest = known.groupby("observed_on")["value"].last()
    return {when.date(): float(value) for when, value in latest.items()}  # type: ignore[attr-defined]


class TestVintages:
    def test_every_revision_comes_with_the_day_it_was_published(self, opened: Open) -> None:
        rows = brought(vintages(CPI, opened(fred(archive(CPIAUCSL=prices())))))
        first = rows[rows["observed_on"] == "2022-01-31"]
        assert list(first["published_on"].dt.strftime("%Y-%m-%d")) == ["2022-02-12", "2022-03-12"]
        assert list(first["value"]) == [280.5, 280.75]
        assert set(rows["unit"]) == {"index"}
        assert set(rows["series"]) == {"CPI"}

    def test_as_of_a_past_day_it_is_what_was_published_then(self, opened: Open) -> None:
        rows = brought(vintages(CPI, opened(fred(archive(CPIAUCSL=prices())))))
        assert as_of(rows, date(2022, 3, 11)) == {date(2022, 1, 31): 280.5}
        assert as_of(rows, date(2022, 3, 12)) == {
            date(2022, 1, 31): 280.75, date(2022, 2, 28): 281.5,
        }  # fmt: skip

    def test_a_month_is_observed_at_its_end(self, opened: Open) -> None:
        rows = brought(vintages(CPI, opened(fred(archive(CPIAUCSL=prices())))))
        assert (rows["observed_on"] == rows["observed_on"] + pd.offsets.MonthEnd(0)).all()

    def test_a_missing_value_is_not_zero(self, opened: Open) -> None:
        rows = brought(vintages(RATE, opened(fred(archive(DGS10=rates())))))
        given = [release for release in rates() if release.value != "."]
        assert len(rows) == len(given)
        assert (rows["value"] > 4.0 - 1e-9).all()

    def test_a_sync_goes_on_where_the_last_one_ended(self, opened: Open) -> None:
        api = opened(fred(archive(CPIAUCSL=prices())))
        whole = brought(vintages(CPI, api))
        since = date(2023, 6, 30)
        later = brought(vintages(CPI, api), since)
        expected = whole[whole["published_on"] > pd.Timestamp(since - timedelta(days=7))]
        key = ["observed_on", "published_on"]
        pd.testing.assert_frame_equal(
            later.sort_values(key, ignore_index=True), expected.sort_values(key, ignore_index=True)
        )

    def test_a_sync_of_a_few_years_asks_for_no_list_of_vintages(self, opened: Open) -> None:
        asked: list[str] = []
        service = fred(archive(CPIAUCSL=prices()))

        def watched(request: Asked) -> Answer:
            asked.append(request.path)
            return service(request)

        brought(vintages(CPI, opened(watched)), date(2023, 6, 30))
        assert asked == ["series", "series/observations"]

    def test_histories_of_many_vintages_come_in_stretches_and_lose_nothing(
        self, opened: Open
    ) -> None:
        releases = rates(date(2004, 1, 5), date(2024, 3, 28))
        corrected = replace(releases[40], published=date(2019, 5, 6), value="4.95")
        known = archive(DGS10=[*releases, corrected])
        assert len(known.vintages("DGS10")) > 4_000
        rows = brought(vintages(RATE, opened(fred(known))))
        wanted = {
            (pd.Timestamp(r.day), pd.Timestamp(r.published)): float(r.value)
            for r in [*releases, corrected]
            if r.value != "."
        }
        keys = zip(rows["observed_on"], rows["published_on"], strict=True)
        assert dict(zip(keys, rows["value"], strict=True)) == wanted
        assert len(rows) == len(wanted)

    def test_a_market_rate_older_than_the_archive_counts_after_its_usual_lag(
        self, opened: Open
    ) -> None:
        begun = [replace(r, published=max(r.published, date(2024, 1, 2))) for r in rates()]
        rows = brought(vintages(RATE, opened(fred(archive(DGS10=begun)))))
        first = rows[rows["observed_on"] == "2023-10-06"].iloc[0]
        assert first["published_on"] == pd.Timestamp("2023-10-09")
        recent = rows[rows["observed_on"] == "2024-02-05"].iloc[0]
        assert recent["published_on"] == pd.Timestamp("2024-02-06")

    def test_an_estimate_older_than_the_archive_counts_from_the_archives_first_day(
        self, opened: Open
    ) -> None:
        begun = [replace(r, published=max(r.published, date(2023, 9, 1))) for r in prices()]
        unique = {(r.day, r.published): r for r in begun}
        rows = brought(vintages(CPI, opened(fred(archive(CPIAUCSL=list(unique.values()))))))
        assert rows["published_on"].min() == pd.Timestamp("2023-09-01")

    @pytest.mark.parametrize("right", ["realtime_start", "realtime_end", "observation_start"])
    @pytest.mark.parametrize("wrong", ["vintage_date", "realtime", "vintage_dates_"])
    def test_a_misspelt_parameter_is_never_taken_for_an_answer(
        self, opened: Open, right: str, wrong: str
    ) -> None:
        strict = fred(archive(CPIAUCSL=prices()))
        ignored = strict(_observations(api_key=KEY, **{wrong: "2022-03-01"}))
        latest = json.loads(ignored.body)
        assert {row["realtime_start"] for row in latest["observations"]} == {TODAY.isoformat()}
        with pytest.raises(SourceDownError, match=f"^FRED .*CPIAUCSL for {right} '.*' where"):
            brought(vintages(CPI, opened(misspelt(strict, right, wrong))))

    def test_no_parameter_is_asked_that_fred_does_not_know(self, opened: Open) -> None:
        asked: set[str] = set()
        service = fred(archive(CPIAUCSL=prices()))

        def watched(request: Asked) -> Answer:
            asked.update(request.query)
            return service(request)

        brought(vintages(CPI, opened(watched)))
        assert asked <= KNOWN_PARAMETERS
        assert {"realtime_start", "realtime_end"} <= asked

    @pytest.mark.parametrize("since", [None, date(2024, 1, 31)])
    def test_a_series_without_an_archive_counts_from_the_day_it_is_read(
        self, opened: Open, since: date | None
    ) -> None:
        known = archive(CPIAUCSL=prices())
        known.not_archived.add("CPIAUCSL")
        batches = list(vintages(CPI, opened(fred(known))).fetch(since, TODAY))
        assert batches[0].rows["published_on"].isna().all()
        assert batches[0].notes == (
            "CPI: latest revision: known here from the day it was read; a FRED API key brings what "
            "was published on earlier days",
        )


def _observations(**query: str) -> Asked:
    return Asked(
        method="GET",
        path="series/observations",
        query={"series_id": "CPIAUCSL", "file_type": "json", **query},
    )


class TestLatest:
    def test_an_estimate_is_not_dated_back(self, opened: Open) -> None:
        site = opened(fred_csv(archive(CPIAUCSL=prices())), secrets={})
        batch = next(LatestFeed(series=CPI, site=site, today=TODAY).fetch(None, TODAY))
        assert batch.rows["published_on"].isna().all()
        assert "latest revision" in batch.notes[0]
        assert list(batch.rows["value"])[:2] == [280.75, 281.75]

    def test_a_market_rate_counts_from_the_next_weekday(self, opened: Open) -> None:
        site = opened(fred_csv(archive(DGS10=rates())), secrets={})
        batch = next(LatestFeed(series=RATE, site=site, today=TODAY).fetch(None, TODAY))
        friday = batch.rows[batch.rows["observed_on"] == "2024-03-22"].iloc[0]
        assert friday["published_on"] == pd.Timestamp("2024-03-25")
        assert batch.notes == ()

    def test_nothing_counts_later_than_the_day_it_was_read(self, opened: Open) -> None:
        oil = [replace(r, value="80.5") for r in rates()]
        site = opened(fred_csv(archive(DCOILWTICO=oil)), secrets={})
        rows = brought(LatestFeed(series=OIL, site=site, today=TODAY))
        assert rows["published_on"].max() == pd.Timestamp(TODAY)

    def test_a_missing_value_is_not_zero(self, opened: Open) -> None:
        site = opened(fred_csv(archive(DGS10=rates())), secrets={})
        rows = brought(LatestFeed(series=RATE, site=site, today=TODAY))
        assert len(rows) == sum(release.value != "." for release in rates())

    def test_the_older_name_of_the_first_column_is_read(self, opened: Open) -> None:
        service = fred_csv(archive(DGS10=rates()))

        def older(asked: Asked) -> Answer:
            good = service(asked)
            return replace(good, body=good.body.replace(b"observation_date", b"DATE"))

        site = opened(older, secrets={})
        assert len(brought(LatestFeed(series=RATE, site=site, today=TODAY))) > 100

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (b"DGS10", b"DGS2"),
            (b"observation_date", b"day"),
            (b"2024-03-22,", b"2024-03-22,1,"),
            (b"2024-03-22,", b"2023-03-22,"),
            (b"2024-03-22,", b"2024-03-21,"),
        ],
    )
    def test_a_csv_of_another_form_is_refused(self, opened: Open, old: bytes, new: bytes) -> None:
        service = fred_csv(archive(DGS10=rates()))

        def other(asked: Asked) -> Answer:
            good = service(asked)
            return replace(good, body=good.body.replace(old, new, 1))

        with pytest.raises(SourceDownError, match="FRED gave no usable answer: a CSV of DGS10"):
            brought(LatestFeed(series=RATE, site=opened(other, secrets={}), today=TODAY))


def doctored(service: Service, change: Callable[[Any], Any], path: str = "observations") -> Service:
    def answer(asked: Asked) -> Answer:
        good = service(asked)
        return changed(good, change) if asked.path.endswith(path) else good

    return answer


def times(factor: float) -> Callable[[Any], Any]:
    def change(answer: Any) -> Any:
        for row in answer["observations"]:
            row["value"] = "." if row["value"] == "." else str(float(row["value"]) * factor)
        return answer

    return change


class TestRefusals:
    def test_a_wrong_key_is_told_without_the_key(self, opened: Open) -> None:
        api = opened(fred(archive(CPIAUCSL=prices())), secrets={"api_key": "wrong-key"})
        with pytest.raises(
            SourceDownError, match=r"status 400: .*api_key is not registered"
        ) as caught:
            brought(vintages(CPI, api))
        assert "wrong-key" not in str(caught.value)

    def test_a_series_in_another_unit_is_refused(self, opened: Open) -> None:
        known = archive(CPIAUCSL=prices())
        known.units["CPIAUCSL"] = "Percent Change"
        with pytest.raises(SourceDownError, match="CPIAUCSL in another unit than Index"):
            brought(vintages(CPI, opened(fred(known))))

    @pytest.mark.parametrize("factor", [100.0, 0.01, 1000.0])
    @pytest.mark.parametrize("name", ["CPI", "UST_10Y"])
    def test_values_in_another_unit_are_refused(
        self, opened: Open, name: str, factor: float
    ) -> None:
        series = CPI if name == "CPI" else RATE
        known = archive(CPIAUCSL=prices(), DGS10=rates())
        api = opened(doctored(fred(known), times(factor)))
        with pytest.raises(SourceDownError, match="in another unit"):
            brought(vintages(series, api))

    def test_one_impossible_value_is_left_out_and_named(self, opened: Open) -> None:
        def change(answer: Any) -> Any:
            answer["observations"][4]["value"] = "480.5"
            return answer

        api = opened(doctored(fred(archive(DGS10=rates())), change))
        batches = list(vintages(RATE, api).fetch(None, TODAY))
        assert batches[0].notes == (
            "UST_10Y: 1 values outside 0.2 to 25 left out, the last of 2023-10-06",
        )
        assert batches[0].rows["value"].max() < 5.0

    @pytest.mark.parametrize("text", ["n/a", "1e5", "4,5", "٤", "inf", "nan", "--4"])
    def test_a_text_that_is_no_number_is_left_out_and_named(self, opened: Open, text: str) -> None:
        def change(answer: Any) -> Any:
            answer["observations"][4]["value"] = text
            return answer

        api = opened(doctored(fred(archive(DGS10=rates())), change))
        batches = list(vintages(RATE, api).fetch(None, TODAY))
        assert batches[0].notes == ("UST_10Y: 1 values that are no numbers left out",)

    @pytest.mark.parametrize("key", ["observations", "realtime_start", "date", "value", "units"])
    def test_a_renamed_key_is_refused(self, opened: Open, key: str) -> None:
        service = doctored(
            fred(archive(CPIAUCSL=prices())), lambda value: renamed_key(value, key, "other")
        )
        with pytest.raises(
            SourceDownError, match="series/observations of CPIAUCSL in another shape"
        ):
            brought(vintages(CPI, opened(service)))

    @pytest.mark.parametrize(
        ("key", "value"),
        [("date", "2023-06-01"), ("realtime_start", "9999-12-31"), ("realtime_end", "1999-01-01")],
    )
    def test_rows_out_of_order_are_refused(self, opened: Open, key: str, value: str) -> None:
        def change(answer: Any) -> Any:
            answer["observations"][2][key] = value
            return answer

        with pytest.raises(SourceDownError, match="rows of CPIAUCSL out of order"):
            brought(vintages(CPI, opened(doctored(fred(archive(CPIAUCSL=prices())), change))))

    def test_fewer_rows_than_announced_are_refused(self, opened: Open) -> None:
        def change(answer: Any) -> Any:
            del answer["observations"][3]
            return answer

        with pytest.raises(SourceDownError, match="rows where others were announced"):
            brought(vintages(CPI, opened(doctored(fred(archive(CPIAUCSL=prices())), change))))


class TestSeries:
    def test_names_and_identifiers_are_unique(self) -> None:
        assert len({s.name for s in SERIES}) == len({s.fred_id for s in SERIES}) == len(SERIES)

    def test_every_alias_names_a_series_and_none_claims_a_survey_of_managers(self) -> None:
        assert set(ALIASES.values()) <= {series.name for series in SERIES}
        assert not [alias for alias in ALIASES if "PMI" in alias.upper()]


CASSETTES = SHARED / "recorded" / "fred"
GDP = Series(
    fred_id="GDP", name="GDP", unit="billion USD", their_unit="Billions of Dollars",
    possible=(1.0, 1e6), usual=(1_000.0, 25_000.0),
)  # fmt: skip


def recorded(name: str) -> Any:
    """Return the first answer of a cassette, read as the text that it is."""
    text = gzip.decompress((CASSETTES / f"{name}.yaml.gz").read_bytes()).decode()
    import yaml  # type: ignore[import-untyped]

    return json.loads(yaml.safe_load(text)["interactions"][0]["response"]["body"]["string"])


@pytest.mark.skipif(
    not CASSETTES.is_dir(), reason="the recorded answers of FRED are not on this machine"
)
class TestRecorded:
    """FRED's archive of the gross domestic product, as it was recorded."""

    @pytest.fixture
    def rows(self) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = recorded("test_get_series_asof_date_pandas")["observations"]
        return [row for row in rows if row["date"] >= "1990-01-01"]

    @pytest.fixture
    def known(self, rows: list[dict[str, str]]) -> Archive:
        releases = [
            Release(
                day=date.fromisoformat(row["date"]),
                published=date.fromisoformat(row["realtime_start"]),
                value=row["value"],
            )
            for row in rows
        ]
        units = {"GDP": "Billions of Dollars"}
        return Archive(releases={"GDP": releases}, units=units, today=date(2019, 1, 1))

    @pytest.mark.parametrize(
        "day", [date(1993, 6, 1), date(2003, 12, 31), date(2014, 6, 1), date(2018, 12, 31)]
    )
    def test_as_of_a_past_day_it_is_what_fred_says_was_in_force(
        self, opened: Open, known: Archive, rows: list[dict[str, str]], day: date
    ) -> None:
        brought_rows = brought(vintages(GDP, opened(fred(known)), date(2019, 1, 1)))
        in_force = {
            date.fromisoformat(row["date"]): float(row["value"])
            for row in rows
            if row["realtime_start"] <= day.isoformat() <= row["realtime_end"]
        }
        assert len(in_force) > 5
        assert as_of(brought_rows, day) == in_force

    def test_two_quarters_as_they_were_told_in_june_2014(
        self, opened: Open, known: Archive
    ) -> None:
        brought_rows = brought(vintages(GDP, opened(fred(known)), date(2019, 1, 1)))
        told = as_of(brought_rows, date(2014, 6, 1))
        assert told[date(2013, 10, 1)] == 17089.6
        assert told[date(2014, 1, 1)] == 17101.3

    def test_a_misspelt_period_of_publication_cannot_pass(
        self, opened: Open, known: Archive
    ) -> None:
        service = misspelt(fred(known), "realtime_start", "vintage_date")
        with pytest.raises(SourceDownError, match="GDP for realtime_start"):
            brought(vintages(GDP, opened(service), date(2019, 1, 1)))

    def test_the_recorded_bytes_are_read_as_they_came(self, opened: Open) -> None:
        """The answer itself, asked for with the period that it was recorded with."""
        whole = recorded("test_get_series_asof_date_pandas")
        answers = {
            "series": recorded("test_get_series_info"),
            "series/vintagedates": {
                **recorded("test_get_series_vintagedates"),
                "vintage_dates": ["2018-12-21"], "count": 1,
            },
            "series/observations": {
                **whole, "observation_start": "1990-01-01", "realtime_end": "9999-12-31",
            },
        }  # fmt: skip
        api = opened(lambda asked: json_answer(answers[asked.path]))
        got = brought(vintages(GDP, api, date(2019, 1, 1)))
        given = [row for row in whole["observations"] if row["value"] != "."]
        assert len(got) == len(given)
        assert list(got["value"]) == [float(row["value"]) for row in given]

    def test_the_vintages_that_fred_lists_are_those_that_are_read(self) -> None:
        listed = recorded("test_get_series_vintagedates")
        assert len(listed["vintage_dates"]) == listed["count"] == 393
        assert all(re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) for day in listed["vintage_dates"])
