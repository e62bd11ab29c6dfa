"""Questions that lean on the one before: "and banks?", "why?", "no, I meant 3 months"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agent.brains.offline.again import RANKING_TOOLS, once_more, other_size, other_strategy
from agent.brains.offline.asks import sector_view
from agent.brains.offline.calls import PERIOD_OF, Ask, Desk, Wanted, explain_call, macro_call
from agent.brains.offline.clauses import TOPICS, Clause
from agent.brains.offline.text import fold
from agent.brains.offline.windows import (
    FLOW_WINDOWS,
    HORIZON_WINDOWS,
    LOOKBACKS,
    OVERVIEW_WINDOWS,
    Window,
    nearest,
)
from agent.brains.offline.words import say
from tools.contracts import HEATMAP_WINDOW, TRADING_DAYS

if TYPE_CHECKING:
    from agent.brains.base import Turn

GROUPS = {
    "group_flow": "flow",
    "group_macro": "macro",
    "group_trend": "trend",
    "group_rotation": "rotation",
    "group_breadth": "breadth",
    "group_risk": "risk",
    "group_trading": "activity",
}
_OWN_TOPICS = TOPICS - {
    "forecast",
    "heatmap",
    "hold",
    "search",
    "help",
    "market",
    "explain",
    "brief",
}
_SECTOR_TOOLS = frozenset(
    {"get_foreign_flow", "get_whale_activity", "get_news_sentiment", "explain_sector"}
)
_TIMES = frozenset({"timeframe", "period", "horizon", "lookback"})
"""Arguments that another window can change."""
_ABOUT = re.compile(
    r"\b(?:tell me (?:more )?about|details? (?:on|of)|(?:noi|ke) (?:them |ky |ro )?(?:hon )?ve"
    r"|thong tin ve|phan tich|analy[sz]e)\b"
)
"""Asks of a sector itself, whatever was supposed before."""
_SHORT, _LONG = 12, 22
_SAME = re.compile(
    r"\b(?:same|likewise|similarly|instead|i meant|i mean|tuong tu|giong vay|cung vay|y (?:\w+ ){0,2}la"
    r"|doi lai|sua lai)\b"
)
"""Words that lean on the question before, however many others stand around them."""
_CONTINUES = re.compile(
    r"\W*(?:and|what about|how about|then|now|so|và|va|còn|thế|vậy|con|the con|vay con|rồi|roi)\b",
    re.IGNORECASE,
)


_SHORT_WHETHER = 8
_WHETHER = re.compile(
    r"^\W*(?:are|is|do|does|did|have|has|were|was|any)\b(?!.*\b(?:what|which|where|who)\b)"
    r"|\b(?:không|khong|ko|hông|hong|hem|chưa|chua|hả|hok|k)\W*$",
    re.IGNORECASE,
)
"""A question for yes or no, which is about what was spoken of before."""
_WITHOUT_MONEY = re.compile(
    r"\b(?:bo|loai|loai bo|khong tinh|tru|bo qua|ngoai tru|khong xet|khong ke|dung tinh|gat)(?: \w+){0,3} dong tien"
    r"(?!.*\b(?:di dau|vao dau|o dau|sang)\b)"
    r"|\b(?:drop|exclude|excluding|without|ignore|ignoring|leave out|skip|remove|omit|strip|take out"
    r"|minus|less|excl)"
    r"(?: \w+){0,3} (?:flows?|money|capital)\b"
)
"""Flows left out: "money leaves which sector" has the verb behind."""
_OWN_SECTOR = re.compile(
    r"\b(?:its|their|that|the|this) (?:own )?(?:sector|industry|group)\b"
    r"|(?:ngành|nhóm|nganh|nhom)(?: ngành)? (?:của nó|của mã này|cua no|nó|đó|này|ấy|mẹ|do|nay|ay)\b"
)


_ONE = re.compile(
    r"\b(?:it|its|there|that sector|this sector|that one|that group|the sector"
    r"|nganh do|nganh nay|nganh ay|nhom do|nhom nay|nhom ay|cho do|ben do|o do|trong do)\b"
)
"""Words for the one sector that an answer was about."""
_AFFECTS = re.compile(
    r"\b(?:that|this|it|they|those|these|do|nay|no|vay|the)\b.{0,20}\b(?:affects?|impacts?|means? for|hurts?|helps?"
    r"|weighs? on|matters? (?:to|for)|anh huong|tac dong)\b"
)
"""Asks what the figure before does to somebody."""
_LAST = re.compile(
    r"\b(?:weak(?:est|er)?|worst|lowest|laggards?|bottom|los(?:es|t|ing|ers?)|lag(?:s|ged|ging)?|fall(?:s|ing)?"
    r"|fell|down|sell(?:s|ing)?|sold|yeu|te|kem|thap nhat|giam|rot|ban|thua)\b"
)
"""Words for the far end of a ranking."""


def spoken_of(text: str, last: Turn) -> tuple[str, ...]:
    """Return the sector that "it" means: the one named, else the end of the ranking that was asked for."""
    if last.sectors or last.symbols:
        return last.sectors
    if not last.ends or not (_ONE.search(fold(text)) or "nó" in text.casefold().split()):
        return ()
    far = _LAST.search(fold(text)) or _LAST.search(fold(last.question))
    return last.ends[-1:] if far else last.ends[:1]


def _subject(text: str, last: Turn) -> tuple[str, ...]:
    """Return the sectors a follow-up is about: those spoken of, or the one a ranking was explained by."""
    explained = last.ends[:1] if last.intent == "explain" and not last.symbols else ()
    return spoken_of(text, last) or explained


def excluded_groups(clauses: tuple[Clause, ...]) -> tuple[str, ...]:
    """Return the scoring groups a question wants left out of the ranking."""
    found = [
        group
        for clause in clauses
        if clause.has("exclude")
        for cue, group in GROUPS.items()
        if clause.has(cue)
    ]
    if any(_WITHOUT_MONEY.search(fold(clause.text)) for clause in clauses):
        found.append("flow")
    return tuple(dict.fromkeys(found))


def lean_on(clauses: tuple[Clause, ...], last: Turn, desk: Desk) -> tuple[Ask, ...]:
    """Return the asks of a question that only completes or corrects the last one.

    Empty where it stands alone.
    """
    whole = _joined(clauses)
    if last.intent == "macro" and whole.sectors and _AFFECTS.search(fold(whole.text)):
        return _effect(whole, last, desk)
    longest = _LONG if _SAME.search(fold(whole.text)) else _SHORT
    if whole.words > longest or not last.calls:
        return ()
    repeated = once_more(whole, last, desk)
    if repeated:
        return repeated
    if whole.has("explain") and _breaks_down(whole, last) and not whole.windows:
        period = PERIOD_OF[str(last.calls[0].arguments.get("timeframe", "1D"))]
        reason = say("why_heatmap", desk.language)
        return (Ask("rotation", (Wanted("get_sector_heatmap", {"period": period}, reason),)),)
    if whole.has("explain") and not whole.symbols and not whole.has("flow", "whale", "index"):
        return _why(whole, last, desk)
    return () if _stands_alone(whole) else _completed(whole, last, desk)


def _effect(clause: Clause, last: Turn, desk: Desk) -> tuple[Ask, ...]:
    """Return the series of before once more, beside what makes up the score of the sectors named."""
    kept = tuple(Wanted(c.tool, c.arguments, c.reason) for c in last.calls)
    horizon = desk.forecast_horizon(clause)
    why = tuple(explain_call(sector, horizon, desk) for sector in clause.sectors[:3])
    return (Ask("explain", why), Ask("macro", kept))


def _stands_alone(whole: Clause) -> bool:
    """Whether a question brings a topic of its own."""
    if whole.cues & _OWN_TOPICS:
        return not whole.has("correction") or whole.has("flow", "whale", "macro")
    if whole.has("market_strong"):
        return True
    leans = whole.has("followup", "correction", "pronoun")
    return whole.has("forecast", "heatmap", "hold", "search", "market", "brief") and not leans


def _completed(whole: Clause, last: Turn, desk: Desk) -> tuple[Ask, ...]:
    """Return the last turn's calls with the names, sizes or windows of the question in them."""
    if whole.entities.series and last.intent == "macro":
        return (Ask("macro", (macro_call(whole.entities.series, desk),)),)
    if whole.entities.series and not whole.sectors:
        return ()
    if whole.symbols:
        return _other_symbols(whole, desk)
    if whole.sectors:
        return _other_sectors(whole, last, desk)
    if last.intent == "scenario":
        return other_size(whole, last)
    if last.intent == "backtest" and any(c.startswith("strategy_") for c in whole.cues):
        return other_strategy(whole, last)
    timed = any(not _TIMES.isdisjoint(call.arguments) for call in last.calls)
    ranked = any(call.tool in RANKING_TOOLS for call in last.calls)
    anew = whole.future and whole.has("rank") and not ranked
    if whole.windows and timed and not anew:
        return (_again(last, desk, clause=whole),)
    return ()


