"""A question as clauses: each asks one thing, with its own sectors, tickers, series and windows."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from agent.brains.offline.entities import Entities, read_entities
from agent.brains.offline.senses import sensed
from agent.brains.offline.shocks import Shock, read_shocks
from agent.brains.offline.text import fold
from agent.brains.offline.windows import Window, read_windows

if TYPE_CHECKING:
    from datetime import date

    from agent.brains.offline.matching import Match
    from agent.brains.offline.names import MarketNames
    from agent.brains.offline.text import Token

TOPICS = frozenset(
    {
        "flow", "whale", "macro", "index", "market", "heatmap", "rotation", "forecast", "explain",
        "backtest", "health", "search", "brief", "track", "hold", "order", "injection", "offtopic",
        "news", "help",
    }
)  # fmt: skip
"""Cues that let a stretch of words stand as a clause of its own."""
_AFTER_SHOCK = frozenset({"heatmap", "rotation", "forecast", "explain", "market"})
_FEW_WORDS = 5
_BARE_WORDS = 3
_OF_SHARES = frozenset({"sector_word", "stock_word", "flow", "whale", "explain", "forecast_strong"})
_DRIVER = {
    "InterestRate": "rate_word",
    "FED_RATE": "rate_word",
    "UST_10Y": "rate_word",
    "OIL": "oil_word",
    "OIL_BARE": "oil_word",
    "FX": "fx_word",
    "USDVND": "fx_word",
    "VIX": "vol_word",
}
"""Series whose moves are scenarios."""
_FEW_ASKING = 2
_SAO = re.compile(r"\W*(?:ua|a|o|the|ma|nhung)?\s*sao\s+(?!roi|vay|the\b|nhi)")
"""*Sao* at the start asks why; at the end it asks how."""
_SUPPOSED = frozenset({"hypothetical", "up", "down", "sector_word", "rank"})
_ASKS_ANEW = re.compile(
    r"(?:and\s+|also\s+|plus\s+|và\s+)?(?:(?:does|do|would|will|could|can|is|are|what if|what happens)\b|chuyện gì)",
    re.IGNORECASE,
)
"""How a question of its own begins, where "if" would only go on."""
_AND = re.compile(r"\b(?:and|và)\s*$", re.IGNORECASE)
"""What ties a supposition to what was asked before as a second question."""
_HOW = re.compile(r"(?<!tai )(?<!vi )\bsao\W*$")
_MID_SAO = re.compile(
    r"(?<!\bra )(?<!\blam )(?<!\bnhu )(?<!\bthi )(?<!\bthe )(?<!\bvay )(?<!\bla )\bsao\s+"
    r"(?:nhom|nganh|nghanh|dong|con|ma|co phieu|cp|may|ca|no|tui|bon|ho|lai|ma|cu)\b"
)
"""Inside a sentence it asks why when its subject follows: "sao nhóm thép rớt thế"."""
_HARD = re.compile(r"[?!;\n]|\.(?=\s|$)")
_SOFT = re.compile(
    r",|\s[-–—]\s|:\s|\s&\s|\s\+\s|\b(?:and|plus|also|then|while|but|along with|as well as|together with"
    r"|và|va|rồi|roi|đồng thời|dong thoi|còn|nhưng|nhung|cùng với|cung voi|kèm|kem"
    r"|ngoài ra|ngoai ra"
    r"|cùng|thêm(?!\s*\d)|sau đó|sau do)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """What one clause says."""

    text: str
    cues: frozenset[str]
    entities: Entities
    windows: tuple[Window, ...]
    shocks: tuple[Shock, ...]
    words: int

    @property
    def sectors(self) -> tuple[str, ...]:
        """Codes of the sectors named."""
        return self.entities.sectors

    @property
    def symbols(self) -> tuple[str, ...]:
        """Tickers named."""
        return self.entities.symbols

    @property
    def future(self) -> bool:
        """Whether a coming stretch of time is named."""
        return any(window.future for window in self.windows)

    def has(self, *cues: str) -> bool:
        """Whether any of the cues is there."""
        return not self.cues.isdisjoint(cues)


def level_fold(text: str) -> str:
    """Fold text letter by letter, so that positions stay the same."""
    return "".join((fold(char) or char)[0] for char in text)


def read_clauses(
    text: str,
    tokens: tuple[Token, ...],
    matches: tuple[Match, ...],
    names: MarketNames,
    as_of: date,
) -> tuple[Clause, ...]:
    """Return the clauses of a question, in its order."""
    bounds = _segments(text, tokens, matches)
    clauses = [
        _read(text, first, last, tokens, matches, names, as_of)
        for first, last in _merged(text, bounds, tokens, matches, names, as_of)
    ]
    return _shared(clauses)


def _segments(
    text: str, tokens: tuple[Token, ...], matches: tuple[Match, ...]
) -> list[tuple[int, int, bool]]:
    """Return the stretches between separators: start, end, and whether a hard one comes before."""
    inside = [(tokens[m.first].start, tokens[m.last - 1].end) for m in matches]
    cuts: list[tuple[int, int, bool]] = []
    for pattern, hard in ((_HARD, True), (_SOFT, False)):
        for found in pattern.finditer(text):
            within = any(start < found.start() and found.end() <= end for start, end in inside)
            number = re.match(r"[.,]\d", text[found.start() : found.start() + 2])
            if not within and not number:
                cuts.append((found.start(), found.end(), hard))
    segments, at, hard_before = [], 0, True
    for start, end, hard in sorted(cuts):
        if start < at:
            continue
        if text[at:start].strip():
            segments.append((at, start, hard_before))
            hard_before = hard
        else:
            hard_before = hard_before or hard
        at = end
    if text[at:].strip():
        segments.append((at, len(text), hard_before))
    return segments or [(0, len(text), True)]


def _merged(
    text: str,
    bounds: list[tuple[int, int, bool]],
    tokens: tuple[Token, ...],
    matches: tuple[Match, ...],
    names: MarketNames,
    as_of: date,
) -> list[tuple[int, int]]:
    """Join stretches that ask nothing of their own to the one before them (the first: after it)."""
    merged: list[tuple[int, int]] = []
    topics_before: frozenset[str] = frozenset()
    shocked = named_before = False
    testing = any("backtest" in m.notions("cue") for m in matches)
    testing = testing or "backtest" in sensed(text, level_fold(text), frozenset())
    for start, end, hard in bounds:
        clause = _read(text, start, end, tokens, matches, names, as_of)
        topics = _topics(clause, testing=testing)
        hypothetical = bool(clause.shocks) and clause.has("hypothetical")
        joins = bool(merged) and (
            not topics
            or (not topics_before)
            or (testing and topics == {"backtest"} and not _names_strategy(clause))
            or (topics == topics_before and not hypothetical)
            or (shocked and not hard and topics <= _AFTER_SHOCK)
            or (shocked and not hard and bool(clause.shocks))
        )
        own_why = "explain" in topics_before and named_before
        if hypothetical and merged and not hard and topics_before <= _AFTER_SHOCK:
            anew = _ASKS_ANEW.match(clause.text) or _AND.search(text[:start])
            joins = not own_why and not anew
        if joins:
            merged[-1] = (merged[-1][0], end)
            topics_before = topics_before | topics
            shocked = shocked or hypothetical
            named_before = named_before or bool(clause.sectors)
        else:
            merged.append((start, end))
            topics_before, shocked, named_before = topics, hypothetical, bool(clause.sectors)
    return merged


def _names_strategy(clause: Clause) -> bool:
    return any(cue.startswith("strategy_") for cue in clause.cues)


def _topics(clause: Clause, *, testing: bool) -> frozenset[str]:
    topics = clause.cues & TOPICS
    if testing and _names_strategy(clause):
        return frozenset({"backtest"})
    if not topics and (
        {"sector_word", "rank"} <= clause.cues or (clause.sectors and clause.has("analyse"))
    ):
        topics |= {"sector"}
    if not topics and clause.sectors and _moves(clause):
        topics |= {"sector"}
    if clause.entities.series:
        topics |= {"macro"}
    if clause.entities.symbols and not topics:
        topics |= {"stock"}
    if not topics and _whole_market(clause):
        topics |= {"market"}
    if clause.shocks and clause.has("hypothetical"):
        topics -= {"flow", "macro", "index", "market"}
        topics |= {"scenario"}
    return topics


def _moves(clause: Clause) -> bool:
    """Whether a stretch asks how its sectors move, or will."""
    return clause.future or bool(clause.windows and clause.has("up", "down", "analyse"))


def _lists_series(matches: tuple[Match, ...]) -> bool:
    """Whether series are being listed, so that "oil" in its own stretch is one more of them."""
    names = [n for m in matches for n in m.notions("series") if n != "OIL_BARE"]
    others = any(m.notions("concept") or m.notions("sector") for m in matches)
    return bool(names) and not others


def _whole_market(clause: Clause) -> bool:
    """Whether a stretch asks of the market alone: "the market this week, ..."."""
    named = clause.sectors or clause.symbols or clause.has("sector_word")
    text = clause.text.casefold()
    spoken = "chợ" in text or bool(re.search(r"\b(?:thi truong|market|mkt|tt)\b", fold(text)))
    return spoken and not named and bool(clause.windows or clause.has("analyse"))


def _read(
    text: str,
    start: int,
    end: int,
    tokens: tuple[Token, ...],
    matches: tuple[Match, ...],
    names: MarketNames,
    as_of: date,
) -> Clause:
    inside = tuple(
        m for m in matches if tokens[m.first].start >= start and tokens[m.last - 1].end <= end
    )
    own = tuple(t for t in tokens if t.start >= start and t.end <= end)
    stretch = text[start:end]
    folded = level_fold(stretch)
    cues = frozenset(notion for m in inside for notion in m.notions("cue"))
    cues |= {_DRIVER[notion] for m in inside for notion in m.notions("series") if notion in _DRIVER}
    if re.search(r"(?<!\w)\+\s?\d", stretch):
        cues |= {"up"}
    if re.search(r"(?<![\w])[-−]\s?\d", stretch):
        cues |= {"down"}
    cues = sensed(stretch, folded, cues)
    if len(own) > _FEW_ASKING and (_SAO.match(folded) or _MID_SAO.search(folded)):
        cues |= {"explain"}
    if _HOW.search(folded):
        cues |= {"analyse"}
    if len(own) <= _FEW_WORDS and not cues & _OF_SHARES and _lists_series(matches):
        cues |= {"price"}
    starts = tuple(tokens[m.first].start - start for m in inside)
    shocks = read_shocks(folded, cues)
    if any(shock.scenario == "oil_shock" for shock in shocks) and cues & _SUPPOSED:
        cues |= {"price"}  # what moves is the price, whoever the sector is
    entities = read_entities(text, tokens, own, inside, cues, names)
    return Clause(
        text=stretch.strip(),
        cues=cues | entities.cues,
        entities=entities,
        windows=read_windows(stretch, folded, inside, starts, as_of),
        shocks=shocks,
        words=len(own),
    )


def _shared(clauses: list[Clause]) -> tuple[Clause, ...]:
    """Give a clause without a window that of its neighbours, the next one first."""
    shared: list[Clause] = []
    for position, clause in enumerate(clauses):
        if not clause.windows:
            others = [*clauses[position + 1 :], *reversed(clauses[:position])]
            lent = next((c.windows for c in others if c.windows and not c.has("backtest")), ())
            clause = replace(clause, windows=lent)  # noqa: PLW2901 - the clause itself, completed
        following = clauses[position + 1] if position + 1 < len(clauses) else None
        if following is not None and _coordinated(clause, following):
            entities = replace(clause.entities, sectors=following.sectors)
            clause = replace(clause, entities=entities)  # noqa: PLW2901 - as above
        before = shared[-1] if shared else None
        clause = _moving(clause, before)  # noqa: PLW2901 - as above
        if before is not None and _goes_on(clause) and (before.sectors or before.symbols):
            symbols = () if before.sectors else before.symbols
            entities = replace(clause.entities, sectors=before.sectors, symbols=symbols)
            clause = replace(clause, entities=entities)  # noqa: PLW2901 - as above
        shared.append(clause)
    return tuple(shared)


def _moving(clause: Clause, before: Clause | None) -> Clause:
    """Return a stretch that supposes a sized move of nothing named as a move of the series before it."""
    if before is None or clause.shocks or clause.entities.series or not clause.has("up", "down"):
        return clause
    if not clause.has("hypothetical") or not re.search(r"\d", clause.text):
        return clause
    return moved(clause, before.entities.series_notions)


def moved(clause: Clause, notions: tuple[str, ...]) -> Clause:
    """Return a clause that supposes a move as one of the first series among some that can be shocked."""
    driver = next((_DRIVER[notion] for notion in notions if notion in _DRIVER), "")
    if not driver:
        return clause
    shocks = read_shocks(level_fold(clause.text), clause.cues | {driver})
    return replace(clause, cues=clause.cues | {driver}, shocks=shocks)


_WHICH = re.compile(r"\b(?:what|which|where|who|whom|gi|nao|dau|ai|j|overall|chung)\b")


def _goes_on(clause: Clause) -> bool:
    """Whether a stretch without a name asks further of what was named before it: "banks, and foreigners?"."""
    named = (
        clause.sectors or clause.symbols or clause.entities.series or clause.entities.lost_symbols
    )
    general = clause.has(
        "sector_word",
        "index",
        "market_word",
        "hypothetical",
        "backtest",
        "track",
        "brief",
    )
    bare = clause.words <= _BARE_WORDS or not _WHICH.search(fold(clause.text))
    asks = clause.has("explain") or (clause.has("flow", "whale", "news") and bare)
    return asks and not named and not general and not clause.has("rank")


def _coordinated(clause: Clause, following: Clause) -> bool:
    """Whether "foreign flow" stands beside "whale activity in banks", and means the banks too."""
    return (
        clause.words <= _FEW_WORDS
        and clause.has("flow", "whale", "news")
        and not clause.has("rank", "sector_word", "index", "market")
        and not (clause.sectors or clause.symbols)
        and following.has("flow", "whale", "news")
        and bool(following.sectors)
    )
