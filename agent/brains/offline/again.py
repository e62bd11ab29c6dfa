"""The call of before once more: another size, rule or cost, the whole market, or the first of a ranking."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent.brains.offline.calls import Ask, Desk, Wanted, explain_call, macro_call
from agent.brains.offline.clauses import moved
from agent.brains.offline.shocks import direction
from agent.brains.offline.text import fold
from agent.brains.offline.wholes import costs_named
from agent.brains.offline.words import say

if TYPE_CHECKING:
    from agent.brains.base import PlannedCall, Turn
    from agent.brains.offline.clauses import Clause

_FACTORS = {
    0.5: re.compile(r"\b(?:halve|half|mot nua|giam nua|bang nua|giam mot nua)\b"),
    2.0: re.compile(r"\b(?:double|twice|gap doi|x2|gap hai)\b"),
    3.0: re.compile(r"\b(?:triple|three times|gap ba)\b"),
}
"""A size told by the last one: "halve the shock"."""
_NO_FEES = re.compile(
    r"\b(?:bo|khong tinh|khong|ko|mien|without|no|zero|ignor\w+|drop|less|free of|before|skip|gross of)\b"
    r"(?: \w+){0,2} (?:phi|fees?|costs?|commissions?|charges?)\b"
)
_SIZE_OF_FEES = re.compile(r"(\d+(?:[.,]\d+)?) ?(bps?|basis points?|diem co ban|%)")
_EVERYWHERE = re.compile(
    r"\b(?:ca|toan|toan bo|nguyen) (?:thi truong|san|bang|cho)\b|\btat ca (?:cac )?(?:nganh|nhom)\b"
    r"|\b(?:whole|entire|broad|overall) (?:market|board|exchange|lot)\b|\b(?:all"
    r"|every) (?:the )?(?:sectors?|of them|groups?)\b"
    r"|\bnot just\b|\bkhong (?:rieng|chi)\b"
)
"""Of all sectors, where the question before was of one."""
_FIRST = re.compile(
    r"\b(?:more|tell|detail\w*|expand|elaborate|about|closer|noi|ke|ky|chi tiet|sau hon|ro hon|xem)\b.{0,24}"
    r"\b(?:top|first|number one|no 1|leader|winner|best|dung dau|dau bang|so mot|so 1|thu nhat|dau tien"
    r"|manh nhat)\b"
)
"""More of what came out on top."""
_TENOR = re.compile(r"\b(2|5|10|30)[ -]?(?:y|yr|year|nam)s?\b")
_FEW_WORDS = 9
_EITHER_WAY = frozenset({"oil_shock", "currency_devaluation"})
RANKING_TOOLS = frozenset({"get_sector_heatmap", "get_sector_forecast", "get_sector_rotation"})


def once_more(whole: Clause, last: Turn, desk: Desk) -> tuple[Ask, ...]:
    """Return what the turn before asked with one thing changed that needs no name; empty where none is."""
    told = fold(whole.text)
    if last.intent == "backtest" and (fees := _fees(told)) is not None:
        return _recosted(last, fees)
    if last.intent == "macro" and not whole.sectors:
        found = _other_tenor(told, whole, desk) or _moved_series(whole, last, desk)
        if found:
            return found
    if _EVERYWHERE.search(told) and any("sector" in call.arguments for call in last.calls):
        return _everywhere(last)
    if not (whole.sectors or whole.symbols) and _FIRST.search(told):
        return _of_the_first(last, desk)
    return ()


def _fees(told: str) -> float | None:
    """Return the costs that a follow-up names, in basis points; 0 where it drops them."""
    if _NO_FEES.search(told):
        return 0.0
    named = costs_named(told)
    size = _SIZE_OF_FEES.search(told)
    if named is not None or size is None or len(told.split()) > _FEW_WORDS:
        return named
    return float(size[1].replace(",", ".")) * (100 if size[2] == "%" else 1)


def _recosted(last: Turn, costs: float) -> tuple[Ask, ...]:
    calls = tuple(
        Wanted(c.tool, {**c.arguments, "costs_bp": costs}, c.reason)
        for c in last.calls
        if c.tool == "run_backtest"
    )
    return (Ask("backtest", calls),) if calls else ()


def _other_tenor(told: str, whole: Clause, desk: Desk) -> tuple[Ask, ...]:
    """Return the yield of another maturity: "2 year as well"."""
    found = _TENOR.search(told)
    name = desk.names.series.get(f"UST_{found[1]}Y") if found else None
    if name is None or whole.has("up", "down", "hypothetical") or whole.words > _FEW_WORDS:
        return ()
    return (Ask("macro", (macro_call((name,), desk),)),)


def _moved_series(whole: Clause, last: Turn, desk: Desk) -> tuple[Ask, ...]:
    """Return the shock of the series asked about before: "who suffers if it climbs another 4%"."""
    if whole.shocks or whole.entities.series or not whole.has("hypothetical"):
        return ()
    shown = [name for c in last.calls for name in c.arguments.get("indicator_list", ())]
    aliases = desk.vocabulary.series_aliases
    notions = tuple(
        notion
        for name in shown
        for notion, held in desk.names.series.items()
        if aliases.get(held, held) == aliases.get(name, name)
    )
    reason = say("why_scenario", desk.language)
    shocks = moved(whole, notions).shocks
    calls = tuple(Wanted("run_scenario", shock.arguments(), reason) for shock in shocks[:1])
    return (Ask("scenario", calls),) if calls else ()


def _everywhere(last: Turn) -> tuple[Ask, ...]:
    calls: list[Wanted] = []
    for call in last.calls:
        arguments = {k: v for k, v in call.arguments.items() if k != "sector"}
        wanted = Wanted(call.tool, arguments, call.reason)
        if call.tool != "explain_sector" and wanted not in calls:
            calls.append(wanted)
    return (Ask(last.intent, tuple(calls)),) if calls else ()


def _of_the_first(last: Turn, desk: Desk) -> tuple[Ask, ...]:
    ranked = [c for c in last.calls if c.tool in RANKING_TOOLS]
    if not ranked:
        return ()
    desk.horizon = desk.horizon or last.horizon
    if last.ends:
        return (Ask("explain", (explain_call(last.ends[0], last.horizon, desk),)),)
    reason = say("why_forecast", desk.language)
    return (Ask("explain", (Wanted("get_sector_forecast", {"horizon": last.horizon}, reason),)),)


def other_size(clause: Clause, last: Turn) -> tuple[Ask, ...]:
    """Return the shock of before with another size, or the other way round."""
    before = next((c for c in last.calls if c.tool == "run_scenario"), None)
    found = re.search(r"(\d+(?:[.,]\d+)?)\s*(bps?|%|điểm cơ bản|percent|usd|\$)?", clause.text)
    if before is None:
        return ()
    if clause.shocks:
        return (
            Ask(
                "scenario",
                tuple(
                    Wanted("run_scenario", s.arguments(), before.reason) for s in clause.shocks[:1]
                ),
            ),
        )
    factor = next((by for by, words in _FACTORS.items() if words.search(fold(clause.text))), None)
    if not found and factor and before.arguments.get("magnitude"):
        arguments = before.arguments | {"magnitude": before.arguments["magnitude"] * factor}
        return (Ask("scenario", (Wanted("run_scenario", arguments, before.reason),)),)
    if not found:
        return _turned(clause, before)
    size, unit = float(found[1].replace(",", ".")), (found[2] or "").casefold()
    arguments = dict(before.arguments)
    rates = str(arguments["scenario"]).startswith("rate")
    kept = arguments.get("unit", "bp" if rates else "percent")
    if unit in {"%", "percent"} and rates:
        size, kept = size * 100, "bp"
    elif unit in {"%", "percent"}:
        kept = "percent"
    elif unit.startswith(("bp", "điểm")):
        kept = "bp"
    if rates and clause.has("up", "down"):
        arguments["scenario"] = "rate_cut" if clause.has("down") else "rate_hike"
    arguments |= {"magnitude": size, "unit": kept}
    return (Ask("scenario", (Wanted("run_scenario", arguments, before.reason),)),)


def _turned(clause: Clause, before: PlannedCall) -> tuple[Ask, ...]:
    """Return the last shock of rates, oil or the currency the other way round: "no, a cut"."""
    told = direction(fold(clause.text))
    way = "down" if clause.has("down") else "up" if clause.has("up") else told
    scenario, size = str(before.arguments["scenario"]), before.arguments.get("magnitude")
    if way is None:
        return ()
    if scenario.startswith("rate"):
        turned = {"scenario": "rate_cut" if way == "down" else "rate_hike"}
    elif scenario in _EITHER_WAY and size and before.arguments.get("unit") == "percent":
        turned = {"magnitude": -abs(size) if way == "down" else abs(size)}
    else:
        return ()
    return (Ask("scenario", (Wanted("run_scenario", before.arguments | turned, before.reason),)),)


def other_strategy(clause: Clause, last: Turn) -> tuple[Ask, ...]:
    """Return the back-test of before with another rule."""
    before = next((c for c in last.calls if c.tool == "run_backtest"), None)
    names = [
        cue.removeprefix("strategy_") for cue in sorted(clause.cues) if cue.startswith("strategy_")
    ]
    if before is None:
        return ()
    if "sector_rotation" in names and len(names) > 1:
        names.remove("sector_rotation")
    calls = tuple(
        Wanted("run_backtest", {**before.arguments, "strategy": n}, before.reason) for n in names
    )
    return (Ask("backtest", calls),)
