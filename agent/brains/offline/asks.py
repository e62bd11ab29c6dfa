"""What a clause asks for → the calls that answer it.

Every call is either asked for or a support: a second view of the same thing, for questions whose
words fit more than one tool. A plan keeps at most two supports.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agent.brains.offline.windows import (
    FLOW_WINDOWS,
    HORIZON_WINDOWS,
    LOOKBACKS,
    OVERVIEW_WINDOWS,
    Window,
    nearest,
)
from agent.brains.offline.words import say
from tools.contracts import HEATMAP_WINDOW

if TYPE_CHECKING:
    from agent.brains.offline.clauses import Clause
    from agent.brains.offline.names import MarketNames
    from agent.brief.model import Intent, Language
    from tools.contracts import Horizon, Vocabulary

_PERIOD_OF = {window: period for period, window in HEATMAP_WINDOW.items()}
_LONG_WINDOW_DAYS = 42
_BACKTEST_DAYS = 250
_STRATEGIES = ("mean_reversion", "buy_and_hold", "momentum", "sector_rotation")
_GENERAL_MACRO = 8
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


@dataclass
class Desk:
    """What asks are made against, and the notes that making them leaves."""

    vocabulary: Vocabulary
    names: MarketNames
    default_horizon: Horizon
    language: Language
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
        for window in clause.windows:
            name = nearest(window.days, offered)
            found[name] = None
            self._say_how_read(window, name)
        return tuple(found)[:2]

    def forecast_horizon(self, clause: Clause) -> Horizon:
        """Return the horizon a clause names, coming windows before trailing ones, or the default."""
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


def read_asks(clause: Clause, desk: Desk) -> tuple[Ask, ...]:
    """Return what a clause asks for; empty where it asks for nothing known."""
    for whole in (_backtest, _scenario, _track, _health, _search, _brief):
        found = whole(clause, desk)
        if found is not None:
            return (found,)
    several = [
        found
        for part in (_flow, _whale, _macro, _explain, _stocks)
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
    if not several and (clause.sectors or (clause.has("sector_word") or movers) and clause.windows):
        several.append(sector_view(clause, desk))
    return tuple(several)


def asks_sectors(clause: Clause) -> bool:
    """Whether a clause is about sectors, named or in general."""
    return bool(clause.sectors) or clause.has("sector_word")


def _backtest(clause: Clause, desk: Desk) -> Ask | None:
    strategies = [name for name in _STRATEGIES if clause.has(f"strategy_{name}")]
    long_past = any(w.days >= _BACKTEST_DAYS and not w.future for w in clause.windows)
    if not (clause.has("backtest") and (strategies or clause.has("backtest_strong"))) and not (
        strategies and long_past and not clause.sectors
    ):
        return None
    if "mean_reversion" in strategies and "momentum" in strategies and not clause.has("compare"):
        strategies.remove("momentum" if not clause.has("momentum_strong") else "mean_reversion")
    if "momentum" in strategies and "sector_rotation" in strategies and not clause.has("compare"):
        strategies.remove("sector_rotation" if not clause.has("sector_word") else "sector_rotation")
    lookback = "3Y"
    past = [window for window in clause.windows if window.days >= 42]
    if past:
        lookback = nearest(past[0].days, LOOKBACKS)
        if LOOKBACKS[lookback] != past[0].days:
            desk.note("nearest_window", words=past[0].text, window=lookback)
    costs = clause.entities and _costs(clause.text)
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


def _costs(text: str) -> float | None:
    found = re.search(
        r"(\d+(?:[.,]\d+)?)\s*(bps?|%|điểm cơ bản|diem co ban)(?=.{0,25}\b(cost|fee|phí|phi|commission|slippage))"
        r"|\b(?:costs?|fees?|phí|phi|commissions?|slippage)\b\D{0,20}(\d+(?:[.,]\d+)?)\s*(bps?|%|điểm cơ bản|diem co ban)",
        text,
        re.IGNORECASE,
    )
    if not found:
        return None
    number = float((found[1] or found[4]).replace(",", "."))
    unit = (found[2] or found[5]).lower()
    return number * 100 if unit == "%" else number


def _scenario(clause: Clause, desk: Desk) -> Ask | None:
    shocks = clause.shocks
    reason = say("why_scenario", desk.language)
    general = clause.has("recession_word", "crash_word", "credit_word") and asks_sectors(clause)
    sized = any(shock.magnitude is not None for shock in shocks) and (
        asks_sectors(clause) or clause.has("rank") or not clause.has("explain")
    )
    if shocks and (clause.has("hypothetical") or general or sized):
        if clause.has("explain") and not clause.has("hypothetical"):
            return None
        wanted = tuple(Wanted("run_scenario", s.arguments(), reason) for s in shocks[:2])
        if (
            shocks[0].scenario == "foreign_outflow"
            and not sized
            and not clause.has("hypothetical_strong")
        ):
            wanted += tuple(_support(w) for w in _flow_calls("get_foreign_flow", clause, desk))
        return Ask("scenario", wanted)
    if clause.has("hypothetical") and asks_sectors(clause):
        implied = [
            SHOCK_OF_SERIES[notion]
            for notion in clause.entities.series_notions
            if notion in SHOCK_OF_SERIES
        ]
        if implied:
            calls = (Wanted("run_scenario", {"scenario": implied[0]}, reason),)
            if clause.entities.series:
                calls += (_support(_macro_call(clause.entities.series, desk)),)
            return Ask("scenario", calls)
    return None


def _track(clause: Clause, desk: Desk) -> Ask | None:
    if not clause.has("track") or (clause.has("data_word") and clause.has("health")):
        return None
    horizon = desk.forecast_horizon(clause)
    return Ask("track", (_forecast_call(horizon, desk, "why_track"),))


def _health(clause: Clause, desk: Desk) -> Ask | None:
    if not clause.has("health") or clause.has("flow", "whale"):
        return None
    if not (clause.has("data_word", "health_strong")):
        return None
    return Ask("health", (Wanted("get_data_health", {}, say("why_health", desk.language)),))


def _search(clause: Clause, desk: Desk) -> Ask | None:
    named = bool(clause.symbols or clause.entities.lost_symbols)
    if clause.has("belongs") and named:
        return _lookup(clause, desk)
    if not clause.has("search"):
        return None
    strong = clause.has(
        "flow", "whale", "rotation", "forecast_strong", "heatmap", "macro", "index", "hold"
    )
    if strong and not clause.has("search_strong"):
        return None
    if not clause.has("search_strong") and clause.entities.series and not clause.sectors:
        return None
    return _lookup(clause, desk)


def _lookup(clause: Clause, desk: Desk) -> Ask | None:
    query = _query(clause, desk)
    if not query:
        return None
    calls = [Wanted("search_instruments", {"query": query}, say("why_search", desk.language))]
    calls += [_support(_stock_call(symbol, desk)) for symbol in clause.symbols[:1]]
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


def _brief(clause: Clause, desk: Desk) -> Ask | None:
    if not clause.has("brief") or clause.symbols:
        return None
    narrow = clause.has("flow", "whale", "macro", "rotation", "explain") or clause.entities.series
    if (narrow or clause.sectors or clause.has("index")) and not clause.has("brief_strong"):
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
            _heatmap_call(heatmap, desk),
            _macro_call(_general_macro(desk), desk),
            Wanted("get_foreign_flow", {"timeframe": heatmap}, say("why_flow", desk.language)),
            Wanted("get_whale_activity", {"timeframe": heatmap}, say("why_whale", desk.language)),
            _forecast_call(horizon, desk),
        ),
    )


def _flow(clause: Clause, desk: Desk) -> Ask | None:
    if not clause.has("flow") or (
        clause.has("individuals", "prop") and not clause.has("flow_strong")
    ):
        return None
    return Ask("flow", _flow_calls("get_foreign_flow", clause, desk))


def _whale(clause: Clause, desk: Desk) -> Ask | None:
    if not clause.has("whale") or (clause.has("flow") and not clause.has("whale_strong")):
        return None
    return Ask("whale", _flow_calls("get_whale_activity", clause, desk))


def _flow_calls(tool: str, clause: Clause, desk: Desk) -> tuple[Wanted, ...]:
    reason = say("why_flow" if tool == "get_foreign_flow" else "why_whale", desk.language)
    return tuple(
        Wanted(tool, {"timeframe": window} | ({"sector": sector} if sector else {}), reason)
        for window in desk.windows(clause, FLOW_WINDOWS, "1W")
        for sector in (clause.sectors or ("",))
    )


def _macro(clause: Clause, desk: Desk) -> Ask | None:
    series = clause.entities.series
    if not series and not clause.has("macro"):
        return None
    return Ask("macro", (_macro_call(series or _general_macro(desk), desk),))


def _general_macro(desk: Desk) -> tuple[str, ...]:
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


def _macro_call(series: tuple[str, ...], desk: Desk) -> Wanted:
    return Wanted(
        "get_macro_indicators", {"indicator_list": list(series)}, say("why_macro", desk.language)
    )


def _explain(clause: Clause, desk: Desk) -> Ask | None:
    if not clause.has("explain"):
        return None
    horizon = desk.forecast_horizon(clause)
    if clause.sectors:
        calls = tuple(explain_call(sector, horizon, desk) for sector in clause.sectors[:3])
        if clause.windows or clause.has("heatmap"):
            window = desk.windows(clause, FLOW_WINDOWS, "1W")[0]
            calls += (_support(_heatmap_call(window, desk)),)
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
        return Ask("explain", (_forecast_call(horizon, desk),))
    return None


def explain_call(sector: str, horizon: str, desk: Desk) -> Wanted:
    """Return the call that explains one sector's score."""
    return Wanted(
        "explain_sector", {"sector": sector, "horizon": horizon}, say("why_explain", desk.language)
    )


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
    return Ask("stock", tuple(_stock_call(symbol, desk) for symbol in symbols[:6]))


