"""Questions answered whole: back-tests, scenarios, the record, the data, look-ups, briefs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent.brains.offline.calls import (
    Ask,
    Desk,
    Wanted,
    as_support,
    asks_sectors,
    flow_calls,
    forecast_call,
    general_macro,
    heatmap_call,
    macro_call,
    stock_call,
)
from agent.brains.offline.text import fold
from agent.brains.offline.windows import FLOW_WINDOWS, LOOKBACKS, OVERVIEW_WINDOWS, nearest
from agent.brains.offline.words import say

if TYPE_CHECKING:
    from agent.brains.offline.clauses import Clause

_BACKTEST_DAYS = 250
_CARD = "get_signal_card"
_STRATEGIES = ("mean_reversion", "buy_and_hold", "momentum", "sector_rotation")
_DRAWN = frozenset({"rate_hike", "rate_cut", "oil_shock", "currency_devaluation"})
"""Scenarios that "which sectors" alone draws on: "Fed cuts, which sectors gain"."""
_SHORT_REQUEST = 4
_SIZE = r"(?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>bps?|%|điểm cơ bản|diem co ban)"
_FEES = r"\b(?:costs?|fees?|phí|phi|commissions?|slippage)\b"
_COST_AFTER = re.compile(rf"{_SIZE}(?=.{{0,25}}{_FEES})", re.IGNORECASE)
_COST_OF_TRADES = re.compile(
    rf"{_SIZE}(?=.{{0,8}}\b(?:a|per|each|every|mỗi|mot|một|cho)\b.{{0,10}}\b(?:trade|side|time|turn|switch"
    rf"|lần|lan|vòng|lệnh|lenh)\b)"
    rf"|(?:\bnet of|\bafter|\bpay(?:ing|s)?|\bcharg(?:es?|ed|ing)|\btrừ|\btru|\bmất"
    rf"|\bmat)\b\D{{0,14}}{_SIZE.replace('number', 'amount').replace('unit', 'per')}",
    re.IGNORECASE,
)
_COST_BEFORE = re.compile(rf"{_FEES}\D{{0,20}}{_SIZE}", re.IGNORECASE)
_MEMBERS = re.compile(
    r"\b(?:who|which|what) are (?:the |all )?(?:\w+ ){1,4}(?:companies|firms|names|tickers|members)\b"
    r"|\b(?:names|tickers|companies|firms|stocks)\b.{0,20}\b(?:on your list|you (?:have|know|cover|follow|track))\b"
    r"|\b(?:ke ten|liet ke)\b.{0,30}\b(?:cong ty|ma|co phieu|cty|doanh nghiep)\b|"
    r"\b(?:stocks?|compan(?:y|ies)|business(?:es)?|firms?|tickers?|shares)\b.{0,14}"
    r"\b(?:in|within|inside|belong\w*|part of|make up|under|comprise)\b"
    r"|\b(?:ma|cong ty|co phieu|doanh nghiep|cp|cty)\b.{0,12}\b(?:trong|thuoc|nam trong|cua nganh|cua nhom)\b"
)
_BESIDES = re.compile(
    r"(?:,|\bplus\b|\band\b|\bthen\b|\balso\b|\bva\b|\broi\b|\bkem\b) (?:\w+ ){0,2}(?:what|how would|if"
    r"|neu|gia su|lo)\b"
    r"|\b(?:bao nhieu|may (?:do|usd|dong|phan tram)|ra sao|the nao|o dau|how much is|what s|what is"
    r"|where s|where is)\b"
    r".{0,20}\b(?:va|roi|ma|con|and|then)\b.{0,30}\d"
)
"""A shock asked for beside the figure itself: "crude, plus what a spike would do"."""
_JUDGED = re.compile(
    r"\b(?:models?|forecasts?|predict\w*|signals?|calls?|scores?|rankings?|you|your|mo hinh|du bao|du doan|tin hieu"
    r"|nhan dinh|xep hang|ban|he thong|bot|(?:that|this) (?:number|figure|percentage)|con so (?:do|nay|ay))\b"
)
"""What has a record of its own, beside the data it is made from."""
SHOCK_OF_SERIES = {
    "InterestRate": "rate_hike",
    "FED_RATE": "rate_hike",
    "UST_10Y": "rate_hike",
    "OIL": "oil_shock",
    "OIL_BARE": "oil_shock",
    "FX": "currency_devaluation",
    "USDVND": "currency_devaluation",
    "BAA_SPREAD": "credit_stress",
    "VIX": "volatility_spike",
}


def read_backtest(clause: Clause, desk: Desk) -> Ask | None:
    """Return the back-tests a clause asks for."""
    strategies = [name for name in _STRATEGIES if clause.has(f"strategy_{name}")]
    if clause.has("track") and not strategies:
        return None
    long_past = any(w.days >= _BACKTEST_DAYS and not w.future for w in clause.windows)
    unnamed = clause.has("backtest_strong") or (clause.has("strategy_word") and long_past)
    if not (clause.has("backtest") and (strategies or unnamed)) and not (
        strategies and long_past and not clause.sectors
    ):
        return None
    if "mean_reversion" in strategies and "momentum" in strategies and not clause.has("compare"):
        strategies.remove("momentum" if not clause.has("momentum_strong") else "mean_reversion")
    if {"momentum", "sector_rotation"} <= set(strategies) and not clause.has("compare"):
        strategies.remove("sector_rotation")
    lookback = "3Y"
    past = [window for window in clause.windows if window.days >= 42]
    if past:
        longest = max(past, key=lambda window: window.days)
        lookback = nearest(longest.days, LOOKBACKS)
        if LOOKBACKS[lookback] != longest.days:
            desk.note("nearest_window", words=longest.text, window=lookback)
    costs = costs_named(clause.text)
    return Ask(
        "backtest",
        tuple(
            Wanted(
                "run_backtest",
                {"strategy": name, "lookback": lookback} | ({"costs_bp": costs} if costs else {}),
                say("why_backtest", desk.language),
            )
            for name in (strategies or ["sector_rotation"])[:3]
        ),
    )


def costs_named(text: str) -> float | None:
    """Return the trading cost a text names, in basis points."""
    found = _COST_AFTER.search(text) or _COST_BEFORE.search(text) or _COST_OF_TRADES.search(text)
    if not found:
        return None
    said = {name: words for name, words in found.groupdict().items() if words}
    number = float((said.get("number") or said["amount"]).replace(",", "."))
    return number * 100 if (said.get("unit") or said["per"]) == "%" else number


def named_of(clause: Clause) -> bool:
    """Whether a clause names a series, a share or a sector."""
    return bool(clause.entities.series or clause.symbols or clause.sectors)


def read_scenario(clause: Clause, desk: Desk) -> Ask | None:
    """Return the shocks a clause supposes."""
    shocks = clause.shocks
    reason = say("why_scenario", desk.language)
    general = (
        clause.has("recession_word", "crash_word", "credit_word")
        and asks_sectors(clause)
        and not clause.has("flow", "whale_strong")
    )
    sized = any(shock.magnitude is not None for shock in shocks) and (
        asks_sectors(clause) or clause.has("rank") or not clause.has("explain")
    )
    drawn = bool(shocks) and shocks[0].scenario in _DRAWN and clause.has("rank")
    general = general or (drawn and clause.has("sector_word"))
    bare = bool(shocks) and clause.words <= _SHORT_REQUEST and not clause.windows
    bare = (
        bare and clause.has("rate_word") and not (named_of(clause) or clause.has("explain", "rank"))
    )
    if shocks and (clause.has("hypothetical") or general or sized or bare):
        if clause.has("explain") and not clause.has("hypothetical"):
            return None
        wanted = tuple(Wanted("run_scenario", s.arguments(), reason) for s in shocks[:2])
        if (
            shocks[0].scenario == "foreign_outflow"
            and not sized
            and not clause.has("hypothetical_strong")
        ):
            wanted += tuple(as_support(w) for w in flow_calls("get_foreign_flow", clause, desk))
        if clause.entities.series and _BESIDES.search(fold(clause.text)):
            wanted += (macro_call(clause.entities.series, desk),)
        return Ask("scenario", wanted)
    if clause.has("hypothetical") and asks_sectors(clause):
        implied = [
            SHOCK_OF_SERIES[notion]
            for notion in clause.entities.series_notions
            if notion in SHOCK_OF_SERIES
        ]
        if implied:
            series = clause.entities.series
            backdrop = (as_support(macro_call(series, desk)),) if series else ()
            shock = Wanted("run_scenario", {"scenario": implied[0]}, reason)
            return Ask("scenario", (shock, *backdrop))
    return None


def read_track(clause: Clause, desk: Desk) -> Ask | None:
    """Return the call for the model's own record."""
    if not clause.has("track"):
        return None
    if clause.has("data_word") and (clause.has("health") or not _JUDGED.search(fold(clause.text))):
        return None
    horizon = desk.forecast_horizon(clause)
    calls = [forecast_call(horizon, desk, "why_track")]
    if _CARD in desk.tools:
        arguments = {"horizon": horizon} if "horizon" in desk.tools[_CARD] else {}
        calls.insert(0, Wanted(_CARD, arguments, say("why_track", desk.language)))
    return Ask("track", tuple(calls))


