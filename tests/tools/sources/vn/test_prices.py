"""Feeds of bars: what is asked, what is brought, and who stands in for whom."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from tests.providers import Providers, changed, json_answer, scaled
from tests.tools.sources.vn.exchange import TODAY, Exchange, live
from tools.errors import SourceDownError
from tools.sources.vn import vietcap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.sources.feeds import Batch
    from tools.sources.vn import VnMarket

CHART = "trading/api/chart/OHLCChart/gap-chart"
UNIVERSE = pd.DataFrame({"symbol": sorted(Exchange().shares), "kind": "stock"})
RECENT = TODAY - timedelta(days=3)


@pytest.fixture
def exchange() -> Exchange:
    return Exchange()


@pytest.fixture
def server(exchange: Exchange) -> Iterator[Providers]:
    with Providers(exchange.services) as providers:
        yield providers


def fetched(market: VnMarket, symbol: str, since: date | None, until: date = TODAY) -> list[Batch]:
    key = f"vietcap/prices/{symbol}"
    feed = next(one for one in market.feeds(UNIVERSE) if one.key == key)
    return list(feed.fetch(since, until))


def charts_asked(server: Providers) -> list[dict[str, Any]]:
    return [one.json() for one in server.asked if one.path == CHART]


class TestHistory:
    def test_a_first_sync_brings_every_finished_bar(
        self, exchange: Exchange, server: Providers
    ) -> None:
        (batch,) = fetched(live(server), "HPG", None)
        assert batch.rows["close"].tolist() == exchange.closes["HPG"].tolist()
        assert batch.notes == ()

    def test_requests_look_like_those_of_the_providers_own_pages(self, server: Providers) -> None:
        fetched(live(server), "VNINDEX", None)
        headers = server.asked[0].headers
        assert headers["referer"].startswith("https://trading.vietcap.com.vn")
        assert headers["origin"] == "https://trading.vietcap.com.vn"
        assert "Mozilla" in headers["user-agent"]

    def test_bars_are_asked_for_page_by_page(self) -> None:
        exchange = Exchange(n_days=vietcap.PAGE + 200)
        with Providers(exchange.services) as server:
            (batch,) = fetched(live(server, history_years=20), "HPG", None)
            asked = charts_asked(server)
        assert [one["countBack"] for one in asked[:2]] == [vietcap.PAGE, 2224]
        assert batch.rows["close"].tolist() == exchange.closes["HPG"].tolist()

    def test_the_session_that_goes_on_is_left_out(self, server: Providers) -> None:
        noon = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
        (batch,) = fetched(live(server, now=lambda: noon), "HPG", None)
        assert batch.rows["observed_on"].max() == pd.Timestamp(TODAY - timedelta(days=1))


class TestIncrements:
    def test_only_new_days_are_brought_with_the_close_before_from_the_same_answer(
        self, exchange: Exchange, server: Providers
    ) -> None:
        (batch,) = fetched(live(server), "HPG", RECENT)
        close = exchange.closes["HPG"]
        assert batch.rows["close"].tolist() == close[-3:].tolist()
        assert batch.rows["previous_close"].tolist() == close[-4:-1].tolist()

    def test_shares_of_a_block_share_one_request(self, server: Providers) -> None:
        market = live(server)
        feeds = [one for one in market.feeds(UNIVERSE) if one.key.startswith("vietcap/prices")]
        for feed in feeds:
            list(feed.fetch(RECENT, TODAY))
        blocks = [one for one in charts_asked(server) if len(one["symbols"]) > 1]
        assert len(blocks) == 1
        assert len(blocks[0]["symbols"]) == len(feeds)

    def test_a_share_missing_from_its_block_is_asked_for_alone(
        self, exchange: Exchange, server: Providers
    ) -> None:
        def without(answer: list[dict[str, Any]]) -> list[dict[str, Any]]:
            return answer if len(answer) == 1 else [x for x in answer if x["symbol"] != "HPG"]

        server.fail(lambda good: changed(good, without), under=CHART)
        (batch,) = fetched(live(server), "HPG", RECENT)
        assert batch.rows["close"].tolist() == exchange.closes["HPG"][-3:].tolist()

    def test_after_a_pause_of_months_a_share_is_asked_for_alone(self, server: Providers) -> None:
        fetched(live(server), "HPG", TODAY - timedelta(days=60))
        assert charts_asked(server)[0]["symbols"] == ["HPG"]

    def test_what_is_known_is_not_asked_for(self, server: Providers) -> None:
        assert fetched(live(server), "HPG", TODAY) == []
        assert server.asked == []

    def test_a_bar_left_out_before_the_first_new_one_leaves_its_close_before_unknown(
        self, server: Providers
    ) -> None:
        def spoilt(answer: list[dict[str, Any]]) -> list[dict[str, Any]]:
            for one in answer:
                one["c"][-4] = None
            return answer

        server.fail(lambda good: changed(good, spoilt), under=CHART)
        (batch,) = fetched(live(server), "HPG", RECENT)
        assert np.isnan(batch.rows["previous_close"].iloc[0])
        assert batch.rows["previous_close"].iloc[1:].notna().all()


class TestReferencePrices:
    TILES = "trading/api/market-watch/HeatMapChart/getByIcb"

    def test_on_a_day_of_a_corporate_action_the_exchanges_own_reference_is_the_close_before(
        self, exchange: Exchange, server: Providers
    ) -> None:
        def lowered(answer: Any) -> Any:
            return scaled(answer, ["refPrice"], 0.8)

        server.fail(lambda good: changed(good, lowered), under=self.TILES)
        (batch,) = fetched(live(server), "HPG", RECENT)
        previous = batch.rows["previous_close"].tolist()
        assert previous[-1] == exchange.closes["HPG"][-2] * 0.8
        assert previous[0] == exchange.closes["HPG"][-4]

    def test_a_reference_that_no_day_could_start_from_is_not_used(
        self, exchange: Exchange, server: Providers
    ) -> None:
        server.fail(
            lambda good: changed(good, lambda answer: scaled(answer, ["refPrice"], 0.3)),
            under=self.TILES,
        )
        (batch,) = fetched(live(server), "HPG", RECENT)
        assert batch.rows["previous_close"].iloc[-1] == exchange.closes["HPG"][-2]

    def test_an_index_has_no_reference(self, exchange: Exchange, server: Providers) -> None:
        (batch,) = fetched(live(server), "VNINDEX", RECENT)
        assert batch.rows["previous_close"].iloc[-1] == exchange.closes["VNINDEX"][-2]

    def test_without_a_heatmap_bars_stand_alone(
        self, exchange: Exchange, server: Providers
    ) -> None:
        server.fail("broken", under=self.TILES)
        (batch,) = fetched(live(server), "HPG", RECENT)
        assert batch.rows["previous_close"].iloc[-1] == exchange.closes["HPG"][-2]

    def test_a_volume_in_another_unit_than_the_heatmaps_is_refused(self, server: Providers) -> None:
        server.fail(
            lambda good: changed(good, lambda answer: scaled(answer, ["v"], 1000)), under=CHART
        )
        with pytest.raises(SourceDownError, match="in different units"):
            fetched(live(server), "HPG", RECENT)


class TestSecondSource:
    def test_the_second_chart_stands_in_in_dong_and_says_so(
        self, exchange: Exchange, server: Providers
    ) -> None:
        server.fail("broken", under="trading")
        (batch,) = fetched(live(server), "HPG", RECENT)
        assert batch.rows["close"].tolist() == exchange.closes["HPG"][-3:].tolist()
        assert batch.rows["previous_close"].iloc[0] == exchange.closes["HPG"][-4]
        assert batch.notes[0].startswith("HPG: bars from VNDirect, since Vietcap gave no usable")

    def test_points_of_the_index_stay_points_there_too(
        self, exchange: Exchange, server: Providers
    ) -> None:
        server.fail("broken", under="trading")
        (batch,) = fetched(live(server), "VNINDEX", None)
        assert batch.rows["close"].tolist() == exchange.closes["VNINDEX"].tolist()

    def test_an_index_that_only_the_first_source_knows_is_a_failure(
        self, server: Providers
    ) -> None:
        server.fail("broken", under="trading")
        with pytest.raises(SourceDownError, match="Vietcap"):
            fetched(live(server), "VNFIN", None)

    def test_where_both_fail_both_are_named(self, server: Providers) -> None:
        server.fail("broken", under="trading")
        server.fail("forbidden", under="dchart")
        with pytest.raises(SourceDownError, match=r"Vietcap .* VNDirect .*status 403"):
            fetched(live(server), "HPG", None)

    def test_a_share_that_neither_has_does_not_end_the_asking_for_the_others(
        self, server: Providers
    ) -> None:
        server.fail("too_many_later", under="trading")
        server.fail(lambda _: json_answer({"s": "no_data"}), under="dchart")
        with pytest.raises(SourceDownError) as caught:
            fetched(live(server), "HPG", None)
        assert not caught.value.refused
        assert caught.value.retry_after is None


class TestKnownCloses:
    def test_a_price_a_thousandfold_from_the_stored_one_is_never_used(
        self, exchange: Exchange, server: Providers
    ) -> None:
        stored = {"HPG": float(exchange.closes["HPG"][-4]) * 1000}
        with pytest.raises(SourceDownError, match="no bar of HPG that can be right"):
            fetched(live(server, last_closes=stored), "HPG", RECENT)

    def test_a_cheap_share_is_believed_where_it_was_cheap_before(self) -> None:
        exchange = Exchange()
        exchange.closes["HPG"] = np.round(exchange.closes["HPG"] / 100, 0)
        with Providers(exchange.services) as server:
            server.fail("broken", under="trading/api/market-watch")
            with pytest.raises(SourceDownError, match="no bar of HPG"):
                fetched(live(server), "HPG", RECENT)
            stored = {"HPG": float(exchange.closes["HPG"][-4])}
            (batch,) = fetched(live(server, last_closes=stored), "HPG", RECENT)
        assert batch.rows["close"].tolist() == exchange.closes["HPG"][-3:].tolist()
