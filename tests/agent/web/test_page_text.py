"""The page's own words, colours and size."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from agent.reports.palette import DARK, LIGHT
from agent.web.page import language_of, page
from agent.web.words import EXAMPLES, PAGE, TOOLS
from tools import CATALOGUE

STATIC = Path(__file__).parents[3] / "agent" / "web" / "static"
MOST_BYTES = 60_000
"""Of the page before its charts, as it goes over the wire."""


def text_of(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


class TestWords:
    def test_both_languages_say_the_same_things(self) -> None:
        assert PAGE["en"].keys() == PAGE["vi"].keys()
        assert len(EXAMPLES["en"]) == len(EXAMPLES["vi"])
        for key, english in PAGE["en"].items():
            blanks = [set(re.findall(r"{\w+}", text)) for text in (english, PAGE["vi"][key])]
            assert blanks[0] == blanks[1], key

    @pytest.mark.parametrize("language", ["en", "vi"])
    def test_every_tool_has_a_name(self, language: str) -> None:
        names = TOOLS["vi" if language == "vi" else "en"]
        assert set(names) >= {entry.name for entry in CATALOGUE}

    def test_the_script_uses_words_that_there_are(self) -> None:
        script = text_of("page.js") + text_of("charts.js")
        assert set(re.findall(r'\bsay\("(\w+)"', script)) <= set(PAGE["en"])

    @pytest.mark.parametrize(
        ("wanted", "language"),
        [
            ("vi-VN,vi;q=0.9,en;q=0.8", "vi"),
            ("en-GB,vi", "en"),
            ("fr-FR,fr;q=0.9,vi;q=0.3", "vi"),
            ("de", "en"),
            ("", "en"),
            ("vietnam;;,,", "en"),
        ],
    )
    def test_the_language_is_the_browsers(self, wanted: str, language: str) -> None:
        assert language_of(wanted) == language
        assert f'<html lang="{language}"' in page(wanted=wanted, fixed="auto", theme="")

    def test_a_language_of_the_settings_comes_first(self) -> None:
        assert '<html lang="vi"' in page(wanted="en", fixed="vi", theme="")


class TestThePage:
    def test_nothing_in_it_comes_from_a_request(self) -> None:
        assert "evil" not in page(wanted='"><evil>', fixed="auto", theme='"><evil>')

    def test_no_blank_is_left(self) -> None:
        assert "{{" not in page(wanted="en", fixed="auto", theme="dark")

    def test_its_words_can_be_read_back(self) -> None:
        found = re.search(r'id="words">(.*?)</script>', page(wanted="", fixed="auto", theme=""))
        assert found
        assert json.loads(found[1])["page"]["vi"]["ask"] == PAGE["vi"]["ask"]

    def test_it_runs_no_script_and_no_style_of_its_own(self) -> None:
        html = page(wanted="en", fixed="auto", theme="")
        scripts = re.findall(r"<script[^>]*>", html)
        assert all("src=" in tag or "application/json" in tag for tag in scripts)
        assert "<style" not in html
        assert not re.search(r'\s(style|on\w+)="', html)

    def test_nothing_of_it_names_another_server(self) -> None:
        for path in STATIC.iterdir():
            addresses = re.findall(r"https?://[^\s\"']+", path.read_text("utf-8"))
            assert set(addresses) <= {"http://www.w3.org/2000/svg"}

    def test_it_is_light(self) -> None:
        names = ("page.css", "charts.css", "page.js", "icon.svg")
        html = page(wanted="vi", fixed="auto", theme="")
        assert len(html.encode()) + sum(len(text_of(n).encode()) for n in names) < MOST_BYTES

    def test_its_strong_colours_are_the_charts(self) -> None:
        css = text_of("page.css")
        for name in ("ink", "muted", "line", "faint", "high", "low"):
            colours = f"{getattr(LIGHT, name)}, {getattr(DARK, name)}"
            shown = {"high": "high2", "low": "low2"}.get(name, name)
            assert f"--{shown}: light-dark({colours})" in css
