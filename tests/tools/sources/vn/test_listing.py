"""Which shares there are and where they belong, from either listing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.sources.vn.exchange import Exchange
from tools.sources.vn.listing import Listing, merge_names, read_companies, read_stocks, read_tree
from tools.sources.vn.sectors import INDICES, SECTORS, index_rows, sector_rows

EXCHANGE = Exchange()
TREE = read_tree(EXCHANGE.tree())


def company(**changes: Any) -> dict[str, Any]:
    return EXCHANGE.companies()[0] | changes


def read(*records: dict[str, Any], level: int = 3) -> Listing:
    return read_companies(records, TREE, floor="HOSE", industry_level=level)


class TestSectors:
    def test_there_are_nineteen_with_codes_of_four_digits_and_names_in_both_languages(self) -> None:
        rows = sector_rows()
        assert len(rows) == len(SECTORS) == 19
        assert all(len(code) == 4 and code.isdigit() for code in rows["sector"])
        assert rows["name"].is_unique
        assert rows["name_vi"].is_unique
        assert (rows["name_vi"] != "").all()

    def test_the_index_of_staples_is_vncons_and_of_discretionary_goods_vncond(self) -> None:
        assert "Staples" in INDICES["VNCONS"].name
        assert "Discretionary" in INDICES["VNCOND"].name

    def test_indices_belong_to_no_sector_and_one_is_the_benchmark(self) -> None:
        rows = index_rows()
        assert (rows["sector"] == "").all()
        assert rows["symbol"][rows["kind"] == "benchmark"].tolist() == ["VNINDEX"]


class TestCompanies:
    def test_shares_of_the_floor_come_with_sector_and_industry(self) -> None:
        rows = read(*EXCHANGE.companies()).rows.set_index("symbol")
        assert sorted(rows.index) == sorted(EXCHANGE.shares)
        assert rows.loc[["HPG"], ["name", "sector", "kind", "industry"]].to_numpy().tolist() == [
            ["Hòa Phát", "1700", "stock", "Industrial Metals"]
        ]

    @pytest.mark.parametrize("sent", ["0500", "500", 500])
    def test_a_leading_zero_that_was_dropped_comes_back(self, sent: object) -> None:
        assert read(company(icbLv2={"code": sent})).rows["sector"].tolist() == ["0500"]

    def test_a_code_of_level_one_is_no_sector_though_it_looks_like_one(self) -> None:
        listing = read(company(icbLv2={"code": "8301"}))
        assert listing.rows["sector"].tolist() == [""]
        assert "1 shares without a known sector (VCB)" in listing.notes[0]

    @pytest.mark.parametrize(
        "changes",
        [{"floor": "UPCOM"}, {"floor": None}, {"comTypeCode": "QU"}, {"isIndex": True},
         {"code": "FUEVFVND"}, {"code": "CVNM2401"}, {"code": ""}, {"code": None}],
    )  # fmt: skip
    def test_funds_warrants_indices_and_other_floors_are_not_listed(
        self, changes: dict[str, Any]
    ) -> None:
        assert read(company(**changes)).rows.empty

    def test_hsx_is_hose(self) -> None:
        assert len(read(company(floor="HSX")).rows) == 1

    @pytest.mark.parametrize("first", [0, 1])
    def test_a_fund_of_the_same_code_does_not_stand_in_for_the_company(self, first: int) -> None:
        both = [company(), company(floor="OTHER", comTypeCode="QU", shortName="A fund")]
        listing = read(*(both if first == 0 else both[::-1]))
        assert listing.rows["name"].tolist() == ["Vietcombank"]

    def test_two_companies_of_one_code_are_both_left_out(self) -> None:
        listing = read(company(), company(shortName="Another"))
        assert listing.rows.empty
        assert listing.notes == ("HOSE: 1 row left out, two companies share the code (VCB).",)

    def test_without_the_tree_industries_are_named_as_the_listing_does(self) -> None:
        listing = read_companies([company()], read_tree([]), floor="HOSE", industry_level=4)
        assert listing.rows["industry"].tolist() == ["tên"]

    def test_names_that_two_have_are_replaced_by_symbols(self) -> None:
        rows = read(company(), company(code="BID"), company(code="CTG", shortName="Banks")).rows
        named = merge_names(rows, {"8300": "Banks"})
        assert dict(zip(named["symbol"], named["name"], strict=True)) == {
            "VCB": "VCB", "BID": "BID", "CTG": "CTG",
        }  # fmt: skip

    @given(
        st.dictionaries(st.sampled_from(sorted(company())), st.none() | st.text() | st.integers())
    )
    def test_whatever_a_record_holds_a_share_has_a_known_sector_or_none(
        self, changes: dict[str, Any]
    ) -> None:
        for sector in read(company(**changes)).rows["sector"]:
            assert sector in {*SECTORS, ""}


class TestSecondListing:
    def test_sectors_are_found_by_their_vietnamese_names(self) -> None:
        listing = read_stocks(EXCHANGE.stocks(), floor="HOSE")
        assert dict(zip(listing.rows["symbol"], listing.rows["sector"], strict=True)) == {
            symbol: share[1] for symbol, share in EXCHANGE.shares.items()
        }

    def test_a_name_of_another_scheme_is_no_sector(self) -> None:
        record = EXCHANGE.stocks()[0] | {"industryName": "Tài chính khác"}
        listing = read_stocks([record], floor="HOSE")
        assert listing.rows["sector"].tolist() == [""]
        assert listing.notes
