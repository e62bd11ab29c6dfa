"""What a question takes for granted is held against the facts, in both languages, before anything else is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agent.brief.compose import write
from agent.brief.evidence import Evidence
from agent.brief.markdown import render
from agent.brief.prose.premise import premise_of
from agent.brief.review import review_draft, review_markdown
from agent.brief.slots import fill
from tests.agent.brief.requests import request_of

if TYPE_CHECKING:
    from agent.brief.model import Intent, Language


def answer(question: str, sector: str, intent: Intent = "explain") -> str:
    """Return the headline of an answer about one sector, which passes the review."""
    language: Language = "en" if question.isascii() else "vi"
    request = request_of(intent, language, sectors=(sector,), question=question)
    draft = write(request)
    assert review_draft(draft, request) == ()
    assert review_markdown(render(request, draft), request) == ()
    return fill(draft.headline, request.facts, request.vocabulary, language)


@pytest.mark.parametrize(
    ("question", "sector", "said"),
    [
        ("Why is Banks ranked low?", "8300", "Banks is not ranked low: it ranks 1st"),
        ("Why does Real Estate rank so high?", "8600", "Real Estate is not ranked high: it ranks 4th"),
        ("Why does Real Estate come first?", "8600", "That place is not held by Real Estate"),
        ("Why is Banks the last?", "8300", "That place is not held by Banks"),
        ("Why is Banks weak?", "8300", "Not so: Banks "),
        ("Why is Real Estate leading?", "8600", "Not so: Real Estate "),
        ("Why are foreigners selling Banks?", "8300", "Not so: foreign"),
        ("Vì sao Ngân hàng xếp thấp?", "8300", "Ngân hàng không hề xếp thấp: ngành xếp hạng 1"),
        ("Tại sao Bất động sản đứng đầu?", "8600", "Thực ra vị trí đó không thuộc về Bất động sản"),
        ("Sao Ngân hàng yếu vậy?", "8300", "Thực ra không phải vậy: "),
        ("Sao khối ngoại xả hàng Ngân hàng?", "8300", "Thực ra không phải vậy: "),
    ],
)  # fmt: skip
def test_a_wrong_premise_is_said_at_once(question: str, sector: str, said: str) -> None:
    assert answer(question, sector).startswith(said)


@pytest.mark.parametrize(
    ("question", "sector"),
    [
        ("Why is Real Estate ranked low?", "8600"),
        ("Why does Banks come first?", "8300"),
        ("Vì sao Bất động sản xếp thấp?", "8600"),
        ("Tại sao Ngân hàng đứng đầu?", "8300"),
        ("Why isn't Banks ranked low?", "8300"),
        ("Why is Banks likely to be weak?", "8300"),
    ],
)
def test_a_true_premise_and_one_that_is_denied_or_lies_ahead_are_not_argued_with(
    question: str, sector: str
) -> None:
    said = answer(question, sector)
    assert not said.startswith(("Not so", "That place", "Thực ra"))
    assert " is not ranked" not in said
    assert "không hề" not in said


@pytest.mark.parametrize(
    ("question", "sector", "said"),
    [
        ("Is Banks strong?", "8300", "Yes: Banks"),
        ("Is Real Estate strong?", "8600", "No: Real Estate"),
        ("Ngân hàng có mạnh không?", "8300", "Đúng vậy: Ngân hàng"),
        ("Bất động sản có mạnh không?", "8600", "Không: Bất động sản"),
    ],
)
def test_whether_it_is_so_is_answered_by_yes_or_no(question: str, sector: str, said: str) -> None:
    assert answer(question, sector, "brief").startswith(said)


@pytest.mark.parametrize(
    ("question", "sector", "said"),
    [
        ("What would change your mind on Banks?", "8300", "0.2%"),
        ("What would change your mind on Real Estate?", "8600", "No single input"),
        ("Điều gì làm bạn đổi ý về Ngân hàng?", "8300", "0,2%"),
        ("Điều gì làm đổi nhận định về Bất động sản?", "8600", "Không một biến số nào"),
    ],
)
def test_what_would_change_a_call_is_said_first_where_it_is_asked(
    question: str, sector: str, said: str
) -> None:
    assert said in answer(question, sector)


def test_a_question_about_foreigners_is_answered_about_foreigners() -> None:
    said = answer("Why are foreigners selling Banks?", "8300", "flow")
    assert said.startswith("Not so: foreign")


def test_a_word_inside_a_sector_s_name_is_no_premise() -> None:
    request = request_of("explain", sectors=("8300",), question="Why Banks?")
    assert premise_of(Evidence(request), "8300") is None


def test_the_review_knows_the_upper_half_of_the_ranking_from_the_lower() -> None:
    request = request_of("explain", sectors=("8300",), question="Why is Banks ranked low?")
    draft = write(request)
    for wrong in ("is ranked low", "is not ranked high"):
        headline = draft.headline.replace("is not ranked low", wrong)
        assert review_draft(draft.model_copy(update={"headline": headline}), request)