def _stock_call(symbol: str, desk: Desk) -> Wanted:
    return Wanted("get_stock_analysis", {"symbol": symbol}, say("why_stock", desk.language))


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
        return Ask(found.intent, tuple(_support(w) for w in found.wanted))
    return found


def _rotation(clause: Clause, desk: Desk, firm: bool) -> Ask | None:  # noqa: FBT001
    if not clause.has("rotation") or (firm and not clause.has("rotation_strong")):
        return None
    if clause.symbols and not asks_sectors(clause):
        return None
    if clause.has("flow", "whale"):
        return None if clause.sectors else Ask("rotation", (_support(_rotation_call(desk)),))
    window = desk.windows(clause, FLOW_WINDOWS, "1M")[0]
    calls = [_rotation_call(desk)]
    calls.append(
        _support(_heatmap_call(window, desk))
        if not clause.has("heatmap_strong")
        else _heatmap_call(window, desk)
    )
    forecast = _forecast_call(desk.forecast_horizon(clause), desk)
    calls.append(forecast if clause.future or clause.has("forecast_strong") else _support(forecast))
    return Ask("rotation", tuple(calls))


def _rotation_call(desk: Desk) -> Wanted:
    return Wanted("get_sector_rotation", {}, say("why_rotation", desk.language))


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
            "rotation", (overview, _support(_forecast_call(desk.forecast_horizon(clause), desk)))
        )
    if not about:
        return None
    horizon = desk.forecast_horizon(clause)
    calls = [_forecast_call(horizon, desk)]
    calls += [
        _support(explain_call(s, horizon, desk))
        for s in clause.sectors[:1]
        if len(clause.sectors) == 1
    ]
    window = nearest({"1W": 5, "1M": 21, "3M": 63}[horizon], desk_windows(desk))
    calls.append(_support(_heatmap_call(window, desk)))
    return Ask("rotation", tuple(calls))


