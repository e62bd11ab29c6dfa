"""Tilts sum to zero, stay within every limit, and come only from calls that the reader's tolerance allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.brief.model import BriefMandate
from agent.mandate.tilts import ENOUGH, LOSS_BUDGET, tilts
from tools.contracts import SectorScore

if TYPE_CHECKING:
    from tools.contracts import Call, Confidence


def row(
    sector: str,
    probability: float,
    confidence: Confidence = "high",
    low: float = -0.05,
    high: float = 0.05,
) -> SectorScore:
    call: Call = (
        "none" if probability == 0.5 else "outperform" if probability > 0.5 else "underperform"
    )
    return SectorScore(
        sector=sector, name=sector, rank=1, score=probability - 0.5, probability=probability,
        expected=0.0, low=low, high=high, call=call, confidence=confidence, quadrant=None,
        contributions={}, flip=None, flip_reason="none",
    )  # fmt: skip


def mandate(tolerance: str = "medium", largest: float = 0.05) -> BriefMandate:
    return BriefMandate.model_validate({"risk_tolerance": tolerance, "largest_tilt": largest})


class TestKnownValues:
    def test_a_full_call_of_high_confidence_moves_by_the_largest_tilt(self) -> None:
        found = tilts([row("A", 0.62), row("B", 0.35)], mandate())
        assert found == {"A": pytest.approx(0.05), "B": pytest.approx(-0.05)}

    def test_a_faint_call_moves_little_and_medium_confidence_half(self) -> None:
        found = tilts([row("A", 0.52, "medium"), row("B", 0.35)], mandate())
        assert found["A"] == pytest.approx(0.05 * 0.2 * 0.5)
        assert found["B"] == pytest.approx(-found["A"])

    def test_a_bad_end_far_away_cuts_the_tilt_to_the_loss_budget(self) -> None:
        found = tilts([row("A", 0.7, low=-0.2), row("B", 0.3)], mandate("low"))
        assert found["A"] == pytest.approx(LOSS_BUDGET["low"] / 0.2)

    def test_calls_that_all_point_one_way_are_held_against_the_rest(self) -> None:
        found = tilts([row("A", 0.62), row("B", 0.5), row("C", 0.5)], mandate())
        assert found == {
            "A": pytest.approx(0.05), "B": pytest.approx(-0.025), "C": pytest.approx(-0.025),
        }  # fmt: skip

    def test_the_rest_carries_no_more_than_the_largest_tilt(self) -> None:
        found = tilts([row("A", 0.62), row("B", 0.62), row("C", 0.5)], mandate())
        assert found["C"] == pytest.approx(-0.05)
        assert found["A"] == pytest.approx(0.025)

    def test_low_tolerance_takes_calls_of_high_confidence_alone(self) -> None:
        rows = [row("A", 0.6, "medium"), row("B", 0.4, "low"), row("C", 0.5)]
        assert tilts(rows, mandate("low")) == {}
        assert set(tilts(rows, mandate("high"))) == {"A", "B"}

    def test_a_single_sector_and_no_call_give_no_tilt(self) -> None:
        assert tilts([row("A", 0.7)], mandate()) == {}
        assert tilts([row("A", 0.5), row("B", 0.5)], mandate()) == {}
        assert tilts([], mandate()) == {}


ROWS = st.lists(
    st.tuples(
        st.sampled_from([0.5, 0.5001, 0.51, 0.55, 0.6, 0.95, 0.05, 0.4, 0.45, 0.49]),
        st.sampled_from(["high", "medium", "low"]),
        st.floats(-0.5, 0.02),
        st.floats(0.02, 0.5),
    ),
    max_size=12,
)


class TestProperties:
    @given(
        drawn=ROWS,
        tolerance=st.sampled_from(["low", "medium", "high"]),
        largest=st.floats(0.001, 1.0),
    )
    def test_tilts_sum_to_zero_and_break_no_limit(
        self, drawn: list[tuple[float, Confidence, float, float]], tolerance: str, largest: float
    ) -> None:
        rows = [row(f"S{n}", p, sure, low, high) for n, (p, sure, low, high) in enumerate(drawn)]
        found = tilts(rows, mandate(tolerance, largest))
        assert sum(found.values()) == pytest.approx(0.0, abs=1e-12)
        by_code = {one.sector: one for one in rows}
        for code, size in found.items():
            assert abs(size) <= largest * (1 + 1e-12)
            one = by_code[code]
            if one.call == "none" or one.confidence not in ENOUGH[tolerance]:
                continue
            assert (size > 0) == (one.call == "outperform")
            bad_end = -one.low if size > 0 else one.high
            assert abs(size) * max(bad_end, 0.0) <= LOSS_BUDGET[tolerance] * (1 + 1e-9)

    @given(drawn=ROWS)
    def test_a_smaller_largest_tilt_never_makes_a_tilt_larger(
        self, drawn: list[tuple[float, Confidence, float, float]]
    ) -> None:
        rows = [row(f"S{n}", p, sure, low, high) for n, (p, sure, low, high) in enumerate(drawn)]
        wide, narrow = tilts(rows, mandate(largest=0.05)), tilts(rows, mandate(largest=0.02))
        assert max(map(abs, narrow.values()), default=0) <= max(
            map(abs, wide.values()), default=0
        ) * (1 + 1e-9)
