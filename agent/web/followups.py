"""Questions that a reader may well ask next, made of what the answer is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from agent.brief.lexicon import entity_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agent.brief.model import Brief, Intent
    from tools.contracts import Vocabulary

MOST = 3


class _Next(NamedTuple):
    """A question, the intent that it has, and what the market must have to answer it."""

    intent: Intent
    en: str
    vi: str
    needs: str = ""


_WHY = _Next("explain", "Why is {best} ranked there?", "Vì sao {best} xếp hạng như vậy?")
_LONGER = _Next("brief", "And over three months?", "Còn trong ba tháng?")
_OTHERS = (
    _Next("flow", "What are foreigners buying?", "Khối ngoại đang mua gì?", "has_flows"),
    _Next("rotation", "Which sectors will lead next month?", "Ngành nào sẽ dẫn đầu tháng tới?"),
    _Next(
        "whale", "Any unusually large trades?", "Có giao dịch lớn bất thường không?", "has_trading"
    ),
    _Next("macro", "How do rates and inflation stand?", "Lãi suất và lạm phát ra sao?"),
)


def followups(brief: Brief, vocabulary: Vocabulary) -> list[str]:
    """Return at most three questions in the answer's language, none that it has answered."""
    asked = brief.question.casefold()
    found = (text for text in _questions(brief, vocabulary) if text.casefold() != asked)
    return list(dict.fromkeys(found))[:MOST]


def _questions(brief: Brief, vocabulary: Vocabulary) -> Iterator[str]:
    if brief.clarification is not None:
        return
    known = {brief.intent, *brief.intents}
    if brief.scorecard is not None and brief.scorecard.sectors:
        best = brief.scorecard.sectors[0]
        name = entity_name(best.sector, vocabulary, brief.language) or best.name
        if "explain" not in known:
            yield _said(_WHY, brief).format(best=name)
        if brief.horizon != "3M":
            yield _said(_LONGER, brief)
    for one in _OTHERS:
        if one.intent not in known and (not one.needs or getattr(vocabulary, one.needs)):
            yield _said(one, brief)


def _said(question: _Next, brief: Brief) -> str:
    return question.vi if brief.language == "vi" else question.en
