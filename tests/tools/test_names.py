"""From what a caller says to what the market calls it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.contracts import SectorName, SymbolName, Vocabulary
from tools.names import Instrument, fold, nearest, search

MARKET = Vocabulary(
    market_id="toy",
    market_name="Toy",
    currency="VND",
    monthly=False,
    sectors=(
        SectorName(code="8300", name="Banks", name_vi="Ngân hàng"),
        SectorName(code="8600", name="Real Estate", name_vi="Bất động sản", proxy="VNREAL"),
    ),
    symbols=(
        SymbolName(symbol="VCB", name="Vietcombank", sector="8300"),
        SymbolName(symbol="VIC", name="Vingroup", sector="8600"),
        SymbolName(symbol="VNREAL", name="VN Real Estate", kind="sector"),
    ),
    series=("CPI_VN", "OIL"),
    series_aliases={"CPI": "CPI_VN", "Inflation": "CPI_VN"},
    has_flows=False,
    has_shares=True,
    has_trading=True,
)


class TestFold:
    @pytest.mark.parametrize(
        ("text", "plain"),
        [
            ("Ngân hàng", "ngan hang"),
            ("BẤT ĐỘNG SẢN", "bat dong san"),
            ("FED_RATE", "fed rate"),
            ("  two   words ", "two words"),
        ],
    )
    def test_known_values(self, text: str, plain: str) -> None:
        assert fold(text) == plain

    @given(st.text())
    def test_folding_twice_changes_nothing(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)


class TestSearch:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("Banks", Instrument("sector", "8300")),
            ("ngan hang", Instrument("sector", "8300")),
            ("bất động sản", Instrument("sector", "8600")),
            ("vcb", Instrument("symbol", "VCB")),
            ("vietcombnk", Instrument("symbol", "VCB")),
            ("inflation", Instrument("series", "CPI_VN")),
            ("oil", Instrument("series", "OIL")),
        ],
    )
    def test_the_thing_meant_comes_first(self, query: str, found: Instrument) -> None:
        assert search(MARKET, query)[0] == found

    def test_a_proxy_finds_both_the_sector_and_the_fund(self) -> None:
        assert set(search(MARKET, "VNREAL")[:2]) == {
            Instrument("sector", "8600"),
            Instrument("symbol", "VNREAL"),
        }

    def test_nothing_is_found_where_nothing_is_near(self) -> None:
        assert search(MARKET, "zzqqxx") == ()

    def test_a_short_part_must_stand_in_the_name_as_it_is(self) -> None:
        assert search(MARKET, "fla") == (Instrument("series", "CPI_VN"),)
        assert search(MARKET, "fal") == ()

    def test_empty_names_match_nothing(self) -> None:
        assert search(MARKET, "") == ()

    def test_an_instrument_is_found_once(self) -> None:
        found = search(MARKET, "real estate")
        assert len(found) == len(set(found))

    @given(st.text(max_size=30))
    def test_any_text_may_be_searched_for(self, query: str) -> None:
        assert len(search(MARKET, query, limit=3)) <= 3


class TestNearest:
    def test_a_slip_of_the_finger_is_near(self) -> None:
        assert nearest("Bnaks", ["Banks", "Energy", "Utilities", "Health"])[0] == "Banks"

    def test_at_most_three_are_named(self) -> None:
        assert len(nearest("a", ["ab", "ac", "ad", "ae"])) == 3

    def test_no_names_have_no_nearest(self) -> None:
        assert nearest("Banks", []) == ()

    def test_the_order_of_the_names_does_not_matter(self) -> None:
        names = ["Banks", "Bank", "Tanks"]
        assert nearest("Bnks", names) == nearest("Bnks", names[::-1])
