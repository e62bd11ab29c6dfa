"""An answer's Markdown becomes plain elements of the page, whatever its texts hold."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.brief.model import Clarification
from agent.web.followups import MOST, followups
from agent.web.markup import blocks
from tests.agent.reports.briefs import HOSTILE, renamed, report

if TYPE_CHECKING:
    from agent.brief.model import Language

ELEMENTS = frozenset(
    {"div", "section", "details", "summary", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "strong",
     "em", "code", "pre", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "span", "br", "hr"}
)  # fmt: skip
ATTRIBUTES = frozenset(
    {"class", "role", "tabindex", "aria-label", "aria-hidden", "scope", "start"}
)  # fmt: skip


class Seen(HTMLParser):
    """The elements, attributes and text of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def strange(self) -> set[str]:
        """What a page of ours would not have."""
        names = {tag for tag, _ in self.elements} - ELEMENTS
        return names | {name for _, attrs in self.elements for name in attrs} - ATTRIBUTES


def seen(markdown: str) -> Seen:
    return Seen("".join(blocks(report().brief.model_copy(update={"markdown": markdown}))))


class TestHostileTexts:
    @pytest.mark.parametrize("text", HOSTILE)
    @pytest.mark.parametrize(
        "form", ["{}", "# {}", "## {}", "**{}**", "> {}", "- {}", "| a |\n| --- |\n| {} |", "1. {}"]
    )
    def test_they_stay_text_wherever_they_stand(self, form: str, text: str) -> None:
        assert seen(form.format(text)).strange == set()

    def test_a_quotation_stays_in_its_fence(self) -> None:
        found = seen("## From remote servers\n\n```text\n<b>&amp; [x](y)\n```")
        assert "<b>&amp; [x](y)" in found.text

    @given(st.text(alphabet=st.sampled_from("<>\"'&/=![]()`*_#|-: \nahrefsconimgjt"), max_size=120))
    def test_no_text_makes_an_element_of_its_own(self, text: str) -> None:
        assert seen(text).strange == set()

    def test_names_of_sectors_are_data(self) -> None:
        made = renamed(HOSTILE * 3)
        html = "".join(blocks(made.brief))
        assert Seen(html).strange == set()
        assert "<script" not in html


class TestTheReport:
    @pytest.mark.parametrize("language", ["en", "vi"])
    def test_the_heatmap_is_a_table_with_heads_and_strengths(self, language: Language) -> None:
        html = "".join(blocks(report(language).brief))
        elements = Seen(html).elements
        strengths = {
            name
            for _, attrs in elements
            for name in (attrs.get("class") or "").split()
            if name in {"high1", "high2", "even", "low1", "low2"}
        }
        assert len(strengths) >= 4
        assert all(attrs.get("scope") in {"col", "row"} for tag, attrs in elements if tag == "th")
        assert 'style="' not in html

    @pytest.mark.parametrize("language", ["en", "vi"])
    def test_every_number_of_the_markdown_is_there(self, language: Language) -> None:
        brief = report(language).brief
        text = Seen("".join(blocks(brief))).text
        for cell in (c.strip() for line in brief.markdown.splitlines() for c in line.split("|")):
            number = cell.rstrip("▲▼· ")
            if number.endswith("%") and number[:1] in "+-":
                assert number in text

    def test_every_table_can_be_reached_and_is_named(self) -> None:
        found = Seen("".join(blocks(report().brief)))
        regions = [attrs for _, attrs in found.elements if attrs.get("role") == "group"]
        assert len(regions) == sum(tag == "table" for tag, _ in found.elements)
        assert all(attrs["tabindex"] == "0" and attrs["aria-label"] for attrs in regions)

    def test_choices_are_left_to_the_buttons(self) -> None:
        asked = Clarification(question="Which?", choices=("One", "Two"))
        changed = {"markdown": "Which?\n\n1. One\n2. Two\n", "clarification": asked}
        brief = report().brief.model_copy(update=changed)
        assert Seen("".join(blocks(brief))).text.split() == ["Which?"]


class TestWhatToAskNext:
    @pytest.mark.parametrize("language", ["en", "vi"])
    def test_the_best_sector_is_named_in_the_answers_language(self, language: Language) -> None:
        made = report(language)
        offered = followups(made.brief, made.request.vocabulary)
        best = made.brief.scorecard.sectors[0].sector if made.brief.scorecard else ""
        assert made.data.names[best] in offered[0]
        assert len(offered) <= MOST

    def test_a_question_back_has_choices_instead(self) -> None:
        made = report()
        asked = Clarification(question="Which?", choices=("One", "Two"))
        brief = made.brief.model_copy(update={"clarification": asked})
        assert followups(brief, made.request.vocabulary) == []

    def test_what_was_asked_is_not_offered_again(self) -> None:
        made = report()
        first = followups(made.brief, made.request.vocabulary)[0]
        again = made.brief.model_copy(update={"question": first.upper()})
        assert first not in followups(again, made.request.vocabulary)
