"""A page says what its brief says, in full, and nothing that came from outside becomes a tag."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from agent.brief.labels import label
from agent.brief.slots import render_value
from agent.reports.data import NO_DATA
from agent.reports.page import LIBRARY, as_html
from tests.agent.brief import requests
from tests.agent.reports.briefs import HOSTILE, made, market_of, renamed, report

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest
    from agent.brief.model import Language
    from tests.agent.reports.briefs import Made

ASKING = {
    "script": ("src",), "img": ("src",), "link": ("href",), "iframe": ("src",), "a": ("href",),
    "form": ("action",),
}  # fmt: skip
"""Elements that may ask something of a network, and what they ask for."""


class Parsed(HTMLParser):
    """The tags, tables and texts of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.text = ""
        self._rows: list[list[str]] = []
        self._open: list[str] = []
        self._caption = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "br", "img"}:
            self._open.append(tag)
        if tag == "table":
            self._rows, self._caption = [], ""
        elif tag == "tr":
            self._rows.append([])
        elif tag in {"th", "td"}:
            self._rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        if tag == "table":
            self.tables[self._caption] = self._rows

    def handle_data(self, data: str) -> None:
        within = self._open[-1] if self._open else ""
        if within == "caption":
            self._caption += data
        elif within in {"th", "td"}:
            self._rows[-1][-1] += data
        if within not in {"script", "style"}:
            self.text += data


def page(one: Made) -> str:
    return as_html(one.brief, one.data)


