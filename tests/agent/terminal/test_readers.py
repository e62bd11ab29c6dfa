from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from agent.terminal.readers import LineReader, PromptReader
from tests.fakes import VOCABULARY

if TYPE_CHECKING:
    from pathlib import Path


def typed(history: Path, keys: str, count: int) -> list[str | None]:
    """Type `keys` into a prompt and return the lines it gave."""

    async def lines() -> list[str | None]:
        with create_pipe_input() as pipe:
            pipe.send_text(keys)
            reader = PromptReader(
                history, lambda: VOCABULARY, lambda: "toy", source=pipe, screen=DummyOutput()
            )
            return [await reader.read() for _ in range(count)]

    return asyncio.run(lines())


def test_a_prompt_gives_lines_and_ends_with_the_input(tmp_path: Path) -> None:
    assert typed(tmp_path / "history", "ngành nào dẫn đầu?\r\x04", 2) == [
        "ngành nào dẫn đầu?",
        None,
    ]


def test_an_interrupt_clears_the_line(tmp_path: Path) -> None:
    assert typed(tmp_path / "history", "half a question\x03whole\r", 2) == ["", "whole"]


def test_history_survives_a_restart(tmp_path: Path) -> None:
    typed(tmp_path / "history", "first\r", 1)
    assert typed(tmp_path / "history", "\x1b[A\r", 1) == ["first"]


def test_a_pipe_is_read_line_by_line() -> None:
    async def lines() -> list[str | None]:
        reader = LineReader(io.StringIO("một\r\n\nhai"))
        return [await reader.read() for _ in range(4)]

    assert asyncio.run(lines()) == ["một", "", "hai", None]
