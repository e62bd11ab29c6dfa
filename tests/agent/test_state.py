"""How the fields of a run merge, and what a checkpoint may hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent.brains.base import Turn
from agent.state import (
    CHECKPOINT_TYPES,
    MAX_HELD_OUTCOMES,
    MAX_TURNS,
    CallOutcome,
    append_turns,
    merge_outcomes,
)
from tests.agent.harness import serde
from tests.fakes import FACTS, STAMP, ToyScoring


def outcome(key: str, status: str = "ok") -> CallOutcome:
    return CallOutcome.model_validate({"key": key, "tool": "t", "arguments": {}, "status": status})


@given(st.lists(st.text(max_size=3), max_size=8), st.lists(st.text(max_size=3), max_size=8))
def test_merging_the_same_answers_twice_changes_nothing(
    first: list[str], second: list[str]
) -> None:
    held = merge_outcomes({}, {key: outcome(key) for key in first})
    new = {key: outcome(key) for key in second}
    once = merge_outcomes(held, new)
    assert merge_outcomes(once, new) == once


def test_a_new_answer_replaces_a_failed_one() -> None:
    merged = merge_outcomes({"k": outcome("k", "failed")}, {"k": outcome("k")})
    assert merged["k"].status == "ok"


def test_a_thread_never_grows_without_end() -> None:
    held: dict[str, CallOutcome] = {}
    turns: tuple[Turn, ...] = ()
    for number in range(200):
        held = merge_outcomes(held, {str(number): outcome(str(number))})
        turns = append_turns(turns, (Turn(question=str(number), intent="help"),))
    assert len(held) == MAX_HELD_OUTCOMES
    assert len(turns) == MAX_TURNS
    assert "199" in held
    assert turns[-1].question == "199"


def test_what_a_run_carries_comes_back_from_a_checkpoint_as_it_was() -> None:
    facts = {fact.id: fact for fact in FACTS["get_sector_forecast"]}
    value = CallOutcome(
        key="k",
        tool="t",
        arguments={"a": [1]},
        status="ok",
        market=STAMP,
        facts=tuple(facts.values()),
    )
    scorecard = ToyScoring().score(facts, "1M")
    codec = serde()
    for thing in (value, scorecard):
        assert codec.loads_typed(codec.dumps_typed(thing)) == thing


def test_every_type_of_the_state_may_be_loaded() -> None:
    assert len(set(CHECKPOINT_TYPES)) == len(CHECKPOINT_TYPES)
