"""The calls a plan is made of, and the desk they are made at."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agent.brains.offline.windows import FLOW_WINDOWS, HORIZON_WINDOWS, Window, nearest
from agent.brains.offline.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.brains.offline.clauses import Clause
    from agent.brains.offline.names import MarketNames
    from agent.brief.model import Intent, Language
    from tools.contracts import Horizon, Vocabulary

PERIOD_OF = {"1D": "daily", "1W": "weekly", "1M": "monthly", "3M": "monthly"}
"""Window → the period of a heatmap that holds it; each also tells of three months."""
LABEL_OF = {
    "get_market_overview": "market",
    "get_sector_heatmap": "heatmap",
    "get_sector_rotation": "rotation",
    "get_sector_forecast": "forecast",
    "get_foreign_flow": "flow",
    "get_whale_activity": "whale",
    "get_macro_indicators": "macro",
    "explain_sector": "explain",
    "get_stock_analysis": "stock",
    "search_instruments": "search",
    "run_scenario": "scenario",
    "run_backtest": "backtest",
    "get_data_health": "health",
    "get_news_sentiment": "news",
    "get_signal_card": "track",
}
"""Tool → what the linear model calls a question for it."""
_EARLIER = re.compile(
    r"\b(?:(?:the )?(?:week|month|quarter) before|(?:the )?(?:previous|prior) (?:week|month|quarter)"
    r"|a (?:week|month) ago|(?:tuần|tháng|quý|tuan|thang|quy) (?:trước|truoc)(?: đó| do)?)\b",
    re.IGNORECASE,
)
"""Words for a stretch that ended before the as-of, which no trailing window is."""
_GENERAL_MACRO = 8
_MOST_WINDOWS = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call, and whether it only supports another."""

    tool: str
    arguments: dict[str, Any]
    reason: str
    support: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing a question wants."""

    intent: Intent
    wanted: tuple[Wanted, ...]
    narrow: bool = False
    """Whether the calls are all that is asked, so that the graph need not complete them."""


@dataclass
class Desk:
    """What asks are made against, and the notes that making them leaves."""

    vocabulary: Vocabulary
    names: MarketNames
    default_horizon: Horizon
    language: Language
    tools: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Tool there is → names of its arguments."""
    notes: dict[str, None] = field(default_factory=dict)
    horizon: Horizon | None = None
    """A horizon the question named."""

    def note(self, key: str, **values: str) -> None:
        """Keep a sentence the brief must say."""
        self.notes[say(key, self.language, **values)] = None

    def windows(self, clause: Clause, offered: tuple[str, ...], default: str) -> tuple[str, ...]:
        """Return the offered windows nearest to those a clause names, at most two."""
        if self.vocabulary.monthly:
            offered = tuple(name for name in offered if name not in {"1D", "1W"})
            default = default if default in offered else offered[0]
        if not clause.windows:
            return (default,)
        found: dict[str, None] = {}
        earlier = _EARLIER.search(clause.text)
        for window in clause.windows:
            name = nearest(window.days, offered)
            found[name] = None
            if earlier is None:
                self._say_how_read(window, name)
            else:
                self.note("earlier", words=earlier[0], window=name)
        if len(found) > _MOST_WINDOWS:
            self.note("trimmed_windows", kept=", ".join(tuple(found)[:_MOST_WINDOWS]))
        return tuple(found)[:_MOST_WINDOWS]

    def forecast_horizon(self, clause: Clause) -> Horizon:
        """Return the horizon a clause names, coming windows first, or the default."""
        offered = HORIZON_WINDOWS[1:] if self.vocabulary.monthly else HORIZON_WINDOWS
        coming = [window for window in clause.windows if window.future]
        trailing = [window for window in clause.windows if window.days > 1]
        for window in (coming or trailing)[:1]:
            name: Horizon = nearest(window.days, offered)  # type: ignore[assignment]
            self._say_how_read(window, name)
            self.horizon = name
            return name
        return self.default_horizon if self.default_horizon in offered else "1M"

    def _say_how_read(self, window: Window, name: str) -> None:
        exact = {"1D": 1, "1W": 5, "1M": 21, "3M": 63}[name] == window.days
        if self.vocabulary.monthly and window.days < 21:
            self.note("monthly", words=window.text, window=name)
        elif not exact or window.loose:
            self.note("nearest_window" if not exact else "window", words=window.text, window=name)


def asks_sectors(clause: Clause) -> bool:
    """Whether a clause is about sectors, named or in general."""
    return bool(clause.sectors) or clause.has("sector_word")


def desk_windows(desk: Desk) -> tuple[str, ...]:
    """Return the windows a heatmap is ordered by in this market."""
    return ("1M",) if desk.vocabulary.monthly else FLOW_WINDOWS


def heatmap_call(window: str, desk: Desk) -> Wanted:
    """Return the call for what each sector did over a window."""
    return Wanted(
        "get_sector_heatmap", {"period": PERIOD_OF[window]}, say("why_heatmap", desk.language)
    )


def forecast_call(horizon: str, desk: Desk, why: str = "why_forecast") -> Wanted:
    """Return the call for the scorecard at a horizon."""
    return Wanted("get_sector_forecast", {"horizon": horizon}, say(why, desk.language))


def rotation_call(desk: Desk) -> Wanted:
    """Return the call for the rotation quadrants."""
    return Wanted("get_sector_rotation", {}, say("why_rotation", desk.language))


def explain_call(sector: str, horizon: str, desk: Desk) -> Wanted:
    """Return the call that explains one sector's score."""
    return Wanted(
        "explain_sector", {"sector": sector, "horizon": horizon}, say("why_explain", desk.language)
    )


def stock_call(symbol: str, desk: Desk) -> Wanted:
    """Return the call for one share."""
    return Wanted("get_stock_analysis", {"symbol": symbol}, say("why_stock", desk.language))


def macro_call(series: tuple[str, ...], desk: Desk) -> Wanted:
    """Return the call for some series."""
    return Wanted(
        "get_macro_indicators", {"indicator_list": list(series)}, say("why_macro", desk.language)
    )


def general_macro(desk: Desk) -> tuple[str, ...]:
    """Return the series a general question about the economy is answered with."""
    order = (
        "CPI",
        "CORE_CPI",
        "InterestRate",
        "FED_RATE",
        "PMI",
        "FX",
        "UST_10Y",
        "OIL",
        "IIP",
        "GOLD",
        "UNEMPLOYMENT",
        "VIX",
    )
    known = {name: None for notion in order if (name := desk.names.series.get(notion))}
    aliases = desk.vocabulary.series_aliases
    distinct = {aliases.get(name, name): name for name in reversed(known)}
    chosen = [name for name in known if name in distinct.values()]
    return tuple(chosen[:_GENERAL_MACRO]) or desk.vocabulary.series[:_GENERAL_MACRO] or ("CPI",)


def flow_calls(tool: str, clause: Clause, desk: Desk) -> tuple[Wanted, ...]:
    """Return the calls of a flow tool: one a window and sector named."""
    reason = say("why_flow" if tool == "get_foreign_flow" else "why_whale", desk.language)
    return tuple(
        Wanted(tool, {"timeframe": window} | ({"sector": sector} if sector else {}), reason)
        for window in desk.windows(clause, FLOW_WINDOWS, "1W")
        for sector in (clause.sectors or ("",))
    )


def as_support(wanted: Wanted) -> Wanted:
    """Return the same call as a support of others."""
    return Wanted(wanted.tool, wanted.arguments, wanted.reason, support=True)
