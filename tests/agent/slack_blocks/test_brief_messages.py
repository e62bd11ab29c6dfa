"""Briefs as Slack messages: within every limit, no number lost or made up, nothing live."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from agent.brief.model import Clarification
from agent.slack.blocks import brief_messages, plain_text, problems
from agent.slack.blocks.buttons import ASK, CHOOSE, FEEDBACK
from agent.slack.blocks.page import page_of
from agent.slack.blocks.parts import BLANK, Grid, text_of
from agent.slack.blocks.plain import MOST_TEXT
from agent.slack.blocks.shapes import LIVE
from agent.slack.blocks.text import JOINER
from agent.slack.feedback import read_vote
from tests.agent.brief import requests
from tests.agent.brief.requests import fact
from tests.agent.slack_blocks.briefs import RUN_ID, brief_of, every_request, extreme_requests
from tools.contracts import SectorName

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from agent.brains.base import ComposeRequest
    from agent.brief.model import Brief, Language
    from agent.slack.blocks import Block, SlackMessage

LANGUAGES: tuple[Language, ...] = ("en", "vi")
CASES = [(name, language) for language in LANGUAGES for name in every_request(language)]
NUMERAL = re.compile(r"\d+(?:[.,]\d+)*")
COUNT = re.compile(r", (?:part \d+ of \d+|phần \d+/\d+)")
extreme = settings(max_examples=30, deadline=None)


def shown(messages: Sequence[SlackMessage]) -> str:
    """Return every text of the blocks, without the count of the parts."""
    blocks = [block for message in messages for block in message.blocks]
    return COUNT.sub("", "\n".join(text for block in blocks for text in text_of(block)))


def of_type(messages: Sequence[SlackMessage], kind: str) -> list[Block]:
    return [b for message in messages for b in message.blocks if b["type"] == kind]


def heat_of_markdown(brief: Brief) -> list[tuple[str, ...]]:
    """Return the numbers of each row of the Markdown's heatmap, none where it has none."""
    page = page_of(brief.markdown, brief.language)
    section = next((s for s in page.sections if s.kind in {"heatmap", "ends"}), None)
    grid = next((p for p in section.parts if isinstance(p, Grid)), None) if section else None
    if grid is None:
        return []
    numbers = [at for at in range(1, len(grid.header)) if at in grid.right]
    return [tuple(row[at].split()[0] for at in numbers) for row in grid.rows]


def heat_of_messages(messages: Sequence[SlackMessage], width: int) -> list[tuple[str, ...]]:
    """Return the last cells of each row of the first table and of those that go on from it."""
    first, *others = of_type(messages, "table")
    tables = [first, *(table for table in others if table["rows"][0] == first["rows"][0])]
    rows = [row for table in tables for row in table["rows"][1:]]
    return [tuple(cell["text"].split()[-1] for cell in row[-width:]) for row in rows]


class TestEveryShape:
    @pytest.mark.parametrize(("name", "language"), CASES)
    def test_slack_would_take_it(self, name: str, language: Language) -> None:
        messages = brief_messages(brief_of(every_request(language)[name]))
        assert messages
        assert [found for message in messages for found in problems(message)] == []

    @pytest.mark.parametrize(("name", "language"), CASES)
    def test_slacks_own_library_takes_it_too(self, name: str, language: Language) -> None:
        blocks = pytest.importorskip("slack_sdk.models.blocks")
        for message in brief_messages(brief_of(every_request(language)[name])):
            parsed = blocks.Block.parse_all(list(message.blocks))
            assert [block.to_dict()["type"] for block in parsed] == [
                block["type"] for block in message.blocks
            ]

    @pytest.mark.parametrize(("name", "language"), CASES)
    def test_the_lead_and_the_prose_stand_as_in_the_markdown(
        self, name: str, language: Language
    ) -> None:
        brief = brief_of(every_request(language)[name])
        page, text = page_of(brief.markdown, language), shown(brief_messages(brief))
        assert all(said in text for said in (page.lead, *page.prose))

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_report_names_sectors_in_its_readers_language(self, language: Language) -> None:
        request = every_request(language)["brief"]
        first = of_type(brief_messages(brief_of(request)), "table")[0]
        names = [row[0]["text"] for row in first["rows"][1:]]
        wanted = ["Banks", "Utilities"] if language == "en" else ["Ngân hàng", "Điện, nước"]
        assert [name.startswith(start) for name, start in zip(names, wanted, strict=False)] == [
            True,
            True,
        ]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_state_of_the_market_shows_both_ends_by_name(self, language: Language) -> None:
        brief = brief_of(every_request(language)["overview"])
        messages = brief_messages(brief)
        table = of_type(messages, "table")[0]
        sector = "Sector" if language == "en" else "Ngành"
        assert [row[0]["text"] for row in table["rows"][1:]] == [
            f"{sector} S{at:02}" for at in (10, 9, 8, 2, 1, 0)
        ]
        assert heat_of_messages(messages, 1) == heat_of_markdown(brief)
        assert "XS" not in shown(messages)
        assert "(P)" not in shown(messages)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_question_about_two_sectors_shows_these_two(self, language: Language) -> None:
        messages = brief_messages(brief_of(every_request(language)["compare"]))
        assert len(of_type(messages, "table")[0]["rows"]) == 3


