"""A proposed plan is validated, completed, deduplicated and limited before anything runs."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agent.brains.base import PlanDraft, PlannedCall, ToolSpec
from agent.planning import Plan, call_key, settle_calls
from agent.state import CallOutcome
from tests.fakes import VOCABULARY

WINDOW = {"type": "string", "enum": ["1D", "1W", "1M"]}
SPECS = (
    ToolSpec(
        name="get_foreign_flow",
        description="",
        input_schema={
            "properties": {
                "timeframe": WINDOW,
                "sector": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            },
            "required": ["timeframe"],
        },
    ),
    ToolSpec(
        name="get_macro_indicators",
        description="",
        input_schema={
            "properties": {"indicator_list": {"type": "array", "items": {"type": "string"}}},
            "required": ["indicator_list"],
        },
    ),
    ToolSpec(
        name="get_sector_forecast",
        description="",
        input_schema={
            "properties": {"horizon": {"type": "string", "enum": ["1W", "1M", "3M"]}},
            "required": ["horizon"],
        },
    ),
    ToolSpec(
        name="get_sector_heatmap",
        description="",
        input_schema={
            "properties": {"period": {"type": "string", "enum": ["daily", "weekly", "monthly"]}},
            "required": ["period"],
        },
    ),
)


def settle(draft: PlanDraft, *, max_calls: int = 10, outcomes: Any = None) -> Plan:
    return settle_calls(
        draft,
        horizon="1M",
        language="en",
        specs=SPECS,
        vocabulary=VOCABULARY,
        view_key="view",
        outcomes=outcomes or {},
        max_calls=max_calls,
    )


def flow(**arguments: Any) -> PlanDraft:
    return PlanDraft(
        intent="flow", calls=(PlannedCall(tool="get_foreign_flow", arguments=arguments),)
    )


def test_a_good_call_is_made_as_proposed() -> None:
    (task,) = settle(flow(timeframe="1W", sector="10")).tasks
    assert task.call.arguments == {"timeframe": "1W", "sector": "10"}


def test_an_argument_the_tool_does_not_declare_is_dropped_and_recorded() -> None:
    (task,) = settle(flow(timeframe="1M", exchange="HOSE")).tasks
    assert task.call.arguments == {"timeframe": "1M"}
    assert task.dropped_arguments == {"exchange": "HOSE"}


def test_an_unknown_tool_is_refused_and_the_intent_is_still_served() -> None:
    draft = PlanDraft(intent="flow", calls=(PlannedCall(tool="place_order", arguments={}),))
    plan = settle(draft)
    assert [entry.status for entry in plan.refused] == ["dropped"]
    assert [task.call.tool for task in plan.tasks] == ["get_foreign_flow"]
    assert plan.tasks[0].call.origin == "required"


def test_a_value_outside_the_schema_is_refused_never_guessed() -> None:
    plan = settle(flow(timeframe="2Y"))
    assert "timeframe" in plan.refused[0].reason


def test_a_ranking_question_always_gets_its_forecast() -> None:
    plan = settle(PlanDraft(intent="rotation"))
    assert {task.call.tool: task.call.arguments for task in plan.tasks} == {
        "get_sector_forecast": {"horizon": "1M"},
        "get_sector_heatmap": {"period": "monthly"},
    }


def test_one_sector_is_never_ranked_by_its_own_inputs_alone() -> None:
    explain = PlannedCall(tool="explain_sector", arguments={"sector": "8300", "horizon": "1M"})
    plan = settle(PlanDraft(intent="explain", calls=(explain,), complete=True))
    assert "get_sector_forecast" in [task.call.tool for task in plan.tasks]


def test_the_macro_call_of_a_general_question_asks_for_every_series_of_the_market() -> None:
    (task,) = settle(PlanDraft(intent="macro")).tasks
    assert task.call.arguments == {"indicator_list": ["CPI", "WTI"]}


def test_the_same_call_twice_is_made_once() -> None:
    call = PlannedCall(tool="get_foreign_flow", arguments={"timeframe": "1M"})
    assert len(settle(PlanDraft(intent="flow", calls=(call, call))).tasks) == 1


def test_calls_beyond_the_limit_are_named_as_a_gap() -> None:
    plan = settle(PlanDraft(intent="rotation"), max_calls=1)
    assert len(plan.tasks) == 1
    assert [gap.what for gap in plan.gaps] == ["get_sector_heatmap"]


def test_an_answer_the_thread_holds_is_not_fetched_again_but_a_failure_is() -> None:
    key = call_key("view", "get_foreign_flow", {"timeframe": "1M"})
    for status, fetched in (("ok", 0), ("failed", 1)):
        outcome = CallOutcome(
            key=key, tool="get_foreign_flow", arguments={"timeframe": "1M"}, status=status
        )
        plan = settle(flow(timeframe="1M"), outcomes={key: outcome})
        assert len(plan.tasks) == fetched
        assert len(plan.held) == 1 - fetched


def test_out_of_scope_plans_nothing_even_when_calls_were_proposed() -> None:
    call = PlannedCall(tool="get_foreign_flow", arguments={"timeframe": "1M"})
    assert settle(PlanDraft(intent="out_of_scope", calls=(call,))) == Plan((), (), (), ())


@given(st.dictionaries(st.text(min_size=1), st.integers() | st.text() | st.none()))
def test_the_order_of_arguments_never_changes_a_key(arguments: dict[str, Any]) -> None:
    backwards = dict(reversed(list(arguments.items())))
    assert call_key("v", "t", arguments) == call_key("v", "t", backwards)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([spec.name for spec in SPECS] + ["nonsense"]),
            st.dictionaries(
                st.sampled_from(["timeframe", "sector", "period", "horizon", "x"]),
                st.sampled_from(["1M", "1W", "weekly", "10", 3, None, ["CPI"]]),
            ),
        ),
        max_size=8,
    )
)
def test_whatever_is_proposed_only_schema_valid_calls_run(proposed: list[Any]) -> None:
    calls = tuple(PlannedCall(tool=tool, arguments=arguments) for tool, arguments in proposed)
    for task in settle(PlanDraft(intent="brief", calls=calls)).tasks:
        schema = {spec.name: spec.input_schema for spec in SPECS}[task.call.tool]
        assert set(schema["required"]) <= set(task.call.arguments) <= set(schema["properties"])
        for name, value in task.call.arguments.items():
            if "enum" in schema["properties"][name]:
                assert value in schema["properties"][name]["enum"]
