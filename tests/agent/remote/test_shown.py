"""How a page shows what remote servers said: facts as a table, the rest as one quotation."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from agent.brief.compose import write
from agent.brief.gaps import note_text
from agent.brief.markdown import render
from agent.brief.model import Brief, BriefMarket
from agent.brief.remote import remote_section
from agent.brief.review import review_markdown
from agent.brief.terminal import print_brief
from agent.remote import gaps
from agent.remote.failures import SAID
from agent.remote.quoting import Quote, lines_of
from tests.agent.brief.requests import narrow
from tests.fakes import fact
from tests.remote_servers import PLANTED

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest
    from agent.brief.model import Language

TOLD = Quote(
    server="vimo",
    tool="get_whale_activity",
    asked="",
    not_sent="timeframe=1W",
    observed_on=date(2022, 12, 30),
    retrieved_at="2022-12-30 12:00 UTC",
    lines=lines_of({"note": PLANTED, "count": 3}),
)
MAPPED = TOLD.model_copy(
    update={"tool": "get_sector_rotation", "lines": (), "facts": ("8300.vimo_return.1D",)}
)
THEIRS = fact("8300.vimo_return.1D", 0.0123).model_copy(
    update={"source": "vimo/get_sector_rotation"}
)


def asked(language: Language = "en") -> ComposeRequest:
    request = narrow("flow", language)
    answers = {
        f"vimo__{quote.tool}": {"quote": quote.model_dump(mode="json")} for quote in (TOLD, MAPPED)
    }
    facts = {**request.facts, THEIRS.id: THEIRS}
    return request.model_copy(update={"answers": answers, "facts": facts})


def test_without_a_remote_answer_there_is_no_section() -> None:
    assert remote_section(narrow("flow")) == ""


def test_facts_are_a_table_and_the_rest_is_one_quotation() -> None:
    shown = remote_section(asked())
    (row,) = [line for line in shown.splitlines() if line.startswith("| Banks")]
    assert [cell.strip() for cell in row.strip("| ").split("|")] == [
        "Banks", "return", "1D", "+1.2%", "2020-06-30", "vimo/get_sector_rotation",
    ]  # fmt: skip
    quotation = shown[shown.index("```text") :]
    assert "vimo get_whale_activity: asked without arguments; session 2022-12-30" in quotation
    assert "not sent, because its tool does not take it: timeframe=1W" in quotation
    assert "  > count: 3" in quotation
    assert shown.count("```") == 2
    assert "{{" not in shown
    assert "\n\n" not in quotation


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_page_passes_its_review_and_a_changed_quotation_does_not(language: Language) -> None:
    request = asked(language)
    page = render(request, write(request))
    assert not review_markdown(page, request)
    assert review_markdown(page.replace("count: 3", "count: 4"), request)
    assert review_markdown(page.replace("1.2%", "1.3%").replace("1,2%", "1,3%"), request)


def test_a_terminal_shows_the_quotation_line_by_line() -> None:
    request = asked()
    market = BriefMarket(
        id="vn", name="Vietnam", as_of=date(2022, 12, 31), benchmark="VNINDEX", simulated=False
    )
    brief = Brief(
        run_id="1", thread_id="1", question="?", language="en", intent="flow", market=market,
        horizon="1M", markdown=render(request, write(request)),
    )  # fmt: skip
    page = io.StringIO()
    print_brief(brief, Console(file=page, width=160, force_terminal=True, color_system=None))
    lines = [line.rstrip() for line in page.getvalue().splitlines()]
    assert "  > count: 3" in lines
    assert "```" not in page.getvalue()


def test_every_sentence_about_a_server_is_said_in_vietnamese() -> None:
    told = (
        *(gaps.failed("vimo", "get_foreign_flow", why) for why in SAID.values()),
        gaps.silent("vimo", SAID["down"]),
        gaps.nothing_by_then("vimo"),
        gaps.beyond_quota("vimo", "get_foreign_flow"),
        gaps.no_room("vimo", "get_foreign_flow"),
        gaps.lacking("vimo", "get_stock_info", ("symbol",)),
        *(
            gaps.not_taken("vimo", "x_y", {name: "1W"})
            for name in gaps.SERVES
            if name != "benchmark"
        ),
        gaps.not_taken("vimo", "x_y", {"timeframe": "1W", "sector": "Banks"}),
        gaps.not_taken("vimo", "x_y", {"period": "weekly", "benchmark": "VN30"}),
    )
    for gap in told:
        for text in (gap.why, gap.effect):
            assert note_text(text, "vi") != text, text
            assert note_text(text, "en") == text