def with_own_sector(clauses: tuple[Clause, ...], last: Turn, desk: Desk) -> tuple[Clause, ...]:
    """Read "its sector" after a share as the share's own."""
    homes = (desk.names.sector_of.get(symbol.upper()) for symbol in last.symbols[:1])
    sectors = tuple(code for code in homes if code)
    if not sectors:
        return clauses
    return tuple(
        replace(clause, entities=replace(clause.entities, sectors=sectors))
        if not clause.sectors and _OWN_SECTOR.search(clause.text.casefold())
        else clause
        for clause in clauses
    )


def with_pronouns(
    clauses: tuple[Clause, ...], last: Turn | None, text: str = ""
) -> tuple[Clause, ...]:
    """Fill "they", "nhóm đó" and bare follow-ups with the sectors and shares spoken of before."""
    filled: list[Clause] = []
    sectors, symbols = (_subject(text, last), last.symbols) if last else ((), ())
    continues = bool(last) and bool(_CONTINUES.match(text))
    for clause in clauses:
        bare = not (clause.sectors or clause.symbols or clause.entities.proxies)
        general = clause.has("sector_word") and clause.has("rank")
        points = clause.has("pronoun") and not clause.has("index")
        asks_whether = bool(last) and clause.words <= _SHORT_WHETHER and bool(_WHETHER.search(text))
        asks_whether = asks_whether and not clause.has("rank", "sector_word", "market")
        leans = (continues or asks_whether) and clause.has("flow", "whale", "news")
        follows = leans or (points and clause.has("flow", "whale", "news"))
        follows = follows or clause.has("track") or _breaks_down(clause, last)
        if follows and last and not clause.windows:
            clause = replace(clause, windows=_windows_of(last))  # noqa: PLW2901 - completed
        if bare and not general and (points or leans) and (sectors or symbols):
            clause = replace(  # noqa: PLW2901 - the clause itself, completed
                clause,
                entities=replace(
                    clause.entities, sectors=sectors, symbols=symbols if not sectors else ()
                ),
            )
        sectors, symbols = clause.sectors or sectors, clause.symbols or symbols
        filled.append(clause)
    return tuple(filled)


