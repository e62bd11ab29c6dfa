from __future__ import annotations

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from agent.terminal.completion import SectorvaneCompleter
from tests.fakes import VOCABULARY

COMPLETER = SectorvaneCompleter(lambda: VOCABULARY, lambda: ("OILX",))


def offered(text: str) -> list[str]:
    """Return what the line would become with each completion taken."""
    return [
        text[: len(text) + completion.start_position] + completion.text
        for completion in COMPLETER.get_completions(Document(text), CompleteEvent())
    ]


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("/wh", ["/why"]),
        ("/watch r", ["/watch remove"]),
        ("/watch add Energy, fin", ["/watch add Energy, Financials"]),
        ("/watch remove ", ["/watch remove OILX"]),
        ("how do my", ["how do my sectors"]),
        ("/q", ["/quit"]),
        ("/why En", ["/why Energy"]),
        ("/lang v", ["/lang vi"]),
        ("/market in", ["/market industries"]),
        ("how does en", ["how does Energy"]),
        ("ngành Năng", ["ngành Năng lượng"]),
        ("ngành tài ch", ["ngành Tài chính"]),
        ("what about oi", ["what about OILX", "what about OIL"]),
        ("what about CP", ["what about CPI"]),
        ("a", []),
        ("Energy", []),
        ("/compare 20", []),
    ],
)
def test_a_line_is_completed(typed: str, becomes: list[str]) -> None:
    assert offered(typed) == becomes


def test_a_bare_slash_offers_every_command() -> None:
    assert len(offered("/")) == 20


def test_why_offers_every_sector_before_anything_is_typed() -> None:
    assert "/why Energy" in offered("/why ")
