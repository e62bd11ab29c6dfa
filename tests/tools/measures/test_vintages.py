"""A revised series, asked what was known when."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.markets import closes, market_of
from tools.measures import macro
from tools.measures.vintages import Vintages
from tools.view import AsOfView


def rows(*cells: tuple[str, str, float], unit: str = "percent") -> pd.DataFrame:
    """Return macro rows of one series from (observed, published, value)."""
    table = pd.DataFrame(cells, columns=["observed_on", "published_on", "value"])
    for column in ("observed_on", "published_on"):
        table[column] = pd.to_datetime(table[column])
    table = table.assign(series="X", unit=unit)
    return table.sort_values(["observed_on", "published_on"], ignore_index=True)


def at(*stamps: str) -> np.ndarray:
    return np.asarray(stamps, dtype="datetime64[D]")


REVISED = rows(
    ("2020-01-31", "2020-02-15", 1.0),
    ("2020-01-31", "2020-03-15", 1.5),
    ("2020-02-29", "2020-03-15", 2.0),
    ("2020-02-29", "2020-04-15", 2.25),
    ("2020-03-31", "2020-04-15", 3.0),
)


class TestInForce:
    def test_the_newest_observation_of_the_vintage(self) -> None:
        known = Vintages(REVISED).latest(at("2020-02-14", "2020-02-15", "2020-03-20", "2021-01-01"))
        assert np.isnan(known[0])
        assert known[1:].tolist() == [1.0, 2.0, 3.0]

    def test_a_revision_of_the_newest_observation_counts_at_once(self) -> None:
        series = Vintages(
            rows(("2020-01-31", "2020-02-15", 1.0), ("2020-01-31", "2020-02-20", 9.0))
        )
        assert series.latest(at("2020-02-19", "2020-02-20")).tolist() == [1.0, 9.0]

    def test_a_late_old_observation_does_not_replace_a_newer_one(self) -> None:
        series = Vintages(
            rows(("2020-01-31", "2020-05-01", 1.0), ("2020-02-29", "2020-03-15", 2.0))
        )
        assert series.latest(at("2020-06-01")).tolist() == [2.0]


class TestChange:
    def test_both_ends_come_from_the_newer_vintage(self) -> None:
        # In force on 20 March was February, which April's vintage has revised to 2.25.
        change = Vintages(REVISED).change(at("2020-04-20"), at("2020-03-20"))
        assert change.tolist() == [0.75]

    def test_a_change_of_base_year_is_no_change(self) -> None:
        series = Vintages(
            rows(
                ("2020-01-31", "2020-02-15", 200.0),
                ("2020-01-31", "2020-03-15", 100.0),
                ("2020-02-29", "2020-03-15", 101.0),
                unit="index",
            )
        )
        assert series.change(at("2020-03-20"), at("2020-03-01")) == pytest.approx([0.01])

    def test_nothing_known_before_the_window_gives_nothing(self) -> None:
        assert np.isnan(Vintages(REVISED).change(at("2020-04-20"), at("2020-01-20")))[0]


class TestYearOnYear:
    def test_it_stays_within_one_vintage(self) -> None:
        series = Vintages(
            rows(
                ("2019-02-28", "2019-03-15", 50.0),
                ("2019-02-28", "2020-03-15", 100.0),
                ("2020-02-29", "2020-03-15", 103.0),
                unit="index",
            )
        )
        assert series.yoy(at("2020-03-20")) == pytest.approx([0.03])

    def test_a_daily_series_takes_the_newest_observation_of_a_year_ago(self) -> None:
        days = pd.bdate_range("2019-01-01", "2020-03-10")
        cells = [(str(day.date()), str(day.date()), float(n + 100)) for n, day in enumerate(days)]
        series = Vintages(rows(*cells, unit="index"))
        now = cells[days.searchsorted(pd.Timestamp("2020-03-09"))][2]
        then = cells[days.searchsorted(pd.Timestamp("2019-03-08"))][2]
        assert series.yoy(at("2020-03-09")) == pytest.approx([now / then - 1])

    def test_only_index_units_have_one(self) -> None:
        assert np.isnan(Vintages(REVISED).yoy(at("2021-01-01")))[0]


class TestSurprise:
    def months(self, values: list[float], unit: str = "percent") -> Vintages:
        ends = pd.date_range("2010-01-31", periods=len(values), freq="ME")
        cells = [
            (str(end.date()), str((end + pd.Timedelta(days=10)).date()), value)
            for end, value in zip(ends, values, strict=True)
        ]
        return Vintages(rows(*cells, unit=unit))

    def test_it_is_the_last_change_in_deviations_of_the_last_36(self) -> None:
        values = np.random.default_rng(2).normal(0, 1, 50).cumsum().tolist()
        changes = np.diff(values)[-36:]
        expected = (changes[-1] - changes.mean()) / changes.std(ddof=1)
        assert self.months(values).surprise(at("2030-01-01")) == pytest.approx([expected])

    def test_fewer_than_24_changes_give_none(self) -> None:
        values = np.random.default_rng(2).normal(0, 1, 25).tolist()
        assert np.isnan(self.months(values[:24]).surprise(at("2030-01-01")))[0]
        assert np.isfinite(self.months(values).surprise(at("2030-01-01")))[0]

    def test_a_series_that_never_moves_surprises_nobody(self) -> None:
        assert np.isnan(self.months([2.0] * 40).surprise(at("2030-01-01")))[0]

    def test_an_observation_filled_in_late_changes_no_earlier_release(self) -> None:
        ends = [str(end.date()) for end in pd.date_range("2010-01-31", periods=5, freq="ME")]
        cells = [(end, end, float(n * n)) for n, end in enumerate(ends) if n != 2]
        filled = Vintages(rows(*cells, (ends[2], "2011-01-01", 7.0)))
        assert Vintages(rows(*cells)).releases.change.tolist() == [1.0, 8.0, 7.0]
        assert filled.releases.change.tolist() == [1.0, 8.0, 7.0]

    def test_a_first_release_is_compared_with_what_stood_beside_it(self) -> None:
        values = [100.0 + number for number in range(40)]
        ends = pd.date_range("2010-01-31", periods=40, freq="ME")
        cells = []
        for number, end in enumerate(ends):
            published = str((end + pd.Timedelta(days=10)).date())
            cells.append((str(end.date()), published, values[number]))
            if number:
                # The month before is revised down by one half in the same release.
                cells.append((str(ends[number - 1].date()), published, values[number - 1] - 0.5))
        assert Vintages(rows(*cells)).releases.change.tolist() == pytest.approx([1.5] * 39)


class TestPanels:
    def view(self) -> AsOfView:
        days = pd.bdate_range("2020-01-01", "2020-06-30")
        oil = [60.0 + n for n in range(len(days))]
        daily = pd.DataFrame({"observed_on": days, "published_on": days, "value": oil})
        daily = daily.assign(series="OIL", unit="USD per barrel")
        rate = daily.assign(series="RATE", unit="percent")
        prices = closes(days, A=[1.0] * len(days))
        data = market_of(prices, macro=pd.concat([REVISED, daily, rate]))
        return AsOfView(data, date(2020, 5, 29))

    def test_a_row_knows_what_was_published_by_its_day(self) -> None:
        known = macro.in_force(self.view(), "X")
        assert known["2020-03-13"] == 1.0
        assert known["2020-03-16"] == 2.0

    def test_drivers_are_unrevised_and_daily(self) -> None:
        assert macro.market_series(self.view()) == ("OIL", "RATE")

    def test_a_driver_that_is_revised_later_was_one_until_then(self) -> None:
        view = self.view()
        oil = view.macro[view.macro["series"] == "OIL"]
        again = oil.iloc[[30]].assign(published_on=pd.Timestamp("2020-05-13"))
        macro_rows = pd.concat([view.macro, again])
        data = market_of(closes(view.days, A=[1.0] * len(view.days)), macro=macro_rows)
        revised = AsOfView(data, view.as_of)
        assert macro.market_series(revised) == ("RATE",)
        until = slice("2020-05-12")
        before = macro.driver_changes(view, "1W").loc[until]
        pd.testing.assert_frame_equal(macro.driver_changes(revised, "1W").loc[until], before)
        assert before["OIL"].notna().any()
        assert macro.driver_changes(revised, "1W").loc["2020-05-13":, "OIL"].isna().all()

    def test_prices_change_by_fractions_and_rates_by_differences(self) -> None:
        last = macro.driver_changes(self.view(), "1W").iloc[-1]
        assert last["RATE"] == 5.0
        oil = self.view().macro.query("series == 'OIL'")["value"]
        assert last["OIL"] == pytest.approx(oil.iloc[-1] / oil.iloc[-6] - 1)

    def test_rows_published_later_do_not_exist(self) -> None:
        view = self.view()
        assert view.macro["published_on"].max() <= pd.Timestamp(view.as_of)
        assert macro.change(view, "X", "1M")["2020-04-20"] == pytest.approx(0.75)
