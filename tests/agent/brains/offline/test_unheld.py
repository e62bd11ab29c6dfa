"""Company accounts, owners, calendars, opinions, other countries: what no market holds, and what sounds like it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agent.brains.offline.unheld import unheld

DAY = date(2026, 9, 30)
SERIES = ("CPI", "FED_RATE", "InterestRate", "earnings_revisions")


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("What's the P/E of the banking sector?", "accounts"),
        ("dividend yield by sector", "accounts"),
        ("How did HPG's earnings come in last quarter?", "accounts"),
        ("P/B ngành chứng khoán", "accounts"),
        ("Cổ tức của VNM", "accounts"),
        ("Vốn hóa của VCB là bao nhiêu", "accounts"),
        ("when is the next Fed meeting", "calendar"),
        ("Khi nào chốt quyền cổ tức GAS", "accounts"),
        ("lịch họp Fed", "calendar"),
        ("who are the biggest shareholders of VIC", "owners"),
        ("Room ngoại còn lại của MWG", "owners"),
        ("analyst ratings on HPG", "opinions"),
        ("how is the Nikkei doing", "elsewhere"),
        ("latest CPI of Japan", "elsewhere"),
        ("what will the index be in 2030", "far"),
    ],
)
def test_what_no_market_holds_is_known_by_its_words(question: str, subject: str) -> None:
    found = unheld(question, {}, SERIES, DAY)
    assert found is not None
    assert found.subject == subject


@pytest.mark.parametrize(
    "question",
    [
        "Which sectors are rotating in?",
        "Nhóm vốn hóa lớn tuần này thế nào?",
        "How profitable was the momentum strategy with dividends over 3 years?",
        "what did earnings revisions say about banks",
        "When were the data last updated, and when is the next report of them?",
        "khi nào dữ liệu được công bố",
        "Latest CPI and the policy rate",
        "Which sectors led in 2024?",
    ],
)
def test_what_sounds_like_it_is_answered(question: str) -> None:
    assert unheld(question, {}, SERIES, DAY) is None


def test_a_ticker_of_the_market_is_no_ratio() -> None:
    assert unheld("how is ROE doing", {}, SERIES, DAY) is not None
    assert unheld("how is ROE doing", {"ROE": "stock"}, SERIES, DAY) is None


def test_the_rest_of_a_question_is_without_it() -> None:
    found = unheld("dividend yield and foreign flow by sector", {}, SERIES, DAY)
    assert found is not None
    assert found.rest == "and foreign flow by sector"


@pytest.mark.parametrize(
    ("question", "tool"),
    [
        (
            "Which sectors should I overweight next quarter, and what is the P/E of banks?",
            "forecast",
        ),
        ("P/E of banks and how did they do this month", "heatmap"),
        ("dividend yield by sector and foreign flow", "foreign_flow"),
        ("who owns VIC and how is it doing?", "stock_analysis"),
        ("cổ tức VNM và khối ngoại mua gì tuần này", "foreign_flow"),
    ],
)
def test_what_stands_beside_it_is_answered_and_the_rest_is_named(
    ask: Any, question: str, tool: str
) -> None:
    draft = ask(question)
    assert any(call.tool.endswith(tool) for call in draft.calls)
    assert any(note.startswith(("The data here", "Dữ liệu ở đây")) for note in draft.notes)


def test_a_sector_named_for_it_alone_narrows_nothing_else(ask: Any) -> None:
    draft = ask("Which sectors lead next month, and what is the P/E of banks?")
    assert draft.sectors == ()


@pytest.mark.parametrize(
    "question",
    [
        "P/E of banks",
        "compare banks and steel on P/E",
        "revenue and profit of HPG",
        "P/E của ngân hàng, thép",
        "2-bed apartment prices in district 7, up or down",
    ],
)
def test_alone_it_is_named_with_what_can_be_asked_instead(ask: Any, question: str) -> None:
    draft = ask(question)
    assert draft.intent == "out_of_scope"
    assert draft.calls == ()
    assert draft.clarification is not None
    assert draft.clarification.choices
