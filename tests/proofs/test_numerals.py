"""No page that a question brings holds a numeral that nothing explains, over the markets at hand, in both languages."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING

import pytest

from agent.conversation import Conversation
from agent.settings import load_settings
from tests.conftest import SHARED
from tests.proofs.numerals import unexplained

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from agent.brains.base import ComposeRequest

QUESTIONS = {
    "en": (
        "Which sectors are leading, and what are foreigners buying this month?",
        "Give me the full brief", "How is the market today?", "Which sectors did best this week?",
        "Is there unusual trading this week?", "Where do rates and inflation stand?",
        "What happens to my sectors if rates rise 200bp?", "What would a market crash do?",
        "Back-test a momentum strategy over 3 years", "How good have your forecasts been?",
        "How fresh is your data?", "How should I tilt my portfolio over the next quarter?",
        "Why does the first sector rank where it does?", "Compare {one} with {other}", "How is {share} doing?",
    ),
    "vi": (
        "Ngành nào dẫn dắt và khối ngoại đang mua gì tháng này?", "Cho tôi báo cáo đầy đủ",
        "Thị trường hôm nay thế nào?", "Ngành nào mạnh nhất tuần này?", "Có giao dịch đột biến không?",
        "Lãi suất và lạm phát đang ở đâu?", "Nếu lãi suất tăng 200 điểm cơ bản thì các ngành ra sao?",
        "Kiểm định chiến lược momentum 3 năm", "Dự báo của bạn đúng đến đâu?", "Dữ liệu có mới không?",
        "So sánh {one} và {other}", "{share} thế nào?",
    ),
}  # fmt: skip
FOLDERS = {
    "us": (date(1999, 12, 31), date(2009, 3, 6), date(2018, 2, 9)),
    "id": (date(2019, 12, 30), date(2021, 2, 26), date(2022, 12, 30)),
    "vn": (date(2018, 1, 31), date(2020, 3, 31), date(2022, 11, 15)),
    "vnx": (date(2019, 3, 29), date(2022, 4, 29), date(2023, 12, 29)),
}
DEMO = (date(2018, 7, 31), date(2022, 5, 16), date(2026, 9, 30))
INDUSTRIES = (date(1953, 2, 28), date(1980, 3, 31), date(2008, 10, 31), date(2016, 12, 31))


def pages(
    market: str, days: Iterable[date], home: Path, questions: dict[str, tuple[str, ...]]
) -> list[tuple[str, str, ComposeRequest]]:
    """Return question, page and what it was made from, of every question at every date."""

    async def ask(day: date) -> list[tuple[str, str, ComposeRequest]]:
        flags = {"market": market, "as_of": day.isoformat(), "brain": "offline"}
        settings = load_settings(flags, {"SECTORVANE_HOME": str(home)}, home)
        found = []
        for asked in questions.values():
            async with Conversation(settings) as conversation:
                for text in asked:
                    words = await _names(conversation)
                    brief = await conversation.ask(text.format(**words))
                    assert conversation.record is not None
                    assert brief.review.passed, (text, day, brief.review.problems)
                    found.append((text, brief.markdown, conversation.record.request))
        return found

    return [page for day in days for page in asyncio.run(ask(day))]


async def _names(conversation: Conversation) -> dict[str, str]:
    """Return two sectors and a share of the market; sectors only once a question has been answered."""
    if conversation.record is None:
        return {"one": "", "other": "", "share": ""}
    words = conversation.record.request.vocabulary
    names = [sector.name for sector in words.sectors]
    shares = [one.symbol for one in words.symbols if one.kind == "stock"] or names[:1]
    return {"one": names[0], "other": names[-1], "share": shares[len(shares) // 2]}


def faults(found: list[tuple[str, str, ComposeRequest]]) -> list[str]:
    """Return the unexplained numerals of some pages."""
    return [
        f"{request.market.id} {request.market.as_of} {request.language}: {text} -> {where}"
        for text, page, request in found
        for where in unexplained(page, request)
    ]


def test_no_page_of_the_industries_holds_an_unexplained_numeral(session_home: Path) -> None:
    few = {language: asked[::4] for language, asked in QUESTIONS.items()}
    found = pages("industries", INDUSTRIES[-1:], session_home, few)
    assert len(found) > 5
    assert not faults(found)


def test_no_page_of_the_default_market_holds_one(session_home: Path) -> None:
    few = {language: asked[1::7] for language, asked in QUESTIONS.items()}
    found = pages("demo", DEMO[-1:], session_home, few)
    assert len(found) == 4
    assert not faults(found)


def test_a_numeral_of_nobody_is_found(session_home: Path) -> None:
    (_, page, request), *_ = pages(
        "industries", INDUSTRIES[-1:], session_home, {"en": QUESTIONS["en"][:1]}
    )
    assert not unexplained(page, request)
    for invented in ("Risks of 7.77%.", "Risks of 17 sectors and 8,123,456."):
        assert unexplained(page.replace("\n\n", f"\n\n{invented}\n\n", 1), request)


@pytest.mark.proof
def test_no_page_of_any_market_holds_an_unexplained_numeral(tmp_path: Path) -> None:
    found = pages("industries", INDUSTRIES, tmp_path, QUESTIONS)
    found += pages("demo", DEMO, tmp_path, QUESTIONS)
    for name, days in FOLDERS.items():
        folder = SHARED / "markets" / name
        if folder.is_dir():
            found += pages(f"folder:{folder}", days, tmp_path, QUESTIONS)
    print(f"{len(found)} pages of {len({r.market.id for _, _, r in found})} markets")
    assert not faults(found)
