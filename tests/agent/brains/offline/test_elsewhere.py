"""Market words in another sense are no market questions; markets in other words still are."""

from __future__ import annotations

from typing import Any

import pytest

from agent.brains.offline.lexicon import table


@pytest.mark.parametrize(
    "question",
    [
        "Is a copper pan better than a steel one for my eggs?",
        "Which dentist takes my insurance?",
        "The bank of the pond in my garden is muddy, what do I plant?",
        "My outlook inbox is full, how do I empty it?",
        "How do I rotate the photos on my phone?",
        "Where do whales sleep?",
        "Cá mập đẻ trứng hay đẻ con",
        "Ngân hàng sữa mẹ nhận sữa ở đâu",
        "Dầu gội cho trẻ em loại nào",
        "Chứng ho khan uống thuốc gì",
    ],
)  # fmt: skip
def test_a_market_word_in_another_sense_calls_nothing(question: str, askers: Any) -> None:
    draft = askers["vn"](question)
    assert draft.calls == ()
    assert draft.intent in {"out_of_scope", "clarify"}


@pytest.mark.parametrize(
    "question",
    [
        "HPG price at 10:15 this morning",
        "Quote VCB as of half past two",
        "FPT lúc 9 giờ 20 khớp giá bao nhiêu",
        "Ping me once SSI trades above 40",
        "Let me know when HPG drops below 25",
        "Nhắn em khi VCB vượt 90",
    ],
)
def test_a_price_of_the_clock_and_a_bell_to_ring_are_not_promised(
    question: str, askers: Any
) -> None:
    draft = askers["vn"](question)
    assert (draft.intent, draft.calls) == ("out_of_scope", ())


@pytest.mark.parametrize(
    ("question", "tool"),
    [
        ("Is it sunny or stormy for banks this week?", "get_sector_forecast"),
        ("Any monsters of the deep in steel today?", "get_whale_activity"),
        ("How do I know where foreigners bought banks this week?", "get_foreign_flow"),
        ("Giá vàng trong 24 giờ qua", "get_macro_indicators"),
        ("Ngân hàng giảm bao nhiêu khi dầu lên 100", ""),
        ("Call me crazy, but is steel done this month?", ""),
    ],
)
def test_a_market_in_other_words_is_not_refused(question: str, tool: str, askers: Any) -> None:
    draft = askers["vn"](question)
    assert draft.intent != "out_of_scope"
    assert not tool or tool in {call.tool for call in draft.calls}


def test_examples_of_one_sense_are_none_of_another() -> None:
    rows = [
        (text, label)
        for label, languages in table("homonyms").items()
        for texts in languages.values()
        for text in texts
    ]
    assert len({text for text, _ in rows}) == len(rows)
