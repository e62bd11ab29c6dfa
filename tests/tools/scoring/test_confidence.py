"""Confidence is earned by the record of equally confident calls, and lost by what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tools.scoring.confidence import confidence_of
from tools.scoring.features import FEATURES, GROUPS
from tools.scoring.record import ConfidenceBin, HitRate

if TYPE_CHECKING:
    from tests.tools.conftest import OpenDesk
    from tools.contracts import Confidence
    from tools.scoring.artefact import InForce

EVERY_GROUP = {str(group): 0.01 for group in GROUPS}
EVERY_INPUT = [spec.name for spec in FEATURES]


def record(low: float, base_rate: float = 0.52) -> HitRate:
    return HitRate(n=900, hits=500, blocks=90, rate=0.56, low=low, high=0.6, base_rate=base_rate)


@pytest.fixture
def fitted(open_desk: OpenDesk) -> InForce:
    """Make a fit whose record is doubtful below a probability of 0.51 and convincing from there."""
    found = open_desk(n_days=900).scorer.artefact.horizons["1M"].in_force("auto")
    bins = (
        ConfidenceBin(from_edge=0.005, record=record(0.50)),
        ConfidenceBin(from_edge=0.01, record=record(0.53)),
    )
    return found.model_copy(update={"record": found.record.model_copy(update={"bins": bins})})


def grade(fitted: InForce, **changes: Any) -> Confidence:
    usual: dict[str, Any] = {
        "probability": 0.52,
        "call": "outperform",
        "contributions": EVERY_GROUP,
        "known": EVERY_INPUT,
        "missing_groups": (),
        "excluded": (),
        "thin": False,
    }
    return confidence_of(fitted, "4000", **{**usual, **changes})


class TestKnownValues:
    def test_a_convincing_record_and_nothing_missing_is_high(self, fitted: InForce) -> None:
        assert grade(fitted) == "high"

    def test_less_confident_calls_are_judged_by_their_own_record(self, fitted: InForce) -> None:
        assert grade(fitted, probability=0.507) == "medium"
        assert grade(fitted, probability=0.48, call="underperform") == "high"

    def test_a_failing_feed_of_a_main_group_is_low(self, fitted: InForce) -> None:
        assert grade(fitted, weak={"trend"}) == "low"
        assert grade(fitted, weak={"risk", "flow"}) == "low"

    def test_any_other_failing_feed_rules_high_out(self, fitted: InForce) -> None:
        assert grade(fitted, weak={"flow"}) == "medium"
        assert grade(fitted, weak={"flow"}, excluded=("flow",)) == "high"

    def test_a_failing_feed_that_the_fit_does_not_read_changes_nothing(
        self, fitted: InForce
    ) -> None:
        unread = fitted.model_copy(update={"groups": ("trend", "rotation", "risk")})
        assert grade(unread, weak={"macro"}) == "high"

    def test_a_group_the_market_lacks_rules_high_out(self, fitted: InForce) -> None:
        groups = {g: v for g, v in EVERY_GROUP.items() if g != "flow"}
        lacking = fitted.model_copy(update={"groups": tuple(groups)})
        found = grade(lacking, contributions=groups, missing_groups=("flow",))
        assert found == "medium"

    def test_an_input_missing_inside_a_group_rules_high_out(self, fitted: InForce) -> None:
        assert grade(fitted, known=[n for n in EVERY_INPUT if n != "momentum.12M"]) == "medium"

    def test_a_group_left_out_at_the_readers_wish_is_no_gap(self, fitted: InForce) -> None:
        groups = {g: v for g, v in EVERY_GROUP.items() if g != "flow"}
        left_out = {"contributions": groups, "missing_groups": ("flow",), "excluded": ("flow",)}
        assert grade(fitted, **left_out) == "medium"


class TestRefusals:
    @pytest.mark.parametrize(
        "changes",
        [
            {"call": "none", "probability": 0.5},
            {"thin": True},
            {"contributions": {g: v for g, v in EVERY_GROUP.items() if g != "trend"}},
            {"contributions": {g: v for g, v in EVERY_GROUP.items() if g != "flow"}},
            {
                "contributions": {g: v for g, v in EVERY_GROUP.items() if g != "trend"},
                "missing_groups": ("trend",),
                "excluded": ("trend",),
            },
        ],
        ids=["no call", "thin", "no trend", "a gap in the flow", "trend left out"],
    )
    def test_a_call_without_its_ground_is_low(
        self, fitted: InForce, changes: dict[str, Any]
    ) -> None:
        assert grade(fitted, **changes) == "low"

    def test_no_record_is_low(self, fitted: InForce) -> None:
        bare = fitted.record.model_copy(update={"bins": ()})
        assert grade(fitted.model_copy(update={"record": bare})) == "low"
