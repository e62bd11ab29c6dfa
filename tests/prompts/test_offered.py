"""The prompts that are offered to the people behind other programs."""

from __future__ import annotations

import re
from typing import Literal, get_args

import pytest

from prompts.offered import LANGUAGES, OFFERED, offer

Language = Literal["en", "vi"]
VALUES = {
    "daily_brief": {"market": "Toy", "as_of": "2024-01-05", "horizon": "1M"},
    "compare": {
        "market": "Toy", "as_of": "2024-01-05", "horizon": "1M", "first": "Energy", "second": "Banks",
    },
    "stress": {"market": "Toy", "as_of": "2024-01-05", "scenario": "oil_shock", "means": "oil rises"},
}  # fmt: skip


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("name", OFFERED)
class TestEveryOne:
    def test_it_can_be_filled_and_every_value_stands_in_it(
        self, name: str, language: Language
    ) -> None:
        text = offer(name, language, **VALUES[name])
        assert "{{" not in text
        assert all(value in text for value in VALUES[name].values())

    def test_a_missing_or_an_unused_value_is_refused(self, name: str, language: Language) -> None:
        with pytest.raises(ValueError, match="without a blank: \\['extra'\\]"):
            offer(name, language, **VALUES[name], extra="x")
        with pytest.raises(ValueError, match="values missing"):
            offer(name, language)

    def test_it_ends_with_the_rules(self, name: str, language: Language) -> None:
        rules = offer(name, language, **VALUES[name]).splitlines()[-1]
        assert "SIMULATED" in rules
        assert rules.startswith({"en": "Rules:", "vi": "Quy tắc:"}[language])


@pytest.mark.parametrize("name", OFFERED)
def test_both_languages_have_the_same_blanks_and_name_the_same_tools(name: str) -> None:
    texts = [offer(name, language, **VALUES[name]) for language in get_args(Language)]
    tools = [sorted(set(re.findall(r"`(\w+)`", text))) for text in texts]
    assert tools[0] == tools[1]
    assert get_args(Language) == LANGUAGES


def test_an_unknown_prompt_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown prompt"):
        offer("poem", "en")
