"""The Home tab: the latest heatmap, what the model's calls have been worth, prompts and subscriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.brief.evidence import Evidence
from agent.brief.labels import label
from agent.brief.slots import render_value
from agent.slack.blocks import limits, parts
from agent.slack.blocks.buttons import ASK, UNSUBSCRIBE
from agent.slack.blocks.heat import heat_grid
from agent.slack.blocks.page import page_of
from agent.slack.blocks.parts import Grid, Run
from agent.slack.blocks.recovered import request_of
from agent.slack.blocks.text import pieces, shortened
from agent.slack.blocks.words import word
from agent.slack.schedules import HOLIDAYS_SAID

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from agent.brief.model import Brief, Language
    from agent.slack.blocks.model import Block
    from agent.slack.subscriptions import Subscription
    from tools.contracts import Fact
    from tools.signal_card import SignalCard

PROMPTS = ("rotation", "flow", "rates", "brief")
MOST_PROMPTS = 8
MOST_SUBSCRIPTIONS = 20
MOST_ROWS = 60
NARROW = 7
"""Columns of the heatmap, so that a line keeps to the width of the tab."""
TEXTS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "title": "Sectorvane: where money is moving between sectors",
        "nothing": "Nothing has been asked yet. Ask in the Messages tab, mention me in a channel, or press a "
        "button below.",
        "asked": "Answer to “{question}”",
        "ask": "Ask",
        "card": "What the calls have been worth",
        "subscriptions": "Subscriptions",
        "none": "None yet. Say `/sectorvane subscribe every weekday 8:45 which sectors lead?` in a channel.",
        "more": "and {count} more: `/sectorvane list` in their channels shows them.",
        "delete": "Delete",
        "sure": "Delete this subscription?",
        "sure_text": "It will not be posted any more.",
        "keep": "Keep",
    },
    "vi": {
        "title": "Sectorvane: dòng tiền đang chuyển giữa các ngành",
        "nothing": "Chưa có câu hỏi nào. Hãy hỏi trong thẻ Messages, nhắc tên tôi trong kênh, hoặc bấm một nút "
        "bên dưới.",
        "asked": "Trả lời cho “{question}”",
        "ask": "Hỏi",
        "card": "Các nhận định đã đáng giá đến đâu",
        "subscriptions": "Đăng ký nhận tin",
        "none": "Chưa có. Hãy gõ `/sectorvane subscribe mỗi ngày làm việc lúc 8:45 ngành nào dẫn đầu?` trong một "
        "kênh.",
        "more": "và {count} mục khác: gõ `/sectorvane list` trong kênh để xem.",
        "delete": "Xóa",
        "sure": "Xóa đăng ký này?",
        "sure_text": "Tin này sẽ không được gửi nữa.",
        "keep": "Giữ lại",
    },
}
VERDICTS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "better": "Out of sample, calls and ranking have both done better than chance.",
        "mixed": "Out of sample, the record is mixed: calls and ranking do not agree.",
        "chance": "Out of sample, the record is no better than chance: weak evidence.",
        "worse": "Out of sample, the record is worse than chance: do not lean on it.",
        "short": "The record is too short to judge.",
    },
    "vi": {
        "better": "Ngoài mẫu, cả nhận định lẫn xếp hạng đều tốt hơn ngẫu nhiên.",
        "mixed": "Ngoài mẫu, thành tích lẫn lộn: nhận định và xếp hạng không cùng hướng.",
        "chance": "Ngoài mẫu, thành tích không hơn ngẫu nhiên: bằng chứng yếu.",
        "worse": "Ngoài mẫu, thành tích kém hơn ngẫu nhiên: đừng dựa vào nó.",
        "short": "Chuỗi thành tích còn quá ngắn để đánh giá.",
    },
}
RATE: Mapping[Language, str] = {
    "en": "{hit_rate} of {calls} calls at {horizon} came true (interval {hit_rate_low} to {hit_rate_high}), "
    "against a base rate of {base_rate}.",
    "vi": "{hit_rate} trong {calls} nhận định kỳ {horizon} đúng (khoảng {hit_rate_low} đến {hit_rate_high}), so "
    "với tỷ lệ nền {base_rate}.",
}


def home_view(
    latest: Brief | None,
    *,
    card: Sequence[str] = (),
    subscriptions: Sequence[Subscription] = (),
    prompts: Sequence[str] = (),
    language: Language = "en",
) -> Block:
    """Return the Home tab of one reader.

    Parameters
    ----------
    latest
        The newest answer with a heatmap; None where there is none.
    card
        The signal card in sentences, its verdict first (:func:`card_lines`); empty where none is known.
    subscriptions
        The reader's own.
    prompts
        Questions to suggest; a few usual ones where none are given.
    """
    texts = TEXTS[language]
    blocks = [parts.header(texts["title"]), *_latest(latest, language)]
    if card:
        blocks += [parts.heading(texts["card"]), parts.context(*card)]
    blocks += [parts.heading(texts["ask"]), _prompts(prompts, language), {"type": "divider"}]
    blocks += [parts.heading(texts["subscriptions"]), *_subscriptions(subscriptions, language)]
    return {"type": "home", "blocks": blocks}


def card_lines(card: SignalCard, language: Language) -> tuple[str, ...]:
    """Return a signal card in sentences: the verdict, and the hit rate beside the base rate."""
    known: dict[str, Fact] = {
        fact.metric: fact for fact in card.facts if fact.period == card.horizon
    }
    wanted = ("hit_rate", "calls", "hit_rate_low", "hit_rate_high", "base_rate")
    verdict = VERDICTS[language][card.verdict]
    if any(name not in known for name in wanted):
        return (verdict,)
    shown = {name: render_value(known[name], language) for name in wanted}
    shown["calls"] = shown["calls"].partition(" ")[0]
    return (verdict, RATE[language].format(horizon=card.horizon, **shown))


def _latest(brief: Brief | None, language: Language) -> Iterator[Block]:
    texts = TEXTS[language]
    if brief is None:
        yield from parts.paragraph(texts["nothing"])
        return
    page = page_of(brief.markdown, brief.language)
    small = [page.line, *(f"⚠️ {warning}" for warning in page.warnings)]
    yield parts.context(texts["asked"].format(question=brief.question), *small)
    yield from parts.paragraph(page.lead or parts.BLANK, bold=True)
    evidence = Evidence(request_of(brief, page))
    grid = heat_grid(evidence, coloured=False)
    if grid is not None:
        narrow = _narrowed(grid, brief)
        for text in pieces(parts.aligned(narrow), limits.SECTION_TEXT):
            yield parts.quotation(text)
        yield parts.context(label("legend" if evidence.scores else "legend_moves", brief.language))


def _narrowed(grid: Grid, brief: Brief) -> Grid:
    """Return the columns that are read first: returns, and the chance over the brief's horizon."""
    chance = label("chance", brief.language)
    others = {
        at
        for at, heading in enumerate(grid.header)
        if heading.startswith(f"{chance} ") and heading != f"{chance} {brief.horizon}"
    }
    kept = [at for at in range(len(grid.header)) if at not in others][:NARROW]
    return Grid(
        tuple(grid.header[at] for at in kept),
        tuple(tuple(row[at] for at in kept) for row in grid.rows[:MOST_ROWS]),
        frozenset(place for place, at in enumerate(kept) if at in grid.right),
    )


