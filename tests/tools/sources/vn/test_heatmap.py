"""A session's trading by share: four units in one record, each held against another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.providers import renamed_key, scaled
from tests.tools.sources.vn.exchange import TODAY, Exchange
from tools.errors import SourceDownError
from tools.sources.http import Fetcher
from tools.sources.vn.heatmap import Heatmap, block_rows, flow_rows, read_heatmap, unit_notes

FETCHER = Fetcher("Vietcap", "http://127.0.0.1:9")
EXCHANGE = Exchange()
SYMBOLS = sorted(EXCHANGE.shares)
DAY = pd.Timestamp(TODAY)


def read(sectors: Any = None) -> Heatmap:
    return read_heatmap(EXCHANGE.heatmap() if sectors is None else sectors, FETCHER)


def with_tile(**changes: Any) -> list[dict[str, Any]]:
    """Change the record of the first share, VCB."""
    sectors = EXCHANGE.heatmap()
    sectors[0]["data"][0] |= changes
    return sectors


class TestKnownValues:
    def test_every_amount_is_in_dong(self) -> None:
        rows = read().rows
        tile = EXCHANGE.tile("HPG")
        hpg = rows.loc["HPG"]
        assert hpg["price"] == tile["price"]
        assert hpg["value"] == pytest.approx(tile["price"] * tile["volume"])
        assert hpg["buy_value"] == tile["foreignBuyValue"]
        assert hpg["block_value"] == tile["price"] * tile["putThroughVolume"]

    def test_sector_codes_get_their_leading_zero_back(self) -> None:
        assert set(read().changes) == {"0500", "1700", "8300"}

    def test_foreign_trading_is_dated_and_keeps_its_two_sides(self) -> None:
        rows = flow_rows(read(), [*SYMBOLS, "XXX"], DAY)
        assert rows["symbol"].tolist() == SYMBOLS
        assert (rows["observed_on"] == DAY).all()
        vcb = rows.set_index("symbol").loc["VCB"]
        assert vcb["foreign_sell_value"] == EXCHANGE.tile("VCB")["foreignSellValue"]

    def test_only_shares_that_changed_hands_off_the_book_have_blocks(self) -> None:
        rows = block_rows(read(), SYMBOLS, DAY)
        assert rows[["name", "entity", "unit"]].to_numpy().tolist() == [
            ["block_trades", "HPG", "VND"]
        ]


class TestLeftOut:
    @pytest.mark.parametrize(
        "changes",
        [{"value": 769_854.19e6}, {"foreignBuyValue": 14_882.0, "foreignBuyVolume": 202_192},
         {"price": 73.4}, {"refPrice": 74.3}, {"volume": -1}, {"foreignSellValue": -5e9},
         {"foreignBuyValue": 0, "foreignBuyVolume": 1_000_000}],
    )  # fmt: skip
    def test_a_share_that_contradicts_itself_is_left_out_and_named(
        self, changes: dict[str, Any]
    ) -> None:
        heatmap = read(with_tile(**changes))
        assert "VCB" not in heatmap.rows.index
        assert len(heatmap.rows) == len(SYMBOLS) - 1
        assert "contradict each other (VCB)" in heatmap.notes[0]

    def test_a_share_without_a_price_is_left_out(self) -> None:
        heatmap = read(with_tile(price=None))
        assert heatmap.notes == ("heatmap: 1 row left out, they have no price (VCB).",)

    @pytest.mark.parametrize("side", ["foreignBuyValue", "foreignSellValue"])
    def test_foreign_trading_with_one_side_missing_is_not_half_used(self, side: str) -> None:
        rows = flow_rows(read(with_tile(**{side: None})), SYMBOLS, DAY)
        assert "VCB" not in set(rows["symbol"])

    def test_a_block_in_another_unit_is_no_block(self) -> None:
        sectors = scaled(EXCHANGE.heatmap(), ["putThroughValue"], 1e-6)
        assert block_rows(read(sectors), SYMBOLS, DAY).empty


class TestRefusals:
    @pytest.mark.parametrize(
        ("keys", "factor"),
        [(["value"], 1e6), (["value"], 1e-3), (["foreignBuyValue", "foreignSellValue"], 1e-6),
         (["price", "refPrice"], 1e-3)],
    )  # fmt: skip
    def test_a_changed_unit_refuses_the_whole(self, keys: list[str], factor: float) -> None:
        with pytest.raises(SourceDownError, match="contradict each other"):
            read(scaled(EXCHANGE.heatmap(), keys, factor))

    @pytest.mark.parametrize("key", ["data", "symbol"])
    def test_a_renamed_key_refuses_the_whole(self, key: str) -> None:
        with pytest.raises(SourceDownError, match="without a share"):
            read(renamed_key(EXCHANGE.heatmap(), key, "renamed"))

    @pytest.mark.parametrize("key", ["foreignBuyValue", "foreignSellValue"])
    def test_a_renamed_side_leaves_no_flow(self, key: str) -> None:
        assert flow_rows(read(renamed_key(EXCHANGE.heatmap(), key, "x")), SYMBOLS, DAY).empty


class TestPercentAndFractions:
    def test_percent_is_a_hundred_times_the_fraction(self) -> None:
        assert unit_notes({"8300": 1.5, "0500": -0.9}, {"8300": 0.015, "0500": -0.0088}) == ()

    def test_anything_else_is_said(self) -> None:
        assert "changed its unit" in unit_notes({"8300": 1.5}, {"8300": 1.5})[0]

    def test_small_or_missing_changes_tell_nothing(self) -> None:
        assert unit_notes({"8300": 0.01, "0500": np.nan}, {"8300": 0.01, "0500": 0.0}) == ()