class TestComposition:
    def messages(self, name: str = "brief", language: Language = "en") -> list[SlackMessage]:
        return [*brief_messages(brief_of(every_request(language)[name]))]

    def test_the_sentence_comes_first_and_the_heatmap_before_the_prose(self) -> None:
        kinds = [block["type"] for block in self.messages()[0].blocks]
        assert kinds[:5] == ["header", "context", "rich_text", "rich_text", "table"]

    def test_the_view_stands_beside_the_name(self) -> None:
        table = of_type(self.messages(), "table")[0]
        assert [cell["text"] for cell in table["rows"][1][:2]] == ["Banks", "gain (medium)"]

    def test_a_cell_far_above_is_blue_and_one_far_below_is_orange(self) -> None:
        table = of_type(self.messages(), "table")[0]
        texts = [cell["text"] for row in table["rows"] for cell in row]
        assert "🟦 +5.2%" in texts or "🔹 +5.2%" in texts
        assert "🟧 -11.8%" in texts

    def test_a_chance_is_coloured_against_an_even_one(self) -> None:
        table = of_type(self.messages(), "table")[0]
        texts = [cell["text"] for row in table["rows"] for cell in row]
        assert "🔹 57%" in texts
        assert "🔸 42%" in texts
        assert "50%" in texts

    def test_the_ranking_shows_the_interval(self) -> None:
        ranking = of_type(self.messages(), "table")[1]
        assert [cell["text"] for cell in ranking["rows"][1]] == [
            "1.", "Banks", "+0.284", "56.6%", "+1.1%", "-3.2% to +5.8%"
        ]  # fmt: skip

    def test_reasons_are_the_largest_weights_first(self) -> None:
        request = every_request("en")["brief"]
        more = [
            fact("8300.contribution.breadth.1M", 0.144),
            fact("8300.contribution.macro.1M", 0.001),
        ]
        facts = {**request.facts, **requests.only(*more)}
        brief = brief_of(request.model_copy(update={"facts": facts}))
        said = "Banks +0.284: price trend +0.212, breadth +0.144, foreign flow +0.081"
        assert said in shown(brief_messages(brief)).replace("\n", "")

    def test_what_would_flip_a_call_stands_below_its_reasons(self) -> None:
        lists = [
            element
            for block in of_type(self.messages(), "rich_text")
            for element in block["elements"]
            if element["type"] == "rich_text_list" and element.get("indent") == 1
        ]
        assert len(lists) == 1
        assert "Banks" in "".join(text_of(lists[0]))

    def test_the_thumbs_carry_the_run(self) -> None:
        thumbs = of_type(self.messages(), "context_actions")[-1]["elements"][0]
        assert thumbs["action_id"] == FEEDBACK
        assert read_vote(thumbs["positive_button"]["value"]) == (RUN_ID, "up")
        assert read_vote(thumbs["negative_button"]["value"]) == (RUN_ID, "down")

    def test_the_buttons_ask_what_they_say(self) -> None:
        buttons = of_type(self.messages(), "actions")[0]["elements"]
        assert [button["action_id"] for button in buttons] == [f"{ASK}_{at}" for at in range(3)]
        assert all(button["text"]["text"] == button["value"] for button in buttons)
        assert buttons[0]["value"] == "Why does Banks rank there?"

    def test_a_question_back_has_its_choices_as_buttons_and_nothing_to_vote_on(self) -> None:
        messages = self.messages("asked_back")
        buttons = of_type(messages, "actions")[0]["elements"]
        assert [(b["action_id"], b["value"]) for b in buttons] == [
            (f"{CHOOSE}_0", "Banks"),
            (f"{CHOOSE}_1", "Brokers"),
        ]
        assert of_type(messages, "context_actions") == []

    def test_sources_of_the_same_days_share_a_line(self) -> None:
        assert (
            "vn/flows.parquet, vn/macro.parquet, vn/prices.parquet, vn/scorecard: "
            "observed 2022-12-30, published 2022-12-30" in shown(self.messages())
        )

    def test_a_short_answer_is_one_message(self) -> None:
        assert [len(self.messages(name)) for name in ("flow", "blocks", "macro", "stock")] == [
            1
        ] * 4

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_message_of_simulated_data_says_so(self, language: Language) -> None:
        request = every_request(language)["brief"]
        market = request.market.model_copy(update={"simulated": True})
        messages = brief_messages(brief_of(request.model_copy(update={"market": market})))
        assert len(messages) == 2
        for message in messages:
            assert "SIMULATED" in message.text
            assert "SIMULATED" in shown([message])

    def test_what_fits_needs_no_file(self) -> None:
        assert [message.file for message in self.messages()] == [None, None]