def _prompts(prompts: Sequence[str], language: Language) -> Block:
    shown = list(prompts) or [word(key, language) for key in PROMPTS]
    return parts.actions(
        [parts.button(text, f"{ASK}_{at}", text) for at, text in enumerate(shown[:MOST_PROMPTS])]
    )


def _subscriptions(found: Sequence[Subscription], language: Language) -> Iterator[Block]:
    texts = TEXTS[language]
    if not found:
        yield parts.context(texts["none"])
        return
    for one in found[:MOST_SUBSCRIPTIONS]:
        yield _row(one, language)
        delete = parts.button(
            texts["delete"], f"{UNSUBSCRIBE}_{one.id}", str(one.id), style="danger"
        )
        yield parts.actions([delete | {"confirm": _confirm(language)}])
    if len(found) > MOST_SUBSCRIPTIONS:
        yield parts.context(texts["more"].format(count=len(found) - MOST_SUBSCRIPTIONS))
    yield parts.context(HOLIDAYS_SAID[language])


def _row(one: Subscription, language: Language) -> Block:
    said = one.schedule.said(language)
    question = shortened(one.question, 200)
    line = parts.section(Run(f"{said[:1].upper()}{said[1:]}", bold=True), Run(f"\n{question}"))
    if one.place.channel.isalnum() and one.place.channel[:1] in "CDG":
        channel = {"type": "channel", "channel_id": one.place.channel}
        line["elements"].insert(1, channel)
        line["elements"].insert(1, {"type": "text", "text": " · "})
    return parts.rich(line)


def _confirm(language: Language) -> Block:
    texts = TEXTS[language]

    def plain(key: str) -> Block:
        return {"type": "plain_text", "text": texts[key]}

    return {
        "title": plain("sure"),
        "text": plain("sure_text"),
        "confirm": plain("delete"),
        "deny": plain("keep"),
        "style": "danger",
    }
