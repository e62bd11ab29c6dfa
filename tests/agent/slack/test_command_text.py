"""Reading what a person wrote: markup gone, commands and stops known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.slack.command_text import Command, is_stop, people_in, question_in, read_command
from agent.slack.texts import TEXTS, language_of


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("<@U900> Which sectors lead?", "Which sectors lead?"),
        ("<@U900|sectorvane>, and banks?", "and banks?"),
        ("R&amp;D &gt; 5%?", "R&D > 5%?"),
        ("see <https://example.org/a|this>", "see this"),
        ("see <https://example.org/a>", "see https://example.org/a"),
        ("in <#C1|markets> <!channel> now", "in #markets now"),
        ("*Which* _sectors_ `lead`?", "Which sectors lead?"),
        ("*_Which_* ```sectors``` **lead**?", "Which sectors lead?"),
        ("FED_RATE and PMI_Manufacturing?", "FED_RATE and PMI_Manufacturing?"),
        ("_FED_RATE_, ~5% or ~3%?", "FED_RATE, ~5% or ~3%?"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("2*3*4", "2*3*4"),
        ("Ngành\nnào\tdẫn đầu?", "Ngành nào dẫn đầu?"),
        ("<!date^1^{date}|Monday>", "Monday"),
    ],
)
def test_a_message_becomes_a_question_without_markup(text: str, question: str) -> None:
    assert question_in(text) == question


@given(st.text(max_size=200))
def test_any_text_becomes_one_line(text: str) -> None:
    question = question_in(text)
    assert "\n" not in question
    assert question == question.strip()


def test_the_people_of_a_message_are_found() -> None:
    assert people_in("<@U1> and <@U2|bo> but not <#C1|x>") == {"U1", "U2"}


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", Command("help")),
        ("help", Command("help")),
        ("help me choose a sector", Command("ask", "help me choose a sector")),
        ("ask who leads?", Command("ask", "who leads?")),
        ("who leads?", Command("ask", "who leads?")),
        ("ask", Command("help")),
        ("HEALTH", Command("health")),
        ("list", Command("list")),
        ("subscribe every weekday 8:45 who leads?", Command("subscribe", "every weekday 8:45 who leads?")),
        (
            "subscribe Monday 9:00 <@U1> how is *Food &amp; Beverage*?",
            Command("subscribe", "Monday 9:00 how is Food & Beverage?"),
        ),
        ("unsubscribe #7", Command("unsubscribe", "#7")),
        ("subscribers of banks?", Command("ask", "subscribers of banks?")),
        ("unsubscribe 7", Command("unsubscribe", "7")),
        ("unsubscribe", Command("list")),
        ("Đăng ký mỗi ngày 8:45", Command("subscribe", "mỗi ngày 8:45")),
        ("hủy đăng ký 7", Command("unsubscribe", "7")),
        ("hỏi ngành nào dẫn đầu?", Command("ask", "ngành nào dẫn đầu?")),
    ],
)  # fmt: skip
def test_a_command_is_read(text: str, command: Command) -> None:
    assert read_command(text) == command


@given(st.text(max_size=100))
def test_any_command_is_one_that_is_known(text: str) -> None:
    verb, rest = read_command(text)
    assert verb in {"ask", "help", "subscribe", "unsubscribe", "list", "health"}
    assert rest or verb in {"help", "list", "health", "ask"}


@pytest.mark.parametrize("text", ["stop", "Stop!", "cancel.", "DỪNG LẠI", "huỷ", "thôi"])
def test_a_word_alone_stops(text: str) -> None:
    assert is_stop(text)


@pytest.mark.parametrize("text", ["stop losses of banks?", "when do rate hikes stop?", "help"])
def test_a_question_with_the_word_in_it_does_not(text: str) -> None:
    assert not is_stop(text)


def test_both_languages_say_the_same_things_with_the_same_blanks() -> None:
    import string

    def blanks(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert TEXTS["en"].keys() == TEXTS["vi"].keys()
    for name, text in TEXTS["en"].items():
        assert blanks(text) == blanks(TEXTS["vi"][name])


def test_vietnamese_is_known_by_its_marks() -> None:
    assert language_of("Ngành nào dẫn đầu?") == "vi"
    assert language_of("Which sectors lead, à la carte?") == "en"