def _breaks_down(clause: Clause, last: Turn | None) -> bool:
    """Whether a short question asks for the sectors behind a move of the market just shown."""
    shown = last is not None and {call.tool for call in last.calls} == {"get_market_overview"}
    return shown and clause.has("sector_word") and clause.words <= _SHORT_WHETHER


def carried(clauses: tuple[Clause, ...], last: Turn) -> tuple[Clause, ...]:
    """Return the clauses of a question that names nothing as ones about what was spoken of before."""
    if any(c.sectors or c.symbols or c.entities.proxies or c.entities.series for c in clauses):
        return clauses
    sectors = spoken_of(" ".join(clause.text for clause in clauses), last)
    first = replace(
        clauses[0], entities=replace(clauses[0].entities, sectors=sectors, symbols=last.symbols)
    )
    return (first, *clauses[1:])


def _windows_of(last: Turn) -> tuple[Window, ...]:
    """Return the window of the last turn's calls, if they had one."""
    for call in last.calls:
        name = call.arguments.get("timeframe")
        name = name or HEATMAP_WINDOW.get(call.arguments.get("period", ""))
        name = name or call.arguments.get("horizon")
        if name in TRADING_DAYS:
            return (Window(TRADING_DAYS[name], name),)
    return ()


def _joined(clauses: tuple[Clause, ...]) -> Clause:
    first = clauses[0]
    if len(clauses) == 1:
        return first
    merge: dict[str, Any] = {
        name: tuple(dict.fromkeys(item for c in clauses for item in getattr(c.entities, name)))
        for name in (
            "sectors",
            "homes",
            "lost_sectors",
            "symbols",
            "proxies",
            "lost_symbols",
            "series",
            "series_notions",
        )
    }
    windows = {(w.days, w.future): w for c in clauses for w in c.windows}
    return replace(
        first,
        text=" ".join(c.text for c in clauses),
        cues=frozenset().union(*(c.cues for c in clauses)),
        entities=replace(first.entities, **merge),
        windows=tuple(windows.values()),
        shocks=tuple(s for c in clauses for s in c.shocks),
        words=sum(c.words for c in clauses),
    )


