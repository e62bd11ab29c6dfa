"""A call of every tool, on the small market of the tests."""

from __future__ import annotations

from typing import Any

CALLS: dict[str, dict[str, Any]] = {
    "get_market_overview": {"timeframe": "1W"},
    "get_sector_heatmap": {"period": "monthly"},
    "get_macro_indicators": {"indicator_list": ["CPI", "InterestRate"]},
    "get_foreign_flow": {"timeframe": "1M", "sector": "Energy"},
    "get_whale_activity": {"timeframe": "1D"},
    "get_news_sentiment": {"timeframe": "1M", "sector": "Energy"},
    "get_stock_analysis": {"symbol": "EN1"},
    "get_sector_rotation": {},
    "get_sector_forecast": {"horizon": "1M"},
    "explain_sector": {"sector": "Energy", "horizon": "1M"},
    "get_signal_card": {"horizon": "1M"},
    "run_scenario": {"scenario": "rate_hike"},
    "run_backtest": {"strategy": "momentum", "lookback": "1Y"},
    "get_data_health": {},
    "search_instruments": {"query": "energy"},
}
