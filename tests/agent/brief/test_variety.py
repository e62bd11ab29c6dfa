"""No answer reads like the last: many wordings, all of which the review lets through, and nothing said twice."""

from __future__ import annotations

import re
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from agent.brief.compose import write
from agent.brief.prose.ellipsis import without_repeats
from agent.brief.prose.variants_en import VARIANTS as OTHER_EN
from agent.brief.prose.voice import Voice
from agent.brief.prose.wording_en import WORDING as EN
from agent.brief.review import review_draft
from agent.brief.slots import SLOT
from tests.agent.brief import requests
from tests.agent.brief.test_markdown import every_request

if TYPE_CHECKING:
    from agent.brains.base import Draft
    from agent.brief.model import Intent, Language

LANGUAGES: tuple[Language, ...] = ("en", "vi")
WORDED = 8
"""Questions that every request is asked with, each in other words."""
MOST_ALIKE = 0.6
"""Part of an answer's sentences that another answer from the very same facts may say in the same words."""


def skeletons(draft: Draft) -> list[str]:
    """Return the sentences of a draft without names and numerals."""
    texts = (draft.headline, *draft.paragraphs, *draft.risks, *draft.watch)
    return [
        SLOT.sub(lambda slot: "name" if slot["name"] else "value", sentence)
        for text in texts
        for sentence in re.split(r"(?<=[.!?])\s+", text)
    ]


def alike(drafts: list[Draft]) -> float:
    """Return the mean part of a draft's sentences whose skeleton stands in another of the drafts."""
    told = [skeletons(draft) for draft in drafts]
    shares = [
        sum(one in other for one in mine) / len(mine) for mine, other in permutations(told, 2)
    ]
    return sum(shares) / len(shares)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", ["brief", "rotation", "explain", "compare"])
def test_answers_from_the_same_facts_are_worded_apart(intent: Intent, language: Language) -> None:
    asked = {"explain": ("8600",), "compare": ("8300", "8600")}.get(intent, ())
    drafts = [
        write(requests.request_of(intent, language, sectors=asked, question=f"question {at}"))
        for at in range(30)
    ]
    assert alike(drafts) < MOST_ALIKE


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_wording_passes_the_review(language: Language) -> None:
    for name, request in every_request(language).items():
        for at in range(WORDED):
            asked = request.model_copy(update={"question": f"question {at}"})
            assert review_draft(write(asked), asked) == (), (name, at)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_question_is_answered_in_the_same_words(language: Language) -> None:
    assert write(requests.request_of("brief", language)) == write(
        requests.request_of("brief", language)
    )


def test_without_a_question_every_sentence_has_its_first_wording() -> None:
    for key in OTHER_EN:
        blanks = {blank: blank for blank in re.findall(r"\$(\w+)", EN[key]) if blank != "market"}
        plain = re.sub(r"\$(\w+)", r"\1", EN[key]).replace("market", "{{name:MARKET}}")
        assert Voice("en").say(key, **blanks).replace("{{name:MARKET}}", "market") == re.sub(
            r" +(?=[ ,.;:])", "", plain.replace("{{name:MARKET}}", "market")
        )


class TestEllipsis:
    def test_a_window_is_named_once_in_a_paragraph(self) -> None:
        told = without_repeats(
            ["A rose over the past month.", "B led over the past month, ahead of C."], "en"
        )
        assert told == ["A rose over the past month.", "B led, ahead of C."]

    def test_a_sentence_with_two_windows_keeps_both(self) -> None:
        both = "B rose over the past month and over the past week."
        assert without_repeats(["A rose over the past month.", both], "en")[1] == both

    def test_another_window_is_named_again(self) -> None:
        told = ["A tăng trong tuần qua.", "B tăng trong tháng qua.", "C tăng trong tuần qua."]
        assert without_repeats(told, "vi") == told