def read_health(clause: Clause, desk: Desk) -> Ask | None:
    """Return the call for the state of the data."""
    other = clause.has(
        "flow", "whale", "macro", "backtest", "heatmap", "rotation", "forecast", "index"
    )
    named = clause.sectors or clause.symbols or clause.entities.series
    if clause.has("data_word") and not other and not named:
        return Ask("health", (Wanted("get_data_health", {}, say("why_health", desk.language)),))
    if not clause.has("health") or clause.has("flow", "whale"):
        return None
    if not (clause.has("data_word", "health_strong")):
        return None
    return Ask("health", (Wanted("get_data_health", {}, say("why_health", desk.language)),))


def read_search(clause: Clause, desk: Desk) -> Ask | None:
    """Return the look-up a clause asks for."""
    named = bool(clause.symbols or clause.entities.lost_symbols)
    if clause.has("belongs") and named:
        return _lookup(clause, desk)
    if not clause.has("search") and not _asks_members(clause):
        return None
    strong = clause.has(
        "flow",
        "whale",
        "rotation",
        "forecast_strong",
        "heatmap",
        "macro",
        "index",
        "hold",
        "explain",
    )
    if strong and not clause.has("search_strong"):
        return None
    if not clause.has("search_strong") and clause.entities.series and not clause.sectors:
        return None
    return _lookup(clause, desk)


