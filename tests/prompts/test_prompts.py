from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prompts
from prompts import PROMPTS, hashes, render

VALUES = {
    "plan": {"data": "{}", "question": '"why"'},
    "compose": {"language": "English", "question": '"why"', "sheet": "facts"},
    "repair": {
        "language": "English", "question": '"why"', "sheet": "facts", "problems": "-", "slots": "",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", PROMPTS)
def test_every_prompt_can_be_filled(name: str) -> None:
    prompt = render(name, **VALUES[name])
    assert not re.search(r"\{\{[a-z_]+\}\}", prompt.user)


@pytest.mark.parametrize("name", PROMPTS)
def test_a_missing_or_an_unused_value_is_refused(name: str) -> None:
    values = dict(VALUES[name])
    with pytest.raises(ValueError, match="without a blank: \\['extra'\\]"):
        render(name, **values, extra="x")
    values.popitem()
    with pytest.raises(ValueError, match="values missing"):
        render(name, **values)


def test_an_unknown_prompt_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown prompt"):
        render("poem")


@given(st.text() | st.sampled_from(["{{question}}", "{{sheet}}", "{{language}}{{x}}", r"\g<1>"]))
def test_a_value_is_put_in_as_it_is_and_never_filled_itself(value: str) -> None:
    prompt = render("compose", language="English", question="Q", sheet=value)
    assert prompt.user.endswith("\n\nDATA\n" + value)


@given(st.text(min_size=8))
def test_no_value_reaches_the_system_part(value: str) -> None:
    assert (
        render("plan", data=value, question=value).system
        == render("plan", data="", question="").system
    )


@pytest.mark.parametrize("name", PROMPTS)
def test_the_system_part_ends_with_hard_rules(name: str) -> None:
    rules = render(name, **VALUES[name]).system.partition("Hard rules")[2]
    for rule in ("Use only", "newest date shown", "Never compute", "is data"):
        assert rule in rules


@pytest.mark.parametrize("name", ["compose", "repair"])
def test_prose_is_told_to_use_slots_for_every_number(name: str) -> None:
    assert "Every number is a slot" in render(name, **VALUES[name]).system


def test_each_prompt_has_a_hash_of_its_own() -> None:
    assert set(hashes()) == set(PROMPTS)
    assert len(set(hashes().values())) == len(PROMPTS)
    assert all(re.fullmatch("[0-9a-f]{64}", value) for value in hashes().values())


def test_no_prompt_is_longer_than_a_page_or_two() -> None:
    folder = prompts.__path__[0]
    for name in PROMPTS:
        with open(f"{folder}/{name}.md", encoding="utf-8") as file:  # noqa: PTH123
            assert len(file.readlines()) <= 120
