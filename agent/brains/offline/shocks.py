"""A "what if" → the scenario it names and its size."""

from __future__ import annotations

import re
from typing import NamedTuple

from agent.brains.offline.sizes import amount

_TO_LEVEL = re.compile(
    r"\b(?:to|at|hits?|reach(?:es)?|above|below|toward|len|ve|cham|moc|vuot|dat|xuong|toi|con|den)\s+"
    r"(?:muc |nguong |moc )?\$?\s?\d"
)
_POINTS = re.compile(r"(point|pp|diem)")
_CURRENCY_FACTORS = (
    (re.compile(r"(nghin|ngan) ?ty"), 1e12),
    (re.compile(r"trieu ?ty"), 1e15),
    (re.compile(r"^(ty|bn|billion|b$)"), 1e9),
    (re.compile(r"^(trn|trillion)"), 1e12),
    (re.compile(r"^(trieu|mn|million|m$)"), 1e6),
)
_MAX_PERCENT_RATE = 25.0
"""A rate moving by more is meant in basis points."""
_TIMES = frozenset({"x", "lan"})
_BARE_POINTS = frozenset({"diem", "point", "points"})
_FEWEST_BASIS_POINTS = 5
"""Points of a rate from here on are basis points: nobody moves one by five percent."""
_BASIS_POINTS = ("bp", "basis", "diem co")
_SPREADS = re.compile(
    r"\b(?:credit|risk|yield)? ?spreads?\b|\bchenh lech (?:loi suat|lai suat|tin dung)\b"
)
"""What widens is the price of risk, though a yield is named in it."""
_PERCENT = frozenset({"percent", "pct", "phan tram"})
_MONEY = frozenset({"usd", "do", "dollar", "dollars", "dong", "vnd"})
_EITHER_WAY = frozenset({"oil_shock", "currency_devaluation"})
_USUAL = {"oil_shock": 30.0, "currency_devaluation": 5.0}
"""The usual sizes, in percent, of what may also fall."""
_BY = re.compile(
    r"\b(?:by|up|down|another|further|more|extra|them|tang|giam|ris\w+|rose|jump\w*|fall\w*|fell|drop\w*|los\w+|mat|cong)"
    r" (?:(?:by|a further|another|them) )?\$? ?\d"
)
"""How far a price goes in money, where "to" or "at" would say where to."""
_GAINS = re.compile(r"appreciat|len gia|strengthen|manh len")
_RATE_FALLS = re.compile(
    r"\b(?:ty gia|ti gia|usd ?/? ?vnd|usd|dollar|greenback|do la|dola)\W+(?:\w+\W+){0,2}(?:giam|falls?|falling|drops?"
    r"|ha|weak\w*|slid\w*|slip\w*|sink\w*|soften\w*|tumbl\w*|plung\w*|down|mat gia|yeu|suy yeu|rot|sut)\b"
    r"|\b(?:weaker|softer|falling) (?:us )?(?:dollar|greenback|usd)\b"
)
_RATE_LEVEL = re.compile(r"\b(?:to|at|hits?|len|toi|den|cham)\s+\d{2}[.,]?\d{3}\b")
"""Where an exchange rate is taken to: "USDVND to 27000"."""
_HOME_ALONE = re.compile(r"(?<!usd)(?<!usd )(?<!usd/)\b(?:vnd|dong|rupiah|idr|tien dong|noi te)\b")
"""The home currency by itself: its fall is the dollar's gain."""
_OIL_FALLS = re.compile(
    r"(?:oil|crude|brent|wti|dau)\W+(?:\w+\W+){0,3}(?:falls?|fell|drops?|plunges?|collapses?|crash\w*"
    r"|tank\w*|giam|lao doc|rot|roi|sut|ha|down|tumbles?|halves|halved|sinks?)\b"
)


class Shock(NamedTuple):
    """A scenario of :func:`tools.risk.run_scenario`."""

    scenario: str
    magnitude: float | None = None
    unit: str | None = None

    def arguments(self) -> dict[str, object]:
        """Return the call's arguments; no size means the scenario's usual one."""
        found: dict[str, object] = {"scenario": self.scenario}
        if self.magnitude is not None:
            found |= {"magnitude": self.magnitude, "unit": self.unit}
        return found


def read_shocks(folded: str, cues: frozenset[str]) -> tuple[Shock, ...]:
    """Return the scenarios that a clause names, the sized one first; empty where it names none."""
    scenarios = _scenarios(cues, folded)
    if not scenarios:
        return ()
    first = _measured(scenarios, folded)
    rest = [name for name in scenarios if name != first]
    if rest and (len(_SIZE.findall(folded)) > 1 or "recession" in scenarios):
        return tuple(_sized(name, _part(name, folded), cues) for name in scenarios)
    return (_sized(first, folded, cues), *(Shock(name) for name in rest))