def _why(clause: Clause, last: Turn, desk: Desk) -> tuple[Ask, ...]:
    if clause.sectors:
        return ()
    horizon = desk.forecast_horizon(clause) if clause.windows else last.horizon
    desk.horizon = horizon
    about = spoken_of(clause.text, last)
    if about:
        return (Ask("explain", tuple(explain_call(s, horizon, desk) for s in about[:3])),)
    if last.symbols and last.intent == "stock":
        return (Ask("stock", tuple(Wanted(c.tool, c.arguments, c.reason) for c in last.calls)),)
    forecast = Wanted(
        "get_sector_forecast", {"horizon": horizon}, say("why_forecast", desk.language)
    )
    return (Ask("explain", (forecast,)),)


def _other_symbols(clause: Clause, desk: Desk) -> tuple[Ask, ...]:
    reason = say("why_stock", desk.language)
    calls = tuple(Wanted("get_stock_analysis", {"symbol": s}, reason) for s in clause.symbols)
    return (Ask("stock", calls),)


def _other_sectors(clause: Clause, last: Turn, desk: Desk) -> tuple[Ask, ...]:
    if not any(
        call.tool in _SECTOR_TOOLS | RANKING_TOOLS | {"run_scenario"} for call in last.calls
    ):
        return (sector_view(clause, desk),)
    if last.intent == "scenario" and _ABOUT.search(fold(clause.text)):
        return (sector_view(clause, desk, vague=True),)
    return (_again(last, desk, clause=clause),)


def _again(last: Turn, desk: Desk, *, clause: Clause) -> Ask:
    """Return the last turn's calls with what the question names put in their place."""
    calls: list[Wanted] = []
    for call in last.calls:
        for sector in clause.sectors or ("",):
            arguments = dict(call.arguments)
            if sector and call.tool in _SECTOR_TOOLS:
                arguments["sector"] = sector
            _rewindow(call.tool, arguments, clause, desk)
            wanted = Wanted(call.tool, arguments, call.reason)
            if wanted not in calls:
                calls.append(wanted)
    return Ask(last.intent, tuple(calls))


def _rewindow(tool: str, arguments: dict[str, Any], clause: Clause, desk: Desk) -> None:
    if not clause.windows:
        return
    days = clause.windows[0].days
    if "period" in arguments:
        arguments["period"] = PERIOD_OF[desk.windows(clause, OVERVIEW_WINDOWS, "1M")[0]]
    if "timeframe" in arguments:
        offered = OVERVIEW_WINDOWS if tool == "get_market_overview" else FLOW_WINDOWS
        arguments["timeframe"] = desk.windows(clause, offered, "1M")[0]
    if "horizon" in arguments:
        arguments["horizon"] = (
            desk.forecast_horizon(clause) if days > 1 else nearest(days, HORIZON_WINDOWS)
        )
    if "lookback" in arguments:
        arguments["lookback"] = nearest(days, LOOKBACKS)
