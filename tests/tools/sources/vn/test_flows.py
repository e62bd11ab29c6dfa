"""Foreign trading of every share and day, with a second source for the newest session."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.providers import Providers, changed, json_answer, renamed_key, scaled
from tests.tools.sources.vn.exchange import EVENING, TODAY, Exchange, live
from tools.errors import SourceDownError
from tools.sources.http import Fetcher
from tools.sources.vn.vndirect import FLOW_COLUMNS, Flows, read_flows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.sources.feeds import Batch, Feed
    from tools.sources.vn import VnMarket

FETCHER = Fetcher("VNDirect", "http://127.0.0.1:9")
EXCHANGE = Exchange()
SYMBOLS = frozenset(EXCHANGE.shares)
UNIVERSE = pd.DataFrame({"symbol": sorted(SYMBOLS), "kind": "stock"})
FIRST = EXCHANGE.days[0]


def trades(first: date = FIRST, last: date = TODAY) -> list[dict[str, Any]]:
    return EXCHANGE.foreigns(f"tradingDate:gte:{first}~tradingDate:lte:{last}")


def read(records: list[dict[str, Any]]) -> Flows:
    return read_flows(records, symbols=SYMBOLS, first=FIRST, last=TODAY, fetcher=FETCHER)


@pytest.fixture
def exchange() -> Exchange:
    return Exchange()


@pytest.fixture
def server(exchange: Exchange) -> Iterator[Providers]:
    with Providers(exchange.services) as providers:
        yield providers


def feed(market: VnMarket, key: str) -> Feed:
    return next(one for one in market.feeds(UNIVERSE) if one.key == key)


def fetched(market: VnMarket, key: str, since: date | None) -> list[Batch]:
    return list(feed(market, key).fetch(since, TODAY))


def joined(batches: list[Batch]) -> pd.DataFrame:
    return pd.concat([batch.rows for batch in batches], ignore_index=True)


def notes(batches: list[Batch]) -> str:
    return " ".join(note for batch in batches for note in batch.notes)


class TestReading:
    def test_values_are_dong_and_both_sides_are_kept(self) -> None:
        flows = read(trades())
        assert list(flows.rows.columns) == list(FLOW_COLUMNS)
        assert len(flows.rows) == len(SYMBOLS) * EXCHANGE.n_days
        last = flows.rows[flows.rows["observed_on"] == pd.Timestamp(TODAY)].set_index("symbol")
        trade = EXCHANGE.trade("HPG", EXCHANGE.n_days - 1)
        assert last.loc["HPG", "foreign_buy_value"] == trade["buyVal"]
        assert last.loc["HPG", "foreign_sell_value"] == trade["sellVal"]
        assert flows.notes == ()

    def test_aggregates_and_unknown_shares_are_not_shares(self) -> None:
        aggregate = trades()[0] | {"code": "STOCK_HOSE", "buyVal": 1e15}
        assert "STOCK_HOSE" not in set(read([*trades(), aggregate]).rows["symbol"])

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"buyVal": None}, "buying or selling is missing"),
            ({"sellVal": "1,5"}, "buying or selling is missing"),
            ({"sellVal": -5e9}, "contradict"),
            ({"netVal": 7e12}, "contradict"),
            ({"buyVal": 1e6, "netVal": None}, "contradict"),
            ({"buyVol": 0}, "contradict"),
            ({"tradingDate": "2020-01-02"}, "their day was not asked for"),
            ({"tradingDate": None}, "their day was not asked for"),
        ],
    )
    def test_a_row_that_cannot_be_right_is_left_out_and_named(
        self, changes: dict[str, Any], why: str
    ) -> None:
        records = trades()
        records[0] |= changes
        flows = read(records)
        assert len(flows.rows) == len(records) - 1
        assert why in flows.notes[0]
        assert records[0]["code"] in flows.notes[0]

    def test_two_rows_for_one_day_that_differ_are_both_left_out(self) -> None:
        records = trades()
        other = records[0] | {"buyVal": 0, "buyVol": 0, "netVal": None}
        assert len(read([*records, other]).rows) == len(records) - 1
        assert len(read([*records, records[0]]).rows) == len(records)

    @pytest.mark.parametrize("key", ["buyVal", "sellVal", "tradingDate", "code"])
    def test_a_renamed_key_refuses_the_whole(self, key: str) -> None:
        with pytest.raises(SourceDownError, match="VNDirect gave no usable answer"):
            read(renamed_key(trades(), key, "renamed"))

    @pytest.mark.parametrize("factor", [1e-3, 1e-6, 1e3])
    def test_a_changed_unit_refuses_the_whole(self, factor: float) -> None:
        with pytest.raises(SourceDownError, match="units than documented"):
            read(scaled(trades(), ["buyVal", "sellVal", "netVal"], factor))

    @given(st.data())
    def test_no_number_comes_out_that_did_not_go_in(self, data: st.DataObject) -> None:
        records = [dict(one) for one in trades(TODAY - timedelta(days=2))]
        value = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)
        for _ in range(data.draw(st.integers(0, 5))):
            record = data.draw(st.sampled_from(records))
            record[data.draw(st.sampled_from(sorted(record)))] = data.draw(value)
        said = {one[key] for one in records for key in ("buyVal", "sellVal")}
        try:
            rows = read(records).rows
        except SourceDownError:
            return
        assert set(rows["foreign_buy_value"]) | set(rows["foreign_sell_value"]) <= said


class TestFeed:
    KEY = "vndirect/flows/HOSE"

    def test_a_first_sync_brings_every_day_once_oldest_first(self, server: Providers) -> None:
        batches = fetched(live(server), self.KEY, None)
        rows = joined(batches)
        assert len(rows) == len(SYMBOLS) * EXCHANGE.n_days
        assert rows["observed_on"].is_monotonic_increasing

    def test_pages_are_put_together(self, exchange: Exchange, server: Providers) -> None:
        exchange.page = 50
        rows = joined(fetched(live(server), self.KEY, None))
        assert len(rows) == len(SYMBOLS) * EXCHANGE.n_days

    def test_a_missing_page_is_refused(self, exchange: Exchange, server: Providers) -> None:
        exchange.page = 50

        def half(answer: Any) -> Any:
            return answer | {"data": answer["data"][:10]}

        server.fail(lambda good: changed(good, half), under="finfo")
        with pytest.raises(SourceDownError, match=r"VNDirect .* of \d+ records"):
            fetched(live(server), self.KEY, None)

    def test_a_later_sync_asks_once_and_a_few_days_again(self, server: Providers) -> None:
        since = TODAY - timedelta(days=1)
        rows = joined(fetched(live(server), self.KEY, since))
        assert rows["observed_on"].min() == pd.Timestamp(since - timedelta(days=6))
        assert rows["observed_on"].max() == pd.Timestamp(TODAY)
        assert len(server.asked) == 1

    def test_a_session_that_is_not_over_is_not_asked_for(self, server: Providers) -> None:
        noon = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
        rows = joined(fetched(live(server, now=lambda: noon), self.KEY, None))
        assert rows["observed_on"].max() == pd.Timestamp(TODAY - timedelta(days=1))

    def test_a_month_without_a_trade_is_no_answer(self, server: Providers) -> None:
        server.fail(lambda _: json_answer({"data": []}), under="finfo")
        with pytest.raises(SourceDownError, match=r"VNDirect .* no foreign trading at all"):
            fetched(live(server), self.KEY, None)

    def test_a_holiday_is_only_empty(self, server: Providers) -> None:
        server.fail(lambda _: json_answer({"data": []}), under="finfo")
        batches = fetched(live(server), self.KEY, TODAY - timedelta(days=1))
        assert joined(batches).empty


class TestNewestSession:
    KEY = "vietcap/flows/HOSE"
    YESTERDAY = TODAY - timedelta(days=1)

    def test_nothing_is_brought_where_the_first_source_has_the_day(self, server: Providers) -> None:
        assert fetched(live(server), self.KEY, None) == []

    def test_the_heatmap_stands_in_for_a_day_that_is_late(
        self, exchange: Exchange, server: Providers
    ) -> None:
        exchange.flows_until = self.YESTERDAY
        batches = fetched(live(server), self.KEY, self.YESTERDAY)
        rows = joined(batches).set_index("symbol")
        assert rows.loc["HPG", "foreign_buy_value"] == exchange.tile("HPG")["foreignBuyValue"]
        assert set(rows["observed_on"]) == {pd.Timestamp(TODAY)}
        assert "from Vietcap, since VNDirect does not have it yet." in notes(batches)

    def test_the_heatmap_stands_in_for_a_source_that_is_down(self, server: Providers) -> None:
        server.fail("broken", under="finfo")
        batches = fetched(live(server), self.KEY, self.YESTERDAY)
        assert len(joined(batches)) == len(SYMBOLS)
        assert "since VNDirect gave no usable answer" in notes(batches)

    @pytest.mark.parametrize("day", [20, 23])
    def test_during_a_session_there_is_nothing_to_bring_and_nothing_has_failed(
        self, server: Providers, day: int
    ) -> None:
        server.fail("broken", under="finfo")
        market = live(server, now=lambda: datetime(2026, 11, day, 3, 0, tzinfo=UTC))
        assert list(feed(market, self.KEY).fetch(None, date(2026, 11, day))) == []
        assert list(feed(market, TestBlocks.KEY).fetch(None, date(2026, 11, day))) == []

    def test_on_a_weekend_the_heatmap_is_still_of_friday(self, server: Providers) -> None:
        server.fail("broken", under="finfo")
        sunday = EVENING + timedelta(days=2)
        batches = list(feed(live(server, now=lambda: sunday), self.KEY).fetch(None, sunday.date()))
        assert set(joined(batches)["observed_on"]) == {pd.Timestamp(TODAY)}

    def test_a_heatmap_of_another_level_of_the_index_is_of_another_session(
        self, server: Providers
    ) -> None:
        server.fail("broken", under="finfo")
        server.fail(
            lambda good: changed(good, lambda answer: scaled(answer, ["price"], 1.001)),
            under="trading/api/market-watch/HeatMapChart/getIndex",
        )
        with pytest.raises(SourceDownError, match="not of the newest finished session"):
            fetched(live(server), self.KEY, None)

    def test_a_heatmap_without_volumes_is_refused(self, server: Providers) -> None:
        server.fail("broken", under="finfo")
        server.fail(
            lambda good: changed(good, lambda answer: renamed_key(answer, "volume", "vol")),
            under="trading/api/market-watch/HeatMapChart/getByIcb",
        )
        with pytest.raises(SourceDownError, match="without volumes"):
            fetched(live(server), self.KEY, None)

    def test_a_cleared_board_is_no_session(self, server: Providers) -> None:
        server.fail("broken", under="finfo")
        nothing = ["volume", "value", "foreignBuyVolume", "foreignSellVolume",
                   "foreignBuyValue", "foreignSellValue", "putThroughVolume", "putThroughValue"]  # fmt: skip
        server.fail(
            lambda good: changed(good, lambda answer: scaled(answer, nothing, 0)),
            under="trading/api/market-watch/HeatMapChart/getByIcb",
        )
        assert fetched(live(server), self.KEY, None) == []

    def test_a_session_that_is_stored_is_not_asked_for_again(self, server: Providers) -> None:
        assert fetched(live(server), self.KEY, TODAY) == []
        assert server.asked == []


class TestBlocks:
    KEY = "vietcap/signals/block_trades/HOSE"

    def test_blocks_are_a_signal_in_dong(self, exchange: Exchange, server: Providers) -> None:
        rows = joined(fetched(live(server), self.KEY, None))
        price = exchange.tile("HPG")["price"]
        assert rows[["entity", "value", "unit"]].to_numpy().tolist() == [
            ["HPG", 100_000.0 * price, "VND"]
        ]

    def test_a_changed_unit_of_sector_changes_is_said(self, server: Providers) -> None:
        server.fail(
            lambda good: changed(good, lambda a: scaled(a, ["percentPriceChange1Day"], 100)),
            under="iq/api/iq-insight-service/v1/sector-information",
        )
        assert "changed its unit" in notes(fetched(live(server), self.KEY, None))

    def test_the_session_is_asked_for_once_for_all_who_want_it(self, server: Providers) -> None:
        market = live(server)
        feeds = [one for one in market.feeds(UNIVERSE) if one.key.startswith("vietcap/signals")]
        for one in feeds * 3:
            list(one.fetch(None, TODAY))
        asked = [one.path for one in server.asked if one.path.endswith("getByIcb")]
        assert len(asked) == 1
