"""The simulated market at the front door: the default, alive with every tool, and said to be simulated everywhere."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.settings import load_settings
from tools import CATALOGUE
from tools.desk import Desk
from tools.sources.demo import DEFAULT_SEED, Demo, export_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli
    from tools.contracts import ToolResult
    from tools.sources.base import MarketData

QUESTION = "Which sectors are rotating in, and what are foreigners buying this month?"
DAY = "2026-09-30"
END = date(2019, 12, 31)
HOLES = (
    "a day in the window has no flow data, or nothing was traded",
    "the flow feed fails its checks: some of its newest days are missing or cannot be right",
)
"""What the market itself leaves out now and then, as real feeds do."""
ASKED: dict[str, dict[str, Any]] = {
    "get_market_overview": {"timeframe": "1W"},
    "get_sector_heatmap": {"period": "daily"},
    "get_macro_indicators": {"indicator_list": ["CPI", "PMI", "USDVND", "OIL"]},
    "get_foreign_flow": {"timeframe": "1W"},
    "get_whale_activity": {"timeframe": "1W"},
    "get_stock_analysis": {"symbol": "LLZC"},
    "get_sector_rotation": {},
    "get_sector_forecast": {"horizon": "1W"},
    "explain_sector": {"sector": "8300", "horizon": "1M"},
    "run_scenario": {"scenario": "market_crash"},
    "run_backtest": {"strategy": "momentum", "lookback": "1Y"},
    "get_data_health": {},
    "get_signal_card": {"horizon": "1M"},
    "get_news_sentiment": {},
    "search_instruments": {"query": "bank"},
}
KINDS = {
    "heatmap": ("Show me the sector heatmap", "Bản đồ nhiệt các ngành", "rel_return"),
    "foreign flow": (
        "What did foreigners buy this month?",
        "Khối ngoại mua bán gì tháng này?",
        "foreign_net_value",
    ),
    "whales": (
        "Any unusual large trading this week?",
        "Tuần này có giao dịch lớn bất thường nào không?",
        "whale_ratio",
    ),
    "blocks": ("Any block trades this week?", "Tuần này có giao dịch thỏa thuận nào?", "block_value"),
    "macro": ("How are CPI, PMI and the exchange rate?", "CPI, PMI và tỷ giá thế nào?", "latest"),
    "stock": ("Analyse LLZC", "Phân tích cổ phiếu LLZC", "drawdown"),
    "sentiment": (
        "What is the news sentiment by sector?",
        "Tin tức về các ngành tích cực hay tiêu cực?",
        "sentiment",
    ),
}  # fmt: skip


def call(market: MarketData, day: date, tool: str) -> ToolResult:
    """Return what a tool says on a desk of its own, that keeps nothing."""
    (entry,) = (entry for entry in CATALOGUE if entry.name == tool)
    return entry.load()(Desk(market, day), **ASKED[tool])


@pytest.fixture(scope="module")
def market() -> MarketData:
    return Demo(DEFAULT_SEED, end=END).load()


def test_it_is_the_default_and_a_seed_chooses_another(tmp_path: Path) -> None:
    assert load_settings({}, {}, tmp_path).market == "demo"
    assert load_settings({"seed": 3}, {}, tmp_path).market == "demo:3"
    assert load_settings({"market": "demo", "seed": 3}, {}, tmp_path).market == "demo:3"
    assert load_settings({"market": "industries", "seed": 3}, {}, tmp_path).market == "industries"


def test_a_fresh_machine_is_answered_up_to_the_latest_business_day(cli: Cli) -> None:
    finished = cli("Which sectors lead this week?", "--json")
    assert finished.returncode == 0, finished.stderr
    brief = json.loads(finished.stdout)
    assert (brief["market"]["id"], brief["market"]["simulated"]) == ("demo", True)
    # The longest closure, at the lunar new year, is of nine days.
    assert 0 <= (date.today() - date.fromisoformat(brief["market"]["as_of"])).days <= 10  # noqa: DTZ011


def test_an_answer_passes_review_and_lacks_nothing(cli: Cli) -> None:
    finished = cli(QUESTION, "--as-of", DAY, "--json")
    assert finished.returncode == 0, finished.stderr
    brief = json.loads(finished.stdout)
    assert brief["review"] == {"passed": True, "repairs": 0, "fallback": False, "problems": []}
    assert brief["gaps"] == []
    assert {call["status"] for call in brief["plan"]} == {"ok"}
    metrics = {fact["metric"] for fact in brief["facts"].values()}
    assert {"foreign_net_value", "rs_ratio", "rel_return"} <= metrics


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_question_finds_facts(cli: Cli, kind: str, language: str) -> None:
    *questions, metric = KINDS[kind]
    finished = cli(questions[language == "vi"], "--as-of", DAY, "--json")
    brief = json.loads(finished.stdout)
    assert brief["language"] == language
    assert metric in {fact["metric"] for fact in brief["facts"].values()}
    assert brief["gaps"] == []
    assert brief["review"]["passed"]
    assert (
        brief["markdown"].count("MÔ PHỎNG (SIMULATED):" if language == "vi" else "SIMULATED:") == 1
    )


class TestEveryTool:
    def test_none_is_left_out(self) -> None:
        assert {entry.name for entry in CATALOGUE} == set(ASKED)

    @pytest.mark.parametrize("tool", ASKED)
    def test_it_has_facts_and_misses_nothing(self, market: MarketData, tool: str) -> None:
        result = call(market, END, tool)
        assert result.gaps == ()
        assert result.facts or tool == "search_instruments"
        assert result.market.simulated

    @settings(max_examples=8)
    @given(day=st.dates(date(2018, 6, 1), END), tool=st.sampled_from(sorted(ASKED)))
    def test_on_any_day_only_the_holes_of_the_feed_are_missing(
        self, market: MarketData, day: date, tool: str
    ) -> None:
        whys = {gap.why for gap in call(market, day, tool).gaps}
        assert whys <= {*HOLES, "this market has no facts for them"}
        if "this market has no facts for them" in whys:
            assert HOLES[1] in whys

    @pytest.mark.parametrize("tool", ASKED)
    def test_a_market_that_goes_on_says_the_same_of_a_past_day(
        self, market: MarketData, tool: str
    ) -> None:
        """A run as of a day is the same whether the market ends on that day or years later."""
        day = date(2018, 3, 15)
        ended = Demo(DEFAULT_SEED, end=day).load()
        early, late = (call(data, day, tool).model_dump_json() for data in (ended, market))
        assert early == late


def told(cli: Cli, folder: Path, question: str) -> dict[str, Any]:
    """Return a brief of a past day without what two runs may differ in."""
    finished = cli(question, "--market", f"folder:{folder}", "--as-of", "2017-03-15", "--json")
    brief: dict[str, Any] = json.loads(finished.stdout)
    for name in ("run_id", "thread_id", "usage"):
        del brief[name]
    for entry in brief["plan"]:
        del entry["ms"]
    return brief


@pytest.mark.parametrize("question", [QUESTION, "Phân tích cổ phiếu LLZC"])
def test_a_whole_brief_of_a_past_day_is_the_same_whenever_the_market_ends(
    cli: Cli, tmp_path: Path, question: str
) -> None:
    ended, going = (
        told(cli, export_folder(tmp_path / str(end), DEFAULT_SEED, end), question)
        for end in (date(2017, 3, 15), date(2018, 3, 15))
    )
    assert ended == going


COMMANDS = (
    ("chat", QUESTION, "--as-of", DAY),
    ("chat", "Ngành nào dẫn đầu?", "--as-of", DAY),
    ("chat", "Is the data complete?", "--as-of", DAY),
    ("health", "--as-of", DAY),
    ("backtest", "--start", "2025-06-30", "--as-of", DAY),
    ("backtest", "--oracle", "--start", "2025-06-30", "--as-of", DAY),
    ("doctor",),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_says_that_the_market_is_simulated(
    cli: Cli, command: tuple[str, ...]
) -> None:
    shown, told = cli(*command), cli(*command, "--json")
    assert (shown.returncode, told.returncode) == (0, 0), shown.stderr
    assert "SIMULATED" in shown.stdout
    assert "SIMULATED" in told.stdout or '"simulated": true' in told.stdout


def test_training_says_it_too(cli: Cli) -> None:
    assert "SIMULATED" in cli("train").stdout
