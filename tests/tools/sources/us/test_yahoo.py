"""Daily bars through yfinance's own transport, sent to a server of ours."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from tests.conftest import ROOT
from tests.providers import Answer, Asked, Providers
from tests.tools.sources.us.services import Bar, at, weekdays, yahoo
from tools.errors import SourceDownError
from tools.sources.us.yahoo import BarsFeed, Yahoo

if TYPE_CHECKING:
    from pathlib import Path

DAYS = weekdays(date(2026, 10, 1), date(2026, 11, 20))
FRIDAY = date(2026, 11, 20)
BARS = [Bar(day=day, close=100.0 + i) for i, day in enumerate(DAYS)]
Clock = Callable[[], datetime]
Make = Callable[..., BarsFeed]


@pytest.fixture
def server() -> Iterator[Providers]:
    with Providers({}) as providers:
        yield providers


@pytest.fixture
def feed(server: Providers, tmp_path: Path) -> Make:
    def make(now: Clock, bars: list[Bar] = BARS, symbol: str = "XLK") -> BarsFeed:
        server.services["yahoo"] = yahoo({"XLK": bars}, now)
        source = Yahoo(
            server.url("yahoo"), timeout_seconds=3.0, cache_folder=str(tmp_path), now=now
        )
        return BarsFeed(symbol=symbol, currency="USD", timezone="America/New_York", yahoo=source)

    return make


def rows(feed: BarsFeed, since: date | None = None, until: date = FRIDAY) -> pd.DataFrame:
    return pd.concat([batch.rows for batch in feed.fetch(since, until)], ignore_index=True)


class TestBars:
    def test_the_first_sync_brings_everything(self, feed: Make) -> None:
        table = rows(feed(at(FRIDAY)))
        assert list(table["close"]) == [bar.close for bar in BARS]
        assert set(table["symbol"]) == {"XLK"}
        assert table["published_on"].isna().all()

    def test_it_asks_from_before_the_first_fund_up_to_tomorrow(
        self, feed: Make, server: Providers
    ) -> None:
        rows(feed(at(FRIDAY)))
        query = server.asked[-1].query
        assert int(query["period1"]) == pd.Timestamp("1993-01-01", tz="UTC").timestamp()
        assert int(query["period2"]) > pd.Timestamp("2026-11-21", tz="UTC").timestamp()
        assert (query["interval"], query["events"]) == ("1d", "div,splits,capitalGains")

    def test_a_later_sync_brings_the_last_days_with_a_close_before_each(self, feed: Make) -> None:
        table = rows(feed(at(FRIDAY)), since=date(2026, 11, 18))
        assert table["observed_on"].max() == pd.Timestamp(FRIDAY)
        assert table["observed_on"].min() <= pd.Timestamp("2026-11-18")
        assert table["previous_close"].notna().all()

    def test_a_split_after_a_sync_changes_no_bar_that_it_brought(self, feed: Make) -> None:
        before = rows(feed(at(date(2026, 11, 18)), BARS), until=date(2026, 11, 18))
        split = [
            bar if bar.day < date(2026, 11, 19)
            else Bar(day=bar.day, close=bar.close / 2.0, split=2.0 if bar.day.day == 19 else 1.0)
            for bar in BARS
        ]  # fmt: skip
        after = rows(feed(at(FRIDAY), split))
        pd.testing.assert_frame_equal(before, after.iloc[: len(before)])

    @pytest.mark.parametrize(
        ("hour", "last"), [(10, date(2026, 11, 19)), (16, date(2026, 11, 19)), (17, FRIDAY)]
    )
    def test_a_session_that_is_not_over_is_left_out(
        self, feed: Make, hour: int, last: date
    ) -> None:
        table = rows(feed(at(FRIDAY, hour)))
        assert table["observed_on"].max() == pd.Timestamp(last)

    def test_nothing_after_the_day_asked_for_is_brought(self, feed: Make) -> None:
        table = rows(feed(at(FRIDAY)), until=date(2026, 11, 5))
        assert table["observed_on"].max() == pd.Timestamp("2026-11-05")

    def test_a_symbol_that_is_not_there_is_told(self, feed: Make) -> None:
        with pytest.raises(SourceDownError, match=r"^Yahoo gave no usable answer: status 404"):
            rows(feed(at(FRIDAY), symbol="XLX"))

    def test_a_fund_begins_with_its_first_bar(self, feed: Make) -> None:
        table = rows(feed(at(FRIDAY), BARS[20:]))
        assert table["observed_on"].min() == pd.Timestamp(BARS[20].day)


class TestTransport:
    def test_the_wait_that_was_asked_for_is_handed_on(self, feed: Make, server: Providers) -> None:
        made = feed(at(FRIDAY))
        server.fail("too_many_later", under="yahoo/v8")
        with pytest.raises(SourceDownError, match=r"too many requests \(status 429") as caught:
            rows(made)
        assert caught.value.retry_after == 86400

    def test_it_says_nothing_in_the_log(
        self, feed: Make, server: Providers, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        made = feed(at(FRIDAY))
        server.fail("broken", under="yahoo")
        with pytest.raises(SourceDownError):
            rows(made)
        assert [record for record in caplog.records if "yfinance" in record.name] == []

    def test_a_redirect_within_yahoo_is_followed(self, feed: Make, server: Providers) -> None:
        made = feed(at(FRIDAY))
        good = server.services["yahoo"]

        def moved(asked: Asked) -> Answer:
            if "moved" not in asked.query and "chart" in asked.path:
                query = "&".join(f"{name}={value}" for name, value in asked.query.items())
                place = f"https://query1.finance.yahoo.com/{asked.path}?{query}&moved=1"
                return Answer(status=302, headers=(("Location", place),))
            return good(asked)

        server.services["yahoo"] = moved
        assert len(rows(made)) == len(BARS)

    def test_a_missing_library_is_named_with_the_extra_that_brings_it(self) -> None:
        program = (
            "import sys; sys.modules['yfinance'] = None\n"
            "from datetime import date\n"
            "from tools.errors import SourceDownError\n"
            "from tools.sources.us.yahoo import Yahoo\n"
            "try: Yahoo().chart('XLK', date(2026, 1, 2))\n"
            "except SourceDownError as error: print(error)"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert (
            "yfinance, which is not installed. Install the extra live (pip install -e "
            in done.stdout
        )