class TestLongBriefs:
    def brief(self, lines: int) -> Brief:
        quote = {
            "server": "elsewhere", "tool": "look_up", "asked": "all", "retrieved_at": "today",
            "lines": [f"Their <!here> word number {at} is *this* & that." for at in range(lines)],
        }  # fmt: skip
        return brief_of(requests.request_of("brief", "en", answers={"other": {"quote": quote}}))

    def test_a_short_quotation_is_shown_whole_in_monospace(self) -> None:
        messages = brief_messages(self.brief(3))
        quoted = next(
            "".join(text_of(block))
            for block in of_type(messages, "rich_text")
            if block["elements"][0]["type"] == "rich_text_preformatted"
        )
        assert "> Their <!here> word number 2 is *this* & that." in quoted
        assert messages[-1].file is None

    def test_a_quotation_of_20000_characters_goes_along_as_a_file(self) -> None:
        brief = self.brief(500)
        assert len(brief.markdown) > 20_000
        messages = brief_messages(brief)
        assert [found for message in messages for found in problems(message)] == []
        file = messages[-1].file
        assert file is not None
        assert (file.name, file.content.decode()) == (f"{RUN_ID}.md", brief.markdown)
        assert "attached file" in shown(messages)
        assert [message.file for message in messages[:-1]] == [None] * (len(messages) - 1)

    def test_a_quotation_ends_with_a_whole_line(self) -> None:
        text = shown(brief_messages(self.brief(500)))
        assert "number 22 is *this* & that.\n… the rest is in the attached file" in text
        assert "number 23" not in text

    def test_a_long_item_is_cut_between_two_words(self) -> None:
        gap = requests.GAP.model_copy(update={"why": " ".join(str(n) for n in range(1000, 1200))})
        messages = brief_messages(brief_of(requests.request_of(gaps=(gap,))))
        text = shown(messages)
        start = text.index("1000 1001")
        told = text[start : text.index("… the rest", start)].split()
        assert told == [str(n) for n in range(1000, 1000 + len(told))]
        assert messages[-1].file is not None

    @pytest.mark.parametrize("ending", ["", " with a name that goes on and on" * 4])
    def test_120_sectors_are_all_shown(self, ending: str) -> None:
        codes = [f"N{at:03}" for at in range(120)]
        sectors = [SectorName(code=code, name=f"Sector {code}{ending}") for code in codes]
        facts = [fact(f"{code}.rel_return.1M", at / 999) for at, code in enumerate(codes)]
        vocabulary = requests.VOCABULARY.model_copy(update={"sectors": tuple(sectors)})
        brief = brief_of(
            requests.request_of(
                "rotation",
                facts=requests.only(*facts),
                scorecard=None,
                gaps=(),
                vocabulary=vocabulary,
            )
        )
        messages = brief_messages(brief)
        assert [found for message in messages for found in problems(message)] == []
        assert Counter(heat_of_messages(messages, 1)) == Counter(heat_of_markdown(brief))
        assert len(heat_of_messages(messages, 1)) == 120

    @pytest.mark.parametrize(("n_gaps", "with_file"), [(15, False), (16, True)])
    def test_a_list_that_is_too_long_ends_in_a_file(self, n_gaps: int, with_file: bool) -> None:
        gaps = tuple(requests.GAP.model_copy(update={"what": f"thing {n}"}) for n in range(n_gaps))
        messages = brief_messages(brief_of(requests.request_of(gaps=gaps)))
        assert "thing 14" in shown(messages)
        assert "thing 15" not in shown(messages)
        assert (messages[-1].file is not None) is with_file

    def test_what_is_too_long_for_one_message_goes_on_in_the_next(self) -> None:
        gaps = tuple(
            requests.GAP.model_copy(update={"what": f"thing {at}", "why": "it is not there " * 28})
            for at in range(15)
        )
        brief = brief_of(requests.request_of("brief", scorecard=None, gaps=gaps))
        long = brief.markdown.replace("**\n\n", f"**\n\n{'A word. ' * 600}\n\n", 1)
        messages = brief_messages(brief.model_copy(update={"markdown": long}))
        assert [found for message in messages for found in problems(message)] == []
        assert len(messages) == 2
        assert all(f"thing {at}" in shown(messages) for at in range(15))
        assert "part 2 of 2" in "".join(text_of(messages[1].blocks[0]))


