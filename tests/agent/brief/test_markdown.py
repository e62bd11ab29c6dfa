"""The rendered brief: golden files, numerals that are all explained, and columns that line up."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from agent.brief.compose import write
from agent.brief.markdown import render
from tests.agent.brief import requests
from tests.agent.brief.audit import unexplained

if TYPE_CHECKING:
    from agent.brains.base import ComposeRequest
    from agent.brief.model import Language

GOLDEN = Path(__file__).parent / "golden"
UPDATE = "UPDATE_GOLDEN"
"""Set it to write the golden files anew."""
LANGUAGES: tuple[Language, ...] = ("en", "vi")


def every_request(language: Language) -> dict[str, ComposeRequest]:
    """Return one request of every shape, by name."""
    return {
        "brief": requests.request_of("brief", language),
        "rotation": requests.request_of("rotation", language),
        "focus": requests.request_of("brief", language, sectors=("9500",)),
        "compare": requests.request_of("compare", language, sectors=("8300", "8600")),
        "explain": requests.request_of("explain", language, sectors=("8600",)),
        "flow": requests.narrow("flow", language),
        "macro": requests.narrow("macro", language),
        "whale": requests.narrow("whale", language),
        "stock": requests.narrow("stock", language),
        "scenario": requests.scenario(language),
        "backtest": requests.backtest(language),
        "news": requests.news(language),
        "news_of_a_sector": requests.news(language, asked=True),
        "blocks": requests.blocks(language),
        "nothing": requests.nothing(language),
        "then_and_now": requests.compared(language),
        "two_questions": requests.request_of("rotation", language, intents=("rotation", "flow")),
        "no_calls": requests.no_calls(language),
        "asked_back": requests.asked_back(language),
        "help": requests.request_of("help", language, facts={}, scorecard=None, gaps=()),
    }


CASES = [(name, language) for language in LANGUAGES for name in every_request(language)]


def rendered(name: str, language: Language) -> tuple[ComposeRequest, str]:
    request = every_request(language)[name]
    return request, render(request, write(request))


class TestGolden:
    @pytest.mark.parametrize(("name", "language"), CASES)
    def test_a_brief_reads_as_its_golden_file(self, name: str, language: Language) -> None:
        _, markdown = rendered(name, language)
        file = GOLDEN / f"{name}.{language}.md"
        if os.environ.get(UPDATE):
            file.parent.mkdir(exist_ok=True)
            file.write_text(markdown, encoding="utf-8")
        assert markdown == file.read_text(encoding="utf-8")


class TestProperties:
    @pytest.mark.parametrize(("name", "language"), CASES)
    def test_every_numeral_is_explained(self, name: str, language: Language) -> None:
        request, markdown = rendered(name, language)
        assert unexplained(markdown, request) == []

    def test_the_audit_finds_a_number_of_nobody(self) -> None:
        request, markdown = rendered("brief", "en")
        assert unexplained(markdown.replace("5.2%", "5.3%"), request)

    @pytest.mark.parametrize(("name", "language"), CASES)
    def test_the_draft_itself_holds_no_numeral(self, name: str, language: Language) -> None:
        draft = write(every_request(language)[name])
        for text in (draft.headline, *draft.paragraphs, *draft.risks, *draft.watch):
            assert not re.search(r"\d", re.sub(r"\{\{.*?\}\}", "", text))

    @pytest.mark.parametrize(("name", "language"), CASES)
    def test_the_rows_of_every_table_are_equally_wide(self, name: str, language: Language) -> None:
        _, markdown = rendered(name, language)
        for block in markdown.split("\n\n"):
            rows = [line for line in block.split("\n") if line.startswith("|")]
            assert len({cell_len(row) for row in rows}) <= 1
            bars = {
                tuple(cell_len(row[: m.start()]) for m in re.finditer(r"\|", row)) for row in rows
            }
            assert len(bars) <= 1

    @pytest.mark.parametrize(("name", "language"), CASES)
    def test_the_same_facts_give_the_same_brief_in_any_order(
        self, name: str, language: Language
    ) -> None:
        request, markdown = rendered(name, language)
        turned = request.model_copy(update={"facts": dict(reversed(request.facts.items()))})
        if request.intent in {"brief", "rotation", "compare", "explain"}:
            assert render(turned, write(turned)) == markdown
        assert rendered(name, language)[1] == markdown

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_no_zero_has_a_sign(self, language: Language) -> None:
        for name in every_request(language):
            assert not re.search(r"[+-]0[.,]?0*(?![\d.,])", rendered(name, language)[1])


class TestWhatItSays:
    def test_simulated_data_are_called_so(self) -> None:
        stamp = requests.STAMP.model_copy(update={"simulated": True})
        request = requests.request_of(market=stamp, history_note="Historical data, for study.")
        markdown = render(request, write(request))
        assert "> **SIMULATED" in markdown
        assert "> **Historical data, for study.**" in markdown

    @pytest.mark.parametrize(
        ("language", "said"), [("en", "> **SIMULATED:"), ("vi", "> **MÔ PHỎNG (SIMULATED):")]
    )
    def test_it_is_said_once_and_in_the_readers_language(
        self, language: Language, said: str
    ) -> None:
        note = "SIMULATED market: every company, price and release in it is made up by a computer."
        stamp = requests.STAMP.model_copy(update={"simulated": True})
        request = requests.request_of(
            language=language, market=stamp, history_note=note, notes=(note,)
        )
        markdown = render(request, write(request))
        assert markdown.count("SIMULATED") == 1
        assert markdown.count(said) == 1
        assert "computer" not in markdown

    def test_weights_and_base_value_add_up_as_shown(self) -> None:
        _, markdown = rendered("brief", "en")
        lines = [line for line in markdown.split("\n") if line.startswith("|")]
        first = next(i for i, line in enumerate(lines) if "base value" in line)
        last = next(i for i, line in enumerate(lines) if "= score" in line)
        numbers = [
            [float(cell) for cell in re.findall(r"[+-]\d\.\d+", line)]
            for line in lines[first : last + 1]
        ]
        assert round(sum(row[0] for row in numbers[:-1]), 3) == numbers[-1][0]

    def test_an_abstaining_model_is_not_dressed_up(self) -> None:
        _, markdown = rendered("no_calls", "en")
        assert "no sector has a clear edge" in markdown
        assert "poised to" not in markdown

    def test_what_is_missing_has_reason_and_effect_in_the_readers_language(self) -> None:
        _, markdown = rendered("brief", "vi")
        line = next(line for line in markdown.split("\n") if "giao dịch đột biến**" in line)
        assert "thị trường này không có" in line
        assert "this market" not in line

    def test_a_question_back_is_only_that(self) -> None:
        _, markdown = rendered("asked_back", "en")
        assert markdown == "Banks or brokers?\n\n1. Banks\n2. Brokers\n"

    def test_a_dropped_group_is_shown_as_missing_not_as_zero(self) -> None:
        _, markdown = rendered("brief", "en")
        row = next(line for line in markdown.split("\n") if line.startswith("| foreign flow"))
        assert "–" in row
