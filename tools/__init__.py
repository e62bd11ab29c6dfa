"""Everything that is true without a language model: markets, measures, scoring and tools.

This package never imports ``agent``, ``prompts``, ``langgraph``, ``openai`` or ``slack_sdk``; a
test keeps it so. :data:`CATALOGUE` says what may be called, and nothing else. Importing the package
costs nothing: an entry names its function, and :meth:`ToolEntry.load` imports it when it is wanted.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.contracts import ToolResult

__all__ = ["CATALOGUE", "ToolEntry"]


class ToolEntry(NamedTuple):
    """One callable tool: a function ``name(desk, *, …) -> ToolResult`` of a module."""

    module: str
    name: str

    def load(self) -> Callable[..., ToolResult]:
        """Import the tool's function."""
        function: Callable[..., ToolResult] = getattr(import_module(self.module), self.name)
        return function


CATALOGUE: tuple[ToolEntry, ...] = (
    ToolEntry("tools.market", "get_market_overview"),
    ToolEntry("tools.market", "get_sector_heatmap"),
    ToolEntry("tools.macro", "get_macro_indicators"),
    ToolEntry("tools.flows", "get_foreign_flow"),
    ToolEntry("tools.flows", "get_whale_activity"),
    ToolEntry("tools.stocks", "get_stock_analysis"),
    ToolEntry("tools.outlook", "get_sector_rotation"),
    ToolEntry("tools.outlook", "get_sector_forecast"),
    ToolEntry("tools.outlook", "explain_sector"),
    ToolEntry("tools.signal_card", "get_signal_card"),
    ToolEntry("tools.risk", "run_scenario"),
    ToolEntry("tools.strategies", "run_backtest"),
    ToolEntry("tools.research", "get_data_health"),
    ToolEntry("tools.news", "get_news_sentiment"),
    ToolEntry("tools.stocks", "search_instruments"),
)
