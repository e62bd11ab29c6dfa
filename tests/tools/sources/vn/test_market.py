"""The market's settings, its list of feeds, and who lists its shares."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from tests.providers import Providers, changed
from tests.tools.sources.vn.exchange import TODAY, Exchange, live
from tools.errors import SourceDownError
from tools.sources import live_market
from tools.sources.vn import vn_market
from tools.sources.vn.sectors import INDICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.sources.feeds import Batch
    from tools.sources.vn import VnMarket

SHARES = sorted(Exchange().shares)
UNIVERSE = pd.DataFrame({"kind": "stock"}, index=pd.Index(SHARES, name="symbol"))


@pytest.fixture
def server() -> Iterator[Providers]:
    with Providers(Exchange().services) as providers:
        yield providers


def fetched(market: VnMarket, key: str, universe: pd.DataFrame | None = None) -> list[Batch]:
    feed = next(one for one in market.feeds(universe) if one.key.removesuffix(".latest") == key)
    return list(feed.fetch(None, TODAY))


class TestSettings:
    def test_the_market_is_opened_by_its_name(self) -> None:
        market = live_market("vn").market
        assert (market.id, market.currency, market.benchmark) == ("vn", "VND", "VNINDEX")
        assert market.timezone == "Asia/Ho_Chi_Minh"
        assert not market.simulated
        assert market.prices_days == market.flows_days == 0

    def test_every_floor_has_a_history_of_its_own(self) -> None:
        keys = {vn_market(floor=floor).market.storage_key for floor in ("HOSE", "HNX", "UPCOM")}
        assert len(keys) == 3

    @pytest.mark.parametrize("options", [{"floor": "NYSE"}, {"industry_level": 2}])
    def test_a_floor_or_a_level_that_does_not_exist_is_refused(
        self, options: dict[str, Any]
    ) -> None:
        with pytest.raises(ValueError, match=r"is no (floor|level)"):
            vn_market(**options)

    def test_settings_are_read_without_loading_what_asks_providers(self) -> None:
        program = (
            "import sys; from tools.sources.vn import vn_market; vn_market().market; "
            "print([name for name in ('httpx2', 'pydantic', 'yfinance') if name in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "[]"


class TestFeeds:
    def test_without_a_universe_shares_are_not_asked_for(self, server: Providers) -> None:
        keys = [feed.key for feed in live(server).feeds(None)]
        assert keys[:3] == [
            "vietcap/sectors/icb2", "vietcap/universe/HOSE", "vietcap/prices/VNINDEX",
        ]  # fmt: skip
        assert not any("flows" in key or key.endswith("/HPG") for key in keys)

    def test_every_share_and_index_has_a_feed_and_every_key_is_once(
        self, server: Providers
    ) -> None:
        keys = [feed.key for feed in live(server).feeds(UNIVERSE)]
        assert len(set(keys)) == len(keys)
        assert {f"vietcap/prices/{symbol}" for symbol in [*SHARES, *INDICES]} <= set(keys)

    def test_what_a_second_source_has_comes_before_what_only_the_first_has(
        self, server: Providers
    ) -> None:
        keys = [feed.key for feed in live(server).feeds(UNIVERSE)]
        last_share = max(keys.index(f"vietcap/prices/{symbol}") for symbol in SHARES)
        for key in ("vietcap/flows/HOSE", "vietcap/signals/block_trades/HOSE"):
            assert last_share < keys.index(key)
        assert last_share < keys.index("vietcap/prices/VNFIN")

    def test_after_some_failures_in_a_row_the_first_source_is_not_asked_any_more(
        self, server: Providers
    ) -> None:
        server.fail("forbidden", under="trading")
        for feed in live(server).feeds(UNIVERSE):
            if feed.key.rpartition("/")[2] in SHARES:
                assert len(list(feed.fetch(None, TODAY))) == 1
        charts = [one for one in server.asked if one.path.endswith("gap-chart")]
        # Four instruments, and once for the date of the heatmap.
        assert len(charts) == 5


class TestListing:
    KEY = "vietcap/universe/HOSE"

    def listed(self, batches: list[Batch]) -> pd.DataFrame:
        rows = pd.concat([batch.rows for batch in batches], ignore_index=True)
        return rows.set_index("symbol")

    def test_shares_come_with_sectors_and_industries(self, server: Providers) -> None:
        rows = self.listed(fetched(live(server), self.KEY))
        assert rows.loc["HPG", "sector"] == "1700"
        assert rows.loc["HPG", "industry"] == "Industrial Metals"
        assert rows.loc["VNINDEX", "kind"] == "benchmark"
        assert rows.loc["VNFIN", "kind"] == "index"

    def test_without_the_tree_the_listing_stands_and_says_so(self, server: Providers) -> None:
        server.fail("broken", under="iq/api/iq-insight-service/v1/sectors")
        batches = fetched(live(server), self.KEY)
        assert self.listed(batches).loc["HPG", "industry"] == "tên"
        assert "Industries are named as the listing does" in batches[1].notes[0]

    def test_a_market_that_knows_no_share_takes_the_second_listing(self, server: Providers) -> None:
        server.fail("broken", under="iq")
        batches = fetched(live(server), self.KEY)
        assert set(SHARES) <= set(self.listed(batches).index)
        assert batches[1].notes[0].startswith("Shares from VNDirect, since Vietcap gave no usable")

    def test_what_is_known_is_never_replaced_by_the_second_listing(self, server: Providers) -> None:
        server.fail("broken", under="iq")
        with pytest.raises(SourceDownError, match="Vietcap"):
            fetched(live(server), self.KEY, UNIVERSE)

    def test_where_both_fail_both_are_named(self, server: Providers) -> None:
        server.fail("broken", under="iq")
        server.fail("empty_list", under="finfo")
        with pytest.raises(SourceDownError, match=r"Vietcap .* VNDirect"):
            fetched(live(server), self.KEY)

    def test_a_listing_that_is_cut_short_is_refused(self, server: Providers) -> None:
        server.fail(
            lambda good: changed(good, lambda answer: answer | {"data": answer["data"][:2]}),
            under="iq/api/iq-insight-service/v2",
        )
        with pytest.raises(SourceDownError, match="a listing of 2 shares where 9 are known"):
            fetched(live(server), self.KEY, UNIVERSE)

    def test_another_floor_lists_its_own_shares(self, server: Providers) -> None:
        market = live(server, floor="HNX")
        rows = self.listed(fetched(market, "vietcap/universe/HNX"))
        assert [symbol for symbol in rows.index if symbol not in INDICES] == ["SHS"]


class TestWorld:
    def test_a_day_of_new_york_counts_as_published_a_day_later_here(
        self, server: Providers
    ) -> None:
        (batch,) = fetched(live(server), "fred/macro/VIX")
        rows = batch.rows[batch.rows["observed_on"] < pd.Timestamp(TODAY)]
        assert len(rows)
        assert ((rows["published_on"] - rows["observed_on"]) >= timedelta(days=2)).all()

    def test_only_series_that_are_written_down_once_are_asked_for(self, server: Providers) -> None:
        feeds = [feed for feed in live(server).feeds(None) if feed.provider == "FRED"]
        series = [feed.key.rpartition("/")[2].partition(".")[0] for feed in feeds]
        assert series == ["UST_10Y", "FED_RATE", "HIGH_YIELD_SPREAD", "VIX", "WTI"]

    def test_a_key_is_sent_and_never_shown(self, server: Providers) -> None:
        class Key:
            def get_secret_value(self) -> str:
                return "0123456789abcdef"

        market = live(server, fred_key=Key())
        server.fail("broken", under="fred")
        with pytest.raises(SourceDownError, match="FRED") as caught:
            fetched(market, "fred/macro/VIX")
        assert server.asked[-1].query["api_key"] == "0123456789abcdef"
        assert "0123456789abcdef" not in f"{caught.value}{market!r}{market.feeds(None)!r}"
