"""What is said of the data: every state in both languages, through the review, and every gap of ours translated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from agent.brief.compose import write
from agent.brief.gaps import note_text
from agent.brief.markdown import render
from agent.brief.review import review_draft, review_markdown
from tests.agent.brief.requests import GAP, request_of
from tests.fakes import fact
from tools import CATALOGUE

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest
    from agent.brief.model import Language

SENTENCES = (
    "many of the newest prices",
    "the price feed fails its checks: much of its last week cannot be right",
    "they are not used, and confidence is low",
    "recent prices of Energy, Banks",
    "there is no usable price in the last week",
    "their newest moves are unknown, and their confidence is low",
    "recent traded values",
    "the feed of traded values has changed its unit",
    "they are not used, and no call is of high confidence",
    "recent foreign flow",
    "the flow data end on 2024-01-02",
    "what foreigners have traded since is unknown",
    "the flow feed fails its checks: some of its newest days are missing or cannot be right",
    "those days are not used, and no call is of high confidence",
    "the newest releases of CPI, PMI",
    "they are in another unit than before",
    "they are not used; the values before them still stand",
    "signals that have fallen silent",
    "new data from FRED",
    "what was known before is used",
    "prices after 2024-01-02",
    "the newest price usable on 2024-02-02 is of 2024-01-02",
    "windows end on 2024-01-02, so that newer moves are unknown",
)


def health(language: Language, *, failing: bool, unused: float, **changes: Any) -> ComposeRequest:
    facts = [
        fact("MARKET.findings", unused, "count"),
        fact("MARKET.trading_days", 900.0, "days"),
        fact("MARKET.quarantined_prices", unused, "count"),
        fact("8300.missing_prices.3M", 0.02),
        *(fact(f"MARKET.coverage_{entry.name}", 1.0) for entry in CATALOGUE),
        fact("MARKET.coverage_get_stock_analysis", 0.5),
    ]
    answer = {"feeds": [{"feed": "prices", "failing": failing}]}
    return request_of(
        "health",
        language,
        facts={one.id: one for one in facts},
        scorecard=None,
        answers={"get_data_health": answer},
        **changes,
    )


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("failing", [True, False])
@pytest.mark.parametrize("unused", [0.0, 3.0])
@pytest.mark.parametrize("gaps", [(), (GAP,)])
def test_every_state_passes_the_review(
    language: Language, failing: bool, unused: float, gaps: Any
) -> None:
    request = health(language, failing=failing, unused=unused, gaps=gaps)
    draft = write(request)
    assert review_draft(draft, request) == ()
    page = render(request, draft)
    assert review_markdown(page, request) == ()
    assert request.market.last_day.isoformat() in draft.headline


def test_only_tools_that_cannot_answer_everything_are_listed() -> None:
    request = health("en", failing=False, unused=0.0)
    page = render(request, write(request)).lower()
    assert "answerable by get_stock_analysis" in page
    assert "answerable by get_sector_heatmap" not in page


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_gap_of_a_failing_feed_is_said_in_vietnamese(sentence: str) -> None:
    assert note_text(sentence, "vi") != sentence
    assert note_text(sentence, "en") == sentence


def test_signals_behind_a_tilt_have_their_names_in_either_language() -> None:
    note = (
        "Other evidence sums earnings_revisions, pe_12m: how unusual each is now, times what it has "
        "told of the sectors so far."
    )
    assert note_text(note, "en").startswith(
        "Other evidence: balance of earnings revisions, pe 12m."
    )
    said = note_text(note, "vi")
    assert said.startswith("Các tín hiệu khác: cán cân điều chỉnh dự báo lợi nhuận, pe 12m.")