def drawn(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="figures">(.*?)</script>', html, re.S)
    figures: dict[str, Any] = json.loads(found[1])["figures"] if found else {}
    return figures


def cell(table: list[list[str]], row: str, column: str) -> str:
    at = table[0].index(column)
    return next(cells[at] for cells in table[1:] if row in cells[:2]).strip()


class TestNumbers:
    @pytest.mark.parametrize("language", ["en", "vi"])
    def test_the_tables_say_the_numbers_of_the_brief(self, language: Language) -> None:
        one = report(language)
        tables = Parsed(page(one)).tables
        facts = one.request.facts
        names = one.data.names
        ranking = tables[label("ranking", language)]
        heat = tables[label("heatmap", language)]
        for code in ("8300", "8600", "7500", "9500"):
            score = render_value(facts[f"{code}.score.1M"], language, fine=True)
            assert cell(ranking, names[code], label("score", language)) == score
            month = render_value(facts[f"{code}.rel_return.1M"], language)
            assert cell(heat, names[code], "1M").split()[0] == month

    def test_the_figures_hold_the_numbers_of_the_brief(self) -> None:
        one = report()
        figures = drawn(page(one))
        facts = one.brief.facts
        flows = figures["flows"]["data"][0]
        expected = sorted(
            (float(f.value) for f in facts.values() if f.metric == "foreign_net_ratio" and f.entity != "MARKET"),
            reverse=True,
        )  # fmt: skip
        assert flows["x"] == expected
        assert one.brief.scorecard is not None
        for row in one.brief.scorecard.sectors:
            bars = figures[f"waterfall:{row.sector}"]["data"][0]
            assert bars["x"][0] == one.brief.scorecard.base_value
            assert bars["x"][-1] == row.score
            assert sorted(bars["x"][1:-1]) == pytest.approx(sorted(row.contributions.values()))

    def test_the_bars_of_a_waterfall_begin_where_the_last_one_ended(self) -> None:
        one = report()
        bars = drawn(page(one))["waterfall:8300"]["data"][0]
        ends = [start + size for start, size in zip(bars["base"], bars["x"], strict=True)]
        assert bars["base"][1:-1] == pytest.approx(ends[:-2])
        assert ends[-2] == pytest.approx(bars["x"][-1])

    def test_the_table_of_a_waterfall_shows_a_group_without_facts_as_missing(self) -> None:
        table = Parsed(page(report())).tables["What makes up the score"]
        assert cell(table, "Technology", "foreign flow") == "–"
        assert cell(table, "Banks", "foreign flow") == "+0.081"
        assert cell(table, "Banks", "= score") == "+0.284"

    def test_the_calibration_table_says_the_record(self) -> None:
        table = Parsed(page(report())).tables["How often such calls came true"]
        assert table[1] == ["50.8–52.3%", "51.4%", "48.4% – 54.4%", "51.0%", "1,614"]
        assert table[3][0] == "54.1% or more"
        assert table[4][:2] == ["All calls", "52.7%"]


class TestParts:
    def test_the_page_names_market_day_and_question(self) -> None:
        parsed = Parsed(page(report()))
        assert "Vietnam, VN100 shares (HOSE)" in parsed.text
        assert "As of 2022-12-31" in parsed.text
        assert "Where is money moving?" in parsed.text

    @pytest.mark.parametrize("language", ["en", "vi"])
    def test_generated_data_are_marked(self, language: Language) -> None:
        request = requests.request_of(language=language)
        stamp = request.market.model_copy(update={"simulated": True})
        one = made(request.model_copy(update={"market": stamp}), simulated=True)
        html = page(one)
        parsed = Parsed(html)
        assert parsed.text.count("SIMULATED") >= 2
        assert re.search(r"@bottom-left \{ content: \"[^\"]*SIMULATED", html)
        assert any(attrs.get("class") == "warning" for _, attrs in parsed.tags)

    @pytest.mark.parametrize("language", ["en", "vi"])
    @pytest.mark.parametrize(
        "request_made",
        [
            requests.narrow("flow"), requests.narrow("macro"), requests.narrow("stock"),
            requests.narrow("whale"), requests.news(), requests.news(asked=True),
            requests.nothing(), requests.asked_back(), requests.scenario(), requests.backtest(),
            requests.no_calls(), requests.compared(), requests.blocks(),
        ],
        ids=lambda request: f"{request.intent}-{len(request.facts)}",
    )  # fmt: skip
    def test_every_kind_of_answer_makes_a_page(
        self, request_made: ComposeRequest, language: Language
    ) -> None:
        one = made(request_made.model_copy(update={"language": language}))
        parsed = Parsed(page(one))
        assert [tag for tag, _ in parsed.tags].count("h1") == 1
        shown = re.sub(r"[*`|>#:\s-]+", "", parsed.text)
        for block in one.brief.markdown.split("\n\n"):
            words = re.sub(r"[*`|>#:\s-]+", "", re.sub(r"^\d+\. ", "", block, flags=re.M))
            assert words[:60] in shown, block

    def test_an_empty_scorecard_makes_a_page_without_an_outlook(self) -> None:
        card = requests.scorecard().model_copy(update={"sectors": ()})
        html = page(made(requests.request_of(scorecard=card)))
        assert 'id="outlook"' not in html
        assert "waterfall:" not in html

    def test_a_market_of_one_sector_makes_a_page(self) -> None:
        html = page(market_of(1))
        assert len(drawn(html)["heatmap"]["data"][0]["z"]) == 1
        assert "waterfall:100" in html

    def test_a_market_of_25_sectors_makes_a_page(self) -> None:
        figures = drawn(page(market_of(25)))
        assert len(figures["heatmap"]["data"][0]["z"]) == 25
        assert len(figures["rotation"]["data"]) == 50

    def test_a_brief_without_its_record_is_named_by_its_scorecard(self) -> None:
        one = report("vi")
        html = as_html(one.brief, NO_DATA)
        assert "rotation" not in drawn(html)
        assert "Real Estate" in json.dumps(drawn(html)["heatmap"])

    def test_a_question_about_one_sector_shows_that_sector(self) -> None:
        figures = drawn(page(report(intent="explain", sectors=("8600",))))
        shown = {name.split(":")[1] for name in figures if name.startswith("waterfall")}
        assert shown == {"8600"}


class TestNothingFromOutside:
    def test_a_page_is_small_enough_to_send(self) -> None:
        assert len(page(market_of(25)).encode()) < 5_000_000

    def test_no_element_asks_for_anything(self) -> None:
        for tag, attrs in Parsed(page(report())).tags:
            for name in ASKING.get(tag, ()):
                assert (attrs.get(name) or "data:").startswith(("data:", "#")), (tag, attrs)

    def test_the_policy_allows_the_scripts_of_the_page_alone(self) -> None:
        policy = next(
            attrs["content"] or ""
            for tag, attrs in Parsed(page(report())).tags
            if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy"
        )
        assert "default-src 'none'" in policy
        scripts = re.search(r"script-src ([^;]*)", policy)
        assert scripts is not None
        assert len(re.findall(r"'sha256-[^']+'", scripts[1])) == 2
        assert "unsafe" not in scripts[1]

    def test_the_vendored_library_cannot_end_its_script_element(self) -> None:
        assert "</script" not in LIBRARY.read_text(encoding="utf-8").lower()
        assert LIBRARY.with_name("plotly.LICENSE.txt").read_text().startswith("MIT License")


class TestHostileText:
    def test_names_of_sectors_stay_texts(self) -> None:
        one = renamed(HOSTILE)
        self.assert_harmless(page(one))
        assert HOSTILE[0] in Parsed(page(one)).text

    def test_a_question_stays_a_text(self) -> None:
        for question in HOSTILE:
            html = page(made(requests.request_of(question=question)))
            self.assert_harmless(html)
            assert question in Parsed(html).text

    def test_a_quotation_stays_a_text(self) -> None:
        one = report()
        quotation = "\n".join(("```text", *HOSTILE, "```"))
        heading = f"## From remote servers\n\n{quotation}\n\n"
        brief = one.brief.model_copy(
            update={"markdown": one.brief.markdown.replace("## Sources", f"{heading}## Sources")}
        )
        html = as_html(brief, one.data)
        self.assert_harmless(html)
        parsed = Parsed(html)
        assert all(text in parsed.text for text in HOSTILE)
        assert ("pre", {}) in parsed.tags

    @staticmethod
    def assert_harmless(html: str) -> None:
        plain = Parsed(page(report()))
        parsed = Parsed(html)
        kinds = {tag for tag, _ in parsed.tags}
        assert kinds - {tag for tag, _ in plain.tags} <= {"pre", "code", "em"}
        scripts = [tag for tag, _ in parsed.tags].count("script")
        assert scripts == [tag for tag, _ in plain.tags].count("script")
        assert not any(name.startswith("on") for _, attrs in parsed.tags for name in attrs)


class TestClosing:
    @pytest.mark.parametrize("language", ["en", "vi"])
    def test_the_last_line_is_said_once(self, language: Language) -> None:
        for one in (report(language), report(language, intent="explain", sectors=("8300",))):
            said = label("disclaimer", language)
            assert Parsed(page(one)).text.count(said) == 1

    def test_a_page_of_the_ends_of_a_market_keeps_its_short_table(self) -> None:
        one = report()
        brief = one.brief.model_copy(
            update={
                "markdown": one.brief.markdown.replace("## Heatmap", "## Strongest and weakest")
            }
        )
        html = as_html(brief, one.data)
        assert "heatmap" not in drawn(html)
        assert "Strongest and weakest" in Parsed(html).tables