def _measured(scenarios: list[str], folded: str) -> str:
    """Return the scenario that the size in a clause belongs to: the one named nearest to it."""
    size = _SIZE.search(folded)
    if size is None or len(scenarios) == 1:
        return scenarios[0]
    at = size.start()

    def distance(name: str) -> int:
        anchors = _ANCHORS[name].finditer(folded) if name in _ANCHORS else ()
        return min((min(abs(a.start() - at), abs(a.end() - at)) for a in anchors), default=_FAR)

    return min(scenarios, key=distance)


def _part(name: str, folded: str) -> str:
    """Return the stretch of a clause that names a scenario, where several have sizes of their own."""
    parts = re.split(
        r",|;|\band\b|\bva\b|\broi\b|\bvoi\b|\bplus\b|\bkem\b|\bcon\b|\bma\b|\bwhile\b|\bnhung\b"
        r"|\btrong khi\b|\bthi sao\b|\([a-d1-4]\)",
        folded,
    )
    anchor = _ANCHORS.get(name)
    named = [part for part in parts if anchor and anchor.search(part)]
    return next((part for part in named if _SIZE.search(part)), named[0] if named else folded)


_FAR = 10_000
_SIZE = re.compile(r"\d[\d.,]*")
_RATES = re.compile(
    r"\b(?:bps?|basis points?|diem co ban|rates?|lai suat|fed|nhnn|sbv|central bank|yields?|loi suat"
    r"|borrowing|lai)\b"
)
_ANCHORS = {
    "rate_hike": _RATES,
    "rate_cut": _RATES,
    "foreign_outflow": re.compile(r"\b(?:ngoai|foreign\w*|tay|outflows?|offshore|overseas|nn)\b"),
    "oil_shock": re.compile(r"\b(?:oil|crude|brent|wti|dau|xang|petrol|fuel|gasoline)\b"),
    "currency_devaluation": re.compile(
        r"\b(?:vnd|dong|usd|ty gia|ti gia|currency|rupiah|dollar|noi te|tien|exchange rate|do)\b"
    ),
    "market_crash": re.compile(r"\b(?:market|index|thi truong|vnindex|vni|stocks|shares)\b"),
}


def _scenarios(cues: frozenset[str], folded: str) -> list[str]:
    found = []
    if "outflow_word" in cues and "flow" in cues:
        found.append("foreign_outflow")
    spread = "credit_word" in cues and _SPREADS.search(folded)
    if "rate_word" in cues and cues & {"up", "down"} and not spread:
        found.append(_rate_direction(cues, folded))
    if "credit_word" in cues:
        found.append("credit_stress")
    if "oil_word" in cues and (
        cues & {"up", "down"} or _AMOUNT_LIKE.search(folded) or "shock" in folded or "soc" in folded
    ):
        found.append("oil_shock")
    fx_moves = "fx_word" in cues and bool(cues & {"up", "down"} or _RATE_LEVEL.search(folded))
    fx_moves = fx_moves and (not found or bool(_FX_MOVES.search(folded)))
    if "devalue_word" in cues or fx_moves:
        found.append("currency_devaluation")
    if "vol_word" in cues and not found:
        found.append("volatility_spike")
    beside = bool(found) or "recession_word" in cues
    if "recession_word" in cues:
        found.append("recession")
    falls = "crash_word" in cues or (cues & {"index", "market_word"} and "down" in cues)
    if (falls and not beside) or (beside and _MARKET_FALLS.search(folded)):
        found.append("market_crash")
    return found


_FX_MOVES = re.compile(
    r"\b(?:dong|vnd|rupiah|currency|dollar|usd|usd ?vnd|ty gia|ti gia|tien dong)\b(?: \w+){0,1} "
    r"(?:up|down|off|falling|falls?|drop\w*|los\w+|weak\w*|ris\w+|gain\w*|jump\w*|tang|giam|mat|truot|rot|yeu)\b"
    r"(?: \w+){0,2} \d[\d.,]* ?(?:%|percent|phan tram)"
)
"""A move of the currency with a size of its own."""
_MARKET_FALLS = re.compile(
    r"\b(?:market|index|stocks|shares|equities|thi truong|vnindex|vni|chung khoan)\b(?: \w+){0,2} "
    r"(?:falling|falls?|drop\w*|down|off|los\w+|tank\w*|crash\w*|slump\w*|plung\w*|giam|mat|thung|rot|rung|roi|sap"
    r"|sut)\b(?: \w+){0,2} \d+ ?(?:%|percent|phan tram|diem)"
    r"|\b\d+ ?(?:%|percent)(?: \w+){0,2} (?:market|index|stock market) (?:fall|drop|crash|correction|slump)"
)
"""A fall of the market with a size of its own, so that it is supposed beside another shock."""


