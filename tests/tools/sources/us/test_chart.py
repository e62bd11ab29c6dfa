"""A chart answer of Yahoo: prices as traded, total returns, and what is left out."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.conftest import SHARED
from tests.tools.sources.us.services import Bar, chart, seconds, single, weekdays
from tools.errors import SourceDownError
from tools.sources.http import Reader
from tools.sources.us.chart import Bars, read_chart

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

READER = Reader("Yahoo")
DAYS = weekdays(date(2026, 11, 9), date(2026, 11, 20))


def read(answer: object, symbol: str = "XLK", currency: str = "USD") -> Bars:
    return read_chart(answer, symbol=symbol, currency=currency, reader=READER)


def answer(*bars: Bar) -> dict[str, Any]:
    return chart("XLK", bars)


def plain(closes: list[float], **events: dict[int, float]) -> list[Bar]:
    return [
        Bar(day=day, close=close, **{name: at[i] for name, at in events.items() if i in at})
        for i, (day, close) in enumerate(zip(DAYS, closes, strict=False))
    ]


def returns(bars: Bars) -> list[float]:
    rows = bars.rows
    return [float(value) for value in (rows["close"] / rows["previous_close"] - 1.0)[1:]]


class TestKnownValues:
    def test_prices_are_cents_again(self) -> None:
        closes = [74.07, 74.13, 73.9]
        assert list(read(answer(*plain(closes))).rows["close"]) == closes

    def test_a_plain_day_returns_its_move(self) -> None:
        assert returns(read(answer(*plain([100.0, 101.0, 99.99])))) == pytest.approx([0.01, -0.01])

    def test_a_dividend_is_part_of_its_days_return(self) -> None:
        bars = read(answer(*plain([100.0, 99.0], dividend={1: 1.0})))
        assert returns(bars) == pytest.approx([0.0])
        assert list(bars.rows["close"]) == [100.0, 99.0]
        assert bars.rows["previous_close"].iloc[1] == 99.0

    def test_a_split_moves_no_return_and_rewrites_no_price(self) -> None:
        bars = read(answer(*plain([200.0, 202.0, 101.0, 103.02], split={2: 2.0})))
        assert list(bars.rows["close"]) == [200.0, 202.0, 101.0, 103.02]
        assert returns(bars) == pytest.approx([0.01, 0.0, 0.02])

    def test_volume_is_that_of_the_shares_of_the_day(self) -> None:
        bars = read(answer(*plain([200.0, 100.0], split={1: 2.0})))
        assert list(bars.rows["volume"]) == [1_000_000.0, 1_000_000.0]

    def test_a_dividend_before_a_later_split_is_in_the_shares_of_its_day(self) -> None:
        bars = read(answer(*plain([200.0, 198.0, 99.0], dividend={1: 2.0}, split={2: 2.0})))
        assert returns(bars) == pytest.approx([0.0, 0.0])

    def test_a_dividend_on_the_day_of_a_split_is_in_the_new_shares(self) -> None:
        bars = read(answer(*plain([200.0, 99.0], dividend={1: 1.0}, split={1: 2.0})))
        assert returns(bars) == pytest.approx([0.0])

    def test_capital_gains_beside_a_dividend_are_added(self) -> None:
        bars = read(answer(*plain([100.0, 97.0], dividend={1: 1.0}, gain={1: 2.0})))
        assert returns(bars) == pytest.approx([0.0])

    def test_capital_gains_that_the_dividend_holds_already_are_not_added(self) -> None:
        whole = answer(*plain([100.0, 97.0], dividend={1: 3.0}))
        result = whole["chart"]["result"][0]
        stamp = seconds(DAYS[1])
        result["events"]["capitalGains"] = {str(stamp): {"amount": 2.0, "date": stamp}}
        assert returns(read(whole)) == pytest.approx([0.0])

    def test_the_first_day_has_no_close_before_it(self) -> None:
        assert np.isnan(read(answer(*plain([100.0, 101.0]))).rows["previous_close"].iloc[0])

    def test_history_is_the_same_before_and_after_a_split(self) -> None:
        before = plain([200.0, 201.5, 203.25], dividend={1: 0.5})
        after = [*before, Bar(day=DAYS[3], close=101.0, split=2.0)]
        early, late = read(answer(*before)).rows, read(answer(*after)).rows
        assert early.equals(late.iloc[:3])


class TestLeftOut:
    def with_nulls(self, at: int, *names: str) -> Bars:
        whole = answer(*plain([100.0, 101.0, 102.0], dividend={1: 0.5}))
        quote = whole["chart"]["result"][0]["indicators"]["quote"][0]
        for name in names:
            quote[name][at] = None
        return read(whole)

    def test_a_day_without_a_close_is_left_out_and_named(self) -> None:
        bars = self.with_nulls(1, "open", "high", "low", "close", "volume")
        assert [day.date() for day in bars.rows["observed_on"]] == [DAYS[0], DAYS[2]]
        assert bars.notes == ("1 row without a close left out, the last on 2026-11-10",)

    def test_the_whole_move_falls_on_the_day_after_a_day_left_out(self) -> None:
        assert returns(self.with_nulls(1, "close")) == pytest.approx([102.0 / 99.5 - 1.0])

    def test_a_missing_volume_is_not_zero(self) -> None:
        bars = self.with_nulls(1, "volume")
        assert len(bars.rows) == 3
        assert np.isnan(bars.rows["volume"].iloc[1])

    @pytest.mark.parametrize("name", ["open", "high", "low"])
    def test_a_price_of_zero_is_not_known(self, name: str) -> None:
        whole = answer(*plain([100.0, 101.0]))
        whole["chart"]["result"][0]["indicators"]["quote"][0][name][1] = 0.0
        assert np.isnan(read(whole).rows[name].iloc[1])

    @pytest.mark.parametrize(
        ("name", "value"), [("high", 50.0), ("low", 150.0), ("close", -1.0), ("volume", -5)]
    )
    def test_impossible_prices_are_left_out(self, name: str, value: float) -> None:
        whole = answer(*plain([100.0, 101.0, 102.0]))
        whole["chart"]["result"][0]["indicators"]["quote"][0][name][1] = value
        bars = read(whole)
        assert len(bars.rows) == 2
        assert "impossible prices" in bars.notes[0]

    def test_a_price_in_another_unit_is_left_out(self) -> None:
        whole = answer(*plain([100.0, 101.0, 102.0, 101.0]))
        quote = whole["chart"]["result"][0]["indicators"]["quote"][0]
        for name in ("open", "high", "low", "close"):
            quote[name][2] *= 100.0
        bars = read(whole)
        assert list(bars.rows["close"]) == [100.0, 101.0, 101.0]
        assert "another unit" in bars.notes[0]

    def test_a_session_that_comes_twice_counts_once(self) -> None:
        whole = answer(*plain([100.0, 101.0]))
        result = whole["chart"]["result"][0]
        result["timestamp"].append(seconds(DAYS[1]) + 23_400)
        for column in result["indicators"]["quote"][0].values():
            column.append(column[-1])
        result["indicators"]["adjclose"][0]["adjclose"].append(101.0)
        assert len(read(whole).rows) == 2

    def test_a_distribution_that_is_not_listed_is_told_by_the_adjusted_close(self) -> None:
        whole = answer(*plain([100.0, 99.0, 98.0], dividend={1: 1.0, 2: 1.0}))
        del whole["chart"]["result"][0]["events"]["dividends"][str(seconds(DAYS[1]))]
        bars = read(whole)
        assert returns(bars) == pytest.approx([0.0, 0.0], abs=1e-6)
        assert bars.notes == (
            "1 row whose distribution only the adjusted close tells, the last on 2026-11-10",
        )

    def test_one_wrong_adjusted_close_is_no_distribution(self) -> None:
        whole = answer(*plain([100.0, 99.0, 98.0, 99.96], dividend={1: 1.0}))
        whole["chart"]["result"][0]["indicators"]["adjclose"][0]["adjclose"][2] *= 1.1
        bars = read(whole)
        assert returns(bars) == pytest.approx([0.0, 98.0 / 99.0 - 1.0, 0.02])
        assert bars.notes == ()

    def test_capital_gains_that_nothing_confirms_leave_the_day_out(self) -> None:
        whole = answer(*plain([100.0, 97.0, 98.0], dividend={1: 1.0, 2: 0.5}))
        stamp = seconds(DAYS[1])
        gains = {str(stamp): {"amount": 9.0, "date": stamp}}
        result = whole["chart"]["result"][0]
        result["events"]["capitalGains"] = gains
        result["indicators"]["adjclose"][0]["adjclose"][0] *= 1.02
        bars = read(whole)
        assert [day.date() for day in bars.rows["observed_on"]] == [DAYS[0], DAYS[2]]
        assert "unclear distribution left out" in bars.notes[0]

    def test_an_adjusted_close_that_is_late_changes_nothing(self) -> None:
        whole = answer(*plain([100.0, 99.0], dividend={1: 1.0}))
        indicators = whole["chart"]["result"][0]["indicators"]
        indicators["adjclose"][0]["adjclose"] = list(indicators["quote"][0]["close"])
        assert returns(read(whole)) == pytest.approx([0.0])


SPLIT = {"0": {"date": seconds(DAYS[1]), "numerator": 1e6, "denominator": 1.0}}


def edited(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    whole = deepcopy(answer(*plain([100.0, 99.0, 98.0], dividend={1: 3.0}, split={})))
    change(whole["chart"]["result"][0])
    return whole


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "told"),
        [
            (lambda r: r["meta"].update(currency="GBp"), "currency 'GBp' where USD"),
            (lambda r: r["meta"].update(symbol="XLF"), "symbol 'XLF' where XLK"),
            (lambda r: r["meta"].update(dataGranularity="1wk"), "step '1wk' where 1d"),
            (lambda r: r["meta"].update(exchangeTimezoneName="Mars"), "unknown time zone 'Mars'"),
            (lambda r: r.pop("timestamp"), r"another shape, at chart\.result\.0\.timestamp"),
            (lambda r: r["timestamp"].pop(), "not as many as its days"),
            (lambda r: r["timestamp"].reverse(), "days of XLK out of order"),
            (lambda r: r["events"].update(splits=SPLIT), "a split of XLK that is not believed"),
            (lambda r: r.update(comparisons=[]), "another shape"),
            (lambda r: r["indicators"]["quote"][0].pop("close"), "another shape"),
            (lambda r: r["indicators"].pop("adjclose"), "another shape"),
            (lambda r: r["events"].update(spinoffs={}), "another shape"),
            (lambda r: r.pop("events"), "without their distributions"),
            (lambda r: r["meta"].update(regularMarketPrice=9800.0), "unit than its last price"),
            (lambda r: r["indicators"]["quote"][0].update(close=["98", "99", "97"]), "shape"),
            (lambda r: r["indicators"]["quote"][0].update(close=[True, True, True]), "shape"),
            (
                lambda r: r["indicators"]["quote"][0].update(close=[None] * 3),
                "no day with a usable",
            ),
            (lambda r: r["indicators"]["quote"].append({}), "another shape"),
        ],
    )
    def test_an_answer_that_cannot_be_trusted_is_refused_whole(
        self, change: Callable[[dict[str, Any]], object], told: str
    ) -> None:
        with pytest.raises(SourceDownError, match=f"^Yahoo gave no usable answer: .*{told}"):
            read(edited(change))

    def test_prices_in_another_unit_than_the_adjusted_ones_are_refused(self) -> None:
        def cents(result: dict[str, Any]) -> None:
            quote = result["indicators"]["quote"][0]
            for name in ("open", "high", "low", "close"):
                quote[name] = single(np.array(quote[name]) * 100.0)

        with pytest.raises(SourceDownError, match="another unit than its adjusted closes"):
            read(edited(cents))

    def test_closes_in_two_units_are_refused(self) -> None:
        def mixed(result: dict[str, Any]) -> None:
            quote = result["indicators"]["quote"][0]
            for name in ("open", "high", "low", "close"):
                quote[name][1:] = [price / 100.0 for price in quote[name][1:]]

        with pytest.raises(SourceDownError, match="closes in more than one unit"):
            read(edited(mixed))

    def test_the_providers_own_error_is_told(self) -> None:
        error = {"code": "Not Found", "description": "No data found, symbol may be delisted"}
        with pytest.raises(
            SourceDownError, match="'No data found, symbol may be delisted' for XLK"
        ):
            read({"chart": {"result": None, "error": error}})

    @pytest.mark.parametrize("whole", [None, [], {}, {"chart": {"result": [], "error": None}}])
    def test_nothing_is_refused(self, whole: object) -> None:
        with pytest.raises(SourceDownError, match="Yahoo gave no usable answer"):
            read(whole)


RECORDED = sorted((SHARED / "recorded" / "yahoo").glob("*.json"))


@pytest.mark.skipif(not RECORDED, reason="the recorded answers of Yahoo are not on this machine")
class TestRecorded:
    @pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
    def test_a_recorded_answer_reads_as_its_own_numbers(self, path: Path) -> None:
        body = json.loads(path.read_text("utf-8"))["response"]["bodyJson"]
        result = body["chart"]["result"][0]
        meta = result["meta"]
        if "timestamp" not in result:
            with pytest.raises(SourceDownError, match="another shape"):
                read(body, meta["symbol"], meta["currency"])
            return
        rows = read(body, meta["symbol"], meta["currency"]).rows
        quote = result["indicators"]["quote"][0]
        assert len(rows) == len(result["timestamp"])
        for name in ("open", "high", "low", "close", "volume"):
            assert list(rows[name]) == pytest.approx(quote[name], rel=1e-6, abs=6e-5)