class TestOddBriefs:
    def sound(self, brief: Brief) -> tuple[SlackMessage, ...]:
        messages = brief_messages(brief)
        assert [found for message in messages for found in problems(message)] == []
        return messages

    def test_a_brief_without_a_word_still_has_its_thumbs(self) -> None:
        brief = brief_of(requests.request_of()).model_copy(update={"markdown": ""})
        (message,) = self.sound(brief)
        assert [block["type"] for block in message.blocks][-1] == "context_actions"

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_an_empty_scorecard(self, language: Language) -> None:
        card = requests.scorecard().model_copy(update={"sectors": ()})
        self.sound(brief_of(requests.request_of("rotation", language, scorecard=card)))

    def test_a_question_back_with_long_choices_lists_them_too(self) -> None:
        choices = tuple(
            f"Điện, nước & xăng dầu khí đốt <!here> {'🚀' * 40} {at}" for at in range(40)
        )
        asked = Clarification(question="Which of these do you mean?", choices=choices)
        request = requests.asked_back().model_copy(update={"clarification": asked})
        messages = self.sound(brief_of(request))
        assert all(choice in shown(messages) for choice in choices)
        buttons = of_type(messages, "actions")[0]["elements"]
        assert [button["value"] for button in buttons] == list(choices[:25])

    def test_a_question_back_with_short_choices_has_buttons_alone(self) -> None:
        messages = self.sound(brief_of(requests.asked_back()))
        assert shown(messages).count("Brokers") == 1

    def test_the_same_brief_gives_the_same_messages(self) -> None:
        brief = brief_of(requests.request_of())
        assert brief_messages(brief) == brief_messages(brief)


class TestExtremes:
    @given(extreme_requests())
    @extreme
    def test_any_brief_is_taken_and_shows_the_numbers_of_its_markdown(
        self, request: ComposeRequest
    ) -> None:
        brief = brief_of(request)
        messages = brief_messages(brief)
        assert 1 <= len(messages) <= 5
        assert [found for message in messages for found in problems(message)] == []
        self.loses_no_number(brief, messages)
        assert set(NUMERAL.findall(shown(messages))) <= set(NUMERAL.findall(brief.markdown))
        self.reads_plainly(brief)

    def loses_no_number(self, brief: Brief, messages: Sequence[SlackMessage]) -> None:
        wanted = heat_of_markdown(brief)
        if wanted:
            found = heat_of_messages(messages, len(wanted[0]))
            assert Counter(found) == Counter(wanted)

    def reads_plainly(self, brief: Brief) -> None:
        text = plain_text(brief)
        assert 0 < len(text) <= MOST_TEXT + 100
        assert not LIVE.search(text)
        assert text.count("```") % 2 == 0


class TestPlainText:
    @pytest.mark.parametrize(("name", "language"), CASES)
    def test_it_says_what_the_blocks_say(self, name: str, language: Language) -> None:
        brief = brief_of(every_request(language)[name])
        page = page_of(brief.markdown, language)
        text = plain_text(brief).replace(JOINER, "").replace("&amp;", "&")
        assert page.lead in text

    def test_its_tables_stand_in_monospace_without_their_rule(self) -> None:
        text = plain_text(brief_of(requests.request_of()))
        table = next(part for part in monospaced(text) if "Banks" in part)
        assert "| Banks " in table
        assert "---" not in table

    def test_what_it_leaves_out_is_said(self) -> None:
        gaps = tuple(
            requests.GAP.model_copy(update={"what": f"thing {at}", "why": "it is not there " * 20})
            for at in range(60)
        )
        text = plain_text(brief_of(requests.request_of(gaps=gaps)))
        assert text.endswith("ask about a part of it.")
        assert BLANK not in text


def monospaced(text: str) -> Iterator[str]:
    """Yield what stands between the fences of a text."""
    yield from text.split("```")[1::2]
