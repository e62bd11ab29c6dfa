"""What remote servers were asked and what they said: their facts as a table, the rest as quotation.

A quotation stands in a fenced block that names the server. Nothing of it is ours: no unit is known,
nothing was checked, no claim of the prose may rest on it, and no model is shown it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.brief.labels import label
from agent.brief.lexicon import entity_name, short_name
from agent.brief.slots import render_value
from agent.brief.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from agent.brains.base import ComposeRequest
    from agent.brief.model import Language
    from agent.remote.quoting import Quote
    from tools.contracts import Fact

QUOTE = "quote"
"""Key of a tool's answer under which a remote server's stands."""
FENCE = "```"
MOST_ROWS = 40
LABELS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "heading": "From remote servers",
        "asked": "asked",
        "nothing": "without arguments",
        "session": "session",
        "no_day": "it says no day",
        "retrieved": "received",
        "not_sent": "not sent, because its tool does not take it",
        "quoted": "Quoted as it came: units unknown, nothing checked, not used in this answer.",
        "mapped": "its numbers stand in the table above",
        "unknown": "names that this market does not know",
        "value": "Value",
        "window": "Window",
    },
    "vi": {
        "heading": "Từ máy chủ từ xa",
        "asked": "đã hỏi",
        "nothing": "không có tham số",
        "session": "phiên",
        "no_day": "không nêu ngày",
        "retrieved": "nhận lúc",
        "not_sent": "không gửi, vì công cụ của máy chủ không nhận",
        "quoted": "Trích nguyên văn: không rõ đơn vị, chưa kiểm chứng, không dùng trong câu trả lời này.",
        "mapped": "các số liệu nằm trong bảng ở trên",
        "unknown": "tên mà thị trường này không có",
        "value": "Giá trị",
        "window": "Khung",
    },
}


def remote_section(request: ComposeRequest) -> str:
    """Return the section about remote servers; empty where none was asked."""
    quotes = list(_quotes(request.answers))
    if not quotes:
        return ""
    words = LABELS[request.language]
    blocks = [f"## {words['heading']}", _figures(request, quotes)]
    told = "\n".join(line for quote in quotes for line in _told(quote, words))
    if any(quote.lines for quote in quotes):
        blocks.append(f"*{words['quoted']}*")
    blocks.append(f"{FENCE}text\n{told}\n{FENCE}")
    return "\n\n".join(block for block in blocks if block)


def _quotes(answers: Mapping[str, dict[str, Any]]) -> Iterator[Quote]:
    for answer in answers.values():
        if QUOTE in answer:
            from agent.remote.quoting import Quote

            yield Quote.model_validate(answer[QUOTE])


def _told(quote: Quote, words: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of one call; no line is empty, so that a block stays a block."""
    day = f"{words['session']} {quote.observed_on}" if quote.observed_on else words["no_day"]
    asked = f"{words['asked']} {quote.asked or words['nothing']}"
    yield f"{quote.server} {quote.tool}: {asked}; {day}; {words['retrieved']} {quote.retrieved_at}"
    if quote.not_sent:
        yield f"  {words['not_sent']}: {quote.not_sent}"
    if quote.facts:
        yield f"  ({words['mapped']})"
    if quote.unknown:
        yield f"  {words['unknown']}: {quote.unknown}"
    for line in quote.lines:
        yield f"  > {line}"


def _figures(request: ComposeRequest, quotes: list[Quote]) -> str:
    """Return the facts of remote servers as a table."""
    wanted = dict.fromkeys(name for quote in quotes for name in quote.facts)
    facts = [request.facts[name] for name in wanted if name in request.facts][:MOST_ROWS]
    if not facts:
        return ""
    language, words = request.language, LABELS[request.language]
    header = [label("name", language), label("measure", language), words["window"], words["value"],
              label("observed", language), label("source", language)]  # fmt: skip
    rows = [
        [
            entity_name(fact.entity, request.vocabulary, language) or fact.entity,
            _measure(fact, quotes, language),
            fact.period or "",
            render_value(fact, language, fine=True),
            fact.observed_on.isoformat(),
            fact.source,
        ]
        for fact in facts
    ]
    return table(header, rows, right=(3,))


def _measure(fact: Fact, quotes: list[Quote], language: Language) -> str:
    """Return what a measure is called, without the server's name, which the source says."""
    for quote in quotes:
        if fact.metric.startswith(f"{quote.server}_"):
            return short_name(fact.metric.removeprefix(f"{quote.server}_"), language)
    return short_name(fact.metric, language)
