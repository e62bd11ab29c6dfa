"""Whatever is typed, a plan comes back: valid, the same every time, and quick."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.brains.base import ComposeRequest, PlanRequest
from agent.brains.offline import OfflineBrain
from agent.brains.offline.lexicon import table
from agent.brains.offline.train import PATH, see

TIMEFRAMES = {"1D", "1W", "1M"}
SCHEMAS: dict[str, dict[str, Any]] = {
    "get_market_overview": {"timeframe": TIMEFRAMES | {"3M"}},
    "get_sector_heatmap": {"period": {"daily", "weekly", "monthly"}},
    "get_macro_indicators": {"indicator_list": list},
    "get_foreign_flow": {"timeframe": TIMEFRAMES, "sector?": str},
    "get_whale_activity": {"timeframe": TIMEFRAMES, "sector?": str},
    "get_stock_analysis": {"symbol": str},
    "get_sector_rotation": {},
    "get_sector_forecast": {"horizon": {"1W", "1M", "3M"}},
    "explain_sector": {"sector": str, "horizon": {"1W", "1M", "3M"}},
    "get_data_health": {},
    "search_instruments": {"query": str},
    "run_scenario": {
        "scenario": {
            "rate_hike", "rate_cut", "oil_shock", "currency_devaluation", "credit_stress",
            "volatility_spike", "foreign_outflow", "recession", "market_crash",
        },
        "magnitude?": float,
        "unit?": {"bp", "percent", "level", "currency"},
    },
    "run_backtest": {
        "strategy": {"sector_rotation", "momentum", "mean_reversion", "buy_and_hold"},
        "lookback": {"1Y", "3Y", "5Y"},
        "costs_bp?": float,
    },
}  # fmt: skip
WORDS = [
    *sorted(
        {
            text.lstrip("!")
            for name in ("cues", "sectors", "series", "periods")
            for entry in table(name).values()
            for language in ("en", "vi")
            for text in entry.get(language, ())
        }
    ),
    *("HPG", "vcb", "5%", "200bp", "$100", "?", ",", "and", "và", "3", "XYZQ", "30 days"),
]


def check(tool: str, arguments: dict[str, Any]) -> None:
    schema = SCHEMAS[tool]
    allowed = {name.rstrip("?") for name in schema}
    needed = {name for name in schema if not name.endswith("?")}
    assert needed <= set(arguments) <= allowed
    for name, value in arguments.items():
        kind = schema.get(name, schema.get(f"{name}?"))
        if isinstance(kind, set):
            assert value in kind
        else:
            assert isinstance(value, int | float if kind is float else kind)  # type: ignore[arg-type]
            assert value not in ([], "")


class TestAnyText:
    @settings(
        max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(text=st.text(max_size=200))
    def test_no_text_is_an_error(self, askers: Any, text: str) -> None:
        draft = askers["vn"](text)
        assert draft.intent != "clarify" or draft.clarification is not None

    @settings(
        max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=9),
        market=st.sampled_from(["vn", "us", "id", "vnx", "industries"]),
        before=st.lists(
            st.sampled_from(["outlook for banks", "foreign flow", "nếu lãi suất tăng"]), max_size=1
        ),
    )
    def test_every_planned_call_fits_its_tool(
        self, askers: Any, words: list[str], market: str, before: list[str]
    ) -> None:
        draft = askers[market](" ".join(words), *before)
        for call in draft.calls:
            check(call.tool, call.arguments)
            assert call.reason
        known = {sector.code for sector in askers[market].vocabulary.sectors}
        assert set(draft.sectors) <= known
        assert {c.arguments["sector"] for c in draft.calls if "sector" in c.arguments} <= known

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=8))
    def test_the_same_question_gives_the_same_plan(self, askers: Any, words: list[str]) -> None:
        text = " ".join(words)
        assert askers["vn"](text) == askers["vn"](text)

    def test_a_pasted_book_is_read_quickly(self, ask: Any) -> None:
        start = time.perf_counter()
        ask("foreign flow in banks and steel, " * 5000)
        assert time.perf_counter() - start < 2

    @pytest.mark.parametrize("text", ["İ" * 50, "ß½²³", "\u0000\u202e", "ngân" * 300, "𝓫𝓪𝓷𝓴𝓼"])
    def test_odd_letters_are_no_error(self, ask: Any, text: str) -> None:
        assert ask(text)


class TestModel:
    def test_the_shipped_model_has_seen_every_opened_set(self) -> None:
        shipped, seen = json.loads(PATH.read_text("utf-8")), see()
        assert shipped["labels"] == seen.labels
        assert {name: idf for name, (idf, *_) in shipped["features"].items()} == seen.idf

    def test_planning_never_loads_scikit_learn_or_a_client(self) -> None:
        code = (
            "import sys; import agent.brains.offline.planner; "
            "print([m for m in ('sklearn', 'openai', 'pandas', 'langgraph') if m in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "[]"


class TestBrain:
    async def test_the_brain_plans_and_tells_of_it(self, ask: Any) -> None:
        heard: list[tuple[str, dict[str, Any]]] = []
        request = PlanRequest(
            question="phân tích HPG", vocabulary=ask.vocabulary, tools=(), as_of="2023-06-30"
        )
        draft = await OfflineBrain().plan(request, progress=lambda *event: heard.append(event))
        assert draft.calls[0].tool == "get_stock_analysis"
        assert heard == [("planned", {"intent": "stock", "calls": 1})]
        assert OfflineBrain.name == "offline"
        assert OfflineBrain.model is None
        assert ComposeRequest is not None
