"""What may be called, with exactly the documented arguments."""

from __future__ import annotations

from typing import Any

import pytest

from tools import CATALOGUE, ToolEntry
from tools.contracts import ToolResult
from tools.mcp_server import DeskTool, bind

TIMEFRAME = {"type": "string", "enum": ["1D", "1W", "1M", "3M"]}
FLOW_TIMEFRAME = {"type": "string", "enum": ["1D", "1W", "1M"]}
PERIOD = {"type": "string", "enum": ["daily", "weekly", "monthly"]}
HORIZON = {"type": "string", "enum": ["1W", "1M", "3M"]}
TEXT = {"type": "string"}
NUMBER = {"type": "number"}
SCENARIO = {
    "type": "string",
    "enum": [
        "rate_hike", "rate_cut", "oil_shock", "currency_devaluation", "credit_stress",
        "volatility_spike", "foreign_outflow", "recession", "market_crash",
    ],
}  # fmt: skip
UNIT = {"type": "string", "enum": ["bp", "percent", "level", "currency"]}
STRATEGY = {
    "type": "string",
    "enum": ["sector_rotation", "momentum", "mean_reversion", "buy_and_hold"],
}
LOOKBACK = {"type": "string", "enum": ["1Y", "3Y", "5Y"]}

DOCUMENTED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "get_market_overview": ({"timeframe": TIMEFRAME}, ["timeframe"]),
    "get_sector_heatmap": ({"period": PERIOD, "benchmark": TEXT}, ["period"]),
    "get_macro_indicators": (
        {"indicator_list": {"type": "array", "items": {"type": "string"}}},
        ["indicator_list"],
    ),
    "get_foreign_flow": ({"timeframe": FLOW_TIMEFRAME, "sector": TEXT}, ["timeframe"]),
    "get_whale_activity": ({"timeframe": FLOW_TIMEFRAME, "sector": TEXT}, ["timeframe"]),
    "get_stock_analysis": ({"symbol": TEXT}, ["symbol"]),
    "get_sector_rotation": ({}, []),
    "get_sector_forecast": ({"horizon": HORIZON}, ["horizon"]),
    "explain_sector": ({"sector": TEXT, "horizon": HORIZON}, ["sector", "horizon"]),
    "get_signal_card": ({"horizon": HORIZON}, []),
    "run_scenario": ({"scenario": SCENARIO, "magnitude": NUMBER, "unit": UNIT}, ["scenario"]),
    "run_backtest": (
        {"strategy": STRATEGY, "lookback": LOOKBACK, "costs_bp": NUMBER},
        ["strategy"],
    ),
    "get_data_health": ({}, []),
    "get_news_sentiment": ({"timeframe": FLOW_TIMEFRAME, "sector": TEXT}, []),
    "search_instruments": ({"query": TEXT}, ["query"]),
}
"""Tool → its arguments with the keywords that bind a caller, and those that are required."""
BINDING = ("type", "enum", "items")

by_entry = pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)


def bound(entry: ToolEntry) -> DeskTool:
    # No schema depends on a market, so no desk is needed to read one.
    return bind(entry.load(), None, name=entry.name)  # type: ignore[arg-type]


def test_the_catalogue_is_what_is_documented() -> None:
    assert sorted(entry.name for entry in CATALOGUE) == sorted(DOCUMENTED)


@by_entry
class TestSchemas:
    def test_arguments_are_as_documented_to_the_letter(self, entry: ToolEntry) -> None:
        schema = bound(entry).parameters
        shown = {
            name: {key: value for key, value in argument.items() if key in BINDING}
            for name, argument in schema["properties"].items()
        }
        arguments, required = DOCUMENTED[entry.name]
        assert shown == arguments
        assert schema.get("required", []) == required

    def test_no_other_argument_is_allowed(self, entry: ToolEntry) -> None:
        assert bound(entry).parameters["additionalProperties"] is False

    def test_every_argument_says_what_it_is(self, entry: ToolEntry) -> None:
        for name, argument in bound(entry).parameters["properties"].items():
            assert len(argument.get("description", "")) > 10, name

    def test_the_desk_is_not_shown(self, entry: ToolEntry) -> None:
        assert "desk" not in bound(entry).parameters["properties"]

    def test_the_description_is_a_sentence_or_two_for_a_model(self, entry: ToolEntry) -> None:
        description = bound(entry).description
        assert 20 < len(description) <= 300
        assert "Parameters" not in description
        assert description.endswith(".")

    def test_the_result_is_a_tool_result_with_an_output_schema(self, entry: ToolEntry) -> None:
        tool = bound(entry)
        assert issubclass(tool.fn_metadata.output_model, ToolResult)
        assert tool.output_schema is not None
        assert {"tool", "market", "facts", "gaps", "notes"} <= set(tool.output_schema["properties"])

    def test_calling_changes_nothing(self, entry: ToolEntry) -> None:
        annotations = bound(entry).annotations
        assert annotations is not None
        assert annotations.read_only_hint is True
        assert annotations.destructive_hint is False
        assert annotations.idempotent_hint is True
        assert annotations.open_world_hint is False
