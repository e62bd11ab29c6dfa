"""What a question says of the conversation itself, in both languages."""

from __future__ import annotations

import pytest

from agent.brains.base import PlannedCall, Turn
from agent.editing import before, edited, read_edit, with_own_list

MADE = ("get_macro_indicators", "get_foreign_flow", "get_sector_heatmap")
TURN = Turn(question="Rank", intent="brief", calls=tuple(PlannedCall(tool=tool) for tool in MADE))


@pytest.mark.parametrize(
    ("question", "skip"),
    [
        ("skip macro", ("get_macro_indicators",)),
        ("Skip the macro data please.", ("get_macro_indicators",)),
        ("bỏ vĩ mô", ("get_macro_indicators",)),
        ("bỏ qua phần vĩ mô đi", ("get_macro_indicators",)),
        ("không cần dòng tiền ngoại", ("get_foreign_flow",)),
        ("leave out the heatmap and the flows", ("get_sector_heatmap", "get_foreign_flow")),
        ("skip get_foreign_flow", ("get_foreign_flow",)),
    ],
)
def test_a_plan_is_edited_in_plain_words(question: str, skip: tuple[str, ...]) -> None:
    edit = read_edit(question, (TURN,))
    assert edit is not None
    assert edit == ("Rank", skip)


@pytest.mark.parametrize(
    "question",
    [
        "drop the flows and rank again",
        "skip whales",
        "skip lunch",
        "why did they skip macro?",
        "bỏ phiếu",
        "macro",
    ],
)
def test_another_question_is_no_edit(question: str) -> None:
    assert read_edit(question, (TURN,)) is None


@pytest.mark.parametrize("question", ["skip macro", "bỏ vĩ mô"])
def test_after_an_answer_without_a_ranking_the_question_is_asked_again(question: str) -> None:
    news = Turn(
        question="Any news?", intent="flow", calls=(PlannedCall(tool="get_news_sentiment"),)
    )
    assert read_edit(question, (news,)) == ("Any news?", ("get_macro_indicators",))


def test_nothing_is_edited_before_the_first_answer() -> None:
    assert read_edit("skip macro", ()) is None


def test_what_was_left_out_stays_out() -> None:
    again = TURN.model_copy(update={"skipped": ("get_macro_indicators",)})
    assert edited(again, ("get_foreign_flow",)).skip == ("get_macro_indicators", "get_foreign_flow")


def test_a_repeated_question_sees_what_it_saw_at_first() -> None:
    earlier = TURN.model_copy(update={"question": "earlier"})
    assert before((earlier, TURN, TURN), "Rank") == (earlier,)


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("How are my sectors doing?", "How are Energy, OILX doing?"),
        ("Danh mục của tôi thế nào?", "Energy, OILX thế nào?"),
        ("các ngành tôi đang theo dõi hôm nay", "Energy, OILX hôm nay"),
        ("Tommy sectors", "Tommy sectors"),
    ],
)
def test_the_readers_own_list_is_put_in_words(question: str, read: str) -> None:
    assert with_own_list(question, ("Energy", "OILX")) == read
    assert with_own_list(question, ()) == question
