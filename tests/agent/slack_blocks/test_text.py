"""Text that Slack shows as it stands: escaped, calling nobody, linking nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.slack.blocks import neutralise
from agent.slack.blocks.shapes import LIVE
from agent.slack.blocks.text import JOINER, pieces, shortened

anything = st.one_of(
    st.text(), st.text(st.sampled_from("<>!@#&;:/.|aCU1 \n" + JOINER), max_size=40)
)


class TestNeutralise:
    @pytest.mark.parametrize(
        "text",
        [
            "<!channel>", "<!here|now>", "<@U012AB3CD>", "<#C012AB3CD|general>",
            "<https://example.com|here>", "<mailto:a@example.com>", "<!subteam^S1>",
        ],
    )  # fmt: skip
    def test_markup_that_calls_or_links_is_shown_instead(self, text: str) -> None:
        safe = neutralise(text)
        assert not LIVE.search(safe)
        assert "<" not in safe
        assert ">" not in safe

    @pytest.mark.parametrize(
        "text", ["@channel", "@here", "#general", "https://a.example", "a.example.com"]
    )
    def test_what_slack_would_link_by_itself_is_parted(self, text: str) -> None:
        assert text not in neutralise(text)
        assert neutralise(text).replace(JOINER, "") == text

    def test_the_three_characters_are_escaped(self) -> None:
        assert neutralise("a < b & c > d") == "a &lt; b &amp; c &gt; d"

    def test_numbers_and_times_stay_as_they_are(self) -> None:
        text = "+5.4%, 8:45, 1.234,5 and VND 1.91 trillion"
        assert neutralise(text) == text

    @given(anything)
    def test_twice_is_as_good_as_once(self, text: str) -> None:
        assert neutralise(neutralise(text)) == neutralise(text)

    @given(anything)
    def test_nothing_is_live(self, text: str) -> None:
        safe = neutralise(text)
        assert not LIVE.search(safe)
        assert not {"<", ">"} & set(safe)
        assert not any(f"{mark}{letter}" in safe for mark in "@#" for letter in "aCU1")

    def test_what_turns_the_text_around_is_taken_out(self) -> None:
        assert "\u202e" not in neutralise("safe\u202eevil")


class TestLength:
    @given(st.text(), st.integers(2, 50))
    def test_a_shortened_text_is_never_too_long(self, text: str, most: int) -> None:
        assert len(shortened(text, most)) <= most

    def test_a_text_is_cut_between_words_and_marked(self) -> None:
        assert shortened("one two three four", 12) == "one two…"

    @given(st.text(), st.integers(1, 30))
    def test_pieces_are_short_and_lose_no_word(self, text: str, most: int) -> None:
        found = pieces(text, most)
        assert all(len(part) <= most for part in found)
        assert "".join("".join(found).split()) == "".join(text.split())
