"""Where the lines of a conversation come from: a prompt with history and completion, or a pipe."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

    from tools.contracts import Vocabulary


class Reader(Protocol):
    """Gives the reader's next line."""

    async def read(self) -> str | None:
        """Return the next line, or None at the end."""
        ...


class LineReader:
    """Lines of a stream that is no terminal; nothing is echoed and nothing is prompted."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    async def read(self) -> str | None:
        """Return the next line without its end, or None at the end of the stream."""
        line = await asyncio.to_thread(self._stream.readline)
        return line.rstrip("\r\n") if line else None


class PromptReader:
    """A prompt with a history file, completion and a line that says what is being asked."""

    def __init__(
        self,
        history: Path,
        vocabulary: Callable[[], Vocabulary],
        status: Callable[[], str],
        *,
        watched: Callable[[], tuple[str, ...]] = tuple,
        source: Input | None = None,
        screen: Output | None = None,
    ) -> None:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
        from prompt_toolkit.history import FileHistory

        from agent.terminal.completion import SectorvaneCompleter

        self._session: PromptSession[str] = PromptSession(
            "› ",
            history=FileHistory(str(history)),
            auto_suggest=AutoSuggestFromHistory(),
            completer=SectorvaneCompleter(vocabulary, watched),
            complete_while_typing=True,
            bottom_toolbar=lambda: f" {status()}",
            reserve_space_for_menu=6,
            input=source,
            output=screen,
        )

    async def read(self) -> str | None:
        """Return the next line; an interrupt clears it, the end of input returns None."""
        try:
            return await self._session.prompt_async()
        except KeyboardInterrupt:
            return ""
        except EOFError:
            return None
