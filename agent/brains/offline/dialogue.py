"""Questions that need no market: greetings, help, orders, other topics, attempts on the planner."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from agent.brains.offline.outside import asks_for_a_look, is_outside

if TYPE_CHECKING:
    from agent.brains.offline.clauses import Clause

Exit = Literal["help", "smalltalk", "out_of_scope"]

_ORDER_START = re.compile(
    r"^\W*(?:please|pls|hey|ok|hãy|hay|làm ơn|giúp|giup|can you|could you|would you|now|go|just"
    r"|bạn|em)?"
    r"[\s,]*(?:please\s+)?(?:buy|sell|short|long|mua|bán|múc|muc|xả|chốt|order|purchase|dump|ban)\b",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    r"\b(?:buy|sell|short|get|grab|dump|take|give|add|mua|bán|ban|múc|muc|xả|gom|lấy|lay|chốt|xúc"
    r"|bốc)\b(?:\W+\w+){0,3}?"
    r"\W+\d[\d.,]*k?\s*(?:shares?|stocks?|lots?|units?|cổ|cp|co phieu|cổ phiếu|lô)\b"
    r"|\b[1-9][\d.,]*(?:00|k)\s*(?:shares?|lots?|units?|cổ|cp|co phieu|cổ phiếu|lô)\b"
    r"|\b(?:buy|sell|short|mua|bán|ban)\s+(?:me\s+)?\d",
    re.IGNORECASE,
)
_HOLDS = re.compile(
    r"\b(?:own|owns|hold|holds|holding|have|has|got|sitting on|stuck with|bought|cầm|cam|giữ|giu|ôm|om"
    r"|nắm|nam|kẹp|kep|có)"
    r"\b(?:\W+\w+){0,2}?\W+\d",
    re.IGNORECASE,
)
"""Shares somebody has already, of which he asks how they are."""
_BOUGHT = re.compile(
    r"\b(?:mua|mua được)\b.{0,25}\d.{0,25}\b(?:rồi|roi|hồi|từ hồi|từ năm|từ tháng|hôm trước|năm ngoái|tháng trước)"
    r"|\b(?:đã|lỡ|trót)\s+mua\b|\bgiữ hay bán\b|\bgiu hay ban\b|\bhold or (?:sell|fold)\b",
    re.IGNORECASE,
)
"""A purchase that lies behind its reader."""
_TRADES = re.compile(r"\b(?:buy|sell|short|dump|mua|bán|ban|xả|chốt)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\?|\b(?:should|when|why|which|what|who|nên|nen|có nên|không|khong|ko|k|nào|nao|gì|gi|hay|or"
    r"|if|nếu|neu|được)\b",
    re.IGNORECASE,
)
_SUBSTANCE = frozenset(
    {
        "flow",
        "whale",
        "macro",
        "index",
        "market",
        "backtest",
        "health",
        "track",
        "heatmap_strong",
        "rotation_strong",
    }
)
_MARKET_TALK = _SUBSTANCE | {
    "heatmap", "explain", "forecast_strong", "sector_word", "stock_word", "compare", "hypothetical_strong",
}  # fmt: skip
_WEAK = frozenset(
    {"forecast", "rotation", "rank", "explain", "search", "analyse", "heatmap", "market_word"}
)
_FEW_WORDS = 9


def early_exit(
    text: str, clauses: tuple[Clause, ...], *, certain: bool = False, foreign: bool = True
) -> Exit | None:
    """Return how a question leaves before anything is planned; None: it may ask something.

    Parameters
    ----------
    text, clauses
        The question and its clauses.
    certain
        Whether it is certainly about a market, so that a word of another topic does not lead it away.
    foreign
        Whether such a word may lead it away although it names something of a market.
    """
    cues = frozenset().union(*(clause.cues for clause in clauses))
    entities = any(
        c.sectors or c.symbols or c.entities.series or c.entities.proxies or c.shocks
        for c in clauses
    )
    if "injection" in cues or is_order(text, clauses, cues):
        return "out_of_scope"
    if not certain and is_outside(text) and not any(_asks_inside(c) for c in clauses):
        return "out_of_scope"
    substance = entities or bool(cues & _SUBSTANCE) or {"sector_word", "rank"} <= cues
    asks_on = substance and (not foreign or _other_clause_asks(clauses))
    if "offtopic" in cues and not certain and not asks_on:
        return "out_of_scope"
    if substance or certain or "brief" in cues:
        return None
    return _talk(clauses, cues)


def _talk(clauses: tuple[Clause, ...], cues: frozenset[str]) -> Exit | None:
    """Return whether nothing but help is wanted, or nothing at all."""
    if "help" in cues and not any(c.entities.lost_symbols for c in clauses):
        return "help"
    words = sum(clause.words for clause in clauses)
    short = words <= _FEW_WORDS and not cues & (_WEAK | {"hypothetical", "search"})
    return "smalltalk" if "smalltalk" in cues and short else None


def _asks_inside(clause: Clause) -> bool:
    """Whether a clause asks about the market and nothing outside it."""
    asks = clause.sectors or clause.symbols or clause.entities.series or clause.cues & _SUBSTANCE
    return bool(asks) and not is_outside(clause.text)


def is_order(text: str, clauses: tuple[Clause, ...], cues: frozenset[str]) -> bool:
    """Whether a question wants something bought, sold or moved rather than known."""
    if asks_for_a_look(text):
        return False
    named = any(
        c.symbols or c.entities.lost_symbols or c.sectors or c.entities.proxies for c in clauses
    )
    asks = bool(_ASKS.search(text))
    polite = re.search(
        r"\b(can|could|would) you\b.*\b(buy|sell|short|purchase)\b", text, re.IGNORECASE
    )
    if "order" in cues and (
        "order_strong" in cues or not re.search(r"\b(should|nên|nen)\b", text, re.IGNORECASE)
    ):
        return True
    has_them = _BOUGHT.search(text) or (_HOLDS.search(text) and not _TRADES.search(text))
    if (
        _QUANTITY.search(text)
        and not has_them
        and not re.search(r"\b(should|nên|nen|if|nếu|neu)\b", text, re.IGNORECASE)
    ):
        return True
    if polite and named and not cues & {"flow", "forecast_strong", "explain"}:
        return True
    return bool(_ORDER_START.search(text)) and named and not asks


def _other_clause_asks(clauses: tuple[Clause, ...]) -> bool:
    """Whether a clause free of other topics asks about the market, or names sectors beside them."""
    return any(
        (
            c.cues & _SUBSTANCE
            or c.sectors
            or c.symbols
            or c.entities.series
            or {"sector_word", "rank"} <= c.cues
        )
        and "offtopic_strong" not in c.cues
        and (
            "offtopic" not in c.cues
            or bool(c.sectors and (c.windows or c.cues & _MARKET_TALK))
            or bool(c.cues & {"flow", "whale", "heatmap_strong"})
        )
        for c in clauses
    )


def asking_clauses(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """Return the clauses that are not about other topics; all, where every one is."""
    kept = tuple(
        c
        for c in clauses
        if ("offtopic" not in c.cues or c.sectors or c.symbols or c.has("flow", "whale", "index"))
        and not is_outside(c.text)
    )
    return kept or clauses
