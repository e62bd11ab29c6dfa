"""A page is as long as its question, and is called what was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from agent.brains.base import PlannedCall
from agent.brief.compose import write
from agent.brief.evidence import Evidence
from agent.brief.markdown import render
from agent.brief.review import review_markdown
from agent.brief.shape import ends, title
from tests.agent.brief import requests
from tests.agent.brief.requests import fact, request_of
from tools.contracts import SectorName

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest
    from agent.brief.model import Intent, Language

OVERVIEW = PlannedCall(tool="get_market_overview", arguments={"timeframe": "1D"})
QUADRANTS = {"8300": "leading", "8600": "lagging", "7500": "improving", "9500": "weakening"}
HEATMAP = PlannedCall(tool="get_sector_heatmap", arguments={"period": "daily"})


def page(request: ComposeRequest) -> str:
    """Return the page of a request, which passes the review."""
    shown = render(request, write(request))
    assert review_markdown(shown, request) == ()
    return shown


def many_sectors(call: PlannedCall, language: Language = "en") -> ComposeRequest:
    """Return a question on a market of ten sectors, without a forecast."""
    sectors = tuple(
        SectorName(code=f"S{at}", name=f"Sector {chr(65 + at)}", name_vi=f"Ngành {chr(65 + at)}")
        for at in range(10)
    )
    known = [fact(f"S{at}.rel_return.1D", (at - 4.5) / 100) for at in range(10)]
    known.append(fact("MARKET.return.1D", 0.0123))
    plain = request_of("rotation", language, scorecard=None, plan=(call,), gaps=())
    vocabulary = plain.vocabulary.model_copy(update={"sectors": sectors})
    facts = {one.id: one for one in known}
    return plain.model_copy(update={"vocabulary": vocabulary, "facts": facts})


@pytest.mark.parametrize(
    ("intent", "sectors", "en", "vi"),
    [
        ("brief", ("8300",), "Banks", "Ngân hàng"),
        ("compare", ("8300", "8600"), "Banks and Real Estate compared", "So sánh Ngân hàng và"),
        ("explain", ("8600",), "Why Real Estate ranks there", "Vì sao Bất động sản xếp hạng"),
        ("flow", ("8300",), "Foreign flow in Banks", "Khối ngoại ở Ngân hàng"),
        ("brief", (), "Sector brief", "Bản tin ngành"),
    ],
)
def test_a_page_is_called_what_was_asked(
    intent: Intent, sectors: tuple[str, ...], en: str, vi: str
) -> None:
    for language, wanted in (("en", en), ("vi", vi)):
        asked: Any = {"language": language, "sectors": sectors}
        assert page(request_of(intent, **asked)).startswith(f"# {wanted}")


@pytest.mark.parametrize("language", ["en", "vi"])
def test_how_the_market_is_gets_the_ends_of_the_list_and_the_heatmap_all_of_it(
    language: Language,
) -> None:
    short, whole = (page(many_sectors(call, language)) for call in (OVERVIEW, HEATMAP))
    name = "Sector" if language == "en" else "Ngành"
    shown = [letter for letter in "ABCDEFGHIJ" if f"| {name} {letter} " in short]
    assert shown == ["A", "B", "C", "H", "I", "J"]
    assert all(f"| {name} {letter} " in whole for letter in "ABCDEFGHIJ")
    assert short.startswith("# Market:" if language == "en" else "# Thị trường:")


def test_a_short_list_is_shown_whole() -> None:
    assert ends([*"ABCDEFG"]) == [*"ABCDEFG"]
    assert ends([*"ABCDEFGH"]) == [*"ABCFGH"]


def test_a_report_has_a_table_of_sources_and_a_short_answer_a_line() -> None:
    report, short = page(request_of("brief")), page(request_of("explain", sectors=("8600",)))
    assert "## Sources" in report
    assert "## Sources" not in short
    assert "*Sources: vn/" in short


def test_an_explanation_shows_the_weights_and_nothing_that_was_not_asked() -> None:
    shown = page(request_of("explain", sectors=("8600",)))
    assert "## Why" in shown
    assert "## Heatmap" not in shown
    assert "## Ranking" not in shown


def test_where_only_the_rotation_is_known_it_is_the_answer() -> None:
    known = [fact(f"{code}.quadrant", word) for code, word in QUADRANTS.items()]
    facts = {one.id: one for one in known}
    request = request_of("rotation", scorecard=None, facts=facts, gaps=())
    assert " leading: strong against" in page(request).split("**")[1]


@pytest.mark.parametrize(
    ("note", "question", "told"),
    [
        ("USD_VND is read as the series USDVND.", "how is usd_vnd?", True),
        ("USD_VND is read as the series USDVND.", "how is macro?", False),
        ("Out of sample, the model's calls here have come true more often than the base rate.",
         "give me the brief", False),
    ],
)  # fmt: skip
def test_a_note_is_for_a_reader_whom_it_concerns(note: str, question: str, told: bool) -> None:
    request = request_of("brief", question=question, notes=(note,))
    assert (note in page(request)) is told


def test_more_sectors_than_a_title_holds_are_not_in_it() -> None:
    codes = tuple(sector.code for sector in requests.SECTORS)
    assert title(Evidence(request_of("brief", sectors=codes))) in {
        "Sector brief",
        "Utilities, Banks, Real Estate and Technology",
    }