def _asks_members(clause: Clause) -> bool:
    """Whether a clause asks which companies a sector holds, and nothing of how they do."""
    busy = clause.has(
        "flow", "whale", "heatmap", "forecast", "rotation", "explain", "rank", "up", "down", "hold"
    )
    return bool(clause.sectors) and not busy and bool(_MEMBERS.search(fold(clause.text)))


def _lookup(clause: Clause, desk: Desk) -> Ask | None:
    query = _query(clause, desk)
    if not query:
        return None
    calls = [Wanted("search_instruments", {"query": query}, say("why_search", desk.language))]
    calls += [as_support(stock_call(symbol, desk)) for symbol in clause.symbols[:1]]
    return Ask("stock", tuple(calls))


def _query(clause: Clause, desk: Desk) -> str:
    entities = clause.entities
    if entities.symbols:
        return entities.symbols[0]
    if entities.homes:
        return entities.homes[0][0]
    if entities.sectors:
        code = entities.sectors[0]
        return next(s.name for s in desk.vocabulary.sectors if s.code == code)
    if entities.lost_sectors:
        return entities.lost_sectors[0]
    if entities.lost_symbols:
        return entities.lost_symbols[0]
    return "sectors" if re.search(r"sector|industr|ng[àa]nh|nh[óo]m", clause.text, re.I) else ""


def read_brief(clause: Clause, desk: Desk) -> Ask | None:
    """Return a whole brief where a clause asks for one."""
    if not clause.has("brief") or clause.symbols:
        return None
    if clause.sectors and clause.has("explain"):
        return None
    if clause.entities.series and not clause.has("market", "market_word", "sector_word"):
        return None
    narrow = clause.has("flow", "whale", "macro", "rotation", "explain") or clause.entities.series
    if (narrow or clause.sectors or clause.has("index")) and not clause.has("brief_strong"):
        return None
    about = clause.has("market_word", "market", "index", "sector_word") or clause.windows
    if not (clause.has("brief_strong") or about or clause.words <= _SHORT_REQUEST):
        return None
    return full_brief(clause, desk)


def full_brief(clause: Clause, desk: Desk) -> Ask:
    """Return the six calls of a whole brief."""
    overview = desk.windows(clause, OVERVIEW_WINDOWS, "1D")[0]
    heatmap = desk.windows(clause, FLOW_WINDOWS, "1W")[0]
    horizon = desk.forecast_horizon(clause)
    return Ask(
        "brief",
        (
            Wanted(
                "get_market_overview", {"timeframe": overview}, say("why_market", desk.language)
            ),
            heatmap_call(heatmap, desk),
            macro_call(general_macro(desk), desk),
            Wanted("get_foreign_flow", {"timeframe": heatmap}, say("why_flow", desk.language)),
            Wanted("get_whale_activity", {"timeframe": heatmap}, say("why_whale", desk.language)),
            forecast_call(horizon, desk),
        ),
    )