def desk_windows(desk: Desk) -> tuple[str, ...]:
    """Return the windows a heatmap has in this market."""
    return ("1M",) if desk.vocabulary.monthly else FLOW_WINDOWS


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


def sector_view(clause: Clause, desk: Desk) -> Ask:
    """Return how named sectors stand: what they did, and what is expected of them."""
    return _view("rotation", clause, desk)


def _view(intent: Intent, clause: Clause, desk: Desk) -> Ask:
    calls = [
        _heatmap_call(window, desk)
        for window in desk.windows(clause, FLOW_WINDOWS, "1M" if intent != "rotation" else "1W")
    ]
    forecast = _forecast_call(desk.forecast_horizon(clause), desk)
    calls.append(forecast if intent in {"compare", "portfolio"} else _support(forecast))
    if (
        any(w.days >= _LONG_WINDOW_DAYS and not w.future for w in clause.windows)
        and intent == "rotation"
    ):
        calls.append(
            Wanted(
                "get_market_overview",
                {"timeframe": "3M"},
                say("why_market", desk.language),
                support=True,
            )
        )
    return Ask(intent, tuple(calls))


def _market(clause: Clause, desk: Desk, firm: bool) -> Ask | None:  # noqa: FBT001
    if not clause.has("index", "market") and (firm or not clause.has("market_word")):
        return None
    if firm and (asks_sectors(clause) or not clause.has("index", "market_strong")):
        return None
    if not firm and clause.sectors and not clause.has("index", "market_strong"):
        return None
    calls = tuple(
        Wanted("get_market_overview", {"timeframe": window}, say("why_market", desk.language))
        for window in desk.windows(clause, OVERVIEW_WINDOWS, "1D")
    )
    return Ask("rotation", calls)


def _heatmap_call(window: str, desk: Desk) -> Wanted:
    return Wanted(
        "get_sector_heatmap", {"period": _PERIOD_OF[window]}, say("why_heatmap", desk.language)
    )


def _forecast_call(horizon: str, desk: Desk, why: str = "why_forecast") -> Wanted:
    return Wanted("get_sector_forecast", {"horizon": horizon}, say(why, desk.language))


def _support(wanted: Wanted) -> Wanted:
    return Wanted(wanted.tool, wanted.arguments, wanted.reason, support=True)
