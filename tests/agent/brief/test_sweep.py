"""Every tool's answer passes its review as the composer wrote it, in both languages, on two markets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agent import aask
from agent.settings import load_settings
from tests.markets import write_market
from tools import CATALOGUE

if TYPE_CHECKING:
    from pathlib import Path

QUESTIONS: dict[str, tuple[str, ...]] = {
    "get_sector_heatmap": ("Heatmap of the sectors this week", "Bảng nhiệt các ngành tuần này"),
    "get_sector_rotation": ("Show the sector rotation quadrants", "Các ngành đang ở góc luân chuyển nào?"),
    "get_market_overview": ("How is the market today?", "Thị trường hôm nay thế nào?"),
    "get_foreign_flow": ("What did foreigners buy this week?", "Khối ngoại mua bán gì tuần này?"),
    "get_whale_activity": ("Where is unusual trading this week?", "Giao dịch đột biến tuần này ở đâu?"),
    "get_macro_indicators": ("What does macro say?", "Vĩ mô nói gì?"),
    "get_news_sentiment": ("What is the tone of the news?", "Sắc thái tin tức thế nào?"),
    "get_stock_analysis": ("How is {share} doing?", "Cổ phiếu {share} thế nào?"),
    "get_sector_forecast": ("Forecast the sectors over the next month", "Dự báo các ngành tháng tới"),
    "explain_sector": ("Why is {en} ranked there?", "Vì sao ngành {vi} xếp hạng như vậy?"),
    "get_signal_card": (
        "What is your track record?", "Bạn dự báo đúng bao nhiêu phần trăm?",
        "How good are your three-month calls?", "Thành tích dự báo một tuần của mô hình thế nào?",
    ),
    "run_scenario": ("What would a rate hike do?", "Nếu tăng lãi suất thì sao?"),
    "run_backtest": (
        "Backtest momentum over 1 year", "Backtest momentum 1 năm",
        "Backtest mean reversion over 1 year", "Backtest đảo chiều 1 năm",
        "Backtest buy and hold over 1 year", "Backtest mua và giữ 1 năm",
    ),
    "get_data_health": ("How healthy are the data?", "Dữ liệu cập nhật đến đâu?"),
    "search_instruments": ("Which tickers are in {en}?", "Ngành {vi} gồm những mã nào?"),
}  # fmt: skip
"""Tool → questions that it answers, English and Vietnamese in turn."""
NAMES = {
    "small": {"market": "", "share": "EN1", "en": "Energy", "vi": "Năng lượng"},
    "demo": {"market": "demo", "share": "MVXB", "en": "Banks", "vi": "Ngân hàng"},
}
"""Market → its name, a share of it and a sector in both languages."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("market") / "toy"
    return write_market(path, n_days=650, with_signals=True)


def test_every_tool_is_asked_for() -> None:
    assert {entry.name for entry in CATALOGUE} == set(QUESTIONS)


@pytest.mark.parametrize("market", NAMES)
@pytest.mark.parametrize("tool", sorted(QUESTIONS))
async def test_the_composer_is_never_corrected(
    tool: str, market: str, folder: Path, session_home: Path
) -> None:
    names = NAMES[market]
    for at, question in enumerate(QUESTIONS[tool]):
        chosen = {
            "market": names["market"] or f"folder:{folder}",
            "brain": "offline",
            "home": session_home,
        }
        brief = await aask(
            question.format(**names), settings=load_settings(chosen, {}, session_home)
        )
        assert brief.language == ("en", "vi")[at % 2]
        assert tool in {call.tool for call in brief.plan}, question
        assert brief.review.passed, brief.review.problems
        assert not brief.review.fallback