_AMOUNT_LIKE = re.compile(r"\$\s?\d|\d\s*%|\d\s*(usd|do|dollars?)\b")
_SIZED_RISE = re.compile(
    r"\b(?:up|ris\w+|jump\w*|climb\w*|gain\w*|surg\w+|add\w*|tang|vot|nhay|bat|leo|len|cong)\b(?: \w+){0,2} \$?\d"
)
"""A rise with its size behind it: "roi" is both *fall* and *already* without diacritics."""
_CUT = re.compile(
    r"\b(cuts?|cutting|lower\w*|eas\w+|slash\w*|reduc\w+|falls?|drops?|down|decline\w*"
    r"|decrease\w*|off|shav\w+|trim\w*|knock\w*|ha|giam|noi long|cat|bot|xuong|thap hon|rate cut)\b"
)
_HIKE = re.compile(
    r"\b(hik\w+|rais\w+|ris\w+|increas\w+|higher|tighten\w*|up|jump\w*|surg\w+|spik\w+"
    r"|tang|nang|len|vot|nhay|leo|that chat|adds?|climb\w*|soar\w*|lifts?)\b"
)


def _rate_direction(cues: frozenset[str], folded: str) -> str:
    """Return hike or cut by the verb nearest to the rate word."""
    anchor = re.search(
        r"rate|lai suat|fed|nhnn|sbv|central bank|yield|loi suat|borrowing|lai vay"
        r"|ngan hang nha nuoc",
        folded,
    )
    at = anchor.start() if anchor else 0
    hike = min((abs(m.start() - at) for m in _HIKE.finditer(folded)), default=None)
    cut = min((abs(m.start() - at) for m in _CUT.finditer(folded)), default=None)
    if hike is None and cut is None:
        return "rate_hike" if "up" in cues else "rate_cut"
    if cut is None or (hike is not None and hike < cut):
        return "rate_hike"
    return "rate_cut"


def direction(folded: str) -> str | None:
    """Return whether a text speaks of a rise or of a fall; None where of neither, or of both."""
    rises, falls = bool(_HIKE.search(folded)), bool(_CUT.search(folded))
    if rises == falls:
        return None
    return "up" if rises else "down"


def _sized(scenario: str, folded: str, cues: frozenset[str]) -> Shock:
    number, unit, sign = amount(folded)
    falls = scenario in _EITHER_WAY and sign != "+"
    falls = falls and (sign == "-" or _falls(folded, cues, scenario))
    if number is None and falls:
        return Shock(scenario, -_USUAL[scenario], "percent")
    if number is None or scenario == "recession":
        return Shock(scenario)
    if scenario in {"rate_hike", "rate_cut"}:
        return _rate_shock(scenario, number, unit)
    if scenario == "foreign_outflow":
        return _outflow(number, unit)
    if scenario == "credit_stress" and unit.startswith(_BASIS_POINTS):
        return Shock(scenario, number, "bp")
    if scenario == "currency_devaluation" and sign and _HOME_ALONE.search(folded):
        falls = sign == "+"
    return _moved(scenario, -number if falls else number, unit, folded)


def _moved(scenario: str, number: float, unit: str, folded: str) -> Shock:
    """Return the shock of a price or an index: by so many percent, by an amount, or to a level."""
    if unit in _PERCENT or "%" in unit:
        return Shock(scenario, number, "percent")
    if unit in _TIMES:
        return Shock(scenario, (abs(number) - 1) * 100, "percent")
    if scenario in _EITHER_WAY and unit in _MONEY and _BY.search(folded):
        return Shock(scenario, number, "currency")
    if scenario == "volatility_spike" or _is_level(scenario, folded, unit):
        return Shock(scenario, abs(number), "level")
    return Shock(scenario)


def _is_level(scenario: str, folded: str, unit: str) -> bool:
    """Whether a number says where a price goes, not how far."""
    if scenario in {"credit_stress", "market_crash"}:
        return False
    return unit in _MONEY or bool(_TO_LEVEL.search(folded))


def _falls(folded: str, cues: frozenset[str], scenario: str) -> bool:
    """Whether oil falls, or the home currency gains."""
    if scenario == "currency_devaluation":
        gains = _GAINS.search(folded) and "dollar" not in folded
        return bool(gains or _RATE_FALLS.search(folded))
    if _SIZED_RISE.search(folded):
        return False
    return ("down" in cues and not _HIKE.search(folded)) or bool(_OIL_FALLS.search(folded))


def _rate_shock(scenario: str, number: float, unit: str) -> Shock:
    if unit.startswith(_BASIS_POINTS):
        return Shock(scenario, number, "bp")
    if unit in _TIMES:
        return Shock(scenario)
    if unit in _BARE_POINTS and number >= _FEWEST_BASIS_POINTS:
        return Shock(scenario, number, "bp")
    if not unit:
        return Shock(scenario, number, "bp") if number > _MAX_PERCENT_RATE else Shock(scenario)
    if _POINTS.search(unit) and number > _MAX_PERCENT_RATE:
        return Shock(scenario, number, "bp")
    return Shock(scenario, round(number * 100, 6), "bp")


def _outflow(number: float, unit: str) -> Shock:
    if "%" in unit or unit in _PERCENT:
        return Shock("foreign_outflow", number, "percent")
    for pattern, factor in _CURRENCY_FACTORS:
        if pattern.search(unit):
            return Shock("foreign_outflow", number * factor, "currency")
    return (
        Shock("foreign_outflow", number, "currency") if number > 1e5 else Shock("foreign_outflow")
    )
