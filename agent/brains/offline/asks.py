"""What a clause asks for → the calls that answer it.

Every call is either asked for or a support: a second view of the same thing, for questions whose
words fit more than one tool. A plan keeps at most two supports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brains.offline.calls import (
    Ask,
    Desk,
    Wanted,
    as_support,
    asks_sectors,
    desk_windows,
    explain_call,
    flow_calls,
    forecast_call,
    general_macro,
    heatmap_call,
    macro_call,
    rotation_call,
    stock_call,
)
from agent.brains.offline.wholes import (
    read_backtest,
    read_brief,
    read_health,
    read_scenario,
    read_search,
    read_track,
)
from agent.brains.offline.windows import FLOW_WINDOWS, OVERVIEW_WINDOWS, nearest
from agent.brains.offline.words import say

if TYPE_CHECKING:
    from agent.brains.offline.clauses import Clause
    from agent.brief.model import Intent

_LONG_WINDOW_DAYS = 42
_MOST_SHARES = 6
_MOST_EXPLAINED = 3


def read_asks(clause: Clause, desk: Desk) -> tuple[Ask, ...]:
    """Return what a clause asks for; empty where it asks for nothing known."""
    for whole in (read_backtest, read_scenario, read_track, read_health, read_search, read_brief):
        found = whole(clause, desk)
        if found is not None:
            return (found,)
    several = [
        found
        for part in (_news, _flow, _whale, _macro, _explain, _stocks)
        if (found := part(clause, desk)) is not None
    ]
    backdrop = {ask.intent for ask in several} == {"macro"} and clause.has("sector_word")
    firm = bool(several) and not backdrop
    for part in (_compare, _portfolio, _rotation, _forecast, _heatmap, _market):
        found = part(clause, desk, firm)
        if found is not None:
            several.append(found)
            firm = True
    movers = clause.has("heatmap") and not clause.has("stock_word")
    if not several and (
        clause.sectors or ((clause.has("sector_word") or movers) and clause.windows)
    ):
        several.append(sector_view(clause, desk, vague=not (clause.windows or movers)))
    return tuple(several)


def _news(clause: Clause, desk: Desk) -> Ask | None:
    tool = "get_news_sentiment"
    if tool not in desk.tools or not clause.has("news"):
        return None
    if not clause.has("news_strong") and clause.has("macro", "index"):
        return None
    reason = say("why_news", desk.language)
    window = desk.windows(clause, FLOW_WINDOWS, "1W")[0]
    return Ask(
        "flow",
        tuple(
            Wanted(tool, {"timeframe": window} | ({"sector": s} if s else {}), reason)
            for s in (clause.sectors or ("",))
        ),
        narrow=True,
    )


def _flow(clause: Clause, desk: Desk) -> Ask | None:
    if not clause.has("flow") or (
        clause.has("individuals", "prop") and not clause.has("flow_strong")
    ):
        return None
    return Ask("flow", flow_calls("get_foreign_flow", clause, desk))


def _whale(clause: Clause, desk: Desk) -> Ask | None:
    if not clause.has("whale") or (clause.has("flow") and not clause.has("whale_strong")):
        return None
    return Ask("whale", flow_calls("get_whale_activity", clause, desk))


def _macro(clause: Clause, desk: Desk) -> Ask | None:
    series = clause.entities.series
    if not series and clause.has("explain") and clause.has("fx_word", "devalue_word"):
        series = (desk.names.exchange_rate,)
    if not series and not clause.has("macro"):
        return None
    return Ask("macro", (macro_call(series or general_macro(desk), desk),))


def _explain(clause: Clause, desk: Desk) -> Ask | None:
    if not clause.has("explain"):
        return None
    horizon = desk.forecast_horizon(clause)
    if clause.sectors:
        if len(clause.sectors) > _MOST_EXPLAINED:
            desk.note("trimmed", kept=str(_MOST_EXPLAINED))
        explained = clause.sectors[:_MOST_EXPLAINED]
        calls = tuple(explain_call(sector, horizon, desk) for sector in explained)
        if clause.windows or clause.has("heatmap"):
            window = desk.windows(clause, FLOW_WINDOWS, "1W")[0]
            calls += (as_support(heatmap_call(window, desk)),)
        return Ask("explain", calls)
    if (
        clause.symbols
        or clause.entities.proxies
        or clause.has("flow", "whale")
        or clause.entities.series
    ):
        return None
    if clause.has("sector_word", "explain_strong", "forecast_strong") or clause.has(
        "rotation_strong"
    ):
        return Ask("explain", (forecast_call(horizon, desk),))
    return None


def _stocks(clause: Clause, desk: Desk) -> Ask | None:
    symbols = clause.symbols
    alone = not (
        clause.has(
            "flow", "whale", "explain", "compare", "hold", "rotation_strong", "forecast_strong"
        )
    )
    if clause.entities.proxies and (alone or clause.has("stock_word")):
        symbols = (*symbols, *clause.entities.proxies)
    if not symbols:
        return None
    if len(symbols) > _MOST_SHARES:
        desk.note("trimmed", kept=str(_MOST_SHARES))
    return Ask("stock", tuple(stock_call(symbol, desk) for symbol in symbols[:_MOST_SHARES]))


def _compare(clause: Clause, desk: Desk, firm: bool) -> Ask | None:  # noqa: FBT001 - one of a row of readers
    if len(clause.sectors) < 2 or firm or not clause.has("compare"):
        return None
    return _view("compare", clause, desk)


def _portfolio(clause: Clause, desk: Desk, firm: bool) -> Ask | None:  # noqa: FBT001
    if not clause.has("hold") or not (
        clause.sectors or clause.symbols or clause.has("hold_strong")
    ):
        return None
    if clause.has("flow", "whale", "explain", "compare") and firm:
        return None
    found = _view("portfolio", clause, desk)
    if firm:
        return Ask(found.intent, tuple(as_support(w) for w in found.wanted))
    return found


def _rotation(clause: Clause, desk: Desk, firm: bool) -> Ask | None:  # noqa: FBT001
    if not clause.has("rotation") or (firm and not clause.has("rotation_strong")):
        return None
    if clause.symbols and not asks_sectors(clause):
        return None
    if clause.has("flow", "whale"):
        return None if clause.sectors else Ask("rotation", (as_support(rotation_call(desk)),))
    window = desk.windows(clause, FLOW_WINDOWS, "1M")[0]
    calls = [rotation_call(desk)]
    calls.append(
        as_support(heatmap_call(window, desk))
        if not clause.has("heatmap_strong")
        else heatmap_call(window, desk)
    )
    forecast = forecast_call(desk.forecast_horizon(clause), desk)
    calls.append(
        forecast if clause.future or clause.has("forecast_strong") else as_support(forecast)
    )
    return Ask("rotation", tuple(calls))


def _forecast(clause: Clause, desk: Desk, firm: bool) -> Ask | None:  # noqa: FBT001
    if not (clause.has("forecast") or clause.future) or (
        firm and not clause.has("forecast_strong")
    ):
        return None
    if clause.symbols and not asks_sectors(clause):
        return None
    about = asks_sectors(clause) or clause.has("rank", "forecast_strong") or clause.future
    if clause.has("index", "market", "market_word") and not (
        asks_sectors(clause) or clause.has("rank")
    ):
        window = desk.windows(clause, OVERVIEW_WINDOWS, "1D")[0]
        overview = Wanted(
            "get_market_overview", {"timeframe": window}, say("why_market", desk.language)
        )
        return Ask(
            "rotation", (overview, as_support(forecast_call(desk.forecast_horizon(clause), desk)))
        )
    if not about:
        return None
    horizon = desk.forecast_horizon(clause)
    calls = [forecast_call(horizon, desk)]
    calls += [
        as_support(explain_call(s, horizon, desk))
        for s in clause.sectors[:1]
        if len(clause.sectors) == 1
    ]
    window = nearest({"1W": 5, "1M": 21, "3M": 63}[horizon], desk_windows(desk))
    calls.append(as_support(heatmap_call(window, desk)))
    return Ask("rotation", tuple(calls))


def _heatmap(clause: Clause, desk: Desk, firm: bool) -> Ask | None:  # noqa: FBT001
    if firm and not clause.has("heatmap_strong"):
        return None
    about = asks_sectors(clause) or clause.has("heatmap_strong")
    general = clause.has("rank") and not clause.has("index", "market")
    if not (clause.has("heatmap") and (about or general)) and not (
        clause.has("rank") and clause.has("sector_word")
    ):
        return None
    if clause.symbols and not asks_sectors(clause):
        return None
    return _view("rotation", clause, desk)


def sector_view(clause: Clause, desk: Desk, *, vague: bool = False) -> Ask:
    """Return how named sectors stand: what they did, what is expected, and for a vague question why."""
    found = _view("rotation", clause, desk)
    if not vague or len(clause.sectors) != 1:
        return found
    why = explain_call(clause.sectors[0], desk.forecast_horizon(clause), desk)
    return Ask(found.intent, (*found.wanted, as_support(why)), found.narrow)


def _view(intent: Intent, clause: Clause, desk: Desk) -> Ask:
    calls = [
        heatmap_call(window, desk)
        for window in desk.windows(clause, OVERVIEW_WINDOWS, "1M" if intent != "rotation" else "1W")
    ]
    narrow = intent == "rotation" and _only_past(clause)
    if not narrow:
        forecast = forecast_call(desk.forecast_horizon(clause), desk)
        calls.append(forecast if intent in {"compare", "portfolio"} else as_support(forecast))
    if (
        any(w.days >= _LONG_WINDOW_DAYS and not w.future for w in clause.windows)
        and intent == "rotation"
    ):
        calls.append(
            Wanted(
                "get_market_overview",
                {"timeframe": "3M"},
                say("why_market", desk.language),
            )
        )
    return Ask(intent, tuple(calls), narrow)


def _only_past(clause: Clause) -> bool:
    """Whether a clause asks what sectors did over a window behind us, and nothing of what comes."""
    return (
        bool(clause.windows)
        and not clause.future
        and clause.has("heatmap", "up", "down")
        and not clause.has("forecast", "rotation", "hold", "compare")
    )


def _market(clause: Clause, desk: Desk, firm: bool) -> Ask | None:  # noqa: FBT001
    if not clause.has("index", "market") and (firm or not clause.has("market_word")):
        return None
    if firm and (asks_sectors(clause) or not clause.has("index", "market_strong")):
        return None
    if not firm and clause.sectors and not clause.has("index", "market_strong"):
        return None
    measured = clause.has("compare", "heatmap", "rotation", "forecast") and clause.has(
        "rank", "compare"
    )
    if (clause.sectors and clause.has("compare", "heatmap")) or (measured and firm):
        return None  # the index is only what the sector is measured by
    calls = tuple(
        Wanted("get_market_overview", {"timeframe": window}, say("why_market", desk.language))
        for window in desk.windows(clause, OVERVIEW_WINDOWS, "1D")
    )
    return Ask("rotation", calls, narrow=True)
