"""Fund flow from shares outstanding: what counts, what a split is, and what is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from tests.providers import Providers
from tests.tools.sources.us.services import HEADER, FundDay, sheet, ssga, weekdays, workbook
from tools.errors import SourceDownError
from tools.sources.http import Fetcher
from tools.sources.us.flows import FundFlowFeed, fund_flow, read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.sources.feeds import Batch

DAYS = weekdays(date(2026, 11, 9), date(2026, 11, 20))
UNTIL = date(2026, 11, 20)
SITE = Fetcher("SSGA", "http://127.0.0.1:9")


def fund(*figures: tuple[float | None, float | None]) -> list[FundDay]:
    return [
        FundDay(day=day, nav=nav, shares=n) for day, (nav, n) in zip(DAYS, figures, strict=False)
    ]


def brought(days: list[FundDay], since: date | None = None) -> list[Batch]:
    with Providers({"ssga": ssga({"XLK": days})}) as server:
        site = Fetcher("SSGA", server.url("ssga"))
        batches = list(FundFlowFeed(symbol="XLK", entity="45", site=site).fetch(since, UNTIL))
        site.close()
    return batches


def flows(days: list[FundDay], name: str = "etf_flow") -> dict[date, float]:
    rows = pd.concat([batch.rows for batch in brought(days)])
    rows = rows[rows["name"] == name]
    return {day.date(): float(v) for day, v in zip(rows["observed_on"], rows["value"], strict=True)}


class TestKnownValues:
    def test_flow_is_the_change_of_shares_times_todays_value(self) -> None:
        days = fund((50.0, 1_000_000.0), (51.0, 1_100_000.0), (52.0, 1_050_000.0))
        assert flows(days) == {DAYS[1]: 5_100_000.0, DAYS[2]: -2_600_000.0}

    def test_the_ratio_is_the_flow_over_the_shares_before(self) -> None:
        days = fund((50.0, 1_000_000.0), (51.0, 1_100_000.0))
        assert flows(days, "etf_flow_ratio") == pytest.approx({DAYS[1]: 0.1})

    def test_a_split_is_no_flow(self) -> None:
        days = fund((280.0, 1_000_000.0), (141.0, 2_010_000.0), (142.0, 2_010_000.0))
        assert flows(days) == {DAYS[1]: 10_000.0 * 141.0, DAYS[2]: 0.0}

    def test_a_reverse_split_is_no_flow(self) -> None:
        days = fund((14.0, 10_000_000.0), (55.0, 2_500_000.0))
        assert flows(days) == {DAYS[1]: 0.0}

    def test_a_fund_that_doubles_while_its_value_stays_is_not_believed(self) -> None:
        batch = brought(fund((50.0, 1e6), (50.0, 2e6), (50.0, 2.1e6)))[0]
        assert list(batch.rows["observed_on"].unique()) == [pd.Timestamp(DAYS[2])]
        assert batch.notes == (
            "XLK: 1 changes of shares too large to be flow, the last on 2026-11-10",
        )

    def test_figures_are_published_the_next_weekday(self) -> None:
        rows = brought(fund(*[(50.0, 1e6)] * 10))[0].rows
        friday = rows[rows["observed_on"] == "2026-11-13"].iloc[0]
        assert friday["published_on"] == pd.Timestamp("2026-11-16")

    def test_signals_say_what_they_are(self) -> None:
        rows = brought(fund((50.0, 1e6), (51.0, 1.1e6)))[0].rows
        assert set(zip(rows["name"], rows["entity"], rows["unit"], strict=True)) == {
            ("etf_flow", "45", "USD"), ("etf_flow_ratio", "45", "fraction"),
        }  # fmt: skip

    def test_a_later_sync_brings_only_the_last_days_again(self) -> None:
        rows = brought(fund(*[(50.0, 1e6)] * 10), since=DAYS[-1])[0].rows
        assert rows["observed_on"].min() > pd.Timestamp(DAYS[0])


class TestLeftOut:
    def test_a_dash_is_not_zero_and_breaks_the_row(self) -> None:
        days = fund((50.0, 1e6), (51.0, None), (52.0, 1.2e6), (52.0, 1.3e6))
        assert flows(days) == {DAYS[3]: 5_200_000.0}

    def test_rows_in_another_unit_are_left_out_and_named(self) -> None:
        days = fund(*[(50.0, 1e6 + 1e4 * i) for i in range(8)])
        days[3] = replace(days[3], shares=1_030.0, assets=50.0 * 1_030_000.0)
        batch = brought(days)[0]
        assert batch.notes == (
            "XLK: 1 rows whose assets are not shares times value left out, the last of 2026-11-12",
        )
        assert pd.Timestamp(DAYS[3]) not in set(batch.rows["observed_on"])
        assert pd.Timestamp(DAYS[4]) not in set(batch.rows["observed_on"])
        assert (batch.rows["value"] <= 1e4 * 51.0).all()

    def test_a_split_that_shares_show_a_day_later_is_no_flow(self) -> None:
        days = fund((280.0, 1e6), (141.0, 1e6), (142.0, 2e6), (142.0, 2e6))
        days[1] = replace(days[1], assets=282e6)
        assert flows(days) == {DAYS[3]: 0.0}

    def test_a_flow_over_a_long_gap_is_left_out(self) -> None:
        late = FundDay(day=date(2026, 12, 7), nav=50.0, shares=1.3e6)
        table, _ = read_workbook(
            workbook("XLK", [*fund((50.0, 1e6), (50.0, 1.1e6)), late]), symbol="XLK", site=SITE
        )
        assert np.isnan(fund_flow(table)[0]).tolist() == [True, False, True]

    def test_days_that_come_twice_are_left_out(self) -> None:
        days = fund((50.0, 1e6), (50.0, 1.1e6), (50.0, 1.2e6), (50.0, 1.3e6))
        twice = [*days, replace(days[1], shares=9e6)]
        assert flows(twice) == {DAYS[3]: pytest.approx(5_000_000.0)}


class TestForm:
    @pytest.mark.parametrize(
        "header",
        [
            ("DATE", "Nav", "Shares  Outstanding ".replace("  ", " "), "Net Assets"),
            (
                "As of Date",
                "Net Asset Value (USD)",
                "Shares Outstanding (units)",
                "Total Net Assets",
            ),
        ],
    )
    def test_columns_may_be_called_a_little_differently(self, header: Iterable[str]) -> None:
        content = workbook("XLK", fund((50.0, 1e6), (51.0, 1.1e6)), header)
        table, notes = read_workbook(content, symbol="XLK", site=SITE)
        assert list(table["shares"]) == [1e6, 1.1e6]
        assert notes == ()

    @pytest.mark.parametrize("missing", range(4))
    def test_a_column_that_is_called_something_else_is_missed(self, missing: int) -> None:
        header = ["Renamed" if i == missing else name for i, name in enumerate(HEADER)]
        content = workbook("XLK", fund((50.0, 1e6), (51.0, 1.1e6)), header)
        with pytest.raises(
            SourceDownError, match=r"SSGA gave no usable answer: .*without the columns"
        ):
            read_workbook(content, symbol="XLK", site=SITE)

    def test_another_funds_workbook_is_refused(self) -> None:
        content = workbook("XLF", fund((50.0, 1e6), (51.0, 1.1e6)))
        with pytest.raises(SourceDownError, match="a workbook of another fund than XLK"):
            read_workbook(content, symbol="XLK", site=SITE)

    def test_columns_in_units_that_do_not_fit_are_refused(self) -> None:
        days = [replace(day, assets=50.0 * 1e3) for day in fund(*[(50.0, 1e6)] * 5)]
        with pytest.raises(SourceDownError, match="no row of XLK whose assets are its shares"):
            read_workbook(workbook("XLK", days), symbol="XLK", site=SITE)

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"date,nav\n", sheet([])])
    def test_what_is_no_workbook_is_refused(self, content: bytes) -> None:
        with pytest.raises(SourceDownError, match="SSGA gave no usable answer"):
            read_workbook(content, symbol="XLK", site=SITE)

    def test_days_that_are_none_are_refused(self) -> None:
        lines = [HEADER, ("21st of May", 50.0, 1e6, 5e7), ("20-May-2026", 50.0, 1e6, 5e7)]
        with pytest.raises(SourceDownError, match="days that are none"):
            read_workbook(sheet(lines), symbol="XLK", site=SITE)

    def test_days_out_of_order_are_refused(self) -> None:
        days = ("20-May-2026", "18-May-2026", "19-May-2026")
        lines = [HEADER, *((day, 50.0, 1e6, 5e7) for day in days)]
        with pytest.raises(SourceDownError, match="days out of order"):
            read_workbook(sheet(lines), symbol="XLK", site=SITE)

    @pytest.mark.parametrize("written", ["20-May-2026", "05/20/2026", "2026-05-20", "May 20, 2026"])
    def test_days_may_be_written_in_several_ways(self, written: str) -> None:
        table, _ = read_workbook(
            sheet([HEADER, (written, 50.0, 1e6, 5e7)]), symbol="XLK", site=SITE
        )
        assert list(table["date"]) == [pd.Timestamp("2026-05-20")]

    def test_numbers_as_text_are_numbers(self) -> None:
        lines = [HEADER, ("20-May-2026", "$50.00", "1,000,000", "50,000,000")]
        table, _ = read_workbook(sheet(lines), symbol="XLK", site=SITE)
        assert (table["nav"][0], table["shares"][0]) == (50.0, 1e6)


Steps = st.lists(st.tuples(st.floats(0.95, 1.05), st.floats(0.9, 1.1)), min_size=1, max_size=8)


class TestProperties:
    def table(self, steps: list[tuple[float, float]], split_at: int, ratio: float) -> Any:
        nav, shares = [100.0], [1e6]
        for i, (value, change) in enumerate(steps):
            factor = ratio if i == split_at else 1.0
            nav.append(nav[-1] * value / factor)
            shares.append(shares[-1] * change * factor)
        follows = [False, *[True] * len(steps)]
        return pd.DataFrame({"nav": nav, "shares": shares, "follows": follows})

    @given(Steps, st.integers(0, 7), st.sampled_from([2.0, 3.0, 4.0, 10.0, 0.5, 0.25]))
    def test_a_split_changes_no_ratio(
        self, steps: list[tuple[float, float]], split_at: int, ratio: float
    ) -> None:
        with_split = fund_flow(self.table(steps, split_at, ratio))[1]
        without = fund_flow(self.table(steps, split_at, 1.0))[1]
        np.testing.assert_allclose(with_split, without, atol=1e-9)

    @given(Steps)
    def test_flows_and_markets_explain_all_of_the_assets(
        self, steps: list[tuple[float, float]]
    ) -> None:
        table = self.table(steps, -1, 1.0)
        assets = (table["nav"] * table["shares"]).to_numpy()
        market = np.diff(table["nav"]) * table["shares"].to_numpy()[:-1]
        np.testing.assert_allclose(
            np.diff(assets), fund_flow(table)[0][1:] + market, rtol=1e-6, atol=1
        )
