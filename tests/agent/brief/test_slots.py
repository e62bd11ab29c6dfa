"""How values become text, and what a slot may be."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.brief.slots import UnknownSlotError, fill, render_value, renderings, slots_in
from tests.agent.brief.requests import VOCABULARY, fact, only

KINDS = [
    ("8300.rel_return.1M", "fraction"),
    ("8300.probability.1M", "fraction"),
    ("8300.score.1M", "log-odds"),
    ("8300.rs_ratio", "index"),
    ("8300.whale_ratio.1M", "ratio"),
    ("8300.foreign_net_value.1M", "VND"),
    ("MACRO.UST_10Y.change.1M", "percent"),
    ("MACRO.USDVND.latest", "VND per USD"),
]


class TestKnownValues:
    @pytest.mark.parametrize(
        ("fact_id", "value", "unit", "english", "vietnamese"),
        [
            ("8300.rel_return.1M", 0.0321, None, "+3.2%", "+3,2%"),
            ("8300.rel_return.1M", -0.11842, None, "-11.8%", "-11,8%"),
            ("8300.rel_return.1M", 0.0004, None, "+0.04%", "+0,04%"),
            ("8300.rel_return.1M", 0.0, None, "0.0%", "0,0%"),
            ("8300.rel_return.3M", 2.2e-16, None, "0.0%", "0,0%"),
            ("8300.probability.1M", 0.5662, None, "57%", "57%"),
            ("8300.probability.1M", 0.5, None, "50%", "50%"),
            ("8300.probability.1M", 0.4962, None, "49.6%", "49,6%"),
            ("8300.probability.1M", 0.9991, None, "99.9%", "99,9%"),
            ("8300.breadth", 0.72, None, "72%", "72%"),
            ("8300.volatility.3M", 0.1423, None, "14.2%", "14,2%"),
            ("8300.whale_ratio.1W", 2.31, None, "2.3×", "2,3 lần"),
            ("8300.rs_ratio", 101.43, None, "101.4", "101,4"),
            ("8300.score.1M", 0.1234, None, "+0.12", "+0,12"),
            ("8300.contribution.trend.1M", -0.004, None, "-0.004", "-0,004"),
            ("8300.rank.1M", 3, None, "3rd", "hạng 3"),
            ("8300.rank.1M", 12, None, "12th", "hạng 12"),
            (
                "8300.foreign_net_value.1M",
                1.913e12,
                "IDR",
                "+IDR 1.91 trillion",
                "+1,91 nghìn tỷ IDR",
            ),
            ("8300.foreign_net_value.1M", -91.1e9, "VND", "-VND 91.1 billion", "-91,1 tỷ đồng"),
            (
                "8300.foreign_net_value.1M",
                999.7e9,
                "VND",
                "+VND 1.00 trillion",
                "+1,00 nghìn tỷ đồng",
            ),
            ("MACRO.UST_10Y.latest", 1.75, "percent", "1.75%", "1,75%"),
            ("MACRO.UST_10Y.change.1M", -0.25, "percent", "-0.25 pp", "-0,25 điểm %"),
            (
                "MACRO.USDVND.latest",
                23_635.0,
                "VND per USD",
                "23,635 VND per USD",
                "23.635 VND/USD",
            ),
            ("MACRO.CPI.surprise", 1.83, "sd", "+1.8 standard deviations", "+1,8 độ lệch chuẩn"),
            ("8300.quadrant", "leading", None, "leading", "dẫn dắt"),
        ],
    )
    def test_a_value_is_shown_as_the_field_writes_it(
        self, fact_id: str, value: Any, unit: str | None, english: str, vietnamese: str
    ) -> None:
        shown = fact(fact_id, value, unit)
        assert render_value(shown, "en") == english
        assert render_value(shown, "vi") == vietnamese

    def test_a_direction_word_takes_the_sign_away(self) -> None:
        facts = only(fact("8300.rel_return.1M", -0.0321))
        text = "{{name:8300}} lagged {{name:MARKET}} by {{8300.rel_return.1M|abs}}."
        assert fill(text, facts, VOCABULARY, "en") == "Banks lagged VNINDEX by 3.2%."

    def test_names_follow_the_language(self) -> None:
        text = "{{name:8600}}, {{name:MACRO.UST_10Y}}"
        assert fill(text, {}, VOCABULARY, "en") == "Real Estate, the 10-year US Treasury yield"
        assert fill(text, {}, VOCABULARY, "vi").startswith("Bất động sản, lợi suất trái phiếu")

    def test_a_name_that_opens_a_sentence_is_capital(self) -> None:
        text = "{{name:MACRO.VIX}} rose. {{name:MACRO.VIX}} fell against {{name:MACRO.VIX}}."
        assert fill(text, {}, VOCABULARY, "en") == "The VIX rose. The VIX fell against the VIX."


class TestProperties:
    @given(
        kind=st.sampled_from(KINDS),
        value=st.floats(-1e13, 1e13, allow_nan=False, allow_infinity=False),
        absolute=st.booleans(),
    )
    def test_no_rendering_shows_a_negative_zero_or_loses_a_value(
        self, kind: tuple[str, str], value: float, absolute: bool
    ) -> None:
        shown = fact(kind[0], value, kind[1])
        for language in ("en", "vi"):
            text = render_value(shown, language, absolute=absolute)
            digits = re.sub(r"[^\d]", "", text)
            assert not re.search(r"[+-]0+([.,]0+)?(?!\d|[.,]\d)", text)
            if abs(value) > 1e-9:
                assert set(digits) - {"0"}, f"{value!r} is shown as {text!r}"

    @given(kind=st.sampled_from(KINDS), value=st.floats(-1e6, 1e6, allow_nan=False))
    def test_what_fill_writes_is_among_the_renderings(
        self, kind: tuple[str, str], value: float
    ) -> None:
        shown = fact(kind[0], value, kind[1])
        for language in ("en", "vi"):
            known = renderings(shown, language)
            for form in ("", "|abs"):
                text = fill(f"x {{{{{shown.id}{form}}}}}", only(shown), VOCABULARY, language)
                assert text.removeprefix("x ") in known

    def test_every_slot_is_found_where_it_stands(self) -> None:
        text = "a {{8300.rel_return.1M|abs}} b {{name:8300}}"
        slots = list(slots_in(text))
        assert [slot.id for slot in slots] == ["8300.rel_return.1M", "8300"]
        assert [slot.absolute for slot in slots] == [True, False]
        assert [text[slot.start : slot.end] for slot in slots] == [slot.text for slot in slots]


class TestRefusals:
    @pytest.mark.parametrize(
        "text",
        [
            "{{8300.rel_return.1M}}",
            "{{name:XXXX}}",
            "{{8300.rel_return.1W|abs}}",
            "{{}}",
            "{{ }}",
            "a }} b",
            "{{8300.score.1M|short}}",
        ],
    )
    def test_what_nothing_fills_is_refused(self, text: str) -> None:
        with pytest.raises(UnknownSlotError):
            fill(text, only(fact("8300.score.1M", 0.1)), VOCABULARY, "en")
