"""The tone of the news and other signals: what was published by then, or a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools.errors import ToolInputError
from tools.flows import get_whale_activity
from tools.news import get_news_sentiment

if TYPE_CHECKING:
    from tests.tools.conftest import OpenDesk


class TestNewsSentiment:
    def test_every_sector_has_tone_mean_and_change_beside_its_move(
        self, open_desk: OpenDesk
    ) -> None:
        desk = open_desk(with_signals=True)
        found = {fact.id for fact in get_news_sentiment(desk, timeframe="1W").facts}
        for code in desk.view.sector_codes:
            assert {
                f"{code}.sentiment",
                f"{code}.sentiment_mean.1W",
                f"{code}.sentiment_change.1W",
                f"{code}.rel_return.1W",
            } <= found

    def test_the_mean_is_that_of_the_published_rows(self, open_desk: OpenDesk) -> None:
        desk = open_desk(with_signals=True)
        rows = desk.view.signals
        assert rows is not None
        mine = rows[(rows["name"] == "sentiment") & (rows["entity"] == "0500")]
        result = get_news_sentiment(desk, timeframe="1M", sector="Energy")
        found = {fact.id: fact.value for fact in result.facts}
        assert found["0500.sentiment_mean.1M"] == pytest.approx(mine["value"].iloc[-21:].mean())
        assert found["0500.sentiment"] == mine["value"].iloc[-1]

    def test_an_asked_sector_brings_its_other_signals(self, open_desk: OpenDesk) -> None:
        desk = open_desk(with_signals=True)
        result = get_news_sentiment(desk, sector="Energy")
        assert result.other_signals == ("orders",)
        assert {"0500.orders", "0500.orders_change.1M"} <= {fact.id for fact in result.facts}

    def test_a_market_without_news_says_so_and_gives_no_number(self, open_desk: OpenDesk) -> None:
        result = get_news_sentiment(open_desk())
        assert result.facts == ()
        assert [gap.what for gap in result.gaps] == ["news sentiment"]

    def test_an_unknown_sector_is_refused_with_the_known_ones(self, open_desk: OpenDesk) -> None:
        with pytest.raises(ToolInputError, match="Energy"):
            get_news_sentiment(open_desk(with_signals=True), sector="Enegry")


class TestBlockTrades:
    def test_the_largest_blocks_of_the_window_are_named_with_their_sum(
        self, open_desk: OpenDesk
    ) -> None:
        desk = open_desk(with_signals=True)
        result = get_whale_activity(desk, timeframe="1M", sector="0500")
        found = {fact.id: float(fact.value) for fact in result.facts if "block" in fact.id}
        rows = desk.view.signals
        assert rows is not None
        since = desk.view.days[-21]
        blocks = rows[(rows["name"] == "block_trades") & (rows["observed_on"] >= since)]
        blocks = blocks[blocks["entity"].isin(desk.view.members("0500"))]
        assert found["0500.block_value.1M"] == pytest.approx(blocks["value"].sum())
        by_share = blocks.groupby("entity", observed=True)["value"].sum()
        named = [row.symbol for row in result.blocks]
        assert named == list(by_share.sort_values(ascending=False).index[: len(named)])

    def test_a_market_without_a_source_of_blocks_tells_of_none(self, open_desk: OpenDesk) -> None:
        result = get_whale_activity(open_desk(), timeframe="1W")
        assert result.blocks == ()
        assert not [fact for fact in result.facts if "block" in fact.id]
