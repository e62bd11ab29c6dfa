"""A brief on a terminal: coloured, within the window, and nothing but its Markdown."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import TYPE_CHECKING, Literal

import pytest
from rich.cells import cell_len
from rich.console import Console

from agent.brief.compose import write
from agent.brief.markdown import render
from agent.brief.model import Brief, BriefMarket
from agent.brief.terminal import print_brief
from tests.agent.brief import requests

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest
    from agent.brief.model import Language


def brief_of(request: ComposeRequest) -> Brief:
    return Brief(
        run_id="1",
        thread_id="1",
        question=request.question,
        language=request.language,
        intent=request.intent,
        market=BriefMarket(
            id="vn", name="Vietnam", as_of=date(2022, 12, 31), benchmark="VNINDEX", simulated=False
        ),
        horizon=request.horizon,
        markdown=render(request, write(request)),
    )


def printed(
    request: ComposeRequest,
    *,
    terminal: bool = True,
    width: int = 100,
    drawn: bool = False,
    colours: Literal["truecolor"] | None = "truecolor",
) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        force_terminal=terminal,
        color_system=colours if terminal else None,
    )
    print_brief(brief_of(request), console, request if drawn else None)
    return stream.getvalue()


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[\d;]*m", "", text)


def test_a_pipe_gets_the_markdown_as_it_is() -> None:
    request = requests.request_of()
    assert printed(request, terminal=False) == brief_of(request).markdown


@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_line_fits_the_window(language: Language) -> None:
    narrow = [requests.narrow(intent, language) for intent in ("macro", "stock", "flow")]
    for request in (requests.request_of("brief", language), *narrow):
        assert max(cell_len(line) for line in plain(printed(request)).splitlines()) <= 100


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_sector_keeps_to_one_line_of_the_heatmap(language: Language) -> None:
    lines = plain(printed(requests.request_of("brief", language))).splitlines()
    for sector in requests.SECTORS:
        name = sector.name if language == "en" else sector.name_vi
        assert any(line.startswith(name) and ("▲" in line or "▼" in line) for line in lines)


def test_cells_are_coloured_by_their_marks() -> None:
    shown = printed(requests.request_of())
    assert "48;2;31;111;159" in shown
    assert "48;2;179;80;11" in shown


def test_the_terminal_shows_every_numeral_of_the_markdown() -> None:
    request = requests.request_of()
    for numeral in set(re.findall(r"[+-]\d+\.\d+%", brief_of(request).markdown)):
        assert numeral in plain(printed(request))


def test_a_row_begins_with_its_name_where_another_cell_is_long() -> None:
    request = requests.request_of()
    lines = plain(printed(request, width=60)).splitlines()
    first = lines[next(at for at, line in enumerate(lines) if "Published" in line) + 1]
    while not first.split() or first.strip("─ ") == "":
        first = lines[lines.index(first) + 1]
    assert "/" in first.split()[0]
